"""Unlocks the real window by keys, types a phrase into a call, and locks it with Ctrl+L. Arguments: HOME PHRASE.

In between it makes itself small, until a second start has it show itself. Locking ends this process. The passphrase
comes in HIPSS_PASSPHRASE.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from db.home import Home
from hipss_desktop.app import Program, make_application
from hipss_desktop.unlock import LeftOpen
from tests.helpers.walk import focused
from ui import theme
from ui.base import composed_keys
from ui.contacts.log_contact import LogContactPage
from ui.theme import ring

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def main() -> None:
    """Unlock, type, say so, and lock when told to on standard input."""
    application = make_application(sys.argv[:1])
    theme.apply(application, theme.theme_for(application, "night", 1.0))
    ring.install(application)
    composed_keys.install(application)
    program = Program(application, Home(Path(sys.argv[1])), LeftOpen())
    program.claim()
    program.start()

    def until(true: Callable[[], bool]) -> None:
        while not true():
            QTest.qWait(20)

    until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    QTest.keyClicks(focused(program.window), os.environ["HIPSS_PASSPHRASE"])
    QTest.keyClick(focused(program.window), Qt.Key.Key_Return)
    until(lambda: type(program.window).__name__ == "MainWindow")
    QTest.keyClick(focused(program.window), Qt.Key.Key_N, CTRL)
    QTest.qWait(300)
    QTest.keyClick(focused(program.window), Qt.Key.Key_3, ALT)
    QTest.keyClicks(focused(program.window), sys.argv[2])
    pages = [
        log_contact_page
        for log_contact_page in application.allWidgets()
        if isinstance(log_contact_page, LogContactPage)
    ]
    until(lambda: pages[0].saved_text().startswith("Saved"))
    QTest.qWait(1200)
    os.write(1, b"typed\n")
    sys.stdin.readline()
    assert program.window is not None
    program.window.showMinimized()
    os.write(1, b"minimised\n")
    until(lambda: program.window is not None and not program.window.isMinimized())
    os.write(1, b"came forward\n")
    sys.stdin.readline()
    QTest.keyClick(focused(program.window), Qt.Key.Key_L, CTRL)
    QTest.qWait(20_000)


if __name__ == "__main__":
    main()
