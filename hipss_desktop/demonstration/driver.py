"""Drives the open window: real key events and pictures, and waiting until the window has come to rest.

It finds its way by the names that a screen reader says. Must not know what happens in a story.
"""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from hipss_desktop.app import Program
from ui.base.page import Page
from ui.parts import ComboBox
from ui.records.paragraph_editor import ParagraphEdit
from ui.shell.window import MainWindow
from ui.supervision.turned_window import TurnedWindow

WAIT = 180.0
"""Seconds that any one thing may take before the story is broken off."""
TURNS = 120
"""Presses of Tab after which something is said not to be there."""
MARKS = 6
"""Presses of F9 after which a paragraph has had every mark."""
SEARCHING = 350
"""Milliseconds after the last letter until a search has been asked for."""


class Stuck(SystemExit):
    """The story cannot go on."""


class WindowDriver:
    """Types into the window that shows. ``pace`` is the milliseconds between two keys; ``output`` takes the pictures."""

    def __init__(self, program: Program, output: Path, pace: int) -> None:
        self._program, self._output, self._pace = program, output, pace
        self.presses = 0

    @property
    def window(self) -> QWidget:
        """The window that shows now."""
        window = self._program.window
        assert window is not None
        return window

    @property
    def main(self) -> MainWindow:
        """The window behind the passphrase."""
        window = self.window
        assert isinstance(window, MainWindow)
        return window

    @property
    def page(self) -> Page:
        """The page that shows now."""
        page = self.main.page
        assert page is not None
        return page

    # Keys

    def keys(self, *pressed: str) -> None:
        """Press keys, named as help prints them, one after another where the focus is."""
        for name in pressed:
            self.presses += 1
            QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(name))
            QTest.qWait(self._pace)
            self.rest()

    def write(self, words: str) -> None:
        """Type words, key by key."""
        self.presses += len(words)
        for letter in words:
            QTest.keyClicks(QApplication.focusWidget() or self.window, letter, delay=self._pace)
        self.rest()

    def search(self, words: str) -> None:
        """Type what is looked for, and wait for what is found."""
        self.write(words)
        self.pause()

    def pause(self) -> None:
        """Wait as somebody does who looks up: what a page works out once nothing was pressed for a while is there then."""
        QTest.qWait(SEARCHING)
        self.rest()

    def to(self, *names: str, back: bool = False) -> None:
        """Press Tab until something whose name begins so has the focus; ``back`` presses Shift+Tab."""
        passed = []
        for _ in range(TURNS):
            name = self.focused()
            if name.startswith(names):
                return
            passed.append(name)
            self.keys("Shift+Tab" if back else "Tab")
        raise Stuck(f"{self.picture('stuck')}: Tab does not come to {names}: {list(dict.fromkeys(passed))}")

    def press(self, name: str) -> None:
        """Press the button whose name begins so."""
        self.to(name)
        self.keys("Space")

    def fill(self, name: str, words: str, *, back: bool = False) -> None:
        """Type into the field whose name begins so, in place of what stands there."""
        self.to(name, back=back)
        self.keys("Ctrl+A")
        self.write(words)

    def pick(self, name: str, typed: str) -> None:
        """Find a record in a field by some letters and take the first."""
        self.to(name)
        self.keys("Ctrl+A")
        self.search(typed)
        self.keys("Return")

    def choose(self, name: str, label: str, *, back: bool = False) -> None:
        """Press Down in a list until it shows a choice."""
        self.to(name, back=back)
        box = QApplication.focusWidget()
        assert isinstance(box, ComboBox)
        for _ in range(box.count() + 1):
            if box.currentText() == label:
                return
            self.keys("Down")
        raise Stuck(f"{self.picture('stuck')}: {name} has no choice {label}")

    def mark(self, words: str) -> None:
        """Press F9 until the paragraph at the caret has a mark."""
        box = QApplication.focusWidget()
        assert isinstance(box, ParagraphEdit)
        for _ in range(MARKS + 1):
            if words in box.paragraph_words(box.textCursor().block()):
                return
            self.keys("F9")
        raise Stuck(f"{self.picture('stuck')}: F9 gives no mark {words}")

    def draw(self, name: str) -> None:
        """Draw a line with the mouse on whatever is called so, as somebody signs there."""
        box = next(one for one in self.window.findChildren(QWidget) if one.accessibleName().startswith(name))
        height, width = box.height(), box.width()
        line = [QPoint(width * step // 30, height // 2 + height * (step % 5 - 2) // 8) for step in range(3, 20)]
        QTest.mousePress(box, Qt.MouseButton.LeftButton, pos=line[0])
        for point in line[1:]:
            QTest.mouseMove(box, point, delay=max(self._pace, 5))
        QTest.mouseRelease(box, Qt.MouseButton.LeftButton, pos=line[-1])
        self.rest()

    def command(self, words: str) -> None:
        """Give a command by Ctrl+K."""
        self.keys("Ctrl+K")
        self.until(lambda: self.main.layers.top is not None, "the palette")
        self.search(words)
        self.keys("Return")

    # Waiting and looking

    @staticmethod
    def focused() -> str:
        """What has the focus, as a screen reader calls it."""
        focused = QApplication.focusWidget()
        spoken = QAccessible.queryAccessibleInterface(focused) if focused is not None else None
        return spoken.text(QAccessible.Text.Name) if spoken is not None else ""

    def rest(self) -> None:
        """Wait until the window has read and shown what it was asked for."""
        quiet, began = 0, time.monotonic()
        while quiet < 2:
            QApplication.sendPostedEvents()
            QApplication.processEvents()
            window = self._program.window
            idle = not isinstance(window, MainWindow | TurnedWindow) or window.runner.idle
            quiet = quiet + 1 if idle else 0
            if not idle:
                QTest.qWait(5)
            if time.monotonic() - began > WAIT:
                raise Stuck("The window never came to rest.")

    def until(self, true: Callable[[], object], words: str) -> None:
        """Wait until something is so."""
        began = time.monotonic()
        while not true():
            if time.monotonic() - began > WAIT:
                raise Stuck(f"{self.picture('stuck')}: waited too long for {words}")
            QTest.qWait(20)
        self.rest()

    def until_page(self, kind: type[Page]) -> None:
        """Wait for a page."""
        self.until(lambda: isinstance(self.main.page, kind), f"{kind.__name__}, not {type(self.main.page).__name__}")

    def shows(self, words: str) -> bool:
        """Whether some visible label holds these words."""
        return any(words in shown.text() for shown in self.window.findChildren(QLabel) if shown.isVisible())

    def picture(self, name: str) -> str:
        """Keep a picture of the window; the name of its file."""
        QTest.qWait(60)
        self._output.mkdir(parents=True, exist_ok=True)
        file = f"{len(list(self._output.glob('*.png'))) + 1:02}-{name}.png"
        self.window.grab().save(str(self._output / file))
        return file
