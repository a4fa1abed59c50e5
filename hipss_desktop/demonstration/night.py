"""The night of 13 to 14 March 2017, described once: who sits at which laptop from when, with or without a network.

``python3 dev.py demo`` plays this story. ``tests/whole/test_night.py`` plays it and reads the stores. The pictures of
``docs/screens.md`` are taken while it plays. The modules ``evening``, ``missing`` and ``morning`` say what each sitting does.
"""

from hipss_desktop.demonstration import evening, missing, morning
from hipss_desktop.demonstration.player import march
from hipss_desktop.demonstration.programs import DemoPrograms, Person, say
from hipss_desktop.demonstration.story import Opening, Sitting, Story
from resources import demo

AFTERNOON = march(13, 16, 28)
"""When the demonstration begins."""
A, B = "HIPSS-LT-04", "HIPSS-LT-02"
ON_CALL, BACKUP, BY_DAY = (
    Person("A. Bevan", "on_call", A),
    Person("S. Lloyd", "manager", B),
    Person("D. Marsh", "supervising", B),
)
PEOPLE = (ON_CALL, BACKUP, BY_DAY)


def in_the_afternoon(programs: DemoPrograms) -> None:
    """Prepare a council and three stores with what was known in the afternoon. A. Bevan's store has sent the log up to then."""
    programs.prepare(PEOPLE, demo.before_the_night)
    programs.tell(ON_CALL, demo.before_the_night)
    programs.hipss(ON_CALL, "sync")


def in_the_night(programs: DemoPrograms) -> None:
    """Prepare A. Bevan's store alone. It has sent what was written before the network failed; what came after waits."""
    programs.prepare((ON_CALL,), demo.sheet)
    programs.tell(ON_CALL, lambda file: demo.before_and_after(file)[0])
    programs.hipss(ON_CALL, "sync")
    programs.stop_serving()
    programs.tell(ON_CALL, lambda file: demo.before_and_after(file)[1])
    say("22:10 The network is gone. What was written after that waits on the laptop.")


NIGHT = Story(
    "night",
    AFTERNOON,
    PEOPLE,
    in_the_afternoon,
    (
        Sitting("check", ON_CALL, march(13, 16, 30), "day", evening.check_the_pack, online=True),
        Sitting("evening", ON_CALL, march(13, 18, 52), "night", evening.evening),
        Sitting("backup", BACKUP, march(13, 22, 31), "night", missing.backup, online=True),
        Sitting("call", ON_CALL, march(14, 2, 14), "night", missing.call_that_is_cut),
        Sitting("again", ON_CALL, march(14, 2, 17), "night", missing.he_is_back),
        Sitting("hand-over", ON_CALL, march(14, 6, 48), "night", morning.second_child),
        Sitting("day", BY_DAY, march(14, 8, 40), "day", morning.accepted, online=True),
        Sitting("manager", BACKUP, march(14, 9, 4), "day", morning.manager, online=True),
        Sitting("home", ON_CALL, march(14, 9, 16), "day", morning.off_shift, online=True),
    ),
    Opening(ON_CALL, march(14, 2, 14), "night", in_the_night),
)
