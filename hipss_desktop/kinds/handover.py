"""The morning handover: what the night leaves to the day, item by item, each accepted by or handed to a named person.

An item names a record and never copies its words, so that nobody reads in it what they may not read elsewhere. After publishing,
the list does not change; acceptances, hand-overs and messages are lists that grow. Aim: handed over by 09:00 of the next
working day (council chapters for emergency duty teams, domain notes section e).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import Fields, Problem, field
from hipss_desktop.records.kind import Finish, Kind

READ_FIRST, DO_TODAY, TOLD, CONTACTS = "read_first", "do_today", "told", "contacts"
"""The parts of a handover (``handover_part``), in the order in which they are read."""
NAMING = ("child", "contact", "incident", "restraint", "episode", "action", "alert")
"""The fields of an item that can name its record. One of them does."""


class Item(msgspec.Struct):
    """One item: the record that it names, whom it is for, and in which part it is."""

    id: str
    part: Annotated[str, field("Part", choices="handover_part", required="Choose the part")] = ""
    child: Annotated[str, field("Child", refers_to="child")] = ""
    contact: Annotated[str, field("Contact", refers_to="contact")] = ""
    incident: Annotated[str, field("Incident", refers_to="incident")] = ""
    restraint: Annotated[str, field("Restraint", refers_to="restraint")] = ""
    episode: Annotated[str, field("Missing episode", refers_to="missing_episode")] = ""
    action: Annotated[str, field("Action", refers_to="action")] = ""
    alert: Annotated[str, field("Alert", refers_to="alert")] = ""
    colleague: Annotated[str, field("For", refers_to="practitioner")] = ""
    name: Annotated[str, field("For whom", "A person or a team", names="third")] = ""
    place: Annotated[int | None, field("Place", searchable=False)] = None


class Accepted(msgspec.Struct):
    """Somebody has read an item and taken it on: the author of the row."""

    id: str
    item: Annotated[str, field("Item", searchable=False, required="Choose the item")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was accepted")] = None


class HandedTo(msgspec.Struct):
    """An item was handed to somebody else, who is told."""

    id: str
    item: Annotated[str, field("Item", searchable=False, required="Choose the item")] = ""
    colleague: Annotated[str, field("Colleague", refers_to="practitioner")] = ""
    name: Annotated[str, field("To", names="third", required="Enter whom it is handed to")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was handed on")] = None


class Message(msgspec.Struct):
    """A message from the day team to the person who was on call."""

    id: str
    words: Annotated[str, field("Message", lines=2, required="Enter the message")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was written")] = None


class Handover(msgspec.Struct):
    """What one worker hands over after one night."""

    worker: Annotated[str, field("Who was on call", refers_to="practitioner", subject=True)] = ""
    worker_name: Annotated[str, field("Name", names="third", required="Enter who was on call")] = ""
    shift: Annotated[str, field("Shift", refers_to="shift")] = ""
    since: Annotated[datetime | None, field("From", group="span", required="Enter when the night began")] = None
    until: Annotated[datetime | None, field("To", group="span", required="Enter when the night ended")] = None
    published: Annotated[datetime | None, field("Published")] = None
    items: Annotated[list[Item], field("Items", row_name="an item")] = []
    quiet: Annotated[str, field("A quiet night", "What was done instead, as ‘Pack read through’", lines=2)] = ""
    accepted: Annotated[list[Accepted], field("Accepted", grows=True, row_name="an acceptance")] = []
    handed_to: Annotated[list[HandedTo], field("Handed to", grows=True, row_name="a hand-over")] = []
    messages: Annotated[list[Message], field("From the day team", grows=True, row_name="a message")] = []


QUIET_ITEM = "quiet"
"""The identifier of the only item of a night without items. It is accepted like any other item."""


def in_order(handover: Handover) -> list[Item]:
    """The items in reading order. The fold returns rows in the order of their identifiers."""
    last = len(handover.items)
    return sorted(handover.items, key=lambda item: last if item.place is None else item.place)


def named(item: Item) -> str:
    """The record that an item names, or '' if it names none."""
    return next((record for name in NAMING if (record := getattr(item, name, ""))), "")


def something_is_handed_over(handover: Handover, now: datetime) -> Iterable[Problem]:
    """A handover has items, or says that the night was quiet; each item names a record; the night runs forward."""
    if not handover.items and not handover.quiet.strip():
        yield Problem("quiet", "Enter that the night was quiet and what was done, or add an item")
    for item in handover.items:
        if not named(item):
            yield Problem(f"items/{item.id}/part", "Choose what the item is about")
    if handover.since is not None and handover.until is not None and handover.until <= handover.since:
        yield Problem("until", "Enter an end after the start")
    if handover.since is not None and handover.since > now:
        yield Problem("since", "Enter a time that is not in the future")


def fills_in(handover: Handover, finish: Finish) -> Fields:
    """The time of publishing, which finishing a handover fills in."""
    return {} if handover.published is not None else {"published": times.stamp(finish.now)}


def title(handover: Handover) -> str:
    """The night that is handed over, in words."""
    return f"Handover, {times.night_words(handover.since)}" if handover.since is not None else "Handover"


HANDOVER = Kind(
    name="handover",
    label="Morning handover",
    plural="Morning handovers",
    reference_prefix="HO",
    record=Handover,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="published",
    summary=("worker_name",),
    columns=("since", "worker_name", "published"),
    checks=(something_is_handed_over,),
    fills_in=fills_in,
)
