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
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.screens_of_consultations import about_s, case_of, draft_about_s, record_about_s
from tests.helpers.walk import announcements, clipped_labels, focused, unnamed_focusables
from ui.base.page import Context
from ui.consultations.form_page import PAUSE, CaseFormPage, ConsultationFormPage
from ui.consultations.form_parts import AttendeesPart, PlanPart, SectionsPart, WarnedTextPart

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
    buttons = [
        widget for widget in page.findChildren(QAbstractButton) if (widget.accessibleName() or widget.text()) == name
    ]
    return next(widget for widget in buttons if widget.isVisibleTo(page))


def now(services: Services, record: str) -> Consultation:
    saved_record = services.store.get(record)
    assert saved_record is not None
    return CONSULTATION.of(saved_record)


def finish(page: ConsultationFormPage, qtbot: QtBot, context: Context) -> None:
    page.finish()
    read(qtbot, context)


def test_the_head_says_who_could_read_it_by_the_childs_own_name(lead: Services, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, draft_about_s(lead))
    assert page.reader.text() == "Write what S. could read"
    kai = next(record.record for record in lead.people.of_kind("child") if record.fields["given_name"] == "Kai")
    assert (
        opened(qtbot, context, lead.consultations.begin(about="child", child=kai)).reader.text()
        == "Write what Kai could read"
    )
    theme = lead.consultations.begin(about="theme")
    assert opened(qtbot, context, theme).reader.text() == "Write what the child could read"


def test_the_text_is_written_by_its_sections_with_what_would_show_a_guess_wrong(
    lead: Services, context: Context, qtbot: QtBot
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
    lead: Services, context: Context, qtbot: QtBot
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
    lead: Services, context: Context, qtbot: QtBot
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


def test_the_one_before_is_found_once_it_is_known_what_it_is_about(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
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


def test_a_draft_that_is_opened_again_goes_on_with_the_last_one_of_what_it_is_about_then(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    """What named the one before is forgotten by then; it was no person, so another child has another one before."""
    saved_draft = lead.records.save(draft_about_s(lead))
    assert saved_draft.fields["previous"] == record_about_s(lead)
    page = opened(qtbot, context, saved_draft)
    later(qtbot, context)
    assert page.before.isVisibleTo(page)
    page.form.controls["about"].answer("theme")
    later(qtbot, context)
    assert not page.draft.fields.get("previous")
    assert not page.before.isVisibleTo(page)


def test_one_that_is_only_asked_for_shows_the_open_plan_and_names_nothing_before_it(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, draft_about_s(lead))
    page.stages.choose("asked")
    page.stages.changed.emit("asked")
    later(qtbot, context)
    assert page.before.isVisibleTo(page)
    assert not page.draft.fields.get("previous")
    page.stages.choose("held")
    page.stages.changed.emit("held")
    later(qtbot, context)
    assert page.draft.fields["previous"] == record_about_s(lead)


def test_one_that_a_team_asks_for_asks_no_more_than_that(lead: Services, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, lead.consultations.begin(about="theme", theme="Endings", team="fostering"))
    page.stages.choose("asked")
    page.stages.changed.emit("asked")
    shown = {name for name, question in page.form.questions.items() if question.isVisibleTo(page)}
    assert not shown & {"text", "plan", "attendees", "held_on", "planned_for"}
    page.form.controls["asked_on"].answer("2017-03-13")
    page.form.controls["asked_by"].answer("D. Marsh")
    finish(page, qtbot, context)
    consultation = now(lead, page.draft.record)
    assert (consultation.stage, consultation.held_on) == ("asked", None)


def test_writing_up_asks_for_a_reason_only_where_an_earlier_answer_is_changed(
    lead: Services, context: Any, qtbot: QtBot
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


def attendees(page: ConsultationFormPage) -> AttendeesPart:
    part = page.form.controls["attendees"].part
    assert isinstance(part, AttendeesPart)
    return part


def at_the_box(qtbot: QtBot, context: Context, lead: Services) -> ConsultationFormPage:
    """A new consultation, with the focus in the box that puts in who came."""
    page = opened(qtbot, context, lead.consultations.begin(about="theme"))
    attendees(page).known.setFocus()
    return page


def listed(page: ConsultationFormPage) -> list[dict[str, str]]:
    """Who came, as the draft has it."""
    rows = page.draft.fields.get("attendees", [])
    assert all(row["id"] for row in rows)
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def test_who_came_before_is_put_in_by_a_few_letters_with_role_and_organisation(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = at_the_box(qtbot, context, lead)
    heard, keep = announcements()
    QTest.keyClicks(focused(), "iqb")
    assert heard[-1] == "2 results. M. Iqbal, Family support, Edge of Care"
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    iqbal = {"name": "M. Iqbal", "role": "Family support", "organisation": "Edge of Care", "was": "came"}
    assert listed(page) == [iqbal]
    assert focused() is attendees(page).known, "the next one is typed at once"
    assert heard[-1] == "M. Iqbal, Family support, Edge of Care is added"
    QTest.keyClicks(focused(), "senco")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert [row["name"] for row in listed(page)] == ["M. Iqbal", "J. Tranter"]
    del keep


def test_with_nothing_typed_who_came_last_is_offered_and_who_is_listed_is_not(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = at_the_box(qtbot, context, lead)
    for _ in range(2):
        QTest.keyClick(focused(), Qt.Key.Key_Down)
        QTest.keyClick(focused(), Qt.Key.Key_Return)
    names = [row["name"] for row in listed(page)]
    assert len(set(names)) == 2
    QTest.keyClicks(focused(), names[0])
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert listed(page)[-1] == {"name": names[0], "was": "came"}, "nobody of that name is offered again"


def test_a_household_and_a_colleague_are_put_in_as_what_they_are(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = at_the_box(qtbot, context, lead)
    for typed in ("jo pree", "bevan"):
        QTest.keyClicks(focused(), typed)
        QTest.keyClick(focused(), Qt.Key.Key_Return)
    jo, colleague = listed(page)
    assert (jo["name"], jo["role"], jo["was"]) == ("Jo Preece", "Foster carer", "came")
    assert lead.people.name(jo["carer"]) == "Jo & Martin Preece"
    assert "member" not in jo, "a consultation does not say which row of the household"
    assert lead.people.name(colleague["colleague"]) == "A. Bevan"


def test_somebody_new_begins_a_row_and_is_asked_for_the_role_next(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = at_the_box(qtbot, context, lead)
    QTest.keyClicks(focused(), "Q. Zebrawood")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert focused().accessibleName() == "Role, Person 1"
    QTest.keyClicks(focused(), "Head of year")
    assert listed(page) == [{"name": "Q. Zebrawood", "role": "Head of year", "was": "came"}]
    attendees(page).known.setFocus()
    QTest.keyClicks(focused(), "M. Iqbal")
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert listed(page)[-1] == {"name": "M. Iqbal", "was": "came"}, "another person of the same name"


@pytest.mark.parametrize("leaves", ["saved", "left", "finished"])
def test_a_name_that_is_typed_and_not_put_in_is_never_lost(
    lead: Services, context: Context, qtbot: QtBot, leaves: str
) -> None:
    page = at_the_box(qtbot, context, lead)
    QTest.keyClicks(focused(), "Q. Zebrawood")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    if leaves == "left":
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    if leaves == "finished":
        finish(page, qtbot, context)
    if leaves == "saved":
        page.autosave.flush()
        read(qtbot, context)
        saved_draft = lead.store.draft(page.draft.record)
        assert saved_draft is not None
        assert [row["name"] for row in saved_draft.fields["attendees"]] == ["Q. Zebrawood"]
    else:
        assert [frame.row.value()["name"] for frame in attendees(page).rows()] == ["Q. Zebrawood"]
        assert attendees(page).known.text() == ""
    assert listed(page) == [{"name": "Q. Zebrawood", "was": "came"}]


def test_a_child_named_in_a_theme_is_warned_of(lead: Services, context: Context, qtbot: QtBot) -> None:
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
    lead: Services, context: Any, qtbot: QtBot
) -> None:
    first = case_of(lead, "S.", "EOC-2231")
    page = CaseFormPage(context, lead.records.new_draft(CASE.name))
    open_page(qtbot, context, page)
    warned(page, "number").box.setFocus()
    QTest.keyClicks(focused(), "eoc-2231")
    later(qtbot, context)
    assert warned(page, "number").warning.text() == "S., 11, is there already. Is it the same child?"
    button(page, "Open it").click()
    assert context.went[-1] == ("case", {"record": first})
    own = CaseFormPage(context, lead.records.amendment(first))
    open_page(qtbot, context, own)
    later(qtbot, context)
    assert not warned(own, "number").warning.isVisibleTo(own)


@pytest.mark.parametrize("stage", ["held", "planned", "asked"])
def test_tab_goes_round_the_form_and_nothing_is_cut(lead: Services, context: Context, qtbot: QtBot, stage: str) -> None:
    page = opened(qtbot, context, lead.consultations.begin(stage, about="theme", theme="Endings"))
    later(qtbot, context)
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []


def test_an_answer_to_the_plan_before_leaves_the_focus_at_the_next_row_and_changes_nothing_else(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    heard, keep = announcements()
    page = opened(qtbot, context, draft_about_s(lead))
    later(qtbot, context)
    assert "2 still open from 8 March 2017" in heard
    button(page, "Not done: Countdown card for every ending at school").setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    read(qtbot, context)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "Half term")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    read(qtbot, context)
    assert focused().accessibleName() == "Done: Countdown card for every ending at school", "it is still open"
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    read(qtbot, context)
    assert focused().accessibleName() == "Done: Bedtime plan with mum, two home visits"
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    read(qtbot, context)
    assert not page.before.isVisibleTo(page)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down):
        QTest.keyClick(focused(page), key)
    assert page.draft.fields["about"] == "case", "no key changes an answer that nobody went to"
    del keep


def test_a_new_one_begins_at_its_stage_and_one_that_is_written_up_at_its_day(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, lead.consultations.begin())
    assert page.stages.chosen() == "held"
    assert focused() in page.stages.members()
    [planned] = lead.consultations.listed(team="hipss_carers")
    page = opened(qtbot, context, lead.consultations.write_up(planned.record))
    assert focused() is page.form.controls["held_on"].focus_target()


def test_nobody_came_is_written_of_a_day_that_was_never_planned_here(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, lead.consultations.begin(about="theme", theme="Drop-in", team="fostering"))
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert page.stages.chosen() == "nobody_came"
    page.form.go("planned_for")
    QTest.keyClicks(focused(), "13 March 2017")
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "10:00")
    finish(page, qtbot, context)
    assert now(lead, page.draft.record).stage == "nobody_came"


def test_a_chosen_colleague_is_entered_as_the_owner_unless_an_owner_was_typed(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, lead.consultations.begin(about="theme"))
    button(page, "Agreed plan: Add a step").click()
    part = page.form.controls["plan"].part
    assert isinstance(part, PlanPart)
    controls = part.rows()[0].row.controls
    controls["colleague"].go()
    QTest.keyClicks(focused(), "bevan")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert controls["owner"].value() == "A. Bevan"
    controls["owner"].answer("A. Bevan with mum")
    controls["colleague"].go()
    QTest.keyClicks(focused(), "adeyemi")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert controls["owner"].value() == "A. Bevan with mum", "what somebody wrote stays"


def test_start_and_end_are_of_the_day_it_was_held(lead: Services, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, lead.consultations.begin(about="theme", theme="Endings", held_on="2017-03-02"))
    for name, typed in (("began", "13:30"), ("ended", "15:00")):
        page.form.go(name)
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), typed)
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    fields = page.draft.fields
    assert (fields["began"], fields["ended"]) == ("2017-03-02T13:30:00+00:00", "2017-03-02T15:00:00+00:00")
