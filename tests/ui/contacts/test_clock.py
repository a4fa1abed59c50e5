"""Which moment a typed time means: tables that a practitioner could read, over both changes of the clocks."""

from datetime import UTC, datetime

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop import times
from hipss_desktop.errors import UserError
from ui.contacts.clock import ClockTime, typed_moment

TUESDAY = datetime(2017, 3, 14, 2, 18, 40, tzinfo=UTC)
SPRING = datetime(2017, 3, 26, 1, 30, tzinfo=UTC)  # 02:30 BST; 01:00 to 02:00 did not happen
AUTUMN = datetime(2017, 10, 29, 1, 10, tzinfo=UTC)  # 01:10 GMT; 01:00 to 02:00 came twice


def meant(typed: str, now: datetime, *, ahead: bool = False) -> str:
    moment = typed_moment(typed, now, ahead=ahead)
    return "" if moment is None else f"{times.on_its_day(moment, now)} {times.zone(moment)}"


@pytest.mark.parametrize(
    ("typed", "now", "words"),
    [
        ("0205", TUESDAY, "02:05 GMT"),
        ("0218", TUESDAY, "02:18 GMT"),
        ("2310", TUESDAY, "yesterday 23:10 GMT"),
        ("1540", TUESDAY, "yesterday 15:40 GMT"),
        ("0819", TUESDAY, "yesterday 08:19 GMT"),
        ("0818", TUESDAY, "08:18 GMT"),  # 18 hours back and more is no night's call: it lies in the future
        ("0459", TUESDAY, "04:59 GMT"),
        ("yesterday 0459", TUESDAY, "yesterday 04:59 GMT"),
        ("12/3 0459", TUESDAY, "Sun 12 March 04:59 GMT"),
        ("12 March, 04:59", TUESDAY, "Sun 12 March 04:59 GMT"),
        ("soon", TUESDAY, ""),
        ("2310", SPRING, "yesterday 23:10 GMT"),
        ("0045", SPRING, "00:45 GMT"),
        ("0215", SPRING, "02:15 BST"),
        ("0929", SPRING, "yesterday 09:29 GMT"),  # 16 hours back: an hour fewer passed than the clocks say
        ("0730", SPRING, "yesterday 07:30 GMT"),  # 18 hours back
        ("0729", SPRING, "07:29 BST"),
        ("0200", AUTUMN, "02:00 GMT"),
        ("0030", AUTUMN, "00:30 BST"),
        ("2310", AUTUMN, "yesterday 23:10 BST"),
        ("0810", AUTUMN, "yesterday 08:10 BST"),  # 18 hours back: an hour more passed than the clocks say
        ("0130", AUTUMN, "01:30 BST"),  # 01:30 GMT is still to come, so it was the first of the two
    ],
)
def test_a_time_of_what_happened_is_the_latest_within_18_hours(typed: str, now: datetime, words: str) -> None:
    assert meant(typed, now) == words


@pytest.mark.parametrize(
    ("typed", "now", "words"),
    [
        ("0300", TUESDAY, "03:00 GMT"),
        ("0218", TUESDAY, "02:18 GMT"),
        ("0100", TUESDAY, "tomorrow 01:00 GMT"),
        ("tomorrow 0900", TUESDAY, "tomorrow 09:00 GMT"),
        ("17/3 0900", TUESDAY, "Fri 17 March 09:00 GMT"),
        ("0100", SPRING, "tomorrow 01:00 BST"),
        ("0130", SPRING, "tomorrow 01:30 BST"),
        ("0030", AUTUMN, "tomorrow 00:30 GMT"),
        ("0130", AUTUMN, "01:30 GMT"),
    ],
)
def test_a_time_of_what_is_to_come_is_the_next_one(typed: str, now: datetime, words: str) -> None:
    assert meant(typed, now, ahead=True) == words


@pytest.mark.parametrize(
    ("typed", "now"), [("0105", AUTUMN), ("0130", datetime(2017, 3, 26, 1, 5, tzinfo=UTC)), ("26/3 0130", TUESDAY)]
)
def test_a_time_that_came_twice_or_never_is_refused_with_a_message(typed: str, now: datetime) -> None:
    with pytest.raises(UserError, match=r"came twice|did not happen"):
        typed_moment(typed, now)


@pytest.mark.parametrize("typed", ["20/12 0900", "20 December, 09:00"])
def test_a_day_far_from_today_asks_for_its_year(qapp: QApplication, qtbot: QtBot, typed: str) -> None:
    field = ClockTime(lambda: TUESDAY, name="Due", ahead=True)
    qtbot.addWidget(field)
    QTest.keyClicks(field.box, typed)
    assert (field.value(), field.problem()) == (typed, "Enter the year too")
    field.box.clear()
    QTest.keyClicks(field.box, "20/12/2017 0900")
    assert (field.value(), field.problem()) == ("2017-12-20T09:00:00+00:00", "")
