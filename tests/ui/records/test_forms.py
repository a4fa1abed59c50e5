"""Forms made from descriptions: what goes in comes out, and every shape can be filled in by keys."""

import itertools
from collections.abc import Callable
from typing import Any, cast

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Problem, is_nothing
from tests.helpers.open_page import open_page
from tests.helpers.spoken import name_said
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import clipped_labels, settle, small_targets, stops, unnamed_focusables
from ui import theme
from ui.base.page import Context
from ui.parts import Button, ChipGroup, ComboBox, Field, LineEdit
from ui.records.answer_parts import ReferencesPart
from ui.records.controls import RowsPart
from ui.records.form import FieldControl, RecordForm
from ui.records.form_page import RecordFormPage

OWN_KINDS = ("contact", "child", "carer", "placement", "practitioner", "shift", "directory", "action")
Make = Callable[..., RecordForm]


@pytest.fixture
def make(app: QApplication, qtbot: QtBot, context: Context) -> Make:
    """Makes a form of a kind and shows it in a window."""

    def form_of(kind: str, fields: dict[str, Any] | None = None, **more: Any) -> RecordForm:
        form = RecordForm(KINDS[kind], context, body=fields or {}, **more)
        qtbot.addWidget(form)
        form.set_fields(fields or {})
        form.resize(900, 700)
        with qtbot.waitActive(form):
            form.show()
            form.activateWindow()
        settle()
        return form

    return form_of


def press(*keys: Qt.Key | str, to: QWidget | None = None) -> None:
    """Press keys in whatever has the focus, as a person does."""
    for key in keys:
        target = to or QApplication.focusWidget()
        assert target is not None
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key)


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_every_record_of_the_demo_caseload_goes_through_its_form_unchanged(
    make: Make, store: LaptopStore, kind: str
) -> None:
    records = store.records_of(kind)
    assert records
    form = make(kind)
    for record in records:
        form.set_fields(record.fields)
        assert form.fields() == record.fields
        assert not form.own_problems()


def _any_value() -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=12)
    return (
        plain
        | st.lists(plain, max_size=3)
        | st.lists(st.dictionaries(st.text(max_size=4), plain, max_size=3), max_size=2)
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.data())
@pytest.mark.parametrize("kind", OWN_KINDS)
def test_whatever_a_field_is_given_it_gives_back_until_a_person_changes_it(
    app: QApplication, context: Context, kind: str, values: st.DataObject
) -> None:
    field = values.draw(st.sampled_from(KINDS[kind].fields))
    control = FieldControl(field, context)
    value = values.draw(_any_value())
    control.set_value(value)
    assert control.value() == value
    control.set_value(control.value())
    assert control.value() == value
    assert not control.is_changed()
    control.deleteLater()


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_what_a_touched_control_gives_back_is_what_it_shows_again(make: Make, store: LaptopStore, kind: str) -> None:
    form = make(kind)
    for record in store.records_of(kind)[:6]:
        form.set_fields(record.fields)
        for name, control in form.controls.items():
            if not is_nothing(record.fields.get(name)) and control.field.type != "rows":
                typed = control.part.typed()
                if control.field.type != "instant":  # a form shows minutes; seconds are kept until it is changed
                    assert typed == record.fields[name], name
                control.part.show_value(typed)
                assert control.part.typed() == typed, name


def test_a_new_record_starts_from_what_its_description_starts_from() -> None:
    assert KINDS["practitioner"].initial() == {"active": True}
    assert KINDS["action"].initial() == {"state": "open"}
    assert KINDS["carer"].initial() == {"status": "approved", "places": 1, "ages_from": 7, "ages_to": 18}


def test_keys_fill_in_every_shape_of_field(make: Make, context: Context) -> None:
    form = make("placement")
    form.go("child")
    press("kai", Qt.Key.Key_Return)
    form.go("carer")
    press("preece", Qt.Key.Key_Return)
    form.go("type")
    press(Qt.Key.Key_Down)
    form.go("start")
    press("14/3/2017", Qt.Key.Key_Tab)
    form.go("notes")
    press("First night")
    form.go("planned_ending")
    press(Qt.Key.Key_Space)
    got = form.fields()
    people = context.services.people
    assert people.name(got["child"]) == "Kai M."
    assert people.name(got["carer"]) == "Jo & Martin Preece"
    assert got["type"] == "main"
    assert got["start"] == "2017-03-14"
    assert got["notes"] == "First night"
    assert got["planned_ending"] is True


@pytest.mark.parametrize(("typed", "answer"), [("y", True), ("n", False)])
def test_the_first_letter_of_yes_and_no_answers_a_question(make: Make, typed: str, answer: bool) -> None:
    form = make("practitioner")
    form.go("active")
    press(typed)
    assert form.fields()["active"] is answer


def test_the_answer_to_a_question_is_taken_back_by_keys(make: Make) -> None:
    form = make("practitioner", {"active": False})
    form.go("active")
    press(Qt.Key.Key_End)
    assert form.fields()["active"] == ""


def test_a_time_is_kept_with_its_offset_and_the_hour_that_came_twice_asks_which(make: Make) -> None:
    form = make("action")
    form.go("due")
    press("30 October 2016", Qt.Key.Key_Tab, "0130")
    assert form.own_problems()[0].message == "The clocks went back, so 01:30 came twice. Choose one."
    press(Qt.Key.Key_Tab, Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert form.fields()["due"] == "2016-10-30T01:30:00+00:00"
    form.set_fields({"due": "2016-10-30T01:30:00+01:00"})
    assert form.controls["due"].part.typed() == "2016-10-30T01:30:00+01:00"


def test_a_time_that_did_not_happen_says_so(make: Make, clock: SetClock) -> None:
    form = make("action")
    form.go("due")
    press("26 March 2017", Qt.Key.Key_Tab, "01:30")
    placed = form.show_problems(KINDS["action"].problems(form.fields(), clock()))
    assert "01:30 did not happen on 26 March 2017. The clocks went forward." in [words for words, _ in placed]


def test_a_time_typed_alone_is_of_today(make: Make) -> None:
    form = make("action")
    form.controls["due"].go()
    press(Qt.Key.Key_Tab, "0215", Qt.Key.Key_Tab)
    assert form.fields()["due"] == "2017-03-14T02:15:00+00:00"


def test_what_cannot_be_read_is_kept_as_it_was_typed(make: Make) -> None:
    form = make("child")
    form.go("born")
    press("3rd of Jun")
    fields = form.fields()
    assert fields["born"] == "3rd of Jun"
    form.set_fields(fields)
    assert form.fields() == fields
    form = make("action")
    form.go("due")
    press("14 March 2017", Qt.Key.Key_Tab, "2 in the morn")
    fields = form.fields()
    form.set_fields(fields)
    assert form.controls["due"].part.typed() == fields["due"] == "14 March 2017, 2 in the morn"


def test_a_name_that_was_not_picked_is_not_saved_and_the_error_says_how_to_pick_it(make: Make) -> None:
    form = make("placement")
    form.go("child")
    press("kai", Qt.Key.Key_Tab)
    assert "child" not in form.fields()
    assert form.own_problems() == [Problem("child", "Choose child from the list that opens as you type")]


def test_a_question_shows_only_while_the_answers_ask_for_it_and_keeps_its_answer(make: Make) -> None:
    form = make("contact", {"type": "call", "concerns": ["missing"], "missing": "still"})
    assert form.questions["missing"].isVisible()
    form.go("concerns")
    press(Qt.Key.Key_Space)
    assert not form.questions["missing"].isVisible()
    assert form.fields()["missing"] == "still"
    assert form.questions["happening"].isVisible()
    form.go("type")
    press("Wrong")
    assert form.fields()["type"] == "wrong_number"
    assert not form.questions["happening"].isVisible()


def test_rows_are_added_and_taken_out_by_keys_and_each_has_an_id_of_its_own(make: Make) -> None:
    form = make("child", {"who_to_call": [{"id": "r1", "who": "Jo", "number": "01632 960174", "later": "kept"}]})
    rows = form.controls["who_to_call"].part
    assert isinstance(rows, RowsPart)
    rows.add.setFocus()
    press(Qt.Key.Key_Return, "EDT", Qt.Key.Key_Tab, "01632 960111")
    got = form.fields()["who_to_call"]
    assert got[0] == {"id": "r1", "who": "Jo", "number": "01632 960174", "later": "kept"}
    assert (got[1]["who"], got[1]["number"]) == ("EDT", "01632 960111")
    assert got[1]["id"]
    assert form.fields()["who_to_call"][1]["id"] == got[1]["id"]
    rows.add.setFocus()
    press(Qt.Key.Key_Return)
    assert len(form.fields()["who_to_call"]) == 2, "a row with nothing in it is no row"
    rows.rows()[0].remove.setFocus()
    press(Qt.Key.Key_Space)
    assert [row["who"] for row in form.fields()["who_to_call"]] == ["EDT"]


def test_of_many_rows_the_last_are_shown_and_the_others_are_unchanged(make: Make) -> None:
    held = [{"id": f"r{at}", "who": f"Person {at}", "number": "01632 960174", "later": at} for at in range(45)]
    form = make("child", {"who_to_call": held})
    rows = form.controls["who_to_call"].part
    assert isinstance(rows, RowsPart)
    assert [frame.title.text() for frame in rows.rows()] == [f"Number to ring {number}" for number in range(26, 46)]
    rows.rows()[0].row.controls["note"].go()
    press("x")
    changed = [*held[:25], {**held[25], "note": "x"}, *held[26:]]
    assert form.fields()["who_to_call"] == changed
    assert rows.earlier.text() == "Show 20 earlier of 45"
    rows.earlier.setFocus()
    press(Qt.Key.Key_Space)
    assert [frame.row.row_id for frame in rows.rows()] == [row["id"] for row in held[5:]]
    assert rows.rows()[0].remove.hasFocus()
    settle()
    order = stops(form)
    assert order[order.index(rows.earlier) + 1] is rows.rows()[0].remove
    assert form.fields()["who_to_call"] == changed
    press(Qt.Key.Key_Space)
    assert form.fields()["who_to_call"] == [*changed[:5], *changed[6:]]
    rows.earlier.click()
    assert (rows.earlier.isVisible(), len(rows.rows())) == (False, 44)


def test_a_problem_in_a_row_that_is_not_shown_shows_the_row(make: Make) -> None:
    held = [{"id": f"r{at}", "who": f"Person {at}", "number": "01632 960174"} for at in range(45)]
    form = make("child", {"who_to_call": held})
    rows = form.controls["who_to_call"].part
    assert isinstance(rows, RowsPart)
    [(words, question)] = form.show_problems([Problem("who_to_call/r7/number", "Enter the number")])
    assert words == "Enter the number"
    assert rows.rows()[0].row.row_id == "r7"
    assert question is rows.rows()[0].row.questions["number"]
    assert form.fields()["who_to_call"] == held


def test_tab_goes_through_rows_in_reading_order_also_past_one_added_later(make: Make) -> None:
    form = make("child", {"who_to_call": [{"id": "r1", "who": "Jo", "number": "01632 960174"}]})
    rows = form.controls["who_to_call"].part
    assert isinstance(rows, RowsPart)
    rows.add.click()
    settle()
    order = stops(form)
    expected = [
        stop
        for frame in rows.rows()
        for stop in [frame.remove, *(s for c in frame.row.controls.values() for s in c.stops())]
    ]
    start = order.index(expected[0])
    assert order[start : start + len(expected) + 1] == [*expected, rows.add]
    heights = [widget.mapTo(form, widget.rect().topLeft()).y() for widget in order]
    assert all(later >= earlier - 40 for earlier, later in itertools.pairwise(heights))


def test_several_people_are_chosen_and_taken_out(make: Make, context: Context) -> None:
    form = make("contact", {"type": "call"})
    form.go("children")
    press("kai", Qt.Key.Key_Return)
    press("hipss-014", Qt.Key.Key_Return)
    chosen = form.fields()["children"]
    assert context.services.people.name(chosen[0]) == "Kai M."
    assert len(chosen) == 2
    part = form.controls["children"].part
    assert isinstance(part, ReferencesPart)
    part.findChildren(Button)[0].click()
    assert len(form.fields()["children"]) == 1


def test_a_question_of_several_choices_that_is_named_after_its_row_leaves_each_choice_its_words(make: Make) -> None:
    control = make("contact").controls["concerns"]
    control.set_name("What is it about?, row 2")
    group = control.findChildren(ChipGroup)[0]
    assert name_said(QAccessible.queryAccessibleInterface(group)) == "What is it about?"
    assert group.accessibleName() == "What is it about?, row 2"
    assert [name_said(QAccessible.queryAccessibleInterface(chip)) for chip in group.chips()] == [
        chip.text() for chip in group.chips()
    ]


def test_an_unknown_code_is_shown_unchanged_and_kept_beside_another_choice(make: Make) -> None:
    form = make("contact", {"type": "call", "concerns": ["flood", "school"], "risk": "purple"})
    assert form.controls["risk"].part.findChildren(ComboBox)[0].currentText() == "purple"
    form.go("concerns")
    press(Qt.Key.Key_Space)
    assert form.fields()["concerns"] == ["flood", "school", "missing"]
    assert form.fields()["risk"] == "purple"


def test_a_field_the_program_does_not_know_is_shown_read_only_and_kept(make: Make) -> None:
    form = make("action", {"what": "Ring back", "due": "2017-03-14T02:15:00+00:00", "weather": {"rain": True}})
    words = [line_edit.text() for line_edit in form.findChildren(LineEdit) if line_edit.isReadOnly()]
    assert msgspec.json.encode({"rain": True}).decode() in words
    form.go("what")
    press("!")
    assert form.fields()["weather"] == {"rain": True}


def test_errors_are_beside_their_answers_in_the_order_of_the_form_also_inside_rows(make: Make, clock: SetClock) -> None:
    fields = {"flags": [{"id": "f1", "level": "high"}], "given_name": "Kai"}
    form = make("child", fields)
    problems = KINDS["child"].problems(fields, clock())
    placed = form.show_problems(problems)
    assert [words for words, _ in placed] == [problem.message for problem in problems]
    inner = next(where for words, where in placed if words == "Choose what the flag is about")
    assert isinstance(inner, Field)
    inner.go()
    assert inner.focus_target().hasFocus()
    assert inner.focus_target().accessibleDescription().startswith("Error: Choose what the flag is about")
    form.set_fields({**fields, "family_name": "Merrick", "local_id": "HIPSS-017", "born": "2002-06-03"})
    assert all(not question.error() for question in form.questions.values())


def test_only_the_named_fields_are_asked_for(make: Make) -> None:
    form = make("contact", {"type": "call", "advice": "Wait"}, only=("where_now", "injuries"))
    assert list(form.questions) == ["where_now", "injuries"]
    form.go("injuries")
    press("Cut")
    assert form.fields() == {"type": "call", "advice": "Wait", "injuries": "Cut"}


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("kind", OWN_KINDS)
def test_nothing_is_cut_or_nameless_or_too_small(
    make: Make, store: LaptopStore, qtbot: QtBot, kind: str, scale: float
) -> None:
    theme.apply(cast(QApplication, QApplication.instance()), theme.Theme("day", scale))
    form = make(kind, dict(store.records_of(kind)[0].fields))
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(form)
    qtbot.addWidget(area)
    area.resize(820, 600)
    area.show()
    settle()
    assert clipped_labels(form) == []
    assert unnamed_focusables(form) == []
    assert small_targets(form) == []


def test_a_list_that_grows_is_asked_for_only_where_it_holds_rows_to_amend(make: Make) -> None:
    begun = make("missing_episode")
    assert "last_seen" in begun.questions
    assert not {"steps", "in_the_house", "returned", "interview", "same_as"} & begun.questions.keys()
    held = {"id": "a", "step": "police", "log_number": "0612"}
    amended = make("missing_episode", {"steps": [held]})
    assert "steps" in amended.questions
    assert "interview" not in amended.questions
    assert amended.fields() == {"steps": [held]}


@pytest.mark.parametrize("kind", ["restraint", "incident", "missing_episode", "alert", "contact"])
def test_every_question_has_the_height_it_asks_for_after_the_text_size_was_changed(
    app: QApplication, context: Context, qtbot: QtBot, kind: str
) -> None:
    """A layout went on with the height of before: fields of a new restraint lay half over their hints at 150 %."""
    page = RecordFormPage(context, context.services.records.new_draft(kind))
    open_page(qtbot, context, page, (1089, 593))
    for scale in (1.5, 1.0, 1.3):
        theme.apply(app, theme.Theme("day", scale))
        for _ in range(10):  # what breaks its lines anew asks for its height once it has its width
            settle()
            low = [
                (field.label.text(), field.height(), needed)
                for field in page.findChildren(Field)
                if field.isVisible() and field.height() < (needed := needs(field))
            ]
            if not low:
                break
        assert low == [], scale


def needs(field: Field) -> int:
    """How high a question is to be at its width."""
    layout = field.layout()
    assert layout is not None, "the layout is set when the field is made"
    return layout.heightForWidth(field.width()) if layout.hasHeightForWidth() else layout.sizeHint().height()
