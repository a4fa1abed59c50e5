"""The text of one section of a visit: its paragraphs, and which of them are read back to the carers.

Third party paragraphs, which are about or from somebody else, are never read back, even if ticked. Must not save anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.visit import THIRD_PARTY
from hipss_desktop.records.codes import Code
from hipss_desktop.records.fields import as_text
from hipss_desktop.records.paragraphs import MARK
from ui.base.access import describe
from ui.parts import CheckBox, FlowLayout, IconLabel, buddy_label, column, grows, label
from ui.records.paragraph_editor import ParagraphEdit
from ui.records.record_page import flow

READ_BACK = "read_back"
NEVER_READ_BACK = "Third party: never read back"
LOW = 2
"""The height of an empty box in lines."""


class SectionText(QWidget):
    """A section's question, its box, and a tick for each paragraph. Signal: ``edited`` after a change of words, mark or tick.

    Args:
        section: the section, of the code list.
        child: the child it is about, '' for the household.
        called: the child's name in the question, '' for the household.
        shown_as: the child's name beside the question for a screen reader, '' if there is only one child.
    """

    edited = Signal()

    def __init__(self, section: Code, child: str = "", called: str = "", shown_as: str = "") -> None:
        super().__init__()
        self.section, self.child = section.code, child
        question = (section.more["question"] or section.label).replace("{child}", called)
        name = f"{question}, {shown_as}" if shown_as else question
        new: dict[str, Any] = {"section": section.code, READ_BACK: section.more["read_back"] != "no"}
        if child:
            new["child"] = child
        self.box = ParagraphEdit(name=name, lines=LOW, new=new, touch=True)
        hint = section.more["hint"].replace("{child}", called)
        describe(self.box, hint)
        heading = flow([buddy_label(question, self.box), label(hint, "small", "muted", wrap=True)])
        self._mark = section.more["mark"]
        self._ticked: dict[str, bool] = {}
        self._boxes: list[CheckBox] = []
        self._ticks = QWidget()
        self._flow = FlowLayout(self._ticks, gap=16, line_gap=0)
        grows(self._ticks)
        self._ticks.hide()
        self.setLayout(column(heading, self.box, self._ticks, gap=2))
        grows(self)
        self._shown: list[tuple[str, str]] = []
        self.box.edited.connect(self._edited)

    def set_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show rows without a signal. An empty section's first paragraph gets the section's mark."""
        self._ticked = {}
        with QSignalBlocker(self.box):
            self.box.set_rows(rows)
            if not rows and self._mark:
                self.box.blocks.set_mark(self.box.textCursor(), self._mark)
        self._show_ticks()

    def rows(self) -> list[dict[str, Any]]:
        """The present rows."""
        rows = self.box.rows()
        for row in rows:
            ticked = self._ticked.get(as_text(row.get("id")))
            if ticked is not None and ticked is not bool(row.get(READ_BACK)):
                row[READ_BACK] = ticked
        return rows

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        return [self.box, *self._boxes]

    def _edited(self) -> None:
        self._show_ticks()
        self.edited.emit()

    def _show_ticks(self) -> None:
        """Show a tick for each paragraph, or words in its place if the paragraph is never read back."""
        rows = self.rows()
        shown = [(as_text(row.get("id")), as_text(row.get(MARK))) for row in rows]
        if shown == self._shown:
            return
        self._shown = shown
        for box in self._ticks.findChildren(QWidget):
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = []
        for number, (row, (name, mark)) in enumerate(zip(rows, shown, strict=True), start=1):
            which = f" {number}" if len(rows) > 1 else ""
            if mark == THIRD_PARTY:
                self._flow.addWidget(IconLabel("lock", f"{which.strip()} {NEVER_READ_BACK}".strip(), "small", "muted"))
                continue
            box = CheckBox(f"Read back{which}", checked=bool(row.get(READ_BACK)))
            box.setAccessibleName(f"Read back{which}, {self.box.accessibleName()}")
            box.toggled.connect(lambda on, name=name: self._tick(name, on=on))
            self._flow.addWidget(box)
            self._boxes.append(box)
        self._ticks.setVisible(bool(rows))
        first: QWidget = self.box
        for box in self._boxes:
            QWidget.setTabOrder(first, box)
            first = box

    def _tick(self, name: str, *, on: bool) -> None:
        self._ticked[name] = on
        self.edited.emit()
