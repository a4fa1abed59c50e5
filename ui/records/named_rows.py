"""Rows of people with a box before the add button: a name typed there adds a known person, or begins a new row.

The box offers the people of a household, colleagues and earlier participants, each with role and organisation. While it is
empty it offers those who came last. A typed name that was not yet added counts as a row, so that it is saved and finished
with the rest. Must not save anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from hipss_desktop import identity
from hipss_desktop.records import fields
from hipss_desktop.records.fields import as_text
from hipss_desktop.records.folding import folded
from hipss_desktop.views.participants import Known
from ui.base.announce import announce
from ui.base.page import Context
from ui.parts import PersonField, Suggestion, reveal_inside, spoken_label
from ui.records.controls import RowsPart

FIND = "Add somebody by name"
NEW = "Somebody new"


class NamedRowsPart(RowsPart):
    """The rows. ``kind`` is the kind of record whose people are offered first; ``begins_with`` are the answers of each new
    row."""

    kind: ClassVar[str] = ""
    begins_with: ClassVar[Mapping[str, str]] = {}

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._former: tuple[Known, ...] = ()
        self._pending = ""
        self._names = {inner.name for inner in field.rows}
        self.known = PersonField(self._offered_for, name=FIND, icon="users", placeholder=FIND)
        spoken_label(FIND, self.known)
        self.known.picked.connect(self._picked)
        self.known.textEdited.connect(lambda _: self.edited.emit())
        self.known.returnPressed.connect(self._begin)
        self.known.editingFinished.connect(self._add_on_leaving)
        self.offer(self.known)
        self.lead = self.known
        participants, kind = context.services.training.participants, self.kind
        context.runner.read(lambda: participants.former(kind), self._know, context=self)

    def typed(self) -> Any:
        rows = super().typed()
        words = self._waiting()
        if not words:
            self._pending = ""
            return rows
        self._pending = self._pending or identity.row_id()
        return [*rows, {"id": self._pending, "name": words, **self.begins_with}]

    def settle(self) -> None:
        """Add the typed name as a row, so that the row can show what it lacks."""
        if self._waiting():
            self._take_name()

    def _know(self, former: tuple[Known, ...]) -> None:
        self._former = former

    def _waiting(self) -> str:
        """The typed name that was not yet added, '' if there is none."""
        return self.known.text().strip() if self.known.value() is None else ""

    def _offered_for(self, typed: str) -> list[Suggestion]:
        """The suggestions for typed letters: names that begin with them, the text as a new person, then similar names."""
        begin, alike = self.context.services.training.participants.find(typed, self._former)
        new = [Suggestion(NEW, f"{NEW}: {typed.strip()}", icon="plus")] if typed.strip() else []
        return [*self._suggestions(begin), *new, *self._suggestions(alike)]

    def _suggestions(self, known: Sequence[Known]) -> list[Suggestion]:
        """The suggestions for known people who are not in the list yet."""
        listed = {
            (folded(as_text(row.get("name"))), folded(as_text(row.get("organisation")))) for row in self._listed()
        }
        return [
            Suggestion(_Key(person), person.name, person.beside, "user")
            for person in known
            if (folded(person.name), folded(person.answers.get("organisation", ""))) not in listed
        ]

    def _listed(self) -> list[Mapping[str, Any]]:
        return [row for row in super().typed() if isinstance(row, Mapping)]

    def _picked(self, picked: object) -> None:
        if not isinstance(picked, Suggestion):
            return
        if isinstance(picked.key, _Key):
            known = picked.key.known
            answers = {name: words for name, words in known.answers.items() if name in self._names}
            self.known.set_value(None)
            self.put({"id": identity.row_id(), **answers, **self.begins_with})
            announce(self.known, f"{picked.phrase()} is added")
        else:
            self.known.set_value(None)
            self.known.setText(picked.primary.removeprefix(f"{NEW}: "))
            self._begin()

    def _begin(self) -> None:
        """Add a row with the typed name, and focus its first question without an answer."""
        if self._waiting():
            self._take_name()
            row = self.rows()[-1]
            target = row.row.first_open()
            if target is not None:
                target.setFocus()
            reveal_inside(row)

    def _take_name(self) -> None:
        held = {"id": self._pending or identity.row_id(), "name": self._waiting(), **self.begins_with}
        self._pending = ""
        self.known.set_value(None)
        self.put(held)

    def _add_on_leaving(self) -> None:
        """Add the typed name if the focus moved to another question, but not if another program's window is active."""
        if not self.known.hasFocus() and self.window().isActiveWindow() and self._waiting():
            self._take_name()


class _Key:
    """The key of a suggestion; no two keys are equal."""

    def __init__(self, known: Known) -> None:
        self.known = known
