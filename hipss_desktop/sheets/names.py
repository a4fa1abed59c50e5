"""Names: the names of the records here, so that a sheet can have a name where a record has an identifier.

If two records share a name, none of them is chosen. ``find`` returns the same record for the result of ``text``. Must not
know where records are stored.
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

QUOTATION_MARKS = "\"'“”„‟«»‹›‘’‚‛\u2033\u301d\u301e"
"""What may stand around a header, as spreadsheets and word processors type it."""


class Held(Protocol):
    """A record as a laptop's store or the council has it."""

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
        """Whether one person withdrew it while another amended it, and nobody has decided yet."""
        ...

    @property
    def needs_decision(self) -> bool:
        """Whether it has two versions that a person must decide between."""
        ...

    @property
    def incomplete(self) -> bool:
        """Whether part of its text is not here."""
        ...


class Names:
    """The names and telephone numbers of records; ``find`` matches both in any spelling."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._short: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._texts: dict[str, tuple[str, ...]] = {}

    def add(self, kind: Kind, record: str, fields: Fields) -> None:
        """Add a record's identifier, every text that names it and every number that it has."""
        called, read = kind.sheet.names, kind.read(fields)
        texts = tuple(called(read)) if called else (kind.title_from(read),)
        self._texts[record] = texts
        for text in (record, *texts):
            if named(text):
                self._records[kind.name, named(text)].add(record)
        for text in kind.sheet.short_names(read) if kind.sheet.short_names else ():
            self._short[kind.name, named(text)].add(record)
        for findable in kind.findable(read) if kind.findable is not None else ():
            for digits in filter(None, map(telephone.dialled, findable.numbers)):
                self._numbers[kind.name, digits].add(record)

    def add_identifier(self, kind: Kind, record: str) -> None:
        """Add a record that is only known by its identifier, as a withdrawn one is."""
        self._records[kind.name, named(record)].add(record)

    def find(self, kind: str, text: str) -> str | None:
        """The identifier of the record with this name or number, or None; raises UserError if several have it."""
        records = self._records.get((kind, named(text))) or self._short.get((kind, named(text)), set())
        if not records and telephone.is_number(text):
            records = self._numbers.get((kind, telephone.dialled(text)), set())
        if len(records) > 1:
            raise UserError(f"More than one {KINDS[kind].label.lower()} is called that here. Write a fuller name.")
        return next(iter(records), None)

    def text(self, kind: str, record: str) -> str:
        """The first name that only this record has, else its identifier."""
        for text in self._texts.get(record, ()):
            if self._records.get((kind, named(text))) == {record}:
                return " ".join(text.split())
        return record

    def name(self, record: str) -> str:
        """The first name of a record, which others may share; '' if the record is not here."""
        return next((" ".join(text.split()) for text in self._texts.get(record, ())), "")


def names_for(kind: Kind, records_of: Callable[[str], Iterable[Held]]) -> Names:
    """The names of the records that a sheet of this kind may refer to, in rows too.

    Args:
        kind: the kind of the sheet.
        records_of: returns all records of a kind, given the kind's name.
    """
    return names_of(sorted({field.options.refers_to for field in every_field(kind.fields)} & KINDS.keys()), records_of)


def names_of(kinds: Iterable[str], records_of: Callable[[str], Iterable[Held]]) -> Names:
    """The names of the records of these kinds; a withdrawn record only has its identifier."""
    names = Names()
    for referred in kinds:
        for held in records_of(referred):
            if held.withdrawn:
                names.add_identifier(KINDS[referred], held.record)
            else:
                names.add(KINDS[referred], held.record, held.fields)
    return names


def plain(text: str) -> str:
    """A text in the form compared: any case, spacing and accents, '_' as a space, without a mark at its end."""
    return " ".join(unicodedata.normalize("NFC", text).replace("_", " ").split()).rstrip("?:* ").casefold()


def is_called(kind: Kind, text: str) -> bool:
    """Whether a name of a file, of a workbook's sheet or in a command means this kind."""
    return plain(text.replace("-", " ")) in {
        plain(known.replace("-", " ")) for known in (kind.name, kind.plural, *kind.sheet.files)
    }


def header(text: str) -> str:
    """A header in the form compared: as ``plain`` and folded, without quotation marks of any kind around it."""
    return folded(plain(text.strip().strip(QUOTATION_MARKS)))


def named(text: str) -> str:
    """A name in the form compared: as ``plain``, and folded."""
    return folded(plain(text))
