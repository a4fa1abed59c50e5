"""Kinds: the description of a kind of record, from which forms, lists, pages, search, sheets and exchange are derived.

A kind has a ``msgspec`` struct whose fields are described (``records.fields``). It names the fields that date, title, list
and finish its records. ``read`` returns the struct and never raises; the signed body is kept beside it, and every later
version starts from the body. Must not know any kind, nor Qt, SQL or HTTP.
"""

import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, Literal, Protocol, cast

import msgspec
from typing_extensions import TypeVar

from hipss_desktop.identity import LONGEST_PREFIX
from hipss_desktop.records.fields import (
    Doubtful,
    Field,
    Fields,
    FieldType,
    Misfit,
    Problem,
    described,
    doubtful,
    is_nothing,
    read_struct,
    read_whole,
)
from hipss_desktop.records.others import Disagreement, Others
from hipss_desktop.records.references import Reference, references
from hipss_desktop.records.unseen import tidied

Role = Literal["on_call", "supervising", "lead", "manager", "commissioner", "administrator", "council"]
R = TypeVar("R", default=Any)
"""The struct of a kind."""
RESTRICTED_PREFIX = "R"
"""The reference prefix of all restricted kinds; no other kind may have it."""
NOT_RECORDED = "Not recorded"
WORDS: tuple[FieldType, ...] = ("text", "lines", "rows", "phone")
"""The types of field in which people write words."""


class HasBody(Protocol):
    """A record as a store gives it: its kind's name and its body."""

    @property
    def kind(self) -> str:
        """The kind's name."""
        ...

    @property
    def fields(self) -> Fields:
        """The body."""
        ...


@dataclass(frozen=True)
class Author:
    """The person who finishes a record: their identifier and the name that colleagues know."""

    person: str
    name: str


@dataclass(frozen=True)
class Finish:
    """The facts that a kind's ``fills_in`` and ``makes`` may use beside the record itself.

    Attributes:
        record: the record's identifier.
        author: who finishes, amends or adds a row.
        now: the present moment, with its offset.
        call_started, call_ended: the times of the draft's call timer, None if it did not run or is still running.
    """

    record: str
    author: Author
    now: datetime
    call_started: datetime | None = None
    call_ended: datetime | None = None


@dataclass(frozen=True)
class NewRecord:
    """A record that finishing another one makes.

    ``key`` is the row or code that it comes from. Its identifier is computed from the record and the key, so that two
    laptops make the same record.
    """

    kind: str
    key: str
    fields: Fields


@dataclass(frozen=True)
class Section:
    """A part of a long form: its title and the names of its fields."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """A stage of a record.

    Attributes:
        code: a code of the stage field's code list, which has its label.
        movers: the roles that may move a record to this stage.
        requires: the fields that a record at this stage must answer, each with the message if it is empty.
        makes: the records that moving a record to this stage makes.
        verb: the label of the button that moves a record here ("Reopen"), '' for a stage without a button.
        again: the button that changes the stage's answers while a record is here ("Move the day"), '' if it is amended.
        reason: the question for the reason of the move, '' if the other answers are reason enough: the verb is
            then the reason.
        asks: the fields that the button asks for.
        checks: checks of the answers of a person who moves a record here. They do not apply to an import, to an amendment of a
            record that is here already, or to undoing a move.
    """

    code: str
    movers: frozenset[Role]
    requires: Mapping[str, str] = attribute(default_factory=dict)
    makes: Callable[[Any, Finish], Iterable[NewRecord]] | None = None
    verb: str = ""
    again: str = ""
    reason: str = ""
    asks: tuple[str, ...] = ()
    checks: tuple[Callable[[Any, datetime], Iterable[Problem]], ...] = ()

    def press(self, now: str) -> str:
        """The button that moves a record here from the stage ``now``, '' if there is none."""
        return self.again if now == self.code else self.verb


@dataclass(frozen=True)
class NamedReference:
    """A reference that sheets write as a name.

    Attributes:
        name: the field that stores the text.
        fields_if_found: further field values if a record is found.
        number: the field for a telephone number written instead of the name, '' if there is none.
        unknown: further field values if nobody has that number.
    """

    name: str
    fields_if_found: Fields
    number: str = ""
    unknown: Fields = attribute(default_factory=dict)


@dataclass(frozen=True)
class SheetOptions:
    """How spreadsheets represent a kind, beyond its description.

    Attributes:
        key: the fields that identify a row that was read before; a kind without a key is not read from a sheet.
        optional_key: the key fields that may be empty.
        key_of_rows: for a key field that is a list, the fields of its first row that identify a record.
        headers: further headers, in lower case, and the field each stands for.
        named: references whose text is saved as a name, so that an unknown caller is not a problem.
        names: all texts that may name a record in another sheet; by default its title.
        short_names: further texts that name a record if no other record is called so, such as one of several family names.
        files: further file names of a sheet, beside the kind's name and plural.
        resembles: facts by which a new row looks like a record that is here under another key, each with its name:
            ("the same telephone number", "07700900301").
        marks: the tick that an import sets on a row that could not be finished without it, as an old sheet said less; ''
            where there is none. Nobody is asked for it.
    """

    key: tuple[str, ...] = ()
    optional_key: tuple[str, ...] = ()
    key_of_rows: Mapping[str, tuple[str, ...]] = attribute(default_factory=dict)
    headers: Mapping[str, str] = attribute(default_factory=dict)
    named: Mapping[str, NamedReference] = attribute(default_factory=dict)
    names: Callable[[Any], Iterable[str]] | None = None
    short_names: Callable[[Any], Iterable[str]] | None = None
    files: tuple[str, ...] = ()
    resembles: Callable[[Any], Iterable[tuple[str, Any]]] | None = None
    marks: str = ""


@dataclass(frozen=True)
class IndexTerm:
    """A term that finds a record, beside the fields that refer to a person.

    Attributes:
        name: the term.
        person: the person, or whatever else is looked for.
        says: facts of the record that are stored in the index, so that a rule that needs no more of many records
            reads none of them. None if no rule needs it.
    """

    name: str
    person: str
    says: msgspec.Struct | None = None


@dataclass(frozen=True)
class Findable:
    """A person or thing that letters or digits find through a record.

    Attributes:
        name: as screens show it; ``description`` says in a word or two who it is: "carer", "HIPSS-017", "Service manager".
        number: the number to ring, '' if there is none.
        found_by: the names to search, the full one first; ``numbers`` are the telephone or service numbers.
        former: former names, which are found as "formerly".
    """

    name: str
    description: str
    number: str
    found_by: tuple[str, ...]
    numbers: tuple[str, ...]
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upgrade:
    """How to read a body of one schema version as the next version: renamed fields and converted values.

    ``renamed`` maps old names to new ones; ``converted`` maps new names to a function of the old value. A value that the
    function cannot convert is left unchanged: a body may contain anything, and reading it reports what does not fit.
    """

    renamed: Mapping[str, str] = attribute(default_factory=dict)
    converted: Mapping[str, Callable[[Any], Any]] = attribute(default_factory=dict)

    def fields(self, fields: Fields) -> dict[str, Any]:
        """The fields with the names of the next version; an unknown field is kept.

        A body may have a field under both names, if an older program amended what a newer one wrote. The value under the
        old name counts, because that program's author saw and changed it.
        """
        named = {name: value for name, value in fields.items() if name not in self.renamed}
        named |= {new: fields[old] for old, new in self.renamed.items() if old in fields}
        return {name: self._value(name, value) for name, value in named.items()}

    def _value(self, name: str, value: Any) -> Any:
        if name not in self.converted:
            return value
        try:
            return self.converted[name](value)
        except (TypeError, ValueError, AttributeError, LookupError):
            return value

    def unit(self, unit: str) -> str:
        """A changed unit with its name in the next version."""
        name, slash, row = unit.partition("/")
        return self.renamed.get(name, name) + slash + row


Check = Callable[[R, datetime], Iterable[Problem]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind(Generic[R]):
    """A described kind of record.

    Attributes:
        name: its name in exchanges and in the store; never changed.
        label, plural: the names of one and of many on screens.
        short_label: the name beside a time and a person: "Contact" in "Contact 02:14, Kai M.".
        finished_as: the verb for finishing a record: an alert is "entered", a missing episode "begun".
        reference_prefix: the letters before the seven characters of its references; one to four, unique.
        record: the typed description.
        writers, readers: the roles that may write and read its records.
        countersigned_by: the roles that may countersign; if there are any, every record waits for it.
        title_from: a record's name in lists, from the record as read; callers use ``title``.
        upgrades: one for each older version, never removed; the version is their count + 1.
        restricted: whether it is sent under the envelope kind "restricted".
        dated_by: the field that dates it; a date has no time of day. By default its first revision dates it.
        ends_at: the field with the time when it ended.
        subtitle: fields shown beside the date.
        summary: fields shown in its line of a timeline.
        lead: fields shown first on its page.
        tags: coded fields shown as tags on its page, toned by their code list.
        alerts: coded fields shown as a tag in lists if their code has the tone of a risk.
        told_by_title: fields that the title already shows.
        columns: the fields of its list. A list arranged by hand (``ui.records.listings_by_hand``) has columns of its own.
        sections: the parts of a long form.
        stage: the coded field that lists and boards are filtered by; ``stages`` say who may move a record where.
        unstaged: the stage that an empty stage field means, '' if it is not known.
        due: when an open record is due, None if it is not.
        checks: validators beyond "required", each returning every problem it sees.
        fills_in: fills empty fields with what was measured or follows from other answers, before the checks.
        makes: the records that follow from it, after the checks and in the same commit.
        over: the heading of each paragraph of its long text, by the paragraph's row and in reading order,
            from the record and a function that names records; by default paragraphs have their own order.
        keeps: rows that an amendment adds so that nothing is lost, from the record before and after, and the day.
        index_terms: the terms that find a record, beside the fields that refer to a person.
        findable: the people or things that letters or digits find through the record.
        found_apart: whether these are found only if their kind is asked for, and never among callers.
        derivation: a number to increase when a function of the kind derives something new: projections are
            then rebuilt (a test checks this).
        sheet: how sheets represent it.
        agrees: checks of what it says of other records (``records.agreement``).
        doubts: what is doubtful among all its records, by identifier: the records concerned, and a sentence.
        amendable: whether records may be amended. If not, they can only grow or be withdrawn.
    """

    name: str
    label: str
    plural: str
    reference_prefix: str
    record: type[R]
    writers: frozenset[Role]
    readers: frozenset[Role]
    title_from: Callable[[R], str]
    countersigned_by: frozenset[Role] = frozenset()
    short_label: str = ""
    finished_as: str = "finished"
    upgrades: tuple[Upgrade, ...] = ()
    restricted: bool = False
    dated_by: str = ""
    ends_at: str = ""
    subtitle: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    told_by_title: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    stage: str = ""
    stages: tuple[Stage, ...] = ()
    unstaged: str = ""
    due: Callable[[R], datetime | None] | None = None
    checks: tuple[Check[R], ...] = ()
    fills_in: Callable[[R, Finish], Fields] | None = None
    makes: Callable[[R, Finish], Iterable[NewRecord]] | None = None
    over: Callable[[R, Callable[[str], str]], Mapping[str, str]] | None = None
    keeps: Callable[[R, R, date], Mapping[str, list[dict[str, Any]]]] | None = None
    index_terms: Callable[[R], Iterable[IndexTerm]] | None = None
    findable: Callable[[R], Iterable[Findable]] | None = None
    found_apart: bool = False
    derivation: int = 1
    sheet: SheetOptions = SheetOptions()
    agrees: tuple[Callable[[R, Others, str], Iterable[Disagreement]], ...] = ()
    doubts: Callable[[Mapping[str, R]], Iterable[tuple[tuple[str, ...], str]]] | None = None
    amendable: bool = True

    def __post_init__(self) -> None:
        """Refuse a mistaken description; raises ValueError with a sentence that names the mistake."""
        for mistake in _mistakes(self):
            raise ValueError(f"The kind {self.name!r}: {mistake}")

    @property
    def many(self) -> str:
        """The name of many of its records on screens: "Contacts", "Placements"."""
        return f"{self.short_label}s" if self.short_label else self.plural

    @property
    def version(self) -> int:
        """The schema version of new revisions."""
        return len(self.upgrades) + 1

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields, in the order of the description."""
        return described(cast(Any, self.record))  # a struct, which the type variable cannot say

    @cached_property
    def _doubtful(self) -> Doubtful:
        return doubtful(self.fields)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return types.MappingProxyType({field.name: field for field in self.fields})

    def read(self, body: Fields) -> R:
        """The record as its struct, with values that do not fit left empty; never raises."""
        struct: R = read_whole(self.record, self.fields, body, self._doubtful)
        return struct

    def of(self, record: HasBody) -> R:
        """A store's record as its struct, read once and cached; raises TypeError for a record of another kind."""
        if record.kind != self.name:
            raise TypeError(f"a record of the kind {record.kind} is not read as {self.name}")
        attributes = vars(record)  # stored beside the frozen record's own attributes, as cached_property does
        if "as_read" not in attributes:
            attributes["as_read"] = self.read(record.fields)
        struct: R = attributes["as_read"]
        return struct

    def misfits(self, body: Fields) -> list[Misfit]:
        """The answers that do not fit, inside rows too, in field order; unknown fields are not among them."""
        misfits: list[Misfit] = []
        read_struct(self.record, self.fields, body, misfits)
        return misfits

    def unreadable(self, body: Fields) -> list[Problem]:
        """The answers that do not fit, each with the sentence that says how to correct it."""
        return [Problem(misfit.path, misfit.field.refusal()) for misfit in self.misfits(body)]

    def title(self, body: Fields) -> str:
        """The name of a record in lists, from its body."""
        return self.title_from(self.read(body))

    def references(self, body: Fields) -> list[Reference]:
        """All references of a body to records, inside rows too."""
        return list(references(self.fields, self.read(body)))

    def subjects(self, body: Fields) -> list[str]:
        """The records that a record is about, each once."""
        return list(
            dict.fromkeys(reference.record for reference in self.references(body) if reference.field.options.subject)
        )

    def stage_of(self, record: R) -> str:
        """The code of the stage that a record (as read) is in, '' if it is not known or the kind has no stages."""
        return (str(getattr(record, self.stage)) or self.unstaged) if self.stage else ""

    def written(self, body: Fields) -> tuple[str, ...]:
        """The fields that the form of a body asks for.

        Left out are fields that a button changes, fields drawn by hand, and growing lists without rows. If the kind's
        stages have buttons, all growing lists are left out.
        """
        pressed = self.group_of(self.stage) if any(stage.verb for stage in self.stages) else ()
        growing = [field.name for field in self.fields if field.options.grows]
        added = [name for name in growing if pressed or is_nothing(body.get(name))]
        drawn = [field.name for field in self.fields if field.type == "strokes"]
        return tuple(field.name for field in self.fields if field.name not in {*pressed, *added, *drawn})

    def stage_label(self, code: str) -> str:
        """A stage in words; an unknown code is shown unchanged."""
        return self.by_name[self.stage].choices.label(code) if code else NOT_RECORDED

    def stage_named(self, code: str) -> Stage | None:
        """The described stage of a code, None if the kind does not describe it."""
        return next((stage for stage in self.stages if stage.code == code), None)

    def moved_to(self, body: Fields, changed: Iterable[str]) -> Stage | None:
        """The described stage to which a revision moves a record, None if it moves it to none.

        Args:
            body: the revision's body, with the field names of today's description.
            changed: the units that the revision changed.
        """
        moved = any(unit.partition("/")[0] == self.stage for unit in changed)
        return self.stage_named(self.stage_of(self.read(body))) if self.stage and moved else None

    def amended(self, before: Fields, after: Fields, on: date) -> dict[str, Any]:
        """The body that an amendment is signed with: its answers, and the rows that the kind ``keeps`` of the body before."""
        body = tidied(self.fields, after, before)
        rows = self.keeps(self.read(before), self.read(body), on) if self.keeps is not None else {}
        for name, rows_before in rows.items():
            held = body.get(name) or []
            if rows_before and isinstance(held, list):
                ids = [row["id"] for row in held if isinstance(row, Mapping) and "id" in row]
                body[name] = [*held, *(row for row in rows_before if row["id"] not in ids)]
        return body

    def without_hidden(self, body: Fields) -> dict[str, Any]:
        """A body without choices and times whose question is not asked; text is kept, as words are never dropped.

        Invisible marks are taken off names, numbers and keys.
        """
        record = self.read(body)
        hidden = {field.name for field in self.fields if field.type not in WORDS and not field.shown(record)}
        return {name: value for name, value in tidied(self.fields, body, {}).items() if name not in hidden}

    def initial(self) -> dict[str, Any]:
        """The initial values of a new form, as a body; a person sees it before it is signed."""
        return {field.name: field.options.initial for field in self.fields if field.options.initial is not None}

    def group_of(self, name: str) -> tuple[str, ...]:
        """The fields that are amended together with this one, including itself."""
        named_field = self.by_name.get(name)
        if named_field is None or not named_field.options.group:
            return (name,)
        return tuple(field.name for field in self.fields if field.options.group == named_field.options.group)

    def upgraded(self, version: int, fields: Fields, changed: list[str]) -> tuple[Fields, list[str]]:
        """An older body with the field names of today's description; a newer body is left unchanged."""
        for step in self.upgrades[max(version, 1) - 1 :]:
            fields, changed = step.fields(fields), [step.unit(unit) for unit in changed]
        return fields, changed

    def problems(self, body: Fields, now: datetime) -> list[Problem]:
        """All problems that prevent a body from being finished, in field order."""
        record = self.read(body)
        problems = self.unreadable(body)
        unread = {problem.field for problem in problems}
        problems += field_problems(self.fields, body, record, now, unread)
        stage = self.stage_named(self.stage_of(record))
        for name, message in stage.requires.items() if stage else ():
            if self.by_name[name].is_empty(body.get(name)):
                problems.append(Problem(name, message))
        for check in self.checks:
            problems += [problem for problem in check(record, now) if problem.field not in unread]
        order = {field.name: place for place, field in enumerate(self.fields)}
        unique = {(problem.field, problem.message): problem for problem in problems}
        return sorted(unique.values(), key=lambda problem: order.get(problem.field.partition("/")[0], len(order)))

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a body's fields."""
        return msgspec.json.schema(self.record)


def _mistakes(kind: Kind) -> Iterator[str]:
    """The mistakes of a description, one sentence each."""
    letters = kind.reference_prefix
    if not (1 <= len(letters) <= LONGEST_PREFIX and letters.isascii() and letters.isupper() and letters.isalpha()):
        yield f"its reference prefix {letters!r} is not one to four capital letters."
    if (letters == RESTRICTED_PREFIX) != kind.restricted:
        yield f"the reference prefix {RESTRICTED_PREFIX!r} is that of restricted kinds, all of them and no other."
    for place, names in _named_fields(kind):
        for name in names:
            if name not in getattr(kind.record, "__struct_fields__", ()):
                yield f"{place} names {name!r}, which is not a field of its record."
    section_fields = [name for section in kind.sections for name in section.fields]
    if len(set(section_fields)) < len(section_fields):
        yield "two of its sections ask for the same field."
    if kind.stages and not kind.stage:
        yield "it has stages and no stage field."
    codes = [stage.code for stage in kind.stages]
    if not all(codes) or len(set(codes)) < len(codes):
        yield "a stage has no name of its own."
    if kind.unstaged and codes and kind.unstaged not in codes:
        yield f"an empty stage means {kind.unstaged!r}, which is not one of its stages."


def _named_fields(kind: Kind) -> Iterator[tuple[str, Sequence[str]]]:
    """The places where a description names fields of its record, and their names."""
    for place in ("dated_by", "ends_at", "stage"):
        if name := getattr(kind, place):
            yield place, (name,)
    for place in ("subtitle", "summary", "lead", "tags", "alerts", "told_by_title", "columns"):
        yield place, getattr(kind, place)
    yield from ((f"the section {section.title!r}", section.fields) for section in kind.sections)
    yield from ((f"the stage {stage.code!r}", (*stage.requires, *stage.asks)) for stage in kind.stages)
    sheet = kind.sheet
    yield "the sheet’s key", (*sheet.key, *sheet.optional_key)
    yield "the mark of the sheet", (sheet.marks,) if sheet.marks else ()
    yield "a header of the sheet", tuple(sheet.headers.values())
    yield "a name of the sheet", (*sheet.named, *(reference.name for reference in sheet.named.values()))
    yield "a number of the sheet", tuple(reference.number for reference in sheet.named.values() if reference.number)


def field_problems(
    fields: Iterable[Field], body: Fields, record: Any, now: datetime, unread: Iterable[str] = (), prefix: str = ""
) -> list[Problem]:
    """Problems of required fields that are empty, and of readable values that may not be finished, in rows too.

    Args:
        fields: the described fields of ``body``.
        body: the answers, unread.
        record: the same answers as read.
        now: the present moment.
        unread: paths of answers that do not fit, which are reported already.
        prefix: the beginning of all paths: "" or "<field>/<row id>/".
    """
    problems: list[Problem] = []
    for field in fields:
        value, path = body.get(field.name), prefix + field.name
        if not field.shown(record) or path in unread:
            continue
        if field.is_empty(value):
            problems += [Problem(path, field.options.required)] if field.options.required else []
        elif field.type == "rows":
            bodies = {
                row["id"]: row for row in value or () if isinstance(row, Mapping) and not is_nothing(row.get("id"))
            }
            for row in getattr(record, field.name):
                problems += field_problems(field.rows, bodies[row.id], row, now, unread, f"{path}/{row.id}/")
        elif words := field.complaint(value, now):
            problems.append(Problem(path, words))
    return problems
