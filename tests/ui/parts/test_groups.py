"""A group of choices: what is spoken of each, one stop of Tab for all, and which keys move or choose."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.spoken import Reader, labels, name_said
from tests.ui.parts.specimen import show
from ui.parts import (
    Button,
    CardTone,
    CheckBox,
    ChipGroup,
    Field,
    LineEdit,
    LinkButton,
    PersonField,
    PrimaryButton,
    Radio,
    RadioCards,
    RailItem,
    Suggestion,
    Tabs,
    Ticks,
    column,
)

Key = Qt.Key
RISKS: list[tuple[str, str, str, CardTone]] = [
    ("low", "Low", "Advice is enough", "neutral"),
    ("medium", "Medium", "Follow up by day", "amber"),
    ("high", "High", "Ring manager now", "risk"),
]


class Form(QWidget):
    """A line, chips, check boxes, radio cards and a line, each a question."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.after = LineEdit(name="Before"), LineEdit(name="After")
        self.chips = ChipGroup("About", [("m", "Missing or back"), ("d", "Drink or drugs"), ("s", "School")])
        self.boxes = [CheckBox(words) for words in ("Police", "EDT", "Nobody")]
        self.ticks = Ticks("Who needs to know", self.boxes)
        self.risk = RadioCards("Risk now", RISKS)
        self.questions = [
            Field("What is it about?", self.chips, hint="Choose all that apply"),
            Field("Who needs to know", self.ticks),
            Field("Risk now", self.risk),
        ]
        self.setLayout(column(self.before, *self.questions, self.after))


@pytest.fixture
def form(app: QApplication, qtbot: QtBot) -> Form:
    new_form = Form()
    qtbot.addWidget(new_form)
    show(qtbot, new_form)
    new_form.before.setFocus()
    return new_form


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys: Key) -> str:
    """Press keys where the focus is; gives back the words of what has it then."""
    for key in keys:
        QTest.keyClick(focused(), key)
    now = focused()
    return now.text() if isinstance(now, QAbstractButton) else now.accessibleName()


def groups(form: Form) -> list[tuple[QWidget, str, list[QAbstractButton]]]:
    return [
        (form.chips, "What is it about?", [*form.chips.chips()]),
        (form.ticks, "Who needs to know", [*form.boxes]),
        (form.risk, "Risk now", [*form.risk.cards()]),
    ]


def test_each_choice_is_spoken_by_its_own_words_and_the_group_by_the_question(form: Form) -> None:
    for group, question, choices in groups(form):
        interface = QAccessible.queryAccessibleInterface(group)
        assert interface.role() == QAccessible.Role.Grouping
        assert name_said(interface) == question
        for choice in choices:
            inside = QAccessible.queryAccessibleInterface(choice)
            assert (labels(inside), name_said(inside)) == ([], choice.text())


def test_the_question_and_its_hint_are_said_once_on_the_way_in(form: Form) -> None:
    reader = Reader()
    reader.says()
    press(Key.Key_Tab)
    assert reader.says() == ("What is it about? panel. Missing or back check box not checked. Choose all that apply")
    press(Key.Key_Right)
    assert reader.says() == "Drink or drugs check box not checked"
    press(Key.Key_Tab)
    assert reader.says() == "Who needs to know panel. Police check box not checked"
    press(Key.Key_Tab)
    assert reader.says() == "Risk now panel. Low radio button not selected. Advice is enough"


def test_an_error_is_said_wherever_the_focus_enters_the_group_and_only_there(form: Form) -> None:
    press(Key.Key_Tab, Key.Key_Right, Key.Key_Right, Key.Key_Tab)
    form.questions[0].set_error("Choose what it is about")
    reader = Reader()
    QTest.keyClick(focused(), Key.Key_Backtab)
    assert reader.says() == (
        "What is it about? panel. School check box not checked. Error: Choose what it is about. Choose all that apply"
    )
    press(Key.Key_Left)
    assert reader.says() == "Drink or drugs check box not checked"
    form.questions[0].set_error("")
    assert form.chips.chips()[2].accessibleDescription() == "Choose all that apply"


def test_a_group_is_one_stop_of_tab_both_ways(form: Form) -> None:
    assert [press(Key.Key_Tab) for _ in range(4)] == ["Missing or back", "Police", "Low", "After"]
    assert [press(Key.Key_Backtab) for _ in range(4)] == ["Low", "Police", "Missing or back", "Before"]


def test_tab_leaves_a_group_from_wherever_the_arrows_went_and_comes_back_there(form: Form) -> None:
    assert press(Key.Key_Tab, Key.Key_Right, Key.Key_Right) == "School"
    assert press(Key.Key_Tab) == "Police"
    assert press(Key.Key_Backtab) == "School"


def test_tab_comes_to_the_answer_of_a_group_that_has_one(form: Form) -> None:
    form.risk.choose("high")
    assert press(Key.Key_Tab, Key.Key_Tab, Key.Key_Tab) == "High"
    assert press(Key.Key_Tab) == "After"
    form.risk.choose("low")
    assert press(Key.Key_Backtab) == "Low"


def test_arrows_go_round_and_choose_only_among_radio_cards(form: Form) -> None:
    assert press(Key.Key_Tab, Key.Key_Left) == "School"
    assert press(Key.Key_Right) == "Missing or back"
    assert form.chips.chosen() == []
    assert press(Key.Key_Tab, Key.Key_Up) == "Nobody"
    assert press(Key.Key_Down, Key.Key_Down) == "EDT"
    assert not any(box.isChecked() for box in form.boxes)
    assert press(Key.Key_Tab, Key.Key_Right) == "Medium"
    assert form.risk.chosen() == "medium"


@pytest.mark.parametrize("typed", "abcdefghijklmnopqrstuvwxyz0123456789.,-")
def test_typing_moves_at_most_and_never_chooses(form: Form, typed: str) -> None:
    for group, _, choices in groups(form):
        group.setFocus()
        QTest.keyClicks(focused(), typed)
        assert focused() in choices
        assert not any(choice.isChecked() for choice in choices)


def test_a_letter_moves_to_the_next_choice_that_starts_with_it(form: Form) -> None:
    form.chips.setFocus()
    assert press(Key.Key_S) == "School"
    assert press(Key.Key_M) == "Missing or back"
    assert press(Key.Key_X) == "Missing or back"
    form.ticks.setFocus()
    assert press(Key.Key_E) == "EDT"


def test_space_ticks_and_unticks(form: Form) -> None:
    press(Key.Key_Tab, Key.Key_D, Key.Key_Space)
    assert form.chips.chosen() == ["d"]
    press(Key.Key_Space, Key.Key_Tab, Key.Key_Space)
    assert form.chips.chosen() == []
    assert form.boxes[0].isChecked()


def _disable(choice: QAbstractButton) -> None:
    choice.setEnabled(False)


def _hide(choice: QAbstractButton) -> None:
    choice.hide()


@pytest.mark.parametrize("take_away", [_disable, _hide])
def test_a_choice_that_goes_takes_the_stop_to_another(form: Form, take_away: Callable[[QAbstractButton], None]) -> None:
    for group, _, choices in groups(form):
        take_away(choices[0])
        form.before.setFocus()
        group.setFocus()
        assert focused() is choices[1]


def test_chips_that_are_replaced_leave_a_stop(form: Form) -> None:
    press(Key.Key_Tab, Key.Key_Right)
    press(Key.Key_Tab)
    form.chips.set_options([("m", "Missing or back"), ("o", "Other")])
    assert press(Key.Key_Backtab) == "Missing or back"
    assert press(Key.Key_Right) == "Other"


def test_what_is_required_and_what_is_wrong_stay_said_when_an_answer_is_picked(app: QApplication, qtbot: QtBot) -> None:
    person = PersonField(lambda _: [Suggestion("jo", "Jo Preece", "carer")])
    question = Field("Who is calling", person, hint="Type a name", required=True)
    qtbot.addWidget(question)
    show(qtbot, question)
    assert person.accessibleDescription() == "Type a name. Required"
    question.set_error("Choose who is calling")
    person.setFocus()
    QTest.keyClicks(person, "jo")
    QTest.keyClick(person, Key.Key_Return)
    assert person.accessibleDescription() == "Error: Choose who is calling. Type a name. Required. carer"
    question.set_error("")
    assert person.accessibleDescription() == "Type a name. Required. carer"


@pytest.mark.parametrize("words", ["Sunita & Dev Rao", "A && B", "Q&A"])
def test_an_ampersand_in_a_name_is_shown_and_said(app: QApplication, qtbot: QtBot, words: str) -> None:
    chips, cards = ChipGroup("Names", [("r", words)]), RadioCards("Names", [("r", words, "", "neutral")])
    pieces: list[QAbstractButton] = [
        *(Button(words), PrimaryButton(words), LinkButton(words), RailItem("home", words), CheckBox(words)),
        *(Radio(words), chips.chips()[0], cards.cards()[0]),
    ]
    for piece in pieces:
        qtbot.addWidget(piece.parentWidget() or piece)
        assert piece.text() == words
        assert QAccessible.queryAccessibleInterface(piece).text(QAccessible.Text.Name) == words
        piece.setText("Other")
        piece.setText(words)
        assert QAccessible.queryAccessibleInterface(piece).text(QAccessible.Text.Name) == words
    question = Field(words, LineEdit())
    qtbot.addWidget(question)
    assert QAccessible.queryAccessibleInterface(question.label).text(QAccessible.Text.Name) == words
    assert name_said(QAccessible.queryAccessibleInterface(question.control)) == words
    tabs = Tabs("Names", [words])
    qtbot.addWidget(tabs)
    tabs.show()
    assert tabs.tabText(0) == words
    interface = QAccessible.queryAccessibleInterface(tabs)
    child = interface.child(0)
    assert child is not None
    assert child.text(QAccessible.Text.Name) == words
