"""What is due for a household, and the facts from which it follows: types that the rules of visits and checks share.

Nothing due is stored: it is computed from records, the table of rules and a day. The due day itself is in time, to its end.
Must not read a clock or a store.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeVar

from hipss_desktop import times
from hipss_desktop.kinds.carer import Carer, Member, legal_name, member_name
from hipss_desktop.records.folding import folded
from hipss_desktop.rules.approvals import Standing, standing
from hipss_desktop.rules.due_rules import Rule, Settings

State = Literal["ok", "due_soon", "overdue", "never_recorded", "done", "nothing_due"]
"""A code of ``due_state``; ``never_recorded``: nothing counted yet, and the due day is not past or cannot be computed."""
SUPERVISION, UNANNOUNCED_VISIT, HOME_LOOK = "supervision_visit", "unannounced_visit", "home_look"
REVIEW, PANEL = "annual_review", "review_at_panel"
TSDS, DBS, HOME_SAFETY, BEDROOM, TRAINING_DUE = "tsds", "dbs", "home_safety", "bedroom", "training"
"""Codes of ``due_what``."""
OF_VISITS = frozenset({SUPERVISION, UNANNOUNCED_VISIT, HOME_LOOK})
"""What follows from visits; everything else follows from checks or training."""
SECRET = frozenset({UNANNOUNCED_VISIT, HOME_LOOK})
"""What carers must never learn the due day of: a visit would no longer be unannounced."""


@dataclass(frozen=True)
class VisitMade:
    """A visit as the rules read it: its record, its local day, its type and what was found."""

    record: str
    day: date
    type: str
    nobody_in: bool = False
    children_out: bool = False
    rooms_seen: bool = False


@dataclass(frozen=True)
class CheckMade:
    """A check as the rules read it; ``member`` or ``name`` say whose it is, neither if it is the household's.

    ``visit`` is the visit at which it was made, '' for none.
    """

    record: str
    day: date
    type: str
    member: str = ""
    name: str = ""
    at_panel: bool = False
    standards: int | None = None
    next_on: date | None = None
    visit: str = ""

    def is_of(self, member: Member) -> bool:
        """Whether it is a check of this member."""
        return is_member(member, self.member, self.name)


@dataclass(frozen=True)
class Attended:
    """A session to which somebody of the household came, as the rules read it.

    Attributes:
        record: the session, ``title`` its title, ``topic`` its topic (a code of ``training_topic``).
        day: the local day on which it began.
        member, name: who came, as a row of the household or as a typed name.
        time: how long they were there, None if not known; ``whole`` is how long the session lasted.
        standards: the training standards that it covered.
    """

    record: str
    day: date
    title: str = ""
    topic: str = ""
    member: str = ""
    name: str = ""
    time: timedelta | None = None
    whole: timedelta | None = None
    standards: tuple[str, ...] = ()

    @property
    def left_early(self) -> bool:
        """Whether they left before the session ended."""
        return self.time is not None and self.whole is not None and self.time < self.whole

    def is_of(self, member: Member) -> bool:
        """Whether this member came."""
        return is_member(member, self.member, self.name)


def is_member(member: Member, row: str, name: str) -> bool:
    """Whether a row of the household, or a name if no row is given, is this member."""
    if row:
        return row == member.id
    return bool(name.strip()) and folded(name) in (folded(member_name(member)), folded(legal_name(member)))


Named = TypeVar("Named", CheckMade, Attended)
"""A record about a member of a household."""


def in_household(household: Carer, rows: Iterable[Named]) -> tuple[Named, ...]:
    """Rows about members of a household; one that refers to an unknown row of the household is matched by its name.

    A household read from a sheet has its own row identifiers, and a member who was removed and entered again has a new one.
    """
    member_ids = {member.id for member in household.members}
    return tuple(row if row.member in member_ids else replace(row, member="") for row in rows)


@dataclass(frozen=True)
class History:
    """A household with all its visits, checks and training recorded now, newest first."""

    record: str
    household: Carer
    visits: tuple[VisitMade, ...] = ()
    checks: tuple[CheckMade, ...] = ()
    attended: tuple[Attended, ...] = ()


@dataclass(frozen=True)
class AsOf:
    """A history as of a day: everything dated later is left out."""

    record: str
    household: Carer
    visits: tuple[VisitMade, ...]
    checks: tuple[CheckMade, ...]
    attended: tuple[Attended, ...]
    stands: Standing
    settings: Settings
    day: date

    @classmethod
    def on(cls, history: History, settings: Settings, day: date) -> "AsOf":
        """Make the history as of a day."""
        checks = in_household(history.household, history.checks)
        attended = in_household(history.household, history.attended)
        return cls(
            history.record,
            history.household,
            tuple(sorted((row for row in history.visits if row.day <= day), key=_newest, reverse=True)),
            tuple(sorted((row for row in checks if row.day <= day), key=_newest, reverse=True)),
            tuple(sorted((row for row in attended if row.day <= day), key=_newest, reverse=True)),
            standing(history.household, day),
            settings,
            day,
        )

    @property
    def approved_on(self) -> date | None:
        """The first day of the approval in force, None if it is not recorded."""
        return self.stands.period.starts if self.stands.period else None

    @property
    def over_by(self) -> date:
        """The last day of the approval before; what was done by then does not count. The earliest date if there was none."""
        before = self.stands.period.before if self.stands.period else None
        return before or date.min


def _newest(row: VisitMade | CheckMade | Attended) -> tuple[date, str]:
    return row.day, row.record


@dataclass(frozen=True)
class Due:
    """One thing that is due for a household or for one of its members.

    Attributes:
        household: the record; ``person`` the row of the member it is about, '' for the household; ``name`` the member's name.
        due_type: a code of ``due_what``.
        state: its state on the day asked about.
        due: the last day that is in time, None if nothing is due or no day can be computed.
        last: the day of the newest one that counted; ``record`` is its record ('' for a field of the household itself).
        rule: the rule in words; ``code``, ``basis`` and ``source`` are the rule's.
        arithmetic: how the day was computed, in words.
        notes: what did not count and why, and whether the household is on hold.
        progress: how far it is, "5 of 7", '' if that is not counted.
        settled: whether enough counted: no older visit or check could change the day.
        topic: the topic of training; '' for anything else.
    """

    household: str
    due_type: str
    state: State
    person: str = ""
    name: str = ""
    due: date | None = None
    last: date | None = None
    record: str = ""
    rule: str = ""
    code: str = ""
    basis: str = ""
    source: str = ""
    arithmetic: str = ""
    notes: tuple[str, ...] = ()
    progress: str = ""
    settled: bool = False
    topic: str = ""

    @property
    def of_visits(self) -> bool:
        """Whether it follows from visits."""
        return self.due_type in OF_VISITS

    def days_over(self, day: date) -> int | None:
        """How many days it is overdue on a day, negative while it is in time; None if no day is due."""
        return (day - self.due).days if self.due is not None and self.state not in ("done", "nothing_due") else None


@dataclass(frozen=True)
class Counted:
    """The facts from which a due day is counted.

    Attributes:
        last: the newest one that counted, and its record.
        base: the day from which the interval counts if it is not ``last`` (the n-th newest), else None.
        start: the day counted from if nothing counted; ``start_words`` say which day that is.
        sooner: a day that somebody set, which is the due day if it is before the day of the rule.
    """

    last: date | None
    record: str
    start: date | None
    start_words: str
    base: date | None = None
    sooner: date | None = None
    enough: bool = True


NO_START = "The day of approval is not recorded, so no day can be worked out."


def worked_out(
    as_of: AsOf, rule: Rule, due_type: str, words: str, counted: Counted, *, member: Member | None = None
) -> Due:
    """Compute what is due by a rule from the facts that count."""
    base, arithmetic = _counted_from(counted)
    due = rule.after(base) if base is not None else None
    if base is not None and due is not None:
        plain = rule.interval.after(base)
        arithmetic = f"{arithmetic} and {rule.interval.words}: {times.long_day(plain)}"
        if due != plain:
            arithmetic += f"; it was changed on {times.long_day(due)}, and nothing is due before that day"
        arithmetic += "."
    return finished(as_of, rule, due_type, words, counted, due, arithmetic, member=member)


def _counted_from(counted: Counted) -> tuple[date | None, str]:
    """The day from which an interval is counted, and its words."""
    if counted.base is not None:
        return counted.base, f"Counted from {times.long_day(counted.base)}"
    if counted.last is not None and counted.enough:
        return counted.last, f"Last counted {times.long_day(counted.last)}"
    if counted.start is None:
        return None, NO_START
    return counted.start, f"{counted.start_words} {times.long_day(counted.start)}"


def finished(
    as_of: AsOf,
    rule: Rule,
    due_type: str,
    words: str,
    counted: Counted,
    due: date | None,
    arithmetic: str,
    *,
    member: Member | None = None,
) -> Due:
    """A due day with its state and its explanation."""
    sooner = counted.sooner
    if sooner is not None and (due is None or sooner < due):
        due, arithmetic = sooner, f"{arithmetic} {times.long_day(sooner)} was agreed, which is sooner.".lstrip()
    return Due(
        household=as_of.record,
        due_type=due_type,
        state=_state(due, counted.last, as_of.day, rule.warn),
        person=member.id if member else "",
        name=member_name(member) if member else "",
        due=due,
        last=counted.last,
        record=counted.record,
        rule=words,
        code=rule.code,
        basis=rule.basis_words,
        source=rule.source,
        arithmetic=arithmetic,
        settled=counted.last is not None and counted.enough,
        notes=(as_of.stands.hold,) if as_of.stands.hold else (),
    )


def _state(due: date | None, last: date | None, day: date, warn: int) -> State:
    if due is not None and due < day:
        return "overdue"
    if last is None:
        return "never_recorded"
    return "due_soon" if due is not None and (due - day).days <= warn else "ok"


def noted(due: Due, notes: Iterable[str]) -> Due:
    """The same due row with further notes before its own."""
    return replace(due, notes=(*notes, *due.notes))
