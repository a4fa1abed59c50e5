"""What was begun and not finished, as lists and notices say it: a name, what is missing, when it was saved.

Must not change a draft.
"""

from dataclasses import dataclass
from datetime import datetime

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.services.ports import Draft
from hipss_desktop.views.desk import Desk
from hipss_desktop.views.names import draft_name

UNKNOWN_KIND = "Update the program to go on with it"
"""What is missing where a newer program began a draft of a kind that is not known here: it is kept and listed."""


@dataclass(frozen=True)
class DraftWords:
    """A draft as lists show it."""

    draft: Draft
    name: str
    missing: str
    saved: str


def read_drafts(desk: Desk) -> tuple[DraftWords, ...]:
    """Everything that was begun and not finished, newest first."""
    return tuple(
        DraftWords(
            draft=each,
            name=", ".join([draft_name(each.kind, each.fields), *_children(desk, each)]),
            missing=missing_words(len(desk.records.problems(each))) if each.kind in KINDS else UNKNOWN_KIND,
            saved=times.since(times.instant(each.saved), desk.clock()) if each.saved else "",
        )
        for each in desk.store.drafts()
    )


def _children(desk: Desk, draft: Draft) -> list[str]:
    """The names of the children that a draft is about."""
    kind = KINDS.get(draft.kind)
    found = kind.references(draft.fields) if kind else ()
    named = dict.fromkeys(each.record for each in found if each.field.options.names == CHILD.name)
    return [name for record in named if (name := desk.people.name(record))]


def finished_words(draft: Draft, at: datetime) -> str:
    """What confirms that a draft was finished: "Contact from Jo Preece finished 02:17"."""
    kind = KINDS[draft.kind]
    record, label = kind.read(draft.fields), kind.short_label or kind.label
    caller, title = str(getattr(record, "caller_name", "")).strip(), kind.title(draft.fields)
    name = f"{label} from {caller}" if caller else f"{label}, {title}," if title != label else label
    return f"{name} {'amended' if draft.parents else 'finished'} {times.clock_time(at)}"


def missing_words(count: int) -> str:
    """How much a draft still needs, "2 things missing"; "Ready to finish" when nothing."""
    if count == 0:
        return "Ready to finish"
    return "1 thing missing" if count == 1 else f"{count} things missing"
