"""What was begun and not finished, as lists and notices say it: a name, what is missing, when it was saved.

Must not change a draft.
"""

from dataclasses import dataclass

from hipss_desktop import times
from hipss_desktop.services.ports import Draft
from hipss_desktop.views.desk import Desk
from hipss_desktop.views.names import draft_name


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
            missing=missing_words(len(desk.records.problems(each))),
            saved=times.since(times.instant(each.saved), desk.clock()) if each.saved else "",
        )
        for each in desk.store.drafts()
    )


def _children(desk: Desk, draft: Draft) -> list[str]:
    found = [desk.people.name(str(each)) for each in draft.fields.get("children") or []]
    return [name for name in found if name]


def missing_words(count: int) -> str:
    """How much a draft still needs, "2 things missing"; "Ready to finish" when nothing."""
    if count == 0:
        return "Ready to finish"
    return "1 thing missing" if count == 1 else f"{count} things missing"
