"""The check of the night pack: it gathers what this laptop measured, and keeps the result as a record.

What exchange and unlock measured is kept as settings of the person's store. Must not judge what was measured:
``rules.night_check`` does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hipss_desktop import identity, times
from hipss_desktop.kinds.child import CHILD, PLAN, short_name
from hipss_desktop.kinds.night_check import NIGHT_CHECK
from hipss_desktop.kinds.practitioner import PRACTITIONER, Practitioner
from hipss_desktop.machine import Machine
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules import night_check, rota
from hipss_desktop.rules.night_check import Battery, Line, Measured, PlanOf
from hipss_desktop.rules.rota import OnNow
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Unit
from hipss_desktop.services.records import Records
from hipss_desktop.services.rota import Rota

EXCHANGED, CLOCK_AHEAD, UNLOCKED_OFFLINE = "exchanged", "council_clock_ahead", "unlocked_offline"
"""Settings: the end of the last whole exchange, by how many seconds the council's clock was ahead then, and the last unlock
without a network."""
LONGEST_SHIFT = timedelta(days=3)
Agreed = Mapping[tuple[str, str], str]
"""What was agreed, by what was checked and the child ('' for a line of no child)."""


def note_exchange(unit: Unit, at: datetime, council_ahead: timedelta) -> None:
    """Keep that an exchange was whole, and by how much the council's clock was ahead of this laptop's."""
    unit.set(EXCHANGED, times.stamp(at))
    unit.set(CLOCK_AHEAD, str(council_ahead.total_seconds()))


def note_unlock_offline(unit: Unit, at: datetime) -> None:
    """Keep that this person unlocked this laptop while it was on no network."""
    unit.set(UNLOCKED_OFFLINE, times.stamp(at))


class NightChecks:
    """The night pack check of one open store."""

    def __init__(self, records: Records, people: People, rota: Rota, clock: times.Clock) -> None:
        self._records, self._store, self._people, self._rota, self._clock = records, records.store, people, rota, clock

    def check(self, machine: Machine) -> list[Line]:
        """The lines of a check made now, the worst first."""
        return night_check.lines(self.measured(machine))

    def measured(self, machine: Machine) -> Measured:
        """What this laptop measured, from its store and its machine."""
        now = self._clock()
        on = self.tonight(now)
        on_call, backup = self._practitioner(on.person if on else ""), self._practitioner(on.backup if on else "")
        ahead = self._store.setting(CLOCK_AHEAD)
        told = machine.percent is not None and machine.plugged_in is not None
        return Measured(
            now=now,
            received=times.instant_or_none(self._store.setting(EXCHANGED)),
            plans=self._plans(now),
            packs=None,
            clock_apart=timedelta(seconds=float(ahead)) if ahead else None,
            unlocked=times.instant_or_none(self._store.setting(UNLOCKED_OFFLINE)),
            waiting=self._store.waiting().waiting,
            free=machine.free,
            encrypted=machine.encrypted,
            battery=Battery(machine.percent or 0, bool(machine.plugged_in)) if told else None,
            on_call=on_call.name,
            backup=backup.name,
            backup_number=backup.phone,
            printed=None,
        )

    def finish(self, lines: Sequence[Line], agreed: Agreed) -> Revision:
        """Keep a check as a record; no line that is left stops anything.

        Raises:
            Unfinished: it is not said for each line that is left what was agreed; nothing was kept.
            UserError: this person's role may not write a check.
        """
        now = self._clock()
        on = self.tonight(now)
        rows = [
            {
                "id": identity.row_id(),
                "item": line.item,
                "child": line.child,
                "state": line.state,
                "figure": line.figure,
                "agreed": agreed.get((line.item, line.child), ""),
            }
            for line in lines
        ]
        fields = {
            "night": self.night_begins(now).date().isoformat(),
            "checked_at": times.stamp(now),
            "laptop": self._store.seat.laptop,
            "backup": on.backup if on else "",
            "lines": [{name: value for name, value in row.items() if value} for row in rows],
        }
        return self._records.finish(self._records.new_draft(NIGHT_CHECK.name, fields))

    def night_begins(self, now: datetime) -> datetime:
        """When the night begins that runs now or comes next, in local time."""
        today = times.local_day(now)
        runs = times.local(now).time() < rota.NIGHT_STOPS
        return times.at_local(today - timedelta(days=1) if runs else today, rota.NIGHT_STARTS)

    def tonight(self, now: datetime) -> OnNow | None:
        """Who is on call tonight: now where the night runs, else when it begins."""
        moment = max(now, self.night_begins(now))
        return rota.on_now(self._rota.duties(moment - LONGEST_SHIFT, moment + LONGEST_SHIFT), moment)

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

    def _practitioner(self, person: str) -> Practitioner:
        record = self._people.record(person)
        return PRACTITIONER.of(record) if record and record.kind == PRACTITIONER.name else Practitioner()
