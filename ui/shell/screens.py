"""Which page a place opens, and where the window was when it was left.

A page's module is imported when it is first opened, so that the first screen does not wait for the others. Must not show
anything: the window does.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from hipss_desktop.services.ports import Draft
from hipss_desktop.views.desk import Desk
from ui.base.page import Context, Page

LISTS = {"children": "child", "carers": "carer", "actions": "action", "contacts": "contact"}
RAILS = {kind: place for place, kind in LISTS.items() if kind != "contact"}
"""The rail item of a kind of record: its list."""
KEPT = frozenset({"on_call", "children", "carers", "actions"})
"""Places whose page lives as long as the window; every other page is made anew each time."""

_WITH_RECORD = frozenset({"child", "carer", "record"})
_WITHOUT = KEPT | {"contacts", "drafts", "sync"}


@dataclass(frozen=True)
class Stop:
    """A place to go and what to open there."""

    place: str
    what: dict[str, Any] = field(default_factory=dict)


def build(context: Context, stop: Stop) -> Page:
    """The page of a place. Raises KeyError for a place that is none."""
    place, what = stop.place, stop.what
    if place == "on_call":
        from ui.on_call.on_call_page import OnCallPage

        return OnCallPage(context)
    if place in LISTS:
        from ui.records.list_page import ListPage

        return ListPage(context, kind=LISTS[place])
    if place == "child":
        from ui.children.child_page import ChildPage

        return ChildPage(context, record=what["record"])
    if place in ("carer", "record"):
        from ui.records.record_page import RecordPage

        return RecordPage(context, record=what["record"])
    if place == "log_contact":
        from ui.contacts.log_contact import LogContactPage

        return LogContactPage(
            context, draft=what.get("draft"), caller=what.get("caller"), child=what.get("child") or ""
        )
    if place == "record_form":
        from ui.records.form_page import RecordFormPage

        return RecordFormPage(context, draft=what["draft"])
    if place == "drafts":
        from ui.records.drafts import DraftsPage

        return DraftsPage(context)
    if place == "sync":
        from ui.sync.sync_centre import SyncCentrePage

        return SyncCentrePage(context, record=what.get("record") or "")
    raise KeyError(place)


def warm() -> None:
    """Imports what Ctrl+N and Ctrl+K open, once the first screen is there."""
    import ui.contacts.log_contact
    import ui.shell.palette  # noqa: F401


def draft_stop(draft: Draft) -> Stop:
    """Where a draft is carried on with."""
    return Stop("log_contact" if draft.kind == "contact" else "record_form", {"draft": draft})


def call_runs(draft: Draft) -> bool:
    """Whether a draft's call timer was started and not ended."""
    return bool(draft.call.get("started")) and not draft.call.get("ended")


def remembered(stop: Stop, page: Page) -> str:
    """A place as it is kept in the store, to be opened again after a lock."""
    draft = getattr(page, "draft", None)
    record = draft.record if isinstance(draft, Draft) else str(stop.what.get("record") or "")
    return json.dumps({"place": stop.place, "record": record})


def reopened(desk: Desk) -> Stop:
    """Where to begin: a call that was cut off comes first, then the place that was open, else the on-call screen."""
    running = next((each for each in desk.store.drafts() if each.kind == "contact" and call_runs(each)), None)
    if running is not None:
        return draft_stop(running)
    try:
        kept = json.loads(desk.store.setting("open_page") or "{}")
        place, record = str(kept.get("place")), str(kept.get("record") or "")
    except (ValueError, AttributeError):
        return Stop("on_call")
    if place in ("log_contact", "record_form") and record:
        draft = desk.store.draft(record)
        return draft_stop(draft) if draft is not None else Stop("on_call")
    if place in _WITH_RECORD and desk.store.get(record) is not None:
        return Stop(place, {"record": record})
    return Stop(place) if place in _WITHOUT else Stop("on_call")
