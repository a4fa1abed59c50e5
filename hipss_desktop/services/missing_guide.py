"""The guide for a child who is not home: beginning it, recording each step, and recording the return, which ends it.

Each press is one finished revision. Children who are missing together each have a record; a step that was done for several
is written into each record. Must not draw anything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.missing_episode import EDT, MISSING_EPISODE, POLICE, is_open
from hipss_desktop.records.fields import is_nothing
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules import missing
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Draft, Record, Store
from hipss_desktop.services.records import Records


def missing_by_calls(store: Store, children: Sequence[str]) -> Iterator[tuple[str, missing.Episode, Record]]:
    """The children who are missing according to calls alone, at any time in the past: no guide was begun for them.

    Each comes with the episode that the calls describe, and the last call.
    """
    speaking = store.newest_about(children, role="missing", most=missing.CONTACTS_OF_AN_EPISODE)
    for child, newest_first in speaking.items():
        known = missing.episode(newest_first, store.get)
        if known is not None and not known.record:
            yield child, known, newest_first[0]


class MissingGuide:
    """The use cases of the guide, for one open store."""

    def __init__(self, records: Records, people: People, clock: times.Clock) -> None:
        self._records = records
        self._people = people
        self._clock = clock

    def known(self, child: str) -> missing.Episode | None:
        """The open episode of a child, from the guide or from calls alone; None if the child is not missing."""
        speaking = self._records.store.newest_about([child], role="missing", most=missing.CONTACTS_OF_AN_EPISODE)
        return missing.episode(speaking[child], self._records.store.get)

    def draft(self, child: str, *, contact: str = "") -> Draft:
        """A draft of a new episode with what is known already; ``contact`` is the call that reported it, '' for none."""
        draft = self._records.new_draft(MISSING_EPISODE.name, MISSING_EPISODE.initial())
        fields: dict[str, Any] = {**draft.fields, **({"child": child, **self.carried_over(child)} if child else {})}
        if contact:
            fields["from_contact"] = contact
        return Draft(draft.record, draft.kind, draft.schema, fields, began=draft.began)

    def carried_over(self, child: str) -> dict[str, Any]:
        """What is known for a new episode of a child: where they are placed, and what calls reported."""
        fields: dict[str, Any] = {}
        placed = self._people.placement_of(child, times.tonight(self._clock()))
        if placed is not None:
            fields["carer"] = placed.carer
        episode = self.known(child)
        if episode is not None and not episode.record:
            fields |= {"last_seen": _stamp(episode.last_seen), "reported": _stamp(episode.reported)}
            fields["steps"] = list(self._told_in_calls(child))
        return fields

    def told_of_missing(self, child: str) -> list[str]:
        """The services told, according to calls, that a child is missing; none if a guide is open, which asks this itself."""
        going_on = self.known(child)
        if going_on is None or going_on.record:
            return []
        return list(dict.fromkeys(str(row["step"]) for row in self._told_in_calls(child)))

    def _told_in_calls(self, child: str) -> Iterator[dict[str, Any]]:
        """Steps for police and EDT if calls of the episode say they were told; nobody should ring them as if for the first time."""
        speaking = self._records.store.newest_about([child], role="missing", most=missing.CONTACTS_OF_AN_EPISODE)
        for contact in reversed(missing.calls_of_it(speaking[child])):
            for telling in contact.told_others:
                if telling.who not in (POLICE, EDT):
                    continue
                row = {
                    "step": telling.who,
                    "at": _stamp(telling.at),
                    "at_not_known": telling.at is None,
                    "spoke_to": telling.name,
                    "log_number": telling.reference,
                    "words": telling.outcome,
                }
                yield {"id": telling.id, **{name: value for name, value in row.items() if value}}

    def begin(self, draft: Draft) -> Revision:
        """Finish the draft of an episode, which also makes an episode for each child who is missing with this one.

        Raises:
            Unfinished: the draft says neither when the child was last seen nor that this is not known; nothing was changed.
            UserError: a guide for one of the children is open already, or this person may not write one.
        """
        episode = MISSING_EPISODE.read(draft.fields)
        for child in filter(None, (episode.child, *episode.gone_with)):
            going_on = self.known(child)
            if going_on is not None and going_on.record:
                name = self._people.name(child)
                raise UserError(f"A guide for {name} goes on already. Open it, or enter the return there first.")
        return self._records.finish(draft)

    def together(self, record: str) -> list[Record]:
        """The open episodes of the children who are missing with this record's child."""
        current = self._episode(record)
        episode = MISSING_EPISODE.of(current)
        others = [self.known(child) for child in episode.gone_with]
        records = [self._records.store.get(other.record) for other in others if other is not None and other.record]
        return [other for other in records if other is not None and other.record != record]

    def step(
        self, record: str, row: Mapping[str, Any], *, also: Iterable[str] = (), question: str = ""
    ) -> list[Revision]:
        """Record that a step was done, in this record and in those of ``also``.

        A row without the field ``at`` was done now. A row whose ``at`` is empty has no time, and may say that it is not
        known.

        ``question`` is the question that this answers, whose draft is deleted; '' if nothing was asked.

        Raises:
            Unfinished: the step or its time is missing or in the future; nothing was changed.
            UserError: the record is not here, withdrawn or disputed, or this person may not write it.
        """
        return self._add("steps", record, row, also, question)

    def in_the_house(
        self, record: str, row: Mapping[str, Any], *, also: Iterable[str] = (), question: str = ""
    ) -> list[Revision]:
        """Record another child in the house and whether they are safe; raises as ``step`` does."""
        return self._add("in_the_house", record, row, also, question)

    def _add(
        self, name: str, record: str, row: Mapping[str, Any], also: Iterable[str], question: str
    ) -> list[Revision]:
        """Add a row to a list of one record and of others, each time with its own identifier."""
        timed = {"at": times.stamp(self._clock()), **row}
        filled = {key: value for key, value in timed.items() if not is_nothing(value)}
        own = {key: value for key, value in filled.items() if key != "id"}
        first = self._records.add_row(record, name, filled, question=question)
        return [first, *(self._records.add_row(other, name, own) for other in also)]

    def returned(self, record: str, row: Mapping[str, Any], *, question: str = "") -> Revision:
        """Record the return, which ends the guide and makes the records that follow from it; raises as ``step`` does."""
        current = self._episode(record)
        if missing.is_passed_over(current, self._records.store.get):
            raise UserError("This is the same episode as another record. Enter the return in that one.")
        if not is_open(MISSING_EPISODE.of(current)):
            raise UserError("The child came back already. Start a new guide if the child has gone out again.")
        return self._records.add_row(record, "returned", dict(row), question=question)

    def interview(self, record: str, row: Mapping[str, Any], *, question: str = "") -> Revision:
        """Record a step of the return home interview; raises as ``step`` does."""
        return self._records.add_row(record, "interview", dict(row), question=question)

    def same(self, record: str, other: str) -> Revision:
        """Record that two records are one episode: the one begun first stays open, whichever laptop records it.

        Otherwise two laptops that record it at once could each close the other's record, and the child would be missing in
        neither.

        Returns:
            The revision of the record that no longer counts.

        Raises:
            UserError: as ``step``; one of them no longer counts already, or they are about two children.
        """
        first, second = sorted((record, other))
        episodes = [self._episode(identifier) for identifier in (first, second)]
        if first == second or any(missing.is_passed_over(episode, self._records.store.get) for episode in episodes):
            raise UserError("Choose the other record, the one that goes on.")
        if len({MISSING_EPISODE.of(episode).child for episode in episodes}) > 1:
            raise UserError("These are about two children. Each child has an episode of their own.")
        return self._records.add_row(second, "same_as", {"episode": first})

    def _episode(self, record: str) -> Record:
        current = self._records.store.get(record)
        if current is None:
            raise UserError("This record is not on this laptop.")
        if current.kind != MISSING_EPISODE.name:
            raise UserError("This is not a missing episode. Open the record to change it.")
        return current


def _stamp(moment: Any) -> str:
    return times.stamp(moment) if moment is not None else ""
