"""The process that plays one sitting: ``window STORY SITTING HOME OUTPUT PACE``. The sitting "open" leaves the window to the user.

It prints one line for each thing that happens. Must not know what happens in a story.
"""

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db.home import Home
from hipss_desktop import memory, times
from hipss_desktop.app import Program, make_application
from hipss_desktop.demonstration.player import Player
from hipss_desktop.demonstration.stories import STORIES
from hipss_desktop.unlock import LeftOpen, keep_look
from ui import theme
from ui.base import composed_keys
from ui.base.window_place import DESIGN
from ui.theme import ring

OPEN = "open"


def dress(application: QApplication, home: Home, name: theme.Name) -> None:
    """Show the program in a theme, and save the theme, so that the locked screen has it too."""
    look = theme.theme_for(application, name, 1.0)
    theme.apply(application, look)
    ring.install(application)
    composed_keys.install(application)
    keep_look(home, theme=look.name, scale=look.scale)


def main() -> int:
    """Play the sitting that the command line names, or leave its window to the user; return the exit code."""
    story, name = STORIES[sys.argv[1]], sys.argv[2]
    home, output, pace = Home(Path(sys.argv[3])), Path(sys.argv[4]), int(sys.argv[5])
    passphrase = memory.take_passphrase() or ""
    # the player cannot press keys in a dialog of the system
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    application = make_application(sys.argv[:1])
    program = Program(application, home, LeftOpen())
    if name == OPEN:
        from hipss_desktop.laptop import open_store

        dress(application, home, story.opening.theme)
        program.claim()
        vault = next(person.vault_id for person in home.people() if person.name == story.opening.person.name)
        program.enter(open_store(home, vault, passphrase, times.program_clock(home.path)))
        return application.exec()
    sitting = next(sitting for sitting in story.sittings if sitting.name == name)
    dress(application, home, sitting.theme)
    program.start()
    player = Player(program, home, sitting.person.name, output, pace, online=sitting.online)
    player.window.showNormal()
    player.window.resize(*DESIGN)  # an offscreen display may be smaller than the pictures
    player.window.activateWindow()
    sitting.play(player)
    program.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
