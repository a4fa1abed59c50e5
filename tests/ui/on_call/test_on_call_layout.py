"""The on-call screen at every size: what moves, what scrolls, and that nothing is cut."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.store_fixtures import SetClock
from tests.ui.on_call.on_call_screen import Key, Modifier, finished, opened, press, rest
from ui import theme
from ui.base.focus import stops
from ui.base.page import Context
from ui.on_call.on_call_page import OnCallPage
from ui.parts import CELL_ROLE, Table
from ui.parts.tables import broken_words


def test_up_and_down_move_between_rows_of_cards_when_the_window_is_narrow(
    app: QApplication, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, wide=839, high=580)
    cards = page.children_board.cards()
    cards[0].setFocus()
    press(page, Key.Key_Down)
    assert page.focusWidget() is cards[3]
    assert cards[3].visibleRegion().boundingRect() == QRect(0, 0, cards[3].width(), cards[3].height())
    press(page, Key.Key_Up)
    assert page.focusWidget() is cards[0]


def test_a_long_weekday_is_cut_short_before_the_head_takes_a_second_line(
    app: QApplication, context: Context, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = datetime(2017, 9, 27, 2, 14, tzinfo=UTC)
    page = opened(qtbot, context)
    assert page.header.date.accessibleName() == "On call, Wednesday 27 September 2017"
    assert walk.clipped_labels(page) == []


def test_a_part_without_room_beside_the_others_is_below_them_and_every_row_is_seen_by_scrolling(
    app: QApplication, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, wide=839, high=580)
    assert page.contacts.y() + page.contacts.height() <= page.follow_ups.y()
    table = page.contacts.table
    assert table.height() >= table.height_for_rows(5)
    table.setFocus()
    for _ in range(4):
        press(page, Key.Key_Down)
    row = table.visualRect(table.currentIndex())
    top = table.viewport().mapTo(page, row.topLeft()).y()
    assert 0 <= top <= page.height() - row.height()


def test_two_rows_of_five_children_fit_and_the_third_scrolls(page: OnCallPage, qtbot: QtBot) -> None:
    children = [card.child for card in page.children_board.cards()]
    many = [replace(child, record=f"{child.record}-{turn}") for turn in range(2) for child in children]
    page.children_board.show_children(many)
    walk.settle()
    cards = page.children_board.cards()
    assert len({card.y() for card in cards}) == 2
    assert len({card.x() for card in cards}) == 5
    assert walk.clipped_labels(page) == []


def test_the_open_screen_follows_a_change_of_theme_and_text_size(
    app: QApplication, page: OnCallPage, qtbot: QtBot
) -> None:
    for scale in (1.5, 1.0):
        theme.apply(app, theme.Theme("day", scale))
        rest(qtbot, page)
        assert walk.clipped_labels(page) == [], scale
        assert page.header.button.height() == round(44 * scale)
    assert stops(page)


def bars(page: OnCallPage) -> list[QAbstractScrollArea]:
    """What can be scrolled on the page."""
    areas = page.findChildren(QAbstractScrollArea)
    return [area for area in areas if area.isVisible() and area.verticalScrollBar().maximum() > 0]


@pytest.mark.parametrize(("wide", "high", "scale"), [(1182, 640, 1.0), (747, 555, 1.5)])
def test_with_a_draft_the_page_scrolls_as_one_and_every_row_is_whole(
    app: QApplication, context: Context, services: Services, qtbot: QtBot, wide: int, high: int, scale: float
) -> None:
    theme.apply(app, theme.Theme("day", scale))
    services.records.save(services.calls.begin())
    page = opened(qtbot, context, wide=wide, high=high)
    assert len(bars(page)) == 1
    assert not isinstance(bars(page)[0], Table)
    for panel in (page.contacts, page.follow_ups):
        table = panel.table
        last = table.model().rowCount() - 1
        assert table.rowViewportPosition(last) + table.rowHeight(last) <= table.viewport().height()
        table.setFocus()
        press(page, Key.Key_End, Modifier.ControlModifier)
        row = table.visualRect(table.currentIndex())
        top = table.viewport().mapTo(page, row.topLeft()).y()
        assert 0 <= top <= page.height() - row.height()


def turned(widget: QWidget) -> bool:
    """Turn the wheel by one step over a widget; whether the widget had a use for it."""
    middle, no_step = QPointF(widget.rect().center()), QPoint()
    where = widget.mapToGlobal(middle)
    none, phase, inverted = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase, False
    event = QWheelEvent(middle, where, no_step, QPoint(0, -120), none, Modifier.NoModifier, phase, inverted)
    return QApplication.sendEvent(widget, event) and event.isAccepted()


def test_the_wheel_over_a_table_scrolls_the_page(app: QApplication, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, wide=1182, high=560)
    area = bars(page)[0]
    under: QWidget | None = page.contacts.table.viewport()
    while under is not None and not turned(under):  # Qt hands the turn on to what holds a widget that has no use for it
        under = under.parentWidget()
    assert area.verticalScrollBar().value() > 0


@pytest.mark.parametrize("wide", [1182, 1000, 839])
def test_names_and_follow_ups_take_two_lines_before_they_are_cut(
    app: QApplication, context: Context, services: Services, qtbot: QtBot, wide: int
) -> None:
    finished(services, datetime(2017, 3, 14, 2, 14, tzinfo=UTC), caller_name="Sgt Hollowbrook")
    page = opened(qtbot, context, wide=wide)
    for panel, columns in ((page.contacts, (1, 2)), (page.follow_ups, (1,))):
        table = panel.table
        for row in range(table.model().rowCount()):
            for column in columns:
                cell = table.model().index(row, column).data(CELL_ROLE)
                font = theme.current().font("body_strong" if cell.strong else "body")
                broken, _ = broken_words(cell, font, font, table.columnWidth(column) - 16)
                assert not any(line.endswith("…") for line in broken), broken
