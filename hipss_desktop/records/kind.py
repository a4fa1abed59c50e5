"""Kinds: what is said of a kind of record, once; forms, lists, pages, search, sheets and the wire are derived from it.

A kind names a ``msgspec`` struct whose fields are described (``records.fields``), and says by their names how its records
are dated, titled, listed and finished. ``read`` gives the struct and never raises; the signed body stays beside it, and what
is written next starts from the body. Must not know any kind, nor Qt, SQL or HTTP.
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

Role = Literal["on_call", "supervising", "lead", "manager", "commissioner", "administrator", "council"]
R = TypeVar("R", default=Any)
"""The struct of a kind."""
RESTRICTED_PREFIX = "R"
"""The reference prefix of all restricted kinds; no other kind may have it."""
NOT_RECORDED = "Not recorded"
WORDS: tuple[FieldType, ...] = ("text", "lines", "rows", "phone")
"""The types of field that people write words into."""


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
    """Who finishes a record: the person's identifier and the name colleagues know."""

    person: str
    name: str


@dataclass(frozen=True)
class Finish:
    """What a kind's ``fills_in`` and ``makes`` may know beside the record itself.

    Attributes:
        record: the record's identifier.
        author: who finishes, amends or adds a row.
        now: the present moment, with its offset.
        call_started, call_ended: what the draft's call timer measured, None where it ran not or runs still.
    """

    record: str
    author: Author
    now: datetime
    call_started: datetime | None = None
    call_ended: datetime | None = None


@dataclass(frozen=True)
class NewRecord:
    """A record that finishing another one makes.

    ``key`` is the row or code it comes from: its identifier is computed from the record and the key, so that two laptops
    make the same one.
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
        movers: the roles that may move a record there.
        requires: what must be answered once it is there: field to the sentence that says so.
        makes: the records that moving it there makes.
        verb: what people press to move it there ("Reopen"), '' for a stage that no press leads to.
        again: what they press to answer what it asks for anew while it is there ("Move the day"), '' where they amend it.
        reason: the question whose answer is the reason of the move, '' where its other answers are reason enough: the verb is
            the reason then.
        asks: the fields that the press asks for.
        checks: what the person who moves it there must answer. Nothing else is checked for it: not an import, not an amendment of a
            record that is there already, not what takes a move back.
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
        """What is pressed to move a record here that is at the stage ``now``, '' where nothing is."""
        return self.again if now == self.code else self.verb


@dataclass(frozen=True)
class NamedReference:
    """A reference that sheets write as a name.

    Attributes:
        name: the field that keeps the text.
        found: what else holds when a record is found.
        number: the field that keeps a telephone number which stands in place of the name, '' where there is none.
        unknown: what else holds when nobody has that number.
    """

    name: str
    found: Fields
    number: str = ""
    unknown: Fields = attribute(default_factory=dict)


@dataclass(frozen=True)
class SheetOptions:
    """What the spreadsheets of services do with one kind beyond its description.

    Attributes:
        key: the fields that tell whether a row was read before; a kind without a key is not read from a sheet.
        optional_key: those of them that may be empty.
        headers: further headers, in lower case, and the field each stands for.
        named: references whose text is kept as a name, so that an unknown caller is no problem.
        names: every text by which a record may be named in another sheet; its title where this is not given.
        files: what a sheet may be called in a folder, beside the kind's name and plural.
        marks: the tick that an import sets on a row that could not be finished without it, as an old sheet said less; ''
            where there is none. Nobody is asked for it.
    """

    key: tuple[str, ...] = ()
    optional_key: tuple[str, ...] = ()
    headers: Mapping[str, str] = attribute(default_factory=dict)
    named: Mapping[str, NamedReference] = attribute(default_factory=dict)
    names: Callable[[Any], Iterable[str]] | None = None
    files: tuple[str, ...] = ()
    marks: str = ""


@dataclass(frozen=True)
class IndexTerm:
    """Something by which a record is found, beside the fields that name that person.

    Attributes:
        name: the term.
        person: about whom, or whatever else is looked for.
        says: what the record says under the term; it stands in the index, so that a rule that asks no more of many records
            reads none of them. None where there is no such rule.
    """

    name: str
    person: str
    says: msgspec.Struct | None = None


@dataclass(frozen=True)
class Findable:
    """Somebody or something that a record lets people find by letters or digits.

    Attributes:
        name: as screens show it; ``what`` in a word or two: "carer", "HIPSS-017", "Service manager".
        number: the number to ring, '' where none is held.
        found_by: the names it is found by, the full one first; ``numbers`` the telephone or service numbers.
        former: the names it had before, by which it is found as "formerly".
    """

    name: str
    what: str
    number: str
    found_by: tuple[str, ...]
    numbers: tuple[str, ...]
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upgrade:
    """How a body of one schema version is read in the next: fields that were renamed, values that are read anew.

    ``renamed`` maps old names to new ones; ``converted`` maps new names to a function of the old value. A value that the
    function cannot read stays as it is: a body may hold anything anywhere, and what does not fit is named when it is read.
    """

    renamed: Mapping[str, str] = attribute(default_factory=dict)
    converted: Mapping[str, Callable[[Any], Any]] = attribute(default_factory=dict)

    def fields(self, fields: Fields) -> dict[str, Any]:
        """The fields as the next version names them; a field this upgrade does not know is kept.

        A body may hold a field under both names, where an older program amended what a newer one had written: the older
        name is then what its author saw and changed.
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
        """A changed unit as the next version names it."""
        name, slash, row = unit.partition("/")
        return self.renamed.get(name, name) + slash + row


Check = Callable[[R, datetime], Iterable[Problem]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind(Generic[R]):
    """A described kind of record.

    Attributes:
        name: what the wire and the store call it; never changed.
        label, plural: what the screens call one and many.
        short_label: where records are named by their time and whom they are about: "Contact" in "Contact 02:14, Kai M.".
        finished_as: what a record that goes on was, once it is finished: an alert is "entered", a missing episode "begun".
        reference_prefix: what stands before the seven characters of its references; one to four letters, unique.
        record: the typed description.
        writers, readers: the roles that may.
        countersigned_by: the roles that may countersign its records, each of which waits for it; without one none does.
        title_from: a record's name in lists, from the record as read; callers use ``title``.
        upgrades: one for each older version, kept for ever; the version is their number + 1.
        restricted: it travels under the envelope kind "restricted".
        dated_by: the field that dates it; a date shows no time of day. Without one its first revision dates it.
        ends_at: the field that says when it ended.
        subtitle: fields that stand beside the date.
        summary: fields that make its one line in a timeline.
        lead: fields that are read first on its page.
        tags: coded fields shown as tags on its page, toned by their code list.
        alerts: coded fields shown as a tag in lines, where their code is toned as a risk.
        told_by_title: fields that the title has said.
        columns: the fields of its list. A list arranged by hand (``ui.records.listings_by_hand``) has columns of its own.
        sections: the parts of a long form.
        stage: the coded field that lists and boards are filtered by; ``stages`` say who may move a record where.
        unstaged: the stage that an empty stage field means, '' where that is not known.
        due: when an open record is due, None once it is not.
        checks: validators beyond "required", each returning every problem it sees.
        fills_in: completes what was left empty by what was measured or follows from answers given, before the checks.
        makes: the records that follow from it, after the checks and in the same commit.
        over: what stands over each paragraph of its long text, by the paragraph's row and in the order in which they are read,
            from the record and what names a record; without it they are read by their places alone.
        keeps: the rows of lists by which an amendment keeps what it would lose, from the record before and after, and the day.
        index_terms: the terms under which a record is found beside the fields that name a person.
        findable: whom the record lets people find by letters or digits.
        found_apart: whether these are found only where their kind is asked for, and never among those who ring.
        derivation: a number to be raised when a function here derives something else than before: projections are
            rebuilt then (a test holds it).
        sheet: what it is as a sheet.
        agrees: what it says of other records and must be so (``records.agreement``).
        amendable: whether what was written may be amended. Records of a kind that may not grow or are withdrawn.
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
    amendable: bool = True

    def __post_init__(self) -> None:
        """Refuse a description with a mistake; raises ValueError with a sentence that says which."""
        for mistake in _mistakes(self):
            raise ValueError(f"The kind {self.name!r}: {mistake}")

    @property
    def many(self) -> str:
        """What screens call many of its records: "Contacts", "Placements"."""
        return f"{self.short_label}s" if self.short_label else self.plural

    @property
    def version(self) -> int:
        """The schema version that new revisions carry."""
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
        """The record as its struct. What does not fit is left empty; never raises."""
        found: R = read_whole(self.record, self.fields, body, self._doubtful)
        return found

    def of(self, record: HasBody) -> R:
        """A store's record as its struct, read once; raises TypeError for a record of another kind."""
        if record.kind != self.name:
            raise TypeError(f"a record of the kind {record.kind} is not read as {self.name}")
        kept = vars(record)  # beside a frozen record's own attributes, as cached_property does
        if "as_read" not in kept:
            kept["as_read"] = self.read(record.fields)
        found: R = kept["as_read"]
        return found

    def misfits(self, body: Fields) -> list[Misfit]:
        """The answers that do not fit, inside rows too, in field order; an unknown field is none."""
        found: list[Misfit] = []
        read_struct(self.record, self.fields, body, found)
        return found

    def unreadable(self, body: Fields) -> list[Problem]:
        """The answers that do not fit, each with the sentence that says how to mend it."""
        return [Problem(misfit.path, misfit.field.refusal()) for misfit in self.misfits(body)]

    def title(self, body: Fields) -> str:
        """What a record is called in lists, from its body."""
        return self.title_from(self.read(body))

    def references(self, body: Fields) -> list[Reference]:
        """All records that a body names, inside rows too."""
        return list(references(self.fields, self.read(body)))

    def subjects(self, body: Fields) -> list[str]:
        """The records that a record is about, each once."""
        return list(
            dict.fromkeys(reference.record for reference in self.references(body) if reference.field.options.subject)
        )

    def stage_of(self, record: R) -> str:
        """The code of the stage a record (as read) is in, '' where none is known or the kind has none."""
        return (str(getattr(record, self.stage)) or self.unstaged) if self.stage else ""

    def written(self, body: Fields) -> tuple[str, ...]:
        """The fields that the form of a body asks for: none that a press moves, and no list that grows before it has rows.

        None that is drawn by hand. Where its stages have presses, no list that grows is asked for at all.
        """
        pressed = self.group_of(self.stage) if any(stage.verb for stage in self.stages) else ()
        growing = [field.name for field in self.fields if field.options.grows]
        added = [name for name in growing if pressed or is_nothing(body.get(name))]
        drawn = [field.name for field in self.fields if field.type == "strokes"]
        return tuple(field.name for field in self.fields if field.name not in {*pressed, *added, *drawn})

    def stage_label(self, code: str) -> str:
        """A stage in words; an unknown one stands for itself."""
        return self.by_name[self.stage].choices.label(code) if code else NOT_RECORDED

    def stage_named(self, code: str) -> Stage | None:
        """The described stage of a code, None where the kind does not describe it."""
        return next((stage for stage in self.stages if stage.code == code), None)

    def moved_to(self, body: Fields, changed: Iterable[str]) -> Stage | None:
        """The described stage that a revision moves a record to, None where it moves it to none.

        Args:
            body: what the revision says, as today's description names it.
            changed: the units that it changed.
        """
        moved = any(unit.partition("/")[0] == self.stage for unit in changed)
        return self.stage_named(self.stage_of(self.read(body))) if self.stage and moved else None

    def amended(self, before: Fields, after: Fields, on: date) -> dict[str, Any]:
        """The body that an amendment is signed with: as it was answered, with what the kind ``keeps`` of the body before."""
        body = dict(after)
        rows = self.keeps(self.read(before), self.read(after), on) if self.keeps is not None else {}
        for name, kept in rows.items():
            held = body.get(name) or []
            if kept and isinstance(held, list):
                ids = [row["id"] for row in held if isinstance(row, Mapping) and "id" in row]
                body[name] = [*held, *(row for row in kept if row["id"] not in ids)]
        return body

    def asked(self, body: Fields) -> dict[str, Any]:
        """A body without the choices and times whose question is not asked; text stays, as no word is ever dropped."""
        record = self.read(body)
        hidden = {field.name for field in self.fields if field.type not in WORDS and not field.shown(record)}
        return {name: value for name, value in body.items() if name not in hidden}

    def initial(self) -> dict[str, Any]:
        """What a new form starts with, as a body; a person sees it before it is signed."""
        return {field.name: field.options.initial for field in self.fields if field.options.initial is not None}

    def group_of(self, name: str) -> tuple[str, ...]:
        """The fields that are amended together with this one, itself among them."""
        here = self.by_name.get(name)
        if here is None or not here.options.group:
            return (name,)
        return tuple(field.name for field in self.fields if field.options.group == here.options.group)

    def upgraded(self, version: int, fields: Fields, changed: list[str]) -> tuple[Fields, list[str]]:
        """An older body as today's description names it; a newer body is left as it is."""
        for step in self.upgrades[max(version, 1) - 1 :]:
            fields, changed = step.fields(fields), [step.unit(unit) for unit in changed]
        return fields, changed

    def problems(self, body: Fields, now: datetime) -> list[Problem]:
        """Everything that keeps a body from being finished, in field order."""
        record = self.read(body)
        found = self.unreadable(body)
        unread = {problem.field for problem in found}
        found += field_problems(self.fields, body, record, now, unread)
        stage = self.stage_named(self.stage_of(record))
        for name, message in stage.requires.items() if stage else ():
            if self.by_name[name].is_empty(body.get(name)):
                found.append(Problem(name, message))
        for check in self.checks:
            found += [problem for problem in check(record, now) if problem.field not in unread]
        order = {field.name: place for place, field in enumerate(self.fields)}
        unique = {(problem.field, problem.message): problem for problem in found}
        return sorted(unique.values(), key=lambda problem: order.get(problem.field.partition("/")[0], len(order)))

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a body's fields."""
        return msgspec.json.schema(self.record)


def _mistakes(kind: Kind) -> Iterator[str]:
    """What is wrong with a description, one sentence each."""
    letters = kind.reference_prefix
    if not (1 <= len(letters) <= LONGEST_PREFIX and letters.isascii() and letters.isupper() and letters.isalpha()):
        yield f"its reference prefix {letters!r} is not one to four capital letters."
    if (letters == RESTRICTED_PREFIX) != kind.restricted:
        yield f"the reference prefix {RESTRICTED_PREFIX!r} is that of restricted kinds, all of them and no other."
    for place, names in _named_fields(kind):
        for name in names:
            if name not in getattr(kind.record, "__struct_fields__", ()):
                yield f"{place} names {name!r}, which is not a field of its record."
    asked = [name for section in kind.sections for name in section.fields]
    if len(set(asked)) < len(asked):
        yield "two of its sections ask for the same field."
    if kind.stages and not kind.stage:
        yield "it has stages and no stage field."
    codes = [stage.code for stage in kind.stages]
    if not all(codes) or len(set(codes)) < len(codes):
        yield "a stage has no name of its own."
    if kind.unstaged and codes and kind.unstaged not in codes:
        yield f"an empty stage means {kind.unstaged!r}, which is not one of its stages."


def _named_fields(kind: Kind) -> Iterator[tuple[str, Sequence[str]]]:
    """Where a description names fields of its record, and which."""
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
    """What is required and missing, or can be read and still may not be finished, in rows too.

    Args:
        fields: the described fields that ``body`` may hold.
        body: the answers as they stand.
        record: the same as read.
        now: the present moment.
        unread: paths of answers that do not fit, which are reported already.
        prefix: what stands before the paths: "" or "<field>/<row id>/".
    """
    found: list[Problem] = []
    for field in fields:
        value, path = body.get(field.name), prefix + field.name
        if not field.shown(record) or path in unread:
            continue
        if field.is_empty(value):
            found += [Problem(path, field.options.required)] if field.options.required else []
        elif field.type == "rows":
            bodies = {
                row["id"]: row for row in value or () if isinstance(row, Mapping) and not is_nothing(row.get("id"))
            }
            for row in getattr(record, field.name):
                found += field_problems(field.rows, bodies[row.id], row, now, unread, f"{path}/{row.id}/")
        elif words := field.complaint(value, now):
            found.append(Problem(path, words))
    return found
