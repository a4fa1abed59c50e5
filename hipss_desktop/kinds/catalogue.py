"""All kinds of record, by name. To add a kind, add a file that describes it and a line here."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.acknowledgement import ACKNOWLEDGEMENT
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.alert import ALERT
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.carer_check import CARER_CHECK
from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.closing_day import CLOSING_DAY
from hipss_desktop.kinds.comments import COMMENTS
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.kinds.direct_work import DIRECT_WORK
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.kinds.missing_pack import MISSING_PACK
from hipss_desktop.kinds.night_check import NIGHT_CHECK
from hipss_desktop.kinds.placement import PLACEMENT
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.kinds.reading import READING
from hipss_desktop.kinds.recipient import RECIPIENT
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.series import SERIES
from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.kinds.sign_off import SIGN_OFF
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.kinds.support_offer import SUPPORT_OFFER
from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.kinds.value import VALUE
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.fields import UNREADABLE, Field, every_field
from hipss_desktop.records.kind import Kind


def listed(kinds: Iterable[Kind]) -> Mapping[str, Kind]:
    """The kinds by name. Raises ValueError if two kinds have the same name or the same reference prefix."""
    by_name: dict[str, Kind] = {}
    prefixes: dict[str, str] = {}
    for kind in kinds:
        if kind.name in by_name:
            raise ValueError(f"Two kinds are called {kind.name!r}.")
        other = prefixes.setdefault(kind.reference_prefix, kind.name)
        if other != kind.name and not kind.restricted:
            raise ValueError(f"The kinds {other!r} and {kind.name!r} have the same prefix, {kind.reference_prefix!r}.")
        by_name[kind.name] = kind
    return by_name


KINDS: Mapping[str, Kind] = listed(
    (
        CONTACT, CHILD, CARER, PLACEMENT, PRACTITIONER, SHIFT, DIRECTORY, ACTION, NIGHT_CHECK,
        MISSING_EPISODE, MISSING_PACK, ALERT, HANDOVER, VISIT, CARER_CHECK, READING, SIGNATURE,
        INCIDENT, RESTRAINT, COMMENTS, ACKNOWLEDGEMENT, SIGN_OFF, RECIPIENT, CLOSING_DAY, VALUE, SUPPORT_OFFER,
        CONSULTATION, TRAINING, SERIES, CASE, DIRECT_WORK,
        *ORDERS,
    )
)  # fmt: skip


def mistakes(kinds: Mapping[str, Kind]) -> list[str]:
    """The mistakes that a kind cannot find in its own description when it is made, a sentence for each. The tests use it."""
    sentences = []
    for kind in kinds.values():
        sentences += [*_mistakes_of_values(kind), *_mistakes_of_names(kind), *_mistakes_of_checks(kind)]
        for field in every_field(kind.fields):
            place = f"The field {field.name!r} of the kind {kind.name!r}"
            if field.options.refers_to and field.options.refers_to not in kinds:
                sentences.append(f"{place} refers to {field.options.refers_to!r}, which is not a kind.")
            if field.options.choices and not _codes(field):
                sentences.append(f"{place} has the code list {field.options.choices!r}, which is empty.")
            if field.options.grows and (field.type != "rows" or field not in kind.fields):
                sentences.append(f"{place} grows and is not a list of rows of the record itself.")
        for stage in kind.stages:
            if stage.code not in _codes(kind.by_name[kind.stage]):
                sentences.append(f"The stage {stage.code!r} of the kind {kind.name!r} has no label in its code list.")
            if not kind.writers <= stage.movers and kind.by_name[kind.stage].options.group:
                sentences.append(
                    f"Not every writer of the kind {kind.name!r} may set {stage.code!r}, which stands in a group."
                )
            if "council" in kind.writers - stage.movers:
                sentences.append(f"The council imports the kind {kind.name!r} and may not set {stage.code!r}.")
    return sentences


def _codes(field: Field) -> set[str]:
    """The codes of a coded field, or an empty set if there is no such code list."""
    try:
        return {code.code for code in field.choices.codes}
    except FileNotFoundError:
        return set()


def _mistakes_of_values(kind: Kind) -> Iterator[str]:
    """Find missing defaults, defaults that read as answers, initial values that do not fit, and rows inside rows."""
    described = [
        (kind.record, {}, kind.fields),
        *((field.row, {"id": "r"}, field.rows) for field in kind.fields if field.row),
    ]
    for struct, arguments, fields in described:
        try:
            empty = struct(**arguments)
        except TypeError:
            yield f"{struct.__name__} of the kind {kind.name!r} needs a default for every field, and a row an id."
            continue
        for field in fields:
            place = f"The field {field.name!r} of the kind {kind.name!r}"
            if not field.is_empty(getattr(empty, field.name)):
                yield f"{place} has a default that reads as an answer. What a form starts with is its initial."
            if field.options.initial is not None and field.read(field.options.initial) is UNREADABLE:
                yield f"{place} starts in a form with a value that does not fit it."
            if field.rows and fields is not kind.fields:
                yield f"{place} holds rows inside a row, where nobody can amend one alone."


def _mistakes_of_names(kind: Kind) -> Iterator[str]:
    """Find fields that a kind names for a use that their type does not allow."""
    for place, names, types in (
        ("dated_by", (kind.dated_by,), ("day", "instant")),
        ("ends_at", (kind.ends_at,), ("day", "instant")),
        ("stage", (kind.stage,), ("code",)),
        ("tags", kind.tags, ("code", "codes")),
        ("alerts", kind.alerts, ("code", "codes")),
    ):
        for name in names:
            if name and kind.by_name[name].type not in types:
                yield f"The kind {kind.name!r} names {name!r} in {place}, which is not a {' or '.join(types)}."
    for field in every_field(kind.fields):
        if field.options.subject and not field.options.refers_to:
            yield f"The field {field.name!r} of the kind {kind.name!r} says whom it is about and refers to no kind."
    if kind.unstaged and (not kind.stage or kind.unstaged not in _codes(kind.by_name[kind.stage])):
        yield f"The kind {kind.name!r} reads an empty stage as {kind.unstaged!r}, which is not in its code list."


def _mistakes_of_checks(kind: Kind) -> Iterator[str]:
    """Find checks that report a problem in an unknown field of an empty record."""
    for check in (*kind.checks, *(check for stage in kind.stages for check in stage.checks)):
        for problem in check(kind.read({}), datetime(2017, 3, 14, tzinfo=UTC)):
            if problem.field.partition("/")[0] not in kind.by_name:
                yield f"A check of the kind {kind.name!r} finds a problem in {problem.field!r}, which is not a field."


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises UserError, with the known names, if the name is unknown."""
    if name not in KINDS:
        raise UserError(f"There is no kind of record called that. Use one of: {', '.join(KINDS)}.")
    return KINDS[name]


def may_write(role: str, kind: str) -> bool:
    """Whether a role may write a kind. Nobody may write an unknown kind."""
    return kind in KINDS and role in KINDS[kind].writers


def may_read(role: str, kind: str) -> bool:
    """Whether a role may read a kind. Nobody may read an unknown kind: its records are stored unread."""
    return kind in KINDS and role in KINDS[kind].readers


def refuse_reading(role: str, kind: str) -> None:
    """Raise UserError if a role may not read a kind, so that nobody takes an empty list for "there are no records"."""
    if not may_read(role, kind):
        raise UserError(f"Your role may not read this. Ask your manager if you need to. ({kind_named(kind).label})")


def who_may(kind: Kind, *, writing: bool = False, countersigning: bool = False) -> str:
    """The sentence that says which roles may write, countersign or read a kind: "Only service managers can write shifts."."""
    may, verb = (kind.writers, "write") if writing else (kind.readers, "read")
    if countersigning:
        may, verb = kind.countersigned_by, "countersign"
    roles = [f"{within(listed.label)}s" for listed in code_list("role").codes if listed.code in may]
    named = f"{', '.join(roles[:-1])} and {roles[-1]}" if len(roles) > 1 else "".join(roles) or "the council"
    return f"Only {named} can {verb} {within(kind.many)}."
