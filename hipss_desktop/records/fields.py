"""Fields: the description of a field, and how one value of a record's body is read, worded and checked.

A field is written in a ``msgspec`` struct as ``Annotated[type, field(...)]``; its type follows from its Python type. A body
is the mapping that was signed and is never corrected. ``Field.read`` alone decides which values fit; a value that does not
fit is read as empty. ``read_whole`` gives the same result faster. Must not know any kind of record, nor Qt, SQL or HTTP.
"""

import functools
import itertools
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from hipss_desktop import times
from hipss_desktop.decoding import readable
from hipss_desktop.records import paragraphs, strokes, telephone
from hipss_desktop.records.codes import CodeList, code_list
from hipss_desktop.records.describing import FieldOptions
from hipss_desktop.records.describing import field as field  # noqa: PLC0414  kinds take all that describes a field from here

Fields = Mapping[str, Any]
"""A record's body: field name to value, as it was signed."""
FieldType = Literal[
    "text", "code", "codes", "reference", "references", "instant", "day", "phone", "tick", "yes_no", "number", "lines",
    "rows", "strokes",
]  # fmt: skip
"""A "tick" has meaning only when it is on; "yes_no" is a question whose "No" is an answer."""
Namer = Callable[[str], str]
"""A function from a record's identifier to its name."""

Struct = type[msgspec.Struct]
"""The description of a kind, or of a row."""

FIRST_YEAR, LAST_YEAR = 1900, 2999
LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that every JSON reader represents exactly (RFC 8259 section 6)."""


@dataclass(frozen=True)
class Problem:
    """Something that prevents a record from being finished: the field's path and a sentence that says how to correct it."""

    field: str
    message: str


def parts_of(path: str) -> tuple[str, str, str]:
    """The field, the row in it and the row's field that a problem's path names; '' for a part that is missing."""
    name, _, inner = path.partition("/")
    row, _, row_field = inner.partition("/")
    return name, row, row_field


A_MOMENT = timedelta(minutes=1)
"""The time by which a moment may be ahead of this clock before it counts as in the future."""


def _bare(phrase: str) -> str:
    """The name of a row, without its article."""
    article, _, noun = phrase.partition(" ")
    return noun if article in ("a", "an", "the") else phrase


class _Unreadable:
    """The result of reading a value that does not fit its field."""


UNREADABLE = _Unreadable()


@dataclass(frozen=True)
class Misfit:
    """An answer that cannot be read: its path ("born", "phones/<row id>/number") and its field."""

    path: str
    field: "Field"


SEARCHED = ("text", "phone", "lines", "rows", "codes")
"""The types of answers whose words full-text search finds."""


@dataclass(frozen=True)
class Field:
    """One described field of a kind, or of a row inside one; ``row`` and ``rows`` describe the rows of a list."""

    name: str
    label: str
    hint: str
    type: FieldType
    options: FieldOptions
    row: Struct | None = None
    rows: tuple["Field", ...] = ()

    def is_searched(self, *, inside: bool) -> bool:
        """Whether search finds its words; a single code is searched only ``inside`` a row, as in "Allergy, nuts"."""
        return self.options.searchable and (self.type in SEARCHED or (inside and self.type == "code"))

    @functools.cached_property
    def searched_rows(self) -> tuple["Field", ...]:
        """The fields of its rows whose words search finds."""
        return tuple(field for field in self.rows if field.is_searched(inside=True))

    @functools.cached_property
    def doubtful_rows(self) -> "Doubtful":
        """The result of ``doubtful`` for the fields of its rows."""
        return doubtful(self.rows)

    @functools.cached_property
    def by_paragraph(self) -> bool:
        """Whether its rows are the paragraphs of one long text (``records.paragraphs``)."""
        return self.row is not None and issubclass(self.row, paragraphs.Paragraph)

    @functools.cached_property
    def is_exact(self) -> bool:
        """Whether it is a name, a number or a key, of which invisible marks are no part."""
        named = self.options.names is not None and self.options.lines == 1
        return self.type == "phone" or (self.type in ("text", "lines") and (named or self.options.exact))

    @functools.cached_property
    def refers(self) -> bool:
        """Whether the field or a field of its rows refers to other records."""
        return bool(self.options.refers_to) or any(field.refers for field in self.rows)

    @property
    def choices(self) -> CodeList:
        """The code list of a coded field."""
        return code_list(self.options.choices)

    @property
    def adds(self) -> str:
        """The words of the button that adds a row: "Add a follow-up"."""
        return f"Add {self.options.row_name}" if self.options.row_name else f"Add to ‘{self.label}’"

    @property
    def added(self) -> str:
        """The message after a row was added: "Added a follow-up"."""
        return f"Added{self.adds.removeprefix('Add')}"

    @property
    def new_row(self) -> str:
        """The name of a row that is being added: "new follow-up"."""
        return f"new {_bare(self.options.row_name)}" if self.options.row_name else f"new row of {self.label}"

    def row_named(self, number: int) -> str:
        """The name of one of several rows: "Follow-up 2"."""
        noun = _bare(self.options.row_name)
        return f"{noun[:1].upper()}{noun[1:]} {number}" if noun else f"{self.label}, row {number}"

    def shown(self, record: Any) -> bool:
        """Whether the field is asked for, given the record (or row) as read."""
        return self.options.shown_if is None or self.options.shown_if(record)

    def read(self, value: Any, misfits: list[Misfit] | None = None, path: str = "") -> Any:
        """The value as the struct's type; UNREADABLE if it does not fit or is empty.

        A value that does not fit is added to ``misfits``, with its path. Of a list, the parts that fit are read. Never
        raises.
        """
        if is_nothing(value):
            return UNREADABLE
        path = path or self.name
        read = _rows if self.type == "rows" else _LISTS.get(self.type)
        if read is not None:
            return read(self, value, misfits, path)
        typed_value = _READERS[self.type](value)
        if typed_value is UNREADABLE and misfits is not None:
            misfits.append(Misfit(path, self))
        return typed_value

    def is_empty(self, value: Any) -> bool:
        """Whether the field has no answer: a tick that is off is empty, the "No" of a question is not.

        A text by paragraph is empty if no paragraph has words, whatever marks they have.
        """
        if self.by_paragraph and isinstance(value, list):
            return all(self.is_blank(row) for row in value)
        return is_nothing(value) or (value is False and self.type == "tick")

    def is_blank(self, row: Any) -> bool:
        """Whether a paragraph has no words, and nothing that is unreadable or unknown to this version."""
        if not isinstance(row, Mapping) or not is_nothing(row.get(paragraphs.TEXT)):
            return False
        misfits: list[Misfit] = []
        _rows(self, [row], misfits, self.name)
        return not misfits and {"id", *(inner.name for inner in self.rows)}.issuperset(row)

    def refusal(self) -> str:
        """The message for a value that does not fit this field."""
        name = self.label.rstrip("?").lower()
        return {
            "tick": f"Answer {name} with yes or no",
            "yes_no": f"Answer {name} with yes or no",
            "number": f"Enter {name} as a whole number",
            "instant": f"Enter {name} as a date and time, like 14/03/2017 02:14",
            "day": f"Enter {name} as a date, like 14/03/2017",
            "strokes": f"Draw {name} again. What was drawn cannot be read.",
        }.get(self.type, f"Enter {name} again. It cannot be read.")

    def complaint(self, value: Any, now: datetime) -> str:
        """The reason why a readable value may not be finished at a moment, '' if it may."""
        read = _READERS[self.type](value) if self.options.past else None
        if isinstance(read, datetime):
            return "Enter a time that is not in the future" if read > now + A_MOMENT else ""
        if isinstance(read, date):
            return "Enter a day that is not in the future" if read > times.local_day(now) else ""
        if self.type == "number":
            return self._number_complaint(value)
        return self._phone_complaint(value) if self.type == "phone" else ""

    def _phone_complaint(self, value: str) -> str:
        if telephone.has_lost_digits(value):
            return "A spreadsheet shortened this number and digits are lost. Enter the whole number, like 01632 960174"
        if sum(character.isdigit() for character in value) < telephone.LEAST_DIGITS:
            return f"Enter {self.label.rstrip('?').lower()} as a telephone number, like 01632 960174"
        return ""

    def _number_complaint(self, value: int) -> str:
        least, most = self.options.least, self.options.most
        if (least is None or value >= least) and (most is None or value <= most):
            return ""
        if most is None:
            return f"Enter a number that is not below {least}"
        return (
            f"Enter a number from {least} to {most}"
            if least is not None
            else f"Enter a number that is not above {most}"
        )

    def words(self, value: Any, name: Namer | None = None) -> str:
        """The value in words; an unknown code, or a value that does not fit, is shown unchanged.

        Args:
            value: the value in a body.
            name: gives the name of a record that the field refers to; without it identifiers are shown.
        """
        if self.is_empty(value):
            return ""
        if self.type == "rows":
            if not isinstance(value, list):
                return as_text(value)
            rows = (
                [row for row in paragraphs.rows_in_order(value) if not self.is_blank(row)]
                if self.by_paragraph
                else value
            )
            return "\n".join(self.row_words(row, name) for row in rows)
        if isinstance(value, list):
            return self.separator.join(self._word(entry, name) for entry in value)
        return self._word(value, name)

    @property
    def separator(self) -> str:
        """The separator between the entries of a list in words: "lines" are separated by line ends."""
        return "\n" if self.type == "lines" else ", "

    def _word(self, value: Any, name: Namer | None) -> str:
        """One value in words."""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if not isinstance(value, str):
            return as_text(value)
        if self.options.choices:
            return self.choices.label(value)
        if self.type == "phone":
            return telephone.grouped(value)
        if self.type == "strokes":
            drawn = strokes.read(value)
            return strokes.words(drawn) if drawn is not None else value
        if self.options.refers_to and name is not None:
            return name(value)
        read = _READERS[self.type](value) if self.type in ("instant", "day") else UNREADABLE
        if isinstance(read, datetime):
            return f"{times.with_zone(read)}, {times.long_day(times.local_day(read))}"
        return times.long_day(read) if isinstance(read, date) else value

    def row_words(self, row: Any, name: Namer | None = None) -> str:
        """A row of a list in one line; a paragraph has its mark before its words and the other answers after them."""
        if not isinstance(row, Mapping):
            return as_text(row)
        if self.by_paragraph:
            return self._paragraph_words(row, name)
        return ", ".join(
            _row_part(inner, words) for inner in self.rows if (words := inner.words(row.get(inner.name), name))
        )

    def _paragraph_words(self, row: Fields, name: Namer | None) -> str:
        marked_text = paragraphs.marked(as_text(row.get(paragraphs.MARK)), as_text(row.get(paragraphs.TEXT)))
        own = (paragraphs.PLACE, paragraphs.MARK, paragraphs.TEXT)
        more = [
            _row_part(inner, words)
            for inner in self.rows
            if inner.name not in own and (words := inner.words(row.get(inner.name), name))
        ]
        return f"{marked_text} ({', '.join(more)})" if more else marked_text


def _row_part(inner: Field, words: str) -> str:
    """A row's answer in words: a tick as its label, a date or number with its label, anything else without."""
    if inner.type == "tick" and words == "Yes":
        return inner.label
    return f"{inner.label} {words}" if inner.type in ("day", "number", "yes_no") else words


def is_nothing(value: Any) -> bool:
    """Whether a value is empty in any field: absent, blank text, an empty list."""
    return value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, list) and not value)


def as_text(value: Any) -> str:
    """Any value as text: text unchanged, other values as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


# --- what fits ---


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else UNREADABLE


def _strokes(value: Any) -> Any:
    return value if isinstance(value, str) and strokes.read(value) is not None else UNREADABLE


def _truth(value: Any) -> Any:
    return value if isinstance(value, bool) else UNREADABLE


def _number(value: Any) -> Any:
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER
    return value if fits else UNREADABLE


def _instant(value: Any) -> Any:
    try:
        return times.instant(value)
    except (ValueError, TypeError, OverflowError):
        return UNREADABLE


def _day(value: Any) -> Any:
    try:
        day = times.day(value)
    except (ValueError, TypeError):
        return UNREADABLE
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else UNREADABLE


_READERS: Mapping[FieldType, Callable[[Any], Any]] = {
    "text": _text, "code": _text, "reference": _text, "phone": _text, "tick": _truth, "yes_no": _truth,
    "number": _number, "instant": _instant, "day": _day, "strokes": _strokes,
}  # fmt: skip


def _texts(field: Field, value: Any, misfits: list[Misfit] | None, path: str) -> Any:
    texts = [text for text in value if isinstance(text, str)] if isinstance(value, list) else UNREADABLE
    if misfits is not None and (isinstance(texts, _Unreadable) or len(texts) < len(value)):
        misfits.append(Misfit(path, field))
    return texts


def _rows(field: Field, value: Any, misfits: list[Misfit] | None, path: str) -> Any:
    if not isinstance(value, list):
        if misfits is not None:
            misfits.append(Misfit(path, field))
        return UNREADABLE
    structs, ids = [], set[str]()
    for row in value:
        identifier = row.get("id") if isinstance(row, Mapping) else None
        # Of two rows with one id only the first counts, as in the fold: the second would be signed but never shown.
        if isinstance(identifier, str) and identifier and identifier not in ids:
            ids.add(identifier)
            structs.append(read_struct(typing.cast(Any, field.row), field.rows, row, misfits, f"{path}/{identifier}/"))
        elif misfits is not None:
            misfits.append(Misfit(path, field))
    return structs


_LISTS: Mapping[FieldType, Callable[[Field, Any, list[Misfit] | None, str], Any]] = {
    "codes": _texts, "references": _texts, "lines": _texts,
}  # fmt: skip


def read_struct(
    record: Callable[..., Any], fields: tuple[Field, ...], body: Fields, misfits: list[Misfit] | None, prefix: str = ""
) -> Any:
    """Read a struct from a body field by field; a value that does not fit becomes the struct's default, which is empty."""
    values: dict[str, Any] = {"id": body["id"]} if prefix else {}
    for described in fields:
        value = body.get(described.name)
        if (
            value is not None
            and (typed_value := described.read(value, misfits, prefix + described.name)) is not UNREADABLE
        ):
            values[described.name] = typed_value
    return record(**values)


Doubtful = Mapping[str, Field]
"""The fields of a struct that ``msgspec`` may read differently from ``Field.read``, by name; see ``doubtful``."""


def doubtful(fields: tuple[Field, ...]) -> Doubtful:
    """The fields that are moments, days, numbers, drawings or rows. ``msgspec`` also reads blank texts differently."""
    return {field.name: field for field in fields if field.type in ("instant", "day", "number", "strokes", "rows")}


def read_whole(record: Callable[..., Any], fields: tuple[Field, ...], body: Fields, doubtful: Doubtful) -> Any:
    """Read a struct as ``read_struct`` does, but at once if every answer fits, as nearly all do: lists read dozens of records.

    Args:
        record: the struct.
        fields: all its fields.
        body: the body to read.
        doubtful: the fields that are compared one by one.
    """
    try:
        struct = msgspec.convert(body, readable(typing.cast(Any, record)))
    except (msgspec.ValidationError, OverflowError, RecursionError):
        return read_struct(record, fields, body, None)
    return struct if _read_alike(doubtful, struct, body) else read_struct(record, fields, body, None)


def _read_alike(doubtful: Doubtful, struct: msgspec.Struct, body: Fields) -> bool:
    """Whether ``Field.read`` would read every answer alike; not a blank text, a moment without offset, or rows with one id."""
    for name, value in body.items():
        if name in doubtful:
            field, answer = doubtful[name], getattr(struct, name)
            if not answer:
                continue
            if field.type == "rows":
                if not _rows_alike(field, answer, value):
                    return False
            elif _READERS[field.type](value) != answer:
                return False
        elif value.__class__ is str and value.isspace():
            return False
    return True


def _rows_alike(field: Field, rows: list[Any], bodies: list[Fields]) -> bool:
    """Whether all rows of a list have ids of their own and ``Field.read`` would read them alike."""
    ids = {row.id for row in rows}
    if "" in ids or len(ids) < len(rows):
        return False
    return all(map(_read_alike, itertools.repeat(field.doubtful_rows), rows, bodies))


# --- from a struct to its fields ---


def described(struct: Struct) -> tuple[Field, ...]:
    """The fields that a struct describes, in their order."""
    hints = typing.get_type_hints(struct, include_extras=True)
    return tuple(_field(name, hints[name]) for name in struct.__struct_fields__ if name != "id")


def _field(name: str, annotation: Any) -> Field:
    base, meta = typing.get_args(annotation)
    options: FieldOptions = meta.extra["options"]
    inner = typing.get_args(base)[0] if typing.get_origin(base) is list else None
    row = inner if inner is not None and issubclass(inner, msgspec.Struct) else None
    rows = described(row) if row is not None else ()
    return Field(name, meta.title, meta.description or "", _type(base, inner, options), options, row, rows)


_TYPED: Mapping[Any, FieldType] = {int: "number", datetime: "instant", date: "day"}


def _type(base: Any, inner: Any, options: FieldOptions) -> FieldType:
    if inner is not None:
        if options.choices:
            return "codes"
        if options.refers_to:
            return "references"
        return "lines" if inner is str else "rows"
    optional = typing.get_origin(base) in (types.UnionType, typing.Union)
    plain = next(argument for argument in typing.get_args(base) if argument is not types.NoneType) if optional else base
    if plain is bool:
        return "yes_no" if optional else "tick"
    if plain in _TYPED:
        return _TYPED[plain]
    if options.choices:
        return "code"
    if options.refers_to:
        return "reference"
    return options.format or "text"


def every_field(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The fields and the fields of their rows."""
    for described in fields:
        yield described
        yield from every_field(described.rows)
