"""Content: what a file of a sheet holds, whatever it is called: the text of a CSV file, or a page of a workbook.

A file that is something else is refused with a sentence that names what it is. Must not know what the columns mean.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hipss_desktop.errors import UserError
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.encodings import Encoding, decode
from hipss_desktop.sheets.names import is_called, plain
from hipss_desktop.sheets.workbooks import Page, read_workbook

Content = str | Page
"""The text of a CSV file, or the sheet of a workbook."""

SAVE = "Open it in the spreadsheet and save the sheet as CSV UTF-8, or as a workbook (.xlsx)."
A_FOLDER = "This is a folder, not a sheet. Say the file that holds the sheet, or give the folder another name."
NOTHING = "This file is empty. Save the sheet from the spreadsheet again."
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook (.xls), or a workbook with a password"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"{\\rtf", "a text document (.rtf)"),
    (b"SQLite format 3\0", "a database"),
    (b"\x1f\x8b", "a packed file (.gz)"),
    (b"7z\xbc\xaf", "a packed file (.7z)"),
    (b"Rar!", "a packed file (.rar)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"ID;P", "a SYLK file (.slk)"),
)
"""The first bytes of files that are no sheet, and what such a file is."""
WEB_PAGE = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<body", b"<div")
PARTS: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
    ("word/document.xml", "a text document (.docx)"),
    ("ppt/presentation.xml", "a presentation (.pptx)"),
    ("content.xml", "an OpenDocument file (.ods, .odt)"),
    ("Index/Document.iwa", "a file of Numbers or Pages"),
)
"""A part by which a packed file is recognised, and what it is then."""
WORKBOOK = "xl/workbook.xml"
PACKED = b"PK\x03\x04"
DAMAGED_PACK = "a workbook or another packed file, and it is damaged"


@dataclass(frozen=True)
class SheetFile:
    """The content of a file, the encoding of its text, and sentences that the person who imports it should read."""

    content: Content
    encoding: str = ""
    notes: tuple[str, ...] = ()


def open_sheet(file: Path, kind: Kind, *, encoding: Encoding | None = None, page: str = "") -> SheetFile:
    """Read a file that holds a sheet of a kind.

    Args:
        file: the file, whatever its name ends in.
        kind: what each row is; of a workbook's sheets, the one that is called so is read.
        encoding: the encoding of its text; by default the one that it seems to have.
        page: the sheet of a workbook to read, by name.

    Raises:
        UserError: the file cannot be read, is no sheet, or holds several sheets of which none is named.
    """
    if file.is_dir():
        raise UserError(A_FOLDER)
    try:
        content = file.read_bytes()
    except OSError:
        raise UserError(
            "This file cannot be read. Close it in other programs, and check that you may open it."
        ) from None
    return sheet_in(content, kind, encoding=encoding, page=page)


def sheet_in(content: bytes, kind: Kind, *, encoding: Encoding | None = None, page: str = "") -> SheetFile:
    """The sheet that these bytes are; see ``open_sheet``."""
    if is_workbook(content):
        return _page_of(read_workbook(content), kind, page)
    if (other := _something_else(content)) is not None:
        raise UserError(other)
    decoded = decode(content, encoding)
    return SheetFile(decoded.text, decoded.encoding.value, (decoded.note,) if decoded.note else ())


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a workbook that can be read."""
    return WORKBOOK in _parts(content)


def _parts(content: bytes) -> list[str]:
    """The names of the parts of a packed file, none if it is not packed or damaged."""
    if not content.startswith(PACKED):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


def _something_else(content: bytes) -> str | None:
    """A sentence that names what the file is and what to do, None if it may be text."""
    if not content.strip(b" \t\r\n\0"):
        return NOTHING
    start = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(WEB_PAGE) or (start.startswith(b"<?xml") and b"<html" in start):
        return _named("a web page")
    if start.startswith(b"<?xml"):
        return _named("an XML file")
    if content.startswith(PACKED):
        parts = _parts(content)
        other = next((words for part, words in PARTS if part in parts), "a packed file (.zip)")
        return _named(other if parts else DAMAGED_PACK)
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif") or content[8:12] == b"WEBP":
        return _named("a picture")
    return next((_named(words) for beginning, words in BEGINNINGS if content.startswith(beginning)), None)


def _named(words: str) -> str:
    return f"This is {words}, not a sheet. {SAVE}"


def _page_of(pages: list[Page], kind: Kind, title: str) -> SheetFile:
    """The sheet of a workbook that is meant, and a note that names those that are not read."""
    if not pages:
        raise UserError("This workbook is empty: none of its sheets holds a row.")
    if title:
        meant = [page for page in pages if plain(page.title) == plain(title)]
    else:
        meant = pages if len(pages) == 1 else [page for page in pages if is_called(kind, page.title)]
    if not meant:
        has = "no such sheet" if title else "several sheets, and none of them is called like these records"
        raise UserError(f"This workbook has {has}. Say one with --sheet: {_titles(pages)}.")
    others = [page for page in pages if page is not meant[0]]
    note = f"Only the sheet “{meant[0].title}” was read, not: {_titles(others)}."
    return SheetFile(meant[0], notes=(note,) if others else ())


def _titles(pages: Iterable[Page]) -> str:
    return ", ".join(f"“{page.title}”" for page in pages)
