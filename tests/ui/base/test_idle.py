"""What counts as somebody being there: keys, the mouse, a finger and a pen, wherever in the program they are."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QEventPoint,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ui.base.idle import IdleLock

NOWHERE = QPointF(3, 3)
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def mouse(kind: QEvent.Type) -> QMouseEvent:
    return QMouseEvent(kind, NOWHERE, NOWHERE, LEFT, LEFT, NONE)


def wheel() -> QWheelEvent:
    turned, phase = QPoint(0, 120), Qt.ScrollPhase.NoScrollPhase
    return QWheelEvent(NOWHERE, NOWHERE, turned, turned, Qt.MouseButton.NoButton, NONE, phase, False)  # noqa: FBT003  Qt takes it by its place


def finger() -> QTouchEvent:
    point = QEventPoint(1, QEventPoint.State.Pressed, NOWHERE, NOWHERE)
    return QTouchEvent(QEvent.Type.TouchBegin, QPointingDevice.primaryPointingDevice(), NONE, [point])


def pen() -> QTabletEvent:
    device = QPointingDevice.primaryPointingDevice()
    return QTabletEvent(QEvent.Type.TabletPress, device, NOWHERE, NOWHERE, 0.5, 0, 0, 0, 0, 0, NONE, LEFT, LEFT)


SOMEBODY: dict[str, Callable[[], QEvent]] = {
    "a key": lambda: QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, NONE, "a"),
    "a button of the mouse": lambda: mouse(QEvent.Type.MouseButtonPress),
    "the mouse moved": lambda: mouse(QEvent.Type.MouseMove),
    "the wheel": wheel,
    "a finger": finger,
    "a pen": pen,
}
NOBODY: dict[str, Callable[[], QEvent]] = {
    "a key let go": lambda: QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_A, NONE, "a"),
    "a window under the mouse": lambda: QEnterEvent(NOWHERE, NOWHERE, NOWHERE),
    "a layout": lambda: QEvent(QEvent.Type.LayoutRequest),
}


@pytest.mark.parametrize("name", [*SOMEBODY, *NOBODY])
def test_the_time_without_anybody_begins_anew_with_each_sign_of_somebody(
    qapp: QApplication, qtbot: QtBot, name: str
) -> None:
    seconds = [0.0]
    idle = IdleLock(qapp, lambda: False, clock=lambda: seconds[0], wall=lambda: 0.0)
    line = QLineEdit()
    line.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
    qtbot.addWidget(line)
    reasons: list[str] = []
    idle.due.connect(reasons.append)
    try:
        seconds[0] = 299.0
        QApplication.sendEvent(line, {**SOMEBODY, **NOBODY}[name]())
        seconds[0] = 301.0
        idle.tick()
        assert reasons == ([] if name in SOMEBODY else ["idle"])
    finally:
        idle.stop()
