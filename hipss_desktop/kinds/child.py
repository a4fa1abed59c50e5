"""A looked-after child placed with the service, with the safety plan that is read at night.

Fields: domain notes sections c and e; codes of the national return (SSDA903) for sex, ethnicity and legal status.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from hipss_desktop.kinds.birth import FIRST_YEAR, LAST_YEAR, MONTHS_OF_A_YEAR, Birth
from hipss_desktop.kinds.former_names import nicknamed, row_kept, shortened
from hipss_desktop.kinds.person_names import in_any_order, known, whole, with_initial, with_one_family_name
from hipss_desktop.records import telephone
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Findable, Kind, Section, SheetOptions


class Flag(msgspec.Struct):
    """A warning that is shown at the top of the child's page until its review."""

    id: str
    type: Annotated[str, field("Flag", choices="flag_type", required="Choose what the flag is about")] = ""
    level: Annotated[str, field("Level", choices="flag_level")] = ""
    words: Annotated[str, field("In words")] = ""
    review: Annotated[date | None, field("Review on")] = None


class Person(msgspec.Struct):
    """Somebody to ring about the child, and their number."""

    id: str
    who: Annotated[str, field("Who", names="third", required="Enter who answers")] = ""
    number: Annotated[str, field("Number", format="phone", names="third", required="Enter the number")] = ""
    note: Annotated[str, field("Note")] = ""


class FormerName(msgspec.Struct):
    """A name that the child had here until it was changed."""

    id: str
    name: Annotated[str, field("Former name", names="child", required="Enter the former name")] = ""
    until: Annotated[date | None, field("Changed here on", past=True)] = None


def day_is_open(child: "Child") -> bool:
    """Whether no whole date of birth is recorded, so that what is known of it in part is asked for."""
    return child.born is None


class Child(msgspec.Struct):
    """What is known of a child, and the safety plan."""

    given_name: Annotated[str, field("First name", names="child")] = ""
    family_name: Annotated[
        str, field("Family name", "Empty if there is one name only, or it is not known", names="child")
    ] = ""
    known_as: Annotated[list[str], field("Known as", "Nicknames and other names, one on each line", names="child")] = []
    former_names: Annotated[list[FormerName], field("Former names", row_name="a former name")] = []
    local_id: Annotated[
        str, field("Service number", "Like HIPSS-017", required="Enter the service number", exact=True)
    ] = ""
    born: Annotated[date | None, field("Date of birth", "The whole day, or empty", past=True)] = None
    born_year: Annotated[
        int | None,
        field("Year of birth", "If the day is not known", shown_if=day_is_open, least=FIRST_YEAR, most=LAST_YEAR),
    ] = None
    born_month: Annotated[
        int | None, field("Month of birth", "1 to 12, if known", shown_if=day_is_open, least=1, most=MONTHS_OF_A_YEAR)
    ] = None
    born_estimated: Annotated[bool, field("The date of birth is estimated")] = False
    born_not_known: Annotated[bool, field("The date of birth is not known", shown_if=day_is_open)] = False
    sex: Annotated[str, field("Sex", choices="ssda903_sex")] = ""
    ethnicity: Annotated[str, field("Ethnicity", choices="ssda903_ethnicity")] = ""
    upn: Annotated[str, field("Unique pupil number", searchable=False, exact=True)] = ""
    legal_status: Annotated[str, field("Legal status", choices="ssda903_legal_status")] = ""
    phone: Annotated[str, field("Child’s own phone", format="phone", names="child")] = ""
    flags: Annotated[list[Flag], field("Warnings", row_name="a warning")] = []
    risks: Annotated[list[str], field("Known risks", "One on each line")] = []
    triggers: Annotated[list[str], field("Triggers", "One on each line")] = []
    helps: Annotated[list[str], field("What helps", "One on each line")] = []
    do_not: Annotated[list[str], field("Do not", "One on each line")] = []
    delegated: Annotated[list[str], field("Delegated authority", "What the carer may decide, one on each line")] = []
    who_to_call: Annotated[list[Person], field("Who to call", row_name="a number to ring")] = []
    health: Annotated[list[str], field("Health", "Conditions and medication, one on each line")] = []
    allergies: Annotated[list[str], field("Allergies", "One on each line")] = []
    plan_reviewed: Annotated[date | None, field("Safety plan reviewed", group="plan", past=True)] = None
    plan_reviewer: Annotated[str, field("Reviewed by", names="third", group="plan")] = ""
    plan_review_due: Annotated[date | None, field("Next review")] = None
    social_worker: Annotated[str, field("Placing social worker", names="third")] = ""
    social_worker_phone: Annotated[str, field("Social worker’s number", format="phone", names="third")] = ""
    placing_authority: Annotated[str, field("Responsible authority")] = ""
    school: Annotated[str, field("School")] = ""
    school_phone: Annotated[str, field("School’s number", format="phone")] = ""
    gp: Annotated[str, field("GP")] = ""
    gp_phone: Annotated[str, field("GP’s number", format="phone")] = ""


PLAN = ("risks", "triggers", "helps", "do_not")
"""The fields of the safety plan."""


def short_name(child: Child) -> str:
    """The name that screens use, given name and initial, "Kai M."."""
    return with_initial(child.given_name, child.family_name) or "Child with no name yet"


def full_name(child: Child) -> str:
    """A child's first and family name, or the only one."""
    return whole(child.given_name, child.family_name)


def first_name(child: Child) -> str:
    """The name by which people speak of the child: the first name, or the only one; '' if none is known."""
    return known(child.given_name) or known(child.family_name)


def has_a_name(child: Child, now: datetime) -> Iterator[Problem]:
    """Check that the child has a first or a family name: many people have one name only."""
    if not full_name(child):
        yield Problem("given_name", "Enter the child’s first name, or the only name")


def birth(child: Child) -> Birth:
    """What is known of the child's birth."""
    return Birth(child.born, child.born_year, child.born_month, child.born_estimated, child.born_not_known)


def age_words(child: Child, on: date) -> str:
    """The child's age on a day as far as it is known: "14", "about 14", "age not known"; '' if nothing is recorded."""
    return birth(child).age_words(on)


def birth_is_answered(child: Child, now: datetime) -> Iterator[Problem]:
    """Check that the date of birth is given as far as it is known, or that it is said not to be known."""
    if not birth(child).words:
        yield Problem("born", "Enter the date of birth, or its year, or that it is not known")
    if child.born is None and child.born_month is not None and child.born_year is None:
        yield Problem("born_year", "Enter the year of birth too")
    if child.born is None and child.born_year is not None and child.born_year > now.year:
        yield Problem("born_year", "Enter a year that is not in the future")


def findable(child: Child) -> Iterator[Findable]:
    """The search names of the child: full and short name, nicknames, service number and former names."""
    names = (full_name(child), short_name(child), *child.known_as, child.local_id)
    numbers = (child.phone, child.local_id)
    yield Findable(short_name(child), child.local_id, child.phone, names, numbers, former_names(child))


def former_names(child: Child) -> tuple[str, ...]:
    """The child's former names, with the first name and with nicknames."""
    names = [row.name for row in child.former_names]
    return (*names, *nicknamed(names, child.given_name, child.known_as))


def keeps(before: Child, after: Child, on: date) -> Mapping[str, list[dict[str, Any]]]:
    """The row with the child's former name that an amendment of the name adds."""
    return {"former_names": row_kept(full_name(before), full_name(after), on)}


def sheet_names(child: Child) -> Iterator[str]:
    """The names of the child in sheets: service number, short name, each first name with the family name, former names."""
    yield child.local_id
    yield short_name(child)
    for given_name in (child.given_name, *child.known_as):
        yield whole(given_name, child.family_name)
    for name in former_names(child):
        yield name
        yield shortened(name)


def short_names(child: Child) -> Iterator[str]:
    """The child's names with one of several family names."""
    for given in (child.given_name, *child.known_as):
        yield from with_one_family_name(given, child.family_name)


def resembles(child: Child) -> Iterator[tuple[str, Any]]:
    """The child's own number, and the name in any order with what is known of the birth."""
    if number := telephone.e164(child.phone):
        yield "the same telephone number", number
    if (words := in_any_order(full_name(child))) and birth(child).words:
        yield "the same name and date of birth", (words, birth(child).words)


CHILD = Kind(
    name="child",
    label="Child",
    plural="Children",
    reference_prefix="CH",
    record=Child,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=short_name,
    columns=("given_name", "family_name", "local_id", "phone"),
    sections=(
        Section(
            "Who the child is",
            (
                "given_name",
                "family_name",
                "known_as",
                "former_names",
                "local_id",
                "born",
                "born_year",
                "born_month",
                "born_estimated",
                "born_not_known",
                "sex",
                "ethnicity",
                "legal_status",
                "phone",
            ),
        ),
        Section("Warnings", ("flags", "allergies")),
        Section(
            "Safety plan",
            (
                "risks",
                "triggers",
                "helps",
                "do_not",
                "delegated",
                "who_to_call",
                "plan_reviewed",
                "plan_reviewer",
                "plan_review_due",
            ),
        ),
        Section("Health", ("health", "gp", "gp_phone")),
        Section(
            "School and social worker",
            ("school", "school_phone", "upn", "social_worker", "social_worker_phone", "placing_authority"),
        ),
    ),
    checks=(has_a_name, birth_is_answered),
    keeps=keeps,
    findable=findable,
    derivation=3,
    sheet=SheetOptions(key=("local_id",), names=sheet_names, short_names=short_names, resembles=resembles),
)
