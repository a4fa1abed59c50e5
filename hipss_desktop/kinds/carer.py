"""A carer household: who lives there, how to ring them, what they are approved for.

Fields: Fostering Services (England) Regulations 2011 reg 30 and the Leeds supervision sheet (domain notes a and b).
"""

from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, FOSTERING
from hipss_desktop.records.kind import Fields, Kind, field


class Member(msgspec.Struct):
    """A member of the household."""

    id: str
    given_name: Annotated[str, field("First name", names="carer", required="Enter a first name")] = ""
    family_name: Annotated[str, field("Family name", names="carer", required="Enter a family name")] = ""
    known_as: Annotated[str, field("Known as", names="carer")] = ""
    relation: Annotated[str, field("In the household", choices="household_relation")] = ""
    born: Annotated[str, field("Date of birth", format="day", names="carer")] = ""
    phone: Annotated[str, field("Mobile", format="phone", names="carer")] = ""
    checked: Annotated[str, field("DBS check", format="day")] = ""


class Phone(msgspec.Struct):
    """A number the household answers."""

    id: str
    label: Annotated[str, field("Which")] = ""
    number: Annotated[str, field("Number", format="phone", names="carer", required="Enter the number")] = ""


class Carer(msgspec.Struct):
    """What is known of a household and the terms of its approval."""

    members: Annotated[list[Member], field("Household", required="Enter who is in the household")] = []
    phones: Annotated[list[Phone], field("Phones")] = []
    address: Annotated[str, field("Address", lines=2, names="carer")] = ""
    postcode: Annotated[str, field("Postcode", names="carer")] = ""
    status: Annotated[str, field("Status", choices="carer_status")] = "approved"
    approved_on: Annotated[str, field("Approved on", format="day", group="approval")] = ""
    approved_until: Annotated[str, field("Approval ended", format="day", group="approval")] = ""
    categories: Annotated[list[str], field("Approved for", choices="fostering_care_categories", group="approval")] = []
    places: Annotated[int, field("Places", group="approval")] = 1
    ages_from: Annotated[int, field("Ages from", group="approval")] = 7
    ages_to: Annotated[int, field("Ages to", group="approval")] = 18
    terms: Annotated[str, field("Terms of approval", lines=2, group="approval")] = ""
    supervisor: Annotated[str, field("Supervising social worker", names="third")] = ""
    review_due: Annotated[str, field("Annual review due", format="day")] = ""
    notes: Annotated[str, field("Notes", lines=3)] = ""


CARING = ("carer", "second_carer", "support_carer", "")


def carers(fields: Fields) -> list[dict[str, str]]:
    """The members who care, in order."""
    return [each for each in fields.get("members") or [] if each.get("relation", "") in CARING]


def member_name(member: Fields) -> str:
    """A member's name as people say it: known-as or first name, and family name."""
    given = member.get("known_as") or member.get("given_name") or ""
    return f"{given} {member.get('family_name') or ''}".strip()


def household_name(fields: Fields) -> str:
    """What a household is called: "Jo & Martin Preece", "Carol Yeo", "Ann Colley & Tom Nash"."""
    people = carers(fields)[:2]
    if len(people) == 2 and people[0].get("family_name") == people[1].get("family_name"):
        given = [each.get("known_as") or each.get("given_name") or "" for each in people]
        return f"{given[0]} & {given[1]} {people[0].get('family_name') or ''}".strip()
    return " & ".join(member_name(each) for each in people) or "Household with no name yet"


def main_phone(fields: Fields) -> str:
    """The number to ring first: the household's first, or the first member's mobile; '' where none is held."""
    numbers = [each.get("number") for each in fields.get("phones") or []]
    numbers += [each.get("phone") for each in carers(fields)]
    return next((str(each) for each in numbers if each), "")


CARER = Kind(
    name="carer",
    label="Carer household",
    plural="Carers",
    struct=Carer,
    title=household_name,
    write=FOSTERING,
    read=EVERYONE_IN_SERVICE,
    key=("members",),
)
