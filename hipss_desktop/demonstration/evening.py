"""From 16:30 to 22:20 at A. Bevan's laptop: the night pack check, three calls, a restraint, and the guide for Kai.

``tests/whole/test_night.py`` says what each step leaves in the stores.
"""

from hipss_desktop.demonstration.guide import guide_for_kai
from hipss_desktop.demonstration.player import Player, march
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.contacts.log_contact import LogContactPage
from ui.incidents.restraint_page import RestraintPage
from ui.on_call.night_check_page import NightCheckPage
from ui.on_call.on_call_page import OnCallPage
from ui.records.form_page import RecordFormPage

AGREED = {
    "plan": "Day team writes it on Tuesday. Pauline knows whom to ring",
    "pack": "Pauline has told us what she looks like, pack on Tuesday",
    "unlock": "I unlock without the network before the first call",
    "paper": "J. Tanner prints it by 17:00",
}
"""What was agreed about a line of the check, by the item that the line checks."""
ELSE_AGREED = "S. Lloyd knows of it"


def check_the_pack(player: Player) -> None:
    """Do the night pack check at 16:30, after an exchange with the council, and write what was agreed for each open line."""
    player.unlock(PASSPHRASE)
    player.until(player.all_is_sent, "the first exchange")
    player.command("go to night pack check")
    player.until_page(NightCheckPage)
    player.picture("night-pack-check")
    page = player.page
    assert isinstance(page, NightCheckPage)
    assert page.view is not None
    player.say(f"opens the night pack check. {page.view.words} First: {page.rows[0].line.title}.")
    player.keys("Ctrl+Return")
    for line in [row.line for row in page.rows]:
        player.write(AGREED.get(line.item, ELSE_AGREED))
        player.keys("Ctrl+Return")
    player.until(lambda: player.page is not page, "the check, kept")
    player.say("finishes it: what was agreed stands beside each line that is left, and the shift begins.")
    player.send()
    player.say(f"‘{player.pill()}’.")


def evening(player: Player) -> None:
    """Start the laptop without the network, log three calls, write up a restraint, and begin the guide for a missing child."""
    player.picture("unlock-offline")
    player.unlock(PASSPHRASE)
    player.keys("Ctrl+1")
    player.until_page(OnCallPage)
    player.say("starts the laptop cold, with no network, and unlocks it. Carol Yeo rings: she has held Tyler.")
    _carol_rings(player)
    _restraint(player)
    _sunita_rings(player)
    _jo_rings(player)
    guide_for_kai(player)
    player.at(march(13, 22, 20))
    player.network(up=True)
    player.send()
    player.say(f"is on the network for a moment: ‘{player.pill()}’.")
    player.picture("all-sent")
    player.network(up=False)


def begin_call(player: Player, caller: str) -> None:
    """Press Ctrl+N and choose the caller by a few letters; this fills in the child."""
    player.keys("Ctrl+N")
    player.until_page(LogContactPage)
    player.search(caller)
    player.keys("Return")


def tick(player: Player, question: str, *letters: str) -> None:
    """Go to a question and tick the choices that begin with these letters."""
    player.keys(question)
    for letter in letters:
        player.write(letter)
        player.keys("Space")


def say_what(player: Player, happening: str, advice: str) -> None:
    """Write what is happening, and what was advised."""
    player.keys("Alt+3")
    player.write(happening)
    player.keys("Alt+4")
    player.write(advice)


LOW, MEDIUM, HIGH = ("Space",), ("Right",), ("Right", "Right")


def rate(player: Player, *risk: str) -> None:
    """Choose how high the risk is now, by the keys of ``risk``."""
    player.keys("Alt+5", *risk)


def finish(player: Player, *answer: str) -> None:
    """Finish the call and wait for the on-call screen. ``answer`` are the keys that answer the questions asked before that."""
    player.keys("Ctrl+Return", *answer)
    player.until_page(OnCallPage)


def _carol_rings(player: Player) -> None:
    begin_call(player, "carol")
    tick(player, "Alt+2", "v", "c")
    say_what(
        player,
        HELD,
        "Leave him with Biscuit. One drink by the door. Look at his arm, ask him nothing yet.",
    )
    rate(player, *MEDIUM)
    tick(player, "Alt+6", "b")
    player.fill("Backup manager, told at", "1900")
    player.fill("Backup manager, spoke to", "S. Lloyd")
    player.at(march(13, 19, 2))
    finish(player)
    player.say("has the call. It waits on this laptop; S. Lloyd knows.")


def _restraint(player: Player) -> None:
    """Write up what Carol tells on the telephone; then add the mark, and what Tyler said to R. Penn."""
    player.at(march(13, 19, 44))
    player.command("new restraint")
    player.until_page(RecordFormPage)
    player.pick("Child", "tyler")
    player.pick("Carer household", "carol")
    player.fill("Who held the child", "Carol Yeo")
    for moment in ("Hold began", "Hold ended"):
        player.fill(f"{moment}, time", "1840")
    player.fill("How long", "About 20 seconds")
    player.fill("Where", "His bedroom")
    player.fill("What led to it", "Wifi went off at 18:30. He shouted, then climbed on to the sill of the open window.")
    player.fill("What was tried first", "Carol asked him to come in, stepped back, offered the house phone.")
    player.fill("How the child was held", "By the right forearm, then let go")
    player.fill("Why it was needed", "To stop him falling")
    player.pick("From contact", "carol")
    player.at(march(13, 19, 50))
    player.keys("Ctrl+Return")
    player.until_page(RestraintPage)
    player.say("writes the restraint up: three clocks run from 18:40, the end of the hold.")
    player.press("Add a mark")
    player.choose("Where", "Right forearm")
    player.fill("Size", "3")
    player.fill("In words", "Red mark")
    player.choose("Where it comes from", "From the hold")
    player.fill("Seen at, time", "1850")
    player.fill("Seen by", "Carol Yeo")
    player.keys("Ctrl+Return")
    player.press("Add what the child says")
    player.choose("Own account", "Given")
    player.fill("In the child’s words", "She grabbed me cos I was half out. I weren't going to jump.")
    player.fill("Said to", "R. Penn")
    player.fill("Time, time", "1940")
    player.keys("Ctrl+Return")
    player.to("Why this time", back=True)  # scrolls to where the picture shows both clocks and marks
    player.picture("restraint")
    player.say("adds the mark on the drawing and what Tyler told R. Penn, in his own words.")


HELD = "Tyler climbed on to the sill of the open window. Carol took his arm and let go once he was inside."
KAI_IS_GONE = "Kai went to the shop at 20:15, due 20:45. Jo rang the police at 21:40. Phone off."
HAPPENING = "Ellie hid in the wardrobe at bath time. Ate no tea. Quiet now with her box, landing lights on."
ADVISED = "Leave the bath until morning. Toast by the door at eight"
"""``HAPPENING`` and this are 150 characters together, the text of the call whose key presses are counted."""


def _sunita_rings(player: Player) -> None:
    """Log a whole call with 150 characters of text and a few keys, and say how many."""
    player.at(march(13, 20, 10))
    before = player.presses
    begin_call(player, "su")
    tick(player, "Alt+2", "o")
    say_what(player, HAPPENING, ADVISED)
    rate(player, *LOW)
    tick(player, "Alt+6", "n")
    player.picture("call-in-150-characters")
    player.at(march(13, 20, 13))
    finish(player)
    words = f"{len(HAPPENING) + len(ADVISED)} characters and {player.presses - before} key presses"
    player.say(f"has logged Sunita Rao’s call about Ellie: {words}.")


def _jo_rings(player: Player) -> None:
    """Open the caller card and log the call from it: Kai is not home."""
    player.at(march(13, 21, 52))
    player.command("pree")
    player.picture("caller-card")
    player.say("Ctrl+K, ‘pree’, Enter: the card of the household while Jo Preece is on the line. Enter logs the call.")
    player.keys("Return")
    player.until_page(LogContactPage)
    tick(player, "Alt+2", "m", "e")
    player.to("Last seen, time")
    player.write("2015")
    player.to("Still missing")
    player.keys("Space")
    say_what(
        player,
        KAI_IS_GONE,
        "Keep the line free. Martin to try Moor Street from the car, not go in.",
    )
    rate(player, *HIGH)
    tick(player, "Alt+6", "n")
    player.picture("kai-is-not-home")
    player.at(march(13, 22, 2))
    finish(player, "Return")
    player.say("is asked whether nobody needs to know: the guide tells them. Jo Preece’s call says 20:15.")
