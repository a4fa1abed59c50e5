"""An alert: what may happen to a child tonight and what was agreed, from one moment to another.

It is shown on the board, the child's card and the caller's card until it ends. The day staff write it for the night.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import Fields, Problem, field
from hipss_desktop.records.kind import Finish, Kind, SheetOptions


class Ended(msgspec.Struct):
    """The alert ended before its time."""

    id: str
    at: Annotated[datetime | None, field("Time", required="Enter when it was over")] = None
    why: Annotated[str, field("Why it is over", required="Enter why it is over")] = ""


class Alert(msgspec.Struct):
    """What the night staff must know about one child."""

    child: Annotated[
        str, field("Child", refers_to="child", subject=True, names="child", required="Choose the child")
    ] = ""
    expected: Annotated[str, field("What may happen", lines=2, names="child", required="Enter what may happen")] = ""
    agreed: Annotated[str, field("What was agreed", lines=2, required="Enter what was agreed, or ‘Nothing yet’")] = ""
    starts: Annotated[datetime | None, field("From", group="span")] = None
    ends: Annotated[datetime | None, field("Until", group="span", required="Enter until when it stands")] = None
    ended: Annotated[list[Ended], field("Over before its time", grows=True, row_name="that it is over")] = []


def over_at(alert: Alert) -> datetime | None:
    """When the alert ends: at its end, or earlier at the first moment at which somebody ended it."""
    moments = [moment for moment in (alert.ends, *(row.at for row in alert.ended)) if moment is not None]
    return min(moments, default=None)


def stands(alert: Alert, now: datetime) -> bool:
    """Whether the alert is in force now; without a start it is in force from when it was written."""
    over = over_at(alert)
    return (alert.starts is None or alert.starts <= now) and (over is None or now < over)


def due(alert: Alert) -> datetime | None:
    """When the alert ends, by which open alerts are listed."""
    return over_at(alert)


def ends_after_it_starts(alert: Alert, now: datetime) -> Iterable[Problem]:
    """Check that an alert ends after it starts, and that it was not ended in the future."""
    if alert.starts is not None and alert.ends is not None and alert.ends <= alert.starts:
        yield Problem("ends", f"The alert starts at {times.on_its_day(alert.starts, now)}. Enter a later end.")
    for row in alert.ended:
        if row.at is not None and row.at > now + timedelta(minutes=1):
            at = times.on_its_day(row.at, now)
            words = f"{at[:1].upper()}{at[1:]} is in the future. Enter a time that is not in the future"
            yield Problem(f"ended/{row.id}/at", words)


def fills_in(alert: Alert, finish: Finish) -> Fields:
    """Fill in the present moment as the start, if none was given."""
    return {} if alert.starts is not None else {"starts": times.stamp(finish.now)}


ALERT = Kind(
    name="alert",
    label="Alert",
    plural="Alerts",
    reference_prefix="AL",
    finished_as="entered",
    record=Alert,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda alert: " ".join(alert.expected.split()) or "Alert with no words yet",
    dated_by="starts",
    ends_at="ends",
    summary=("expected",),
    lead=("expected", "agreed"),
    told_by_title=("expected",),
    columns=("child", "expected", "starts", "ends"),
    due=due,
    checks=(ends_after_it_starts,),
    fills_in=fills_in,
    sheet=SheetOptions(key=("child", "starts")),
)
