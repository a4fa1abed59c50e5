"""What measurements say of the night, one line a row; it is 16:30 on Monday 13 March 2017."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hipss_desktop.rules.night_check import Battery, Line, Measured, PackOf, PlanOf, lines

NOW = datetime(2017, 3, 13, 16, 30, tzinfo=UTC)
GB = 10**9
AMARA = PlanOf("amara", "Amara O.", written=True, reviewed=date(2017, 3, 4), days=9)
TYLER = PlanOf("tyler", "Tyler B.", written=True, reviewed=date(2017, 1, 20), days=400)
TYLERS_PACK = PackOf("tyler", "Tyler B.", "pack 2")
READY = Measured(
    now=NOW,
    night=date(2017, 3, 13),
    received=NOW - timedelta(minutes=2),
    plans=(AMARA, TYLER),
    packs=(PackOf("amara", "Amara O.", "pack 1"), TYLERS_PACK),
    clock_apart=timedelta(seconds=1),
    unlocked=NOW - timedelta(minutes=1),
    waiting=0,
    free=41 * GB,
    encrypted=True,
    battery=Battery(62, plugged_in=True),
    on_call="A. Bevan",
    backup="S. Lloyd",
    backup_number="07700 900312",
    printed=NOW - timedelta(minutes=10),
)


def line(item: str, **changed: Any) -> Line:
    """The line of one thing where everything else is ready."""
    return next(line for line in lines(replace(READY, **changed)) if line.item == item)


def test_everything_that_was_measured_and_is_well_is_ready() -> None:
    assert {line.state for line in lines(READY)} == {"ready"}
    assert [(line.item, line.figure) for line in lines(READY)] == [
        ("plan", "2 of 2, oldest 20 January 2017"),
        ("pack", "2 of 2"),
        ("rota", "On call A. Bevan, backup S. Lloyd"),
        ("clock", "1 second apart at 16:28"),
        ("unlock", "Unlocked offline 16:29"),
        ("caseload", "Received 16:28"),
        ("waiting", "All sent"),
        ("battery", "62%, plugged in"),
        ("disk", "41 GB free"),
        ("encryption", "Encrypted"),
        ("paper", "16:20, shred by 09:00"),
    ]


@pytest.mark.parametrize(
    ("item", "measured", "state", "figure"),
    [
        ("caseload", {"received": NOW - timedelta(hours=2)}, "ready", "Received 14:30"),
        ("caseload", {"received": NOW - timedelta(hours=2, minutes=1)}, "amber", "Received 14:29"),
        ("caseload", {"received": NOW - timedelta(hours=20)}, "amber", "Received yesterday 20:30"),
        ("caseload", {"received": None}, "amber", "Never received"),
        ("plan", {"plans": (replace(AMARA, reviewed=date(2016, 12, 13)),)}, "ready", "1 of 1, oldest 13 December 2016"),
        ("plan", {"plans": (replace(AMARA, reviewed=date(2016, 12, 12)),)}, "amber", "Reviewed 12 December 2016"),
        ("plan", {"plans": (replace(AMARA, reviewed=None),)}, "amber", "Never reviewed"),
        ("plan", {"plans": (replace(AMARA, written=False),)}, "red", "No plan. Placed 9 days."),
        ("plan", {"plans": (replace(AMARA, written=False, days=0),)}, "red", "No plan. Placed today."),
        ("plan", {"plans": ()}, "ready", "0 of 0"),
        ("pack", {"packs": ()}, "ready", "0 of 0"),
        ("pack", {"packs": (PackOf("tyler", "Tyler B.", ""),)}, "amber", "No pack"),
        (
            "pack",
            {"packs": (replace(TYLERS_PACK, unanswered=("the child’s phone", "online")),)},
            "amber",
            "Not answered: the child’s phone, online",
        ),
        (
            "pack",
            {"packs": (replace(TYLERS_PACK, to_check=True, checked=date(2016, 9, 12)),)},
            "amber",
            "Checked 12 September 2016",
        ),
        ("pack", {"packs": (replace(TYLERS_PACK, to_check=True),)}, "amber", "Never checked"),
        ("clock", {"clock_apart": timedelta(minutes=2)}, "ready", "2 min apart at 16:28"),
        ("clock", {"clock_apart": -timedelta(minutes=2, seconds=1)}, "amber", "2 min apart at 16:28"),
        ("clock", {"clock_apart": timedelta(minutes=15)}, "amber", "15 min apart at 16:28"),
        ("clock", {"clock_apart": timedelta(minutes=15, seconds=1)}, "red", "15 min apart at 16:28"),
        ("clock", {"clock_apart": None}, "not_checked", "Not checked, last compared 16:28"),
        ("clock", {"received": NOW - timedelta(hours=3)}, "not_checked", "Not checked, last compared 13:30"),
        ("clock", {"received": None}, "not_checked", "Not checked"),
        ("unlock", {"unlocked": NOW - timedelta(days=1)}, "ready", "Unlocked offline yesterday 16:30"),
        ("unlock", {"unlocked": NOW - timedelta(days=2)}, "amber", "Unlocked offline Sat 11 March 16:30"),
        ("unlock", {"unlocked": None}, "red", "Never tested"),
        ("waiting", {"waiting": 2}, "amber", "2 waiting"),
        ("disk", {"free": 5 * GB}, "ready", "5.0 GB free"),
        ("disk", {"free": 5 * GB - 1}, "amber", "5.0 GB free"),
        ("disk", {"free": None}, "not_checked", "Not checked"),
        ("encryption", {"encrypted": None}, "not_checked", "Not checked. This system does not tell."),
        ("encryption", {"encrypted": False}, "amber", "Not encrypted"),
        ("battery", {"battery": Battery(62, plugged_in=False)}, "amber", "62%, not charging"),
        ("battery", {"battery": Battery(90, plugged_in=False)}, "amber", "90%, not charging"),
        ("battery", {"battery": Battery(91, plugged_in=False)}, "ready", "91%, not charging"),
        ("battery", {"battery": Battery(3, plugged_in=True)}, "ready", "3%, plugged in"),
        ("battery", {"battery": None}, "not_checked", "Not checked"),
        ("rota", {"on_call": ""}, "red", "Nobody"),
        ("rota", {"backup": ""}, "amber", "On call A. Bevan, no backup manager"),
        ("rota", {"backup_number": ""}, "amber", "On call A. Bevan, no number for S. Lloyd"),
        ("paper", {"printed": NOW - timedelta(hours=17)}, "amber", "Not printed today"),
        ("paper", {"printed": None}, "amber", "Not printed today"),
        ("paper", {"now": NOW + timedelta(hours=10)}, "ready", "yesterday 16:20, shred by 09:00"),
    ],
)
def test_each_line_says_its_state_and_what_was_measured(
    item: str, measured: dict[str, Any], state: str, figure: str
) -> None:
    checked = line(item, **measured)
    assert (checked.state, checked.figure) == (state, figure)
    assert bool(checked.why and checked.todo and checked.help_from) is (state != "ready")


def test_a_pack_that_is_not_ready_is_named_with_what_it_lacks_and_the_record_that_is_to_be_written() -> None:
    packs = (
        PackOf("amara", "Amara O.", ""),
        replace(TYLERS_PACK, unanswered=("online",)),
        PackOf("josh", "Josh W.", "pack 3", to_check=True),
        PackOf("kai", "Kai M.", "pack 4"),
    )
    checked = [line for line in lines(replace(READY, packs=packs)) if line.item == "pack"]
    assert [(line.title, line.child, line.record) for line in checked] == [
        ("Amara O. has no missing-person pack", "amara", ""),
        ("Tyler B.’s missing-person pack is not complete", "tyler", "pack 2"),
        ("Josh W.’s missing-person pack is to be checked again", "josh", "pack 3"),
    ]
    assert {line.why for line in checked} == {"1 of 4 packs is ready. Police ask for it when a child is not home."}


def test_there_is_a_line_for_each_child_who_is_not_ready_and_the_worst_is_first() -> None:
    three = (AMARA, replace(TYLER, reviewed=None), PlanOf("kai", "Kai M.", written=False, reviewed=None, days=1))
    checked = [line for line in lines(replace(READY, plans=three, waiting=1, encrypted=None)) if line.state != "ready"]
    assert [(line.state, line.title) for line in checked] == [
        ("red", "Kai M. has no safety plan"),
        ("amber", "Tyler B.’s safety plan is not reviewed"),
        ("amber", "Something waits to be sent"),
        ("not_checked", "Disk encryption is not checked"),
    ]
    assert [line.child for line in checked] == ["kai", "tyler", "", ""]
