"""How a record kind is described, once.

A kind is one ``msgspec`` struct whose fields carry ``field(...)``: label, hint, choices, what is needed to finish, when a
field shows, whom it names. ``Kind`` reads that description; forms, messages, search words, the wire schema, CSV columns
and field-level differences are derived from it. The struct describes: a record's body stays the mapping that was signed
and is read leniently, so that an unknown field or code is kept and shown. Must not know Qt, SQL or HTTP.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import msgspec

from hipss_desktop import times
from hipss_desktop.records.codes import CodeList, code_list

Fields = Mapping[str, Any]
FieldType = Literal[
    "text", "code", "codes", "ref", "refs", "instant", "day", "phone", "flag", "number", "lines", "rows"
]
Person = Literal["child", "carer", "third"]
Shows = Callable[[Fields], bool]
Role = Literal["on_call", "supervising", "lead", "manager", "commissioner", "administrator", "council"]


@dataclass(frozen=True)
class Problem:
    """Something that keeps a record from being finished: the field's path and a sentence that says how to mend it."""

    field: str
    message: str


@dataclass(frozen=True)
class FieldOptions:
    """What a field says of itself beside its label and hint."""

    choices: str = ""
    refers_to: str = ""
    format: Literal["", "instant", "day", "phone"] = ""
    required: str = ""
    shown_if: Shows | None = None
    names: Person | None = None
    lines: int = 1
    group: str = ""
    searchable: bool = True


def field(
    label: str,
    hint: str = "",
    *,
    choices: str = "",
    refers_to: str = "",
    format: Literal["", "instant", "day", "phone"] = "",  # noqa: A002  the standard term
    required: str = "",
    shown_if: Shows | None = None,
    names: Person | None = None,
    lines: int = 1,
    group: str = "",
    searchable: bool = True,
) -> msgspec.Meta:
    """Describe a field inside ``Annotated``.

    Args:
        label: what stands beside the field.
        hint: what stands under it.
        choices: the code list (``resources/codes``) its value is chosen from.
        refers_to: the kind of record whose identifier it holds.
        format: for text, what the text must read as.
        required: the sentence shown when a finish finds the field empty; empty when it may stay empty.
        shown_if: whether the field is asked for at all, from the other fields.
        names: whether the text names a child, a carer or a third person (for redaction and search).
        lines: how many lines the field is high.
        group: fields of one group mean something only together and are amended together.
        searchable: whether full-text search finds its words.
    """
    said = FieldOptions(choices, refers_to, format, required, shown_if, names, lines, group, searchable)
    extra: dict[str, Any] = {}
    if choices:
        extra["x-choices"] = choices
    if refers_to:
        extra["x-refers"] = refers_to
    if format:
        extra["x-form"] = format
    if required:
        extra["x-needed-to-finish"] = required
    return msgspec.Meta(title=label, description=hint or None, extra={"options": said}, extra_json_schema=extra or None)


@dataclass(frozen=True)
class Field:
    """One described field of a kind, or of a row inside one."""

    name: str
    label: str
    hint: str
    type: FieldType
    options: FieldOptions
    rows: tuple["Field", ...] = ()

    @property
    def choices(self) -> CodeList:
        """The code list of a coded field."""
        return code_list(self.options.choices)

    def shown(self, fields: Fields) -> bool:
        """Whether the field is asked for, given the others."""
        return self.options.shown_if is None or self.options.shown_if(fields)

    def words(self, value: Any) -> str:
        """The value as a person reads it; an unknown code or shape is shown as it stands."""
        if value is None or value in ("", []):
            return ""
        if self.type == "code":
            return self.choices.label(str(value))
        if self.type == "codes" and isinstance(value, list):
            return ", ".join(self.choices.label(str(each)) for each in value)
        if self.type == "flag":
            return "Yes" if value is True else "No"
        if self.type == "instant":
            return _instant_words(str(value))
        if self.type == "day":
            return _day_words(str(value))
        if self.type == "rows" and isinstance(value, list):
            return "\n".join(self.row_words(row) for row in value)
        if isinstance(value, list):
            return "\n".join(str(each) for each in value)
        return str(value)

    def row_words(self, row: Any) -> str:
        """One row of a list field in one line."""
        if not isinstance(row, Mapping):
            return str(row)
        parts = ((each, each.words(row.get(each.name))) for each in self.rows)
        return ", ".join(_row_part(each, words) for each, words in parts if words and words != "No")


def _row_part(each: "Field", words: str) -> str:
    """A flag reads as its label; a date or number is told apart by it; a name, number to ring or text speaks for itself."""
    if each.type == "flag":
        return each.label
    return f"{each.label} {words}" if each.type in ("day", "number") else words


def _instant_words(text: str) -> str:
    try:
        moment = times.instant(text)
    except ValueError:
        return text
    return f"{times.with_zone(moment)}, {times.long_day(times.local_day(moment))}"


def _day_words(text: str) -> str:
    try:
        return times.long_day(times.day(text))
    except ValueError:
        return text


Check = Callable[[Fields, datetime], Iterable[Problem]]
Title = Callable[[Fields], str]


@dataclass(frozen=True)
class Upgrade:
    """How a body of one schema version is read in the next: fields that were renamed, values that are read anew.

    ``renamed`` maps old names to new ones; ``converted`` maps new names to a function of the old value.
    """

    renamed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    converted: Mapping[str, Callable[[Any], Any]] = dataclasses.field(default_factory=dict)

    def fields(self, fields: Fields) -> dict[str, Any]:
        """The fields as the next version names them; a field this upgrade does not know is kept."""
        named = {self.renamed.get(name, name): value for name, value in fields.items()}
        return {name: self.converted[name](value) if name in self.converted else value for name, value in named.items()}

    def unit(self, unit: str) -> str:
        """A changed unit as the next version names it."""
        name, slash, row = unit.partition("/")
        return self.renamed.get(name, name) + slash + row


def _never_due(fields: Fields) -> str:
    return ""


def _no_terms(fields: Fields) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True)
class Kind:
    """A described kind of record.

    Attributes:
        name: what the wire and the store call it.
        label, plural: what the screens call it.
        struct: the typed description.
        version: the schema version that new revisions carry.
        title: a record's name in lists, computed from its fields.
        when: the field that dates a record in a timeline ("" when it has none).
        write, read: the roles that may.
        checks: validators beyond "needed", each returning every problem it sees.
        upgrades: for each older version, how its body is read in the next; kept for ever.
        key: the fields that make an imported row the same record again.
        due: while a record is open, the instant it is due; '' once it is not.
        index_terms: (mark, person) pairs under which a record is found beside the fields that refer to that person.
    """

    name: str
    label: str
    plural: str
    struct: type[msgspec.Struct]
    title: Title
    write: frozenset[Role]
    read: frozenset[Role]
    version: int = 1
    when: str = ""
    checks: tuple[Check, ...] = ()
    upgrades: Mapping[int, Upgrade] = dataclasses.field(default_factory=dict)
    key: tuple[str, ...] = ()
    due: Callable[[Fields], str] = _never_due
    index_terms: Callable[[Fields], Iterable[tuple[str, str]]] = _no_terms

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields, in the order of the description."""
        return described(self.struct)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return types.MappingProxyType({each.name: each for each in self.fields})

    def group_of(self, name: str) -> tuple[str, ...]:
        """The fields that are amended together with this one, itself among them."""
        here = self.by_name.get(name)
        if here is None or not here.options.group:
            return (name,)
        return tuple(each.name for each in self.fields if each.options.group == here.options.group)

    def upgraded(self, version: int, fields: Fields, changed: list[str]) -> tuple[Fields, list[str]]:
        """An older body as today's description names it; a newer body is left as it is."""
        for older in range(version, self.version):
            step = self.upgrades.get(older, Upgrade())
            fields, changed = step.fields(fields), [step.unit(unit) for unit in changed]
        return fields, changed

    def problems(self, fields: Fields, now: datetime) -> list[Problem]:
        """Everything that keeps these fields from being finished, in field order."""
        found: list[Problem] = []
        # Conditions and checks of a kind take their fields' shapes for granted; what has another is reported as such.
        unfit = {each.field for each in self.unreadable(fields)}
        fit = {name: value for name, value in fields.items() if name not in unfit}
        for each in self.fields:
            if each.shown(fit):
                found += _field_problems(each, fields, each.name)
        for check in self.checks:
            found += check(fit, now)
        order = {each.name: place for place, each in enumerate(self.fields)}
        unique = {(each.field, each.message): each for each in found}
        return sorted(unique.values(), key=lambda each: order.get(each.field.split("/")[0], len(order)))

    def unreadable(self, fields: Fields) -> list[Problem]:
        """The fields whose value cannot be read as what they hold, in field order; unknown fields are no problem."""
        held = [(each, fields.get(each.name)) for each in self.fields]
        return [
            Problem(each.name, words)
            for each, value in held
            if not empty(value) and (words := _shape_problem(each, value))
        ]

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a body's fields."""
        return msgspec.json.schema(self.struct)


def empty(value: Any) -> bool:
    """Whether a field holds nothing: no text, no choice, no rows (a flag that is off holds nothing)."""
    return value is None or value is False or value == [] or (isinstance(value, str) and not value.strip())


def _field_problems(each: Field, fields: Fields, path: str) -> list[Problem]:
    value: Any = fields.get(each.name)
    if empty(value):
        return [Problem(path, each.options.required)] if each.options.required else []
    shaped = _shape_problem(each, value)
    if shaped:
        return [Problem(path, shaped)]
    if each.type != "rows":
        return []
    found: list[Problem] = []
    for row in value:
        for inner in each.rows:
            if inner.shown(row):
                found += _field_problems(inner, row, f"{path}/{row.get('id', '')}/{inner.name}")
    return found


def _shape_problem(each: Field, value: Any) -> str:
    """The sentence for a value that cannot be read as its field's shape, or ''. Unknown codes pass: they are kept."""
    name = each.label.rstrip("?").lower()
    listed = each.type in ("codes", "refs", "lines", "rows")
    if listed != isinstance(value, list):
        return f"Enter {name} again. It cannot be read."
    if each.type == "rows" and not all(isinstance(row, Mapping) and row.get("id") for row in value):
        return f"Enter {name} again. A row cannot be read."
    if each.type == "flag" and not isinstance(value, bool):
        return f"Answer {name} with yes or no"
    if each.type == "number" and (isinstance(value, bool) or not isinstance(value, int)):
        return f"Enter {name} as a whole number"
    if each.type == "instant" and not _reads(times.instant, value):
        return f"Enter {name} as a date and time, like 14/03/2017 02:14"
    if each.type == "day" and not _reads(times.day, value):
        return f"Enter {name} as a date, like 14/03/2017"
    if each.type in ("text", "code", "ref", "phone") and not isinstance(value, str):
        return f"Enter {name} as text"
    if each.type == "phone" and sum(c.isdigit() for c in value) < 3:
        return f"Enter {name} as a telephone number, like 01632 960174"
    return ""


def _reads(read: Callable[[str], object], value: Any) -> bool:
    try:
        read(value)
    except (ValueError, TypeError):
        return False
    return True


def described(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields that a struct describes."""
    hints = typing.get_type_hints(struct, include_extras=True)
    return tuple(_field(name, hints[name]) for name in struct.__struct_fields__ if name != "id")


def _field(name: str, annotation: Any) -> Field:
    base, meta = typing.get_args(annotation)
    said: FieldOptions = meta.extra["options"]
    inner = typing.get_args(base)[0] if typing.get_origin(base) is list else None
    rows = described(inner) if inner is not None and issubclass(inner, msgspec.Struct) else ()
    return Field(name, meta.title, meta.description or "", _shape(base, inner, said), said, rows)


def _shape(base: Any, inner: Any, said: FieldOptions) -> FieldType:
    if inner is not None:
        if said.choices:
            return "codes"
        if said.refers_to:
            return "refs"
        return "lines" if inner is str else "rows"
    if base is bool:
        return "flag"
    if base is int:
        return "number"
    if said.choices:
        return "code"
    if said.refers_to:
        return "ref"
    return said.format or "text"
