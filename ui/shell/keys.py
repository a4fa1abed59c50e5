"""The keys that windows and pages answer, as help prints them and as Qt listens for them.

The registry of screens (``ui.shell.screens``) says which of them hold where. Must not do what a key does.
"""

from dataclasses import dataclass

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.child import CHILD as CHILD_KIND
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import INCIDENT as INCIDENT_KIND
from hipss_desktop.kinds.night_check import NIGHT_CHECK as NIGHT_CHECK_KIND


@dataclass(frozen=True)
class Key:
    """A shortcut.

    Attributes:
        keys: how it is printed; ``sequences`` are the key sequences where they differ from that.
        words: what it does.
        does: the route or command that the window goes to, '' where a page does it.
        icon: its icon in the palette, '' where the palette does not offer it.
        writes: the kind of record that it writes, '' for none; who may not write that kind is not told of the key.
    """

    keys: str
    words: str
    does: str = ""
    sequences: tuple[str, ...] = ()
    icon: str = ""
    writes: str = ""

    def all_sequences(self) -> tuple[str, ...]:
        """The key sequences that Qt is to listen for."""
        return self.sequences or (self.keys,)


FIRST = (
    Key("Ctrl+N", "Log a contact", "log_contact", icon="phonecall", writes=CONTACT.name),
    Key("Ctrl+K", "Search and commands", "palette"),
    Key("Ctrl+L", "Lock now", "lock", icon="lock"),
)
"""What the window answers on every screen, before the keys of the rail's items."""

THEN = (
    Key("Ctrl+J", "Open the sync centre", "sync", icon="sync"),
    Key("F6", "Next part of the screen", "next_region"),
    Key("Shift+F6", "Previous part of the screen", "previous_region"),
    Key("Ctrl+Shift+T", "Day or night theme", "theme", icon="sun"),
    Key("Ctrl+plus", "Larger text", "larger", ("Ctrl++", "Ctrl+="), icon="plus"),
    Key("Ctrl+minus", "Smaller text", "smaller", ("Ctrl+-",)),
    Key("Ctrl+0", "Usual text size", "usual"),
    Key("F1", "This help", "help"),
    Key("Alt+Left", "Go back", "back"),
    Key("Esc", "Close what is on top, or go back. Nothing is thrown away, and a form stays."),
    Key("Alt+F4", "Close. Drafts are kept.", "close"),
)
"""What it answers besides."""

FORM = (
    Key("Ctrl+Enter", "Finish", sequences=("Ctrl+Return", "Ctrl+Enter")),
    Key("Ctrl+S", "Save and close"),
    Key("F8", "Next error"),
    Key("Shift+F8", "Previous error"),
)
LIST = (Key("Arrows", "Move"), Key("Enter", "Open"))
RECORD = (Key("Ctrl+E", "Amend this record"), Key("Ctrl+P", "Print this record, or save it as PDF"))
MAKE_INCIDENT = Key("Ctrl+I", "Make an incident of this contact", writes=INCIDENT_KIND.name)
INCIDENT = (
    Key("Up and Down", "Move between those who must be told"),
    Key("Enter", "Record a call, in what is due"),
    Key("F1", "How the time of a row is worked out"),
    *RECORD,
)
PREVIEW = (
    Key("Ctrl+P", "Print"),
    Key("Ctrl+S", "Save as PDF"),
    Key("Page Down", "Next page", sequences=("PgDown",)),
    Key("Page Up", "Previous page", sequences=("PgUp",)),
    Key("Arrows", "Scroll"),
)
CARER = (*RECORD, Key("Ctrl+Tab", "Next tab"))
ACTIONS = (*LIST, Key("Space", "Tick an action, or take the tick back"))
ON_CALL = (
    Key("Arrows", "Move between children, contacts or follow-ups"),
    Key("Enter", "Open"),
    Key("Space", "Tick a follow-up", writes=ACTION.name),
    Key("Ctrl+C", "Copy the number of a child's carer"),
)
SINCE = (
    Key("Arrows", "Move between children, contacts or what is due"),
    Key("Enter", "Open"),
    Key("Ctrl+C", "Copy the number of a child's carer"),
)
NIGHT_CHECK = (
    Key("Page Down", "Read on to what is ready", sequences=("PgDown",)),
    Key("Ctrl+Enter", "Finish the check", sequences=("Ctrl+Return", "Ctrl+Enter"), writes=NIGHT_CHECK_KIND.name),
)
ROTA = (
    Key("Arrows", "Move between days and nights"),
    Key("Enter", "Open a shift, or put a name in a gap"),
    Key("Ctrl+Enter", "The first thing to sort out", sequences=("Ctrl+Return", "Ctrl+Enter")),
)
LOG_CONTACT = (
    Key("Alt+1 to Alt+7", "Go to a question", sequences=tuple(f"Alt+{number}" for number in range(1, 8))),
    Key("Alt+8", "More about this call"),
    Key("Alt+0", "Go to the child's card"),
    Key("Alt+P", "Add advice from the safety plan"),
    MAKE_INCIDENT,
    *FORM,
)
CHILD = (
    *LIST,
    Key("Ctrl+E", "Amend this record", writes=CHILD_KIND.name),
    Key("Ctrl+P", "Print this record, or save it as PDF"),
    Key("Ctrl+Tab", "Next tab"),
    Key("Ctrl+C", "Copy a number, in People"),
)
SYNC = (
    Key("Arrows", "Choose a version in each part"),
    Key("Ctrl+Enter", "Keep what you chose", sequences=("Ctrl+Return", "Ctrl+Enter")),
)
DRAFTS = (Key("Arrows", "Move"), Key("Enter", "Carry on with a draft"))
