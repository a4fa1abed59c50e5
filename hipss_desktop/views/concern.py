"""The newest concern about a child, for every screen that names the child: read from the records, worded as a tag.

Must not write.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from hipss_desktop import times
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules import concern as concerns
from hipss_desktop.rules import missing
from hipss_desktop.rules.concern import Concern, Level
from hipss_desktop.rules.handover import accepted_records
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.views.tags import Tag, missing_tag

TONES = {Level.KNOWN: "neutral", Level.WATCH: "amber", Level.NOW: "risk"}

MOST_OF_A_DAY = 50
"""The most contacts about one child that are read if those of the last day were not read already."""


class Concerns:
    """Reads the concerns about children in one open store."""

    def __init__(self, store: Store, clock: times.Clock) -> None:
        self._store = store
        self._clock = clock

    def newest(self, children: Sequence[str], *, recent: Iterable[Record] | None = None) -> dict[str, Concern | None]:
        """The newest concern about each child, else the newest contact of the last day, None if there is neither.

        ``recent`` are the contacts of the last day, if they were read already.
        """
        now = self._clock()
        about_missing = self._store.newest_about(children, role="missing", most=missing.CONTACTS_OF_AN_EPISODE)
        about = self._of_the_last_day(children, now) if recent is None else _by_child(children, recent)
        handed_over = self._handed_over(now)
        return {
            child: concerns.newest(
                about[child], about_missing[child], now, find=self._store.get, handed_over=handed_over
            )
            for child in children
        }

    def _of_the_last_day(self, children: Sequence[str], now: datetime) -> dict[str, list[Record]]:
        """The newest contacts about each child that were told within the last day."""
        since = times.ms(now - concerns.LASTS)
        return self._store.newest_about(children, kind=CONTACT.name, most=MOST_OF_A_DAY, since=since)

    def _handed_over(self, now: datetime) -> frozenset[str]:
        """The records that a colleague of the day has accepted in a handover of the last day."""
        handovers = self._store.records_of(HANDOVER.name, since=times.ms(now - concerns.LASTS))
        return accepted_records(HANDOVER.of(record) for record in handovers if not record.withdrawn)

    def tags(self, children: Sequence[str]) -> dict[str, Tag]:
        """The tags of the children with a concern that asks for attention."""
        now = self._clock()
        tags = {child: attention_tag(concern, now) for child, concern in self.newest(children).items()}
        return {child: tag for child, tag in tags.items() if tag is not None}


def _by_child(children: Sequence[str], contacts: Iterable[Record]) -> dict[str, list[Record]]:
    """Contacts by the children that they are about."""
    about: dict[str, list[Record]] = {child: [] for child in children}
    for contact in contacts:
        for child in set(CONTACT.of(contact).children) & about.keys():
            about[child].append(contact)
    return about


def attention_tag(concern: Concern | None, now: datetime) -> Tag | None:
    """The tag of a concern that asks for attention, None if it does not."""
    return concern_tag(concern, now) if concern is not None and concern.level > Level.KNOWN else None


def concern_tag(concern: Concern, now: datetime) -> Tag:
    """A concern as a tag with its time; named by its subject if the risk alone does not make it a concern."""
    gone = missing_tag(concern.episode, now)
    if gone is not None:
        return gone
    listed = code_list("risk").get(concern.risk)
    risk = (listed.more.get("tag") or listed.label) if listed else concern.risk
    tone, at = TONES[concern.level], times.since(concern.told_at, now)
    if concern.is_back:
        words = f"Back {times.since(concern.back_at, now)}" if concern.back_at else f"Reported back {at}"
        return Tag(f"{words}, {risk.lower()}" if risk else words, tone, "alert")
    if concern.about == concerns.DANGER:
        return Tag(f"Immediate danger {at}", tone, "alert")
    if concern.about:
        return Tag(f"{code_list('concern').label(concern.about)} {at}", tone, "alert")
    return Tag(f"{risk or 'Contact'} {at}", tone, "phone" if concern.level == Level.KNOWN else "alert")
