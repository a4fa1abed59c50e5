"""A table that was exported and saved by another program comes back equal, or what differs is reported."""

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets import files
from hipss_desktop.sheets.content import Content, sheet_in
from hipss_desktop.sheets.encodings import CODECS, GUESSED, Encoding
from hipss_desktop.sheets.import_plan import Plan, plan
from hipss_desktop.sheets.keys import identifier_before
from hipss_desktop.sheets.names import Held, Names
from hipss_desktop.sheets.reading import columns
from hipss_desktop.sheets.writing import write_sheet
from tests.helpers.imported import record_for
from tests.sheets.test_writing import finished

NOW = datetime(2030, 1, 1, tzinfo=UTC)
PEOPLE = [KINDS["directory"], KINDS["practitioner"]]
SOFFICE = shutil.which("soffice")
WITH_LIBREOFFICE = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is not installed (apt: libreoffice-calc-nogui)"
)
LETTERS = [
    {"label": "Zoë “Zo” Pryce", "number": "01632 960101"},
    {"label": "Siân’s team – nights", "number": "07700 900301"},
]
"""What stands in a sheet that older programs save: with enough accents for its letters to be recognised."""


def tables(kind: Kind) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(finished(kind), min_size=1, max_size=4, unique_by=lambda fields: record_for(kind, fields))


def read(kind: Kind, content: Content) -> Plan[Held]:
    return plan(kind, content, names=Names(), held=(), now=NOW, identify=identifier_before)


def assert_equal(kind: Kind, content: Content, rows: Sequence[dict[str, Any]]) -> None:
    planned = read(kind, content)
    assert planned.problems == []
    assert [row.fields for row in planned.new] == list(rows)


def separated(text: str, separator: str, ending: str) -> str:
    """The sheet as another program saves it; an Excel of another country writes semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows(csv.reader(io.StringIO(text, newline="")))
    return out.getvalue()


@pytest.mark.parametrize("kind", PEOPLE, ids=lambda kind: kind.name)
@settings(max_examples=40)
@given(data=st.data())
def test_any_table_in_unicode_with_any_separator_and_line_end_comes_back_equal(kind: Kind, data: st.DataObject) -> None:
    rows = data.draw(tables(kind))
    separator, ending = data.draw(st.sampled_from(",;\t")), data.draw(st.sampled_from(["\n", "\r", "\r\n"]))
    named = data.draw(st.sampled_from(["", f"sep={separator}{ending}"]))
    text = named + separated(write_sheet(kind, rows), separator, ending)
    codec = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    sheet = sheet_in(text.encode(codec), kind)
    assert not any("guess" in note for note in sheet.notes)  # any letters at all may look broken
    assert_equal(kind, sheet.content, rows)


@pytest.mark.parametrize("encoding", GUESSED)
@settings(max_examples=60)
@given(data=st.data())
def test_any_table_in_an_older_encoding_comes_back_equal_or_its_letters_are_doubted(
    encoding: Encoding, data: st.DataObject
) -> None:
    kind = KINDS["directory"]
    text = write_sheet(kind, data.draw(tables(kind)))
    content = text.encode(CODECS[encoding], errors="replace")
    text = content.decode(CODECS[encoding])
    try:
        sheet = sheet_in(content, kind)
    except UserError as refused:
        assert "encoding" in str(refused)  # noqa: PT017 - it may be refused or read
        return
    assert sheet.content == text or sheet.notes
    assert sheet_in(content, kind, encoding=encoding).content == text


@pytest.mark.parametrize("encoding", GUESSED)
def test_a_table_with_accents_in_an_older_encoding_comes_back_equal(encoding: Encoding) -> None:
    kind = KINDS["directory"]
    rows = [{**row, "label": _as_then(row["label"], encoding)} for row in LETTERS]
    text = "Who answers,Number\r\n" + "".join(f"{row['label']},{row['number']}\r\n" for row in rows)
    assert_equal(kind, sheet_in(text.encode(CODECS[encoding]), kind).content, rows)


def _as_then(text: str, encoding: Encoding) -> str:
    """The text as a program of that time wrote it: code page 850 has no curly marks and no long dash."""
    return text.translate(str.maketrans("“”’–", "'''-")) if encoding is Encoding.CODE_PAGE_850 else text


@pytest.mark.parametrize("kind", files.sheet_kinds(), ids=lambda kind: kind.name)
def test_a_template_has_the_headings_of_its_kind_and_reads_back_empty(kind: Kind, tmp_path: Path) -> None:
    [(name, file)] = files.write_templates(kind.name, tmp_path / "new.xlsx", overwrite=False)
    page = openpyxl.load_workbook(file).worksheets[0]
    assert name == kind.name
    assert [cell.value for cell in page[1]] == [
        column.label for column in columns(kind) if column.name != kind.sheet.marks
    ]
    assert all(cell.comment is not None for cell in page[1])
    planned = read(kind, sheet_in(Path(file).read_bytes(), kind).content)
    assert (planned.new, planned.problems) == ([], [])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=tables(KINDS["practitioner"]))
def test_any_table_written_into_a_template_comes_back_equal(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    kind = KINDS["practitioner"]
    assert_equal(kind, sheet_in(filled_in(kind, rows, tmp_path / "new.xlsx"), kind).content, rows)


def filled_in(kind: Kind, rows: Sequence[dict[str, Any]], file: Path) -> bytes:
    """A template with the rows typed into it as text."""
    files.write_templates(kind.name, file, overwrite=True)
    book = openpyxl.load_workbook(file)
    lines = list(csv.reader(io.StringIO(write_sheet(kind, rows), newline="")))
    page = book.worksheets[0]
    for line, texts in enumerate(lines[1:], 2):
        for place, text in enumerate(texts, 1):
            if text:
                page.cell(row=line, column=place).value = text
                page.cell(row=line, column=place).data_type = "s"
    book.save(file)
    return file.read_bytes()


# --- LibreOffice ---

AS_TEXT = "CSV:44,34,76,1,{},2057,true,false"
"""How LibreOffice opens a CSV file in which each column is said to be text."""
AS_IT_LIKES = "CSV:44,34,76,1,,2057,false,true"
"""How it opens one where nothing is said: it makes dates and numbers of what looks like them."""
TO_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,2057,false,true,false"
TO_WORKBOOK = "xlsx:Calc MS Excel 2007 XML"


def saved_by_libreoffice(folder: Path, to: str, *options: str) -> dict[str, bytes]:
    """Every file of the folder, opened and saved by LibreOffice in another format; one start of the program for all."""
    assert SOFFICE is not None
    out = folder / "out"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", *options, "--convert-to", to, "--outdir", str(out)]
    inputs = sorted(str(file) for file in folder.iterdir() if file.is_file())
    around = {**os.environ, "HOME": str(folder), "LC_ALL": "en_GB.UTF-8", "LANG": "en_GB.UTF-8"}  # a laptop here
    subprocess.run([*command, *inputs], check=True, capture_output=True, timeout=240, env=around)
    return {file.stem: file.read_bytes() for file in sorted(out.iterdir())}


REAL: list[dict[str, Any]] = [
    {
        "log_line": "D1", "told": "2017-03-14T02:10:00+00:00", "caller_name": "Łukasz “Luk” Zając",
        "call_back": "07700 900301", "type": "call", "concerns": ["school", "missing"], "missing": "yes",
        "happening": "Would not go in.\nSaid “no”; then left 😀 – at 02:10", "advice": "=ring 101, then wait", "risk": "low",
        "needs_to_know": ["police", "edt"],
    },
    {
        "log_line": "D2", "told": "2016-10-30T01:30:00+00:00", "caller_name": "Siân", "call_back": "01632 960301",
        "type": "call", "concerns": ["school"], "happening": "x" * 4000, "advice": "None; \"leave\" it", "risk": "high",
        "needs_to_know": ["nobody"],
    },
]  # fmt: skip  # a table, read line by line


@pytest.fixture
def real() -> list[dict[str, Any]]:
    """Rows of a contact's sheet that read back equal before any other program has seen them."""
    kind = KINDS["contact"]
    planned = read(kind, write_sheet(kind, REAL))
    assert planned.problems == []
    return [row.fields for row in planned.new]


@WITH_LIBREOFFICE
@pytest.mark.parametrize(("to", "suffix"), [(TO_CSV, "csv"), (TO_WORKBOOK, "xlsx")])
def test_a_log_that_libreoffice_opened_as_it_likes_and_saved_comes_back_equal(
    tmp_path: Path, real: list[dict[str, Any]], to: str, suffix: str
) -> None:
    kind = KINDS["contact"]
    files.write_file(tmp_path / "log.csv", [write_sheet(kind, real)], overwrite=False)
    saved = saved_by_libreoffice(tmp_path, to, f"--infilter={AS_IT_LIKES}")["log"]
    assert_equal(kind, sheet_in(saved, kind).content, real)


@WITH_LIBREOFFICE
@settings(max_examples=1, database=None)
@given(data=st.data())
def test_any_tables_that_libreoffice_saved_as_text_come_back_equal(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    kind = KINDS["practitioner"]
    several = [data.draw(tables(kind)) for _ in range(8)]
    formats = "/".join(f"{place}/2" for place in range(1, len(columns(kind)) + 1))
    for to in (TO_CSV, TO_WORKBOOK):
        folder = tmp_path_factory.mktemp("tables")
        for number, rows in enumerate(several):
            files.write_file(folder / f"{number}.csv", [write_sheet(kind, rows)], overwrite=False)
        saved = saved_by_libreoffice(folder, to, f"--infilter={AS_TEXT.format(formats)}")
        assert len(saved) == len(several)
        for number, rows in enumerate(several):
            assert_equal(kind, sheet_in(saved[str(number)], kind).content, rows)


@WITH_LIBREOFFICE
def test_a_template_that_libreoffice_saved_comes_back_equal(tmp_path: Path, real: list[dict[str, Any]]) -> None:
    kind = KINDS["contact"]
    filled_in(kind, real, tmp_path / "log.xlsx")
    saved = saved_by_libreoffice(tmp_path, TO_WORKBOOK)["log"]
    assert_equal(kind, sheet_in(saved, kind).content, real)
