"""A text by paragraph on a record's page, in its form and where two versions of a paragraph wait for a decision."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.paragraphs import Paragraph, in_order
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.paragraphs import ParagraphView, counted, paragraph_views
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page
from tests.helpers.several_laptops import amend, exchange
from tests.helpers.walk import clipped_labels, settle
from ui import theme
from ui.base.page import Context
from ui.parts import Tag
from ui.records.form import RecordForm
from ui.records.form_page import RecordFormPage
from ui.records.paragraph_list import SHOWN, ParagraphList
from ui.records.record_page import RecordPage
from ui.sync.conflict import AGAIN, ConflictView

FIELD = INCIDENT.by_name["happening"]
ROWS: list[dict[str, Any]] = [
    {"id": "p1", "place": "1", "mark": "fact", "text": "Reported missing 21:40, log 0612."},
    {"id": "p3", "place": "3", "mark": "rumour", "text": "By the canal.\nOr not.", "later": "kept"},
    {"id": "p2", "place": "2", "mark": "opinion", "text": "He was probably with the older boys again."},
    {"id": "p4", "place": "4", "text": "No questions tonight."},
    {"id": "p5", "place": "5", "mark": "fact", "text": " "},
]
FIELDS = {"types": ["police_called"], "aware": "2017-03-14T02:10:00+00:00", "police_serious": "no", "happening": ROWS}


def views(rows: Any) -> tuple[ParagraphView, ...]:
    paragraphs = paragraph_views(FIELD, rows)
    assert paragraphs is not None
    return paragraphs


def incident(services: Services) -> str:
    return services.records.finish(services.records.new_draft("incident", FIELDS)).envelope.record


def test_paragraphs_are_read_in_their_order_with_what_is_not_known() -> None:
    shown = views(ROWS)
    assert [(paragraph.number, paragraph.label, paragraph.words, paragraph.more) for paragraph in shown] == [
        (1, "Fact", "Reported missing 21:40, log 0612.", ""),
        (2, "Opinion", "He was probably with the older boys again.", ""),
        (3, "rumour", "By the canal.\nOr not.", "Later: kept"),
        (4, "", "No questions tonight.", ""),
    ]
    assert shown[1].spoken == "Paragraph 2, opinion. He was probably with the older boys again."
    assert counted(shown) == "1 fact, 1 opinion, 1 rumour, 1 of 4 not marked"
    assert paragraph_views(FIELD, [*ROWS, "a word"]) is None
    assert paragraph_views(FIELD, "a word") is None


@pytest.mark.parametrize("name", ["day", "night"])
@pytest.mark.parametrize("scale", theme.SCALES)
@pytest.mark.parametrize("width", [900, 420, 260])
def test_the_list_cuts_no_word_at_any_size(
    app: QApplication, qtbot: QtBot, name: theme.Name, scale: float, width: int
) -> None:
    theme.apply(app, theme.Theme(name, scale))
    try:
        shown = ParagraphList("What happened", views(ROWS))
        qtbot.addWidget(shown)
        shown.resize(width, 900)
        shown.show()
        settle()
        assert clipped_labels(shown) == []
        assert [row.tag.spec.words for row in shown.rows if row.tag is not None] == ["Fact", "Opinion", "rumour"]
        assert all(row.tag is None or row.tag.isVisible() for row in shown.rows)
    finally:
        theme.apply(app, theme.Theme("day", 1.0))


def test_a_paragraph_is_found_by_name_pointed_out_and_has_room_below(app: QApplication, qtbot: QtBot) -> None:
    many = [{"id": f"p{number:03}", "place": f"{number:03}1", "text": str(number)} for number in range(200)]
    shown = ParagraphList("What happened", views(many))
    qtbot.addWidget(shown)
    shown.show()
    assert len(shown.rows) == SHOWN
    assert shown.row_of("nobody") is None
    paragraph_row = shown.row_of("p150")
    assert paragraph_row is not None
    assert paragraph_row.shown.words == "150"
    comment = QLabel("What makes you think so?")
    paragraph_row.put_below(comment)
    paragraph_row.point_out(on=True)
    settle()
    assert comment.isVisible()
    assert paragraph_row.accessibleName() == "Paragraph 151"
    assert QAccessible.queryAccessibleInterface(paragraph_row).role() == QAccessible.Role.Grouping


def test_a_record_page_shows_the_marks_and_what_the_newest_version_wrote(
    app: QApplication, qtbot: QtBot, context: Context, store: LaptopStore
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    record = incident(context.services)
    amended = [{**row, "text": "He was with them."} if row["id"] == "p2" else row for row in ROWS]
    amend(context.services, record, {"happening": amended})
    page = RecordPage(context, record=record)
    open_page(qtbot, context, page)
    shown = page.findChild(ParagraphList)
    assert shown is not None
    assert [tag.spec.words for tag in shown.findChildren(Tag)] == ["Fact", "Opinion", "rumour"]
    assert [row.shown.changed for row in shown.rows] == [False, True, False, False]


def test_the_form_takes_and_gives_the_rows(app: QApplication, qtbot: QtBot, context: Context) -> None:
    form = RecordForm(INCIDENT, context, body=FIELDS)
    qtbot.addWidget(form)
    form.set_fields(FIELDS)
    form.resize(900, 900)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    assert form.fields() == FIELDS
    form.go("happening")
    box = QApplication.focusWidget()
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(box, Qt.Key.Key_F9)
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClicks(box, "Jo was told.")
    rows = {row["id"]: row for row in form.fields()["happening"]}
    assert {name: row for name, row in rows.items() if name in ("p1", "p2", "p3", "p4")} == {
        **{row["id"]: row for row in ROWS[:3]},
        "p4": ROWS[3],
    }
    read = in_order(INCIDENT.read(form.fields()).happening)
    assert [(row.mark, row.text) for row in read][-1] == ("", "Jo was told.")


def test_what_is_typed_is_in_the_draft_a_second_later_and_the_caret_comes_back(
    app: QApplication, qtbot: QtBot, context: Context
) -> None:
    draft = context.services.records.new_draft("incident", FIELDS)
    page = RecordFormPage(context, draft=draft)
    open_page(qtbot, context, page)
    page.form.go("happening")
    box = QApplication.focusWidget()
    assert box is not None
    QTest.keyClicks(box, "Typed ")
    name = next(name for name, field in page.text_fields().items() if field is box)
    assert name == "happening/0"

    def draft_is_saved() -> None:
        saved_draft = context.services.store.draft(draft.record)
        assert saved_draft is not None
        assert "Typed Reported missing" in str(saved_draft.fields["happening"])

    qtbot.waitUntil(draft_is_saved)


def test_two_versions_of_a_paragraph_are_decided_and_one_is_written_again(
    app: QApplication, qtbot: QtBot, context: Context, mine: Services, theirs: Services
) -> None:
    record = incident(mine)
    exchange(mine, theirs)
    for services, words in ((mine, "He may have been with them."), (theirs, "Nobody knows.")):
        amend(services, record, {"happening": [{**row, "text": words} if row["id"] == "p2" else row for row in ROWS]})
    exchange(mine, theirs)
    incident_record = mine.store.get(record)
    assert incident_record is not None
    waiting = mine.sync_centre.conflict(incident_record)
    assert waiting is not None
    view = ConflictView(waiting, context)
    qtbot.addWidget(view)
    view.resize(1000, 700)
    view.show()
    [part] = view.parts
    assert part.name == "What happened, in words, paragraph 2"
    part.choose(AGAIN)
    part.controls["happening/p2"].answer("Nobody knows with whom he was.")
    view.why.setPlainText("Asked Jo")
    with qtbot.waitSignal(view.decided):
        view.save()
    after = mine.store.get(record)
    assert after is not None
    assert not after.needs_decision
    rows = in_order(INCIDENT.read(after.fields).happening)
    assert rows[1] == Paragraph("p2", "2", "opinion", "Nobody knows with whom he was.")
