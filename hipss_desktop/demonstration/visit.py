"""The visit of 16 March 2017, described once: D. Marsh at the Preeces' kitchen table without a network, then her manager.

``python3 dev.py demo --story visit`` plays this story. ``tests/whole/test_visit_story.py`` plays it and reads the stores. The
pictures of ``docs/screens.md`` are taken while it plays. The modules ``kitchen_table``, ``reading_back`` and ``signing`` say
what each sitting does.
"""

from collections.abc import Mapping
from typing import Any

from hipss_desktop.demonstration import kitchen_table, signing
from hipss_desktop.demonstration.kitchen_table import LOCK, RESPITE_BOOKED, SCHOOL
from hipss_desktop.demonstration.player import march
from hipss_desktop.demonstration.programs import DemoPrograms, Person
from hipss_desktop.demonstration.story import Opening, Sitting, Story
from resources import demo

WORKER, MANAGER, ON_CALL = (
    Person("D. Marsh", "supervising", "HIPSS-LT-07"),
    Person("S. Lloyd", "manager", "HIPSS-LT-02"),
    Person("A. Bevan", "on_call", "HIPSS-LT-04"),
)
PEOPLE = (ON_CALL, MANAGER, WORKER)
MORNING = march(16, 10, 20)
"""When the demonstration begins."""
IN_FEBRUARY: Mapping[str, Any] = {
    "carer": "Jo & Martin Preece",
    "type": "planned",
    "began": "2017-02-16T10:30",
    "ended": "2017-02-16T11:50",
    "people": [{"who": "household", "name": "Jo Preece", "was": ["took_part", "at_home"]}],
    "children": [{"child": "HIPSS-017", "placed_as": "main", "seen": True, "seen_alone": True, "where": "Garage"}],
    "new_actions": [
        {"what": LOCK, "owner": "Martin", "due": "2017-02-24"},
        {"what": SCHOOL, "owner": "D. Marsh", "colleague": "D. Marsh", "child": "HIPSS-017", "due": "2017-03-10"},
        {"what": RESPITE_BOOKED, "owner": "Jo", "due": "2017-03-31"},
    ],
    "next_on": "2017-03-16",
}
"""The last visit to the Preeces, at which three actions were agreed."""
KAI_IS_BACK: Mapping[str, Any] = {
    "type": "call",
    "caller": "Jo & Martin Preece",
    "caller_name": "Jo Preece",
    "children": ["HIPSS-017"],
    "channel": "phone",
    "concerns": ["missing"],
    "missing": "back",
    "missing_since": "2017-03-13T21:40",
    "back_at": "2017-03-14T02:05",
    "happening": "Kai came in by the back door at 02:05. Cut on left palm, Jo has washed it.",
    "advice": "Offer toast, no questions tonight.",
    "risk": "medium",
    "needs_to_know": ["nobody"],
    "outcome": "advice_given",
    "told": "2017-03-14T02:14",
    "ended": "2017-03-14T02:24",
}
"""The last call of Monday's night, which is not in the caseload: Kai is back."""


def in_the_morning(programs: DemoPrograms) -> None:
    """Prepare a council and three stores.

    A. Bevan's store has sent the night's log. D. Marsh's store has sent the visits and checks of two years, and S. Lloyd has
    countersigned every record that waited for her.
    """
    programs.prepare(PEOPLE, demo.sheet)
    programs.tell(ON_CALL, lambda file: demo.before_the_night(file) if file == "actions.csv" else demo.sheet(file))
    programs.add(ON_CALL, "contact", KAI_IS_BACK)
    programs.hipss(ON_CALL, "sync")
    programs.hipss(WORKER, "sync")
    for kind, file in demo.SUPERVISION:
        programs.write(WORKER, kind, file, demo.sheet(file))
    programs.add(WORKER, "visit", IN_FEBRUARY)
    programs.hipss(WORKER, "sync")
    programs.hipss(MANAGER, "sync")
    for waiting in programs.hipss(MANAGER, "countersign"):
        programs.hipss(MANAGER, "countersign", waiting["record"])
    programs.hipss(MANAGER, "sync")
    programs.stop_serving()


VISIT = Story(
    "visit",
    MORNING,
    PEOPLE,
    in_the_morning,
    (
        Sitting("table", WORKER, march(16, 10, 26), "day", kitchen_table.visit),
        Sitting("returned", MANAGER, march(16, 15, 20), "day", signing.returned, online=True),
        Sitting("amended", WORKER, march(16, 15, 52), "day", signing.amended, online=True),
        Sitting("approved", MANAGER, march(16, 16, 31), "day", signing.approved, online=True),
    ),
    Opening(WORKER, march(16, 10, 26), "day", in_the_morning),
)
