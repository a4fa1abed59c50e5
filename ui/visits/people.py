"""Who took part in a visit, was at home or was caring: the household's members, the worker, and anybody else who is named.

The record leaves out a person who did none of these. Must not save anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from hipss_desktop import identity
from hipss_desktop.kinds.visit import COLLEAGUE, HOUSEHOLD, OTHER, VISIT
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import as_text
from hipss_desktop.services.supervision import Member
from ui.parts import Button, ChipGroup, Field, LineEdit, column, grows, label, row, spoken_label

PRESENCE = "visit_presence"
SOMEBODY_ELSE = "Somebody else who was there"


class PersonThere(ChipGroup):
    """One person with how they were there; ``held`` is their present row, or a new row for them."""

    def __init__(self, held: Mapping[str, Any]) -> None:
        self.held = dict(held)
        self.name = as_text(held.get("name"))
        known = [(code.code, code.label) for code in code_list(PRESENCE).codes]
        held_codes = self._held_codes()
        super().__init__(
            f"How {self.name} was there", [*known, *((code, code) for code in held_codes if code not in dict(known))]
        )
        for chip in self.chips():
            chip.setAccessibleName(f"{chip.text()}, {self.name}")
        self.show_held()

    def _held_codes(self) -> list[str]:
        listed = self.held.get("was")
        return [as_text(code) for code in listed] if isinstance(listed, list) else []

    def show_held(self) -> None:
        """Choose the chip that the row names, without a signal."""
        with QSignalBlocker(self):
            self.choose(self._held_codes())

    def stop(self) -> QWidget:
        """The chip that Tab reaches."""
        return next((chip for chip in self.chips() if chip.focusPolicy() & Qt.FocusPolicy.TabFocus), self.chips()[0])

    def row(self) -> dict[str, Any]:
        """The present row."""
        if self.chosen() == self._held_codes():
            return dict(self.held)
        return {**self.held, "was": self.chosen()}


class People(QWidget):
    """The rows of ``people``. Signal: ``edited`` when the user changed a row."""

    edited = Signal()

    def __init__(self, worker: str, name: str) -> None:
        super().__init__()
        self._worker = Member(worker, name, "")
        self.there: dict[str, PersonThere] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        holder = QWidget()
        holder.setLayout(self._grid)
        grows(holder)
        self.field = Field(VISIT.by_name["people"].label, holder)
        self.other = LineEdit(name=SOMEBODY_ELSE, placeholder=SOMEBODY_ELSE)
        self.add = Button("Add", icon="plus")
        self.add.setAccessibleName("Add somebody who was there")
        self.add.clicked.connect(self._add)
        spoken_label(SOMEBODY_ELSE, self.other)
        self.other.returnPressed.connect(self._add)
        self.setLayout(column(self.field, row(self.other, self.add, gap=8), gap=8))
        grows(self)

    def set_rows(self, rows: Any, members: Sequence[Member]) -> None:
        """Show the rows of a record and other people who may be added, without a signal."""
        listed = [held for held in rows if isinstance(held, Mapping)] if isinstance(rows, list) else []
        named = {as_text(held.get("member")) for held in listed} | {as_text(held.get("colleague")) for held in listed}
        offered = [_row_of(HOUSEHOLD, member) for member in members if member.row not in named]
        if self._worker.row not in named:
            offered.append(_row_of(COLLEAGUE, self._worker))
        held_first = [held for held in (*listed, *offered) if held.get("id")]
        for held in held_first:
            self._put(held)

    def _put(self, held: Mapping[str, Any]) -> PersonThere:
        name = as_text(held.get("id"))
        if name in self.there:
            return self.there[name]
        person = PersonThere(held)
        person.changed.connect(self.edited)
        at = len(self.there)
        words = label(person.name or "No name", "body", wrap=True)
        self._grid.addWidget(words, at, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(person, at, 1)
        self.there[name] = person
        return person

    def rows(self, held: Any) -> list[Any]:
        """The present list, without people who were not there, unless the record already listed them so."""
        listed = held if isinstance(held, list) else []
        before = {row.get("id") for row in listed if isinstance(row, Mapping)}
        now = {name: person.row() for name, person in self.there.items()}
        entries = [
            now.get(as_text(row.get("id")), row) if isinstance(row, Mapping) and row.get("id") else row
            for row in listed
        ]
        entries = [row for row in entries if not isinstance(row, Mapping) or row.get("was") or row in listed]
        return [*entries, *(row for name, row in now.items() if name not in before and row.get("was"))]

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        return [*(person.stop() for person in self.there.values()), self.other, self.add]

    def _add(self) -> None:
        name = " ".join(self.other.text().split())
        if not name:
            self.other.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        person = self._put({"id": identity.row_id(), "who": OTHER, "name": name, "was": ["took_part"]})
        person.held.pop("was")
        person.choose(["took_part"])
        self.other.clear()
        person.show()
        self.edited.emit()
        person.stop().setFocus(Qt.FocusReason.OtherFocusReason)


def _row_of(who: str, member: Member) -> dict[str, Any]:
    reference = "colleague" if who == COLLEAGUE else "member"
    return {"id": f"{who}-{member.row}", "who": who, reference: member.row, "name": member.name}
