"""Unfinished drafts in words, for lists and notices: a name, what is missing, when it was saved.

A question that was being answered is named by its button and its record: "Done: Ring Jo Preece back".

Must not change a draft.
"""

from dataclasses import dataclass
from datetime import datetime

from hipss_desktop import times
from hipss_desktop.kinds.action import HANDED_OVER
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.questions import ADD, DECIDE, MOVE, WITHDRAW, parted
from hipss_desktop.services.reading_back import READ_BACK, SIGN
from hipss_desktop.views.actions import STEPS
from hipss_desktop.views.names import draft_name, title
from hipss_desktop.views.services import Services

UNKNOWN_KIND = "Update the program to go on with it"
"""The missing part of a draft of a kind that only a newer program knows: it is kept and listed."""

NOT_GIVEN = "Nothing was changed yet"
"""The missing part of a question: its answer was not given."""
PRESSES = {WITHDRAW: "Withdraw", DECIDE: "Decide between versions", READ_BACK: "Read back", SIGN: "Sign"}


@dataclass(frozen=True)
class DraftWords:
    """A draft as lists show it."""

    draft: Draft
    name: str
    missing: str
    saved: str


def read_drafts(services: Services) -> tuple[DraftWords, ...]:
    """All unfinished drafts, newest first."""
    return tuple(
        DraftWords(
            draft=draft,
            name=", ".join(filter(None, (_name(services, draft), _about(services, draft)))),
            missing=_missing(services, draft),
            saved=times.since(times.instant(draft.saved), services.clock()) if draft.saved else "",
        )
        for draft in services.store.drafts()
    )


def _name(services: Services, draft: Draft) -> str:
    record = services.store.get(draft.record) if draft.question else None
    if not draft.question:
        return draft_name(draft.kind, draft.fields)
    return f"{_press(draft, record)}: {title(record) if record is not None else draft_name(draft.kind, {})}"


def _press(draft: Draft, record: Record | None) -> str:
    """The words of the button that asks a draft's question."""
    does, to = parted(draft.question)
    kind = KINDS.get(draft.kind)
    if kind is not None and does == ADD and to in kind.by_name:
        return STEPS[to] if to == HANDED_OVER else kind.by_name[to].adds
    stage = kind.stage_named(to) if kind is not None and does == MOVE else None
    if kind is None or stage is None:
        return PRESSES.get(does, "Change")
    return (stage.press(kind.stage_of(kind.of(record))) if record is not None else "") or stage.verb


def _missing(services: Services, draft: Draft) -> str:
    if draft.kind not in KINDS:
        return UNKNOWN_KIND
    return NOT_GIVEN if draft.question else missing_words(len(services.records.problems(draft)))


def _about(services: Services, draft: Draft) -> str:
    """The people whom a draft is about, by name, '' if it names nobody."""
    kind = KINDS.get(draft.kind)
    record = services.store.get(draft.record) if draft.question else None
    return services.names.about(kind, record.fields if record is not None else draft.fields) if kind else ""


def finished_words(draft: Draft, at: datetime, did: str = "") -> str:
    """The confirmation that a draft was finished: "Contact from Jo Preece finished 02:17".

    ``did`` is what was done to the record if it was not just finished or amended: "written up".
    """
    kind = KINDS[draft.kind]
    record, label = kind.read(draft.fields), kind.short_label or kind.label
    caller, title = str(getattr(record, "caller_name", "")).strip(), kind.title(draft.fields)
    name = f"{label} from {caller}" if caller else f"{label}, {title}," if title != label else label
    did = did or ("amended" if draft.parents else kind.finished_as)
    return f"{name} {did} {times.clock_time(at)}"


def missing_words(count: int) -> str:
    """How much a draft still needs, "2 things missing"; "Ready to finish" if nothing."""
    if count == 0:
        return "Ready to finish"
    return "1 thing missing" if count == 1 else f"{count} things missing"
