"""Supervision visits: beginning a visit to a household, adding references to records, and the actions of earlier visits.

Nothing is copied: the visit refers to the children, records and actions that this person may see. Records that arrive while
the visit is being written are added; nothing is removed. Must not word anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, CARRIED, TAKEN_BACK, Action, carried_at, is_open
from hipss_desktop.kinds.alert import ALERT
from hipss_desktop.kinds.carer import CARER, Carer, member_name
from hipss_desktop.kinds.catalogue import may_write, who_may
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.kinds.placement import MAIN, RESPITE
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.visit import VISIT, ChildSeen, Since, Visit, named, was_held
from hipss_desktop.records.folding import folded
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.people import People, PlacementNow
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.records import Records

FIELDS_OF: Mapping[str, str] = {
    CONTACT.name: "contact",
    INCIDENT.name: "incident",
    RESTRAINT.name: "restraint",
    MISSING_EPISODE.name: "episode",
    ALERT.name: "alert",
}
"""The kinds of record that a visit refers to, each with the field in a visit's row that names such a record."""
BEFORE_THE_FIRST = timedelta(days=90)
"""How far back a first visit looks if no child is placed there; no regulation sets it."""
MOST = 500
"""The most records of one person and kind that are read."""


@dataclass(frozen=True)
class Member:
    """A household member whom a visit may name: the row in the household's record, the name in use, and the relation."""

    row: str
    name: str
    relation: str


class Supervision:
    """The use cases of supervision visits, for one open store."""

    def __init__(self, records: Records, people: People, clock: times.Clock) -> None:
        self._records = records
        self._store = records.store
        self._people = people
        self._clock = clock

    def start(self, household: str) -> Draft:
        """This person's draft of a visit to a household: the one already begun, or a new one, which is not saved yet.

        Args:
            household: the identifier of the household's record.

        Raises:
            UserError: the household is not on this laptop, or this person's role may not write a visit.
        """
        if not may_write(self._store.seat.role, VISIT.name):
            raise UserError(f"{who_may(VISIT, writing=True)} Ask your manager if you need it.")
        if self.household(household) is None:
            raise UserError("This household is not on this laptop.")
        begun = next((draft for draft in self._store.drafts() if _is_of(draft, household)), None)
        if begun is not None:
            return self.brought_up_to_date(begun, begun.record)
        previous = self.previous(household)
        fields: dict[str, Any] = {"carer": household}
        if previous is not None:
            fields["previous"] = previous.record
        return self.brought_up_to_date(self._records.new_draft(VISIT.name, fields), "")

    def brought_up_to_date(self, draft: Draft, begun: str) -> Draft:
        """Return a draft with the rows that it must have and does not have yet; ``begun`` is '' for a new draft."""
        more = self.more(VISIT.read(draft.fields), later=bool(begun))
        fields = dict(draft.fields)
        for name, rows in more.items():
            if rows:
                held = fields.get(name)
                fields[name] = [*(held if isinstance(held, list) else []), *rows]
        return replace(draft, fields=fields)

    def more(self, visit: Visit, *, later: bool) -> dict[str, list[dict[str, Any]]]:
        """The rows that a visit must have and lacks: children placed there on its day, and records since the last visit.

        ``later`` marks each record as one that arrived while the visit was being written.
        """
        day = self._day(visit)
        children = {row.child for row in visit.children}
        placed = [row for row in self.children(visit.carer, day) if row.child not in children]
        names = {named(row) for row in visit.since}
        since = [msgspec.structs.replace(row, came_later=later) for row in self.since(visit) if named(row) not in names]
        return {"children": [_body(row) for row in placed], "since": [_body(row) for row in since]}

    def household(self, record: str) -> Carer | None:
        """A household, None if it is not on this laptop."""
        household_record = self._people.record(record)
        return (
            CARER.of(household_record) if household_record is not None and household_record.kind == CARER.name else None
        )

    def members(self, household: str) -> list[Member]:
        """The members of a household, in the order of its record."""
        carer = self.household(household)
        return [Member(row.id, member_name(row), row.relation) for row in carer.members] if carer is not None else []

    def with_names(self, draft: Draft) -> Draft:
        """Return a draft with a member's row wherever a name means one member only, and with the names of actions' colleagues."""
        rows: dict[str, list[str]] = {}
        for member in self.members(VISIT.read(draft.fields).carer):
            rows.setdefault(folded(member.name), []).append(member.row)

        def named_as(row: Any) -> Any:
            known = (
                rows.get(folded(row["name"])) if isinstance(row, Mapping) and isinstance(row.get("name"), str) else None
            )
            return {**row, "member": known[0]} if known and len(known) == 1 and not row.get("member") else row

        def owned(row: Any) -> Any:
            colleague = row.get("colleague") if isinstance(row, Mapping) else None
            name = self._people.name(colleague) if isinstance(colleague, str) and colleague else ""
            return {**row, "owner": name} if name else row

        rows_by_field = {name: [named_as(row) for row in _listed(draft, name)] for name in ("checks", "changes")}
        rows_by_field["new_actions"] = [owned(row) for row in _listed(draft, "new_actions")]
        return replace(
            draft, fields={**draft.fields, **{name: listed for name, listed in rows_by_field.items() if listed}}
        )

    def children(self, household: str, day: date) -> list[ChildSeen]:
        """A row for each child placed at a household on a day: those who sleep there, and those away on respite."""
        placed = (*self._people.children_with(household, day), *self._people.away_from(household, day))
        return [
            ChildSeen(f"child-{placement.child}", child=placement.child, placed_as=_as(placement, household))
            for placement in {placement.child: placement for placement in placed}.values()
        ]

    def since(self, visit: Visit) -> list[Since]:
        """A row for each record about the household, or a child placed there, since the last visit; earliest first."""
        records = {record.record: record for record in self._records_since(visit)}
        ordered = sorted(records.values(), key=lambda record: (record.at, record.record))
        return [_naming(record) for record in ordered]

    def began_to_count(self, visit: Visit) -> datetime:
        """The moment from which a visit includes records: the start of the last visit, else of the oldest placement there.

        Without either, it is ``BEFORE_THE_FIRST`` before the end of the visit.
        """
        last = self._store.get(visit.previous) if visit.previous else None
        began = VISIT.of(last).began if last is not None and last.kind == VISIT.name else None
        if began is not None:
            return began
        placed = self._placed(visit)
        starts = min((placement.start for placement in placed), default=None)
        return times.begins(starts) if starts is not None else self._until(visit) - BEFORE_THE_FIRST

    def previous(self, household: str, before: datetime | None = None) -> Record | None:
        """The last held visit to a household that began before a moment (default: now)."""
        limit = before or self._clock()
        return next(
            (
                record
                for record in self._store.records_about(household, role="carer", kind=VISIT.name)
                if not record.withdrawn and was_held(VISIT.of(record)) and _began_before(VISIT.of(record), limit)
            ),
            None,
        )

    def agreed(self, visit: Visit, record: str) -> list[Record]:
        """The actions that earlier visits to the household agreed: the open ones, and those closed since the last visit.

        Args:
            visit: the visit that is written.
            record: its identifier: the actions that this visit makes are left out.
        """
        since = self.began_to_count(visit)
        actions = []
        for action in self._store.records_about(visit.carer, role="carer", kind=ACTION.name):
            read = ACTION.of(action)
            if action.withdrawn or read.from_visit in ("", record):
                continue
            if is_open(read) or (read.closed_at is not None and read.closed_at >= since):
                actions.append(action)
        return sorted(actions, key=lambda action: (action.at, action.record))

    def carry(self, action: str, visit: str) -> Revision:
        """Carry an action forward to the next visit; ``visit`` is the record of this one.

        Raises:
            UserError: the action was carried forward at this visit already, is closed, or is not here.
        """
        read = self._action(action)
        if not is_open(read):
            raise UserError("This action is closed. Reopen it to carry it forward.")
        if carried_at(read, visit):
            raise UserError("This was carried forward already. Nothing was changed.")
        row = {"id": identity.row_id(), "visit": visit, "at": times.stamp(self._clock())}
        return self._records.add_row(action, CARRIED, row)

    def take_back(self, action: str, visit: str) -> list[Revision]:
        """Undo carrying an action forward at a visit, for each laptop that carried it forward.

        Raises:
            UserError: the action is not carried forward there, is not here, or this person may not write actions.
        """
        carried = carried_at(self._action(action), visit)
        if not carried:
            raise UserError("This is not carried forward at this visit. Nothing was changed.")
        step = {"visit": visit, "at": times.stamp(self._clock()), "step": TAKEN_BACK}
        rows = ({"id": identity.row_id(), **step, "answers": row.id} for row in carried)
        return [self._records.add_row(action, CARRIED, row) for row in rows]

    def _action(self, record: str) -> Action:
        current = self._store.get(record)
        if current is None or current.kind != ACTION.name:
            raise UserError("This action is not on this laptop.")
        return ACTION.of(current)

    def _records_since(self, visit: Visit) -> Iterator[Record]:
        until, since = times.ms(self._until(visit)), self.began_to_count(visit)
        # Events before a child's arrival belong to the placement before. A child away on respite counts as placed here
        # throughout.
        placements = self._people.children_with(visit.carer, self._day(visit))
        came = {placement.child: times.begins(placement.start) for placement in placements}
        people = [
            visit.carer,
            *(row.child for row in visit.children),
            *(placement.child for placement in self._placed(visit)),
        ]
        for person in dict.fromkeys(people):
            counted = max(since, came.get(person, since))
            for kind in FIELDS_OF:
                newest = self._store.newest_about([person], kind=kind, most=MOST, since=times.ms(counted))
                yield from (record for record in newest.get(person, ()) if record.at <= until)

    def _placed(self, visit: Visit) -> list[PlacementNow]:
        day = self._day(visit)
        return [*self._people.children_with(visit.carer, day), *self._people.away_from(visit.carer, day)]

    def _day(self, visit: Visit) -> date:
        return times.local_day(visit.began or self._clock())

    def _until(self, visit: Visit) -> datetime:
        """The moment until which a visit includes records: its end, or now if none is entered yet."""
        return visit.ended or self._clock()


def late(rows: Iterable[Since]) -> int:
    """How many of these records arrived while the visit was being written."""
    return sum(row.came_later for row in rows)


def _naming(record: Record) -> Since:
    """A row that refers to a record; its identifier is the same on every laptop."""
    fields: dict[str, Any] = {"id": f"{record.kind}-{record.record}", FIELDS_OF[record.kind]: record.record}
    return Since(**fields)


def _as(placed: PlacementNow, household: str) -> str:
    """The type of a child's placement at the household; a child who is on respite elsewhere has a main placement here."""
    if placed.carer == household:
        return placed.type
    return MAIN if placed.type == RESPITE else placed.type


def _is_of(draft: Draft, household: str) -> bool:
    return draft.kind == VISIT.name and not draft.parents and VISIT.read(draft.fields).carer == household


def _began_before(visit: Visit, limit: datetime) -> bool:
    return visit.began is not None and visit.began < limit


def _listed(draft: Draft, name: str) -> list[Any]:
    held = draft.fields.get(name)
    return held if isinstance(held, list) else []


def _body(row: msgspec.Struct) -> dict[str, Any]:
    """A row as it is written in a body, without empty fields."""
    return {name: value for name, value in msgspec.to_builtins(row).items() if value not in ("", None, False, [])}
