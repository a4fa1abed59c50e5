"""A part of the page that writes a visit: a card with its title, a tick to leave it for later, and its questions.

Each part returns the answers that the user changed in it, and the page puts them into one draft. Must not save anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.visit import VISIT, Visit, about, sections_of
from hipss_desktop.records.fields import Problem
from hipss_desktop.views.supervision import VisitView
from ui.base.page import Context
from ui.parts import Card, CheckBox, Field, LinkButton
from ui.records.caret import TextField
from ui.records.form import RecordForm
from ui.visits.section_text import SectionText

LATER = "Left for later"
NARROW = 560
"""The width in pixels (at 100 % text size) from which two short questions are side by side."""
Placed = list[tuple[str, QWidget]]
"""Problems as (words, widget) pairs."""


class PartCard(Card):
    """A part with the questions ``question_names`` and its sections. Signal: ``edited`` when the user changed something.

    Attributes:
        code: the part's code.
        later: the tick that leaves it for later, None if the part cannot be left.
    """

    edited = Signal()
    question_names: tuple[str, ...] = ()

    def __init__(self, context: Context, code: str, label: str, *, may_wait: bool = True) -> None:
        self.later = CheckBox(LATER) if may_wait else None
        super().__init__(label, aside=[self.later] if self.later is not None else [])
        self.code, self.context = code, context
        if self.later is not None:
            self.later.setAccessibleName(f"{LATER}: {label}")
            self.later.toggled.connect(lambda _: self.edited.emit())
        self.form = (
            RecordForm(VISIT, context, only=self.question_names, cards=True, titles=False, narrow=NARROW)
            if self.question_names
            else None
        )
        if self.form is not None:
            self.form.changed.connect(self.edited)
        self.sections: list[SectionText] = []
        self.lay_out()
        for section in sections_of(code):
            if about(section) != "child":
                self.add_section(SectionText(section))

    def lay_out(self) -> None:
        """Add the widgets above the sections: the questions, unless a subclass adds others."""
        if self.form is not None:
            self.add(self.form)

    def add_section(self, section: SectionText) -> None:
        """Add the text of a section."""
        section.edited.connect(self.edited)
        self.sections.append(section)
        self.add(section)

    def set_fields(self, fields: Mapping[str, Any], visit: Visit) -> None:
        """Show a visit's answers without a signal."""
        if self.form is not None:
            self.form.set_fields(fields)
        if self.later is not None:
            with QSignalBlocker(self.later):
                self.later.setChecked(self.code in visit.left)
        for section in self.sections:
            section.set_rows(rows_of(fields, section))

    def show_view(self, view: VisitView) -> None:
        """Show what is known besides the answers; subclasses use it."""

    def show_asked(self, visit: Visit, fields: Mapping[str, Any]) -> None:
        """Show the questions that these answers require."""
        if self.form is not None:
            self.form.know(fields)
        listed = {section.code: about(section) for section in sections_of(self.code)}
        for section in self.sections:
            only_unannounced = listed.get(section.section) == "unannounced"
            section.setVisible(not only_unannounced or visit.type == "unannounced" or bool(section.rows()))

    def answers(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answers that the user changed here; ``body`` has the draft's fields, for lists of which this part has some rows."""
        return self.form.changed_fields() if self.form is not None else {}

    def show_problems(self, problems: Sequence[Problem]) -> Placed:
        """Show each problem beside its question; return (words, widget) pairs."""
        return self.form.show_problems(problems) if self.form is not None else []

    def own_problems(self) -> list[Problem]:
        """The problems of typed texts that cannot be read."""
        return self.form.own_problems() if self.form is not None else []

    def question(self, path: str) -> Field | None:
        """The question of a field, or of a row's field ("since/ROW/raised"); None if this part does not ask it."""
        return self.form.question(path) if self.form is not None else None

    def settle(self) -> None:
        """Complete the typed texts as if each field lost the focus."""
        if self.form is not None:
            self.form.settle()

    def text_fields(self) -> dict[str, TextField]:
        """The text fields, by names that stay the same."""
        fields: dict[str, TextField] = dict(self.form.text_fields()) if self.form is not None else {}
        return fields | {f"note/{section.section}/{section.child}": section.box for section in self.sections}

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        later = [self.later] if self.later is not None else []
        form_stops = [stop for control in self.form.controls.values() for stop in control.stops()] if self.form else []
        return [*later, *form_stops, *(stop for section in self.sections for stop in section.stops())]

    def first_focus(self) -> QWidget | None:
        """The first visible answer that can take the focus (links do not count), else the tick of the card."""
        stops = (stop for stop in self.stops() if not isinstance(stop, LinkButton) and stop is not self.later)
        visible_stops = [stop for stop in stops if stop.isVisibleTo(self)]
        return next(iter(visible_stops), self.later)


def rows_of(fields: Mapping[str, Any], section: SectionText) -> list[Mapping[str, Any]]:
    """The paragraphs of a section's text in the fields of a visit."""
    note, place = fields.get("note"), (section.section, section.child)
    rows = [row for row in note if isinstance(row, Mapping)] if isinstance(note, list) else []
    return [row for row in rows if (row.get("section") or "", row.get("child") or "") == place]


def with_rows(held: Any, rows: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """Return a list with some rows changed or added, by id; every other entry stays unchanged."""
    listed = held if isinstance(held, list) else []
    names = [row.get("id") if isinstance(row, Mapping) else None for row in listed]
    entries = [
        rows[name] if isinstance(name, str) and name in rows else row for name, row in zip(names, listed, strict=True)
    ]
    return [*entries, *(row for name, row in rows.items() if name not in names)]
