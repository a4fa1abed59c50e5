"""A supervision visit in words: its parts and their progress, what it refers to, and what is needed to finish it.

Shown on the page on which a visit is written. Carers must never see the day of a coming unannounced visit. Must not write.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, DONE, NOT_NEEDED, Action, carried_at, is_open
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.child import CHILD, first_name
from hipss_desktop.kinds.visit import (
    PARTS,
    UNANNOUNCED,
    VISIT,
    Visit,
    named,
    sections_of,
    somebody_is_named,
    was_held,
)
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.supervision import Member, Supervision, late
from hipss_desktop.views.actions import owner_name
from hipss_desktop.views.names import NOT_HERE, Names, title
from hipss_desktop.views.tags import Tag
from hipss_desktop.views.training import HouseholdTraining, HouseholdTrainings

SIGN = "sign"
"""The last part of the page, which comes after the finish."""
SIGN_WORDS = "Read back and sign"
CARRIED = "carried"
"""The state of an action that was carried forward at this visit."""
COUNTS_FOR_NOTHING = "You called and nobody was in, so it does not count."
OF_WHAT_YOU_SEE = "Of what you may see."


@dataclass(frozen=True)
class Part:
    """A part of the page and its progress; ``count`` is the number of its entries, None if they are not counted."""

    code: str
    label: str
    done: bool = False
    left_for_later: bool = False
    count: int | None = None


@dataclass(frozen=True)
class ActionLine:
    """An action of an earlier visit; ``stands`` is its state, '' until it is recorded at this visit."""

    record: str
    task: str
    who: str
    due: str
    overdue: Tag | None
    stands: str
    words: str


@dataclass(frozen=True)
class SinceLine:
    """A record since the last visit: when, its title, and its line."""

    record: str
    kind: str
    when: str
    title: str
    words: str


@dataclass(frozen=True)
class ChildWords:
    """The names of a child here: the first name, the name on screens, the service number."""

    given_name: str
    name: str
    number: str


@dataclass(frozen=True)
class VisitView:
    """The content of a visit's page beside its answers.

    Attributes:
        before: "Last visit 16 February 2017. Last unannounced visit 4 October 2016."
        members: the members of the household who may be named.
        since: the records since the last visit, by the row of the visit.
        late: "2 added since you began", '' if none were added.
        training: the sessions that the household attended, its hours and what is due, as of now.
    """

    household: str
    before: str
    last: str
    members: tuple[Member, ...]
    actions: tuple[ActionLine, ...]
    since: Mapping[str, SinceLine]
    children: Mapping[str, ChildWords]
    late: str
    training: HouseholdTraining


class VisitViews:
    """Reads the content of visits' pages, for one open store."""

    def __init__(
        self,
        store: Store,
        people: People,
        named_as: Names,
        supervision: Supervision,
        trainings: HouseholdTrainings,
        clock: times.Clock,
    ) -> None:
        self._store = store
        self._people = people
        self._names = named_as
        self._supervision = supervision
        self._trainings = trainings
        self._clock = clock

    def view(self, visit: Visit, record: str) -> VisitView:
        """The content beside the answers of a visit; ``record`` is its identifier."""
        last = self._began(visit.previous)
        return VisitView(
            household=self._people.name(visit.carer) or NOT_HERE,
            before=self._before(visit, last),
            last=times.long_day(times.local_day(last)) if last is not None else "",
            members=tuple(self._supervision.members(visit.carer)),
            actions=tuple(self._action(action, record) for action in self._supervision.agreed(visit, record)),
            since={row.id: self._since(named(row)) for row in visit.since},
            children={row.child: self.child(row.child) for row in visit.children},
            late=_late_words(late(visit.since)),
            training=self._trainings.of(visit.carer),
        )

    def child(self, record: str) -> ChildWords:
        """The names of a child on the page of a visit."""
        child_record = self._people.record(record)
        if child_record is None or child_record.kind != CHILD.name:
            return ChildWords("the child", NOT_HERE, "")
        child = CHILD.of(child_record)
        return ChildWords(first_name(child) or "the child", self._people.name(record), child.local_id)

    def _before(self, visit: Visit, last: datetime | None) -> str:
        words = (
            f"Last visit {times.long_day(times.local_day(last))}." if last is not None else "No visit before this one."
        )
        unannounced = next(
            (
                began
                for record in self._store.records_about(visit.carer, role="carer", kind=VISIT.name)
                if not record.withdrawn
                and (began := _unannounced(VISIT.of(record))) is not None
                and (visit.began is None or began < visit.began)
            ),
            None,
        )
        if unannounced is None:
            return f"{words} No unannounced visit is recorded."
        return f"{words} Last unannounced visit {times.long_day(times.local_day(unannounced))}."

    def _began(self, record: str) -> datetime | None:
        visit_record = self._store.get(record) if record else None
        return VISIT.of(visit_record).began if visit_record is not None and visit_record.kind == VISIT.name else None

    def _action(self, record: Record, visit: str) -> ActionLine:
        action = ACTION.of(record)
        stands = _stands(action, visit)
        overdue = _overdue(action, self._clock())
        return ActionLine(
            record=record.record,
            task=ACTION.title_from(action),
            who=owner_name(action, self._names.name),
            due=times.brief_day(times.local_day(action.due)) if action.due is not None else "",
            overdue=Tag(overdue, "amber", "clock") if overdue else None,
            stands=stands,
            words={DONE: "Done", NOT_NEEDED: "No longer needed", CARRIED: "Carried forward"}.get(stands, ""),
        )

    def _since(self, record: str) -> SinceLine:
        linked_record = self._store.get(record)
        if linked_record is None:
            return SinceLine(record, "", "", NOT_HERE, "")
        kind = KINDS[linked_record.kind]
        words = self._names.answers(kind, linked_record.fields, kind.summary)
        at = times.of_ms(linked_record.at)
        when = f"{times.brief_day(times.local_day(at))}, {times.clock_time(at)}"
        return SinceLine(record, linked_record.kind, when, f"{kind.label}: {title(linked_record)}", words)


def _overdue(action: Action, now: datetime) -> str:
    """How many days an open action is overdue, in words; the due day itself is in time, to its end."""
    days = (times.local_day(now) - times.local_day(action.due)).days if action.due is not None else 0
    if not is_open(action) or days <= 0:
        return ""
    return f"{days} {'day' if days == 1 else 'days'} overdue"


def _stands(action: Action, visit: str) -> str:
    if not is_open(action):
        return action.state
    return CARRIED if carried_at(action, visit) else ""


def _unannounced(visit: Visit) -> datetime | None:
    return visit.began if visit.type == UNANNOUNCED and was_held(visit) else None


def _late_words(count: int) -> str:
    return f"{count} added since you began" if count else ""


def parts(visit: Visit, actions: Sequence[ActionLine]) -> list[Part]:
    """The parts of a visit in order, with their progress; parts that are not asked for are left out.

    Reading back and signing come after the finish, so the last part is never done while a visit is being written.
    """
    done = _done(visit, actions)
    counts = {
        "last_actions": len(actions),
        "children": len(visit.children),
        "since": len(visit.since),
        "new_actions": len(visit.new_actions),
    }
    part_codes = (code for code in code_list(PARTS).codes if was_held(visit) or code.code in WHERE_NOBODY_IS_IN)
    visit_parts = [
        Part(code.code, code.label, done[code.code](), code.code in visit.left, counts.get(code.code))
        for code in part_codes
    ]
    return [*visit_parts, Part(SIGN, SIGN_WORDS)]


WHERE_NOBODY_IS_IN = ("visit", "new_actions")
"""The parts of a visit at which nobody was in."""


def _done(visit: Visit, actions: Sequence[ActionLine]) -> Mapping[str, Callable[[], bool]]:
    def written(part: str) -> Callable[[], bool]:
        codes = {section.code for section in sections_of(part)}
        return lambda: any(row.section in codes and row.text.strip() for row in visit.note)

    whole = bool(visit.type) and visit.began is not None and (somebody_is_named(visit) or not was_held(visit))
    return {
        "visit": lambda: whole,
        "last_actions": lambda: all(action.stands for action in actions),
        "children": lambda: all(
            row.seen is not None and (row.seen or bool(row.why_not.strip())) for row in visit.children
        ),
        "since": lambda: all(row.raised is not None for row in visit.since),
        "going": written("going"),
        "needs": written("needs"),
        "training": written("training"),
        "home": lambda: written("home")() or bool(visit.checks or visit.changes),
        "new_actions": lambda: bool(visit.new_actions) or visit.next_on is not None,
    }


def progress(visit_parts: Iterable[Part]) -> str:
    """How many of the parts are done: "9 of 10 parts done."."""
    listed = list(visit_parts)
    return f"{sum(part.done for part in listed)} of {len(listed)} parts done."
