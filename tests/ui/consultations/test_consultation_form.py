"""A consultation is written section by section, opens with the last one's plan, and is warned of what is doubtful."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.consultation import CONSULTATION, Consultation
from hipss_desktop.views.desk import Desk
from tests.helpers.open_page import open_page, read
from tests.helpers.screens_of_consultations import about_s, case_of, draft_about_s, record_about_s
from tests.helpers.walk import clipped_labels, focused, unnamed_focusables
from ui.base.page import Context
from ui.consultations.form_page import PAUSE, CaseFormPage, ConsultationFormPage
from ui.consultations.form_parts import AttendeesPart, SectionsPart, WarnedTextPart

CTRL = Qt.KeyboardModifier.ControlModifier


def opened(qtbot: QtBot, context: Context, draft: Any) -> ConsultationFormPage:
    page = ConsultationFormPage(context, draft)
    open_page(qtbot, context, page)
    return page


def later(qtbot: QtBot, context: Context) -> None:
    """Wait until what is looked for after a pause was found."""
    QTest.qWait(PAUSE + 100)
    read(qtbot, context)


def sections(page: ConsultationFormPage) -> SectionsPart:
    part = page.form.controls["text"].part
    assert isinstance(part, SectionsPart)
    return part


def warned(page: Any, name: str) -> WarnedTextPart:
    part = page.form.controls[name].part
    assert isinstance(part, WarnedTextPart)
    return part


def button(page: QWidget, name: str) -> QAbstractButton:
    found = [one for one in page.findChildren(QAbstractButton) if (one.accessibleName() or one.text()) == name]
    return next(one for one in found if one.isVisibleTo(page))


def now(desk: Desk, record: str) -> Consultation:
    found = desk.store.get(record)
    assert found is not None
    return CONSULTATION.of(found)


def finish(page: ConsultationFormPage, qtbot: QtBot, context: Context) -> None:
    page.finish()
    read(qtbot, context)


def test_the_head_says_who_could_read_it_by_the_childs_own_name(lead: Desk, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, draft_about_s(lead))
    assert page.reader.text() == "Write what S. could read"
    kai = next(one.record for one in lead.people.of_kind("child") if one.fields["given_name"] == "Kai")
    assert (
        opened(qtbot, context, lead.consultations.begin(about="child", child=kai)).reader.text()
        == "Write what Kai could read"
    )
    theme = lead.consultations.begin(about="theme")
    assert opened(qtbot, context, theme).reader.text() == "Write what the child could read"


def test_the_text_is_written_by_its_sections_with_what_would_show_a_guess_wrong(
    lead: Desk, context: Context, qtbot: QtBot
) -> None:
    draft = lead.consultations.begin(**{name: value for name, value in about_s(lead).items() if name != "text"})
    page = opened(qtbot, context, draft)
    for code, words in (("question", "How do we keep S. in school?"), ("guess", "Leaving first feels safer")):
        sections(page).sections[code].box.setFocus()
        QTest.keyClicks(focused(), words)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "Endings frighten her")
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "She stays when told")
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "She runs from beginnings too")
    finish(page, qtbot, context)
    written = [(row.section, row.mark, row.text, row.wrong_if) for row in now(lead, draft.record).text]
    assert sorted(written) == [
        ("guess", "", "Endings frighten her", "She runs from beginnings too"),
        ("guess", "opinion", "Leaving first feels safer", "She stays when told"),
        ("question", "said", "How do we keep S. in school?", ""),
    ]


def test_an_untouched_text_is_given_back_as_it_was_and_what_is_not_known_rides_along(
    lead: Desk, context: Context, qtbot: QtBot
) -> None:
    odd = [
        {"id": "n", "place": "5", "section": "of_a_newer_version", "text": "Kept", "more": 1},
        {"id": "q", "place": "5", "section": "question", "text": "How?"},
        "no row",
    ]
    page = opened(qtbot, context, lead.consultations.begin(about="theme", text=odd))
    assert page.draft.fields["text"] == odd
    box = sections(page).sections["tried"].box
    box.setFocus()
    QTest.keyClicks(focused(), "A chart")
    rows = {row["id"]: row for row in page.draft.fields["text"] if isinstance(row, dict)}
    assert rows["n"] == odd[0]
    assert rows["q"] == odd[1]
    assert "no row" in page.draft.fields["text"]
    assert [row["text"] for row in rows.values() if row.get("section") == "tried"] == ["A chart"]


def test_a_new_one_opens_with_the_last_ones_open_plan_which_is_answered_there(
    lead: Desk, context: Context, qtbot: QtBot
) -> None:
    before = record_about_s(lead)
    page = opened(qtbot, context, draft_about_s(lead))
    later(qtbot, context)
    assert page.before.isVisibleTo(page)
    assert page.draft.fields["previous"] == before
    button(page, "Done: Countdown card for every ending at school").click()
    read(qtbot, context)
    read(qtbot, context)
    assert {row.plan for row in now(lead, before).plan_answers} == {"p0", "p1"}
    button(page, "Not done: Bedtime plan with mum, two home visits").click()
    read(qtbot, context)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "Mum was ill")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    read(qtbot, context)
    assert [row.because for row in now(lead, before).plan_answers if row.plan == "p2"] == ["Mum was ill"]
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []


def test_the_one_before_is_found_once_it_is_known_what_it_is_about(lead: Desk, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, lead.consultations.begin())
    assert not page.before.isVisibleTo(page)
    page.form.controls["about"].answer("case")
    page.form.controls["case"].answer(case_of(lead, "S.", "EOC-2231"))
    later(qtbot, context)
    assert page.draft.fields["previous"] == record_about_s(lead)
    assert page.before.isVisibleTo(page)
    page.form.controls["about"].answer("theme")
    later(qtbot, context)
    assert not page.draft.fields.get("previous")
    assert not page.before.isVisibleTo(page)


def test_one_that_a_team_asks_for_asks_no_more_than_that(lead: Desk, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, lead.consultations.begin(about="theme", theme="Endings", team="fostering"))
    page.stages.choose("asked")
    page.stages.changed.emit("asked")
    shown = {name for name, question in page.form.questions.items() if question.isVisibleTo(page)}
    assert not shown & {"text", "plan", "attendees", "held_on", "planned_for"}
    page.form.controls["asked_on"].answer("2017-03-13")
    page.form.controls["asked_by"].answer("D. Marsh")
    finish(page, qtbot, context)
    found = now(lead, page.draft.record)
    assert (found.stage, found.held_on) == ("asked", None)


def test_writing_up_asks_for_a_reason_only_where_an_earlier_answer_is_changed(
    lead: Desk, context: Any, qtbot: QtBot
) -> None:
    [planned] = lead.consultations.listed(team="hipss_carers")
    written = {name: about_s(lead)[name] for name in ("attendees", "text", "form", "safeguarding")}
    draft = lead.consultations.write_up(planned.record)
    page = opened(qtbot, context, replace(draft, fields={**draft.fields, **written}))
    assert page.title.text() == "Write up: HIPSS carers: Sleep, planned"
    assert not page.why_field.isVisibleTo(page)
    page.form.controls["asked_by"].answer("K. Adeyemi")
    finish(page, qtbot, context)
    assert page.why_field.isVisibleTo(page)
    assert now(lead, planned.record).stage == "planned"
    page.form.controls["asked_by"].answer("D. Marsh")
    finish(page, qtbot, context)
    assert now(lead, planned.record).stage == "held"
    assert context.said[-1].startswith("Consultation, HIPSS carers: Sleep, written up ")


def test_who_came_before_is_added_by_one_press_and_offered_no_more(lead: Desk, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, lead.consultations.begin(about="theme"))
    part = page.form.controls["attendees"].part
    assert isinstance(part, AttendeesPart)
    assert "M. Iqbal, family support" in [one.text() for one in part.offered]
    button(page, "Add M. Iqbal, family support").click()
    [row] = page.draft.fields["attendees"]
    assert {**row, "id": ""} == {
        "id": "",
        "name": "M. Iqbal",
        "role": "Family support",
        "organisation": "Edge of Care",
        "was": "came",
    }
    assert row["id"]
    assert "M. Iqbal, family support" not in [one.text() for one in part.offered]


def test_a_child_named_in_a_theme_is_warned_of(lead: Desk, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, lead.consultations.begin(about="theme"))
    warned(page, "theme").box.setFocus()
    QTest.keyClicks(focused(), "Endings for Kai")
    later(qtbot, context)
    assert warned(page, "theme").warning.text().startswith("‘Kai’ may be a child’s name.")
    assert warned(page, "theme").warning.isVisibleTo(page)
    QTest.keyClicks(focused(), "ros")
    later(qtbot, context)
    assert not warned(page, "theme").warning.isVisibleTo(page)


def test_a_case_number_that_is_there_already_is_said_with_the_way_to_that_case(
    lead: Desk, context: Any, qtbot: QtBot
) -> None:
    first = case_of(lead, "S.", "EOC-2231")
    page = CaseFormPage(context, lead.records.new_draft(CASE.name))
    open_page(qtbot, context, page)
    warned(page, "number").box.setFocus()
    QTest.keyClicks(focused(), "eoc-2231")
    later(qtbot, context)
    assert warned(page, "number").warning.text() == "S., 11, is there already. Is it the same child?"
    button(page, "Open it").click()
    assert context.went[-1] == ("record", {"record": first})
    own = CaseFormPage(context, lead.records.amendment(first))
    open_page(qtbot, context, own)
    later(qtbot, context)
    assert not warned(own, "number").warning.isVisibleTo(own)


@pytest.mark.parametrize("stage", ["held", "planned", "asked"])
def test_tab_goes_round_the_form_and_nothing_is_cut(lead: Desk, context: Context, qtbot: QtBot, stage: str) -> None:
    page = opened(qtbot, context, lead.consultations.begin(stage, about="theme", theme="Endings"))
    later(qtbot, context)
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []
