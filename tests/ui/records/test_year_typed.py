"""The year of a day is said by the person who types it: a date of birth, an approval or a review takes no year of its own."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Field
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.walk import focused
from ui.parts import Button, DateField
from ui.records.answer_parts import DayPart
from ui.records.controls import RowsPart
from ui.records.form import FieldControl
from ui.records.form_page import RecordFormPage

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
WRITTEN = ("child", "carer", "placement", "practitioner", "shift", "action")


def form_of(qtbot: QtBot, context: Any, services: Services, kind: str) -> RecordFormPage:
    page = RecordFormPage(context, services.records.new_draft(kind))
    open_page(qtbot, context, page)
    return page


def finish(qtbot: QtBot, context: Any) -> None:
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    read(qtbot, context)


def type_into(words: str) -> None:
    QTest.keyClick(focused(), Key.Key_A, CTRL)
    QTest.keyClicks(focused(), words)
    QTest.keyClick(focused(), Key.Key_Tab)


def test_a_date_of_birth_asks_for_its_year_and_takes_none_of_its_own(
    app: QApplication, qtbot: QtBot, context: Any, services: Services
) -> None:
    page = form_of(qtbot, context, services, "child")
    for name, words in (("given_name", "Mia"), ("family_name", "Vance"), ("local_id", "HIPSS-090"), ("born", "3/3")):
        page.form.go(name)
        type_into(words)
    finish(qtbot, context)
    assert [link.text() for link in page.summary.links()] == ["Enter the year too"]
    assert page.form.questions["born"].error() == "Enter the year too"
    QTest.keyClick(focused(), Key.Key_F8)
    assert page.form.questions["born"].isAncestorOf(focused())
    type_into("3/3/05")
    finish(qtbot, context)
    assert [link.text() for link in page.summary.links()] == ["Enter the year in full, like 2017"]
    page.form.go("born")
    type_into("3/3/2005")
    finish(qtbot, context)
    record = services.store.get(page.draft.record)
    assert record is not None
    assert record.fields["born"] == "2005-03-03"


def days() -> list[tuple[str, Field]]:
    """Every day that a form asks for, in rows too."""
    day_fields = []
    for kind in WRITTEN:
        for field in KINDS[kind].fields:
            day_fields += [(kind, inner) for inner in (field, *field.rows) if inner.type == "day"]
    return day_fields


def test_no_day_of_any_record_guesses_its_year(app: QApplication, qtbot: QtBot, context: Any) -> None:
    for kind, field in days():
        control = FieldControl(field, context)
        qtbot.addWidget(control)
        part = control.part
        assert isinstance(part, DayPart), (kind, field.name)
        for typed in ("14/3", "1 April", "20 dec", "14/3/17"):
            part.box.clear()
            QTest.keyClicks(part.box, typed)
            assert control.value() == typed, (kind, field.name)
            assert control.problem().startswith("Enter the year"), (kind, field.name)
        for typed, day in (("14 March 2017", "2017-03-14"), ("yesterday", "2017-03-13")):
            part.box.clear()
            QTest.keyClicks(part.box, typed)
            assert (control.value(), control.problem()) == (day, ""), (kind, field.name)


def test_a_day_in_a_row_asks_for_its_year_beside_it(
    app: QApplication, qtbot: QtBot, context: Any, services: Services
) -> None:
    page = form_of(qtbot, context, services, "child")
    page.form.go("flags")
    part = page.form.controls["flags"].part
    assert isinstance(part, RowsPart)
    assert isinstance(focused(), Button)
    QTest.keyClick(focused(), Key.Key_Space)
    review = part.rows()[0].row.controls["review"].part
    assert isinstance(review, DayPart)
    review.box.setFocus()
    QTest.keyClicks(focused(), "2/11")
    finish(qtbot, context)
    assert "Enter the year too" in [link.text() for link in page.summary.links()]
    assert services.store.get(page.draft.record) is None


def test_a_moment_far_from_today_asks_for_its_year_and_a_near_one_does_not(
    app: QApplication, qtbot: QtBot, context: Any, services: Services
) -> None:
    page = form_of(qtbot, context, services, "action")
    page.form.go("what")
    type_into("Ask for the bed to be mended")
    page.form.go("due")
    day = focused()
    assert isinstance(day, DateField)
    type_into("20 dec")
    type_into("0900")
    finish(qtbot, context)
    assert [link.text() for link in page.summary.links()] == ["Enter the year too"]
    page.form.go("due")
    type_into("1 April")
    finish(qtbot, context)
    record = services.store.get(page.draft.record)
    assert record is not None
    assert record.fields["due"].startswith("2017-04-01T")


def test_the_year_is_asked_for_beside_the_day_when_it_is_left(
    app: QApplication, qtbot: QtBot, context: Any, services: Services
) -> None:
    page = form_of(qtbot, context, services, "child")
    page.form.go("born")
    QTest.keyClicks(focused(), "3/3")
    assert page.form.questions["born"].error() == ""
    QTest.keyClick(focused(), Key.Key_Tab)
    assert page.form.questions["born"].error() == "Enter the year too"
    page.form.go("born")
    QTest.keyClicks(focused(), "/2005")
    assert page.form.questions["born"].error() == ""


def test_a_day_that_has_been_is_refused_in_the_future(
    app: QApplication, qtbot: QtBot, context: Any, services: Services
) -> None:
    page = form_of(qtbot, context, services, "child")
    for name, words in (("given_name", "Mia"), ("family_name", "Vance"), ("local_id", "HIPSS-090")):
        page.form.go(name)
        type_into(words)
    page.form.go("born")
    type_into("15 March 2017")
    finish(qtbot, context)
    assert page.form.questions["born"].error() == "Enter a day that is not in the future"
    page.form.go("born")
    type_into("14 March 2017")
    finish(qtbot, context)
    assert services.store.get(page.draft.record) is not None


def test_every_day_that_has_been_says_so_of_itself() -> None:
    past = {(kind, field.name) for kind, field in days() if field.options.past}
    assert past == {
        ("child", "born"),
        ("child", "plan_reviewed"),
        ("child", "until"),
        ("carer", "born"),
        ("carer", "checked"),
        ("carer", "approved_on"),
        ("carer", "until"),
        ("practitioner", "until"),
    }
