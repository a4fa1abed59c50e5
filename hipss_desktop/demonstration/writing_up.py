"""5 April, 15:20, at Lugg Bridge School without a network: M. Osei writes the consultation up and gives its page to F. Doyle.

``tests/whole/test_consultation_story.py`` says what each step leaves in the stores.
"""

from hipss_desktop.demonstration.asking import WAITING, WITH_THE_COUNCIL
from hipss_desktop.demonstration.player import Player, in_2017
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.consultations.form_page import ConsultationFormPage
from ui.consultations.list_page import ConsultationsPage
from ui.consultations.record_page import ConsultationRecordPage
from ui.documents.preview_page import PreviewPage

CAME = (
    ("F. Doyle", "Social worker", "Edge of Care"),
    ("M. Iqbal", "Family support", "Edge of Care"),
    ("J. Tranter", "SENCO", "Lugg Bridge School"),
)
APOLOGIES = ("P. Hale", "Educational psychologist")
QUESTION = "How do we keep S. in school, and what do we say when she asks who leaves next?"
GUESS = "Leaving first feels safer to S. than being left."
WRONG_IF = "She stays when an ending is told a week before, and runs when it is not."
TEXT = (
    ("What has been tried", "A reward chart for two weeks. A seat by the door, which helped.", ""),
    ("What we see", "Runs from class most days. Hits mum when asked to stop gaming. Sleeps 4 hours.", "fact"),
    ("What came before", "Mum says that dad left without goodbye when S. was 7.", "said"),
    ("What sets it off", "Sudden endings. Adults leaving the room. Mondays.", ""),
    ("What keeps it going", "School sends her home, so leaving works. Mum avoids saying no.", "opinion"),
    ("What protects", "Close to gran. Loves drawing. Mum wants help.", ""),
)
"""The sections in the order of the form, each with its text and the mark that F9 gives the text, '' for no mark."""
COUNTDOWN, GRAN, BEDTIME, CARDS = (
    "Countdown card for every ending at school",
    "Ask gran about a weekly drawing evening",
    "Bedtime plan with mum, two home visits",
    "Show S. the cards before her first Monday back",
)
PLAN = ((COUNTDOWN, "J. Tranter", "25/04/2017"), (GRAN, "F. Doyle", "21/04/2017"), (BEDTIME, "M. Iqbal", "02/05/2017"))
"""What was agreed, who does it and by when. None of these people has a laptop of the service."""
FOR_ALL = "Print two sets of countdown cards and hand them to M. Osei"
"""What A. Bevan has to do, in words that everybody in the service may read."""
PDF = "consultation.pdf"


def write_up(player: Player) -> None:
    """Write up the planned consultation, save its page for F. Doyle, and send it all from the office."""
    player.unlock(PASSPHRASE)
    player.command("go to consultations")
    player.until_page(ConsultationsPage)
    player.until(lambda: player.shows("S., 12, EOC-2231"), "the planned consultation")
    player.picture("planned-in-the-list")
    player.press("Write it up")
    player.until_page(ConsultationFormPage)
    player.say("is at the school without a network. The consultation was held: she writes it up.")
    _when_and_who(player)
    _understood(player)
    _agreed(player)
    player.keys("Ctrl+Return")
    player.until_page(ConsultationRecordPage)
    player.until(lambda: player.shows(WAITING), "that it waits to be sent")
    player.picture("written-up")
    player.say(f"finishes it: ‘{player.pill()}’.")
    _page(player)
    player.at(in_2017(4, 5, 16, 40))
    player.network(up=True)
    player.send()
    player.picture("all-sent")
    player.say(f"has the network back in the office: ‘{player.pill()}’.")
    player.keys("Alt+Left")
    player.until_page(ConsultationRecordPage)
    player.until(lambda: player.shows(WITH_THE_COUNCIL), "that the council has it")


def _when_and_who(player: Player) -> None:
    """Enter the end, the form and each person who came; the form already has the planned day and start."""
    player.fill("End, date", "05/04/2017")
    player.fill("End, time", "1500")
    player.choose("Form", "One-off")
    for number, (name, role, organisation) in enumerate(CAME, start=1):
        _person(player, number, (name, role, organisation), "Came")
    _person(player, len(CAME) + 1, APOLOGIES, "Sent apologies")
    player.pause()
    player.picture("who-came")
    player.choose("The child’s status", "Edge of care")
    player.choose("The child knows and agrees", "Knows and agrees")
    player.choose("The parents know and agree", "Knows and agrees")
    player.say("puts in who came, and that S. and her mother know of it and agree.")


def _person(player: Player, number: int, known: tuple[str, ...], presence: str) -> None:
    player.press("Who came: Add a person")
    for question, words in zip(("Name", "Role", "Organisation"), known, strict=False):
        player.fill(f"{question}, Person {number}", words)
    player.choose(f"Came, Person {number}", presence)


def _understood(player: Player) -> None:
    """Write the question, the six parts of the formulation with their marks, the best guess and what would show it wrong."""
    player.to("The question brought")
    player.write(QUESTION)
    for section, words, mark in TEXT:
        player.to(section)
        player.write(words)
        if mark:
            player.mark(mark)
    player.pause()
    player.picture("formulation")
    player.to("Our best guess")
    player.write(GUESS)
    player.to("What would show us wrong")
    player.write(WRONG_IF)
    player.pause()
    player.picture("best-guess")
    player.say("writes the six parts of the formulation, and what would show the best guess wrong.")


def _agreed(player: Player) -> None:
    """Add three steps for people outside the service and one for a colleague; enter that nothing is new for safety."""
    for number, (step, owner, by) in enumerate(PLAN, start=1):
        _row(player, number, step, owner, by)
    last = len(PLAN) + 1
    _row(player, last, CARDS, "A. Bevan with F. Doyle", "18/04/2017")
    player.pick(f"Colleague who does it, Step {last}", "bevan")
    player.fill(f"The action, in words for all in the service, Step {last}", FOR_ALL)
    player.pause()
    player.picture("agreed-plan")
    player.choose("For the child’s safety", "Nothing new")
    player.say(
        "agrees the plan: three rows are for people outside, one becomes an action of A. Bevan, in words for all."
    )


def _row(player: Player, number: int, step: str, owner: str, by: str) -> None:
    player.press("Agreed plan: Add a step")
    for label, words in (("What", step), ("Who", owner), ("By", by)):
        player.fill(f"{label}, Step {number}", words)


def _page(player: Player) -> None:
    """Save the page as a PDF, copy it as text for the case file, and write down who has it."""
    player.at(in_2017(4, 5, 15, 58))
    player.press("Page for those who came")
    player.until_page(PreviewPage)
    player.until(lambda: player.shows("Page 1 of"), "the page, drawn")
    player.picture("page-for-those-who-came")
    player.save_as(PDF)
    player.until(lambda: player.shows("Saved as PDF"), "the page, saved")
    player.keys("Alt+Left")  # Esc would remove the message about the saved file
    player.until_page(ConsultationRecordPage)
    player.press("Copy for the case file")
    player.press("Write down who has it")
    player.fill("To whom", "F. Doyle")
    player.choose("How", "By secure email")
    player.picture("who-has-the-page")
    player.keys("Ctrl+Return")
    player.until(lambda: player.shows("F. Doyle, by secure email"), "who has the page")
    player.say("saves the page as a PDF for F. Doyle, copies it for the case file, and writes down who has it.")
