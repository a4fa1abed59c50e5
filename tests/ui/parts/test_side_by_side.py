"""Two columns that scroll as one."""

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.walk import half_hidden, settle
from ui.base.focus import focus
from ui.parts import Button, SideBySide


def buttons_in(column: QWidget) -> list[Button]:
    """Twelve buttons below each other."""
    below = QVBoxLayout(column)
    buttons = [Button(f"Press {number}") for number in range(12)]
    for button in buttons:
        below.addWidget(button)
    return buttons


@pytest.mark.parametrize(("width", "height"), [(900, 320), (500, 500)], ids=["lower", "narrower, one below the other"])
def test_what_has_the_focus_stays_in_sight_when_the_window_changes(
    qapp: QApplication, qtbot: QtBot, width: int, height: int
) -> None:
    left, right = QWidget(), QWidget()
    last = (buttons_in(left) + buttons_in(right))[-1]
    area = SideBySide(left, right, shares=(1, 1), room=800)
    qtbot.addWidget(area)
    area.resize(900, 900)
    area.show()
    focus(last)
    settle()
    assert not half_hidden(last)
    area.resize(width, height)
    settle()
    assert not half_hidden(last)
