"""The answers given so far in one place: every question shows these answers and writes here.

It stores the contact's fields as they will be saved, valid or not; ``read`` returns the valid ones. An invalid answer stays
as it is until a person gives another. Must not know any widget.
"""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from hipss_desktop.kinds.contact import CONTACT, Contact
from hipss_desktop.records.fields import Field, as_text, is_nothing

DESCRIBED: Mapping[str, Field] = CONTACT.by_name
"""The contact's fields by name, the only source of labels, hints and choices."""
NOT_KNOWN = "Not known"
"""The words beside the box for an unknown answer; error messages use them to name the box."""


class Answers(QObject):
    """The fields of one contact and their changes.

    ``brought_child`` is the child that was filled in with the caller, and is removed with that caller; '' if there is none.

    Signals:
        changed(frozenset[str]): the names of the fields whose values changed.
    """

    changed = Signal(object)

    def __init__(self, fields: Mapping[str, Any], parent: QObject | None = None, *, brought_child: str = "") -> None:
        super().__init__(parent)
        self._fields = dict(fields)
        self.brought_child = brought_child
        self._on_their_way = 0
        self._waiting: list[Callable[[], None]] = []

    def expect(self) -> None:
        """Note that answers that follow from a choice are being read; ``arrived`` ends this."""
        self._on_their_way += 1

    def arrived(self) -> None:
        """Note that the awaited answers are filled in; call what waits for them if no other reading runs."""
        self._on_their_way -= 1
        while self._waiting and not self._on_their_way:
            self._waiting.pop(0)()

    def when_all_here(self, then: Callable[[], None]) -> None:
        """Call ``then`` once all awaited answers have arrived; at once if none are awaited."""
        self._waiting.append(then)
        self._on_their_way += 1
        self.arrived()

    def fields(self) -> dict[str, Any]:
        """A copy of all fields."""
        return dict(self._fields)

    def read(self) -> Contact:
        """The contact with its valid fields; invalid answers are left out."""
        return CONTACT.read(self._fields)

    def get(self, name: str) -> Any:
        """The present value of a field, None if it has no answer."""
        return self._fields.get(name)

    def text(self, name: str) -> str:
        """The value of a field as text, whatever its type; '' if it has no answer."""
        return as_text(self._fields.get(name))

    def listed(self, name: str) -> list[Any]:
        """A copy of the values of a field with several values; [] if it is no list."""
        answer = self._fields.get(name)
        return list(answer) if isinstance(answer, list) else []

    def shown(self, name: str) -> bool:
        """Whether a field is asked, given the other answers."""
        return DESCRIBED[name].shown(self.read())

    def put(self, **answers: Any) -> None:
        """Set some fields; an empty answer removes the field."""
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
        """Apply the changes of a use case (from ``before`` to ``after``), and keep everything else typed meanwhile."""
        names = {*before, *after}
        self.put(**{name: after.get(name) for name in names if before.get(name) != after.get(name)})
