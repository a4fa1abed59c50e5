"""Who is out on a visit stands above the board until somebody presses that they are safe home."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hipss_desktop import times
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.several_laptops import amend, close, exchange, joined
from tests.helpers.store_fixtures import SetClock, sign_in_as
from tests.ui.on_call.on_call_screen import finished, press, rest
from ui.on_call.on_call_page import OnCallPage
from ui.parts import Banner

Key = Qt.Key


def leaves(services: Services, *, back_in: int = 30, ago: int = 10) -> str:
    """A contact whose worker left some minutes ago and is to be back in some; its record."""
    now = services.clock()
    out, back_by = now - timedelta(minutes=ago), now + timedelta(minutes=back_in)
    return finished(services, now - timedelta(minutes=ago), visit_out=times.stamp(out), back_by=times.stamp(back_by))


def banner(page: OnCallPage) -> Banner:
    """The one line that says who is out."""
    (shown,) = page.visits.findChildren(Banner)
    return shown


def later(page: OnCallPage, clock: SetClock, qtbot: QtBot, minutes: int) -> None:
    """Let minutes pass; the page looks at its clock."""
    clock.pass_time(minutes=minutes)
    qtbot.waitUntil(lambda: page.header.clock.text() == times.clock_time(clock()))
    rest(qtbot, page)


def test_a_visit_runs_from_neutral_to_amber_to_red_and_nobody_is_told_aloud(
    page: OnCallPage, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    assert page.visits.isHidden()
    leaves(services)
    rest(qtbot, page)
    heard, keep = walk.announcements()
    assert banner(page).accessibleName() == (
        "A. Bevan is out on a visit. Left 02:04 to Jo Preece, expected back by 02:44, 30 min left."
    )
    assert banner(page).tone == "accent"
    later(page, clock, qtbot, 30)
    assert (banner(page).tone, banner(page).icon_name) == ("amber", "alert")
    later(page, clock, qtbot, 30)
    assert banner(page).tone == "risk"
    assert banner(page).accessibleName().endswith("expected back by 02:44, overdue 30 min.")
    assert heard == []
    del keep


def test_safe_home_is_one_press_and_a_row_of_the_contact(
    page: OnCallPage, services: Services, context: Any, clock: SetClock, qtbot: QtBot
) -> None:
    record = leaves(services)
    rest(qtbot, page)
    while page.focusWidget() not in page.visits.buttons():
        press(page, Key.Key_Tab)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    contact = services.store.get(record)
    assert contact is not None
    assert [row["at"] for row in contact.fields["safe_home"]] == [times.stamp(clock())]
    assert contact.versions == 1  # a row that grows is no amendment, and nobody was asked why
    assert page.visits.isHidden()
    assert context.said[-1] == "A. Bevan is safe home, 02:14"


@pytest.mark.parametrize(
    ("who", "role", "sees"),
    [
        ("S. Lloyd", "lead", True),  # tonight's backup manager on the rota
        ("D. Marsh", "manager", True),
        ("R. Penn", "on_call", False),
        ("D. Marsh", "supervising", False),
    ],
)
def test_the_worker_the_backup_manager_and_managers_see_who_is_out_and_which_number_they_answer(
    mine: Services, theirs: Services, clock: SetClock, tmp_path: Path, who: str, role: str, *, sees: bool
) -> None:
    """K. Adeyemi is out, A. Bevan is on call: the line stood on every board."""
    sign_in_as(mine.store, role="on_call")
    leaves(theirs, back_in=0)
    watching = joined(tmp_path / "watching", clock, mine, name=who, laptop="HIPSS-LT-09", role=role)
    exchange(mine, theirs, watching)
    (own,) = theirs.on_call.board().visits
    assert mine.on_call.board().visits == ()
    assert mine.due_counts.now().overdue == theirs.due_counts.now().overdue, "amber for half an hour"
    assert theirs.due_counts.now().due == mine.due_counts.now().due + 1
    assert watching.on_call.board().visits == ((own,) if sees else ())
    assert (own.name, own.tone) == ("K. Adeyemi", "amber")
    assert own.words.endswith("overdue 0 min. Ring 07700 900241.")
    close([watching])


def test_where_the_rota_names_no_backup_manager_a_visit_is_on_every_board(
    mine: Services, theirs: Services, clock: SetClock
) -> None:
    """A visit that nobody watches would be worse than one that too many do."""
    sign_in_as(mine.store, role="on_call")
    leaves(theirs, back_in=0)
    exchange(mine, theirs)
    assert mine.on_call.board().visits == ()
    shift = mine.on_call.shift(clock())
    assert shift is not None
    sign_in_as(mine.store, role="manager")  # who may write the rota
    amend(mine, shift.record, {"backup": ""})
    sign_in_as(mine.store, role="on_call")
    assert [visit.name for visit in mine.on_call.board().visits] == ["K. Adeyemi"]


def test_a_contact_without_a_visit_offers_no_safe_home(services: Services) -> None:
    out, without = leaves(services), finished(services, services.clock())
    offered = {record: services.record_views.view(record) for record in (out, without)}
    assert [row.unit for row in offered[out].growing] == ["safe_home"]  # type: ignore[union-attr]  # it is there
    assert offered[without].growing == ()  # type: ignore[union-attr]  # it is there


def test_safe_home_before_leaving_or_in_the_future_is_refused(services: Services) -> None:
    record, now = leaves(services), services.clock()
    for at, words in (
        (now - timedelta(minutes=20), "The visit began at 02:04. Enter a later time."),
        (now + timedelta(minutes=5), "02:19 is in the future. Enter a time that is not in the future"),
    ):
        with pytest.raises(Unfinished) as refused:
            services.records.add_row(record, "safe_home", {"at": times.stamp(at)})
        assert [problem.message for problem in refused.value.problems] == [words]


def test_a_back_by_before_leaving_is_said_beside_the_field(services: Services) -> None:
    with pytest.raises(Unfinished) as refused:
        leaves(services, back_in=-30)
    assert [problem.field for problem in refused.value.problems] == ["back_by"]
