"""The guide for a missing child in words: its clocks, its nine steps, and the pack in the order in which police ask.

Computed at each reading; no clock is stored. Must not write.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER, Carer, household_name, main_phone
from hipss_desktop.kinds.child import CHILD, Child, age_words, birth, full_name, short_name
from hipss_desktop.kinds.contact import CallAboutMissing
from hipss_desktop.kinds.missing_episode import (
    IN_TOUCH,
    MISSING_EPISODE,
    POLICE,
    MissingEpisode,
    Returned,
    Step,
    back,
    began,
    done_at,
    interview_due,
    next_call,
    step_done,
)
from hipss_desktop.kinds.missing_pack import ASKED, MISSING_PACK, Friend, MissingPack, is_to_check, not_answered
from hipss_desktop.records import telephone
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.rules import missing
from hipss_desktop.rules.missing import Episode
from hipss_desktop.services.missing_guide import MissingGuide
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.views.clocks import NO_TIME
from hipss_desktop.views.tags import Tag, missing_tag
from hipss_desktop.views.undecided import readings

NOT_WRITTEN = "Not written down"
RETURN, INTERVIEW = "back", "interview"
"""The last two steps: each is a list of the record, not a row of its steps."""


@dataclass(frozen=True)
class RunningTime:
    """One of the four clocks: the time (``label``), then how long ago or ahead (``words``), then what is known of it."""

    label: str
    words: str
    note: str
    tone: str = ""


@dataclass(frozen=True)
class GuideStep:
    """One of the nine steps.

    Attributes:
        code: a code of ``missing_step``, ``RETURN`` or ``INTERVIEW``.
        words: what was done, or what must be done.
        done: when it was done and by whom, '' if it is not done.
    """

    code: str
    number: int
    title: str
    words: str
    done: str


@dataclass(frozen=True)
class PackLine:
    """One line of the pack as it is read out; ``spelled`` is the name letter by letter, '' for other lines."""

    label: str
    words: str
    spelled: str = ""


@dataclass(frozen=True)
class Pack:
    """The missing-person pack, with the answers that the child's own record adds.

    Attributes:
        record: the pack's record, '' if nobody has written one.
        tag: whether it is complete, must be checked again, or does not exist.
        checked: when it was checked.
        asks: the labels of unanswered questions, in the order in which police ask.
        lines: the lines that are read out and printed, in that order.
    """

    record: str
    tag: Tag
    checked: str
    asks: tuple[str, ...]
    lines: tuple[PackLine, ...]


@dataclass(frozen=True)
class GuideView:
    """The guide of one episode.

    Attributes:
        child, carer: their records; ``name`` is the child's name on screens.
        together: (record, name) of the open episodes of children who are missing with this child.
        same: (record, words) of another open episode of this child, begun on another laptop.
        in_the_house: the other people in the house, and whether they are safe.
        said_back: a return that a call reported and this record does not have, in words; '' if there is none.
        back_at: the time of that return, as saved text.
        current: the code of the step to do now, '' if nothing is left to do.
    """

    record: str
    child: str
    name: str
    age: str
    local_id: str
    carer: str
    status: Tag | None
    open: bool
    clocks: tuple[RunningTime, ...]
    steps: tuple[GuideStep, ...]
    done: int
    number: str
    log_number: str
    pack: Pack
    together: tuple[tuple[str, str], ...]
    same: tuple[tuple[str, str], ...]
    in_the_house: tuple[str, ...]
    said_back: str
    back_at: str
    current: str


NUMBER = re.compile(r"\b(0\d{4}) (\d{3})(\d{3})\b")


def in_threes(words: str) -> str:
    """Words with telephone numbers in groups of three, as they are read out."""
    return NUMBER.sub(r"\1 \2 \3", words)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago a moment was, or how far ahead it is: "1 h 57 min ago", "in 1 h 18 min"."""
    return f"{times.duration(now - moment)} ago" if moment <= now else f"in {times.duration(moment - now)}"


class MissingGuides:
    """Reads the guides of one open store."""

    def __init__(self, store: Store, people: People, guide: MissingGuide, clock: times.Clock) -> None:
        self._store = store
        self._people = people
        self._guide = guide
        self._clock = clock

    def view(self, record: str) -> GuideView | None:
        """The guide of an episode, None if it is not on this laptop."""
        current = self._store.get(record)
        if current is None or current.kind != MISSING_EPISODE.name:
            return None
        episode, now = MISSING_EPISODE.of(current), self._clock()
        carer = episode.carer or self._placed(episode.child)
        child, household = self._child(episode.child), self._household(carer)
        going_on = self._guide.known(episode.child) if episode.child else None
        police = step_done(episode, POLICE)
        steps = tuple(self._steps(episode, now))
        goes_on = missing.goes_on(current, self._store.get)
        status = missing_tag(Episode(episode.last_seen, episode.reported), now) if goes_on else None
        said_back = going_on.said_back if going_on is not None and going_on.record == record else None
        return GuideView(
            record=record,
            child=episode.child,
            name=short_name(child),
            age=age_words(child, times.local_day(now)),
            local_id=child.local_id,
            carer=carer,
            status=status,
            open=goes_on,
            clocks=tuple(self._clocks(episode, household, now)),
            steps=steps,
            done=sum(bool(step.done) for step in steps),
            number=telephone.grouped(main_phone(household)),
            log_number=police.log_number if police is not None else "",
            pack=self.pack(episode.child, episode, now),
            together=tuple((other.record, self._name(other)) for other in self._guide.together(record)),
            same=tuple(self._same(current, now)) if goes_on else (),
            in_the_house=tuple(
                f"{row.name}, {'safe' if row.safe else 'not safe'}, {_clock(row.at, now)}"
                for row in episode.in_the_house
            ),
            said_back=f"A call says that {short_name(child)} came back at {times.since(said_back, now)}"
            if said_back
            else "",
            back_at=times.stamp(said_back) if said_back else "",
            current=_current(episode, steps, now, goes_on=goes_on),
        )

    def episodes(self, child: str = "") -> list[Record]:
        """The open missing episodes, of one child or of all, last begun first."""
        due = self._store.records_due(MISSING_EPISODE.name)
        records = (record for record in due if not child or MISSING_EPISODE.of(record).child == child)
        chosen = [record for record in records if missing.goes_on(record, self._store.get)]
        return sorted(chosen, key=lambda record: record.at, reverse=True)

    def pack(self, child: str, episode: MissingEpisode | None, now: datetime) -> Pack:
        """A child's pack, with what an episode adds for the night."""
        records = self._store.newest_about([child], role="child", kind=MISSING_PACK.name)[child] if child else []
        record = records[0] if records else None
        packs = [MISSING_PACK.read(body) for body in readings(record)] if record is not None else [MissingPack()]
        pack = packs[0]
        unanswered = not_answered(pack)
        today = times.local_day(now)
        tag = Tag("Complete", "neutral", "check")
        if record is None:
            tag = Tag("No pack", "risk", "octagon")
        elif unanswered:
            tag = Tag(f"{len(ASKED) - len(unanswered)} of {len(ASKED)} answered", "amber", "alert")
        elif is_to_check(pack, today):
            tag = Tag("Check it is still right", "amber", "alert")
        checked = f"Checked {times.long_day(pack.checked)}" if pack.checked is not None else "Never checked"
        return Pack(
            record.record if record is not None else "",
            tag,
            checked if record is not None else "",
            tuple(MISSING_PACK.by_name[name].label for name in unanswered),
            tuple(self._lines(child, packs, episode or MissingEpisode(), today, now)),
        )

    def _lines(
        self, child: str, packs: Sequence[MissingPack], episode: MissingEpisode, today: date, now: datetime
    ) -> Iterator[PackLine]:
        """The lines in the order in which police ask; an undecided answer is shown in all its versions."""
        versions = self._versions(child)
        known, household = versions[0], self._household(episode.carer or self._placed(child))
        name, nicknames = full_name(known), ", ".join(_all_answers(versions, "known_as"))
        yield PackLine("Name", f"{name}, known as {nicknames}" if nicknames else name, " ".join(name.upper()))
        born = ", ".join(filter(None, (birth(known).words, age_words(known, today))))
        status = code_list("ssda903_legal_status").label(known.legal_status) if known.legal_status else ""
        yield _line("Born", born, status, known.placing_authority)
        carers = f"Carers {household_name(household)}" if household.members else ""
        yield _line("Lives at", ", ".join(household.address.split("\n")), household.postcode, carers)
        ethnicity = code_list("ssda903_ethnicity").label(known.ethnicity) if known.ethnicity else ""
        yield _line("Looks like", ethnicity, *_all_answers(packs, "looks"))
        yield _line("Wearing", episode.wearing, episode.carrying)
        yield _line("Last seen", *self._last_seen(episode, now))
        own = (telephone.grouped(number) for number in _all_answers(versions, "phone"))
        yield _line("Phone", *(_all_answers(packs, "phone") or own))
        allergies = _all_answers(versions, "allergies")
        allergic = f"Allergies: {', '.join(allergies)}" if allergies else ""
        yield _line("Health", allergic, *_all_answers(versions, "health"), *_all_answers(packs, "health"))
        yield _line("Risk", *_all_answers(versions, "risks"), *_all_answers(packs, "risk"), episode.why_worried)
        yield _line("Where", *_all_answers(packs, "places"), *_all_answers(packs, "travel"))
        friends = dict.fromkeys(_friend(row) for pack in packs for row in pack.friends)
        yield _line("Who with", *friends, *_all_answers(packs, "online"))
        yield _line("Missing before", self._before(child, episode, now))
        yield _line("What helps", *_all_answers(versions, "helps"))
        yield _line("Do not", *_all_answers(versions, "do_not"))

    @staticmethod
    def _last_seen(episode: MissingEpisode, now: datetime) -> Iterator[str]:
        seen = "Not known when" if episode.last_seen_not_known else ""
        if episode.last_seen is not None:
            seen = times.on_its_day(episode.last_seen, now)
        by = f"by {episode.last_seen_by}" if episode.last_seen_by else ""
        yield ", ".join(filter(None, (" ".join(filter(None, (seen, by))), episode.last_seen_where)))
        if episode.due_back is not None:
            yield f"Due back {times.on_its_day(episode.due_back, now)}"

    def _before(self, child: str, episode: MissingEpisode, now: datetime) -> str:
        """How often the child was missing before, with the last two times, and what calls alone reported."""
        records = self._store.records_about(child, role="child", kind=MISSING_EPISODE.name) if child else []
        earlier = [
            (started, row)
            for record in records
            if not record.withdrawn and not missing.is_passed_over(record, self._store.get)
            if (earlier_episode := MISSING_EPISODE.of(record)) != episode
            if (row := back(earlier_episode)) is not None
            and (started := began(earlier_episode) or earlier_episode.reported) is not None
        ]
        by_calls = [span for span in self._by_calls(child, episode) if not _is_among(span, earlier)]
        last = f", the last {_between(*by_calls[-1])}" if by_calls else ""
        more = f"Calls tell of {_times_over(len(by_calls), 'more' if earlier else '')}{last}" if by_calls else ""
        if not earlier:
            return more or "Not recorded here before"
        first = times.local_day(min(started for started, _ in earlier))
        count = "Once" if len(earlier) == 1 else f"{len(earlier)} times"
        since = f"{count} since {times.MONTHS[first.month - 1]} {first.year}"
        newest = sorted(earlier, key=lambda pair: pair[0], reverse=True)[:2]
        return ". ".join([since, *(_span(started, row, now) for started, row in newest), *filter(None, (more,))])

    def _by_calls(self, child: str, episode: MissingEpisode) -> list[tuple[datetime, datetime]]:
        """The earlier periods in which the child was missing according to calls alone; calls also include being late home."""
        calls = self._store.said_about(child, "missing", of=CallAboutMissing)
        this = began(episode) or episode.reported
        return [span for span in missing.ended_by_calls(calls) if this is None or span[1] <= this]

    def _clocks(self, episode: MissingEpisode, household: Carer, now: datetime) -> Iterator[RunningTime]:
        seen = episode.last_seen
        words = ago(seen, now) if seen is not None else "Not known"
        by = ", ".join(filter(None, (episode.last_seen_by, episode.last_seen_where)))
        yield RunningTime(f"Last seen {_clock(seen, now)}".rstrip(), words, by)
        row = back(episode)
        if row is not None and row.at is not None:
            yield RunningTime(f"Back {_clock(row.at, now)}", ago(row.at, now), f"Seen by {row.seen_by}")
            due = interview_due(episode)
            assert due is not None, "there is a return"
            time_left = f"{_hours(due, now)} left" if due > now else f"Overdue {_hours(now, due)}"
            yield RunningTime(
                f"Interview by {times.on_its_day(due, now)}",
                time_left,
                "72 hours from the return",
                "" if due > now else "amber",
            )
        else:
            yield self._due_back(episode, now)
        police = step_done(episode, POLICE)
        reported_at = done_at(police) if police is not None else None
        if police is not None:
            grade = code_list("police_grade").label(police.grade) if police.grade else ""
            log = f"Log {police.log_number}" if police.log_number else "No log number yet"
            note = f"{log}, {within(grade)}" if grade else log
            words = ago(reported_at, now) if reported_at is not None else NO_TIME.capitalize()
            yield RunningTime(f"Reported to police {_clock(reported_at, now)}".rstrip(), words, note)
        else:
            yield RunningTime(
                "Reported to police", "Not yet", "Ring 101, in danger 999", "amber" if row is None else ""
            )
        call = next_call(episode) if row is None else None
        number, who = telephone.grouped(main_phone(household)), household_name(household) if household.members else ""
        if call is not None:
            tone = "amber" if call <= now else ""
            words = f"Overdue {times.duration(now - call)}" if call < now else ago(call, now)
            yield RunningTime(f"Next call to {who} {_clock(call, now)}", words, number, tone)
        elif row is None:
            yield RunningTime("Next call", "Not agreed", number)

    @staticmethod
    def _due_back(episode: MissingEpisode, now: datetime) -> RunningTime:
        due, agreed = episode.due_back, episode.due_back_agreed
        note = f"Agreed with {agreed}" if agreed else ""
        if due is None:
            return RunningTime("Due back", "Not agreed", note)
        if due < now:
            return RunningTime(f"Due back {_clock(due, now)}", f"Overdue {times.duration(now - due)}", note, "amber")
        return RunningTime(f"Due back {_clock(due, now)}", ago(due, now), note)

    def _steps(self, episode: MissingEpisode, now: datetime) -> Iterator[GuideStep]:
        listed = code_list("missing_step").codes
        for number, code in enumerate(listed, 1):
            row = step_done(episode, code.code)
            words = _step_words(row) if row is not None else code.more.get("hint", "")
            done = ", ".join(filter(None, (_clock(done_at(row), now) or NO_TIME, row.by))) if row is not None else ""
            yield GuideStep(code.code, number, code.label, words or code.label, done)
        row_back = back(episode)
        words = "Time, who saw the child, injuries"
        if row_back is not None:
            words = f"Seen by {row_back.seen_by}. {row_back.injuries}"
        done = _clock(row_back.at, now) if row_back is not None else ""
        yield GuideStep(RETURN, len(listed) + 1, "When the child is back", words, done)
        newest = max(episode.interview, key=lambda row: (row.at is not None, row.at, row.id), default=None)
        words = "72 hours, counted from the return"
        if newest is not None:
            words = ", ".join(filter(None, (code_list("interview_step").label(newest.step), newest.by, newest.why)))
        settled = newest is not None and newest.step in ("done", "refused")
        done = _clock(newest.at, now) if newest is not None and settled else ""
        yield GuideStep(INTERVIEW, len(listed) + 2, "Return home interview", words, done)

    def _same(self, current: Record, now: datetime) -> Iterator[tuple[str, str]]:
        for other in self.episodes(MISSING_EPISODE.of(current).child):
            if other.record != current.record:
                begun = MISSING_EPISODE.of(other).reported
                yield other.record, f"Begun {_clock(begun, now)} on another laptop".replace("  ", " ")

    def _versions(self, record: str) -> list[Child]:
        """The child as shown, and once more for each further version of an undecided answer."""
        known = self._people.record(record) if record else None
        return [CHILD.read(body) for body in readings(known)] if known and known.kind == CHILD.name else [Child()]

    def _child(self, record: str) -> Child:
        known = self._people.record(record) if record else None
        return CHILD.of(known) if known is not None and known.kind == CHILD.name else Child()

    def _household(self, record: str) -> Carer:
        known = self._people.record(record) if record else None
        return CARER.of(known) if known is not None and known.kind == CARER.name else Carer()

    def _placed(self, child: str) -> str:
        placed = self._people.placement_of(child, times.tonight(self._clock())) if child else None
        return placed.carer if placed is not None else ""

    def _name(self, record: Record) -> str:
        return self._people.name(MISSING_EPISODE.of(record).child)


def _current(episode: MissingEpisode, steps: Sequence[GuideStep], now: datetime, *, goes_on: bool) -> str:
    """The step to do now: while the child is missing an overdue call, else the first step not done."""
    call, undone = next_call(episode), [step.code for step in steps if not step.done]
    if not goes_on:
        return INTERVIEW if INTERVIEW in undone and back(episode) is not None else ""
    if call is not None and call <= now:
        return IN_TOUCH
    return next((code for code in undone if code not in (RETURN, INTERVIEW)), IN_TOUCH)


def _clock(moment: datetime | None, now: datetime) -> str:
    return times.since(moment, now) if moment is not None else ""


def _hours(later: datetime, earlier: datetime) -> str:
    """A span of up to some days in hours and minutes, as the 72 hours are counted."""
    hours, minutes = divmod(int((later - earlier).total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min"


def _line(label: str, *parts: str) -> PackLine:
    """A line of sentences, or the words that nothing was written."""
    sentences = [part.strip().rstrip(".") for part in parts if part.strip()]
    return PackLine(label, ". ".join(sentences) + "." if sentences else NOT_WRITTEN)


def _all_answers(versions: Sequence[Child] | Sequence[MissingPack], name: str) -> list[str]:
    """The answers of all versions of a record in a text field or list of lines, each once."""
    answers = (getattr(version, name) for version in versions)
    lines = (line for answer in answers for line in (answer if isinstance(answer, list) else [answer]))
    return [line for line in dict.fromkeys(lines) if line]


def _friend(row: Friend) -> str:
    return " ".join(filter(None, (row.name, telephone.grouped(row.number), row.note)))


def _span(started: datetime, row: Returned, now: datetime) -> str:
    assert row.at is not None, "a return that counts has its time"
    how = code_list("how_returned").label(row.how) if row.how else ""
    words = _between(started, row.at)
    return f"{words}, {within(how)}" if how else words


def _between(started: datetime, ended: datetime) -> str:
    return f"{times.short_day(times.local_day(started))}, {times.clock_time(started)} to {times.clock_time(ended)}"


def _is_among(span: tuple[datetime, datetime], earlier: Sequence[tuple[datetime, Returned]]) -> bool:
    """Whether a period is that of a missing episode, as calls were logged beside the guide."""
    return any(row.at is not None and started <= span[1] and span[0] <= row.at for started, row in earlier)


def _times_over(count: int, more: str = "") -> str:
    """A number of times in words."""
    return " ".join(filter(None, (str(count), more, "time" if count == 1 else "times")))


def _step_words(row: Step) -> str:
    grade = code_list("police_grade").label(row.grade) if row.grade else ""
    log = f"Log {row.log_number}" if row.log_number else ""
    spoke_to = f"Spoke to {row.spoke_to}" if row.spoke_to else ""
    following = f"Next call {times.clock_time(row.next_call)}" if row.step == IN_TOUCH and row.next_call else ""
    return ". ".join(filter(None, (", ".join(filter(None, (log, grade))), spoke_to, row.words, following)))
