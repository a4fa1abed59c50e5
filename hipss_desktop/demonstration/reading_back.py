"""From 11:42 to 12:10 at the kitchen table: the finished visit on the turned screen, Jo's answers, and the signatures."""

from hipss_desktop.demonstration.player import Player, march
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.base.window_place import DESIGN
from ui.shell.window import MainWindow
from ui.supervision.turned_window import TurnedWindow
from ui.supervision.visit_record_page import VisitRecordPage

NOT_RIGHT = "Martin was up too, until half past twelve."
IN_OWN_WORDS = "I send him to bed so that the kitchen stays calm. He is not kept out."


def read_back(player: Player) -> None:
    """Finish the visit, turn the screen, hear Jo, have it signed, and come back by the passphrase."""
    player.at(march(16, 11, 42))
    player.keys("Alt+G", "Return")
    player.until(lambda: isinstance(player.window, TurnedWindow), "the turned screen")
    player.window.resize(*DESIGN)  # a screen that nobody sees may be smaller than the pictures are to be
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
    """One part right, one not, one in own words, one right."""
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
    """Jo types her name, Martin gets his copy by post, D. Marsh draws with the mouse."""
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
