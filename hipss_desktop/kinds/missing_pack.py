"""The missing-person pack: the answers that police ask about a child, prepared by day so that they are ready at any hour.

Fields: part 1 of the Herbert and Philomena protocols as police forces publish them (domain notes, section c), in the order
in which police ask. Names, date of birth, health and the safety plan are in the child's own record and are not copied.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind, SheetOptions


class Friend(msgspec.Struct):
    """A person with whom the child may be: family, a friend, or somebody whom the service worries about."""

    id: str
    name: Annotated[str, field("Who", names="third", required="Enter who it is")] = ""
    number: Annotated[str, field("Number", format="phone", names="third")] = ""
    note: Annotated[str, field("Note", "Where they live, how to reach them")] = ""


class MissingPack(msgspec.Struct):
    """One child's pack."""

    child: Annotated[
        str, field("Child", refers_to="child", subject=True, names="child", required="Choose the child")
    ] = ""
    looks: Annotated[
        str, field("What the child looks like", "Height, build, hair, eyes, scars, glasses", lines=2, names="child")
    ] = ""
    phone: Annotated[str, field("The child’s phone", "Number and habits, for example ‘text first’", names="child")] = ""
    health: Annotated[
        str, field("Health while away", "What becomes urgent without medicine or help", lines=2, names="child")
    ] = ""
    risk: Annotated[str, field("Exploitation and other risk", "Cars, names, places seen", lines=2, names="child")] = ""
    places: Annotated[list[str], field("Places the child goes to", "One on each line", names="child")] = []
    friends: Annotated[list[Friend], field("Friends and family", row_name="a friend or relative")] = []
    online: Annotated[str, field("Online", "Apps and the names used there", names="child")] = ""
    travel: Annotated[str, field("Money and travel", "Bank card, bus pass, bicycle", names="child")] = ""
    owner: Annotated[str, field("Who keeps it up to date", refers_to="practitioner")] = ""
    checked: Annotated[date | None, field("Checked on", group="checked", past=True)] = None
    checked_by: Annotated[str, field("Checked by", names="third", group="checked")] = ""
    review: Annotated[date | None, field("Check again by")] = None


ASKED = ("looks", "phone", "health", "risk", "places", "friends", "online", "travel")
"""The eight fields that police ask about and no other record has, in the order in which police ask."""
LASTS_MONTHS = 6
"""The months after which a checked pack must be checked again (ux notes, picture 20)."""


def not_answered(pack: MissingPack) -> tuple[str, ...]:
    """Return the fields of ``ASKED`` that have no answer, in the same order."""
    return tuple(name for name in ASKED if not getattr(pack, name))


def is_to_check(pack: MissingPack, today: date) -> bool:
    """Whether the pack must be checked again: never checked, checked six months ago or more, or its review date has come."""
    if pack.review is not None and pack.review <= today:
        return True
    return pack.checked is None or times.months_later(pack.checked, LASTS_MONTHS) <= today


def checked_is_past(pack: MissingPack, now: datetime) -> Iterable[Problem]:
    """Check that the day of the check is not in the future."""
    if pack.checked is not None and pack.checked > times.local_day(now):
        yield Problem("checked", "Enter a day that is not in the future")


MISSING_PACK = Kind(
    name="missing_pack",
    label="Missing-person pack",
    plural="Missing-person packs",
    reference_prefix="MP",
    record=MissingPack,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda pack: "Missing-person pack",
    dated_by="checked",
    columns=("child", "checked", "review", "owner"),
    lead=("looks", "risk"),
    checks=(checked_is_past,),
    sheet=SheetOptions(key=("child",), files=("packs",)),
)
