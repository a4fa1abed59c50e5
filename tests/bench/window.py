"""A program of one window that says when it was painted, for ``start``: the real one, or an empty one beside it.

``python -m tests.bench.window unlock HOME`` runs the window's own ``main`` up to the first paint of its first window;
``empty`` shows a QMainWindow with nothing in it; ``after_unlock HOME VAULT`` reads a key in hexadecimal, then opens the store and
the window over it, presses Ctrl+N, and prints what took how long; ``raw FILE`` reads one row with the driver and shows an
empty window. Only what each needs is imported.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class Watch(QObject):
    """Calls ``painted`` once, when the first paint of a window is done and on its way to the screen."""

    def __init__(self, window: QWidget, painted: Callable[[], None]) -> None:
        super().__init__()
        self._painted = painted
        self._seen = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything through."""
        if not self._seen and event.type() == QEvent.Type.Paint:
            self._seen = True
            QTimer.singleShot(0, self._painted)
        return False


def end() -> None:
    """Say that it is painted, and end at once."""
    sys.stdout.write("painted\n")
    sys.stdout.flush()
    os._exit(0)


def empty() -> None:
    """An empty window."""
    application = QApplication([])
    window = QMainWindow()
    window.resize(1366, 768)
    watch = Watch(window, end)
    window.show()
    application.exec()
    del watch


def unlock(home: str) -> None:
    """The program's own first window."""
    from hipss_desktop import app

    show, watches = app.Program._show, list[Watch]()

    def watched(self: app.Program, window: QWidget) -> None:
        watches.append(Watch(window, end))
        show(self, window)

    app.Program._show = watched  # type: ignore[method-assign]  # main() makes its own Program
    app.main(["--home", home])


def until(reached: Callable[[], bool], seconds: float = 20.0) -> float:
    """Run the window until something is so; the moment it was."""
    application = QApplication.instance()
    assert application is not None
    limit = time.perf_counter() + seconds
    while not reached():
        application.processEvents()
        if time.perf_counter() > limit:
            raise SystemExit("The window did not come so far.")
    return time.perf_counter()


def after_unlock(home_path: str, vault: str) -> None:
    """From a key to the first field of a new contact."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from db.home import Home
    from hipss_desktop import app
    from hipss_desktop.laptop import OpenStore
    from hipss_desktop.unlock import LaptopUnlocker, LeftOpen
    from tests.bench.night import clock
    from ui import theme
    from ui.theme import ring

    application = app.make_application([])
    home = Home(Path(home_path))
    theme.apply(application, theme.theme_for(application, home.laptop().theme, 1.0))
    ring.install(application)
    program = app.Program(application, home, LeftOpen())
    program._clock = clock
    program.start()
    LaptopUnlocker(home, clock, LeftOpen()).warm()
    until(lambda: program.window is not None and program.window.isVisible())
    key = bytes.fromhex(sys.stdin.readline())
    began = time.perf_counter()
    opened = OpenStore(home, vault, home.hold(vault), key, clock)
    store = time.perf_counter()
    program.enter(opened)
    from ui.on_call.on_call_page import OnCallPage
    from ui.shell.window import MainWindow

    window = program.window
    assert isinstance(window, MainWindow)
    painted = list[float]()
    watch = Watch(window, lambda: painted.append(time.perf_counter()))
    until(lambda: bool(painted))
    page = window.page
    assert isinstance(page, OnCallPage)
    until(lambda: bool(page.children_board.cards()))
    application.processEvents()
    board = time.perf_counter()
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    def in_first_field() -> bool:
        now = window.page
        return window.location.route == "log_contact" and now is not None and now.isAncestorOf(window.focusWidget())

    focused = until(in_first_field)
    application.processEvents()
    typed = window.focusWidget()
    QTest.keyClicks(typed, "Jo")
    answered = time.perf_counter()
    stages = {"store": store, "painted": painted[0], "board": board, "focused": focused, "typed": answered}
    stage_times = {name: (at - began) * 1000 for name, at in stages.items()}
    del watch
    program.close()
    sys.stdout.write(json.dumps({**stage_times, "text": typed.property("text")}) + "\n")
    sys.stdout.flush()
    os._exit(0)


def raw(file: str) -> None:
    """One row by the driver, and an empty window."""
    import sqlcipher3.dbapi2 as driver

    application = QApplication([])
    key = sys.stdin.readline().strip()
    began = time.perf_counter()
    connection = driver.connect(file)
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    connection.execute("SELECT fields FROM current ORDER BY id DESC LIMIT 1").fetchone()
    window = QMainWindow()
    window.resize(1366, 768)
    painted = list[float]()
    watch = Watch(window, lambda: painted.append(time.perf_counter()))
    window.show()
    until(lambda: bool(painted))
    connection.close()
    sys.stdout.write(json.dumps({"painted": (painted[0] - began) * 1000}) + "\n")
    sys.stdout.flush()
    del watch, application
    os._exit(0)


if __name__ == "__main__":
    programs: dict[str, Callable[..., None]] = {
        "empty": empty,
        "unlock": unlock,
        "after_unlock": after_unlock,
        "raw": raw,
    }
    programs[sys.argv[1]](*sys.argv[2:])
