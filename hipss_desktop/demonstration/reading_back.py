"""From 11:42 to 12:10 at the kitchen table: reading the visit back on the turned screen, Jo's answers, the signatures."""

from hipss_desktop.demonstration.player import Player, march
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.base.window_place import DESIGN
from ui.shell.window import MainWindow
from ui.supervision.turned_window import TurnedWindow
from ui.supervision.visit_record_page import VisitRecordPage

NOT_RIGHT = "Martin was up too, until half past twelve."
IN_OWN_WORDS = "I send him to bed so that the kitchen stays calm. He is not kept out."


def read_back(player: Player) -> None:
    """Finish the visit, turn the screen, enter Jo's answers, have the visit signed, and unlock with the passphrase."""
    player.at(march(16, 11, 42))
    player.keys("Alt+G", "Return")
    player.until(lambda: isinstance(player.window, TurnedWindow), "the turned screen")
    player.window.resize(*DESIGN)  # an offscreen display may be smaller than the pictures
    player.rest()
    player.say("finishes the visit by ‘Read back and sign’ and turns the screen: nothing else is there now.")
    _jo_answers(player)
    _everybody_signs(player)
    player.press("Worker: unlock to go on")
    player.write(PASSPHRASE)
    player.keys("Return")
    player.until(lambda: isinstance(player.window, MainWindow), "the window behind the passphrase")
    player.window.resize(*DESIGN)
    player.until_page(VisitRecordPage)
    player.until(lambda: player.shows("Name typed. Captured by"), "the signatures")
    player.picture("signed-visit")
    player.say("takes the laptop back by her passphrase. The visit is there with both signatures and what Jo said.")


def _jo_answers(player: Player) -> None:
    """Answer the four parts: one is right, one is not, one is in Jo's own words, and one is right."""
    player.keys("Space", "Ctrl+Return")
    player.keys("Right")
    player.to("What is not right")
    player.write(NOT_RIGHT)
    player.keys("Ctrl+Return")
    player.keys("Right", "Right")
    player.to("Say it your way")
    player.write(IN_OWN_WORDS)
    player.picture("turned")
    player.keys("Ctrl+Return")
    player.keys("Space", "Ctrl+Return")
    player.say("is read to by Jo’s pace: Jo agrees with two parts, not with one, and says one in her own words.")


def _everybody_signs(player: Player) -> None:
    """Sign for Jo by a typed name, note that Martin gets a copy by post, and draw D. Marsh's signature with the mouse."""
    player.at(march(16, 12, 4))
    player.press("Type a name instead: Jo")
    player.write("Jo Preece")
    player.press("Sign: Jo")
    player.press("Martin was not here")
    player.keys("Right")
    player.press("Keep this: Martin")
    player.draw("D. Marsh’s signature")
    player.picture("signing")
    player.press("Sign: D. Marsh")
    player.say("Jo has signed by her typed name, D. Marsh by hand. Martin was not here: his copy goes by post.")
