"""``python3 dev.py demo``: plays a story in real windows, on the display or, if there is none, on a virtual screen."""

import argparse
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from db.home import Home
from hipss_desktop import times
from hipss_desktop.demonstration.player import ASKS, KILL, NETWORK_UP
from hipss_desktop.demonstration.programs import PASSPHRASE, ROOT, DemoPrograms, Person, say
from hipss_desktop.demonstration.screen import has_display, virtual_screen
from hipss_desktop.demonstration.stories import STORIES
from hipss_desktop.demonstration.story import Sitting, Story
from hipss_desktop.demonstration.window import OPEN
from hipss_desktop.errors import Unavailable

OUTPUT = ROOT / "demo-output"
PACE = 8
"""Milliseconds between two keys, so that somebody can follow them."""


def play(story: Story, programs: DemoPrograms, output: Path, screen: Mapping[str, str], *, pace: int = PACE) -> Any:
    """Play every sitting, compare the stores with the council, and return what the council’s ``doctor`` answers.

    ``screen`` has the environment variables that say on which display the windows open.
    """
    day = None
    for sitting in story.sittings:
        if times.local_day(sitting.begins) != day:
            day = times.local_day(sitting.begins)
            say(times.full_day(day))
        play_sitting(story, programs, sitting, output, screen, pace)
    return all_synced(story, programs)


def window_command(story: Story, sitting: str, home: Path, output: Path, pace: int) -> list[str]:
    """The command line of the process that plays a sitting."""
    module = "hipss_desktop.demonstration.window"
    return [sys.executable, "-m", module, story.name, sitting, str(home), str(output), str(pace)]


def play_sitting(
    story: Story, programs: DemoPrograms, sitting: Sitting, output: Path, screen: Mapping[str, str], pace: int
) -> None:
    """Play one sitting in a process of its own, and switch the network or cut the power when that process asks for it."""
    programs.set_clock(sitting.begins)
    programs.stop_serving()
    if sitting.online:
        programs.serve()
    command = window_command(story, sitting.name, programs.home(sitting.person.laptop), output, pace)
    environment = {**programs.environment, **screen}
    errors = programs.folder / "window.log"
    with (
        errors.open("w") as log,
        subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as window,
    ):
        assert window.stdin is not None
        assert window.stdout is not None
        for line in window.stdout:
            if not line.startswith(ASKS):
                say(line.rstrip("\n"))
                continue
            words, _, ahead = line.removeprefix(ASKS).strip().rpartition(" ")
            if words == KILL:
                window.send_signal(signal.SIGKILL)
                return
            programs.ahead = float(ahead)
            programs.stop_serving()
            if words == NETWORK_UP:
                programs.serve()
            window.stdin.write("done\n")
            window.stdin.flush()
    if window.returncode:
        # a signal that ended the process is its number below zero
        reason = errors.read_text(errors="replace").strip() or "It wrote no error."
        raise SystemExit(f"The sitting ‘{sitting.name}’ ended early, with exit code {window.returncode}. {reason}")


def all_synced(story: Story, programs: DemoPrograms) -> Any:
    """Sync every store that is not up to date, run each ``doctor``, and return what the council’s answers.

    Raises:
        SystemExit: the last links of a store differ from the council’s.
    """
    programs.serve()
    last: Person = story.sittings[-1].person
    for person in story.people:
        if person is not last:  # the last person to sit at a laptop has already sent and received everything
            programs.hipss(person, "sync")
    council = programs.at_council("doctor")
    say(f"At the council: {_counted(council)}")
    for person in story.people:
        store = programs.hipss(person, "doctor")
        same = store["seats"] == council["seats"]
        say(f"{person.name} on {person.laptop}: {_counted(store)}, {'the same' if same else 'NOT the same'} last links")
        if not same:
            raise SystemExit("The stores do not hold the same.")
    return council


def _counted(doctor: Any) -> str:
    """A line with the number of signed revisions in a store, of their chains, and of the doctor’s findings."""
    chains = doctor["seats"].values()
    return f"{sum(number for number, _ in chains)} records in {len(chains)} series, {len(doctor['findings'])} findings"


def open_window(story: Story, programs: DemoPrograms) -> int:
    """Open the window of the story’s opening, signed in, wait until the user closes it, and return its exit code.

    The user brings the network back by pressing Enter in the terminal.
    """
    say(f"The window opens signed in. After locking, the passphrase is: {PASSPHRASE}")
    say("Press Enter here to bring the network back.")
    threading.Thread(target=_network_comes_back, args=(programs,), daemon=True).start()
    home = programs.home(story.opening.person.laptop)
    command = window_command(story, OPEN, home, OUTPUT, 0)
    ended = subprocess.run(command, env=programs.environment, stdin=subprocess.DEVNULL, check=False).returncode
    _until_closed(Home(home))
    return ended


def _until_closed(home: Home) -> None:
    """Wait until no process has a window open for a home: each lock or unlock replaces the process by a new one."""
    while True:
        try:
            home.hold_window().release()
        except Unavailable:
            time.sleep(0.2)
        else:
            return


def _network_comes_back(programs: DemoPrograms) -> None:
    """Start the council's server again once Enter is pressed in the terminal."""
    if sys.stdin is not None and sys.stdin.readline():
        programs.serve()
        say("The network is back.")


def main() -> int:
    """Play the chosen story, or open its window; return the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py demo", description="Play a story in the windows of several laptops.")
    parser.add_argument("--story", choices=STORIES, default=next(iter(STORIES)), help="which one; the night by default")
    parser.add_argument("--open", action="store_true", help="open one window, at the story’s hour, and leave it to you")
    parser.add_argument("--pictures", type=Path, default=OUTPUT, help="the folder for the pictures of the steps")
    options = parser.parse_args()
    story = STORIES[options.story]
    with tempfile.TemporaryDirectory(prefix="hipss-demo-") as folder:
        programs = DemoPrograms(Path(folder), story.opening.begins if options.open else story.begins)
        say("HIPSS Desktop, demonstration with invented people")
        try:
            if options.open:
                story.opening.prepare(programs)
                return open_window(story, programs)
            story.prepare(programs)
            pictures = options.pictures.resolve()
            for old in pictures.glob("[0-9][0-9]-*.png"):
                old.unlink()
            if has_display():
                play(story, programs, pictures, {})
            else:
                with virtual_screen() as display:
                    play(story, programs, pictures, {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"})
            say(f"A picture of each step is in {pictures.name}/")
            return 0
        finally:
            programs.stop_serving()


if __name__ == "__main__":
    sys.exit(main())
