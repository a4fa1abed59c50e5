"""From 15:20 to 16:40: the manager returns the visit with a comment, D. Marsh amends that paragraph, the manager signs.

``tests/whole/test_visit_story.py`` checks what each step leaves in the stores.
"""

from hipss_desktop.demonstration.player import Player, march
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.countersign.countersign_page import CountersignPage
from ui.supervision.visit_record_page import VisitRecordPage
from ui.visits.visit_page import VisitPage

COMMENT = "Is this what Martin says, or what you think?"
OF_PARAGRAPH = 3
"""The number of the paragraph that the comment is about, in reading order: Kai's words, how he was, the nights, Martin."""
WHY = "S. Lloyd asked whose words these are"
MARTIN_SAYS = "Martin says that Jo sends him to bed when Kai comes home."


def returned(player: Player) -> None:
    """S. Lloyd reads the visit on her own laptop and returns it with a comment on one paragraph."""
    page = _to_countersign(player)
    player.until(lambda: page.card_shown.view, "the visit")
    player.say("has the visit with her exchange: it waits for her to countersign.")
    player.keys("Return")
    player.to("Paragraphs of")
    for _ in range(OF_PARAGRAPH + 1):
        player.keys("Down")
    player.keys("Ctrl+M")
    player.write(COMMENT)
    player.picture("comment")
    player.at(march(16, 15, 31))
    player.keys("Ctrl+Return")
    player.until(page.empty.isVisible, "the list, empty")
    player.say("comments on the paragraph about Martin by Ctrl+M, and returns the visit by Ctrl+Enter.")
    player.send()


def amended(player: Player) -> None:
    """D. Marsh sees the comment and says the paragraph in other words; the signatures are for the version before."""
    page = _to_countersign(player)
    player.to("For me")
    player.keys("R", "Space")
    player.until(lambda: page.card_shown.view, "the visit that was returned")
    player.picture("returned")
    player.say("sees the visit returned, with the comment.")
    player.press("Whole record")
    player.until_page(VisitRecordPage)
    player.keys("Ctrl+E")
    player.until_page(VisitPage)
    player.write(WHY)
    player.to("How it is going")
    player.keys("Ctrl+Home", "Down", "Home", "Shift+End")
    player.write(MARTIN_SAYS)
    player.mark("said")
    player.at(march(16, 16, 4))
    player.keys("Ctrl+Return")
    player.until_page(VisitRecordPage)
    player.until(lambda: player.shows("Outdated by"), "that the signatures are outdated")
    player.picture("outdated")
    player.say(
        "amends that paragraph. The signatures stay, for the version that was signed, and say what outdated them."
    )
    player.send()


def approved(player: Player) -> None:
    """S. Lloyd approves the amended version."""
    page = _to_countersign(player)
    player.until(lambda: page.card_shown.view, "the visit, amended")
    player.picture("amended")
    player.keys("Ctrl+Return")
    player.until(page.empty.isVisible, "the list, empty")
    player.to("For me")
    player.keys("Y", "Y", "Space")
    player.until(lambda: page.card_shown.view, "the visit that she signed")
    player.picture("countersigned")
    player.say("reads the amended version and approves it: that version, and no other, is countersigned.")
    player.send()
    player.say(f"‘{player.pill()}’: nothing waits.")


def _to_countersign(player: Player) -> CountersignPage:
    """Unlock, wait for the exchange, and go to what waits to be signed."""
    player.unlock(PASSPHRASE)
    player.until(player.all_is_sent, "the exchange")
    player.command("go to countersign")
    player.until_page(CountersignPage)
    page = player.page
    assert isinstance(page, CountersignPage)
    return page
