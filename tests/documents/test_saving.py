"""A page is saved where it was asked for, whole or not at all, and no name stands in the name that is suggested."""

import errno
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hipss_desktop.documents import characters
from hipss_desktop.documents.drawing import CANNOT_BE_DRAWN, pdf, png_pages
from hipss_desktop.documents.record import record_page
from hipss_desktop.documents.saving import file_name, save_pdf
from hipss_desktop.documents.tree import (
    Document,
    Fields,
    Pair,
    Paragraph,
    Table,
)
from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.views.services import Services
from tests.documents.every_block import EVERY_BLOCK
from tests.helpers.pdf_pages import edges, read_pdf
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import NIGHT

PAGE = Document("Page T-1", (Paragraph("Words about Kai"),), reference="T-1")


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """A disk under a folder with no room; where mounting is not allowed, no file may grow at all."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def without_right(folder: Path) -> Iterator[None]:
    """A folder that this account may not write to; root becomes nobody for as long."""
    folder.chmod(0o500)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)


def test_the_suggested_name_has_the_reference_and_the_day_and_no_name(services: Services) -> None:
    page = record_page(services, child_named(services, "Kai"))
    assert file_name(page, NIGHT) == f"{page.reference} 2017-03-14.pdf"
    assert "Kai" not in page.title


def test_a_page_is_saved_for_its_owner_alone_and_never_over_another_file_unasked(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    save_pdf(PAGE, file, NIGHT, overwrite=False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_pdf(file.read_bytes()).title == "Page T-1"
    assert [path.name for path in tmp_path.iterdir()] == ["page.pdf"]
    with pytest.raises(UserError, match="a file of that name already"):
        save_pdf(PAGE, file, NIGHT, overwrite=False)
    file.write_text("old")
    save_pdf(PAGE, file, NIGHT, overwrite=True)
    assert file.read_bytes().startswith(b"%PDF")


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with full_disk(tmp_path):
        with pytest.raises(Unavailable, match=r"^The disk is full\. Nothing was written\.") as refused:
            save_pdf(PAGE, tmp_path / "page.pdf", NIGHT, overwrite=False)
        assert "page.pdf" not in str(refused.value)
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    with without_right(tmp_path), pytest.raises(UserError, match=r"^You may not write in that folder\."):
        save_pdf(PAGE, tmp_path / "page.pdf", NIGHT, overwrite=True)


def test_any_other_fault_of_the_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error", "page.pdf")

    monkeypatch.setattr(os, "fsync", dying)
    with pytest.raises(Unavailable, match="nothing was left of it") as refused:
        save_pdf(PAGE, tmp_path / "page.pdf", NIGHT, overwrite=True)
    assert refused.value.__cause__ is None
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_drawing_does_not_say_what_the_page_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(characters, "has_sign", lambda _: True)  # so typst meets what no font has
    with pytest.raises(Unavailable) as refused:
        pdf(Document("T", (Paragraph("Kai smiled \U0001f600"),)))
    assert str(refused.value) == CANNOT_BE_DRAWN
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)


def test_markup_in_a_text_is_only_text() -> None:
    words = '#panic("x") *bold* _it_ $x^2$ = Head <label> @ref https://x.uk // gone /* gone */ `raw` \\ "q" -- ---'
    page = read_pdf(pdf(Document(f"T {words}", (Paragraph(words), Table("T", ("A", "B"), ((words, words),))))))
    assert page.text.count('#panic("x")') == 4
    assert "-- ---" in page.text
    assert "/* gone */ `raw` \\" in page.text


def test_every_block_has_its_tag_and_a_picture_its_alternative_text() -> None:
    page = read_pdf(pdf(EVERY_BLOCK))
    figures = [tag.alternative for tag in page.root.walk() if tag.type == "Figure"]
    assert figures == ["A drawing of a child"]
    assert page.types().count("LI") == 4
    assert page.types().count("TR") == 123
    assert len(page.pages) > 5
    assert all("Number Words" in " ".join(text.split()) for text in page.pages[:-1]), "the head is on every page"
    assert page.types().count("TH") == 2, "and is read once"
    assert "Given to" in page.text
    places = page.root.all_places()
    assert places == sorted(places)


def test_a_long_word_is_broken_and_not_cut() -> None:
    columns = tuple(f"Unaccompanied-{at}" for at in range(7))
    rows = tuple(tuple("y" * 300 if at == other else "01632 960174" for at in range(7)) for other in range(7))
    blocks = (Paragraph("x" * 5000), Fields((Pair("z" * 300, "x" * 5000),)), Table("T", columns, rows))
    content = pdf(Document("w" * 300, blocks))
    page = read_pdf(content)
    assert [page.text.count(letter) for letter in "xyzw"] == [10_000, 2100, 300, 300]
    assert all(left >= 0.05 and right <= 0.95 for left, right in edges(content))


def test_a_number_to_ring_is_on_one_line_of_its_cell() -> None:
    cells = ("Police", "02:26", "someone.with.a.name@example.gov.uk", "words " * 90, "01632 960174")
    content = pdf(Document("T", (Table("T", ("Who", "When", "Mail", "Words", "Number"), (cells,) * 3),)))
    assert "".join(read_pdf(content).pages).count("01632 960174") == 3


def test_the_printed_pages_are_pictures_one_for_each_page() -> None:
    pages = png_pages(Document("T", (Paragraph("Words " * 4000),)), 50)
    assert len(pages) == len(read_pdf(pdf(Document("T", (Paragraph("Words " * 4000),)))).pages) > 2
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_seven_columns_of_a_household_keep_numbers_and_dates_on_one_line() -> None:
    head = ("First name", "Family name", "Known as", "In the household", "Date of birth", "Mobile", "DBS check")
    row = ("Joanna", "Preece", "Jo", "Second carer", "9 February 1968", "07700 900560", "14 September 2015")
    text = "".join(read_pdf(pdf(Document("T", (Table("Household", head, (row,)),)))).pages)
    for words in row[3:]:
        assert words in text


@pytest.mark.parametrize(
    "module", ["hipss_desktop.cli", "ui.shell.window", "ui.documents.preview_page", "ui.entry.first_run"]
)
def test_nothing_waits_for_the_library_that_draws_until_a_page_is_drawn(module: str) -> None:
    program = f"import sys, {module}; print('typst' in sys.modules, 'fontTools' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
