"""From 22:31 to 02:40: the backup manager’s step on her own laptop, a call interrupted by a power cut, and Kai’s return."""

from PySide6.QtTest import QTest

from hipss_desktop.demonstration.evening import begin_call, finish, rate, say_what, tick
from hipss_desktop.demonstration.guide import open_card, step
from hipss_desktop.demonstration.player import Player, march
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.contacts.log_contact import LogContactPage
from ui.incidents.incident_page import IncidentPage
from ui.missing.guide_page import GuidePage

HAPPENING = (
    "Kai came in by the back door at 02:05. Cut on left palm, Jo has washed it, not bleeding now. Smells of drink."
)
ADVICE_BEFORE = "Martin to leave the room. Jo to keep her voice low, offer toast, no questions to"
ADVICE_AFTER = "night. Look at the hand again at 03:00."


def backup(player: Player) -> None:
    """Receive the guide on the backup manager’s laptop; then write her own step without a network."""
    player.unlock(PASSPHRASE)
    player.until(player.all_is_sent, "the exchange")
    open_card(player, "Kai M.")
    player.until_page(GuidePage)
    player.say("unlocks her own laptop at home. The guide for Kai is there, with all that A. Bevan wrote.")
    player.network(up=False)
    player.at(march(13, 22, 38))
    step(
        player,
        "Keep looking, safely",
        {"What was done": "Martin drives by Moor Street and the bus station, goes in nowhere"},
    )
    player.until(lambda: "Offline" in player.pill(), "the network, gone")
    open_card(player, "Kai M.")
    player.until_page(GuidePage)
    player.picture("backup-manager")
    player.say(f"writes the step ‘Keep looking, safely’ with no network: ‘{player.pill()}’.")


def call_that_is_cut(player: Player) -> None:
    """Log Jo’s call that Kai is back, until the power is cut half way through the advice."""
    player.unlock(PASSPHRASE)
    begin_call(player, "jo")
    tick(player, "Alt+2", "m", "d", "i")
    player.to("Still missing", "Back at")
    player.keys("Space", "Right")
    player.to("Back at, time")
    player.write("0205")
    say_what(player, HAPPENING, ADVICE_BEFORE)
    player.until(lambda: player.shows("Saved on this laptop"), "the words Saved on this laptop")
    QTest.qWait(1200)
    player.picture("advice-half-typed")
    player.say("has Jo Preece on the line: Kai is back. What is typed is on the disk within a second.")
    player.say("loses power half way through the advice: the program is killed.")
    player.lose_power()


def he_is_back(player: Player) -> None:
    """Find and finish the draft, enter Kai’s return, and tick the tasks of the incident that the return makes."""
    player.unlock(PASSPHRASE)
    player.until_page(LogContactPage)
    player.until(lambda: player.shows("Safety plan"), "the child’s card")
    player.picture("draft-found")
    player.say("starts again and unlocks: the call and its draft are there.")
    player.keys("Alt+4", "Ctrl+End")
    player.write(ADVICE_AFTER)
    rate(player, "Right")
    tick(player, "Alt+6", "b")
    player.at(march(14, 2, 20))
    player.fill("Backup manager, told at", "0219")
    player.fill("Backup manager, spoke to", "S. Lloyd")
    finish(player)
    player.say("finishes the call. It waits on this laptop.")
    open_card(player, "Kai M.")
    player.until_page(GuidePage)
    player.press("Enter the return")
    player.fill("Who saw the child", "Jo Preece")
    player.fill("Injuries", "Cut on left palm, washed, not bleeding")
    player.choose("How the child came back", "Came back")
    player.fill("Where the child was", "Would not say")
    player.keys("Ctrl+Return")
    player.until(lambda: player.shows("Tell those who were told"), "the return, written down")
    player.say(
        "enters the return: back at 02:05, seen by Jo Preece. The incident, its clocks and three tasks are there."
    )
    player.at(march(14, 2, 24))
    player.command("go to incidents")
    player.keys("Down", "Return")
    player.until_page(IncidentPage)
    player.picture("incident")
    player.say("opens the incident: police to be told of the return now, the interview due by 02:05 on Friday.")
    for task, spoke_to in (("EDT", "P. Shaw"), ("police", "Control room, 4417")):
        player.keys("Ctrl+7")
        player.to("Find words in actions")
        player.keys("Ctrl+A")
        player.search(task)
        player.keys("Down", "Space")
        player.write(spoke_to)
        player.keys("Return")
    player.picture("tasks-of-the-return")
    player.say(
        "ticks the tasks of the return: EDT and police are told, by name. The police’s clock has stopped by that."
    )
