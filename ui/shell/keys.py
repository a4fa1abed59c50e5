"""The keyboard shortcuts of windows and pages, as help prints them and as Qt listens for them.

The registry of screens (``ui.shell.screens``) says which shortcuts belong to which screen. Must not do what a shortcut does.
"""

from dataclasses import dataclass

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.child import CHILD as CHILD_KIND
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.handover import HANDOVER as HANDOVER_KIND
from hipss_desktop.kinds.incident import INCIDENT as INCIDENT_KIND
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.kinds.night_check import NIGHT_CHECK as NIGHT_CHECK_KIND
from hipss_desktop.kinds.visit import VISIT


@dataclass(frozen=True)
class Key:
    """A shortcut.

    Attributes:
        keys: how it is printed; ``sequences`` are the key sequences if they differ from it.
        words: what it does.
        does: the route or command that the window goes to, '' if a page does it.
        icon: its icon in the palette, '' if the palette does not offer it.
        writes: the kind of record that it writes, '' for none. Help hides it from people who may not write that kind.
    """

    keys: str
    words: str
    does: str = ""
    sequences: tuple[str, ...] = ()
    icon: str = ""
    writes: str = ""

    def all_sequences(self) -> tuple[str, ...]:
        """The key sequences that Qt listens for."""
        return self.sequences or (self.keys,)


FIRST = (
    Key("Ctrl+N", "Log a contact", "log_contact", icon="phonecall", writes=CONTACT.name),
    Key("Ctrl+K", "Search and commands", "palette"),
    Key("Ctrl+L", "Lock now", "lock", icon="lock"),
)
"""Shortcuts of the window on every screen, listed before the keys of the rail's items."""

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
"""Shortcuts of the window on every screen, listed after the keys of the rail's items."""

BY_COMMAND = (
    Key("", "Change your passphrase", "passphrase", icon="key"),
    Key("", "Make a new recovery key", "recovery_key", icon="key"),
)
"""Commands of the window that only the palette offers, without a shortcut."""

FORM = (
    Key("Ctrl+Enter", "Finish", sequences=("Ctrl+Return", "Ctrl+Enter")),
    Key("Ctrl+S", "Save and close"),
    Key("F8", "Next error"),
    Key("Shift+F8", "Previous error"),
)
BY_PARAGRAPH = (
    Key("F9", "Mark the paragraph: fact, said, opinion, third party, decision"),
    Key("Shift+F9", "The mark before"),
    Key("Shift+Enter", "A new line in the same paragraph"),
)
"""Shortcuts of a text that is written in paragraphs, in any form."""
READ_BACK = Key("Alt+G", "Read back and sign", writes=VISIT.name)
VISIT_FORM = (
    Key("Ctrl+Page Down", "Next part", sequences=("Ctrl+PgDown",)),
    Key("Ctrl+Page Up", "Previous part", sequences=("Ctrl+PgUp",)),
    READ_BACK,
    *BY_PARAGRAPH,
    *FORM,
)
LIST = (Key("Arrows", "Move"), Key("Enter", "Open"))
NEXT_TAB = Key("Ctrl+Tab", "Next tab")
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
HANDOVER = (
    *LIST,
    Key("Ctrl+Enter", "Accept an item", sequences=("Ctrl+Return", "Ctrl+Enter"), writes=HANDOVER_KIND.name),
    Key("Ctrl+H", "Hand an item to somebody", writes=HANDOVER_KIND.name),
    Key("Ctrl+P", "Print this record, or save it as PDF"),
)
HAND_OVER = (
    Key("Arrows", "Move"),
    Key("Enter", "Open the record of an item"),
    Key("Alt+Up", "Move an item up"),
    Key("Alt+Down", "Move an item down"),
    Key("Ctrl+H", "Say whom an item is for"),
    Key("Ctrl+Enter", "Publish", sequences=("Ctrl+Return", "Ctrl+Enter")),
    Key("Ctrl+S", "Save and close"),
)
FIND = Key("Ctrl+F", "Find words in these records")
CARER = (*RECORD, FIND, NEXT_TAB)
ACTIONS = (*LIST, Key("Space", "Tick an action, or take the tick back"))
NOT_HOME = Key("Ctrl+G", "Child not home: begin the guide, or open it", writes=MISSING_EPISODE.name)
ON_CALL = (
    Key("Arrows", "Move between children, contacts or follow-ups"),
    Key("Enter", "Open"),
    Key("Space", "Tick a follow-up", writes=ACTION.name),
    Key("Ctrl+C", "Copy the number of a child’s carer"),
    NOT_HOME,
)
SINCE = (
    Key("Arrows", "Move between children, contacts or what is due"),
    Key("Enter", "Open"),
    Key("Ctrl+C", "Copy the number of a child’s carer"),
    NOT_HOME,
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
DUE = (
    Key("Arrows", "Move between households and dates"),
    Key("Enter", "Open the record behind a date"),
    Key("Ctrl+Enter", "Start a visit", sequences=("Ctrl+Return", "Ctrl+Enter"), writes=VISIT.name),
    Key("F1", "How a date is worked out"),
    Key("Ctrl+P", "Print the list"),
    NEXT_TAB,
)
LOG_CONTACT = (
    Key("Alt+1 to Alt+7", "Go to a question", sequences=tuple(f"Alt+{number}" for number in range(1, 8))),
    Key("Alt+8", "More about this call"),
    Key("Alt+0", "Go to the child’s card"),
    Key("Alt+P", "Add advice from the safety plan"),
    MAKE_INCIDENT,
    *FORM,
)
CHILD = (
    *LIST,
    Key("Ctrl+E", "Amend this record", writes=CHILD_KIND.name),
    Key("Ctrl+P", "Print this record, or save it as PDF"),
    FIND,
    NEXT_TAB,
    Key("Ctrl+C", "Copy a number, in People"),
    NOT_HOME,
)
MISSING_GUIDE = (
    Key("Ctrl+R", "Read the pack out to the police"),
    Key("Ctrl+B", "Enter that the child is back", writes=MISSING_EPISODE.name),
    Key("Arrows", "Move between steps"),
    Key("Enter", "Open a step"),
    Key("Ctrl+Enter", "Write down the open step", writes=MISSING_EPISODE.name),
    Key("Ctrl+P", "Print the page for the police, or save it as PDF"),
    Key("Ctrl+E", "Amend this record"),
)
READ_IT_OUT = (
    Key("Down", "Read, next line"),
    Key("Up", "Back a line"),
    Key("Ctrl+P", "Print these lines for the police, or save them as PDF"),
    Key("Ctrl+Enter", "All read", writes=MISSING_EPISODE.name),
)
SYNC = (
    Key("Arrows", "Choose a version in each part"),
    Key("Ctrl+Enter", "Keep what you chose", sequences=("Ctrl+Return", "Ctrl+Enter")),
)
COUNTERSIGN = (
    Key("Arrows", "Move through the list or the paragraphs"),
    Key("Ctrl+M", "Comment on the paragraph"),
    Key("Ctrl+Enter", "Do what the filled button says", sequences=("Ctrl+Return", "Ctrl+Enter")),
    Key("Ctrl+Page Down", "Go to the next record", sequences=("Ctrl+PgDown",)),
    Key("Ctrl+E", "Amend what was returned to you"),
)
CONSULTATIONS = (
    *LIST,
    Key("Ctrl+Shift+N", "New consultation", writes=CONSULTATION.name),
    *RECORD,
)
DRAFTS = (Key("Arrows", "Move"), Key("Enter", "Carry on with a draft"))
