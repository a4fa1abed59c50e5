"""A child's return reported by a later call, for the clocks of an incident without one. Must not write, nor copy its words."""

from dataclasses import dataclass
from datetime import datetime

from hipss_desktop import times
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import Incident
from hipss_desktop.rules.clocks import Clock
from hipss_desktop.rules.incident_clocks import RETURN_OF
from hipss_desktop.rules.missing import CONTACTS_OF_AN_EPISODE, first_return
from hipss_desktop.services.ports import Store
from hipss_desktop.views.names import Names
from hipss_desktop.views.record import Reference


@dataclass(frozen=True)
class SaidReturn:
    """A child's return as a call reports it.

    Attributes:
        call: the contact; its name here is the sentence about the return.
        at: the time of the return, as saved text.
    """

    call: Reference
    at: str


def is_of_return(clock: Clock) -> bool:
    """Whether a clock counts from the return of a child."""
    return any(event in RETURN_OF.values() for event in clock.events)


def said_return(store: Store, names: Names, clock: Clock, incident: Incident, now: datetime) -> SaidReturn | None:
    """The return that a call reports, for a clock that waits for the return of one child; None if there is none."""
    since = incident.happened or incident.aware
    if clock.state != "not_running" or len(clock.children) != 1 or since is None or not is_of_return(clock):
        return None
    (child,) = clock.children
    speaking = store.newest_about([child], role="missing", most=CONTACTS_OF_AN_EPISODE)[child]
    reported_return = first_return(speaking, since)
    if reported_return is None:
        return None
    record, at = reported_return
    words = f"A call says that {names.name(child)} came back at {times.on_its_day(at, now)}"
    return SaidReturn(Reference("from_contact", CONTACT.label, record, CONTACT.name, words), times.stamp(at))
