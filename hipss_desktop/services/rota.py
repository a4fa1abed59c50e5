"""The rota in a store, and the steps of a swap, each taken by the person who is signed in.

The author of a revision is the person who took the step in it, in the role of their certificate. A row that names somebody
else, or that two people wrote, has no effect. Must not work out what follows from a rota: ``rules.rota`` does.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.shift import AGREED, ASKED, REFUSED, SHIFT, TAKEN
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.revision import Envelope, Revision
from hipss_desktop.rules import rota
from hipss_desktop.rules.rota import Duty, OnNow, Step
from hipss_desktop.services.ports import Record
from hipss_desktop.services.records import Records

SWAPS = "swaps"
IN_RETURN = f"{SWAPS}/in_return"
LONGEST_SHIFT = timedelta(days=3)
"""The longest time between now and the beginning of a shift that is running now."""
MOST_SWAPS = 5
"""The most shifts that are read of those offered in return for one shift."""
REFUSALS = {
    ASKED: "Only the person on call in this shift can ask for a swap, and only once.",
    TAKEN: "Only the colleague who was asked can take this shift.",
    AGREED: "A swap is agreed by a manager who is neither of the two, once it was taken.",
    REFUSED: "There is no swap here that you can say no to.",
}


class Rota:
    """The rota of one open store."""

    def __init__(self, records: Records, clock: times.Clock) -> None:
        self._records, self._store, self._clock = records, records.store, clock

    def duties(self, since: datetime, until: datetime) -> list[Duty]:
        """The shifts planned to begin between two moments, earliest first; then the shifts linked to them by a swap."""
        planned = [record for record in self._store.records_of(SHIFT.name, since=times.ms(since)) if _stands(record)]
        inside = sorted((record for record in planned if record.at <= times.ms(until)), key=lambda record: record.at)
        by_record = {record.record: record for record in inside}
        for record in [*self._offered(inside), *self._offering(inside)]:
            by_record.setdefault(record.record, record)
        return [self._duty(record) for record in by_record.values()]

    def on_call_at(self, moment: datetime) -> OnNow | None:
        """Who is on call at a moment, and who is their backup."""
        return rota.on_now(self.duties(moment - LONGEST_SHIFT, moment + LONGEST_SHIFT), moment)

    def step(self, record: str, code: str, *, in_return: str = "") -> Revision:
        """Take a step of a shift's swap (``swap_step``), as the person who is signed in.

        Args:
            record: the shift.
            code: the step that is taken.
            in_return: the shift that this person offers to take.

        Raises:
            UserError: this person may not take the step now; nothing was changed.
        """
        current = self._store.get(record)
        if current is None or current.kind != SHIFT.name:
            raise UserError("This shift is not on this laptop.")
        now = self._clock()
        known = {duty.record: duty for duty in map(self._duty, [current, *self._offered([current])])}
        other = self._store.get(in_return) if in_return else None
        if other is not None and other.kind == SHIFT.name:
            known[in_return] = self._duty(other)
        elif in_return:
            raise UserError("The shift in return is not on this laptop.")
        if not self._counts(known[record], known, code, in_return):
            raise UserError(REFUSALS.get(code, "This is no step of a swap."))
        return self._records.add_row(record, SWAPS, {"step": code, "at": times.stamp(now), "in_return": in_return})

    def answers(self, duty: Duty, others: Mapping[str, Duty]) -> tuple[str, ...]:
        """The steps (``swap_step``) that this person can take now in a swap that was asked for."""
        return tuple(code for code in (TAKEN, AGREED, REFUSED) if self._counts(duty, others, code))

    def may_ask(self, duty: Duty, others: Mapping[str, Duty]) -> bool:
        """Whether this person can ask for a swap now: the shift is theirs and ahead, without a swap that waits or was agreed."""
        current, start = rota.swap(duty, others), duty.shift.planned_start
        is_ahead = start is not None and self._clock() < start
        return is_ahead and (current is None or current.state == "refused") and self._counts(duty, others, ASKED)

    def is_own(self, person: str) -> bool:
        """Whether a person of the rota is the one who is signed in."""
        return person == self._store.seat.person

    def _counts(self, duty: Duty, others: Mapping[str, Duty], code: str, in_return: str = "") -> bool:
        """Whether a step taken now by this person changes the state of a swap."""
        seat = self._store.seat
        step = Step(code, seat.person, seat.role, self._clock(), in_return)
        after = Duty(duty.record, duty.shift, (*duty.steps, step))
        return rota.swap(after, others) != rota.swap(duty, others)

    def _duty(self, record: Record) -> Duty:
        shift = SHIFT.of(record)
        return Duty(record.record, shift, tuple(self._steps(record)) if shift.swaps else ())

    def _steps(self, record: Record) -> Iterator[Step]:
        """The steps of a shift's swap, each with the person who signed it."""
        signed: dict[str, set[tuple[str, str]]] = {}
        for revision in self._store.revisions(record.record):
            body = body_of(revision, SHIFT)
            for unit in body.changed if body is not None else ():
                signed.setdefault(unit, set()).add((revision.envelope.author, self._role(revision.envelope)))
        for row in SHIFT.of(record).swaps:
            signatures = signed.get(f"{SWAPS}/{row.id}", set())
            if row.at is not None and len(signatures) == 1:
                [(person, role)] = signatures
                yield Step(row.step, person, role, row.at, row.in_return)

    def _role(self, envelope: Envelope) -> str:
        """The role in which somebody signed, from the certificate of their seat; '' if the certificate is not here."""
        if envelope.seat == self._store.seat.seat:
            return self._store.seat.role
        certificate = self._store.certificates().get(envelope.seat)
        return certificate.role if certificate is not None else ""

    def _offered(self, records: Iterable[Record]) -> Iterator[Record]:
        """The shifts that are offered in return for these shifts."""
        for row in (row for record in records for row in SHIFT.of(record).swaps if row.in_return):
            offered = self._store.get(row.in_return)
            if offered is not None and offered.kind == SHIFT.name and _stands(offered):
                yield offered

    def _offering(self, records: Iterable[Record]) -> Iterator[Record]:
        """The shifts for which these shifts are offered in return."""
        named = [record.record for record in records]
        for offering in self._store.newest_about(named, role=IN_RETURN, kind=SHIFT.name, most=MOST_SWAPS).values():
            yield from offering


def _stands(record: Record) -> bool:
    return not record.withdrawn
