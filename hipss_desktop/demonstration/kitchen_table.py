"""From 10:26 to 11:42 at the Preeces' kitchen table: a cold start without a network, what is due, and writing the visit.

``tests/whole/test_visit_story.py`` says what each step leaves in the stores.
"""

from hipss_desktop.demonstration.player import Player, march
from hipss_desktop.demonstration.programs import PASSPHRASE
from hipss_desktop.demonstration.reading_back import read_back
from ui.carers.carer_page import CarerPage
from ui.due.due_page import DuePage
from ui.visits.visit_page import VisitPage

HOUSEHOLD = "Jo & Martin Preece"
LOCK, SCHOOL, RESPITE_BOOKED = "Fit lock to tool cupboard", "Ask school for a key adult", "Book respite for April"
"""The three actions that were agreed at the visit of February."""
KAI_SAID = "I only went because she did not ring. Jo stayed up for me."
KAI_SEEN = "Tired, dressing on his left hand clean. Would not talk about Moor Street."
NIGHTS = "Kai was out until 02:05 on Monday night. Jo stayed up for him."
KEPT_OUT = "Martin is kept out of it when Kai comes home."
NEIGHBOUR = "The neighbour says that she heard shouting."
RESPITE = "Respite in April is agreed for two weekends."
NOT_RAISED = "Kai asked to leave the car to his review"
TO_BE_DONE = "Ring the school about tea time"
RANG = "Yes, Raised, On-call contact: Jo Preece rang"


def visit(player: Player) -> None:
    """Play the whole morning: what is due, the visit, reading it back, the signatures, and sending it from the car."""
    player.unlock(PASSPHRASE)
    player.say("starts the laptop cold at the kitchen table, with no network, and unlocks it.")
    _what_is_due(player)
    player.at(march(16, 10, 31))
    _begin(player)
    _last_actions(player)
    _kai(player)
    _since(player)
    _notes(player)
    _new_actions(player)
    read_back(player)
    player.at(march(16, 12, 16))
    player.network(up=True)
    player.send()
    player.picture("all-sent")
    player.say(f"has the network back in the car: ‘{player.pill()}’.")


def _what_is_due(player: Player) -> None:
    """Open what is due for supervision, and the page of the Preeces from their row."""
    player.command("go to supervision")
    player.until_page(DuePage)
    page = player.page
    assert isinstance(page, DuePage)
    player.until(lambda: page.due.model.rows, "what is due")
    for _ in page.due.model.rows:
        shown = page.due.current()
        if shown is not None and shown.name == HOUSEHOLD:
            break
        player.keys("Down")
    player.pause()
    player.picture("what-is-due")
    player.say("looks at what is due: the Preeces’ supervision visit is due today, and below the table stands why.")
    player.keys("Home", "Return")
    player.until_page(CarerPage)
    player.picture("household")


def _begin(player: Player) -> None:
    """Start the visit: choose its type, its start and who took part."""
    player.press("Start a visit")
    player.until_page(VisitPage)
    player.keys("Space")
    player.fill("Start, time", "1030")
    player.to("Took part, Jo")
    player.keys("Space", "Right", "Space")
    player.say("starts the visit from the household’s page. Jo takes part; Martin is at the dairy.")


def _last_actions(player: Player) -> None:
    """Answer the three actions agreed in February: one is done, two are carried forward."""
    player.keys("Ctrl+PgDown")
    player.press(f"Done: {LOCK}")
    for action in (SCHOOL, RESPITE_BOOKED):
        player.press(f"Carry forward: {action}")
    player.pause()
    player.picture("last-actions")
    player.say("begins with what February’s visit agreed: the lock is fitted, two actions are carried forward.")


def _kai(player: Player) -> None:
    """Write that Kai was seen, alone. His words are not read back to the carers, because he was not asked."""
    player.at(march(16, 10, 52))
    player.keys("Ctrl+PgDown")
    player.press("Yes, Seen today?")
    player.press("Yes, Seen alone?")
    player.fill("Where, Kai", "Garage")
    player.fill("For how many minutes", "20")
    player.to("What did Kai say?")
    player.write(KAI_SAID)
    player.to("What did you notice?")
    player.write(KAI_SEEN)
    player.pause()
    player.picture("kai")
    player.say("has seen Kai, alone, for 20 minutes. What he said stands as said, and is not read back to the carers.")


def _since(player: Player) -> None:
    """Go through the contacts since February: two are raised, and one is not, with the reason."""
    player.keys("Ctrl+PgDown")
    player.to(f"{RANG}, 7 Mar")
    player.keys("Right", "Space")
    player.pause()
    player.fill("Not raised, because", NOT_RAISED)
    for night in ("13 Mar 2017, 21:52", "13 Mar 2017, 23:32"):
        player.press(f"{RANG}, {night}")
    player.pause()
    player.picture("since-the-last-visit")
    player.say("goes through what came since February: Monday’s calls are raised, one of 7 March is not, because.")


def _notes(player: Player) -> None:
    """Write how it is going, marked by F9 as fact, opinion and third party; a decision; and leave one part for later."""
    player.keys("Ctrl+PgDown")
    player.to("How it is going")
    for number, (words, mark) in enumerate(((NIGHTS, "fact"), (KEPT_OUT, "opinion"), (NEIGHBOUR, "third party"))):
        if number:
            player.keys("Return")
        player.write(words)
        player.mark(mark)
    player.pause()
    player.picture("marks")
    player.say("writes how it is going, and marks each paragraph by F9. What a neighbour says is never read back.")
    player.keys("Ctrl+PgDown")
    player.to("Support asked for")
    player.write(RESPITE)
    player.mark("decision")
    player.press("Left for later: Training")


def _new_actions(player: Player) -> None:
    """Add an action with who does it by when, and plan the next visit."""
    player.keys("Ctrl+PgDown", "Ctrl+PgDown", "Ctrl+PgDown")
    player.press("New actions: Add an action")
    player.fill("What, Action 1", TO_BE_DONE)
    player.pick("Colleague who does it, Action 1", "marsh")
    player.fill("By, Action 1", "24/03/2017")
    player.fill("Next planned visit", "13/04/2017")
    player.pause()
    player.picture("new-actions")
    player.say("leaves training for later, adds an action, and plans the next visit.")
