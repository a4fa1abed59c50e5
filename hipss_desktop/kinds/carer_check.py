"""A check of a carer household or of one of its members: annual review, DBS, training standards, bedrooms, home safety.

A record says that the check was done, when, and what came of it. ``rules.visits`` works out when the next one is due. Sources:
regulation 28 of the Fostering Services (England) Regulations 2011, national minimum standards 10, 20 and 21, local policy
(domain notes a, b and h). A visit makes a record for each check that was made at it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, FOSTERING
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind, SheetOptions

ANNUAL_REVIEW, DBS, TSDS, BEDROOM, HOME_SAFETY = "annual_review", "dbs", "tsds", "bedroom", "home_safety"
"""Codes of ``carer_check_type``."""
OF_A_PERSON = (DBS, TSDS)
"""The checks of one person, not of the household."""
STANDARDS = 7
"""How many training, support and development standards there are."""


def is_review(check: "CarerCheck") -> bool:
    """Whether the check is an annual review."""
    return check.type == ANNUAL_REVIEW


def is_of_a_person(check: "CarerCheck") -> bool:
    """Whether the check is of one person."""
    return check.type in OF_A_PERSON


def is_of_standards(check: "CarerCheck") -> bool:
    """Whether the check counts training standards."""
    return check.type == TSDS


class CarerCheck(msgspec.Struct):
    """One check: what, of whom, when, what came of it."""

    carer: Annotated[
        str, field("Household", refers_to="carer", subject=True, names="carer", required="Choose the household")
    ] = ""
    type: Annotated[str, field("What was checked", choices="carer_check_type", required="Choose what was checked")] = ""
    member: Annotated[str, field("Row in the household", searchable=False, shown_if=is_of_a_person)] = ""
    name: Annotated[
        str, field("Of whom", "The name as it stands in the household", names="carer", shown_if=is_of_a_person)
    ] = ""
    on: Annotated[date | None, field("When", required="Enter when it was", past=True)] = None
    at_panel: Annotated[
        bool | None,
        field("At the fostering panel", shown_if=is_review, required="Say whether it was at panel"),
    ] = None
    standards: Annotated[
        int | None,
        field(
            "Standards met, of 7",
            shown_if=is_of_standards,
            required="Enter how many of the 7 standards are met",
        ),
    ] = None
    outcome: Annotated[str, field("Outcome", lines=2)] = ""
    next_on: Annotated[date | None, field("Next one by", "Only where it is sooner than the rule asks")] = None
    from_visit: Annotated[str, field("From visit", refers_to="visit")] = ""


def is_about_somebody(check: CarerCheck, now: datetime) -> Iterable[Problem]:
    """Check that a check of one person names the person."""
    if is_of_a_person(check) and not check.member and not check.name.strip():
        yield Problem("name", "Enter whose check it was")


def standards_are_some_of_seven(check: CarerCheck, now: datetime) -> Iterable[Problem]:
    """Check that nobody meets more standards than there are."""
    if is_of_standards(check) and check.standards is not None and not 0 <= check.standards <= STANDARDS:
        yield Problem("standards", f"Enter a number from 0 to {STANDARDS}")


def next_is_later(check: CarerCheck, now: datetime) -> Iterable[Problem]:
    """Check that the next check is after this one."""
    if check.on is not None and check.next_on is not None and check.next_on <= check.on:
        yield Problem("next_on", "Enter a day after this check")


def title(check: CarerCheck) -> str:
    """What was checked and of whom: "DBS check, Ann Colley"."""
    label = code_list("carer_check_type").label(check.type) or "Check of a household"
    return f"{label}, {check.name.strip()}" if is_of_a_person(check) and check.name.strip() else label


CARER_CHECK = Kind(
    name="carer_check",
    label="Carer check",
    plural="Carer checks",
    reference_prefix="CK",
    record=CarerCheck,
    writers=FOSTERING,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="on",
    summary=("carer", "outcome"),
    columns=("on", "carer", "type", "name", "outcome"),
    checks=(is_about_somebody, standards_are_some_of_seven, next_is_later),
    sheet=SheetOptions(key=("carer", "type", "name", "on"), optional_key=("name",), files=("checks",)),
)
