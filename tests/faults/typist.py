"""Type into the real window like a practitioner, a key every 20 ms, in a separate process that a test kills.

It prints one JSON line for each pressed key and for each digest shown as "Saved", so that the test knows what must still be
there. Arguments: HOME SEED. The passphrase is in the variable HIPSS_PASSPHRASE.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from db.home import Home
from hipss_desktop import times
from hipss_desktop.app import Program, make_application
from hipss_desktop.laptop import open_store
from hipss_desktop.unlock import LeftOpen
from tests.helpers.walk import focused
from ui import theme
from ui.base import composed_keys
from ui.contacts.log_contact import LogContactPage
from ui.theme import ring

WORDS = (
    *("Kai", "came", "in", "by", "the", "back", "door", "shouting", "and", "would", "not", "say", "where", "he"),
    *("had", "been", "since", "tea", "time", "tonight"),
)
EVERY_KEY_MS = 20
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def say(**event: object) -> None:
    """Print one JSON line for the test; it is written at once, because the process is killed without warning."""
    os.write(1, json.dumps({"at": time.monotonic(), **event}).encode() + b"\n")


def main() -> None:
    """Type whole contacts until killed, one after the other, each with other words."""
    home, seed = Home(Path(sys.argv[1])), int(sys.argv[2])
    rng = random.Random(seed)
    application = make_application(sys.argv[:1])
    theme.apply(application, theme.theme_for(application, "night", 1.0))
    ring.install(application)
    composed_keys.install(application)
    program = Program(application, home, LeftOpen())
    opened = open_store(home, home.people()[0].vault_id, os.environ["HIPSS_PASSPHRASE"], times.program_clock(home.path))
    program.enter(opened)
    told_digests: set[object] = set()

    def watch() -> None:
        for page in application.allWidgets():
            if isinstance(page, LogContactPage) and page.isVisible():
                digest = page.property("saved_digest")
                if page.saved_text().startswith("Saved") and digest and digest not in told_digests:
                    told_digests.add(digest)
                    say(saved=digest, words=page.saved_text())

    timer = QTimer()
    timer.timeout.connect(watch)
    timer.start(5)

    def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(focused(program.window), key, held, EVERY_KEY_MS)

    def write(words: str, *, reports_keys: bool = True) -> None:
        for letter in words:
            QTest.keyClicks(focused(program.window), letter, delay=EVERY_KEY_MS)
            if reports_keys:
                say(key=letter)

    QTest.qWait(300)
    say(ready=True)
    while True:
        press(Qt.Key.Key_N, CTRL)
        QTest.qWait(100)
        write("jo", reports_keys=False)
        QTest.qWait(200)
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_2, ALT)
        write("s", reports_keys=False)
        press(Qt.Key.Key_Space)
        press(Qt.Key.Key_3, ALT)
        write(" ".join(rng.choice(WORDS) for _ in range(rng.randint(5, 40))))
        press(Qt.Key.Key_4, ALT)
        write(" ".join(rng.choice(WORDS) for _ in range(rng.randint(3, 20))))
        press(Qt.Key.Key_5, ALT)
        press(Qt.Key.Key_Right)
        press(Qt.Key.Key_6, ALT)
        press(Qt.Key.Key_Space)
        press(Qt.Key.Key_Return, CTRL)
        say(finished=True)
        QTest.qWait(400)


if __name__ == "__main__":
    main()
