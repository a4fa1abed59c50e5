"""The parts of the demonstration's story that are played in the real window, with key events. Part of the roof.

Run as a process of its own by ``hipss_desktop.demonstration``; prints one line for each thing that happened.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QRadioButton, QWidget

from db.home import Home
from hipss_desktop import times
from hipss_desktop.app import Program, make_application
from hipss_desktop.demonstration import say
from hipss_desktop.doors import LeftOpen, keep_look
from ui import theme
from ui.base.window_place import DESIGN
from ui.theme import ring

WAIT = 30_000
"""Milliseconds that any one thing may take before the story is broken off."""

BETWEEN_KEYS = 25
HAPPENING = (
    "Kai came in by the back door at 02:05. Cut on left palm, Jo has washed it, not bleeding now. Smells of drink."
)
ADVICE_FIRST = "Martin to leave the room. Jo to keep her voice low, offer toast, no questions to"
ADVICE_REST = "night. Look at the hand again at 03:00."


class Player:
    """Types into the window that shows, and takes a picture after each step."""

    def __init__(self, program: Program, output: Path, first: int) -> None:
        self._program = program
        self._output = output
        self._step = first

    @property
    def window(self) -> QWidget:
        """The window that shows now."""
        window = self._program.window
        assert window is not None
        return window

    def until(self, true: Callable[[], object], what: str) -> None:
        """Wait until something is so."""
        began = time.monotonic()
        while not true():
            if (time.monotonic() - began) * 1000 > WAIT:
                self.picture("stuck")
                raise SystemExit(f"Waited too long: {what}")
            QTest.qWait(20)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key on whatever has the focus."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held, BETWEEN_KEYS)

    def write(self, words: str) -> None:
        """Type words, key by key."""
        for letter in words:
            QTest.keyClicks(QApplication.focusWidget() or self.window, letter, delay=BETWEEN_KEYS)

    def picture(self, name: str) -> None:
        """Keep a picture of the window."""
        QTest.qWait(150)
        self._step += 1
        self._output.mkdir(exist_ok=True)
        self.window.grab().save(str(self._output / f"{self._step:02}-{name}.png"))

    def shows(self, words: str) -> bool:
        """Whether some visible label holds these words."""
        return any(words in each.text() for each in self.window.findChildren(QLabel) if each.isVisible())

    def unlock(self, passphrase: str) -> None:
        """Type the passphrase and wait for the window behind it."""
        from ui.shell.window import MainWindow

        self.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the unlock screen")
        self.write(passphrase)
        self.key(Qt.Key.Key_Return)
        self.until(lambda: isinstance(self._program.window, MainWindow), "the window behind the passphrase")
        self.until(lambda: QApplication.focusWidget() is not None, "a focus")


ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def night(player: Player, passphrase: str) -> None:
    """The laptop is opened, a carer rings, and the power goes half way through the advice."""
    player.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the unlock screen")
    player.picture("unlock")
    player.unlock(passphrase)
    player.until(lambda: player.shows("Kai M."), "the children on call")
    player.picture("on-call")
    say("02:14 A. Bevan unlocks the laptop with no network. Jo Preece rings.")
    player.key(Qt.Key.Key_N, CTRL)
    player.until(lambda: player.shows("Log a contact"), "the form")
    player.write("jo")
    QTest.qWait(300)
    player.key(Qt.Key.Key_Return)
    player.until(lambda: player.shows("Safety plan"), "the child's card")
    player.picture("caller-and-child")
    say("02:14 Ctrl+N, 'jo', Enter: the child is picked from the placement, the safety plan stands beside the form.")
    player.key(Qt.Key.Key_2, ALT)
    for letter in ("m", "d", "i"):
        player.write(letter)
        player.key(Qt.Key.Key_Space)
    while not isinstance(QApplication.focusWidget(), QRadioButton):
        player.key(Qt.Key.Key_Tab)
    player.key(Qt.Key.Key_Right)
    player.key(Qt.Key.Key_Tab)
    player.write("0205")
    player.key(Qt.Key.Key_3, ALT)
    player.write(HAPPENING)
    player.picture("what-is-happening")
    player.key(Qt.Key.Key_4, ALT)
    player.write(ADVICE_FIRST)
    player.until(lambda: player.shows("Saved on this laptop"), "the words Saved on this laptop")
    QTest.qWait(1200)
    player.picture("advice-half-typed")
    say("02:15 What is typed is on the disk within a second: 'Saved on this laptop'.")
    say("KILL")
    QTest.qWait(WAIT)


def again(player: Player, passphrase: str) -> None:
    """The draft is there; the call is finished without a network."""
    player.unlock(passphrase)
    player.until(lambda: player.shows("Log a contact"), "the draft, reopened")
    player.until(lambda: player.shows("Safety plan"), "the child's card")
    player.picture("draft-found")
    say("02:17 Started again and unlocked: the call and its draft are there.")
    player.key(Qt.Key.Key_4, ALT)
    player.key(Qt.Key.Key_End, CTRL)
    player.write(ADVICE_REST)
    player.key(Qt.Key.Key_5, ALT)
    player.key(Qt.Key.Key_Right)
    player.key(Qt.Key.Key_6, ALT)
    player.key(Qt.Key.Key_Space)
    player.picture("ready-to-finish")
    player.key(Qt.Key.Key_Return, CTRL)
    player.until(lambda: player.shows("Open follow-ups"), "the on-call screen")
    QTest.qWait(800)
    player.picture("finished-waiting")
    say("02:18 Ctrl+Enter: finished, signed and saved on this laptop. It waits for the network.")


def morning(player: Player, passphrase: str) -> None:
    """The network is back and everything is sent by itself."""
    player.unlock(passphrase)
    player.until(lambda: "All sent" in _pill(player), "everything sent")
    player.picture("all-sent")
    say(f"07:58 Sent by itself: '{_pill(player)}'.")
    player.key(Qt.Key.Key_J, CTRL)
    player.until(lambda: player.shows("Sync centre"), "the sync centre")
    QTest.qWait(600)
    player.picture("sync-centre")
    say("07:58 The sync centre shows each record with the time of the council's receipt.")


def dress(application: QApplication, home: Home, part: str) -> None:
    """Put the program into the theme of a part, and keep it, so that a locked screen has the same."""
    look = theme.theme_for(application, "day" if part == "morning" else "night", 1.0)
    theme.apply(application, look)
    ring.install(application)
    keep_look(home, theme=look.name, scale=look.scale)


def _pill(player: Player) -> str:
    from ui.parts import SyncPill

    pills = player.window.findChildren(SyncPill)
    return pills[0].text() if pills else ""


def main() -> int:
    """Play one part: ``story PART HOME OUTPUT``; PART "open" shows the window signed in and leaves it to the person."""
    part, home, output = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    passphrase = os.environ["HIPSS_PASSPHRASE"]
    application = make_application(sys.argv[:1])
    dress(application, Home(home), part)
    program = Program(application, Home(home), LeftOpen())
    if part == "open":
        from hipss_desktop.laptop import open_store

        program.claim()
        program.enter(open_store(Home(home), Home(home).people()[0].vault_id, passphrase, times.program_clock()))
        return application.exec()
    program.start()
    parts = {"night": (night, 0), "again": (again, 5), "morning": (morning, 8)}
    play, first = parts[part]
    player = Player(program, output, first)
    player.window.showNormal()
    player.window.resize(*DESIGN)  # a screen that nobody sees may be smaller than the pictures are to be
    player.window.activateWindow()
    play(player, passphrase)
    program.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
