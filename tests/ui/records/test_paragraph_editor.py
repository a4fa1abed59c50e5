"""A long text is written paragraph by paragraph with the keys, and every row keeps its name, its mark and what else it holds."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from hipss_desktop.records.paragraphs import Paragraph, in_order
from tests.helpers import walk
from tests.helpers.walk import settle
from ui import theme
from ui.records.paragraph_box import FINGER
from ui.records.paragraph_editor import ParagraphEdit

KEY, MOD = Qt.Key, Qt.KeyboardModifier
Row = dict[str, Any]
ROWS: list[Row] = [
    {"id": "p1", "place": "2", "mark": "fact", "text": "He came in at two.", "section": "seen"},
    {"id": "p2", "place": "4", "mark": "opinion", "text": "He was upset."},
    {"id": "p3", "place": "6", "text": "Jo washed his hand."},
]


@pytest.fixture
def box(app: QApplication, qtbot: QtBot) -> Callable[..., ParagraphEdit]:
    """Makes the box with rows and puts the focus into it, at its beginning."""

    def paragraph_edit(rows: list[Row] | None = None, **more: Any) -> ParagraphEdit:
        edit = ParagraphEdit(name="What happened", **more)
        qtbot.addWidget(edit)
        edit.resize(700, 300)
        edit.set_rows(rows or [])
        with qtbot.waitActive(edit):
            edit.show()
            edit.activateWindow()
        edit.setFocus()
        settle()
        return edit

    return paragraph_edit


def type_in(edit: ParagraphEdit, words: str) -> None:
    QTest.keyClicks(edit, words)


def press(edit: ParagraphEdit, key: Qt.Key, held: Qt.KeyboardModifier = MOD.NoModifier) -> None:
    QTest.keyClick(edit, key, held)


def go(edit: ParagraphEdit, paragraph: int, at: int = 0, *, to: tuple[int, int] | None = None) -> None:
    """Put the caret into a paragraph (counted from 0), or select from there to another place."""
    document, cursor = edit.document(), edit.textCursor()
    cursor.setPosition(document.findBlockByNumber(paragraph).position() + at)
    if to is not None:
        end = document.findBlockByNumber(to[0]).position() + to[1]
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)


def marks_and_words(rows: list[Row]) -> list[tuple[str, str]]:
    """Mark and words of each, in the order in which they would be read."""
    read = in_order([Paragraph(row["id"], row["place"], row.get("mark", ""), row["text"]) for row in rows])
    return [(row.mark, row.text) for row in read]


def test_what_goes_in_comes_out(box: Callable[..., ParagraphEdit]) -> None:
    odd: list[Row] = [
        {"id": "p1", "place": "x", "mark": "rumour", "text": "  Two\r\nlines\x00\u2029 ", "unknown": {"deep": [1]}},
        {"id": "p2", "place": 5, "mark": 7, "text": 9},
        {"id": "p3", "place": "x", "mark": "", "text": " "},
        {"id": "p4"},
    ]
    assert sorted(box(odd).rows(), key=lambda row: row["id"]) == odd
    assert box(ROWS[::-1]).rows() == ROWS


def test_enter_begins_a_paragraph_and_shift_enter_a_line(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(new={"section": "health", "child": "kai"})
    type_in(edit, "Cut palm")
    press(edit, KEY.Key_Return, MOD.ShiftModifier)
    type_in(edit, "washed")
    press(edit, KEY.Key_Enter, MOD.KeypadModifier)
    type_in(edit, "Slept well")
    rows = edit.rows()
    assert marks_and_words(rows) == [("", "Cut palm\nwashed"), ("", "Slept well")]
    assert all((row["section"], row["child"]) == ("health", "kai") for row in rows)
    assert len({row["id"] for row in rows}) == 2
    assert [row["id"] for row in edit.rows()] == [row["id"] for row in rows]  # also when asked again


def test_f9_gives_the_next_mark_and_says_it(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    go(edit, 2)
    words, connection = walk.announcements()
    for mark, aloud in (
        ("fact", "fact"),
        ("said", "said"),
        ("opinion", "opinion"),
        ("third_party", "third party"),
        ("decision", "decision"),
        ("", "no mark"),
    ):
        press(edit, KEY.Key_F9)
        assert edit.rows()[2].get("mark", "") == mark
        assert words[-1] == f"Paragraph 3, {aloud}"
    press(edit, KEY.Key_F9, MOD.ShiftModifier)
    assert edit.rows()[2]["mark"] == "decision"
    assert edit.rows()[:2] == ROWS[:2]
    del connection


def test_f9_marks_all_that_is_selected_and_one_undo_takes_it_back(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    go(edit, 1, 3, to=(2, 2))
    press(edit, KEY.Key_F9)
    assert [row["mark"] for row in edit.rows()] == ["fact", "third_party", "third_party"]
    press(edit, KEY.Key_Z, MOD.ControlModifier)
    assert edit.rows() == ROWS


def test_a_mark_that_is_not_known_stays_until_somebody_gives_another(box: Callable[..., ParagraphEdit]) -> None:
    rows: list[Row] = [{"id": "p1", "place": "5", "mark": "rumour", "text": "He may be with them."}]
    edit = box(rows)
    press(edit, KEY.Key_End)
    type_in(edit, " Or not.")
    assert edit.rows() == [{**rows[0], "text": "He may be with them. Or not."}]
    press(edit, KEY.Key_F9)
    assert edit.rows()[0]["mark"] == ""
    press(edit, KEY.Key_F9, MOD.ShiftModifier)
    assert edit.rows()[0]["mark"] == "rumour"


def test_splitting_gives_the_second_part_a_new_name_and_the_same_mark(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    go(edit, 1, len("He was"))
    press(edit, KEY.Key_Return)
    rows = edit.rows()
    assert marks_and_words(rows)[1:3] == [("opinion", "He was"), ("opinion", "upset.")]
    assert rows[1]["id"] == "p2"
    assert rows[2]["id"] not in ("p1", "p2", "p3")
    assert [rows[0], rows[3]] == [ROWS[0], ROWS[2]]
    press(edit, KEY.Key_Z, MOD.ControlModifier)
    assert edit.rows() == ROWS


def test_a_paragraph_begun_after_another_has_no_mark_and_one_begun_above_leaves_it_its_name(
    box: Callable[..., ParagraphEdit],
) -> None:
    edit = box(ROWS)
    go(edit, 0, len("He came in at two."))
    press(edit, KEY.Key_Return)
    type_in(edit, "By the back door.")
    assert marks_and_words(edit.rows())[1] == ("", "By the back door.")
    go(edit, 0)
    press(edit, KEY.Key_Return)
    assert edit.rows()[0] == ROWS[0]
    press(edit, KEY.Key_Up)
    type_in(edit, "Rang at one.")
    assert marks_and_words(edit.rows())[:2] == [("", "Rang at one."), ("fact", "He came in at two.")]
    assert edit.rows()[1] == ROWS[0]


def test_joining_keeps_the_first_name_and_mark(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    go(edit, 1)
    press(edit, KEY.Key_Backspace)
    assert edit.rows() == [{**ROWS[0], "text": "He came in at two.He was upset."}, ROWS[2]]
    press(edit, KEY.Key_Z, MOD.ControlModifier)
    assert edit.rows() == ROWS
    go(edit, 1, len("He was upset."))
    press(edit, KEY.Key_Delete)
    assert [row["id"] for row in edit.rows()] == ["p1", "p2"]
    press(edit, KEY.Key_Z, MOD.ControlModifier)
    go(edit, 0, 2, to=(2, 2))
    press(edit, KEY.Key_Delete)
    assert edit.rows() == [{**ROWS[0], "text": "He washed his hand."}]


def test_a_paragraph_that_is_emptied_is_taken_out(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    go(edit, 1, to=(1, len("He was upset.")))
    press(edit, KEY.Key_Delete)
    assert edit.rows() == [ROWS[0], ROWS[2]]


def test_what_is_cut_and_pasted_is_moved_with_its_name_and_the_others_keep_their_places(
    box: Callable[..., ParagraphEdit],
) -> None:
    edit = box(ROWS)
    go(edit, 2, to=(2, len("Jo washed his hand.")))
    press(edit, KEY.Key_X, MOD.ControlModifier)
    go(edit, 0)
    press(edit, KEY.Key_Return)
    press(edit, KEY.Key_Up)
    press(edit, KEY.Key_V, MOD.ControlModifier)
    rows = edit.rows()
    assert [row["id"] for row in rows] == ["p3", "p1", "p2"]
    assert rows[1:] == ROWS[:2]
    assert [text for _, text in marks_and_words(rows)] == ["Jo washed his hand.", "He came in at two.", "He was upset."]


def test_a_whole_line_is_moved_before_another_one(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    go(edit, 0, to=(1, 0))
    press(edit, KEY.Key_X, MOD.ControlModifier)
    assert edit.rows() == ROWS[1:]
    go(edit, 1)
    press(edit, KEY.Key_V, MOD.ControlModifier)
    rows = edit.rows()
    assert [row["id"] for row in rows] == ["p2", "p1", "p3"]
    assert sum(row not in ROWS for row in rows) == 1  # of two that changed places one moves
    assert marks_and_words(rows) == [
        ("opinion", "He was upset."),
        ("fact", "He came in at two."),
        ("", "Jo washed his hand."),
    ]


def test_a_copy_is_another_paragraph_with_the_same_mark(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    go(edit, 0, to=(1, len("He was upset.")))
    press(edit, KEY.Key_C, MOD.ControlModifier)
    assert QGuiApplication.clipboard().text() == "He came in at two.\nHe was upset."
    go(edit, 2, len("Jo washed his hand."))
    press(edit, KEY.Key_Return)
    press(edit, KEY.Key_V, MOD.ControlModifier)
    assert marks_and_words(edit.rows())[3:] == [("fact", "He came in at two."), ("opinion", "He was upset.")]
    assert len({row["id"] for row in edit.rows()}) == 5


def test_lines_of_another_program_are_paragraphs_without_a_mark(box: Callable[..., ParagraphEdit]) -> None:
    edit = box()
    QGuiApplication.clipboard().setText("First line\r\n\r\n  Second line\n")
    press(edit, KEY.Key_V, MOD.ControlModifier)
    assert marks_and_words(edit.rows()) == [("", "First line"), ("", "Second line")]


def test_ctrl_enter_and_tab_are_left_to_the_page(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    press(edit, KEY.Key_Return, MOD.ControlModifier)
    press(edit, KEY.Key_Tab)
    assert edit.rows() == ROWS


def test_nothing_is_changed_where_it_may_only_be_read(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    edit.setReadOnly(True)
    for key in (KEY.Key_F9, KEY.Key_Return, KEY.Key_X):
        press(edit, key)
    assert edit.rows() == ROWS


def test_the_marks_have_their_column_only_once_there_is_one(box: Callable[..., ParagraphEdit]) -> None:
    edit = box([{"id": "p1", "place": "5", "text": "He came in."}])
    assert not edit.margin.isVisible()
    assert edit.offers_hint()
    press(edit, KEY.Key_F9)
    assert edit.margin.isVisible()
    assert not edit.offers_hint()
    press(edit, KEY.Key_F9, MOD.ShiftModifier)
    assert not edit.margin.isVisible()


def test_a_mark_is_chosen_from_its_menu(box: Callable[..., ParagraphEdit]) -> None:
    edit = box(ROWS)
    second = edit.block_place(edit.document().findBlockByNumber(1)).center().toPoint()
    QTest.mouseClick(edit.margin, Qt.MouseButton.LeftButton, pos=QPoint(8, second.y()))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == [
        "No mark",
        "Fact",
        "Said",
        "Opinion",
        "Third party",
        "Decision",
    ]
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Opinion"]
    QTest.keyClick(menu, KEY.Key_Up)
    QTest.keyClick(menu, KEY.Key_Up)
    QTest.keyClick(menu, KEY.Key_Return)
    assert [row.get("mark") for row in edit.rows()] == ["fact", "fact", None]


@pytest.mark.parametrize("scale", theme.SCALES)
def test_fingers_have_room(app: QApplication, box: Callable[..., ParagraphEdit], scale: float) -> None:
    theme.apply(app, theme.Theme("day", scale))
    try:
        edit = box([{"id": "p1", "place": "5", "text": "He came in."}], touch=True)
        press(edit, KEY.Key_End)
        press(edit, KEY.Key_Return)
        type_in(edit, "He slept.")
        settle()
        blocks = [edit.document().findBlockByNumber(number) for number in (0, 1)]
        assert all(edit.block_place(block).height() >= FINGER for block in blocks)
        assert edit.margin.width() >= FINGER
        QTest.mouseClick(edit.margin, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert all(menu.actionGeometry(action).height() >= FINGER for action in menu.actions())
        menu.close()
    finally:
        theme.apply(app, theme.Theme("day", 1.0))


def test_it_grows_with_what_is_written(box: Callable[..., ParagraphEdit]) -> None:
    edit = box()
    before = edit.sizeHint().height()
    for _ in range(6):
        type_in(edit, "words")
        press(edit, KEY.Key_Return)
    assert edit.sizeHint().height() > before + 60


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["Return", "Backspace", "Delete", "F9", "undo", "redo", "cut", "paste", "copy", "type", "select", "go"]
        ),
        st.integers(0, 40),
        st.integers(0, 12),
    ),
    max_size=25,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_typed_the_rows_have_names_of_their_own_and_read_as_they_stand(
    box: Callable[..., ParagraphEdit], steps: list[tuple[str, int, int]]
) -> None:
    edit = box(ROWS)
    keys = {"Return": KEY.Key_Return, "Backspace": KEY.Key_Backspace, "Delete": KEY.Key_Delete, "F9": KEY.Key_F9}
    ctrl = {"undo": KEY.Key_Z, "redo": KEY.Key_Y, "cut": KEY.Key_X, "paste": KEY.Key_V, "copy": KEY.Key_C}
    for step, at, length in steps:
        last = edit.document().characterCount() - 1
        cursor = edit.textCursor()
        if step in keys:
            press(edit, keys[step])
        elif step in ctrl:
            press(edit, ctrl[step], MOD.ControlModifier)
        elif step == "type":
            type_in(edit, "ab"[: length % 3])
        else:
            cursor.setPosition(min(at, last))
            if step == "select":
                cursor.setPosition(min(at + length, last), QTextCursor.MoveMode.KeepAnchor)
            edit.setTextCursor(cursor)
    rows = edit.rows()
    shown = [block.text() for block in edit.blocks.all() if block.text().strip()]
    assert len({row["id"] for row in rows}) == len(rows)
    assert [text.strip() for _, text in marks_and_words(rows)] == [text.strip() for text in shown]
    assert all(set(row) <= {"id", "place", "mark", "text", "section"} for row in rows)
    second_editor = ParagraphEdit()
    second_editor.set_rows(rows)
    assert second_editor.rows() == rows
