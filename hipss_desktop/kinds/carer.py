"""A carer household: who lives there, how to ring them, what they are approved for.

Fields: Fostering Services (England) Regulations 2011 reg 30 and the Leeds supervision sheet (domain notes a and b).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from hipss_desktop import identity
from hipss_desktop.kinds.former_names import nicknamed, row_kept
from hipss_desktop.kinds.person_names import in_any_order, known, whole, with_one_family_name
from hipss_desktop.records import telephone
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, FOSTERING
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Findable, Kind, SheetOptions

MOST_APART = 60
"""The most weeks or months between two visits. A larger number is a typing error."""
WEEKS, MONTHS = "weeks", "months"
"""The codes of ``frequency_unit``."""


class Member(msgspec.Struct):
    """A member of the household."""

    id: str
    given_name: Annotated[str, field("First name", names="carer")] = ""
    family_name: Annotated[
        str, field("Family name", "Empty if there is one name only, or it is not known", names="carer")
    ] = ""
    known_as: Annotated[str, field("Known as", names="carer")] = ""
    relation: Annotated[str, field("In the household", choices="household_relation")] = ""
    born: Annotated[date | None, field("Date of birth", names="carer", past=True)] = None
    phone: Annotated[str, field("Mobile", format="phone", names="carer")] = ""
    checked: Annotated[date | None, field("DBS check", past=True)] = None
    approved_on: Annotated[
        date | None,
        field("Approved themselves on", "Where it differs from the household’s", past=True),
    ] = None
    approved_as: Annotated[str, field("Approved as", choices="approved_as")] = ""


class Phone(msgspec.Struct):
    """A number the household answers."""

    id: str
    label: Annotated[str, field("Which")] = ""
    number: Annotated[str, field("Number", format="phone", names="carer", required="Enter the number")] = ""


class FormerName(msgspec.Struct):
    """A name that a member had in this record until it was changed."""

    id: str
    name: Annotated[str, field("Former name", names="carer", required="Enter the former name")] = ""
    now: Annotated[str, field("Changed to", names="carer", required="Enter the name that it was changed to")] = ""
    until: Annotated[date | None, field("Changed here on", past=True)] = None


class Frequency(msgspec.Struct):
    """How often the household is visited, from a day on until the first day of another row."""

    id: str
    starts: Annotated[date | None, field("From", required="Enter the first day")] = None
    every: Annotated[int | None, field("Every", "How many weeks or months", required="Enter a number")] = None
    unit: Annotated[str, field("Weeks or months", choices="frequency_unit", required="Choose weeks or months")] = ""
    note: Annotated[str, field("Who decided it, and why", names="third")] = ""


class Approval(msgspec.Struct):
    """An approval beside the one that the household's own fields describe: an earlier one, or new terms."""

    id: str
    starts: Annotated[date | None, field("Approved on", required="Enter the first day")] = None
    ends: Annotated[date | None, field("Approval ended", "The last day on which it held")] = None
    note: Annotated[str, field("Note")] = ""


class Hold(msgspec.Struct):
    """A time in which the household takes no children; visits and reviews go on."""

    id: str
    starts: Annotated[date | None, field("On hold from", required="Enter the first day")] = None
    ends: Annotated[date | None, field("Last day on hold", "Empty while it goes on")] = None
    note: Annotated[str, field("Why")] = ""


class Carer(msgspec.Struct):
    """What is known of a household and the terms of its approval."""

    members: Annotated[
        list[Member], field("Household", required="Enter who is in the household", row_name="a member of the household")
    ] = []
    former_names: Annotated[list[FormerName], field("Former names", row_name="a former name")] = []
    phones: Annotated[list[Phone], field("Phones", row_name="a phone")] = []
    address: Annotated[str, field("Address", lines=2, names="carer")] = ""
    postcode: Annotated[str, field("Postcode", names="carer")] = ""
    status: Annotated[str, field("Status", choices="carer_status", initial="approved")] = ""
    approved_on: Annotated[
        date | None, field("Approved on", "New terms do not change it", group="approval", past=True)
    ] = None
    approved_until: Annotated[date | None, field("Approval ended", group="approval")] = None
    categories: Annotated[list[str], field("Approved for", choices="fostering_care_categories", group="approval")] = []
    places: Annotated[int | None, field("Places", group="approval", initial=1)] = None
    ages_from: Annotated[int | None, field("Youngest age", group="approval", initial=7)] = None
    ages_to: Annotated[int | None, field("Oldest age", group="approval", initial=18)] = None
    terms: Annotated[str, field("Terms of approval", lines=2, group="approval")] = ""
    approvals: Annotated[list[Approval], field("Other approvals", row_name="another approval")] = []
    holds: Annotated[list[Hold], field("On hold", row_name="a time on hold")] = []
    frequencies: Annotated[list[Frequency], field("How often they are visited", row_name="a frequency")] = []
    supervisor: Annotated[str, field("Supervising social worker", names="third")] = ""
    review_due: Annotated[date | None, field("Annual review due")] = None
    notes: Annotated[str, field("Notes", lines=3)] = ""


APPROVED, ON_HOLD, IN_ASSESSMENT, ENDED = "approved", "on_hold", "assessment", "ended"
"""Codes of ``carer_status``."""
FOSTER, FAMILY_AND_FRIENDS = "foster", "family_friends"
"""The codes of ``approved_as``."""
OF_FAMILY_AND_FRIENDS = frozenset({"FANDF", "TEMPAPP"})
"""The kinds of foster care (``fostering_care_categories``) for which family and friends are approved."""
CARING = ("carer", "second_carer", "support_carer", "")


def carers(household: Carer) -> list[Member]:
    """The members who care, in order."""
    return [member for member in household.members if member.relation in CARING]


def member_name(member: Member) -> str:
    """A member's name as people say it: known-as or first name, and family name."""
    return whole(known(member.known_as) or member.given_name, member.family_name)


def legal_name(member: Member) -> str:
    """A member's first and family name as documents give it."""
    return whole(member.given_name, member.family_name)


def first_name(member: Member) -> str:
    """The name by which people speak of a member: known-as, first name, or the only name."""
    return known(member.known_as) or known(member.given_name) or known(member.family_name)


def members_have_names(household: Carer, now: datetime) -> Iterable[Problem]:
    """Check that each member has a first or a family name: many people have one name only."""
    for member in household.members:
        if not legal_name(member):
            yield Problem(f"members/{member.id}/given_name", "Enter a first name, or the only name")


def former_names(household: Carer, member: Member) -> tuple[str, ...]:
    """The names that a member had before. Each row says what a name was changed to, and that name may have changed again."""
    names = [legal_name(member)]
    for later in names:  # the loop adds to this list
        names += [
            row.name for row in household.former_names if folded(row.now) == folded(later) and row.name not in names
        ]
    former = names[1:]
    return (*former, *nicknamed(former, member.given_name, [member.known_as]))


def keeps(before: Carer, after: Carer, on: date) -> Mapping[str, list[dict[str, Any]]]:
    """The rows to add after a change: the former names of members, and an approval that had ended before the new one."""
    names = {member.id: legal_name(member) for member in before.members}
    changed = [(names.get(member.id, ""), legal_name(member)) for member in after.members]
    return {
        "former_names": [row | {"now": now} for former, now in changed for row in row_kept(former, now, on)],
        "approvals": _approval_kept(before, after),
    }


def _approval_kept(before: Carer, after: Carer) -> list[dict[str, Any]]:
    """The row of the former approval, if a later approval was written over it."""
    starts, ends = before.approved_on, before.approved_until
    if starts is None or ends is None or after.approved_on is None or after.approved_on <= ends:
        return []
    row = identity.dated_row_id(ends, f"{starts}\n{ends}")
    return [{"id": row, "starts": starts.isoformat(), "ends": ends.isoformat()}]


def times_run_forward(household: Carer, now: datetime) -> Iterable[Problem]:
    """Check that an approval and a time on hold end after they begin, and that a frequency is at least one week or month."""
    for name, rows in (("approvals", household.approvals), ("holds", household.holds)):
        for row in rows:
            if row.starts and row.ends and row.ends < row.starts:
                yield Problem(f"{name}/{row.id}/ends", "Enter a day that is not before the first one")
    for frequency in household.frequencies:
        if frequency.every is not None and not 1 <= frequency.every <= MOST_APART:
            yield Problem(f"frequencies/{frequency.id}/every", f"Enter a number from 1 to {MOST_APART}")


def household_name(household: Carer) -> str:
    """The name of a household: "Jo & Martin Preece", "Carol Yeo", "Ann Colley & Tom Nash"."""
    people = carers(household)[:2]
    family_names = {known(member.family_name) for member in people}
    if len(people) == 2 and len(family_names) == 1 and (family_name := family_names.pop()):
        return whole(" & ".join(known(member.known_as) or known(member.given_name) for member in people), family_name)
    return " & ".join(filter(None, map(member_name, people))) or "Household with no name yet"


def main_phone(household: Carer) -> str:
    """The number to ring first: the household's first, or the first carer's mobile; '' if no number is known."""
    numbers = [phone.number for phone in household.phones] + [member.phone for member in carers(household)]
    return next((number for number in numbers if number), "")


def findable(household: Carer) -> Iterator[Findable]:
    """Each carer of the household, to be found by the name that people say and by the name in documents."""
    numbers = tuple(phone.number for phone in household.phones)
    for member in carers(household):
        name, former = member_name(member), former_names(household, member)
        names, rung = (name, legal_name(member)), (member.phone, *numbers)
        yield Findable(name, "carer", main_phone(household), names, rung, former)


def sheet_names(household: Carer) -> Iterator[str]:
    """The household's name, each member's, and their former ones."""
    yield household_name(household)
    for member in household.members:
        yield member_name(member)
        yield legal_name(member)
        yield from former_names(household, member)


def short_names(household: Carer) -> Iterator[str]:
    """The names of its members with one of several family names."""
    for member in household.members:
        for given in dict.fromkeys((known(member.known_as) or member.given_name, member.given_name)):
            yield from with_one_family_name(given, member.family_name)


def resembles(household: Carer) -> Iterator[tuple[str, Any]]:
    """The telephone numbers of the household, and its members by name in any order and date of birth."""
    for number in (*(phone.number for phone in household.phones), *(member.phone for member in household.members)):
        if digits := telephone.e164(number):
            yield "the same telephone number", digits
    for member in household.members:
        if (words := in_any_order(legal_name(member))) and (len(words) > 1 or member.born):
            yield "the same member", (words, member.born)


CARER = Kind(
    name="carer",
    label="Carer household",
    plural="Carers",
    reference_prefix="H",
    record=Carer,
    writers=FOSTERING,
    readers=EVERYONE_IN_SERVICE,
    title_from=household_name,
    columns=("members", "phones", "places", "status"),
    checks=(members_have_names, times_run_forward),
    keeps=keeps,
    findable=findable,
    derivation=2,
    sheet=SheetOptions(
        key=("members",),
        key_of_rows={"members": ("given_name", "family_name")},
        headers={"ages from": "ages_from", "ages to": "ages_to"},
        names=sheet_names,
        short_names=short_names,
        resembles=resembles,
    ),
)
