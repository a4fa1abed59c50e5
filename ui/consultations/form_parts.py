"""The special widgets of a consultation's form: the text by its sections, who came, and the plan.

A part returns its given value until the user changes it. Rows of unknown sections, and values that are no rows, stay
unchanged. Must not save anything.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.consultation import CAME, CONSULTATION, GUESS, SECTIONS
from hipss_desktop.records import fields
from hipss_desktop.records.codes import Code, code_list
from hipss_desktop.records.fields import as_text, is_nothing
from hipss_desktop.views.consultations import FORMULATION, NOT_A_DIAGNOSIS, WRONG_IF
from ui.base.access import describe
from ui.base.page import Context
from ui.parts import (
    Heading,
    IconLabel,
    LineEdit,
    LinkButton,
    buddy_label,
    column,
    grows,
    label,
    row,
)
from ui.records.answer_parts import Part, TextPart
from ui.records.controls import FieldControl, RowFrame, RowsPart
from ui.records.named_rows import NamedRowsPart
from ui.records.paragraph_editor import ParagraphEdit
from ui.records.record_page import flow

LOW = 2
"""The height of an empty box in lines."""
PAUSE = 400
"""Milliseconds after a key until the text is checked for a warning."""
WITHOUT_A_SECTION = "Text without a section"


class SectionEdit(QWidget):
    """One section: its question and its box. Below a guess, a line asks what would show that the guess is wrong."""

    edited = Signal()
    rebuilt = Signal()

    def __init__(self, code: str, name: str, hint: str = "", mark: str = "") -> None:
        super().__init__()
        self.code, self._mark = code, mark
        self.box = ParagraphEdit(name=name, lines=LOW, new={"section": code} if code else {})
        describe(self.box, hint)
        heading = flow([buddy_label(name, self.box), *([label(hint, "small", "muted")] if hint else [])])
        self._wrong_if_lines: dict[str, LineEdit] = {}
        self._typed: dict[str, str] = {}
        self._lines = column(gap=4)
        self.setLayout(column(heading, self.box, self._lines, gap=2))
        grows(self)
        self.box.edited.connect(self._edited)

    def set_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show rows without a signal. An empty section's first paragraph gets the section's mark."""
        self._typed = {}
        with QSignalBlocker(self.box):
            self.box.set_rows(rows)
            if not rows and self._mark:
                self.box.blocks.set_mark(self.box.textCursor(), self._mark)
        self._show_lines()

    def rows(self) -> list[dict[str, Any]]:
        """The present rows."""
        rows = self.box.rows()
        for entry in rows:
            typed = self._typed.get(as_text(entry.get("id")))
            if typed is not None and typed != as_text(entry.get("wrong_if")):
                entry["wrong_if"] = typed
        return rows

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in reading order."""
        return [self.box, *self._wrong_if_lines.values()]

    def _edited(self) -> None:
        self._show_lines()
        self.edited.emit()

    def _show_lines(self) -> None:
        """Show a line for each guess under the box."""
        if self.code != GUESS:
            return
        rows = {as_text(entry.get("id")): entry for entry in self.rows()}
        if list(rows) == list(self._wrong_if_lines):
            return
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._wrong_if_lines = {}
        for number, (name, entry) in enumerate(rows.items(), start=1):
            words = f"{WRONG_IF}, guess {number}" if len(rows) > 1 else WRONG_IF
            line = LineEdit(as_text(entry.get("wrong_if")), name=words)
            line.textEdited.connect(partial(self._type, name))
            holder = QWidget()
            holder.setLayout(column(buddy_label(words, line), line, gap=2))
            self._lines.addWidget(holder)
            holder.show()
            self._wrong_if_lines[name] = line
        self.rebuilt.emit()

    def _type(self, name: str, text: str) -> None:
        self._typed[name] = text
        self.edited.emit()


class SectionsPart(Part):
    """The text of a consultation, section by section."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._other_values: list[Any] = []
        self.sections = {code.code: _edit(code) for code in code_list(SECTIONS).codes}
        self.sections[""] = SectionEdit("", WITHOUT_A_SECTION)
        self._other_words = label("", "small", "muted", wrap=True)
        parts: list[QWidget] = [self._other_words]
        part_now = ""
        for code in code_list(SECTIONS).codes:
            if code.more["part"] == FORMULATION and part_now != FORMULATION:
                head = Heading("Formulation", 3, style="body_strong")
                parts.append(flow([head, label(NOT_A_DIAGNOSIS, "small", "muted")]))
            part_now = code.more["part"]
            parts.append(self.sections[code.code])
        self.setLayout(column(*parts, self.sections[""], gap=12))
        self.lead = next(iter(self.sections.values())).box
        for section in self.sections.values():
            section.edited.connect(self.edited)
            section.rebuilt.connect(self.rebuilt)

    def show_value(self, value: Any) -> None:
        listed = value if isinstance(value, list) else [] if is_nothing(value) else [value]
        self._other_values = [entry for entry in listed if not isinstance(entry, Mapping)]
        self._other_words.setText("\n".join(as_text(entry) for entry in self._other_values))
        self._other_words.setVisible(bool(self._other_values))
        rows = [entry for entry in listed if isinstance(entry, Mapping)]
        for code, section in self.sections.items():
            section.set_rows([entry for entry in rows if self._place(entry) == code])
        self.sections[""].setVisible(bool(self.sections[""].rows()))

    def typed(self) -> Any:
        return [*self._other_values, *(entry for section in self.sections.values() for entry in section.rows())]

    def stops(self) -> list[QWidget]:
        shown = (section for section in self.sections.values() if not section.isHidden())
        return [stop for section in shown for stop in section.stops()]

    def _place(self, entry: Mapping[str, Any]) -> str:
        section = entry.get("section")
        return section if isinstance(section, str) and section in self.sections else ""


def _edit(code: Code) -> SectionEdit:
    return SectionEdit(code.code, code.label, code.more["hint"], code.more["mark"])


class AttendeesPart(NamedRowsPart):
    """The rows of the people who came."""

    kind = CONSULTATION.name
    begins_with = MappingProxyType({"was": CAME})


class PlanPart(RowsPart):
    """The rows of what was agreed. A chosen colleague also becomes the action's owner, if it has none yet."""

    def _take(self, held: Mapping[str, Any], at: int | None = None) -> RowFrame:
        frame = super()._take(held, at)
        controls = frame.row.controls
        controls["colleague"].changed.connect(lambda: self._name_owner(controls["owner"], controls["colleague"]))
        return frame

    def _name_owner(self, owner: FieldControl, colleague: FieldControl) -> None:
        chosen = as_text(colleague.value())
        if chosen and is_nothing(owner.value()):
            owner.answer(self.context.services.names.name(chosen))


class WarnedTextPart(TextPart):
    """A line of text, with a warning below if the text is doubtful. The text is accepted all the same.

    ``warn`` runs on a reader thread. It returns the warning and the record that the warning is about, '' for none. Signal:
    ``opened`` when the user wants to open that record.
    """

    opened = Signal(str)
    warn: Callable[[str], tuple[str, str]] | None = None

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.warning = IconLabel("alert", "", "small_strong", "amber")
        self.warning.setWordWrap(True)
        self.link = LinkButton("Open it")
        self._record = ""
        self.link.clicked.connect(lambda: self.opened.emit(self._record))
        layout = self.layout()
        assert layout is not None, "the layout was set when the widget was made"
        holder = QWidget()
        holder.setLayout(column(self.warning, row(self.link, None), gap=2))
        grows(holder)
        layout.addWidget(holder)
        self._holder = holder
        holder.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.look)
        self.box.textChanged.connect(lambda *_: self._pause.start())

    def look(self) -> None:
        """Check the present text for a warning."""
        text, warn = as_text(self.typed()), self.warn
        if warn is None:
            return

        def show(warning: tuple[str, str]) -> None:
            if as_text(self.typed()) == text:
                self._show(*warning)

        self.context.runner.read(lambda: warn(text), show, context=self)

    def _show(self, words: str, record: str) -> None:
        self._record = record
        self.warning.setText(words)
        describe(self.box, words)
        self.link.setVisible(bool(record))
        self._holder.setVisible(bool(words))
        self.rebuilt.emit()

    def stops(self) -> list[QWidget]:
        return [self.box, *([self.link] if not self._holder.isHidden() and not self.link.isHidden() else [])]
