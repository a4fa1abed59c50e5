"""A looked-after child placed with the service, with the safety plan that is read at night.

Fields: domain notes sections c and e; codes of the national return (SSDA903) for sex, ethnicity and legal status.
"""

from datetime import date
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.kind import Fields, Kind, field


class Flag(msgspec.Struct):
    """A warning that stands at the top of the child's page until its review."""

    id: str
    type: Annotated[str, field("Flag", choices="flag_type", required="Choose what the flag is about")] = ""
    level: Annotated[str, field("Level", choices="flag_level")] = ""
    words: Annotated[str, field("In words")] = ""
    review: Annotated[str, field("Review on", format="day")] = ""


class Person(msgspec.Struct):
    """Somebody to ring about the child, and their number."""

    id: str
    who: Annotated[str, field("Who", names="third", required="Enter who answers")] = ""
    number: Annotated[str, field("Number", format="phone", names="third", required="Enter the number")] = ""
    note: Annotated[str, field("Note")] = ""


class Child(msgspec.Struct):
    """What is known of a child, and the safety plan."""

    given_name: Annotated[str, field("First name", names="child", required="Enter the child's first name")] = ""
    family_name: Annotated[str, field("Family name", names="child", required="Enter the child's family name")] = ""
    known_as: Annotated[list[str], field("Known as", "Nicknames and other names, one a line", names="child")] = []
    local_id: Annotated[str, field("Service number", "Like HIPSS-017", required="Enter the service number")] = ""
    born: Annotated[str, field("Date of birth", format="day", required="Enter the date of birth")] = ""
    sex: Annotated[str, field("Sex", choices="ssda903_sex")] = ""
    ethnicity: Annotated[str, field("Ethnicity", choices="ssda903_ethnicity")] = ""
    upn: Annotated[str, field("Unique pupil number", searchable=False)] = ""
    legal_status: Annotated[str, field("Legal status", choices="ssda903_legal_status")] = ""
    phone: Annotated[str, field("Child's own phone", format="phone", names="child")] = ""
    flags: Annotated[list[Flag], field("Warnings")] = []
    risks: Annotated[list[str], field("Known risks", "One a line")] = []
    triggers: Annotated[list[str], field("Triggers", "One a line")] = []
    helps: Annotated[list[str], field("What helps", "One a line")] = []
    do_not: Annotated[list[str], field("Do not", "One a line")] = []
    delegated: Annotated[list[str], field("Delegated authority", "What the carer may decide, one a line")] = []
    who_to_call: Annotated[list[Person], field("Who to call")] = []
    health: Annotated[list[str], field("Health", "Conditions and medication, one a line")] = []
    allergies: Annotated[list[str], field("Allergies", "One a line")] = []
    plan_reviewed: Annotated[str, field("Safety plan reviewed", format="day", group="plan")] = ""
    plan_reviewer: Annotated[str, field("Reviewed by", names="third", group="plan")] = ""
    plan_review_due: Annotated[str, field("Next review", format="day")] = ""
    social_worker: Annotated[str, field("Placing social worker", names="third")] = ""
    social_worker_phone: Annotated[str, field("Social worker's number", format="phone", names="third")] = ""
    placing_authority: Annotated[str, field("Responsible authority")] = ""
    school: Annotated[str, field("School")] = ""
    school_phone: Annotated[str, field("School's number", format="phone")] = ""
    gp: Annotated[str, field("GP")] = ""
    gp_phone: Annotated[str, field("GP's number", format="phone")] = ""


def short_name(fields: Fields) -> str:
    """The name that screens use, given name and initial, "Kai M."."""
    given, family = str(fields.get("given_name") or "").strip(), str(fields.get("family_name") or "").strip()
    return f"{given} {family[:1]}." if family else given or "Child with no name yet"


def age(fields: Fields, on: date) -> int | None:
    """Whole years on a day, None where no date of birth is held."""
    try:
        born = times.day(str(fields.get("born") or ""))
    except ValueError:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


CHILD = Kind(
    name="child",
    label="Child",
    plural="Children",
    struct=Child,
    title=short_name,
    write=PRACTITIONERS,
    read=EVERYONE_IN_SERVICE,
    key=("local_id",),
)
