"""What the lists of children, carers, actions and contacts say in each row, read a page at a time.

One entry in ``LISTS`` is a list: its columns, its pages, its words. Runs on a reader thread; must not draw anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hipss_desktop import times
from hipss_desktop.kinds import carer as carers
from hipss_desktop.kinds import child as children
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.calls import first_words
from hipss_desktop.services.ports import Record, SyncState, unique
from hipss_desktop.views.desk import Desk
from ui.parts import Cell, TagSpec
from ui.records.timeline import STATE_WORDS, spec

PAGE = 60
"""Rows fetched at a time."""
MOST_FOUND = 100
"""The most that a filter shows; more words find fewer."""


@dataclass(frozen=True)
class ListRow:
    """One row: the record it opens, what the next page is asked for after, and its cells."""

    record: str
    after: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in pixels at 100 % text size (0 takes what is left), and how soon it goes.

    Where there is no room for all, the columns with the highest ``goes`` go first; 0 stays.
    """

    heading: str
    width: int
    goes: int = 0


Fetch = Callable[[Desk, str, str, int | None], Sequence[ListRow]]
"""From the words typed, the choice made and the last row's ``after`` (None for the first page) to the next rows."""


@dataclass(frozen=True)
class Listing:
    """A list: what it is called, what it shows, and what it says when there is nothing."""

    kind: str
    title: str
    place: str
    rail: str
    columns: tuple[Column, ...]
    fetch: Fetch
    new: str
    filter_words: str
    nothing: tuple[str, str]
    choices: tuple[tuple[str, str], ...] = field(default=())


def _sync(state: SyncState) -> Cell:
    needs = state == "needs_you"
    return Cell(STATE_WORDS[state], strong=needs, tone="amber" if needs else "muted", icon="alert" if needs else "")


def _people(desk: Desk, kind: str, typed: str, before: int | None) -> list[tuple[int, Record]]:
    """The next people of a kind by name, numbered by their place; people are few and held in memory."""
    found = desk.people.of_kind(kind)
    if typed.strip():
        order = list(dict.fromkeys(each.record for each in desk.people.find(typed, kinds=(kind,), limit=MOST_FOUND)))
        found = [each for record in order if (each := desk.people.record(record)) is not None]
    start = 0 if before is None else before + 1
    return list(enumerate(found))[start : start + PAGE]


def child_rows(desk: Desk, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Children by name, with where they are tonight and how things stand."""
    now = desk.clock()
    today, tonight = times.local_day(now), times.tonight(now)
    rows = []
    shown = _people(desk, "child", typed, before)
    named = [each.record for _, each in shown]
    cards, states = desk.contacts.cards(named), desk.timelines.worst_states(named)
    stands = {each.record: each.status for each in desk.on_call.children(now, only=named)}
    for place, each in shown:
        card = cards.get(each.record)
        placed = desk.people.placement_of(each.record, tonight)
        household = desk.people.record(placed.carer) if placed else None
        age = children.age(each.fields, today)
        how = stands.get(each.record) or (card.status if card else None)
        status = (spec(how),) if how else ()
        last = card.last_contacts[0].when if card and card.last_contacts else ""
        phone = carers.main_phone(household.fields) if household else str(each.fields.get("phone") or "")
        cells = (
            Cell(children.short_name(each.fields), strong=True),
            Cell("" if age is None else str(age)),
            Cell(str(each.fields.get("local_id") or ""), ids=True),
            Cell(desk.people.name(placed.carer) if placed else "Not placed here", tone="ink" if placed else "muted"),
            Cell(tags=status),
            Cell(phone, strong=True),
            Cell(last),
            _sync(states[each.record]),
        )
        rows.append(ListRow(each.record, place, cells))
    return rows


def carer_rows(desk: Desk, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Households by name, with who sleeps there tonight."""
    tonight = times.tonight(desk.clock())
    rows = []
    for place, each in _people(desk, "carer", typed, before):
        placed = [desk.people.name(one.child) for one in desk.people.children_with(each.record, tonight)]
        held = each.fields.get("places")
        places = f"{len(placed)} of {held}" if isinstance(held, int) else str(len(placed))
        status = str(each.fields.get("status") or "")
        quiet = status in ("", "approved")
        words = code_list("carer_status").label(status)
        cells = (
            Cell(desk.people.name(each.record), strong=True),
            Cell(carers.main_phone(each.fields), strong=True),
            Cell(", ".join(name for name in placed if name)),
            Cell(places, spoken=f"{places} places taken"),
            Cell(words if quiet else "", tags=() if quiet else (TagSpec("clock", words, "neutral"),)),
            _sync(each.state),
        )
        rows.append(ListRow(each.record, place, cells))
    return rows


def action_rows(desk: Desk, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Open actions by when they are due, or all of them, newest first."""
    if typed.strip():
        found = _found(desk, "action", typed, before)
        if choice == "open":
            found = [each for each in found if each.fields.get("state", "open") in ("open", "")]
    elif choice == "open":
        found = desk.store.open_actions(limit=MOST_FOUND) if before is None else []
    else:
        found = desk.store.records_of("action", before=before, limit=PAGE)
    now = desk.clock()
    return [_action(desk, each, now) for each in found]


def _action(desk: Desk, each: Record, now: datetime) -> ListRow:
    fields = each.fields
    due = times.epoch_ms(str(fields.get("due") or ""))
    moment = times.of_ms(due) if due else None
    open_now = fields.get("state", "open") in ("open", "") and not each.withdrawn
    late: tuple[TagSpec, ...] = ()
    if open_now and moment is not None and moment < now:
        late = (TagSpec("clock", f"Overdue {times.duration(now - moment)}", "amber"),)
    if each.withdrawn:
        late = (TagSpec("xc", "Withdrawn", "neutral"),)
    about = [desk.people.name(str(fields.get(name) or "")) for name in ("child", "carer")]
    return ListRow(
        each.record,
        each.id,
        (
            Cell(KINDS["action"].title(fields), strong=open_now),
            Cell(next((name for name in about if name), "")),
            Cell(str(fields.get("owner") or "")),
            Cell(times.since(moment, now) if moment else ""),
            Cell(code_list("action_state").label(str(fields.get("state") or "open")), tags=late),
            _sync(each.state),
        ),
    )


def contact_rows(desk: Desk, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Contacts, newest first."""
    newest = partial(desk.store.records_of, "contact", before=before, limit=PAGE)
    found = _found(desk, "contact", typed, before) if typed.strip() else newest()
    return [_contact(desk, each) for each in found]


def _contact(desk: Desk, each: Record) -> ListRow:
    fields = each.fields
    moment = times.of_ms(each.at)
    outcome = code_list("contact_outcome").get(str(fields.get("outcome") or ""))
    tags: list[TagSpec] = []
    if each.withdrawn:
        tags.append(TagSpec("xc", "Withdrawn", "neutral"))
    elif outcome is not None and outcome.more.get("tone", "neutral") == "risk":
        tags.append(TagSpec(outcome.more.get("icon") or "alert", outcome.label, "risk"))
    words = "" if tags or outcome is None else outcome.label
    named = ", ".join(desk.people.name(str(child)) for child in fields.get("children") or [])
    return ListRow(
        each.record,
        each.id,
        (
            Cell(f"{times.short_day(times.local_day(moment))} {times.local(moment).year}, {times.clock_time(moment)}"),
            Cell(str(fields.get("caller_name") or "") or KINDS["contact"].title(fields), strong=True),
            Cell(named),
            Cell(first_words(fields)),
            Cell(words, tags=tuple(tags)),
            _sync(each.state),
        ),
    )


def _found(desk: Desk, kind: str, typed: str, before: int | None) -> list[Record]:
    """The records of a kind in which the words occur, and those that name somebody whose name begins so."""
    if before is not None:
        return []
    plain = typed.strip().casefold()
    found = [each for each in desk.store.search(typed, limit=MOST_FOUND) if each.kind == kind]
    for person in desk.people.find(typed, kinds=("child", "carer"), limit=3):
        if any(word.startswith(plain) for name in person.found_by for word in (name, *name.split())):
            found += desk.store.records_about(person.record, kind=kind, limit=MOST_FOUND)
    return sorted(unique(found), key=lambda each: -each.id)[:MOST_FOUND]


LISTS: Mapping[str, Listing] = {
    each.kind: each
    for each in (
        Listing(
            "child", "Children", "child", "children",
            (
                Column("Name", 130), Column("Age", 64, 4), Column("Number", 120, 3), Column("Placed with", 0, 1),
                Column("Now", 200), Column("Phone", 140), Column("Last contact", 130, 2), Column("Sync", 104, 5),
            ),
            child_rows, "New child", "Filter by name, number or phone",
            ("No children here yet", "They come from the council with the first sync, or add one."),
        ),
        Listing(
            "carer", "Carers", "carer", "carers",
            (
                Column("Household", 220), Column("Phone", 150), Column("Children placed", 0),
                Column("Places", 90, 2), Column("Status", 160, 1), Column("Sync", 104, 3),
            ),
            carer_rows, "New carer household", "Filter by name or phone",
            ("No carer households here yet", "They come from the council with the first sync, or add one."),
        ),
        Listing(
            "action", "Actions", "record", "actions",
            (
                Column("What", 0), Column("About", 150, 1), Column("Owner", 130, 2), Column("Due", 130),
                Column("State", 230), Column("Sync", 104, 3),
            ),
            action_rows, "New action", "Find words in actions",
            ("Nothing to do", "Follow-ups of contacts come here, and actions you add."),
            (("open", "Open"), ("all", "All")),
        ),
        Listing(
            "contact", "Contacts", "record", "",
            (
                Column("Time", 190), Column("From", 160), Column("Child", 110, 1), Column("About", 0),
                Column("Outcome", 150, 2), Column("Sync", 104, 3),
            ),
            contact_rows, "Log a contact", "Find words in contacts",
            ("No contacts yet", "When a carer rings, press Ctrl+N to log it as you talk."),
        ),
    )
}  # fmt: skip
