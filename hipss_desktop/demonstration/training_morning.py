"""Plays the training of 27 April at Friars Hall without a network: 18 people are invited, and Jo Preece gets a certificate.

``tests/whole/test_consultation_story.py`` checks what each step leaves in the stores.
"""

from hipss_desktop.demonstration.player import Player, in_2017
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.carers.carer_page import CarerPage
from ui.documents.preview_page import PreviewPage
from ui.training.form_page import SessionFormPage
from ui.training.session_page import SessionPage

TITLE = "Why children run"
CARERS = ("Jo Preece", "Ann Colley", "Carol Yeo", "Sunita Rao", "Pauline Griffin", "Beth Nash")
"""Members of households, who are invited by name."""
CARERS_WHO_CAME = CARERS[:-1]
COUNCIL, SIXTEEN, EDGE = "The council, looked-after children", "The council, 16+", "The council, Edge of Care"
OTHERS = (
    ("F. Doyle", "Social worker", COUNCIL, "Came"),
    ("", "Social worker", COUNCIL, "Came"),
    ("", "Social worker", COUNCIL, "Did not come"),
    ("", "Social worker", SIXTEEN, "Came"),
    ("", "Social worker", SIXTEEN, "Came"),
    ("M. Iqbal", "Family support worker", EDGE, "Came"),
    ("", "Family support worker", EDGE, "Came"),
    ("", "Family support worker", EDGE, "Came"),
    ("", "Reviewing officer", "The council", "Came"),
    ("", "Reviewing officer", "The council", "Did not come"),
    ("J. Tranter", "SENCO", "Lugg Bridge", "Came"),
    ("", "SENCO", "St Owen's", "Sent apologies"),
)
"""The other twelve people: name ('' if not known), role, organisation, and whether they came."""
LEFT_EARLY, MINUTES_THERE = "Carol Yeo", 90
COVERED = (
    "Three true nights, changed so nobody is known. What to do in the first hour. What to say at the door, "
    "practised in pairs."
)
HANDOUTS = ("Handout, 4 pages", "Slides")
"""What was handed out, in the order of the form."""


def morning(player: Player) -> None:
    """Invite people and show the sign-in sheet; after the session enter who came, and show a certificate and a household."""
    player.unlock(PASSPHRASE)
    _plan(player)
    _invite(player)
    player.keys("Ctrl+Return")
    player.until_page(SessionPage)
    player.picture("session-planned")
    player.say(f"plans the morning at Friars Hall without a network, 18 invited: ‘{player.pill()}’.")
    player.press("Sign-in sheet")
    player.until_page(PreviewPage)
    player.until(lambda: player.shows("Page 1 of"), "the sheet, drawn")
    player.picture("sign-in-sheet")
    player.at(in_2017(4, 27, 12, 10))
    player.keys("Esc")
    player.until_page(SessionPage)
    _who_came(player)
    _certificate(player)
    _household(player)
    player.at(in_2017(4, 27, 13, 5))
    player.network(up=True)
    player.send()
    player.say(f"has the network back: ‘{player.pill()}’.")


def _plan(player: Player) -> None:
    player.command("new session")
    player.until_page(SessionFormPage)
    player.fill("Title", TITLE)
    player.choose("Topic", "Going missing")
    player.fill("For whom", "Carers and their teams")
    player.fill("Start, date", "27/04/2017")
    player.fill("Start, time", "0930")
    player.fill("End, date", "27/04/2017")
    player.fill("End, time", "1200")
    player.fill("Place", "Friars Hall, Hereford")
    player.press("Led by: Add a trainer")
    player.fill("Name, Trainer 1", "K. Adeyemi")
    player.press("Led by: Add a trainer")
    player.fill("Name, Trainer 2", "M. Osei")
    player.fill("Places", "20")


def _invite(player: Player) -> None:
    """Invite the carers by name, which adds their household, and the others with what is known of them."""
    player.to("Add somebody by name")
    for name in CARERS:
        player.search(name)
        player.keys("Return")
    player.pause()
    player.picture("invited")
    for number, (name, role, organisation, _) in enumerate(OTHERS, start=len(CARERS) + 1):
        player.press("Invited and came: Add a person")
        if name:
            player.fill(f"Name, Person {number}", name)
        player.fill(f"Role, Person {number}", role)
        player.fill(f"Organisation, Person {number}", organisation)


def _who_came(player: Player) -> None:
    """Tick each carer who came. By Ctrl+E, enter the others, who left early and what was covered."""
    player.press("It was held")
    for name in CARERS_WHO_CAME:
        player.press(f"{name} came")
    player.pause()
    player.picture("carers-ticked")
    player.keys("Ctrl+E")
    player.until_page(SessionFormPage)
    player.write("Who came, from the sign-in sheet")
    player.fill(f"Minutes, where not the whole session, Person {CARERS.index(LEFT_EARLY) + 1}", str(MINUTES_THERE))
    player.choose(f"Came, Person {len(CARERS)}", "Sent apologies")
    for number, (*_, presence) in enumerate(OTHERS, start=len(CARERS) + 1):
        player.choose(f"Came, Person {number}", presence)
    player.fill("What was covered", COVERED)
    player.fill("Handouts", HANDOUTS[0])
    player.keys("Return")
    player.write(HANDOUTS[1])
    player.keys("Ctrl+Return")
    player.until_page(SessionPage)
    player.until(lambda: player.shows("14 of 18 came"), "who came")
    player.picture("who-came-to-training")
    player.say(
        "ticks the carers who came and enters the others from the sheet: 14 of 18; Carol Yeo left after 90 minutes."
    )


def _certificate(player: Player) -> None:
    player.press("Show each person")
    player.picture("each-person")
    player.press("Certificate of attendance for Jo Preece")
    player.until_page(PreviewPage)
    player.until(lambda: player.shows("Page 1 of"), "the certificate, drawn")
    player.picture("certificate")
    player.say("prints a certificate of attendance for Jo Preece: nobody else stands on it.")
    player.keys("Esc")
    player.until_page(SessionPage)


def _household(player: Player) -> None:
    """Show the hours on the household's page, which reads them from the session."""
    player.command("go to carers")
    player.fill("Filter by name or phone", "Preece", back=True)
    player.pause()
    player.keys("Down", "Return")
    player.until_page(CarerPage)
    player.to(TITLE)
    player.keys("PgDown")
    player.picture("household-training")
    player.say("finds the hours on the household’s page: they are read from the session.")
