"""What a child's card says first, and in which order the children stand, on nights that a social worker could have had.

Times are as the clock on the wall showed them; (b) and (g) are the first and second pass through the hour that came twice.
"""

from datetime import date, datetime, time
from typing import Any

import msgspec
import pytest

from hipss_desktop import times
from hipss_desktop.rules.concern import Concern, Level, newest, order, standing
from hipss_desktop.rules.missing import Episode
from hipss_desktop.services.ports import Record


def at(words: str) -> datetime:
    """A moment as a table writes it: "14 March 02:15", "29 October 01:30 (g)"."""
    number, month, clock, *which = words.split()
    day = date(2017, times.MONTHS.index(month) + 1, int(number))
    zone = {"(b)": "BST", "(g)": "GMT"}[which[0]] if which else None
    return times.at_local(day, time.fromisoformat(clock), zone)  # type: ignore[arg-type]  # one of the two zones


def contact(told_at: str, withdrawn: bool = False, **answers: Any) -> Record:
    """A contact told at a moment."""
    fields = {"told": times.stamp(at(told_at)), **answers}
    return Record(
        id=1, record=told_at, kind="contact", fields=fields, at=times.ms(at(told_at)), heads=(), conflicts={},
        withdrawn=withdrawn, disputed=False, incomplete=False, own_number=0, versions=1, author="", clock="",
    )  # fmt: skip


def missing(told_at: str, since: str) -> Record:
    """A contact that says the child is still missing."""
    return contact(told_at, missing="still", missing_since=times.stamp(at(since)), concerns=["missing"], risk="high")


def back(told_at: str, back_at: str, **answers: Any) -> Record:
    """A contact that says the child came back."""
    return contact(told_at, missing="back", back_at=times.stamp(at(back_at)), concerns=["missing"], **answers)


def nothing(record: str) -> None:
    """No other record is here."""


def known(now: str, *contacts: Record) -> Concern | None:
    """What is newest of a child who was spoken of in these contacts."""
    speaking = sorted(
        (contact for contact in contacts if contact.fields.get("missing")), key=lambda contact: -contact.at
    )
    return newest(contacts, speaking, at(now), find=nothing)


def test_a_child_who_came_back_hurt_is_a_concern_until_a_day_has_passed() -> None:
    came_back = back("14 March 02:15", "14 March 02:05", risk="medium", injuries="Cut on the left palm")
    for now, level in (
        ("14 March 02:18", Level.WATCH),
        ("14 March 09:05", Level.WATCH),
        ("15 March 02:14", Level.WATCH),
    ):
        concern = known(now, missing("13 March 21:52", "13 March 21:40"), came_back)
        assert concern is not None, now
        assert (concern.level, concern.back_at, concern.risk) == (level, at("14 March 02:05"), "medium"), now
    assert known("15 March 02:15", missing("13 March 21:52", "13 March 21:40"), came_back) is None


def test_a_child_who_is_missing_is_a_concern_for_as_long_as_that_lasts() -> None:
    gone = missing("13 March 21:52", "13 March 21:40")
    for now in ("13 March 21:53", "14 March 02:14", "14 March 09:01", "17 March 12:00"):
        concern = known(now, gone)
        assert concern == Concern(
            Level.NOW, at("13 March 21:52"), episode=Episode(at("13 March 21:40"), at("13 March 21:52"))
        ), now


def test_a_return_that_the_guide_knows_is_a_concern_for_a_day_like_one_that_a_call_told() -> None:
    row = {"id": "r", "at": times.stamp(at("14 March 02:05")), "seen_by": "Jo Preece", "injuries": "None seen"}
    guide = msgspec.structs.replace(
        contact("13 March 21:52", last_seen=times.stamp(at("13 March 20:15")), returned=[row]), kind="missing_episode"
    )
    for now, is_known in (("14 March 02:06", True), ("15 March 02:04", True), ("15 March 02:05", False)):
        concern = newest([], [guide], at(now), find=nothing)
        assert (
            concern == Concern(Level.WATCH, at("14 March 02:05"), is_back=True, back_at=at("14 March 02:05"))
        ) is is_known


@pytest.mark.parametrize(
    ("answers", "now", "level", "about"),
    [
        ({"risk": "low", "concerns": ["school"]}, "14 March 02:30", Level.KNOWN, ""),
        ({"risk": "", "concerns": []}, "14 March 02:30", Level.KNOWN, ""),
        ({"risk": "medium"}, "14 March 02:30", Level.WATCH, ""),
        ({"risk": "high"}, "14 March 02:30", Level.NOW, ""),
        ({"risk": "high"}, "14 March 08:59", Level.NOW, ""),
        ({"risk": "high"}, "14 March 09:00", Level.WATCH, ""),
        ({"risk": "emergency"}, "14 March 02:30", Level.NOW, ""),
        ({"risk": "low", "risk_after": "high"}, "14 March 02:30", Level.NOW, ""),
        ({"risk": "high", "risk_after": "low"}, "14 March 02:30", Level.NOW, ""),
        ({"risk": "very high, of a newer program"}, "14 March 02:30", Level.WATCH, ""),
        ({"risk": "low", "concerns": ["school", "self_harm"]}, "14 March 02:30", Level.WATCH, "self_harm"),
        ({"risk": "low", "concerns": ["injury_health"]}, "14 March 02:30", Level.WATCH, "injury_health"),
        ({"risk": "low", "injuries": "Cut lip"}, "14 March 02:30", Level.WATCH, "injury_health"),
        ({"risk": "low", "immediate_danger": True}, "14 March 02:30", Level.NOW, "immediate_danger"),
        ({"risk": "medium", "concerns": ["self_harm"]}, "14 March 02:30", Level.WATCH, ""),
    ],
)
def test_a_call_at_0215_is_as_much_of_a_concern_as_its_answers_say(
    answers: dict[str, Any], now: str, level: Level, about: str
) -> None:
    concern = known(now, contact("14 March 02:15", **answers))
    assert concern is not None
    assert (concern.level, concern.about) == (level, about)


def test_a_later_call_at_low_risk_does_not_settle_a_concern_and_a_withdrawn_call_does_not_count() -> None:
    worried, quiet = contact("13 March 22:00", risk="medium"), contact("14 March 01:00", risk="low")
    concern = known("14 March 02:14", worried, quiet)
    assert concern is not None
    assert (concern.told_at, concern.risk) == (at("13 March 22:00"), "medium")
    concern = known("14 March 02:14", contact("13 March 22:00", withdrawn=True, risk="medium"), quiet)
    assert concern is not None
    assert (concern.told_at, concern.risk) == (at("14 March 01:00"), "low")


def test_the_newest_of_two_concerns_is_what_is_said() -> None:
    concern = known(
        "14 March 04:00",
        back("14 March 02:15", "14 March 02:05", risk="medium"),
        contact("14 March 03:10", risk="high"),
    )
    assert concern is not None
    assert (concern.risk, concern.back_at, concern.level) == ("high", None, Level.NOW)


@pytest.mark.parametrize(
    ("told_at", "still", "gone"),
    [
        ("13 March 23:59", "14 March 23:58", "14 March 23:59"),
        ("26 March 00:30", "27 March 01:29", "27 March 01:30"),  # the clocks went forward at one
        ("25 March 22:00", "26 March 22:59", "26 March 23:00"),
        ("29 October 00:30", "29 October 23:29", "29 October 23:30"),  # the clocks went back at two
        ("29 October 01:30 (b)", "30 October 00:29", "30 October 00:30"),
        ("29 October 01:30 (g)", "30 October 01:29", "30 October 01:30"),
    ],
)
def test_a_day_is_twenty_four_real_hours_over_midnight_and_both_clock_changes(
    told_at: str, still: str, gone: str
) -> None:
    worried = contact(told_at, risk="medium")
    assert known(still, worried) is not None
    assert known(gone, worried) is None


@pytest.mark.parametrize(
    ("told_at", "red", "amber"),
    [
        ("25 March 22:00", "26 March 08:59", "26 March 09:00"),
        ("28 October 22:00", "29 October 08:59", "29 October 09:00"),
        ("14 March 11:00", "14 March 16:00", "15 March 09:00"),
    ],
)
def test_a_high_risk_is_tonights_until_nine_in_the_morning(told_at: str, red: str, amber: str) -> None:
    worried = contact(told_at, risk="high")
    for now, level in ((red, Level.NOW), (amber, Level.WATCH)):
        concern = known(now, worried)
        assert concern is not None
        assert concern.level == level


def test_the_children_are_sorted_by_newest_risk_then_overdue_follow_ups_then_how_they_are_placed() -> None:
    now = "14 March 04:00"
    board: list[tuple[str, Concern | None, int, str, str]] = [
        ("Nothing known, placed in May", None, 0, "main", "1 May"),
        ("New placement of nine days", None, 0, "main", "5 March"),
        ("On respite", None, 0, "respite", "10 March"),
        ("Emergency placement", None, 0, "emergency", "13 March"),
        ("One follow-up overdue", None, 1, "main", "1 May"),
        ("Two follow-ups overdue", known(now, contact("14 March 01:00", risk="low")), 2, "main", "1 May"),
        ("Medium risk in the evening", known(now, contact("13 March 18:05", risk="medium")), 0, "main", "1 May"),
        ("Back, medium risk", known(now, back("14 March 02:15", "14 March 02:05", risk="medium")), 0, "main", "1 May"),
        ("Missing", known(now, missing("13 March 21:52", "13 March 21:40")), 0, "main", "1 May"),
        ("Emergency at three", known(now, contact("14 March 03:00", risk="emergency")), 0, "main", "1 May"),
    ]

    def key(row: tuple[str, Concern | None, int, str, str]) -> tuple[int, int, int]:
        _, concern, overdue, placement, start = row
        began = at(f"{start} 12:00").date()
        began = began.replace(year=2016) if began.month == 5 else began
        return order(concern, overdue, standing(placement, began, at(now).date()))

    assert [name for name, *_ in sorted(board, key=key)] == [
        "Emergency at three",
        "Missing",
        "Back, medium risk",
        "Medium risk in the evening",
        "Two follow-ups overdue",
        "One follow-up overdue",
        "Emergency placement",
        "On respite",
        "New placement of nine days",
        "Nothing known, placed in May",
    ]


def test_an_alert_is_amber_among_the_concerns() -> None:
    now, alert = "14 March 02:14", at("13 March 20:00")
    red = order(known(now, missing("13 March 21:52", "13 March 21:40")), 0, "")
    later = order(known(now, back("14 March 02:15", "14 March 02:05", risk="medium")), 0, "")
    earlier = order(known(now, contact("13 March 18:05", risk="medium")), 0, "")
    overdue = order(None, 2, "")
    assert red < later < order(None, 0, "", alert) < earlier < overdue
    assert order(known(now, missing("13 March 21:52", "13 March 21:40")), 0, "", alert) == red


@pytest.mark.parametrize(("days", "new"), [(0, "new"), (27, "new"), (28, ""), (-1, "")])
def test_a_placement_is_new_for_four_weeks(days: int, new: str) -> None:
    today = date(2017, 3, 14)
    assert standing("main", date.fromordinal(today.toordinal() - days), today) == new
