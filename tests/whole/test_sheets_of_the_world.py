"""Sheets as other programs save them, imported on the command line: what is read, and what is said of the rest."""

from pathlib import Path

import pytest

from tests.helpers.command_line import Hipss

HEADER = "Ref,Call time,Kind of contact,What is it about?,What happened,Advice given,Risk now,Who needs to know,Caller's name"
ROW = "{},14/03/2017 02:10,Call about a child or carer,School,Would not go in,Leave it,{},Nobody,{}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_sheet_with_cr_alone_and_one_that_names_its_separator_are_read(home: Hipss, folder: Path) -> None:
    cr, sep = folder / "cr.csv", folder / "sep.csv"
    cr.write_bytes("\r".join((HEADER, ROW.format("CR1", "Low", "Mo"), ROW.format("CR2", "Low", "Jo"), "")).encode())
    rows = (HEADER, ROW.format("S1", "Low", "Mo"), ROW.format("S2", "Severe", "Jo"))
    sep.write_bytes("\r\n".join(("sep=;", *(row.replace(",", ";") for row in rows), "")).encode())
    assert home.say("import", "contact", str(cr)).out.startswith("2 added, 0 here already, 0 changed, 0 problems")
    reported = home.say("import", "contact", str(sep))
    assert reported.code == 1
    assert "1 added" in reported.out
    assert "\nLine 4, Risk now, “Severe”: This is no choice for this column." in reported.out


def test_each_line_of_a_report_names_its_column(home: Hipss, folder: Path) -> None:
    sheet = folder / "log.csv"
    sheet.write_text(
        "Ref,Call time,Call ended,Kind of contact,What is it about?,What happened,Advice given,Risk now,Who needs to know,"
        "Caller's name\nW1,soon,later,Call about a child or carer,School,x,y,Low,Nobody,Mo\n"
    )
    lines = home.say("import", "contact", str(sheet)).out.splitlines()[1:]
    assert [line.partition(":")[0] for line in lines] == [
        "Line 2, When you were told, “soon”",
        "Line 2, Call ended, “later”",
    ]


def test_a_curly_apostrophe_in_a_heading_keeps_the_callers_name(home: Hipss, folder: Path) -> None:
    sheet = folder / "log.csv"
    sheet.write_text(f"{HEADER.replace(chr(39), '’')}\n{ROW.format('C1', 'Low', 'Mo Preece')}\n", encoding="utf-8")
    assert home.json("import", "contact", str(sheet))["added"] == 1
    records = home.json("record", "list", "contact")
    assert [entry["fields"]["caller_name"] for entry in records if entry["fields"]["log_line"] == "C1"] == ["Mo Preece"]


def test_a_guess_at_the_letters_is_said_and_another_encoding_may_be_named(home: Hipss, folder: Path) -> None:
    sheet = folder / "log.csv"
    sheet.write_bytes(f"{HEADER}\n{ROW.format('E1', 'Low', 'Siân Pryce')}\n".encode("mac_roman"))
    guessed = home.say("import", "contact", str(sheet), "--dry-run")
    assert "The letters were read as mac-roman, which is a guess: “Siân”." in guessed.out
    named = home.json("import", "contact", str(sheet), "--encoding", "code-page-850")
    assert (named["encoding"], named["notes"]) == ("code-page-850", [])
    assert "Siën Pryce" in home.say("record", "list", "contact", "--json").out
    assert home.say("import", "contact", str(sheet), "--encoding", "klingon").code == 2


def test_a_file_that_is_no_sheet_is_named(home: Hipss, folder: Path) -> None:
    picture = folder / "log.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    refused = home.say("import", "contact", str(picture))
    assert (refused.code, refused.err.startswith("This is a picture, not a sheet.")) == (1, True)
    for unreadable, words in (
        (folder, "This is a folder, not a sheet."),
        (folder / "none.csv", "This file cannot be read."),
    ):
        refused = home.say("import", "contact", str(unreadable))
        assert (refused.code, refused.err.startswith(words)) == (1, True)


def test_a_row_that_differs_from_its_record_names_the_column(home: Hipss, folder: Path) -> None:
    sheet = folder / "log.csv"
    sheet.write_text(f"{HEADER}\n{ROW.format('D1', 'Low', 'Mo')}\n")
    assert home.json("import", "contact", str(sheet))["added"] == 1
    sheet.write_text(f"{HEADER}\n{ROW.format('D1', 'High', 'Mo')}\n")
    assert "Line 2, Risk now, “High”: This row is here already" in home.say("import", "contact", str(sheet)).out
