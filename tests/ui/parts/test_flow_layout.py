"""Widgets that are laid out like words: what may wrap stands on one line where there is room, and is never cut."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.walk import clipped_labels, settle
from ui import theme
from ui.parts import FlowLayout, column, label

HINT = "In the child’s own words: wishes and feelings"


@pytest.mark.parametrize(("width", "lines"), [(600, 1), (330, 2), (160, 3)])
def test_words_that_may_wrap_take_no_more_lines_than_they_need(
    app: QApplication, qtbot: QtBot, width: int, lines: int
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder)
    question, hint = label("What did Kai say?", "body_strong"), label(HINT, "small", "muted", wrap=True)
    for words in (question, hint):
        flow.addWidget(words)
    holder.resize(width, flow.heightForWidth(width))
    holder.show()
    settle()
    line = label("x", "small").sizeHint().height()
    assert round(hint.height() / line) == max(lines - 1, 1)
    assert (hint.y() > question.y() + question.height() // 2) is (lines > 1)
    assert clipped_labels(holder) == []


@pytest.mark.parametrize("nested", [False, True], ids=["alone", "in a column"])
def test_a_flow_is_as_high_as_what_it_holds_now(app: QApplication, qtbot: QtBot, *, nested: bool) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow, words, more = FlowLayout(), label("Toast", "body", wrap=True), label("Works at night", "body")
    flow.addWidget(words)
    flow.addWidget(more)
    holder.setLayout(column(flow) if nested else flow)
    holder.resize(160, 400)
    holder.show()
    settle()
    heights = [holder.heightForWidth(160)]
    changes: list[Callable[[], object]] = [
        lambda: words.setText(HINT),
        more.hide,
        more.show,
        lambda: theme.apply(app, theme.Theme("day", 1.5)),
    ]
    for change in changes:
        change()
        settle()
        heights.append(holder.heightForWidth(160))
    assert clipped_labels(holder) == []
    first, longer, hidden, shown, larger = heights
    assert first < hidden < longer == shown < larger
