"""The lists whose rows say more than the kind's fields, such as who sleeps where and what is late.

They are those of children, carers, actions, contacts, series and training. A list of another kind is made from
its description (``ui.records.listing``). Runs on a reader thread; must not draw anything.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, DONE, OPEN, OWNED_BY, Action, index_terms, is_open, offered
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.child import CHILD, age_words, short_name
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.kinds.series import SERIES
from hipss_desktop.kinds.training import TRAINING, is_of, length, topic_words
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.training import hours_words
from hipss_desktop.services.ports import Record
from hipss_desktop.views.actions import Answers, due_words, overdue_words, owner_name
from hipss_desktop.views.carer import where
from hipss_desktop.views.consultations import quarter_words
from hipss_desktop.views.numbers import Number, one_or_other
from hipss_desktop.views.services import Services
from hipss_desktop.views.session import came_words
from ui.parts import Cell, TagSpec
from ui.records.listing import (
    ALL,
    PAGE,
    Column,
    Listing,
    ListRow,
    Narrowing,
    found_by_words,
    made_from,
    people_page,
    records_page,
    stage_choices,
    sync_cell,
)
from ui.records.timeline import spec
from ui.records.undecided import TWO_VERSIONS


def phone_cell(numbers: Sequence[Number]) -> Cell:
    """The cell of a number to ring; if there are two versions it only says so, because a column is too narrow for both."""
    if len(numbers) > 1:
        return Cell(tags=(TWO_VERSIONS,), spoken=f"two versions, {one_or_other(numbers)}")
    return Cell(one_or_other(numbers), strong=True)


def child_rows(services: Services, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Children by name, with where they are tonight and their status."""
    now = services.clock()
    today, tonight = times.local_day(now), times.tonight(now)
    rows = []
    shown = people_page(services, CHILD.name, typed, "", before)
    named = [record.record for _, record in shown]
    cards, states = services.child_cards.cards(named), services.timelines.worst_states(named)
    stands = {placed_child.record: placed_child.status for placed_child in services.on_call.children(now, only=named)}
    for place, record in shown:
        card = cards.get(record.record)
        placed = services.people.placement_of(record.record, tonight)
        household = services.people.record(placed.carer) if placed else None
        child = CHILD.of(record)
        how = stands.get(record.record) or (card.status if card else None)
        status = (spec(how),) if how else ()
        last = card.last_contacts[0].when if card and card.last_contacts else ""
        own = (Number(short_name(child), child.phone),) if child.phone else ()
        numbers = services.household_numbers.first(household) if household else own
        cells = (
            Cell(short_name(child), strong=True),
            Cell(age_words(child, today)),
            Cell(child.local_id, ids=True),
            Cell(
                services.people.name(placed.carer) if placed else "Not placed here", tone="ink" if placed else "muted"
            ),
            Cell(tags=status),
            phone_cell(numbers),
            Cell(last),
            sync_cell(states[record.record]),
        )
        rows.append(ListRow(record.record, place, cells))
    return rows


def carer_rows(services: Services, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Households by name, with the children who sleep there tonight and those who are away."""
    tonight = times.tonight(services.clock())
    rows = []
    for place, record in people_page(services, CARER.name, typed, "", before):
        placed = [
            services.people.name(placement.child) for placement in services.people.children_with(record.record, tonight)
        ]
        away = [
            f"{services.people.name(placement.child)} ({where(services.people, placement)})"
            for placement in services.people.away_from(record.record, tonight)
        ]
        household = CARER.of(record)
        places = f"{len(placed)} of {household.places}" if household.places is not None else str(len(placed))
        quiet = household.status in ("", "approved")
        words = code_list("carer_status").label(household.status)
        cells = (
            Cell(services.people.name(record.record), strong=True),
            phone_cell(services.household_numbers.first(record)),
            Cell(", ".join(name for name in (*placed, *away) if name)),
            Cell(places, spoken=f"{places} places taken"),
            Cell(words if quiet else "", tags=() if quiet else (TagSpec("clock", words, "neutral"),)),
            sync_cell(record.state),
        )
        rows.append(ListRow(record.record, place, cells))
    return rows


STATE = 5
"""The place of the state among an action's cells."""
MINE, TEAM, DUE, OVERDUE = "mine", "team", "due", "overdue"
"""Choices of open actions: this person's, their team's, those due today, overdue ones."""


def action_rows(services: Services, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """The chosen actions by due time, the most overdue first and closed ones last."""
    now = services.clock()
    owners = services.action_views.owner_terms(team=choice == TEAM) if choice in (MINE, TEAM) else []
    if typed.strip():
        stage = "" if choice == ALL else DONE if choice == DONE else OPEN
        matches = found_by_words(services, ACTION, typed, stage) if before is None else []
        records = [record for record in matches if _is_chosen(record, choice, owners, now)]
        records.sort(key=_by_due)
    elif choice == DONE:
        records = services.store.records_of(ACTION.name, stage=DONE, before=before, limit=PAGE)
    else:
        records = services.store.records_due(
            ACTION.name,
            named=(OWNED_BY, owners) if choice in (MINE, TEAM) else None,
            others=choice == ALL,
            since=times.ms(now) if choice == DUE else None,
            until={DUE: _end_of_today(now), OVERDUE: times.ms(now)}.get(choice),
            after=before,
            limit=PAGE,
        )
    return [action_row(services, record, now) for record in records]


def _end_of_today(now: datetime) -> int:
    """The last moment of the local day, in milliseconds since 1970."""
    return times.ms(times.at_local(times.local_day(now) + timedelta(days=1), time())) - 1


def _is_chosen(record: Record, choice: str, owners: Collection[str], now: datetime) -> bool:
    """Whether an action that was found by words belongs to the choice."""
    action = ACTION.of(record)
    if choice in (MINE, TEAM):
        return any(term.person in owners for term in index_terms(action))
    if choice in (DUE, OVERDUE):
        late = action.due is not None and action.due <= now
        today = action.due is not None and times.ms(action.due) <= _end_of_today(now)
        return late if choice == OVERDUE else today and not late
    return True


def _by_due(record: Record) -> tuple[bool, int]:
    """Sort key of an action: open ones first, earliest first; closed ones newest first. ``id`` encodes the time in lists."""
    goes_on = is_open(ACTION.of(record)) and not record.withdrawn
    return not goes_on, record.id if goes_on else -record.id


def action_row(services: Services, record: Record, now: datetime) -> ListRow:
    """The row of an action."""
    action = ACTION.of(record)
    open_now = is_open(action) and not record.withdrawn
    late = overdue_words(action, now) if open_now else ""
    tags = (TagSpec("clock", late, "amber"),) if late else ()
    if record.withdrawn:
        tags = (TagSpec("xc", "Withdrawn", "neutral"),)
    state = ACTION.stage_label(ACTION.stage_of(action))
    says_state = () if record.withdrawn else (state,)
    about = [services.people.name(named) for named in (action.child, action.carer)]
    ring = services.action_views.ring(record) if open_now else None
    return ListRow(
        record.record,
        record.id,
        (
            Cell(ACTION.title_from(action), strong=open_now),
            Cell(next((name for name in about if name), "")),
            _ring_cell(ring),
            _owner_cell(services, action, open_now=open_now),
            Cell(due_words(action, now)),
            Cell("" if tags else state, tags=tags, spoken=", ".join((*says_state, *(tag.words for tag in tags)))),
            sync_cell(record.state),
        ),
    )


def _owner_cell(services: Services, action: Action, *, open_now: bool) -> Cell:
    """The cell with an action's owner, and the person it was handed to who has not accepted it yet."""
    waiting, whose = offered(action) if open_now else None, owner_name(action, services.people.name)
    if waiting is None:
        return Cell(whose)
    words = f"handed to {waiting.name}, not accepted yet"
    return Cell(f"{whose} → {waiting.name}?".strip(), spoken=f"{whose}, {words}" if whose else words)


def _ring_cell(ring: Answers | None) -> Cell:
    """The cell with the person to ring about an action, and the number."""
    if ring is None:
        return Cell()
    spoken = f"{ring.who}, {ring.number}"
    if len(ring.numbers) > 1:
        return Cell(ring.who, strong=True, tags=(TWO_VERSIONS,), spoken=spoken)
    return Cell(ring.words, strong=True, spoken=spoken)


def closed_here(row: ListRow, state: str) -> ListRow:
    """The row of an action that was closed here: struck through, with its state, and without the overdue tag.

    Its sync state is left out, because the row was read before the action was closed.
    """
    cells = [msgspec.structs.replace(cell, struck=True, strong=False, tags=()) for cell in row.cells]
    cells[STATE], cells[-1] = Cell(state, icon="check"), Cell()
    return ListRow(row.record, row.after, tuple(cells))


def contact_rows(services: Services, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Contacts, newest first."""
    return [_contact(services, record) for record in records_page(services, CONTACT, typed, "", before)]


def _contact(services: Services, record: Record) -> ListRow:
    contact = CONTACT.of(record)
    moment = times.of_ms(record.at)
    outcome = code_list("contact_outcome").get(contact.outcome)
    tags: list[TagSpec] = []
    if record.withdrawn:
        tags.append(TagSpec("xc", "Withdrawn", "neutral"))
    elif outcome is not None and outcome.more.get("tone", "neutral") == "risk":
        tags.append(TagSpec(outcome.more.get("icon") or "alert", outcome.label, "risk"))
    words = "" if tags or outcome is None else outcome.label
    named = ", ".join(services.people.name(child) for child in contact.children)
    return ListRow(
        record.record,
        record.id,
        (
            Cell(f"{times.short_day(times.local_day(moment))} {times.local(moment).year}, {times.clock_time(moment)}"),
            Cell(contact.caller_name or CONTACT.title_from(contact), strong=True),
            Cell(named),
            Cell(first_words(contact)),
            Cell(words, tags=tuple(tags)),
            sync_cell(record.state),
        ),
    )


def training_rows(services: Services, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Training sessions, newest first, with how many people came and how long each lasted."""
    stage = "" if choice == ALL else choice
    return [_session(services, record) for record in records_page(services, TRAINING, typed, stage, before)]


def narrowed_training_rows(services: Services, typed: str, choice: str, narrowed: Sequence[str]) -> list[ListRow]:
    """The sessions of a topic and a quarter, newest first."""
    topic, quarter = narrowed
    stage = "" if choice == ALL else choice
    records = (
        found_by_words(services, TRAINING, typed, stage)
        if typed.strip()
        else services.store.records_of(TRAINING.name, stage=stage)
    )
    return [_session(services, record) for record in records if is_of(TRAINING.of(record), topic, quarter)]


def _topics(services: Services) -> list[tuple[str, str]]:
    return [(code.code, code.label) for code in code_list("training_topic").codes]


def _quarters(services: Services) -> list[tuple[str, str]]:
    return [(quarter, quarter_words(quarter)) for quarter in services.consultation_views.quarters()]


def _session(services: Services, record: Record) -> ListRow:
    session = TRAINING.of(record)
    lasted = length(session)
    state = TRAINING.stage_label(TRAINING.stage_of(session))
    tags = (TagSpec("xc", "Withdrawn", "neutral"),) if record.withdrawn else ()
    return ListRow(
        record.record,
        record.id,
        (
            Cell(times.long_day(times.local_day(session.began)) if session.began else "Day not known"),
            Cell(session.name.strip() or "No title yet", strong=True),
            Cell(topic_words(session)),
            Cell(came_words(session)),
            Cell(hours_words(lasted) if lasted is not None else ""),
            Cell("" if tags else state, tags=tags),
            sync_cell(record.state),
        ),
    )


def series_rows(services: Services, typed: str, choice: str, before: int | None) -> list[ListRow]:
    """Training series, newest first, with the progress of each."""
    return [_series(services, record) for record in records_page(services, SERIES, typed, "", before)]


def _series(services: Services, record: Record) -> ListRow:
    name = SERIES.of(record).name.strip() or "No name yet"
    shown = Cell(f"Withdrawn. {name}", tone="muted", icon="xc") if record.withdrawn else Cell(name, strong=True)
    return ListRow(
        record.record, record.id, (shown, Cell(services.training.series.words(record.record)), sync_cell(record.state))
    )


LISTINGS: Mapping[str, Listing] = {
    CHILD.name: Listing(
        (
            Column("Name", 130), Column("Age", 64, 4), Column("Number", 120, 3), Column("Placed with", 0, 1),
            Column("Now", 200), Column("Phone", 140), Column("Last contact", 130, 2), Column("Sent", 104, 5),
        ),
        child_rows,
    ),
    CARER.name: Listing(
        (
            Column("Household", 220), Column("Phone", 150), Column("Children placed", 0),
            Column("Places", 90, 2), Column("Status", 160, 1), Column("Sent", 104, 3),
        ),
        carer_rows,
    ),
    ACTION.name: Listing(
        (
            Column("What", 0), Column("About", 84, 3), Column("Ring", 230, 2), Column("Owner", 110, 1),
            Column("Due", 110), Column("State", 150), Column("Sent", 90, 4),
        ),
        action_rows,
        (
            (OPEN, ACTION.stage_label(OPEN)),
            (MINE, "Mine"),
            (TEAM, "My team’s"),
            (DUE, "Due today"),
            (OVERDUE, "Overdue"),
            (DONE, ACTION.stage_label(DONE)),
            (ALL, "All"),
        ),
    ),
    CONTACT.name: Listing(
        (
            Column("Time", 198), Column("From", 160), Column("Child", 110, 1), Column("About", 0),
            Column("Outcome", 150, 2), Column("Sent", 104, 3),
        ),
        contact_rows,
        new_icon="phonecall",
    ),
    SERIES.name: Listing((Column("Series", 260), Column("How far", 0), Column("Sent", 104, 1)), series_rows),
    TRAINING.name: Listing(
        (
            Column("Day", 164), Column("Title", 0), Column("Topic", 170, 3), Column("Came", 190, 1),
            Column("Length", 96, 2), Column("Stage", 110, 4), Column("Sent", 104, 5),
        ),
        training_rows,
        ((ALL, "All"), *stage_choices(TRAINING)),
        counts=lambda services: services.training.sessions.counts(),
        narrowings=(Narrowing("Topic", "All topics", _topics), Narrowing("Quarter", "All quarters", _quarters)),
        narrowed=narrowed_training_rows,
    ),
}  # fmt: skip
"""The lists arranged by hand, by the name of the kind."""


def listing_of(kind: str) -> Listing:
    """The list of a kind: the one arranged by hand if there is one, else one made from the description."""
    return LISTINGS.get(kind) or made_from(KINDS[kind])
