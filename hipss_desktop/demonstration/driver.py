"""Drives the open window: sends real key events, saves pictures, and waits until the window has shown everything.

It finds widgets by the names that a screen reader says. Must not know what happens in a story.
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
"""Seconds that one step may take before the story stops."""
TURNS = 120
"""Presses of Tab after which a widget counts as missing."""
MARKS = 6
"""Presses of F9 after which a paragraph has had every mark."""
SEARCHING = 350
"""Milliseconds after the last letter until the search has begun."""


class Stuck(SystemExit):
    """The story cannot go on."""


class WindowDriver:
    """Types into the open window. ``pace`` is the milliseconds between two keys; ``output`` is the folder of the pictures."""

    def __init__(self, program: Program, output: Path, pace: int) -> None:
        self._program, self._output, self._pace = program, output, pace
        self.presses = 0

    @property
    def window(self) -> QWidget:
        """The window that is open now."""
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
        """The page that is open now."""
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
        """Type the words of a search, and wait for its results."""
        self.write(words)
        self.pause()

    def pause(self) -> None:
        """Wait as a person does who looks up, so that the page shows what it works out after a pause in typing."""
        QTest.qWait(SEARCHING)
        self.rest()

    def to(self, *names: str, back: bool = False) -> None:
        """Press Tab until a widget whose name begins with one of ``names`` has the focus; ``back`` presses Shift+Tab."""
        passed = []
        for _ in range(TURNS):
            name = self.focused()
            if name.startswith(names):
                return
            passed.append(name)
            self.keys("Shift+Tab" if back else "Tab")
        raise Stuck(f"{self.picture('stuck')}: Tab does not come to {names}: {list(dict.fromkeys(passed))}")

    def press(self, name: str) -> None:
        """Press the button whose name begins with ``name``."""
        self.to(name)
        self.keys("Space")

    def fill(self, name: str, words: str, *, back: bool = False) -> None:
        """Type into the field whose name begins with ``name``, in place of its text."""
        self.to(name, back=back)
        self.keys("Ctrl+A")
        self.write(words)

    def pick(self, name: str, typed: str) -> None:
        """Find a record in a field by some letters and choose the first one."""
        self.to(name)
        self.keys("Ctrl+A")
        self.search(typed)
        self.keys("Return")

    def choose(self, name: str, label: str, *, back: bool = False) -> None:
        """Press Down in a list until it shows this choice."""
        self.to(name, back=back)
        box = QApplication.focusWidget()
        assert isinstance(box, ComboBox)
        for _ in range(box.count() + 1):
            if box.currentText() == label:
                return
            self.keys("Down")
        raise Stuck(f"{self.picture('stuck')}: {name} has no choice {label}")

    def mark(self, words: str) -> None:
        """Press F9 until the paragraph at the caret has this mark."""
        box = QApplication.focusWidget()
        assert isinstance(box, ParagraphEdit)
        for _ in range(MARKS + 1):
            if words in box.paragraph_words(box.textCursor().block()):
                return
            self.keys("F9")
        raise Stuck(f"{self.picture('stuck')}: F9 gives no mark {words}")

    def draw(self, name: str) -> None:
        """Draw a line with the mouse on the widget whose name begins with ``name``, as a person signs there."""
        box = next(widget for widget in self.window.findChildren(QWidget) if widget.accessibleName().startswith(name))
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
        """The name of the widget with the focus, as a screen reader says it."""
        focused = QApplication.focusWidget()
        spoken = QAccessible.queryAccessibleInterface(focused) if focused is not None else None
        return spoken.text(QAccessible.Text.Name) if spoken is not None else ""

    def rest(self) -> None:
        """Wait until the window has read and shown everything."""
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
        """Wait until ``true`` returns something true. ``words`` name it if it takes too long."""
        began = time.monotonic()
        while not true():
            if time.monotonic() - began > WAIT:
                raise Stuck(f"{self.picture('stuck')}: waited too long for {words}")
            QTest.qWait(20)
        self.rest()

    def until_page(self, kind: type[Page]) -> None:
        """Wait until a page of this class is open."""
        self.until(lambda: isinstance(self.main.page, kind), f"{kind.__name__}, not {type(self.main.page).__name__}")

    def shows(self, words: str) -> bool:
        """Whether a visible label has these words."""
        return any(words in shown.text() for shown in self.window.findChildren(QLabel) if shown.isVisible())

    def picture(self, name: str) -> str:
        """Save a picture of the window, and return the name of its file."""
        QTest.qWait(60)
        self._output.mkdir(parents=True, exist_ok=True)
        file = f"{len(list(self._output.glob('*.png'))) + 1:02}-{name}.png"
        self.window.grab().save(str(self._output / file))
        return file
