"""Names: who is called what among the records already held, so that a sheet may say a name where a record holds an identifier.

A name that two records share is never guessed between. What ``text`` gives leads ``find`` back to the same record. Must
not know where records are kept.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Protocol

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records import telephone
from hipss_desktop.records.fields import Fields, every_field
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Kind


class Held(Protocol):
    """A record as a laptop's store or the council holds it."""

    @property
    def record(self) -> str:
        """Its identifier."""
        ...

    @property
    def fields(self) -> Fields:
        """Its body."""
        ...

    @property
    def withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        ...

    @property
    def disputed(self) -> bool:
        """Whether one withdrew what another amended, and nobody decided yet."""
        ...

    @property
    def needs_decision(self) -> bool:
        """Whether two versions of it wait for a person."""
        ...

    @property
    def incomplete(self) -> bool:
        """Whether part of its text is not here."""
        ...


class Names:
    """Who is called what, and who answers which telephone number; ``find`` matches in any way of writing either."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._texts: dict[str, tuple[str, ...]] = {}

    def add(self, kind: Kind, record: str, fields: Fields) -> None:
        """Hold a record's identifier, every text that names it and every number that it is rung by."""
        called, read = kind.sheet.names, kind.read(fields)
        texts = tuple(called(read)) if called else (kind.title_from(read),)
        self._texts[record] = texts
        for text in (record, *texts):
            if _named(text):
                self._records[kind.name, _named(text)].add(record)
        for one in kind.findable(read) if kind.findable is not None else ():
            for digits in filter(None, map(telephone.dialled, one.numbers)):
                self._numbers[kind.name, digits].add(record)

    def add_identifier(self, kind: Kind, record: str) -> None:
        """Hold a record that nothing but its identifier names any more, like one that was withdrawn."""
        self._records[kind.name, _named(record)].add(record)

    def find(self, kind: str, text: str) -> str | None:
        """The identifier of the record that has this name or number, or None; raises UserError when more than one has."""
        records = self._records.get((kind, _named(text)), set())
        if not records and telephone.is_number(text):
            records = self._numbers.get((kind, telephone.dialled(text)), set())
        if len(records) > 1:
            raise UserError(f"More than one {KINDS[kind].label.lower()} is called that here. Write a fuller name.")
        return next(iter(records), None)

    def text(self, kind: str, record: str) -> str:
        """The first of a record's names that is its own alone, else its identifier."""
        for text in self._texts.get(record, ()):
            if self._records.get((kind, _named(text))) == {record}:
                return " ".join(text.split())
        return record

    def name(self, record: str) -> str:
        """The first name of a record, which others may share; '' where it is not held."""
        return next((" ".join(text.split()) for text in self._texts.get(record, ())), "")


def names_for(kind: Kind, records_of: Callable[[str], Iterable[Held]]) -> Names:
    """What the records are called that a sheet of this kind may refer to, also inside rows.

    Args:
        kind: the kind of the sheet.
        records_of: all records of a kind by its name.
    """
    return names_of(sorted({field.options.refers_to for field in every_field(kind.fields)} & KINDS.keys()), records_of)


def names_of(kinds: Iterable[str], records_of: Callable[[str], Iterable[Held]]) -> Names:
    """What the records of these kinds are called; one that was withdrawn has its identifier alone."""
    names = Names()
    for referred in kinds:
        for held in records_of(referred):
            if held.withdrawn:
                names.add_identifier(KINDS[referred], held.record)
            else:
                names.add(KINDS[referred], held.record, held.fields)
    return names


def plain(text: str) -> str:
    """A key as it is compared: any case, spacing and spelling of an accent, '_' for a space, no mark at its end."""
    return " ".join(unicodedata.normalize("NFC", text).replace("_", " ").split()).rstrip("?:* ").casefold()


def header(text: str) -> str:
    """A header as it is compared: plain, and whichever apostrophe stands in it: a spreadsheet types the straight one."""
    return plain(text).replace("’", "'")


def _named(text: str) -> str:
    """A name as it is compared: as a header is, and folded."""
    return folded(plain(text))
