"""What somebody answers on the page of a visit: the day of a time, the way to what is missing, what is read back, who does what."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION, Owner, owned_by
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.views.services import Services
from tests.helpers.screens_of_the_visit import preeces
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import focused
from tests.helpers.walk import stops as tab_stops
from tests.ui.shell.windows import Opens, rest
from tests.ui.visits.test_visit_page import actions_part, opened, press, write
from ui.base.fingers import FINGER
from ui.parts import Heading
from ui.records.controls import RowsPart
from ui.visits.part_card import PartCard
from ui.visits.visit_page import PAUSE, VisitPage

Key = Qt.Key
NO_QUESTION = {
    "carer": "chosen before the visit begins",
    "people": "ui.visits.people",
    "children": "a block for each child",
    "previous": "follows from the household",
    "since": "a block for each record",
    "note": "the text of each section",
    "left": "the tick at the head of each part",
    "readers": "of the finished visit",
}
"""The fields of a visit that are not among the ``question_names`` of a part, and where they are answered."""


def parts_of_the_page(part: type[PartCard] = PartCard) -> list[type[PartCard]]:
    """All classes of parts."""
    return [part, *(inner for below in part.__subclasses__() for inner in parts_of_the_page(below))]


def test_every_field_of_a_visit_has_a_place_on_the_page_that_writes_it() -> None:
    questions = [name for part in parts_of_the_page() for name in part.question_names]
    assert sorted([*questions, *NO_QUESTION]) == sorted(VISIT.by_name)


def test_a_start_that_is_four_minutes_away_is_today(opens: Opens, clock: SetClock, qtbot: QtBot) -> None:
    clock.now = datetime(2017, 3, 16, 10, 26, tzinfo=UTC)
    window = opens()
    page = opened(window, qtbot)
    for name in ("Start, date", "Start, time"):
        press(window, qtbot, Key.Key_Tab)
        assert focused().accessibleName() == name
    write("1030")
    press(window, qtbot, Key.Key_Tab)
    assert page.draft.fields["began"] == "2017-03-16T10:30:00+00:00"


def row_parts(page: VisitPage, part: str, name: str) -> RowsPart:
    """A list of a part of the page."""
    form = page.body.cards[part].form
    assert form is not None
    rows = form.controls[name].part
    assert isinstance(rows, RowsPart)
    return rows


def row_added(page: VisitPage, part: str, name: str) -> RowsPart:
    """A new row of a list of a part, added by its button, with the focus where that puts it."""
    rows = row_parts(page, part, name)
    rows.add.click()
    return rows


def test_what_is_missing_of_an_action_leads_to_where_it_is_typed(opens: Opens, qtbot: QtBot) -> None:
    window = opens()
    page = opened(window, qtbot)
    rows = row_added(page, "new_actions", "new_actions")
    write("Ring the school")
    QTest.qWait(PAUSE + 100)
    link = next(link for link in page.body.panel.links if link.text() == "Enter who does it")
    link.setFocus()
    press(window, qtbot, Key.Key_Space)
    write("D. Marsh")
    assert [(row["what"], row["owner"]) for row in rows.typed()] == [("Ring the school", "D. Marsh")]
    assert len(rows.rows()) == 1


@pytest.mark.parametrize(("part", "name"), [("home", "changes"), ("new_actions", "new_actions")])
def test_tab_goes_on_through_the_page_from_a_row_that_was_just_added(
    opens: Opens, qtbot: QtBot, part: str, name: str
) -> None:
    window = opens()
    page = opened(window, qtbot)
    before = tab_stops(page)
    rows = row_added(page, part, name)
    stops = [stop for frame in rows.rows() for stop in (frame.remove, *frame.row.stops())]
    new = [stop for stop in stops if stop.isVisible()]
    after = tab_stops(page)
    assert [stop for stop in after if stop not in new] == before
    at = after.index(new[0])
    assert after[at : at + len(new) + 1] == [*new, rows.add]


def test_an_action_whose_colleague_is_chosen_asks_for_nobody_else_and_is_theirs(
    opens: Opens, worker: Services, clock: SetClock, qtbot: QtBot
) -> None:
    marsh = worker.actions.person_named("D. Marsh")
    draft = worker.supervision.start(preeces(worker))
    began = {"type": "planned", "began": "2017-03-16T10:00:00+00:00"}
    people = [{"id": "p", "who": "household", "name": "Jo Preece", "was": ["took_part"]}]
    children = [{**row, "seen": False, "why_not": "At school"} for row in draft.fields["children"]]
    action = {"id": "b", "what": "Ring the school", "colleague": marsh, "due": "2017-03-24"}
    fields = {**draft.fields, **began, "people": people, "children": children, "new_actions": [action]}
    window = opens()
    page = opened(window, qtbot, draft=replace(draft, fields=fields))
    assert page.body.panel.links == []
    rows = row_parts(page, "new_actions", "new_actions")
    assert not rows.rows()[0].row.questions["owner"].isVisible()
    press(window, qtbot, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    [action_record] = [row for row in worker.store.records_of(ACTION.name) if ACTION.of(row).what == "Ring the school"]
    assert owned_by(ACTION.of(action_record)) == Owner("D. Marsh", marsh)


def low(page: VisitPage) -> list[tuple[str, int]]:
    """What a finger hits on the page and is not high enough."""
    hit = QAbstractButton | QLineEdit | QTextEdit | QComboBox
    controls = [control for control in page.findChildren(QWidget) if isinstance(control, hit) and control.isVisible()]
    return [(control.accessibleName(), control.height()) for control in controls if control.height() < FINGER]


def test_what_comes_while_a_visit_is_written_is_as_high_as_what_was_there(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    page = opened(window, qtbot)
    page.body.cards["needs"].sections[0].box.setFocus()
    write("Jo is tired.")
    rest(qtbot, window)
    assert low(page) == []
    for part, name in (("home", "changes"), ("home", "checks"), ("new_actions", "new_actions")):
        row_added(page, part, name)
        rest(qtbot, window)
        assert low(page) == []
    write("Ring the school")
    QTest.qWait(PAUSE + 100)
    assert len(page.body.panel.links) == 5
    assert low(page) == []
    actions = actions_part(page)
    next(iter(actions.rows.values())).buttons[1].click()
    rest(qtbot, window)
    last = list(actions.rows.values())[1]
    last.buttons[2].click()
    rest(qtbot, window)
    assert actions.asking is not None
    assert low(page) == []


def test_a_part_in_which_something_is_missing_is_not_done(opens: Opens, worker: Services, qtbot: QtBot) -> None:
    draft = worker.supervision.start(preeces(worker))
    children = [{**row, "seen": True, "seen_alone": False} for row in draft.fields["children"]]
    action = {"id": "b", "what": "Ring the school", "due": "2017-03-24"}
    fields = {**draft.fields, "children": children, "new_actions": [action]}
    page = opened(opens(), qtbot, draft=replace(draft, fields=fields))
    listed = page.body.list.items
    assert [(code, listed[code].part.done) for code in ("children", "new_actions")] == [
        ("children", False),
        ("new_actions", False),
    ]
    whole = [{**row, "why_not_alone": "He did not want to"} for row in children]
    fields = {**fields, "children": whole, "new_actions": [{**action, "owner": "Martin"}]}
    page = opened(opens(), qtbot, draft=replace(draft, fields=fields))
    listed = page.body.list.items
    assert [(code, listed[code].part.done) for code in ("children", "new_actions")] == [
        ("children", True),
        ("new_actions", True),
    ]


def test_the_page_begins_where_the_buttons_below_it_and_other_pages_do(opens: Opens, qtbot: QtBot) -> None:
    window = opens()
    page = opened(window, qtbot)
    left_edges = [part.mapTo(window, QPoint()).x() for part in (page.title, page.body.list, page.bar.finish_button)]
    top = page.title.mapTo(window, QPoint()).y()
    window.go("supervision")
    rest(qtbot, window)
    other = next(
        heading for heading in window.findChildren(Heading) if heading.isVisible() and heading.text() == "Supervision"
    )
    assert left_edges == [other.mapTo(window, QPoint()).x()] * 3
    assert abs(top - other.mapTo(window, QPoint()).y()) <= 2


def test_what_happened_since_the_last_visit_is_listed_by_day_and_hour(worker: Services) -> None:
    draft = worker.supervision.start(preeces(worker))
    since = list(reversed(draft.fields["since"]))
    children = [{**row, "seen": False, "why_not": "At school"} for row in draft.fields["children"]]
    people = [{"id": "p", "who": "household", "name": "Jo Preece", "was": ["took_part"]}]
    began = {"type": "planned", "began": "2017-03-16T10:00:00+00:00", "people": people, "children": children}
    visit = worker.records.finish(replace(draft, fields={**draft.fields, **began, "since": since})).envelope.record
    view = worker.record_views.view(visit)
    assert view is not None
    table = next(line.table for line in view.lines if line.label == "Since the last visit")
    assert table is not None
    words = [next(cell.words for cell in row if cell.words) for row in table.rows]
    assert len(words) == len(since) > 5
    assert words[0] == "Jo Preece rang, 16 Feb 2017, 20:40"
    assert len(set(words)) == len(words)
    assert [reference.name for reference in table.rows[0][0].references] == words[:1]
