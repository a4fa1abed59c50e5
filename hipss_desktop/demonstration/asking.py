"""20 March, 09:40, at M. Osei's laptop without a network: F. Doyle asks for a consultation about S., and M. Osei plans it.

``tests/whole/test_consultation_story.py`` says what each step leaves in the stores.
"""

from hipss_desktop.demonstration.player import Player, in_2017
from hipss_desktop.demonstration.programs import PASSPHRASE
from ui.consultations.form_page import ConsultationFormPage
from ui.consultations.record_page import ConsultationRecordPage

ANOTHER_TEAM = "A child or family of another team"
CASE_NUMBER = "EOC-2231"
ASKED_BY = "F. Doyle, social worker"
HOPES = "To keep S. in school, and to agree what we all say when she asks who leaves next."
WAITING, WITH_THE_COUNCIL = "Waiting on this laptop", "With the council"
"""What a record page shows while the record is not sent, and once the council has it."""


def ask_and_plan(player: Player) -> None:
    """Write down who asks for what, and how soon; plan the day; then send it all when the network is back."""
    player.unlock(PASSPHRASE)
    player.say(
        "starts the laptop without a network. F. Doyle of Edge of Care rings: she asks for a consultation about S."
    )
    player.command("new consultation")
    player.until_page(ConsultationFormPage)
    player.to("It was held", back=True)
    player.keys("Right", "Right", "Right")
    player.choose("About", ANOTHER_TEAM)
    player.pick("Case", CASE_NUMBER)
    player.choose("For which team", "Edge of Care")
    player.fill("Asked for on", "20/03/2017")
    player.fill("Asked for by", ASKED_BY)
    player.fill("What they hope for", HOPES)
    player.choose("How soon", "Within two weeks")
    player.pause()
    player.picture("asked-for")
    player.keys("Ctrl+Return")
    player.until_page(ConsultationRecordPage)
    player.until(lambda: player.shows(WAITING), "that it waits to be sent")
    player.say(f"writes down who asks, what they hope for and how soon: ‘{player.pill()}’.")
    _plan(player)
    player.at(in_2017(3, 20, 10, 5))
    player.network(up=True)
    player.send()
    player.say(f"has the network back: ‘{player.pill()}’.")


def _plan(player: Player) -> None:
    """Plan the consultation on its page: the day, the time, and how it is held."""
    player.at(in_2017(3, 20, 9, 52))
    player.press("Plan it")
    player.fill("Planned for, date", "05/04/2017")
    player.fill("Planned for, time", "1330")
    player.choose("How it is held", "In person")
    player.picture("planning")
    player.keys("Ctrl+Return")
    player.until(lambda: player.shows("Planned for"), "that it is planned")
    player.picture("planned")
    player.say(f"plans it for 5 April, 13:30, at the school: ‘{player.pill()}’.")
