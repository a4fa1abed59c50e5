"""The strain of a placement in words: the sentence, the reason, the weeks as a table, and support offered since.

It is a prompt to talk to the carers, never a score. Must not write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.support_offer import SUPPORT_OFFER, VISIT
from hipss_desktop.rules.strain import FEWEST, MOST, SPANS, Strain
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Store
from hipss_desktop.services.strain import Strains
from hipss_desktop.views.tags import Tag

UNDER_STRAIN = Tag("Placement under strain", "amber", "alert")
PROMPT = "It is a prompt to talk to the carers, not a score of the child or the carers."
OFFERS, READ_OFFERS = 3, 200
"""The most offers that are shown, newest first, and the most that are read."""
HOW = (
    "Each contact about the child or household counts, and each incident, hold or missing episode that did not come from a contact"
    " that counts. Information, wrong numbers, abandoned calls and withdrawn records do not count.",
    "A contact weighs 1, at high risk 2, in an emergency 3; an incident by its type, from 1 to 3. A week goes from Monday to"
    " Sunday.",
    f"Usual is what eight in ten whole weeks of this placement were, of the last {MOST} before. A change of placement begins anew, "
    f"and it is too early until {FEWEST} whole weeks have passed.",
    "It is shown when the last two weeks are each above nine in ten of the weeks before, or when the last eight together are above"
    " them and the last two above the middle one; and in either case by more than good and bad weeks explain.",
    "One in four steady placements shows it without a reason at least once a year. It never goes into a figure about a child.",
)
"""The explanation of the rule, in paragraphs; the share of false alarms is from ``docs/strain.md``."""


@dataclass(frozen=True)
class Offer:
    """An offer of support in a line."""

    record: str
    title: str
    on: date

    @property
    def words(self) -> str:
        """The day of the offer."""
        return times.long_day(self.on)


@dataclass(frozen=True)
class StrainView:
    """Everything that a screen shows of one placement's strain.

    Attributes:
        person: the child or household; ``kind`` is which of the two; ``carer`` is the household.
        strain: the numbers; None if there is no placement.
        sentence: "7 contacts in 7 days, usual 2".
        why: the result of the rule, in a sentence or two.
        usual: "usual 2 to 4", '' while it is too early.
        spoken: the chart for a screen reader.
        offers: the newest offers of support since the placement began.
    """

    person: str
    kind: str
    name: str
    strain: Strain | None
    sentence: str
    why: str
    usual: str = ""
    spoken: str = ""
    carer: str = ""
    offers: tuple[Offer, ...] = ()

    @property
    def offer(self) -> dict[str, str]:
        """The initial fields of an offer of support that is made because of this."""
        child = self.person if self.kind == CHILD.name else ""
        seen_on = self.strain.on.isoformat() if self.strain is not None else ""
        return {"child": child, "carer": self.carer, "what": VISIT, "seen_on": seen_on}

    @property
    def tag(self) -> Tag | None:
        """The tag beside the sentence, None if there is no strain."""
        return UNDER_STRAIN if self.strain is not None and self.strain.state == "strain" else None


class StrainViews:
    """Puts the strain of placements into words, for one open store."""

    def __init__(self, store: Store, strains: Strains, people: People, clock: times.Clock) -> None:
        self._store = store
        self._strains = strains
        self._people = people
        self._clock = clock

    def view(self, person: str, on: date | None = None) -> StrainView | None:
        """A child or household on a day (default: today); None if it is not on this laptop."""
        person_record = self._people.record(person)
        if person_record is None or person_record.kind not in (CHILD.name, CARER.name):
            return None
        day = on or times.local_day(self._clock())
        strain = self._strains.of(person, day)
        name = self._people.name(person)
        if strain is None:
            return StrainView(person, person_record.kind, name, None, "No placement with a carer of the service.", "")
        return StrainView(
            person=person,
            kind=person_record.kind,
            name=name,
            strain=strain,
            sentence=sentence(strain),
            why=why(strain),
            usual=usual_words(strain),
            spoken=spoken(strain),
            carer=self._household(person, person_record.kind, day),
            offers=self._offers(person, strain),
        )

    def placed(self, on: date | None = None) -> list[StrainView]:
        """All children who live with a household on a day, and those households."""
        day = on or times.local_day(self._clock())
        views = (self.view(person, day) for person in self._strains.placed(day))
        return [view for view in views if view is not None]

    def sentences(self, children: Sequence[str]) -> dict[str, str]:
        """The sentences of those children whose placement is under strain today; cached, so that a board can ask."""
        strains = self._strains.of_children(children, times.local_day(self._clock()))
        return {child: sentence(stands) for child, stands in strains.items() if stands.state == "strain"}

    def _household(self, person: str, kind: str, day: date) -> str:
        if kind == CARER.name:
            return person
        stay = self._strains.stay(person, day)
        return stay.carer if stay is not None else ""

    def _offers(self, person: str, strain: Strain) -> tuple[Offer, ...]:
        since = times.ms(times.begins(strain.start))
        records = self._store.newest_about([person], kind=SUPPORT_OFFER.name, most=READ_OFFERS, since=since)[person]
        offers = []
        for record in records:
            offer = SUPPORT_OFFER.of(record)
            if offer.offered_on is not None and offer.offered_on <= strain.on:
                offers.append(Offer(record.record, SUPPORT_OFFER.title(record.fields), offer.offered_on))
        return tuple(offers[:OFFERS])


def counted(contacts: int, incidents: int) -> str:
    """Contacts and incidents in words: "7 contacts", "6 contacts and 1 incident"."""
    words = [f"{contacts} {'contact' if contacts == 1 else 'contacts'}"] if contacts or not incidents else []
    words += [f"{incidents} {'incident' if incidents == 1 else 'incidents'}"] if incidents else []
    return " and ".join(words)


def usual_words(strain: Strain) -> str:
    """The usual range of a week: "usual 2", "usual 0 to 2"; '' while it is too early."""
    if strain.usual is None:
        return ""
    low, high = strain.usual
    return f"usual {low}" if low == high else f"usual {low} to {high}"


def sentence(strain: Strain) -> str:
    """The numbers of the seven days up to the day, and what is usual."""
    words = f"{counted(strain.contacts, strain.incidents)} in 7 days"
    return f"{words}, {usual_words(strain) or 'too early to say what is usual'}"


def why(strain: Strain) -> str:
    """Why there is strain, or why there is none."""
    if strain.state == "too_early":
        weeks = "1 whole week" if strain.weeks_before == 1 else f"{strain.weeks_before} whole weeks"
        began = times.long_day(strain.start)
        return f"This placement began on {began}. Of the {FEWEST} whole weeks that are needed first, there are {weeks}."
    if strain.state == "usual":
        return "No strain shown."
    since = f" since {times.long_day(strain.speaks_since)}" if strain.speaks_since else ""
    if strain.span == max(SPANS):
        there, usual = strain.in_span
        return f"{there} in {strain.span} weeks, where {usual} are usual, shown{since}. {PROMPT}"
    above = [week.count for week in strain.weeks if week.is_above]
    risk = "" if strain.usual and min(above, default=0) > strain.usual[1] else ", high risk counting more"
    return f"Above the usual range two weeks in a row{risk}, shown{since}. {PROMPT}"


def ends_of(strain: Strain) -> tuple[str, str]:
    """The words under the first and the last week of the chart: the day on which each begins."""
    first, last = strain.weeks[0].first, strain.weeks[-1].first
    return _without_year(first), _without_year(last)


def _without_year(day: date) -> str:
    return times.brief_day(day).rsplit(" ", 1)[0]


def spoken(strain: Strain) -> str:
    """The chart for a screen reader: "Contacts and incidents each week, 12 weeks, usual 2 to 4: 2, 3, ... 6, then 9."."""
    counts = [str(week.count) for week in strain.weeks]
    numbers = f"{', '.join(counts[:-1])}, then {counts[-1]}" if len(counts) > 1 else counts[0]
    weeks = "1 week" if len(counts) == 1 else f"{len(counts)} weeks"
    usual = f", {usual_words(strain)}" if strain.usual else ", too early to say what is usual"
    above = sum(week.is_above for week in strain.weeks)
    stands = f" Above usual for {above} weeks." if above else ""
    return f"Contacts and incidents each week, {weeks}{usual}: {numbers}.{stands}"


HEADINGS = ("Week from", "Contacts", "Incidents", "By risk", "")


def table(strain: Strain) -> list[tuple[str, ...]]:
    """The weeks as rows under ``HEADINGS``, newest first."""
    return [
        (
            times.brief_day(week.first),
            str(week.contacts),
            str(week.incidents),
            str(week.weight),
            "Above usual" if week.is_above else "" if week.is_whole else "Not whole",
        )
        for week in reversed(strain.weeks)
    ]
