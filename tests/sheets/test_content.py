"""A file is read for what it holds, whatever it is called; what is no sheet is named as what it is."""

import io
import zipfile
from pathlib import Path

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets.content import open_sheet, sheet_in

CHILD = KINDS["child"]


def packed(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            archive.writestr(zipfile.ZipInfo(part), "x")  # of 1980, so that every process collects the same cases
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b" \r\n\r\n", "This file is empty"),
        (b"\0" * 64, "This file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "This is a picture"),
        (b"\0\0\0\x18ftypheic\0\0", "This is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "This is an old workbook"),
        (b"\xef\xbb\xbf<!DOCTYPE html><table>", "This is a web page"),
        (b"<html xmlns:x=''><table>", "This is a web page"),
        (b"<?xml version='1.0'?><Workbook>", "This is an XML file"),
        (b"{\\rtf1 Kai}", "This is a text document"),
        (packed("word/document.xml"), "This is a text document"),
        (packed("mimetype", "content.xml"), "This is an OpenDocument file"),
        (packed("xl/workbook.bin"), "This is a binary workbook"),
        (packed("children.csv"), "This is a packed file"),
        (packed("xl/workbook.xml")[:-30], "This is a workbook or another packed file, and it is damaged"),
        (packed("xl/workbook.xml"), "This is a workbook, but it is damaged"),
    ],
)
def test_a_file_that_is_something_else_is_named_and_what_to_do_is_said(content: bytes, words: str) -> None:
    with pytest.raises(UserError) as refused:
        sheet_in(content, CHILD)
    assert str(refused.value).startswith(words)
    assert "save" in str(refused.value).lower()


def test_a_file_that_cannot_be_opened_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        open_sheet(tmp_path / "none.csv", CHILD)
    with pytest.raises(UserError, match="This is a folder"):
        open_sheet(tmp_path, CHILD)
