"""Run the real program with its screen turned, in a separate process that a screen reader can read from outside.

``python -m tests.helpers.turned_to_hear HOME VAULT VISIT [open]`` prints ``ready`` once the turned screen is visible (with
``open`` the program's window), and ends when its input ends.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, QTimer

from db.home import Home
from hipss_desktop import times
from hipss_desktop.app import Program, make_application
from hipss_desktop.laptop import open_store
from hipss_desktop.unlock import LeftOpen
from tests.helpers.read_back_visit import as_worker
from tests.helpers.store_fixtures import SetClock
from tests.ui.supervision.conftest import PASSPHRASE
from ui.shell.window import MainWindow
from ui.supervision.turned_window import TurnedWindow


def main() -> None:
    """Turn the screen, and show it until standard input ends."""
    home, vault, visit, *stays = sys.argv[1:]
    application = make_application([])
    clock = SetClock(times.system_clock())
    opened = open_store(Home(Path(home)), vault, PASSPHRASE, clock)
    as_worker(opened.services, clock)
    program = Program(application, opened.home, LeftOpen(), end=lambda _: application.quit())
    program.enter(opened)
    window = program.window
    assert isinstance(window, MainWindow)
    window.go("carers")
    if not stays:
        QTimer.singleShot(500, window, lambda: window.go("turn", record=visit))

    def look() -> None:
        if isinstance(program.window, MainWindow if stays else TurnedWindow):
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            looking.stop()

    looking = QTimer()
    looking.timeout.connect(look)
    looking.start(200)
    ended = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    ended.activated.connect(application.quit)
    application.exec()


if __name__ == "__main__":
    main()
