"""What has been answered so far, in one place: every question shows from here and writes here.

Holds the contact's fields as they will be kept, valid or not; ``read`` is what fits. An answer that does not fit is kept
as it is until a person gives another. Must not know any widget.
"""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from hipss_desktop.kinds.contact import CONTACT, Contact
from hipss_desktop.records.fields import Field, as_text, is_nothing

DESCRIBED: Mapping[str, Field] = CONTACT.by_name
"""The contact's fields by name: labels, hints and choices are read from here and written nowhere else."""
NOT_KNOWN = "Not known"
"""The words beside a box that says an answer is not known; the errors name the box by them."""


class Answers(QObject):
    """The fields of one contact.

    ``brought_child`` is the child whom the caller brought along, and who goes with that caller; '' for none.

    Signals:
        changed(frozenset[str]): the names of the fields that have another value now.
    """

    changed = Signal(object)

    def __init__(self, fields: Mapping[str, Any], parent: QObject | None = None, *, brought_child: str = "") -> None:
        super().__init__(parent)
        self._fields = dict(fields)
        self.brought_child = brought_child
        self._on_their_way = 0
        self._waiting: list[Callable[[], None]] = []

    def expect(self) -> None:
        """Answers are being read that a choice brings along."""
        self._on_their_way += 1

    def arrived(self) -> None:
        """They have been put in."""
        self._on_their_way -= 1
        while self._waiting and not self._on_their_way:
            self._waiting.pop(0)()

    def when_all_here(self, then: Callable[[], None]) -> None:
        """Call ``then`` once nothing is on its way any more; at once when nothing is."""
        self._waiting.append(then)
        self._on_their_way += 1
        self.arrived()

    def fields(self) -> dict[str, Any]:
        """All fields, a copy."""
        return dict(self._fields)

    def read(self) -> Contact:
        """The contact as read: what does not fit is left out."""
        return CONTACT.read(self._fields)

    def get(self, name: str) -> Any:
        """A field as it stands, None when nothing was ever answered."""
        return self._fields.get(name)

    def text(self, name: str) -> str:
        """A field as text, whatever it holds; '' when nothing was answered."""
        return as_text(self._fields.get(name))

    def listed(self, name: str) -> list[Any]:
        """A field that holds several, as it stands, a copy."""
        found = self._fields.get(name)
        return list(found) if isinstance(found, list) else []

    def shown(self, name: str) -> bool:
        """Whether a field is asked for, given the others."""
        return DESCRIBED[name].shown(self.read())

    def put(self, **answers: Any) -> None:
        """Answer some fields; an empty answer takes the field away."""
        before = dict(self._fields)
        for name, value in answers.items():
            if is_nothing(value) and (value is not False or name not in self._fields):
                self._fields.pop(name, None)
            else:
                self._fields[name] = value
        changed = frozenset(name for name in answers if before.get(name) != self._fields.get(name))
        if changed:
            self.changed.emit(changed)

    def merge(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Take over what a use case changed of the fields it was given, and leave alone what was typed meanwhile."""
        names = {*before, *after}
        self.put(**{name: after.get(name) for name in names if before.get(name) != after.get(name)})
