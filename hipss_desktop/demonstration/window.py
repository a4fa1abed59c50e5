"""One sitting of the night as a process of its own: ``window SITTING HOME OUTPUT PACE``; "open" leaves the window to the person.

It prints one line for each thing that happened. Must not know what happens.
"""

import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from db.home import Home
from hipss_desktop import times
from hipss_desktop.app import Program, make_application
from hipss_desktop.demonstration.night import NIGHT
from hipss_desktop.demonstration.player import Player
from hipss_desktop.doors import LeftOpen, keep_look
from ui import theme
from ui.base.window_place import DESIGN
from ui.theme import ring

OPEN = "open"


def dress(application: QApplication, home: Home, name: theme.Name) -> None:
    """Put the program into a theme, and keep it, so that a locked screen has the same."""
    look = theme.theme_for(application, name, 1.0)
    theme.apply(application, look)
    ring.install(application)
    keep_look(home, theme=look.name, scale=look.scale)


def main() -> int:
    """Play one sitting."""
    name, home, output, pace = sys.argv[1], Home(Path(sys.argv[2])), Path(sys.argv[3]), int(sys.argv[4])
    passphrase = os.environ["HIPSS_PASSPHRASE"]
    application = make_application(sys.argv[:1])
    program = Program(application, home, LeftOpen())
    if name == OPEN:
        from hipss_desktop.laptop import open_store

        dress(application, home, "night")
        program.claim()
        program.enter(open_store(home, home.people()[0].vault_id, passphrase, times.program_clock()))
        return application.exec()
    sitting = next(sitting for sitting in NIGHT if sitting.name == name)
    dress(application, home, sitting.theme)
    program.start()
    player = Player(program, home, sitting.person.name, output, pace)
    player.window.showNormal()
    player.window.resize(*DESIGN)  # a screen that nobody sees may be smaller than the pictures are to be
    player.window.activateWindow()
    sitting.play(player)
    program.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
