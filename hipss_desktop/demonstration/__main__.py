"""``python3 dev.py demo``: plays the night in real windows, on the display or on a virtual screen where there is none."""

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
from hipss_desktop.demonstration.night import AFTERNOON, NIGHT, Sitting
from hipss_desktop.demonstration.player import ASKS, KILL, NETWORK_UP, march
from hipss_desktop.demonstration.programs import BACKUP, BY_DAY, ON_CALL, PASSPHRASE, PEOPLE, ROOT, A, DemoPrograms, say
from hipss_desktop.demonstration.screen import has_display, virtual_screen
from hipss_desktop.demonstration.window import OPEN
from hipss_desktop.errors import Unavailable

OUTPUT = ROOT / "demo-output"
NIGHT_CALL = march(14, 2, 14)
"""When the window opens that is left to the person."""
PACE = 8
"""Milliseconds between two keys, so that somebody can follow them."""


def play(programs: DemoPrograms, output: Path, screen: Mapping[str, str], *, pace: int = PACE) -> Any:
    """Play every sitting of the night, then say what each store and the council hold; what the council’s ``doctor`` says.

    ``screen`` says where windows show.
    """
    for sitting in NIGHT:
        play_sitting(programs, sitting, output, screen, pace)
    return all_synced(programs)


def play_sitting(programs: DemoPrograms, sitting: Sitting, output: Path, screen: Mapping[str, str], pace: int) -> None:
    """Play one sitting in a process of its own, and do to the network and the power what it asks for."""
    programs.set_clock(sitting.begins)
    programs.stop_serving()
    if sitting.online:
        programs.serve()
    home = programs.home(sitting.person.laptop)
    command = [
        sys.executable,
        "-m",
        "hipss_desktop.demonstration.window",
        sitting.name,
        str(home),
        str(output),
        str(pace),
    ]
    environment = {**programs.environment, **screen}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
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
        raise SystemExit("The window did not play its part to the end.")


def all_synced(programs: DemoPrograms) -> Any:
    """Exchange where others have written since, check each store by ``doctor``, compare its last links with the council’s."""
    programs.serve()
    for person in (BACKUP, BY_DAY):  # A. Bevan has sent and received last
        programs.hipss(person, "sync")
    council = programs.at_council("doctor")
    say(f"At the council: {_counted(council)}")
    for person in PEOPLE:
        store = programs.hipss(person, "doctor")
        same = store["seats"] == council["seats"]
        say(f"{person.name} on {person.laptop}: {_counted(store)}, {'the same' if same else 'NOT the same'} last links")
        if not same:
            raise SystemExit("The stores do not hold the same.")
    return council


def _counted(doctor: Any) -> str:
    """How many signed revisions a store holds, in how many chains."""
    chains = doctor["seats"].values()
    return (
        f"{sum(number for number, _ in chains)} revisions in {len(chains)} chains, {len(doctor['findings'])} findings"
    )


def open_window(programs: DemoPrograms) -> int:
    """Leave A. Bevan's window, signed in, to the person, who brings the network back from the terminal."""
    say(f"The window opens signed in. After locking, the passphrase is: {PASSPHRASE}")
    say("Press Enter here to bring the network back.")
    threading.Thread(target=_network_comes_back, args=(programs,), daemon=True).start()
    command = [
        sys.executable,
        "-m",
        "hipss_desktop.demonstration.window",
        OPEN,
        str(programs.home(A)),
        str(OUTPUT),
        "0",
    ]
    ended = subprocess.run(command, env=programs.environment, stdin=subprocess.DEVNULL, check=False).returncode
    _until_closed(Home(programs.home(A)))
    return ended


def _until_closed(home: Home) -> None:
    """Wait until no process shows a window over a home: each lock and unlock puts another in the last one's place."""
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
    """Show the program."""
    parser = argparse.ArgumentParser(prog="dev.py demo", description="Play a night in the windows of two laptops.")
    parser.add_argument("--open", action="store_true", help="open the window at 02:14 and leave it to you instead")
    parser.add_argument("--pictures", type=Path, default=OUTPUT, help="the folder for the pictures of the steps")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hipss-demo-") as folder:
        programs = DemoPrograms(Path(folder), NIGHT_CALL if given.open else AFTERNOON)
        say("HIPSS Desktop, demonstration with invented people")
        try:
            programs.prepare((ON_CALL,) if given.open else PEOPLE, before_the_night=not given.open)
            if given.open:
                return open_window(programs)
            pictures = given.pictures.resolve()
            for old in pictures.glob("[0-9][0-9]-*.png"):
                old.unlink()
            if has_display():
                play(programs, pictures, {})
            else:
                with virtual_screen() as display:
                    play(programs, pictures, {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"})
            say(f"A picture of each step is in {pictures.name}/")
            return 0
        finally:
            programs.stop_serving()


if __name__ == "__main__":
    sys.exit(main())
