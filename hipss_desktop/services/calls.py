"""Logging a contact while somebody is on the line: the call's draft, what picking the caller fills in, and finishing.

Finishing a contact also appends the actions its follow-ups ask for, in the same commit. Must not draw anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.kinds import child as children
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.changes import changed_units
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules import missing
from hipss_desktop.services.people import People, Person, age_words, since_words
from hipss_desktop.services.ports import Draft, Record, Store, Unit
from hipss_desktop.services.records import Records

DUE_NOW = {"police": "Tell the police", "edt": "Tell EDT", "manager": "Ring the backup manager"}
"""What ticking "who needs to know" sets as due now on finish, unless it was already recorded as told."""


@dataclass(frozen=True)
class Chosen:
    """What picking a caller filled in: the new fields and the sentence that says why."""

    fields: Mapping[str, Any]
    note: str


@dataclass(frozen=True)
class Number:
    """A number to ring and who answers."""

    label: str
    number: str


@dataclass(frozen=True)
class Tag:
    """A word that stands out: its tone (neutral, accent, amber, risk) and its icon's name."""

    words: str
    tone: str
    icon: str


@dataclass(frozen=True)
class LastContact:
    """A line of "Last contacts": when, and the first words."""

    record: str
    when: str
    words: str


@dataclass(frozen=True)
class ChildCard:
    """All that stands beside the form once the child is known."""

    record: str
    name: str
    age: int | None
    local_id: str
    status: Tag | None
    tags: tuple[Tag, ...]
    plan_reviewed: str
    risks: tuple[str, ...]
    triggers: tuple[str, ...]
    helps: tuple[str, ...]
    do_not: tuple[str, ...]
    delegated: tuple[str, ...]
    numbers: tuple[Number, ...]
    last_contacts: tuple[LastContact, ...]

    @property
    def has_plan(self) -> bool:
        """Whether a safety plan has been written at all."""
        return bool(self.risks or self.triggers or self.helps or self.do_not)


class Contacts:
    """The use cases of a call, for one open store."""

    def __init__(self, store: Store, records: Records, people: People, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._people = people
        self._clock = clock

    def begin(self, *, caller: Person | None = None, child: str = "") -> Draft:
        """A new contact with its clock running; a caller or child already known is filled in."""
        draft = self._records.new_draft("contact", {"type": "call", "channel": "phone"}, call=True)
        fields = {**draft.fields, "told": draft.call["started"]}
        if caller is not None:
            fields = dict(self.caller_chosen(fields, caller).fields)
        if child:
            fields = dict(self.child_chosen(fields, child))
        return replace(draft, fields=fields)

    def callers(self, typed: str) -> list[Person]:
        """Who the typed letters may mean as a caller."""
        return self._people.find(typed, kinds=("carer", "child", "practitioner", "directory"))

    def children(self, typed: str, *, carer: str = "") -> list[str]:
        """Which children the typed letters may mean; with nothing typed those who sleep at the carer's, then all."""
        if typed.strip():
            return list(dict.fromkeys(each.record for each in self._people.find(typed, kinds=("child",))))
        here = [each.child for each in self._people.children_with(carer, self._tonight())] if carer else []
        return list(dict.fromkeys([*here, *(each.record for each in self._people.of_kind("child"))]))

    def child_words(self, child: str) -> tuple[str, str]:
        """A child's name with their age, and their service number; '' where the child is not on this laptop."""
        record = self._people.record(child)
        if record is None:
            return "Child not on this laptop", ""
        return age_words(record.fields, times.local_day(self._clock())), str(record.fields.get("local_id") or "")

    def child_pronoun(self, child: str) -> tuple[str, str]:
        """A child's first name and the pronoun that goes with it, "they" where no sex is held; '' for nobody."""
        record = self._people.record(child)
        if record is None:
            return "", "they"
        pronouns = {"M": "he", "1": "he", "F": "she", "2": "she"}
        return str(record.fields.get("given_name") or ""), pronouns.get(str(record.fields.get("sex")), "they")

    def caller_chosen(self, fields: Mapping[str, Any], caller: Person) -> Chosen:
        """The fields once a caller is picked: a carer brings the child placed there tonight."""
        roles = {"carer": "carer", "child": "child", "practitioner": "social_worker"}
        new = {
            **fields,
            "caller": caller.record if caller.kind == "carer" else "",
            "caller_name": caller.name,
            "caller_role": roles.get(caller.kind, "other"),
            "caller_not_known": False,
            "call_back": caller.number,
        }
        if caller.kind == "child":
            return Chosen(self.child_chosen(new, caller.record), "")
        if caller.kind != "carer":
            return Chosen(new, "")
        placed = self._people.children_with(caller.record, self._tonight())
        if len(placed) != 1:
            note = (
                f"{len(placed)} children are placed here. Choose which."
                if placed
                else "No child is placed here tonight"
            )
            return Chosen(new, note)
        new = self.child_chosen(new, placed[0].child)
        return Chosen(new, f"Child picked from placement since {since_words(placed[0].start)}")

    def child_chosen(self, fields: Mapping[str, Any], child: str) -> dict[str, Any]:
        """The fields once the child is known, with what is already known of a missing episode."""
        chosen = list(fields.get("children") or [])
        new = {**fields, "children": chosen if child in chosen else [child, *chosen[1:]]}
        episode = missing.episode(self._store.records_about(child, role="missing", limit=20))
        if episode is not None and not new.get("missing_since"):
            new["missing_since"] = episode
        return new

    def advice_from_plan(self, fields: Mapping[str, Any]) -> str:
        """The advice with what helps and what not to do, from the child's safety plan, added at its end."""
        found = [self._people.record(child) for child in fields.get("children") or []]
        lines: list[str] = []
        for child in found:
            if child is not None:
                lines += [f"{each}." for each in child.fields.get("helps") or []]
                lines += [f"Do not: {each[:1].lower()}{each[1:]}." for each in child.fields.get("do_not") or []]
        before = str(fields.get("advice") or "").rstrip()
        return " ".join([*([before] if before else []), *lines])

    def end_call(self, draft: Draft) -> Draft:
        """Stop the clock."""
        now = times.stamp(self._clock())
        return replace(draft, call={**draft.call, "ended": now}, fields={**draft.fields, "ended": now})

    def ready(self, draft: Draft) -> Draft:
        """The draft as it will be finished: the clock stopped, the three clocks and the outcome filled in."""
        fields = dict(draft.fields)
        if draft.call and not draft.call.get("ended"):
            draft = self.end_call(draft)
            fields = dict(draft.fields)
        now = self._clock()
        fields.setdefault("told", draft.call.get("started") or times.stamp(now))
        if not fields.get("happened"):
            fields["happened"] = fields["told"]
        if now - times.instant(str(fields["told"])) > timedelta(hours=12):
            fields["late_entry"] = True
        if not fields.get("outcome") and fields.get("type", "call") == "call":
            fields["outcome"] = _outcome(fields)
        return replace(draft, fields=fields)

    def finish(self, draft: Draft) -> Revision:
        """Finish the contact and set its follow-ups as actions; raises ``Unfinished`` with what is missing."""
        ready = self.ready(draft)

        def set_actions(unit: Unit, contact: Revision) -> None:
            for action in self._actions(ready):
                unit.append(
                    record=identity.record_id(),
                    kind="action",
                    action="finish",
                    fields=action,
                    changed=changed_units(KINDS["action"], {}, action),
                    parents=(),
                )

        return self._records.finish(ready, also=None if draft.parents else set_actions)

    def _actions(self, draft: Draft) -> list[dict[str, Any]]:
        fields = draft.fields
        about = {
            "child": next(iter(fields.get("children") or []), ""),
            "carer": fields.get("caller") or "",
            "from_contact": draft.record,
            "state": "open",
        }
        told = {str(row.get("who")) for row in fields.get("told_others") or []}
        now = times.stamp(self._clock())
        found = [
            {"what": words, "due": now, "owner": self._store.seat.name, **about}
            for code, words in DUE_NOW.items()
            if code in (fields.get("needs_to_know") or []) and code not in told
        ]
        found += [
            {"what": row["what"], "due": row["due"], "owner": row.get("owner") or self._store.seat.name, **about}
            for row in fields.get("follow_ups") or []
        ]
        return [{name: value for name, value in each.items() if value} for each in found]

    def card(self, child: str) -> ChildCard | None:
        """The card of a child, None when the child is not on this laptop."""
        return self.cards([child]).get(child)

    def cards(self, children: Sequence[str]) -> dict[str, ChildCard]:
        """The cards of many children, without those who are not on this laptop."""
        speak_of_missing = self._store.newest_about(children, role="missing", each=2)
        last = self._store.newest_about(children, kind="contact", each=3)
        records = [self._people.record(child) for child in children]
        return {
            each.record: self._card(each, missing.episode(speak_of_missing[each.record]), last[each.record])
            for each in records
            if each is not None and each.kind == "child"
        }

    def _card(self, record: Record, episode: str | None, last: Sequence[Record]) -> ChildCard:
        fields = record.fields
        now = self._clock()
        reviewed = str(fields.get("plan_reviewed") or "")
        words = ""
        if reviewed:
            reviewer = str(fields.get("plan_reviewer") or "")
            words = f"Reviewed {times.long_day(times.day(reviewed))}" + (f", {reviewer}" if reviewer else "")
        return ChildCard(
            record=record.record,
            name=children.short_name(fields),
            age=children.age(fields, times.local_day(now)),
            local_id=str(fields.get("local_id") or ""),
            status=missing_tag(episode, now),
            tags=tags(fields),
            plan_reviewed=words,
            risks=tuple(fields.get("risks") or ()),
            triggers=tuple(fields.get("triggers") or ()),
            helps=tuple(fields.get("helps") or ()),
            do_not=tuple(fields.get("do_not") or ()),
            delegated=tuple(fields.get("delegated") or ()),
            numbers=self._numbers(record),
            last_contacts=tuple(
                LastContact(each.record, times.since(times.of_ms(each.at), now), first_words(each.fields))
                for each in last
            ),
        )

    def _numbers(self, child: Record) -> tuple[Number, ...]:
        found = [Number(str(row.get("who")), str(row.get("number"))) for row in child.fields.get("who_to_call") or []]
        placed = self._people.placement_of(child.record, self._tonight())
        carer = self._people.record(placed.carer) if placed else None
        if carer is not None and not found:
            label = KINDS["carer"].title(carer.fields)
            found += [Number(label, str(row.get("number"))) for row in carer.fields.get("phones") or []]
        known = {each.number for each in found}
        for entry in self._people.directory():
            number = str(entry.fields.get("number") or "")
            for_anyone = entry.fields.get("group") in ("emergency", "duty") or len(number) == 3  # 111 stands with 999
            if number not in known and for_anyone:
                found.append(Number(str(entry.fields.get("short_label") or entry.fields.get("label")), number))
        return tuple(found)

    def _tonight(self) -> date:
        return times.tonight(self._clock())


def tags(fields: Mapping[str, Any]) -> tuple[Tag, ...]:
    """The legal status, warnings and allergies that stand at the top of a child's page and card."""
    found = []
    if fields.get("legal_status"):
        found.append(Tag(code_list("ssda903_legal_status").label(str(fields["legal_status"])), "neutral", "shield"))
    allergies = [str(each) for each in fields.get("allergies") or []]
    for flag in fields.get("flags") or []:
        kind = code_list("flag_type").get(str(flag.get("type")))
        if kind is not None and kind.code == "allergy" and allergies:
            continue
        level = code_list("flag_level").get(str(flag.get("level")))
        words = kind.label if kind is not None and kind.code != "other" else str(flag.get("words") or flag.get("type"))
        if level is not None and level.code in ("high", "medium", "low"):
            words = f"{words}, {level.label}"
        tone = level.more.get("tone", "risk") if level else "risk"
        found.append(Tag(words, tone, kind.more.get("icon", "alert") if kind else "alert"))
    for allergy in allergies:
        to = allergy.partition(":")[0].strip()
        found.append(Tag(f"Allergy: {to[:1].lower()}{to[1:]}", "risk", "heart"))
    return tuple(found)


def missing_tag(episode: str | None, now: datetime) -> Tag | None:
    """Since when a child is missing, None for one who is not."""
    if episode is None:
        return None
    return Tag(f"Missing since {times.since(times.instant(episode), now)}", "risk", "octagon")


def _outcome(fields: Mapping[str, Any]) -> str:
    if fields.get("risk") in ("high", "emergency"):
        return "escalated"
    if fields.get("follow_ups"):
        return "follow_up"
    return "no_action" if fields.get("no_advice") else "advice_given"


def first_words(fields: Mapping[str, Any]) -> str:
    """What a contact was about in its first sentences, or its type when nothing was written."""
    words = " ".join(str(fields.get("happening") or "").split())
    return words or KINDS["contact"].by_name["type"].words(fields.get("type") or "call")
