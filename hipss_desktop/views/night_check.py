"""The night pack check in words: each line with who can help and their number. Must not write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER, household_name, main_phone
from hipss_desktop.kinds.night_check import NIGHT_CHECK, READY, RED, CheckLine, count_left
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.machine import Machine
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.night_check import HelpFrom, Line
from hipss_desktop.services.night_check import NightChecks
from hipss_desktop.services.people import People
from hipss_desktop.views.numbers import Number

MANAGER = "manager"
OFFICE = "administrator"
"""The role (``role``) of the people who have the spare laptop and know the technicians."""
NOT_MADE = "The night pack was not checked on this laptop"
"""The words during the night, when most problems can no longer be corrected."""


@dataclass(frozen=True)
class CheckedLine:
    """A line with the person who can help, None if nobody is known here."""

    line: Line
    help_from: Number | None


@dataclass(frozen=True)
class NightCheckView:
    """A check made now, worst line first; ``helps_until`` is when its night begins, until which the office can help."""

    now: datetime
    night: date
    helps_until: datetime
    lines: tuple[CheckedLine, ...]

    @property
    def help_words(self) -> str:
        """How long somebody in the office can still help; '' once it has closed."""
        time_left = self.helps_until - self.now
        return f"Someone can still help for {times.duration(time_left)}" if time_left > timedelta() else ""

    @property
    def lines_left(self) -> tuple[CheckedLine, ...]:
        """The lines that must be corrected."""
        return tuple(checked for checked in self.lines if checked.line.state != READY)

    @property
    def ready(self) -> tuple[CheckedLine, ...]:
        """The lines that are ready."""
        return tuple(checked for checked in self.lines if checked.line.state == READY)

    @property
    def words(self) -> str:
        """The result of the check in one line."""
        if not self.lines_left:
            return f"All {len(self.ready)} ready. Good night."
        return f"{len(self.lines_left)} to put right, {len(self.ready)} ready."


@dataclass(frozen=True)
class CheckOfTonight:
    """The newest check of this night.

    Attributes:
        record: the check, '' if it must be made now.
        words: the check in one line.
        is_left: whether some lines are not ready; ``is_red`` is whether a line is red.
        red: the red lines, for tonight's backup manager once the night has begun; '' otherwise.
    """

    record: str
    words: str
    is_left: bool
    is_red: bool = False
    red: str = ""


class NightCheckViews:
    """Puts the checks of one open store into words."""

    def __init__(self, checks: NightChecks, people: People, clock: times.Clock) -> None:
        self._checks, self._people, self._clock = checks, people, clock

    def check(self, machine: Machine) -> NightCheckView:
        """A check made now."""
        now = self._clock()
        begins = self._checks.night_begins(now)
        return NightCheckView(now, begins.date(), begins, self._with_numbers(machine, now))

    def tonight(self, now: datetime) -> CheckOfTonight | None:
        """The newest check of this night, or that it must be made; None if there is nothing to say."""
        checks = self._checks.checked(now)
        if self._checks.is_to_do(checks, now):
            begun = now >= self._checks.night_begins(now)
            return CheckOfTonight("", NOT_MADE if begun else "Check the night pack", is_left=True)
        if not checks:
            return None
        check = NIGHT_CHECK.of(checks[0])
        count, red = count_left(check), [line for line in check.lines if line.state == RED]
        at = times.on_its_day(check.checked_at, now) if check.checked_at else ""
        words = f"Night pack checked {at}, {f'{count} left' if count else 'all ready'}"
        words += f", {len(red)} red" if red else ""
        named = "; ".join(map(self._named, red)) if self._is_for_this_backup(now) else ""
        red_words = f"You are the backup manager. Red: {named}." if named else ""
        return CheckOfTonight(checks[0].record, words, is_left=bool(count), is_red=bool(red), red=red_words)

    def _named(self, line: CheckLine) -> str:
        """The item of a line, and the child if the item was checked for each child."""
        item = code_list("night_check_item").label(line.item)
        return f"{item}, {self._people.name(line.child)}" if line.child else item

    def _is_for_this_backup(self, now: datetime) -> bool:
        """Whether the night has begun and this person is its backup manager."""
        on = self._checks.tonight(now)
        backup = self._colleague(on.backup) if on is not None else None
        is_mine = backup is not None and backup.label == self._checks.seat_name
        return is_mine and now >= self._checks.night_begins(now)

    def _with_numbers(self, machine: Machine, now: datetime) -> tuple[CheckedLine, ...]:
        lines: Sequence[Line] = self._checks.check(machine)
        return tuple(CheckedLine(line, self._number_for(line.help_from, line.child, now)) for line in lines)

    def _number_for(self, help_from: HelpFrom, child: str, now: datetime) -> Number | None:
        if help_from == "household":
            return self._household(child, now)
        if help_from == "backup":
            on = self._checks.tonight(now)
            return self._colleague(on.backup) if on and on.backup else self._in_role(MANAGER)
        if help_from:
            return self._in_role(MANAGER if help_from == "manager" else OFFICE)
        return None

    def _household(self, child: str, now: datetime) -> Number | None:
        placed = self._people.placement_of(child, times.tonight(now))
        record = self._people.record(placed.carer) if placed is not None else None
        if record is None or record.kind != CARER.name:
            return None
        household = CARER.of(record)
        return Number(household_name(household), main_phone(household))

    def _colleague(self, person: str) -> Number | None:
        record = self._people.record(person)
        if record is None or record.kind != PRACTITIONER.name:
            return None
        practitioner = PRACTITIONER.of(record)
        return Number(practitioner.name, practitioner.phone)

    def _in_role(self, role: str) -> Number | None:
        """A colleague in a role who works here and has a number."""
        everybody = map(PRACTITIONER.of, self._people.of_kind(PRACTITIONER.name))
        can_be_rung = (
            person for person in everybody if person.role == role and person.phone and person.active is not False
        )
        return next((Number(person.name, person.phone) for person in can_be_rung), None)
