"""Rows of people with a box in front of the button that adds one: a name typed there puts in who is known, or begins a new row.

The box offers those of a household, colleagues, and who came before, each with role and organisation; with nothing typed, who
came last. A name that was typed and not put in yet is given back as a row, so that it is saved and finished with the rest. Must
not save anything.
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
    """The rows. ``kind`` is the kind of record whose people are offered first, ``begins_with`` what each new row says."""

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
        self.known.editingFinished.connect(self._left)
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
        """Put in the name that is typed, as a row that can be told what else it lacks."""
        if self._waiting():
            self._take_name()

    def _know(self, former: tuple[Known, ...]) -> None:
        self._former = former

    def _waiting(self) -> str:
        """The name that is typed and not put in, '' for none."""
        return self.known.text().strip() if self.known.value() is None else ""

    def _offered_for(self, typed: str) -> list[Suggestion]:
        """Whom the letters mean, the name as that of somebody new, then who has a name that is like it."""
        begin, alike = self.context.services.training.participants.found(typed, self._former)
        new = [Suggestion(NEW, f"{NEW}: {typed.strip()}", icon="plus")] if typed.strip() else []
        return [*self._suggestions(begin), *new, *self._suggestions(alike)]

    def _suggestions(self, known: Sequence[Known]) -> list[Suggestion]:
        """Those who are not listed yet."""
        listed = {
            (folded(as_text(row.get("name"))), folded(as_text(row.get("organisation")))) for row in self._listed()
        }
        return [
            Suggestion(_Key(one), one.name, one.beside, "user")
            for one in known
            if (folded(one.name), folded(one.answers.get("organisation", ""))) not in listed
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
        """Begin a row with the name that is typed, and go to what else is asked of somebody new."""
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

    def _left(self) -> None:
        """Put in the name that was typed once the box is left for another question; not where another program is looked at."""
        if not self.known.hasFocus() and self.window().isActiveWindow() and self._waiting():
            self._take_name()


class _Key:
    """What a suggestion stands for; two are never alike."""

    def __init__(self, known: Known) -> None:
        self.known = known
