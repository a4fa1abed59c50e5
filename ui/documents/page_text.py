"""Shows the words of a printed page for reading: headings, lists, labels with answers, and tables. Must not draw paper."""

import re

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from hipss_desktop.documents.tree import (
    Block,
    BulletList,
    Document,
    Fields,
    Heading,
    Paragraph,
    Picture,
    Signatures,
    Table,
)
from hipss_desktop.records import telephone
from hipss_desktop.views.record import RowCell, RowTable
from ui import parts
from ui.parts import Bullets, LinkButton, column, grows, label
from ui.records.record_lines import LineGrid
from ui.records.row_table import AnswerTable

STYLES = {2: "heading", 3: "body_strong"}
"""The type styles of headings by level; deeper levels look like level 3."""


LONG_WORD, PIECE = re.compile(r"\S{25,}"), re.compile(r"\S{8}")
PLACE_TO_BREAK = "\u200b"
"""A space without width, at which a word longer than its column may be broken."""


def breakable(text: str) -> str:
    """Return a text whose long words (such as a revision's name) may be broken at a line's end, but no telephone number."""
    whole = telephone.on_one_line(text)
    return LONG_WORD.sub(lambda word: PIECE.sub(lambda piece: piece[0] + PLACE_TO_BREAK, word[0]), whole)


def words(text: str, style: str = "body", tone: str = "") -> QLabel:
    """Return a label for a text of any length; a screen reader says the text as it was written."""
    shown = label(breakable(text), style, tone, wrap=True)
    shown.setAccessibleName(text)
    return shown


class PageText(QWidget):
    """All words of a page in reading order."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._heading = document.title
        box = column(gap=8, margins=(16, 12, 16, 16))
        for block in document.blocks:
            self._add(box, block)
        for text in (document.handling, document.printed):
            if text:
                box.addWidget(words(text, "small", "muted"))
        box.addStretch(1)
        self.setLayout(box)
        grows(self)

    def _add(self, box: QVBoxLayout, block: Block) -> None:
        match block:
            case Heading():
                self._heading = block.words
                heading = parts.Heading(block.words, block.level, style=STYLES.get(block.level, "body_strong"))
                heading.setWordWrap(True)
                box.addWidget(heading)
            case Paragraph():
                style = "body_strong" if block.strong or block.notice else "body"
                box.addWidget(words(block.words, style))
            case BulletList():
                box.addWidget(Bullets(self._heading, block.items))
            case Fields():
                grid = LineGrid()
                for pair in block.pairs:
                    grid.add(pair.label, words(pair.words))
                grid.arrange()
                box.addWidget(grid)
            case Table():
                self._table(box, block)
            case Picture():
                box.addWidget(words(f"Picture: {block.alternative}"))
            case Signatures():
                grid = LineGrid()
                for line in block.lines:
                    grid.add(line.label, words(line.words or "Line to write on", "body", "muted"))
                grid.arrange()
                box.addWidget(grid)

    def _table(self, box: QVBoxLayout, table: Table) -> None:
        if table.rows:
            rows = tuple(tuple(RowCell(breakable(cell)) for cell in row) for row in table.rows)
            box.addWidget(AnswerTable(table.name, RowTable(table.head, rows), lambda named: LinkButton(named.name)))
        if table.blank:
            lines = f"{table.blank} empty {'line' if table.blank == 1 else 'lines'}"
            box.addWidget(words(f"{', '.join(table.head)}: {lines} to write on", "body", "muted"))
