"""A text document whose blocks are paragraphs: each block stores the name of its row and its mark.

Both are in the block's format, so that Qt itself keeps them when paragraphs are split, joined, cut or restored by undo.
Joined paragraphs keep the name and mark of the first. Other values of a row are stored here by its name. Must not draw, nor
know a widget.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCursor, QTextDocument, QTextFormat

from hipss_desktop import identity
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import as_text
from hipss_desktop.records.fold import row_id
from hipss_desktop.records.paragraphs import MARK, MARKS, PLACE, TEXT, placed, rows_in_order

COPIED = "application/x-hipss-paragraphs"
"""The type of the clipboard data with the name and mark of each paragraph, beside the plain words."""
LINE_BREAK = "\u2028"
"""The character for a line break inside a paragraph."""
_NAME = QTextFormat.Property.UserProperty.value + 1
_MARK = QTextFormat.Property.UserProperty.value + 2
_BREAKS = str.maketrans(dict.fromkeys("\n\r\u2029\ufdd0\ufdd1", LINE_BREAK))


class ParagraphBlocks:
    """The paragraphs of one document.

    Args:
        document: the document, which contains only these paragraphs.
        new: the values of a new paragraph's row besides its place, mark and words.
        gap: pixels between two paragraphs.
    """

    def __init__(self, document: QTextDocument, new: Mapping[str, Any], gap: int) -> None:
        self._document, self._new, self._gap = document, dict(new), gap
        self._held: dict[str, Mapping[str, Any]] = {}
        self._loaded_marks: set[str] = set()
        self._shown: dict[str, str] = {}
        self._order: list[str] = []

    def load(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Replace the text by rows in their order, with no undo history. A row without a name gets one when it is changed."""
        document = self._document
        document.setUndoRedoEnabled(False)
        document.clear()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()  # so that Qt lays out the text once
        self._held, self._shown = {}, {}
        for at, row in enumerate(rows_in_order(list(rows))):
            name = row_id(row)
            if not name or name in self._held:
                name = identity.row_id()
            look = self._format(name, as_text(row.get(MARK)))
            if at:
                cursor.insertBlock(look)
            else:
                cursor.setBlockFormat(look)
            words = as_text(row.get(TEXT)).translate(_BREAKS)
            cursor.insertText(words)
            self._held[name], self._shown[name] = row, words
        self._order = list(self._held)
        self._loaded_marks = {as_text(row.get(MARK)) for row in self._held.values()}
        if not self._held:
            cursor.setBlockFormat(self._format(identity.row_id(), ""))
        cursor.endEditBlock()
        document.setUndoRedoEnabled(True)
        document.setModified(False)

    def rows(self) -> list[dict[str, Any]]:
        """The present rows: unchanged rows exactly as they were given, and no blank rows."""
        rows: dict[str, dict[str, Any]] = {}
        for block in self.all():
            look, words = block.blockFormat(), block.text()
            name = str(look.property(_NAME) or "")
            if name in rows:
                name = identity.row_id()
            if words.strip() or (name in self._held and self._shown[name] == words):
                rows[name] = self._row(name, words, str(look.property(_MARK) or ""))
        names = list(rows)
        if names != [name for name in self._order if name in rows]:  # if the order is the same, the places stay
            places = placed([_place(self._held.get(name, {})) for name in names])
            for name, place in zip(names, places, strict=True):
                if place != _place(rows[name]):
                    rows[name][PLACE] = place
        return list(rows.values())

    def _row(self, name: str, words: str, mark: str) -> dict[str, Any]:
        held = self._held.get(name)
        row: dict[str, Any] = dict(held) if held is not None else {"id": name, PLACE: "", **self._new}
        if held is None or self._shown[name] != words:
            row[TEXT] = words.replace(LINE_BREAK, "\n").strip()
        if held is not None and row_id(row) != name:
            row["id"] = name
        if mark != as_text(row.get(MARK)):
            row[MARK] = mark
        return row

    def all(self) -> Iterator[QTextBlock]:
        """All blocks from first to last."""
        block = self._document.begin()
        while block.isValid():
            yield block
            block = block.next()

    def name_of(self, block: QTextBlock) -> str:
        """The name of a block's row."""
        return str(block.blockFormat().property(_NAME) or "")

    def mark_of(self, block: QTextBlock) -> str:
        """The code of a block's mark, '' if it has no mark."""
        return str(block.blockFormat().property(_MARK) or "")

    def marks(self) -> set[str]:
        """The marks used in the text."""
        return {self.mark_of(block) for block in self.all()} - {""}

    def offered(self, marks: set[str]) -> list[str]:
        """The marks to choose from: '' for no mark, the code list, then unknown ones of the given rows and of ``marks``."""
        known = [code.code for code in code_list(MARKS).codes]
        return ["", *known, *sorted(self._loaded_marks.union(marks) - {"", *known})]

    def set_mark(self, cursor: QTextCursor, mark: str) -> None:
        """Mark every paragraph that a cursor or its selection touches, as one step for undo."""
        block = self._document.findBlock(cursor.selectionStart())
        last = self._document.findBlock(max(cursor.selectionStart(), cursor.selectionEnd()))
        edit = QTextCursor(block)
        edit.beginEditBlock()
        while block.isValid() and block.blockNumber() <= last.blockNumber():
            edit.setPosition(block.position())
            edit.setBlockFormat(self._format(self.name_of(block), mark))
            block = block.next()
        edit.endEditBlock()

    def begin_new(self, cursor: QTextCursor) -> None:
        """Begin a new paragraph at the cursor: the words after the cursor keep the mark, an empty paragraph has none.

        At the beginning of a paragraph the new one is above it, and the words keep their row's name.
        """
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        block = cursor.block()
        if cursor.atBlockStart() and block.text().strip():
            look = block.blockFormat()
            cursor.insertBlock(look)
            above = QTextCursor(cursor.block().previous())
            above.setBlockFormat(self._format(identity.row_id(), ""))
        else:
            after = block.text()[cursor.positionInBlock() :].strip()
            cursor.insertBlock(self._format(identity.row_id(), self.mark_of(block) if after else ""))
        cursor.endEditBlock()

    def copied(self, cursor: QTextCursor, mime: QMimeData) -> None:
        """Copy the selection into ``mime``: its plain words, and its paragraphs with their names and marks."""
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        parts = []
        for block in self.all():
            first, last = block.position(), block.position() + block.length() - 1
            if last >= start and first <= end:
                words = block.text()[max(start - first, 0) : max(end - first, 0)].replace(LINE_BREAK, "\n")
                parts.append({"id": self.name_of(block), MARK: self.mark_of(block), TEXT: words})
        mime.setText("\n".join(part[TEXT] for part in parts))
        mime.setData(COPIED, json.dumps(parts).encode())

    def pasted(self, cursor: QTextCursor, mime: QMimeData) -> None:
        """Insert what ``mime`` contains, one paragraph for each line; paragraphs cut here keep their names and marks."""
        parts = _parts(mime)
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        above = cursor.atBlockStart() and bool(cursor.block().text().strip())
        if (
            above and len(parts) > 1 and not parts[-1][2].strip()
        ):  # whole paragraphs go above this one, which stays as it is
            own = cursor.block().blockFormat()
            for name, mark, words in parts[:-1]:
                cursor.insertText(words.translate(_BREAKS))
                cursor.setBlockFormat(self._format(self._free(name), mark))
                cursor.insertBlock(own)
            parts = []
        for at, (name, mark, words) in enumerate(parts):
            if at:
                cursor.insertBlock(self._format(self._free(name), mark))
            elif name and words.strip() and not cursor.block().text().strip():
                cursor.setBlockFormat(self._format(self._free(name), mark))
            cursor.insertText(words.translate(_BREAKS))
        cursor.endEditBlock()

    def _free(self, name: str) -> str:
        """A row name that no paragraph has: ``name`` if it is free or its paragraph is empty, else a new name."""
        for block in self.all():
            if name and self.name_of(block) == name:
                if block.text().strip():
                    return identity.row_id()
                QTextCursor(block).setBlockFormat(self._format(identity.row_id(), self.mark_of(block)))
        return name or identity.row_id()

    def _format(self, name: str, mark: str) -> QTextBlockFormat:
        look = QTextBlockFormat()
        look.setProperty(_NAME, name)
        look.setProperty(_MARK, mark)
        look.setBottomMargin(self._gap)
        return look


def _place(row: Mapping[str, Any]) -> str:
    place = row.get(PLACE)
    return place if isinstance(place, str) else ""


def _parts(mime: QMimeData) -> Sequence[tuple[str, str, str]]:
    """The clipboard's paragraphs as (name, mark, words); lines of other programs have neither name nor mark."""
    try:
        held = json.loads(bytes(mime.data(COPIED).data())) if mime.hasFormat(COPIED) else None
        if held is not None:
            return [(str(part["id"]), str(part[MARK]), str(part[TEXT])) for part in held]
    except (ValueError, TypeError, KeyError):  # from another program: use its plain words
        pass
    lines = mime.text().splitlines() or [""]
    return [("", "", line) for at, line in enumerate(lines) if line.strip() or at in (0, len(lines) - 1)]
