"""Plays the guide for a child who is not home: begins it and answers its steps, by keys alone."""

from collections.abc import Mapping

from hipss_desktop.demonstration.player import Player, march
from ui.documents.preview_page import PreviewPage
from ui.missing.begin_page import BeginPage
from ui.missing.guide_page import GuidePage
from ui.missing.reading_page import ReadingPage

CHILDREN = ("Kai M.", "Tyler B.", "Josh W.", "Amara O.", "Ellie R.")


def open_card(player: Player, name: str) -> None:
    """Move to a child's card on the on-call screen, and open the guide by Ctrl+G."""
    player.keys("Ctrl+1")
    player.to(*CHILDREN)
    player.keys("Home")
    for _ in CHILDREN:
        if player.focused().startswith(name):
            break
        player.keys("Right")
    player.keys("Ctrl+G")


def begin(player: Player, known: Mapping[str, str]) -> None:
    """Begin the guide. ``known`` has the answers that no call has filled in, by the names of the questions."""
    player.until_page(BeginPage)
    for name, words in known.items():
        player.fill(name, words)
    player.keys("Ctrl+Return")
    player.until_page(GuidePage)


def step(player: Player, title: str, answers: Mapping[str, str], *, grade: str = "") -> None:
    """Open a step of the guide and fill in its answers, the last one first, because the button below them has the focus."""
    player.to(*(f"Step {number} of" for number in range(1, 10)))
    for pressed in ["Up"] * 9 + ["Down"] * 9:
        if f", {title}" in player.focused():
            break
        player.keys(pressed)
    player.keys("Return")
    if grade:
        player.choose("Graded by the police", grade, back=True)
    for name, words in reversed(list(answers.items())):
        player.fill(name, words, back=True)
    player.keys("Ctrl+Return")


KNOWN = {
    "Last seen by": "Jo Preece",
    "Where, and going where": "To the shop on Orchard Rise, on foot",
    "Due back, time": "2045",
    "Agreed with whom": "Jo at tea",
    "Wearing": "Grey hoodie, black joggers, white trainers",
    "Carrying": "About £10. Key to the back door",
    "Why worried tonight": "Upset by missed calls from mum",
    "Told by": "Jo Preece",
}


def guide_for_kai(player: Player) -> None:
    """Begin the guide at 22:03 from Kai's card: five of nine steps, the pack read out and printed, the next call."""
    player.at(march(13, 22, 3))
    open_card(player, "Kai M.")
    begin(player, KNOWN)
    player.say("Ctrl+G on Kai’s card begins the guide. It is finished at once with what is known.")
    step(player, "Is the child in danger now?", {"What was done": "Not that we know. If that changes, ring 999"})
    step(
        player,
        "Look and ring round",
        {
            "Time, time": "2135",
            "Who did it": "Jo Preece",
            "What was done": "House, garage, text sent, the Hollis family",
        },
    )
    step(
        player,
        "Report to police on 101",
        {"Time, time": "2140", "Who did it": "Jo Preece", "Log number": "0612"},
        grade="Medium risk",
    )
    player.say("Police were told at 21:40: log 0612, medium risk.")
    player.at(march(13, 22, 7))
    step(player, "Tell EDT", {"Spoke to": "P. Shaw", "What was done": "They ring mum at 08:00"})
    player.at(march(13, 22, 12))
    open_card(player, "Kai M.")
    player.until_page(GuidePage)
    player.picture("child-not-home")
    player.keys("Ctrl+R")
    player.until_page(ReadingPage)
    player.keys("Down", "Down", "Down")
    player.picture("read-it-out")
    player.keys("Tab")
    player.write("His school: Lugg Bridge")
    player.keys("Tab")
    player.write("Control room, 4417")
    player.keys("Ctrl+Return")
    player.until_page(GuidePage)
    player.say("Ctrl+R: reads the pack out in the order in which the police ask. Control room, 4417, took it.")
    player.keys("Ctrl+P")
    player.until_page(PreviewPage)
    player.until(lambda: player.shows("Page 1 of"), "the page, drawn")
    player.picture("police-page")
    player.keys("Esc")
    player.until_page(GuidePage)
    step(player, "Keep in touch", {"Spoke to": "Jo Preece", "Next call, time": "2330"})
    player.say("The next call to Jo is at 23:30. Five of nine steps are done; the rest goes on in any order.")
