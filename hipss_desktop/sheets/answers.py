"""Answers: a record's fields written by a person as JSON, converted to the form in which a record stores them.

An answer that is already in stored form is left unchanged. Words are read as in a sheet's cell: a label as its code, and a
name as the record with that name. A time without an offset is United Kingdom local time. Unknown codes and names are
refused, because the signed record would be found by nobody, or start no clock. Must not write.
"""

import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records.fields import Field, Fields, Problem, is_nothing
from hipss_desktop.records.kind import Author, Kind
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.names import Held, Names, named, names_of

LISTS = {"codes": "code", "references": "reference"}
"""The types of lists and the type of their entries, if an entry may be converted."""
AS_WRITTEN = ("text", "phone", "strokes", "rows")
"""The types whose text is stored as it was written; text in place of rows cannot be read."""


class KnownRecord(Protocol):
    """A record of which only the kind is needed."""

    @property
    def kind(self) -> str:
        """The name of its kind."""
        ...


class Answers:
    """Reads answers of records from JSON; ``problems`` are unreadable answers, ``unknown`` are names that no field has."""

    def __init__(
        self,
        record_named: Callable[[str], KnownRecord | None],
        records_of: Callable[[str], list[Any]],
        author: Author,
    ) -> None:
        """Make a reader; ``record_named`` finds a record by its identifier, ``records_of`` returns all records of a kind.

        ``author`` is the person who writes: a laptop that joined no council yet has no record of them.
        """
        self._author = author
        self._record_named = record_named
        self._names: Callable[[str], Names] = cache(lambda kind: names_of([kind], _held(records_of)))
        self.problems: list[Problem] = []
        self.unknown: list[str] = []

    def read(self, kind: Kind, written: Fields, before: Fields | None = None) -> dict[str, Any]:
        """The fields of a record from what was written; answers that ``before`` already has are left unchanged."""
        return self._fields(kind.by_name, written, before or {}, "")

    def read_row(self, field: Field, row: Fields) -> dict[str, Any]:
        """The answers of one row of a list."""
        return self._fields({inner.name: inner for inner in field.rows}, row, {}, f"{field.name}/{row.get('id', '')}/")

    def _fields(self, described: Mapping[str, Field], written: Fields, before: Fields, prefix: str) -> dict[str, Any]:
        answers = dict(written)
        self.unknown += [prefix + name for name in written if name not in described and not (prefix and name == "id")]
        for name, field in described.items():
            if name in written and written[name] != before.get(name):
                answers[name] = self._answer(field, written[name], before.get(name), prefix + name)
        return answers

    def _answer(self, field: Field, value: Any, before: Any, path: str) -> Any:
        if field.type == "rows" and isinstance(value, list):
            stood = before if isinstance(before, list) else []
            return [self.read_row(field, row) if isinstance(row, dict) and row not in stood else row for row in value]
        if field.type in LISTS and isinstance(value, (list, str)):
            entries = value if isinstance(value, list) else [value]
            return [self._word(field, LISTS[field.type], entry, path) for entry in entries]
        return self._word(field, field.type, value, path)

    def _word(self, field: Field, type_: str, value: Any, path: str) -> Any:
        """One answer, converted if it is text that a record stores in another form."""
        if not isinstance(value, str) or is_nothing(value) or type_ in AS_WRITTEN:
            return value
        try:
            if type_ == "code":
                return _code(field, value)
            if type_ == "reference":
                return self.reference(field.options.refers_to, value)
            return value if cells.fits(field, value) else cells.read(field, value, self.reference)
        except UserError as refused:
            self.problems.append(Problem(path, str(refused)))
            return value

    def reference(self, kind: str, text: str) -> str:
        """The record that an identifier or a name means; a record of another laptop can only be given by its identifier.

        Raises:
            UserError: no record here has that name, several have it, or the record is of another kind.
        """
        record = self._record_named(text)
        if record is not None and record.kind == kind:
            return text
        called = self._names(kind).find(kind, text)
        if called is not None:
            return called
        if kind == PRACTITIONER.name and named(text) == named(self._author.name):
            return self._author.person
        label = KINDS[kind].label
        if record is not None:
            raise UserError(f"This is no {label.lower()}. Write the name or the identifier of one.")
        if not _is_identifier(text):
            raise UserError(f"No {label.lower()} is called that here. Write the whole name, or the identifier.")
        return text


def _held(records_of: Callable[[str], list[Any]]) -> Callable[[str], list[Held]]:
    return lambda kind: list(records_of(kind))


def _code(field: Field, text: str) -> str:
    code = field.choices.read(text)
    if code is None:
        raise UserError(f"Use one of: {', '.join(listed.code for listed in field.choices.codes)}")
    return code


def _is_identifier(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
