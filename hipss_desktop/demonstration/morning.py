"""From 06:48 to 09:20: a second missing child, the handover, the day team that accepts it, and the end of the shift."""

from hipss_desktop.demonstration.evening import begin_call, finish, rate, say_what, tick
from hipss_desktop.demonstration.guide import begin, open_card, step
from hipss_desktop.demonstration.player import Player, march
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.documents.preview_page import PreviewPage
from ui.handover.draft_page import HandOverPage
from ui.handover.handover_page import HandoverPage
from ui.incidents.incident_page import IncidentPage
from ui.incidents.restraint_page import RestraintPage
from ui.missing.guide_page import GuidePage
from ui.on_call.rota_page import RotaPage
from ui.on_call.since_page import SincePage

JOSH = {
    "Last seen, time": "0010",
    "Last seen by": "Ann Colley",
    "Where, and going where": "In bed at Ann Colley's",
    "Wearing": "Green parka, jeans",
    "Why worried tonight": "Worried about going back to Beth. Bag is gone",
    "Told by": "Ann Colley",
}

ANN_RINGS = "Josh sent a friend a picture of the bus station at 08:20. Ann drives there now."


def second_child(player: Player) -> None:
    """Begin a guide for Josh, publish the handover while the guide is open, and log a call that comes after that."""
    player.unlock(PASSPHRASE)
    open_card(player, "Josh W.")
    begin(player, JOSH)
    player.say("Ann Colley rings: Josh is not in his bed. Ctrl+G begins a second guide.")
    step(player, "Is the child in danger now?", {"What was done": "Not that we know. He has his phone and his tablets"})
    player.at(march(14, 6, 58))
    step(player, "Report to police on 101", {"Spoke to": "Control room", "Log number": "0187"}, grade="Low risk")
    step(player, "Keep in touch", {"Spoke to": "Ann Colley", "Next call, time": "0900"})
    open_card(player, "Josh W.")
    player.until_page(GuidePage)
    player.picture("second-child")
    player.say("Police have log 0187, low risk. The next call to Ann is at 09:00, after the shift.")
    player.at(march(14, 8, 5))
    player.keys("Ctrl+1")
    player.press("Hand over")
    player.until_page(HandOverPage)
    player.picture("hand-over")
    player.say("opens the handover: it has built itself of the night’s records. Josh’s open guide stands in it.")
    player.at(march(14, 8, 12))
    player.keys("Ctrl+Return")
    player.until_page(HandoverPage)
    player.keys("Ctrl+P")
    player.until_page(PreviewPage)
    player.until(lambda: player.shows("Page 1 of"), "the page, drawn")
    player.picture("handover-on-paper")
    player.say("publishes it: from now on it is fixed, on paper too.")
    player.network(up=True)
    player.send()
    player.say(f"has the network back: ‘{player.pill()}’.")
    player.at(march(14, 8, 31))
    player.network(up=True)
    begin_call(player, "ann")
    tick(player, "Alt+2", "o")
    say_what(
        player,
        ANN_RINGS,
        "Ring 101 with log 0187. Wait in the car.",
    )
    rate(player, "Space")
    tick(player, "Alt+6", "n")
    finish(player)
    player.say("logs a call that came after publishing. The handover shows it under ‘Added since’.")
    player.send()


def accepted(player: Player) -> None:
    """Accept the items of the handover as D. Marsh of the day team, on the laptop that S. Lloyd had at home."""
    player.unlock(PASSPHRASE)
    player.until(player.all_is_sent, "the exchange")
    player.keys("Ctrl+1")
    player.command("go to since last time")
    player.until_page(SincePage)
    player.picture("since-last-time")
    player.say("unlocks a store of their own on the other laptop: ‘Handed over this morning’ stands first.")
    player.to("Handed over this morning")
    player.keys("Return")
    player.until_page(HandoverPage)
    player.at(march(14, 8, 44))
    _accept_all(player, hand_on=True)
    player.say("accepts each item by Ctrl+Enter; Tyler’s hold is handed to S. Lloyd, who must speak to Carol.")
    player.keys("Home")
    player.keys("Return")
    player.until_page(GuidePage)
    step(player, "Keep in touch", {"Spoke to": "Ann Colley", "Next call, time": "1000"})
    open_card(player, "Josh W.")
    player.until_page(GuidePage)
    player.picture("guide-by-day")
    player.say("opens the guide for Josh from its item. It runs on by day: the next call is at 10:00.")
    player.send()
    player.say(f"‘{player.pill()}’.")


def _accept_all(player: Player, *, hand_on: bool = False) -> None:
    """Go from item to item and accept each that waits; with ``hand_on``, give the item of Tyler’s hold to the manager."""
    player.keys("Home")
    taken, before = 0, ""
    while player.focused() != before:
        before = player.focused()
        if "waiting" in before:
            handed = hand_on and before.startswith("18:40, Tyler")
            if handed:
                player.keys("Ctrl+H")
                player.search("S. Lloyd")
                player.keys("Return", "Return")  # the first takes the name that is offered
            else:
                player.keys("Ctrl+Return")
            taken += 1
            if taken == TAKEN_IN_PICTURE:
                player.picture("handover")
        before = player.focused()
        player.keys("Down")


TAKEN_IN_PICTURE = 3
"""After this many accepted items, the picture of the handover is taken."""


def manager(player: Player) -> None:
    """Send S. Lloyd’s step of the night; then record her talk with Carol, sign, and look at the rota."""
    player.unlock(PASSPHRASE)
    player.until(player.all_is_sent, "the exchange")
    player.say(f"is back on the network: her step of 22:38 is with the council, ‘{player.pill()}’.")
    player.command("go to morning handovers")
    player.keys("Down", "Return")
    player.until_page(HandoverPage)
    _accept_all(player)
    player.command("go to incidents")
    player.keys("Down", "Return")
    player.until_page(IncidentPage)
    player.press("Record call: Responsible authority")
    player.fill("Spoke to", "R. Pugh")
    player.keys("Ctrl+Return")
    player.say("tells R. Pugh of the responsible authority: due by 21:52, told in the morning.")
    player.command("go to restraints")
    player.keys("Down", "Return")
    player.until_page(RestraintPage)
    player.press("Record talk: Manager speaks")
    player.fill("What was said", "Carol is shaken. Visit today at 11:00 with D. Marsh")
    player.keys("Ctrl+Return")
    player.press("Sign off: Manager speaks")
    player.keys("Ctrl+1", "Alt+Left")
    player.until_page(RestraintPage)
    player.picture("restraint-signed")
    player.say("has spoken to Carol and signs: the second clock has stopped. Somebody is still to speak to Tyler.")
    player.command("go to rota")
    player.until_page(RotaPage)
    player.picture("rota")
    player.send()


def off_shift(player: Player) -> None:
    """Show A. Bevan who accepted which item, end the shift, and send everything to the council."""
    player.unlock(PASSPHRASE)
    player.until(player.all_is_sent, "the exchange")
    player.command("go to morning handovers")
    player.keys("Down", "Return")
    player.until_page(HandoverPage)
    player.picture("own-handover")
    player.press("End my shift")
    player.say("sees who has taken on what, and ends the shift by one key: the rota has the hours that were worked.")
    player.send()
    player.picture("everything-sent")
    player.say(f"‘{player.pill()}’: nothing waits.")
