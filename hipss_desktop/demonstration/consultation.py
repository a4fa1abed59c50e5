"""The spring of 2017, described once: M. Osei's consultations about S. for Edge of Care, and a training morning between them.

``python3 dev.py demo --story consultation`` plays this story. ``tests/whole/test_consultation_story.py`` plays it and reads the
stores. The pictures of ``docs/screens.md`` are taken while it plays. The modules ``asking``, ``writing_up``, ``training_morning``
and ``what_came_of_it`` say what each sitting does.
"""

from hipss_desktop.demonstration import asking, training_morning, what_came_of_it, writing_up
from hipss_desktop.demonstration.player import in_2017
from hipss_desktop.demonstration.programs import DemoPrograms, Person
from hipss_desktop.demonstration.story import Opening, Sitting, Story
from resources import demo

LEAD, MANAGER, ON_CALL = (
    Person("M. Osei", "lead", "HIPSS-LT-05"),
    Person("S. Lloyd", "manager", "HIPSS-LT-02"),
    Person("A. Bevan", "on_call", "HIPSS-LT-04"),
)
PEOPLE = (LEAD, MANAGER, ON_CALL)
BEGINS = in_2017(3, 20, 9, 30)
"""When the demonstration begins."""


def in_march(programs: DemoPrograms) -> None:
    """Prepare a council and three stores.

    M. Osei's store has sent the records from the old sheets, with 110 consultations of 2016. S. Lloyd's store has sent the
    visits and checks.
    """
    programs.prepare(PEOPLE, demo.sheet)
    for kind, file in demo.TISS:
        programs.write(LEAD, kind, file, demo.sheet(file))
    for kind, file in demo.SUPERVISION:
        programs.write(MANAGER, kind, file, demo.sheet(file))
    for person in (MANAGER, LEAD):
        programs.hipss(person, "sync")
    programs.stop_serving()


CONSULTATION = Story(
    "consultation",
    BEGINS,
    PEOPLE,
    in_march,
    (
        Sitting("asked", LEAD, in_2017(3, 20, 9, 40), "day", asking.ask_and_plan),
        Sitting("held", LEAD, in_2017(4, 5, 15, 20), "day", writing_up.write_up),
        Sitting("training", LEAD, in_2017(4, 27, 8, 40), "day", training_morning.morning),
        Sitting("next", LEAD, in_2017(5, 3, 15, 10), "day", what_came_of_it.next_one),
        Sitting("manager", MANAGER, in_2017(5, 3, 16, 30), "day", what_came_of_it.manager, online=True),
        Sitting("on-call", ON_CALL, in_2017(5, 3, 17, 20), "day", what_came_of_it.on_call, online=True),
    ),
    Opening(LEAD, in_2017(4, 5, 15, 20), "day", in_march),
)
