"""Direct work is written in a form of its description: a name that nobody has is said, never dropped."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.direct_work import DIRECT_WORK
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import child_named
from tests.helpers.walk import focused
from ui.base.page import Context
from ui.records.form_page import RecordFormPage


def test_a_colleague_who_was_typed_and_not_chosen_keeps_the_work_from_being_finished(
    lead: Services, context: Context, qtbot: QtBot
) -> None:
    fields = {
        "child": child_named(lead, "Kai"),
        "on": "2017-03-10",
        "aim": "A story of the week",
        "done": [{"id": "d", "place": "5", "text": "Drew the house."}],
        "consent": "yes",
        "consent_words": "The mother",
    }
    page = RecordFormPage(context, lead.records.new_draft(DIRECT_WORK.name, fields))
    open_page(qtbot, context, page)
    name = next(field.name for field in DIRECT_WORK.fields if field.type == "references")
    page.form.go(name)
    QTest.keyClicks(focused(), "Zebrawood")
    page.finish()
    read(qtbot, context)
    assert lead.store.get(page.draft.record) is None
    assert page.form.questions[name].error() == "Choose who did it from the list that opens as you type"
    QTest.keyClick(page.form.controls[name].focus_target(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(page.form.controls[name].focus_target(), Qt.Key.Key_Delete)
    page.finish()
    read(qtbot, context)
    assert lead.store.get(page.draft.record) is not None
