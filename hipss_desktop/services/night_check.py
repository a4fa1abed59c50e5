"""The night pack check: collecting what this laptop measured, and saving the result as a record.

The measurements of exchange and unlock are settings in the person's store. Must not judge measurements:
``rules.night_check`` does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.kinds.child import CHILD, PLAN, short_name
from hipss_desktop.kinds.missing_pack import MISSING_PACK, is_to_check, not_answered
from hipss_desktop.kinds.night_check import NIGHT_CHECK
from hipss_desktop.kinds.practitioner import PRACTITIONER, Practitioner
from hipss_desktop.machine import Machine
from hipss_desktop.records.codes import within
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules import night_check, rota
from hipss_desktop.rules.night_check import Battery, Line, Measured, PackOf, PlanOf
from hipss_desktop.rules.rota import OnNow
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Draft, Record, Unit
from hipss_desktop.services.records import Records
from hipss_desktop.services.rota import Rota
from hipss_desktop.services.store_settings import StoreSetting

CHECK_FROM = time(16, 30)
"""The local time from which the person on call tonight is told to check."""
CHECKED_BEFORE = timedelta(days=1)
"""How long before its night begins a check can be made."""
Agreed = Mapping[tuple[str, str], str]
"""What was agreed, by the item checked and the child ('' for a line that is not about a child)."""


def note_exchange(unit: Unit, at: datetime) -> None:
    """Save when an exchange completed."""
    unit.set(StoreSetting.EXCHANGED, times.stamp(at))


def note_unlock_offline(unit: Unit, at: datetime) -> None:
    """Save when this person unlocked this laptop without a network."""
    unit.set(StoreSetting.UNLOCKED_OFFLINE, times.stamp(at))


class NightChecks:
    """The night pack check of one open store."""

    def __init__(self, records: Records, people: People, rota: Rota, clock: times.Clock) -> None:
        self._records, self._store, self._people, self._rota, self._clock = records, records.store, people, rota, clock

    def check(self, machine: Machine) -> list[Line]:
        """The lines of a check made now, worst first."""
        return night_check.lines(self.measured(machine))

    def measured(self, machine: Machine) -> Measured:
        """What this laptop measured, from its store and its machine."""
        now = self._clock()
        on = self.tonight(now)
        on_call, backup = self._practitioner(on.person if on else ""), self._practitioner(on.backup if on else "")
        ahead = self._store.setting(StoreSetting.CLOCK_AHEAD)
        reports_battery = machine.percent is not None and machine.plugged_in is not None
        return Measured(
            now=now,
            night=self.night_begins(now).date(),
            received=times.instant_or_none(self._store.setting(StoreSetting.EXCHANGED)),
            plans=self._plans(now),
            packs=self._packs(now),
            clock_apart=timedelta(seconds=float(ahead)) if ahead else None,
            unlocked=times.instant_or_none(self._store.setting(StoreSetting.UNLOCKED_OFFLINE)),
            waiting=self._store.waiting().waiting,
            free=machine.free,
            encrypted=machine.encrypted,
            battery=Battery(machine.percent or 0, bool(machine.plugged_in)) if reports_battery else None,
            on_call=on_call.name,
            backup=backup.name,
            backup_number=backup.phone,
            printed=times.instant_or_none(self._store.setting(StoreSetting.PAPER_SHEET)),
        )

    def paper_sheet_made(self) -> None:
        """Save that this person printed or saved the paper sheet now."""
        with self._store.write() as unit:
            unit.set(StoreSetting.PAPER_SHEET, times.stamp(self._clock()))

    def draft(self) -> Draft:
        """The draft of this person's unfinished check of this night, else a new draft."""
        night = self.night_begins(self._clock()).date()
        begun = (draft for draft in self._store.drafts() if is_check_of(draft, night))
        return next(begun, None) or self._records.new_draft(NIGHT_CHECK.name, {"night": night.isoformat()})

    def save(self, draft: Draft) -> Draft:
        """Save what was typed; if nothing typed is left, delete the draft."""
        if draft.fields.get("lines"):
            return self._records.save(draft)
        self._records.discard(draft.record)
        return replace(draft, saved=times.stamp(self._clock(), precise=True))

    def finish(self, lines: Sequence[Line], agreed: Agreed) -> Revision:
        """Save a check as a record; it can be finished with any line unsolved, whether or not something was agreed.

        Raises:
            UserError: this person's role may not write a check.
        """
        now = self._clock()
        on = self.tonight(now)
        fields = {
            "checked_at": times.stamp(now),
            "laptop": self._store.seat.laptop,
            "backup": on.backup if on else "",
            "lines": [row_of(line, agreed) for line in lines],
        }
        draft = self.draft()
        return self._records.finish(replace(draft, fields={"night": draft.fields["night"], **fields}))

    def checked(self, now: datetime) -> list[Record]:
        """The checks of the night now or next, newest first."""
        begins = self.night_begins(now)
        since = times.ms(begins - CHECKED_BEFORE)
        records = self._store.records_of(NIGHT_CHECK.name, since=since)
        return [record for record in records if not record.withdrawn and NIGHT_CHECK.of(record).night == begins.date()]

    def is_to_do(self, checks: Sequence[Record], now: datetime) -> bool:
        """Whether this person, on call tonight, must check now: the hour has come, and ``checks`` has none from this laptop."""
        seat = self._store.seat
        if now < times.at_local(self.night_begins(now).date(), CHECK_FROM):
            return False
        if any(NIGHT_CHECK.of(record).laptop == seat.laptop for record in checks):
            return False
        on = self.tonight(now)
        return on is not None and self._practitioner(on.person).name == seat.name

    @property
    def seat_name(self) -> str:
        """The name of the person who uses this laptop."""
        return self._store.seat.name

    def night_begins(self, now: datetime) -> datetime:
        """When the present night, or else the next night, begins, in local time."""
        today = times.local_day(now)
        runs = times.local(now).time() < rota.NIGHT_STOPS
        return times.at_local(today - timedelta(days=1) if runs else today, rota.NIGHT_STARTS)

    def tonight(self, now: datetime) -> OnNow | None:
        """Who is on call tonight: now during the night, else when the night begins."""
        moment = max(now, self.night_begins(now))
        return self._rota.on_call_at(moment)

    def _plans(self, now: datetime) -> list[PlanOf]:
        """The safety plans of the children placed tonight, by name."""
        today, plans = times.local_day(now), {}
        for placed in self._people.placements(times.tonight(now)):
            record = self._people.record(placed.child)
            if record is None or record.kind != CHILD.name:
                continue
            child = CHILD.of(record)
            written = any(getattr(child, name) for name in PLAN)
            days = max(0, (today - placed.start).days)
            plans[placed.child] = PlanOf(placed.child, short_name(child), written, child.plan_reviewed, days)
        return sorted(plans.values(), key=lambda plan: plan.name)

    def _packs(self, now: datetime) -> list[PackOf]:
        """The missing-person packs of the children placed tonight, by name."""
        today = times.local_day(now)
        children = [placed.child for placed in self._people.placements(times.tonight(now))]
        newest, packs = self._store.newest_about(children, role="child", kind=MISSING_PACK.name), {}
        for child in children:
            name, record = self._people.name(child), next(iter(newest[child]), None)
            if not name:
                continue
            if record is None:
                packs[child] = PackOf(child, name, record="")
                continue
            pack = MISSING_PACK.of(record)
            unanswered = tuple(within(MISSING_PACK.by_name[question].label) for question in not_answered(pack))
            packs[child] = PackOf(child, name, record.record, unanswered, is_to_check(pack, today), pack.checked)
        return sorted(packs.values(), key=lambda pack: pack.name)

    def _practitioner(self, person: str) -> Practitioner:
        record = self._people.record(person)
        return PRACTITIONER.of(record) if record and record.kind == PRACTITIONER.name else Practitioner()


def row_of(line: Line, agreed: Agreed) -> dict[str, Any]:
    """A line as a check saves it, with what was agreed."""
    row = {
        "id": identity.row_id(),
        "item": line.item,
        "child": line.child,
        "state": line.state,
        "figure": line.figure,
        "agreed": agreed.get((line.item, line.child), ""),
    }
    return {name: value for name, value in row.items() if value}


def is_check_of(draft: Draft, night: date) -> bool:
    """Whether a draft is of an unfinished check of this night."""
    return draft.kind == NIGHT_CHECK.name and not draft.parents and draft.fields.get("night") == night.isoformat()
