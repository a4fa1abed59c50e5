"""The consultations in the window: narrowed, read beside the list, and what came of a plan said by one press."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.documents.consultation import consultation_page
from hipss_desktop.kinds.consultation import CONSULTATION, Consultation
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import add_to
from hipss_desktop.views.consultations import COUNTED_ONCE, WRITTEN_TWICE
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.screens_of_consultations import NOW, record_about_s
from tests.helpers.several_laptops import amend
from tests.helpers.store_fixtures import sign_in_as
from tests.helpers.walk import clipped_labels, focused, unnamed_focusables
from ui.base import clipboard
from ui.base.page import Context
from ui.consultations import opening
from ui.consultations.formulation import BoxGrid, SectionBox
from ui.consultations.list_page import ConsultationsPage
from ui.consultations.record_page import ConsultationRecordPage
from ui.documents.preview_page import PreviewPage
from ui.records.versions import VersionWords

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def listed(page: ConsultationsPage) -> list[tuple[str, str]]:
    return [(line.team, line.about) for line in page.model.lines]


def button(page: QWidget, name: str) -> QAbstractButton:
    """A button by what a screen reader calls it."""
    buttons = [
        widget for widget in page.findChildren(QAbstractButton) if (widget.accessibleName() or widget.text()) == name
    ]
    return next(widget for widget in buttons if widget.isVisibleTo(page))


def words(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def now(services: Services, record: str) -> Consultation:
    saved_record = services.store.get(record)
    assert saved_record is not None
    return CONSULTATION.of(saved_record)


def shown(qtbot: QtBot, context: Context, record: str) -> ConsultationRecordPage:
    page = ConsultationRecordPage(context, record)
    open_page(qtbot, context, page)
    return page


def test_the_list_is_narrowed_to_a_team_a_quarter_what_is_due_and_what_words_find(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = ConsultationsPage(context)
    open_page(qtbot, context, page)
    assert len(listed(page)) == 8
    assert listed(page)[0] == ("16+", "Team theme: endings")
    assert ("Looked after children", "About R., 11, LAC-0412") in listed(page)
    page.team.choose("edge_of_care")
    page.team.picked.emit("edge_of_care")
    read(qtbot, context)
    assert [about for _, about in listed(page)] == ["About S., 11, EOC-2231", "Team theme: school refusal"]
    page.quarter.choose("2016-4")
    page.quarter.picked.emit("2016-4")
    read(qtbot, context)
    assert listed(page) == []
    assert page.none.isVisibleTo(page)
    page.team.choose("every_team")
    page.quarter.choose("every_quarter")
    page.chips.choose(["due"])
    page.chips.changed.emit()
    read(qtbot, context)
    assert [line.tags[-1].words for line in page.model.lines] == [
        "Plan 4 days overdue",
        "Plan 3 days overdue",
        "Say whether it was held",
    ]
    page.chips.choose(["all"])
    page.filter.setText("countdown")
    read(qtbot, context)
    assert listed(page) == [("Edge of Care", "About S., 11, EOC-2231")]


def test_arrows_move_through_the_list_and_the_consultation_follows(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = ConsultationsPage(context)
    open_page(qtbot, context, page)
    assert focused() is page.table
    place = next(at for at, line in enumerate(page.model.lines) if line.record == record_about_s(lead))
    for _ in range(place):
        QTest.keyClick(focused(), Key.Key_Down)
    read(qtbot, context)
    assert page.shown.consultation is not None
    assert page.shown.consultation.record == record_about_s(lead)
    grid = page.findChild(BoxGrid)
    assert grid is not None
    assert [box.box.label for box in grid.boxes] == [
        "What we see",
        "What came before",
        "What sets it off",
        "What keeps it going",
        "What protects",
        "Our best guess",
    ]
    assert "What would show us wrong: She stays when an ending is told a week before" in words(page)
    assert "F. Doyle, social worker" in words(page)
    assert "P. Hale, educational psychologist: sent apologies" in words(page)
    QTest.keyClick(focused(), Key.Key_Return)
    assert focused() is page.shown.area
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []


def test_done_is_one_press_and_not_done_asks_why(lead: Services, context: Context, qtbot: QtBot) -> None:
    record = record_about_s(lead)
    page = shown(qtbot, context, record)
    button(page, "Done: Bedtime plan with mum, two home visits").click()
    read(qtbot, context)
    not_done = button(page, "Not done: Countdown card for every ending at school")
    not_done.setFocus()
    QTest.keyClick(focused(), Key.Key_Space)
    read(qtbot, context)
    QTest.keyClick(focused(), Key.Key_Tab)
    while getattr(focused(), "accessibleName", str)() != "Because, Not done":
        QTest.keyClick(focused(), Key.Key_Tab)
    QTest.keyClicks(focused(), "The school was closed")
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)
    answers = {row.plan: (row.answer, row.because) for row in now(lead, record).plan_answers}
    assert answers == {"p0": ("not_done", "The school was closed"), "p1": ("done", ""), "p2": ("done", "")}
    assert "Not done on 14 March: The school was closed" in words(page)
    assert lead.store.drafts() == []


def test_not_done_without_a_reason_is_not_written(lead: Services, context: Context, qtbot: QtBot) -> None:
    record = record_about_s(lead)
    page = shown(qtbot, context, record)
    button(page, "Not done: Countdown card for every ending at school").click()
    read(qtbot, context)
    button(page, "Write it down").click()
    read(qtbot, context)
    assert "Enter why it was not done" in words(page)
    assert [row.plan for row in now(lead, record).plan_answers] == ["p1"]


def test_what_was_typed_into_not_done_is_there_when_it_is_asked_again(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    record = record_about_s(lead)
    question = add_to("plan_answers", "p0")
    row = {"id": "n", "plan": "p0", "answer": "not_done", "asked_on": "2017-03-14", "because": "Half term"}
    lead.questions.save(
        Draft(record, CONSULTATION.name, 1, {"plan_answers": [row]}, began=NOW.isoformat(), question=question)
    )
    page = ConsultationRecordPage(context, record, question)
    open_page(qtbot, context, page)
    button(page, "Write it down").click()
    read(qtbot, context)
    assert [row.because for row in now(lead, record).plan_answers if row.plan == "p0"] == ["Half term"]


def test_the_page_in_their_hands_is_named_as_old_once_the_consultation_was_amended(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    record = record_about_s(lead)
    page = shown(qtbot, context, record)
    assert "F. Doyle, given by hand, 9 March 2017, 09:20" in words(page)
    assert "the page in their hands is old" not in words(page)
    amend(lead, record, {"mode": "video"})
    read(qtbot, context)
    assert words(page).count("Amended since: the page in their hands is old") == 2


def test_who_has_the_page_is_written_with_the_version_of_now(lead: Services, context: Context, qtbot: QtBot) -> None:
    record = record_about_s(lead)
    page = shown(qtbot, context, record)
    current = lead.store.get(record)
    assert current is not None
    button(page, "Write down who has it").click()
    read(qtbot, context)
    QTest.keyClicks(focused(), "M. Iqbal")
    QTest.keyClick(focused(), Key.Key_Tab)
    QTest.keyClick(focused(), Key.Key_Down)
    QTest.keyClick(focused(), Key.Key_Down)
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)
    sent_rows = [row for row in now(lead, record).sent if row.to == "M. Iqbal"]
    assert [(row.how != "", tuple(row.of)) for row in sent_rows] == [(True, current.heads)]


def test_the_page_is_copied_for_the_case_file_in_its_order_and_taken_out_of_the_clipboard_again(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    page = shown(qtbot, context, record_about_s(lead))
    button(page, "Copy for the case file").click()
    read(qtbot, context)
    copied = QGuiApplication.clipboard().text()
    parts = (
        "8 March 2017, 13:30 to 15:00 · About S., 11, EOC-2231",
        "Who came\n- F. Doyle, social worker",
        "The question brought\nSaid: How do we keep S. in school",
        "What we see\nFact: Runs from class",
        "Our best guess\nOpinion: Leaving first feels safer to S. than being left.\nWhat would show us wrong: She stays",
        "Agreed plan\n- Countdown card for every ending at school. Who: J. Tranter. By: 10 March 2017",
        "For the child’s safety\nNothing new",
    )
    places = [copied.index(part) for part in parts]
    assert places == sorted(places)
    clipboard.forget()
    assert QGuiApplication.clipboard().text() == ""


def test_what_was_copied_or_saved_is_the_page_that_is_given_next_also_where_it_was_amended_meanwhile(
    lead: Services, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    record = record_about_s(lead)
    page = shown(qtbot, context, record)
    first = consultation_page(lead, record)
    button(page, "Copy for the case file").click()
    read(qtbot, context)
    amend(lead, record, {"mode": "video"})
    assert lead.consultations.version_given(record) == first.digests
    second = consultation_page(lead, record)
    preview = opening.consultation_page(context, {"record": record})
    open_page(qtbot, context, preview)
    amend(lead, record, {"mode": "phone"})
    preview.refresh()
    read(qtbot, context)
    assert isinstance(preview, PreviewPage)
    preview.save_to(tmp_path / "page.pdf", second)  # the dialog was opened before the amendment came
    read(qtbot, context)
    read(qtbot, context)
    assert lead.consultations.version_given(record) == second.digests != consultation_page(lead, record).digests


def test_one_that_is_planned_is_written_up_from_its_page(lead: Services, context: Any, qtbot: QtBot) -> None:
    planned = next(consultation for consultation in lead.consultations.listed(team="hipss_carers"))
    page = shown(qtbot, context, planned.record)
    assert "It was planned for 13 March. Say whether it was held." in words(page)
    button(page, "Write it up").click()
    read(qtbot, context)
    [(route, arguments)] = context.went
    assert route == "draft"
    assert arguments["draft"].fields["stage"] == "held"


def test_who_may_only_look_has_no_presses(lead: Services, context: Context, qtbot: QtBot) -> None:
    record = record_about_s(lead)
    sign_in_as(lead.store, role="on_call")
    page = shown(qtbot, context, record)
    assert not [
        widget for widget in page.findChildren(QAbstractButton) if widget.text() in ("Done", "Write down who has it")
    ]


def test_one_that_was_asked_for_is_planned_then_cancelled_by_keys_in_its_card(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    record = next(consultation.record for consultation in lead.consultations.listed(team="fostering"))
    page = shown(qtbot, context, record)
    button(page, "Plan it").setFocus()
    QTest.keyClick(focused(), Key.Key_Space)
    read(qtbot, context)
    QTest.keyClicks(focused(), "13 March 2017")
    QTest.keyClick(focused(), Key.Key_Tab)
    QTest.keyClicks(focused(), "10:00")
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)
    assert "This day is past." in words(page)
    assert now(lead, record).stage == "asked"
    QTest.keyClicks(focused(), "20 March 2017")
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)
    assert now(lead, record).stage == "planned"
    assert "Planned for 20 March 2017, 10:00" in words(page)
    button(page, "Cancel it").click()
    read(qtbot, context)
    QTest.keyClicks(focused(), "F. Doyle")
    QTest.keyClick(focused(), Key.Key_Tab)
    QTest.keyClicks(focused(), "The team is short")
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)
    assert now(lead, record).stage == "cancelled"
    assert lead.store.drafts() == []


def test_nobody_came_is_one_press(lead: Services, context: Any, qtbot: QtBot) -> None:
    record = next(consultation.record for consultation in lead.consultations.listed(team="hipss_carers"))
    page = shown(qtbot, context, record)
    button(page, "Nobody came").click()
    read(qtbot, context)
    assert now(lead, record).stage == "nobody_came"
    button(page, "Write it up").click()
    read(qtbot, context)
    assert context.went[-1][1]["draft"].fields["stage"] == "held", "a wrong press is mended on a day that is past too"


def test_what_two_laptops_wrote_up_is_shown_in_the_list_and_one_press_says_that_they_are_one(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    first = record_about_s(lead)
    second_content = {
        name: value for name, value in now_body(lead, first).items() if name not in ("plan", "plan_answers", "sent")
    }
    second = lead.records.finish(lead.records.new_draft(CONSULTATION.name, second_content)).envelope.record
    page = ConsultationsPage(context)
    open_page(qtbot, context, page)
    twice = [line.record for line in page.model.lines if WRITTEN_TWICE in {tag.words for tag in line.tags}]
    assert set(twice) == {first, second}
    before = lead.consultation_views.counts("2017-1")
    card = shown(qtbot, context, second)
    assert "This may be written twice" in words(card)
    button(card, next(name for name in names(card) if name.startswith("They are one"))).click()
    read(qtbot, context)
    passed_over = lead.consultation_views.view(second)
    assert passed_over is not None
    assert passed_over.counts_as is not None
    assert passed_over.counts_as.record == first
    assert "This is counted once, in another record:" in words(card)
    assert "This may be written twice" not in words(card)
    assert int(lead.consultation_views.counts("2017-1").split()[0]) == int(before.split()[0]) - 1
    page.refresh()
    read(qtbot, context)
    tags = {line.record: {tag.words for tag in line.tags} for line in page.model.lines}
    assert COUNTED_ONCE in tags[second]
    assert not {WRITTEN_TWICE, COUNTED_ONCE} & tags[first]


def now_body(services: Services, record: str) -> dict[str, Any]:
    saved_record = services.store.get(record)
    assert saved_record is not None
    return dict(saved_record.fields)


def names(page: QWidget) -> list[str]:
    return [widget.accessibleName() for widget in page.findChildren(QAbstractButton) if widget.isVisibleTo(page)]


def test_a_planned_day_is_moved_by_a_press_that_asks_nobody_why(lead: Services, context: Context, qtbot: QtBot) -> None:
    record = next(consultation.record for consultation in lead.consultations.listed(team="fostering"))
    lead.consultations.move(record, "planned", {"planned_for": "2017-03-20T10:00:00+00:00", "mode": "video"})
    page = shown(qtbot, context, record)
    button(page, "Move the day").setFocus()
    QTest.keyClick(focused(), Key.Key_Space)
    read(qtbot, context)
    QTest.keyClick(focused(), Key.Key_A, CTRL)
    QTest.keyClicks(focused(), "13 March 2017")
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)
    assert "This day is past." in words(page)
    assert now(lead, record).planned_for == datetime(2017, 3, 20, 10, tzinfo=UTC)
    QTest.keyClick(focused(), Key.Key_A, CTRL)
    QTest.keyClicks(focused(), "27 March 2017")
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)
    assert "Planned for 27 March 2017, 10:00" in words(page)
    assert (now(lead, record).stage, now(lead, record).mode) == ("planned", "video")
    view = lead.record_views.view(record)
    assert view is not None
    assert view.versions[0].why == "Move the day"
    assert lead.store.drafts() == []


def test_moving_a_day_to_the_same_day_changes_nothing_and_says_so(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    record = next(consultation.record for consultation in lead.consultations.listed(team="fostering"))
    lead.consultations.move(record, "planned", {"planned_for": "2017-03-20T10:00:00+00:00"})
    page = shown(qtbot, context, record)
    button(page, "Move the day").click()
    read(qtbot, context)
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)
    assert "Nothing was changed." in words(page)


def test_ctrl_p_shows_the_page_for_those_who_came_and_the_record_where_none_is_held(
    lead: Services, context: Any, qtbot: QtBot
) -> None:
    record = record_about_s(lead)
    page = shown(qtbot, context, record)
    QTest.keyClick(focused(), Key.Key_P, CTRL)
    assert context.went == [("consultation_page", {"record": record})]
    planned = next(consultation.record for consultation in lead.consultations.listed(team="hipss_carers"))
    page = shown(qtbot, context, planned)
    QTest.keyClick(focused(), Key.Key_P, CTRL)
    assert context.went[-1] == ("print", {"record": planned})
    assert page.view_card.printing.isVisibleTo(page)


def test_what_the_newest_version_wrote_is_underlined_in_the_boxes(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    record = record_about_s(lead)
    page = shown(qtbot, context, record)
    assert not underlined(page)
    rows = [
        {**row, "text": "Sudden endings. Fire drills."} if row["section"] == "sets_off" else row
        for row in now_body(lead, record)["text"]
    ]
    amend(lead, record, {"text": rows})
    read(qtbot, context)
    assert underlined(page) == ["Sudden endings. Fire drills, added."]


def underlined(page: QWidget) -> list[str]:
    """What stands underlined in the boxes."""
    version_words = [label for box in page.findChildren(SectionBox) for label in box.findChildren(VersionWords)]
    return [words_of.accessibleName() for words_of in version_words if "underline" in words_of.text()]
