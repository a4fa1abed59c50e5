"""Show the window of the laptop in the pictures, in a separate process that a screen reader can read from outside.

``python -m tests.helpers.window_to_hear FOLDER`` prints ``ready`` once the window is open, and ends when its input ends.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from hipss_desktop.app import make_application
from tests.helpers.demo_laptop import DemoLaptop, shown
from tests.helpers.screens import DESIGN
from ui.base import composed_keys
from ui.theme import ring


def main() -> None:
    """Show the window until standard input ends."""
    application = make_application([])
    assert isinstance(application, QApplication)
    ring.install(application)
    composed_keys.install(application)
    demo = DemoLaptop(Path(sys.argv[1]))
    shown(demo, demo.window(), DESIGN)
    ended = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    ended.activated.connect(application.quit)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    application.exec()
    demo.close()


if __name__ == "__main__":
    main()
