"""A looked-after child placed with the service, with the safety plan that is read at night.

Fields: domain notes sections c and e; codes of the national return (SSDA903) for sex, ethnicity and legal status.
"""

from datetime import date
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.kind import Fields, Kind, says


class Flag(msgspec.Struct):
    """A warning that stands at the top of the child's page until its review."""

    id: str
    type: Annotated[str, says("Flag", choices="flag_type", needed="Choose what the flag is about")] = ""
    level: Annotated[str, says("Level", choices="flag_level")] = ""
    words: Annotated[str, says("In words")] = ""
    review: Annotated[str, says("Review on", form="day")] = ""


class Person(msgspec.Struct):
    """Somebody to ring about the child, and their number."""

    id: str
    who: Annotated[str, says("Who", person="third", needed="Enter who answers")] = ""
    number: Annotated[str, says("Number", form="phone", person="third", needed="Enter the number")] = ""
    note: Annotated[str, says("Note")] = ""


class Child(msgspec.Struct):
    """What is known of a child, and the safety plan."""

    given_name: Annotated[str, says("First name", person="child", needed="Enter the child's first name")] = ""
    family_name: Annotated[str, says("Family name", person="child", needed="Enter the child's family name")] = ""
    known_as: Annotated[list[str], says("Known as", "Nicknames and other names, one a line", person="child")] = []
    local_id: Annotated[str, says("Service number", "Like HIPSS-017", needed="Enter the service number")] = ""
    born: Annotated[str, says("Date of birth", form="day", needed="Enter the date of birth")] = ""
    sex: Annotated[str, says("Sex", choices="ssda903_sex")] = ""
    ethnicity: Annotated[str, says("Ethnicity", choices="ssda903_ethnicity")] = ""
    upn: Annotated[str, says("Unique pupil number", searched=False)] = ""
    legal_status: Annotated[str, says("Legal status", choices="ssda903_legal_status")] = ""
    phone: Annotated[str, says("Child's own phone", form="phone", person="child")] = ""
    flags: Annotated[list[Flag], says("Warnings")] = []
    risks: Annotated[list[str], says("Known risks", "One a line")] = []
    triggers: Annotated[list[str], says("Triggers", "One a line")] = []
    helps: Annotated[list[str], says("What helps", "One a line")] = []
    do_not: Annotated[list[str], says("Do not", "One a line")] = []
    delegated: Annotated[list[str], says("Delegated authority", "What the carer may decide, one a line")] = []
    who_to_call: Annotated[list[Person], says("Who to call")] = []
    health: Annotated[list[str], says("Health", "Conditions and medication, one a line")] = []
    allergies: Annotated[list[str], says("Allergies", "One a line")] = []
    plan_reviewed: Annotated[str, says("Safety plan reviewed", form="day", group="plan")] = ""
    plan_reviewer: Annotated[str, says("Reviewed by", person="third", group="plan")] = ""
    plan_review_due: Annotated[str, says("Next review", form="day")] = ""
    social_worker: Annotated[str, says("Placing social worker", person="third")] = ""
    social_worker_phone: Annotated[str, says("Social worker's number", form="phone", person="third")] = ""
    placing_authority: Annotated[str, says("Responsible authority")] = ""
    school: Annotated[str, says("School")] = ""
    school_phone: Annotated[str, says("School's number", form="phone")] = ""
    gp: Annotated[str, says("GP")] = ""
    gp_phone: Annotated[str, says("GP's number", form="phone")] = ""


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
