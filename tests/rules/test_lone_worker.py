"""Whether somebody who left for a visit is back, on nights that a social worker could have had."""

from datetime import UTC, datetime

import pytest

from hipss_desktop import times
from hipss_desktop.kinds.contact import CONTACT, Contact
from hipss_desktop.rules.lone_worker import visit


def at(words: str) -> datetime:
    """A moment in UTC: "14 March 02:15"."""
    return datetime.strptime(f"2017 {words} +0000", "%Y %d %B %H:%M %z")


def contact(left_at: str, back_by: str = "", *, home: str = "", in_the_field: str = "", type: str = "call") -> Contact:  # noqa: A002  the field's name
    """A contact whose worker left, and what else is known of the visit."""
    body = {
        "type": type,
        "visit_out": times.stamp(at(left_at)),
        "back_by": times.stamp(at(back_by)) if back_by else "",
        "visit_back": times.stamp(at(in_the_field)) if in_the_field else "",
        "safe_home": [{"id": "a", "at": times.stamp(at(home))}] if home else [],
    }
    return CONTACT.read(body)


def level(of: Contact, now: str) -> str:
    """How a visit stands at a moment, '' where none runs."""
    running = visit(of, at(now))
    return running.level if running is not None else ""


# Times are in UTC. The clocks go forward on 26 March 2017 at 01:00 and back on 29 October 2017 at 01:00.
NIGHTS = [
    ("before the time said", contact("14 March 01:00", "14 March 02:00"), "14 March 01:59", "out"),
    ("at the time said", contact("14 March 01:00", "14 March 02:00"), "14 March 02:00", "amber"),
    ("29 minutes later", contact("14 March 01:00", "14 March 02:00"), "14 March 02:29", "amber"),
    ("30 minutes later", contact("14 March 01:00", "14 March 02:00"), "14 March 02:30", "red"),
    ("no time said, within the hour", contact("14 March 01:00"), "14 March 01:59", "out"),
    ("no time said, after an hour", contact("14 March 01:00"), "14 March 02:00", "amber"),
    ("no time said, half an hour more", contact("14 March 01:00"), "14 March 02:30", "red"),
    ("safe home", contact("14 March 01:00", "14 March 02:00", home="14 March 03:00"), "14 March 03:01", ""),
    (
        "safe home, as older programs wrote it",
        contact("14 March 01:00", in_the_field="14 March 03:00"),
        "14 March 04:00",
        "",
    ),
    ("not gone yet", contact("14 March 03:00", "14 March 04:00"), "14 March 02:59", ""),
    ("an old contact", contact("13 March 01:00"), "14 March 01:00", ""),
    ("still out after 23 hours", contact("13 March 02:00"), "14 March 01:00", "red"),
    ("a wrong number asks nothing of a visit", contact("14 March 01:00", type="wrong_number"), "14 March 03:00", ""),
    # 00:30 GMT to 02:30 BST is one hour; 29 minutes after it is 02:59 BST.
    ("clocks forward, just before", contact("26 March 00:30", "26 March 01:30"), "26 March 01:29", "out"),
    ("clocks forward, due", contact("26 March 00:30", "26 March 01:30"), "26 March 01:30", "amber"),
    ("clocks forward, half an hour on", contact("26 March 00:30", "26 March 01:30"), "26 March 02:00", "red"),
    ("clocks forward, no time said", contact("26 March 00:30"), "26 March 01:30", "amber"),
    # 01:30 BST, then 01:30 GMT an hour later: the second one is the time said.
    ("clocks back, first 01:30", contact("29 October 00:00", "29 October 01:30"), "29 October 00:30", "out"),
    ("clocks back, second 01:30", contact("29 October 00:00", "29 October 01:30"), "29 October 01:30", "amber"),
    ("clocks back, half an hour on", contact("29 October 00:00", "29 October 01:30"), "29 October 02:00", "red"),
    ("clocks back, no time said", contact("29 October 00:30"), "29 October 01:29", "out"),
]


@pytest.mark.parametrize(("night", "of", "now", "expected"), NIGHTS, ids=[row[0] for row in NIGHTS])
def test_a_visit_is_amber_at_the_time_said_and_red_half_an_hour_later(
    night: str, of: Contact, now: str, expected: str
) -> None:
    assert level(of, now) == expected


@pytest.mark.parametrize("now", [at("26 March 02:00"), times.local(at("26 March 02:00"))], ids=["UTC", "local"])
def test_it_is_the_same_in_whatever_zone_the_clock_tells_the_time(now: datetime) -> None:
    running = visit(contact("26 March 00:30", "26 March 01:45"), now)
    assert running is not None
    assert (running.level, running.due.astimezone(UTC)) == ("amber", at("26 March 01:45"))
