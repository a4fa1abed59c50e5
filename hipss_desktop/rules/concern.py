"""The newest concern about a child tonight, from contacts and missing episodes, and the order of the children's cards.

A missing child is a concern while the episode is open. A child who came back, was hurt or rang at risk is one until a day
has passed, or a colleague of the day has accepted it in a handover. What is red tonight stays red after it was accepted. A
low risk is known too, but never replaces a concern.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Literal, Protocol

from hipss_desktop import times
from hipss_desktop.kinds.contact import CONTACT, Contact, about_missing, about_someone
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, back
from hipss_desktop.rules import missing

LASTS = timedelta(hours=24)
RISKS = ("low", "medium", "high", "emergency")
"""The codes of ``risk``, lowest first."""
SERIOUS, SEVERE = RISKS.index("medium"), RISKS.index("high")
AT_ANY_RISK = ("self_harm", "injury_health")
"""The codes of ``concern`` that are a concern even at a low risk."""
INJURY = "injury_health"
DANGER = "immediate_danger"
NEW_PLACEMENT_DAYS = 28

Standing = Literal["emergency", "respite", "new", ""]
"""What is notable about a child's placement; ``order`` sorts by this list."""
STANDINGS: tuple[Standing, ...] = ("emergency", "respite", "new", "")


class Dated(missing.Withdrawable, Protocol):
    """A record with the moment that dates it, in milliseconds since 1970 UTC."""

    @property
    def at(self) -> int:
        """When a contact was told."""
        ...


class Level(IntEnum):
    """How much a concern matters now."""

    KNOWN = 0
    WATCH = 1
    NOW = 2


@dataclass(frozen=True)
class Concern:
    """The newest thing known of a child.

    Attributes:
        level: ``NOW`` while the child is missing, and for a high or emergency risk of tonight.
        told_at: when it was told.
        episode: the episode in which the child is missing, None if the child is not.
        is_back: whether the newest is that the child came back; ``back_at`` is when, None if no contact says it.
        risk: the worse risk (``risk``) of the contact, '' if none was chosen.
        about: a concern at a low risk: a code of ``concern``, or ``DANGER``.
    """

    level: Level
    told_at: datetime
    episode: missing.Episode | None = None
    is_back: bool = False
    back_at: datetime | None = None
    risk: str = ""
    about: str = ""


def newest(
    contacts: Iterable[Dated],
    newest_of_missing: Iterable[Dated],
    now: datetime,
    *,
    find: missing.Find,
    handed_over: Container[str] = frozenset(),
) -> Concern | None:
    """The newest concern about a child, else the newest contact of the last day, None if there is neither.

    Args:
        contacts: the contacts about the child, at least those of the last day, in any order.
        newest_of_missing: the missing episodes and the contacts that say the child is missing or came back, newest first.
        now: the moment.
        find: returns a record by its identifier, as ``missing.episode`` needs it.
        handed_over: the records that a colleague of the day has accepted in a handover; they are no longer a concern.
    """
    speaking = [record for record in newest_of_missing if not record.withdrawn]
    episode = missing.episode(speaking, find)
    if episode is not None:
        return Concern(Level.NOW, times.of_ms(speaking[0].at), episode=episode)
    recent = (record for record in contacts if not record.withdrawn and now - times.of_ms(record.at) < LASTS)
    known = [(record, of_contact(CONTACT.of(record), times.of_ms(record.at), now)) for record in recent]
    for record in speaking:
        row = back(MISSING_EPISODE.of(record)) if record.kind == MISSING_EPISODE.name else None
        if row is not None and row.at is not None and now - row.at < LASTS:
            known.append((record, Concern(Level.WATCH, row.at, is_back=True, back_at=row.at)))
    concerns = (_handed_over(concern) if record.record in handed_over else concern for record, concern in known)
    return max(concerns, key=lambda concern: (concern.level > Level.KNOWN, concern.told_at), default=None)


def of_contact(contact: Contact, told_at: datetime, now: datetime) -> Concern:
    """The concern of one contact about its children; answers to questions that are not asked do not count."""
    if not about_someone(contact):
        return Concern(Level.KNOWN, told_at)
    risk = max(contact.risk, contact.risk_after, key=_rank)
    rank, about = _rank(risk), ""
    if rank < SERIOUS:
        about = next((code for code in AT_ANY_RISK if code in contact.concerns), INJURY if contact.injuries else "")
        about = DANGER if contact.immediate_danger else about
    is_back = about_missing(contact) and contact.missing == "back"
    level = Level.WATCH if rank >= SERIOUS or about or is_back else Level.KNOWN
    if (rank >= SEVERE or about == DANGER) and times.tonight(told_at) == times.tonight(now):
        level = Level.NOW
    return Concern(
        level, told_at, is_back=is_back, back_at=contact.back_at if is_back else None, risk=risk, about=about
    )


def _handed_over(concern: Concern) -> Concern:
    """A concern that a colleague of the day has accepted: it is only known, except that red of tonight stays red."""
    return replace(concern, level=Level.KNOWN) if concern.level == Level.WATCH else concern


def _rank(risk: str) -> int:
    """The index of a risk in ``RISKS``; an unknown risk counts as medium, no risk as below low."""
    if not risk:
        return -1
    return RISKS.index(risk) if risk in RISKS else SERIOUS


def standing(placement_type: str, start: date, today: date) -> Standing:
    """What is notable about a placement: that it is an emergency, respite or new; '' otherwise."""
    if placement_type == "emergency":
        return "emergency"
    if placement_type == "respite":
        return "respite"
    return "new" if 0 <= (today - start).days < NEW_PLACEMENT_DAYS else ""


def order(
    concern: Concern | None, overdue: int, placed: Standing, alert: datetime | None = None
) -> tuple[int, int, int]:
    """The key that sorts children, highest concern first.

    Red comes before amber, each newest first; then children with overdue follow-ups (``overdue`` of
    them), then the order of ``STANDINGS``. An alert is amber; ``alert`` is when the newest one began.
    """
    place = STANDINGS.index(placed)
    known = [(concern.level, times.ms(concern.told_at))] if concern is not None and concern.level > Level.KNOWN else []
    known += [(Level.WATCH, times.ms(alert))] if alert is not None else []
    if known:
        level, told_ms = max(known)
        return (Level.NOW - level, -told_ms, place)
    return (2, -overdue, place) if overdue else (3, 0, place)
