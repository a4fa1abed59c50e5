"""3 May: the next consultation about S. opens with April's plan, the manager reads both, and A. Bevan gets an action.

``tests/whole/test_consultation_story.py`` says what each step leaves in the stores.
"""

from hipss_desktop.demonstration.asking import ANOTHER_TEAM, CASE_NUMBER
from hipss_desktop.demonstration.player import Player, in_2017
from hipss_desktop.demonstration.programs import PASSPHRASE
from hipss_desktop.demonstration.training_morning import TITLE
from hipss_desktop.demonstration.writing_up import BEDTIME, COUNTDOWN, FOR_ALL, GRAN
from ui.actions.action_page import ActionPage
from ui.actions.actions_page import ActionsPage
from ui.consultations.form_page import ConsultationFormPage
from ui.consultations.list_page import ConsultationsPage
from ui.consultations.record_page import ConsultationRecordPage
from ui.training.session_page import SessionPage

BECAUSE = "Gran was in hospital. F. Doyle asks her in June"
ASKED_NEXT = "S. stays in class on most days now. What about the summer, when her class ends?"


def next_one(player: Player) -> None:
    """Answer each open row of April's plan, which the form shows at its top, with one press; then send it all."""
    player.unlock(PASSPHRASE)
    player.command("new consultation")
    player.until_page(ConsultationFormPage)
    player.choose("About", ANOTHER_TEAM)
    player.pick("Case", CASE_NUMBER)
    player.pause()
    player.choose("For which team", "Edge of Care")
    player.pause()
    player.until(lambda: player.shows("Still open from 5 April 2017"), "the plan of April")
    player.to("It was held", back=True)
    player.picture("opens-with-the-plan")
    player.say("begins the next consultation without a network: it opens with what April’s plan left open.")
    player.press(f"Done: {COUNTDOWN}")
    player.press(f"No longer needed: {BEDTIME}")
    player.press(f"Not done: {GRAN}")
    player.fill("Because", BECAUSE)
    player.picture("not-done-because")
    player.keys("Return")
    player.pause()
    _rest(player)
    player.at(in_2017(5, 3, 16, 20))
    player.network(up=True)
    player.send()
    player.picture("all-sent-in-may")
    player.say(f"has the network back: ‘{player.pill()}’.")


def _rest(player: Player) -> None:
    """Write who came, the question and the child's safety, and finish; the plan of April stays on April's record."""
    player.fill("Start, date", "03/05/2017")
    player.fill("Start, time", "1330")
    player.fill("End, date", "03/05/2017")
    player.fill("End, time", "1430")
    player.choose("Form", "One-off")
    player.to("Add somebody by name")
    for name in ("Doyle", "Tranter"):
        player.search(name)
        player.keys("Return")
    player.to("The question brought")
    player.write(ASKED_NEXT)
    player.choose("For the child’s safety", "Nothing new")
    player.keys("Ctrl+Return")
    player.until_page(ConsultationRecordPage)
    player.picture("next-written-up")
    player.say(f"answers three rows by a press each, on April’s record, and finishes: ‘{player.pill()}’.")


def manager(player: Player) -> None:
    """Show both consultations and the training morning to S. Lloyd, who receives them with her exchange."""
    player.unlock(PASSPHRASE)
    player.until(player.all_is_sent, "the exchange")
    player.command("go to consultations")
    player.until_page(ConsultationsPage)
    player.keys("Down")
    player.until(lambda: player.shows(COUNTDOWN), "the plan of April")
    player.picture("manager-reads-along")
    player.say("has both consultations on her own laptop, with what came of each row.")
    player.command("go to training")
    player.pause()
    player.keys("Down", "Return")
    player.until_page(SessionPage)
    player.until(lambda: player.shows("14 of 18 came"), "who came")
    player.picture("manager-sees-training")
    player.say(f"sees who came to ‘{TITLE}’.")


def on_call(player: Player) -> None:
    """Show A. Bevan the action in the words written for all in the service, without any words of the consultation."""
    player.unlock(PASSPHRASE)
    player.until(player.all_is_sent, "the exchange")
    player.command("go to actions")
    player.until_page(ActionsPage)
    player.pause()
    player.picture("actions-of-the-colleague")
    player.keys("Down", "Return")
    player.until_page(ActionPage)
    player.until(lambda: player.shows(FOR_ALL), "the action")
    player.picture("action-without-the-consultation")
    player.say("has the action in the words written for all. It says that a consultation is read by others.")
