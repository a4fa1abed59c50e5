"""What the lists of children, carers, actions and contacts say in each row, read a page at a time.

One entry in ``LISTS`` is a list: its columns, its pages, its words. Runs on a reader thread; must not draw anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, is_open
from hipss_desktop.kinds.carer import CARER, main_phone
from hipss_desktop.kinds.child import CHILD, age, short_name
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.ports import Record, SyncState, unique
from hipss_desktop.views.desk import Desk
from ui.base.sync_words import SYNC_WORDS
from ui.parts import Cell, TagSpec
from ui.records.timeline import spec

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
    return Cell(SYNC_WORDS[state].row, strong=needs, tone="amber" if needs else "muted", icon="alert" if needs else "")


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
    cards, states = desk.child_cards.cards(named), desk.timelines.worst_states(named)
    stands = {each.record: each.status for each in desk.on_call.children(now, only=named)}
    for place, each in shown:
        card = cards.get(each.record)
        placed = desk.people.placement_of(each.record, tonight)
        household = desk.people.record(placed.carer) if placed else None
        child = CHILD.of(each)
        years = age(child, today)
        how = stands.get(each.record) or (card.status if card else None)
        status = (spec(how),) if how else ()
        last = card.last_contacts[0].when if card and card.last_contacts else ""
        phone = main_phone(CARER.of(household)) if household else child.phone
        cells = (
            Cell(short_name(child), strong=True),
            Cell("" if years is None else str(years)),
            Cell(child.local_id, ids=True),
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
        household = CARER.of(each)
        places = f"{len(placed)} of {household.places}" if household.places is not None else str(len(placed))
        quiet = household.status in ("", "approved")
        words = code_list("carer_status").label(household.status)
        cells = (
            Cell(desk.people.name(each.record), strong=True),
            Cell(main_phone(household), strong=True),
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
            found = [each for each in found if is_open(ACTION.of(each))]
    elif choice == "open":
        found = desk.store.records_due("action", limit=MOST_FOUND) if before is None else []
    else:
        found = desk.store.records_of("action", before=before, limit=PAGE)
    now = desk.clock()
    return [_action(desk, each, now) for each in found]


def _action(desk: Desk, each: Record, now: datetime) -> ListRow:
    action = ACTION.of(each)
    moment = action.due
    open_now = is_open(action) and not each.withdrawn
    late: tuple[TagSpec, ...] = ()
    if open_now and moment is not None and moment < now:
        late = (TagSpec("clock", f"Overdue {times.duration(now - moment)}", "amber"),)
    if each.withdrawn:
        late = (TagSpec("xc", "Withdrawn", "neutral"),)
    about = [desk.people.name(named) for named in (action.child, action.carer)]
    return ListRow(
        each.record,
        each.id,
        (
            Cell(ACTION.title_from(action), strong=open_now),
            Cell(next((name for name in about if name), "")),
            Cell(action.owner),
            Cell(times.since(moment, now) if moment else ""),
            Cell(ACTION.stage_label(ACTION.stage_of(each.fields)), tags=late),
            _sync(each.state),
        ),
    )


def contact_rows(desk: Desk, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Contacts, newest first."""
    newest = partial(desk.store.records_of, "contact", before=before, limit=PAGE)
    found = _found(desk, "contact", typed, before) if typed.strip() else newest()
    return [_contact(desk, each) for each in found]


def _contact(desk: Desk, each: Record) -> ListRow:
    contact = CONTACT.of(each)
    moment = times.of_ms(each.at)
    outcome = code_list("contact_outcome").get(contact.outcome)
    tags: list[TagSpec] = []
    if each.withdrawn:
        tags.append(TagSpec("xc", "Withdrawn", "neutral"))
    elif outcome is not None and outcome.more.get("tone", "neutral") == "risk":
        tags.append(TagSpec(outcome.more.get("icon") or "alert", outcome.label, "risk"))
    words = "" if tags or outcome is None else outcome.label
    named = ", ".join(desk.people.name(child) for child in contact.children)
    return ListRow(
        each.record,
        each.id,
        (
            Cell(f"{times.short_day(times.local_day(moment))} {times.local(moment).year}, {times.clock_time(moment)}"),
            Cell(contact.caller_name or CONTACT.title_from(contact), strong=True),
            Cell(named),
            Cell(first_words(contact)),
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
