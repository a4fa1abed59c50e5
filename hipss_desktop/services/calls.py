"""Logging a contact during a call: the call's draft, and the fields that choosing the caller fills in.

``kinds.contact`` says which fields are filled in, and which records are made, when a contact is finished. Must not draw
anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD, Child, first_name
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records import telephone
from hipss_desktop.records.fields import Fields, as_text
from hipss_desktop.services.people import FINDABLE_ORDER, People, Person, with_age
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.records import Records

CALLERS = FINDABLE_ORDER
"""The kinds of record searched for a caller: people of other kinds do not ring."""
CALLER_ROLES = {CARER.name: "carer", CHILD.name: "child", PRACTITIONER.name: "social_worker"}
"""The caller's role (``caller_role``) by the kind of record that names them; anybody else is "other"."""
BROUGHT_CHILD = "brought_child"
"""The key in a draft's ``call`` whose value is the child who was filled in with the caller, and whom no person chose."""
PRONOUNS = {"M": "he", "1": "he", "F": "she", "2": "she"}
"""Pronouns by the codes of ``ssda903_sex``."""


@dataclass(frozen=True)
class Chosen:
    """The result of choosing a caller: all fields, a sentence about the children, and the child who was filled in.

    ``child`` is '' if no child was filled in, or if a person had chosen that child before.
    """

    fields: Mapping[str, Any]
    note: str
    child: str = ""


@dataclass(frozen=True)
class PlanLine:
    """A line of a safety plan that may be advised.

    Attributes:
        heading: the part of the plan that has the line.
        words: the line as it reads by itself, "Do not: block a doorway".
        source: whose plan has the line, "the plan" if only one child is meant.
        undecided: that part of the plan has several undecided versions, and not all of them have the line.
    """

    heading: str
    words: str
    source: str
    undecided: bool = False

    @property
    def advised(self) -> str:
        """The line as a sentence of the advice, with its source."""
        return f"{self.words} (from {'one version of ' if self.undecided else ''}{self.source})."

    @property
    def offered(self) -> str:
        """The line as it is offered for picking, marked if it is undecided."""
        return f"{self.words} · in one of two versions" if self.undecided else self.words


def brings(draft: Draft, child: str) -> Draft:
    """Return a call's draft that notes the child filled in with the caller, '' for no child."""
    call = {name: value for name, value in draft.call.items() if name != BROUGHT_CHILD}
    return replace(draft, call={**call, BROUGHT_CHILD: child} if child else call)


def brought_child(draft: Draft) -> str:
    """The child who was filled in with the caller of a draft, '' for no child."""
    return draft.call.get(BROUGHT_CHILD, "")


class Calls:
    """The use cases of a call, for one open store."""

    def __init__(self, records: Records, people: People, clock: times.Clock) -> None:
        self._records = records
        self._people = people
        self._clock = clock

    def begin(self, *, caller: Person | None = None, child: str = "") -> Draft:
        """Make a draft of a new contact with its clock running; fill in a caller or child who is already known."""
        draft = self._records.new_draft(CONTACT.name, CONTACT.initial(), call=True)
        fields = {**draft.fields, "told": draft.call["started"]}
        brought = ""
        if caller is not None:
            chosen = self.caller_chosen(fields, caller)
            fields, brought = dict(chosen.fields), chosen.child
        if child:
            fields, brought = dict(self.child_chosen(fields, child)), ""
        return brings(replace(draft, fields=fields), brought)

    def callers(self, typed: str) -> list[Person]:
        """The people whom the typed letters may mean as a caller."""
        return self._people.find(typed, kinds=CALLERS)

    def children(self, typed: str, *, carer: str = "") -> dict[str, str]:
        """The children whom the typed letters may mean, each with the former name that matched, "formerly Moss", or ''.

        If nothing is typed: first the children who sleep at the carer's tonight, then all children.
        """
        if typed.strip():
            matches = self._people.find(typed, kinds=(CHILD.name,))
            return {person.record: person.formerly_words for person in matches}
        children_tonight = (
            [placed.child for placed in self._people.children_with(carer, self._tonight())] if carer else []
        )
        return dict.fromkeys([*children_tonight, *(child.record for child in self._people.of_kind(CHILD.name))], "")

    def child_words(self, child: str) -> tuple[str, str]:
        """A child's name with their age, and their service number; a sentence and '' if the child is not on this laptop."""
        known_child = self._child(child)
        if known_child is None:
            return "Child not on this laptop", ""
        return with_age(known_child, times.local_day(self._clock())), known_child.local_id

    def child_pronoun(self, child: str) -> tuple[str, str]:
        """A child's first name and pronoun, "they" if no sex is recorded; '' and "they" if the child is not on this laptop."""
        known_child = self._child(child)
        return (first_name(known_child), PRONOUNS.get(known_child.sex, "they")) if known_child else ("", "they")

    def _child(self, child: str) -> Child | None:
        record = self._people.record(child)
        return CHILD.of(record) if record is not None and record.kind == CHILD.name else None

    def caller_chosen(self, fields: Mapping[str, Any], caller: Person) -> Chosen:
        """The fields after a caller was chosen. If one child is placed with the chosen carer tonight, that child is filled in.

        A number that was typed before a caller was chosen is the number they ring from, and is not replaced.
        """
        typed = "" if fields.get("caller_role") else as_text(fields.get("call_back"))
        new = {
            **fields,
            "caller": caller.record if caller.kind == CARER.name else "",
            "caller_name": caller.name,
            "caller_role": CALLER_ROLES.get(caller.kind, "other"),
            "caller_not_known": False,
            "call_back": typed if telephone.is_whole(typed) else caller.number,
        }
        chosen = CONTACT.read(fields).children
        if caller.kind == CHILD.name:
            return Chosen(self.child_chosen(new, caller.record), "", "" if caller.record in chosen else caller.record)
        if caller.kind != CARER.name:
            return Chosen(new, "")
        placed = self._people.children_with(caller.record, self._tonight())
        if not placed:
            return Chosen(new, "No child is placed here tonight")
        if len(placed) > 1:
            return Chosen(new, f"{len(placed)} children are placed here. Choose which.")
        child = placed[0].child
        if child in chosen:
            return Chosen(new, "")
        note = f"Child picked from placement since {times.brief_day(placed[0].start)}"
        return Chosen(self.child_chosen(new, child), note, child)

    def child_chosen(self, fields: Mapping[str, Any], child: str) -> dict[str, Any]:
        """The fields after a child was chosen, who replaces the first child."""
        chosen = CONTACT.read(fields).children
        return {**fields, "children": chosen if child in chosen else [child, *chosen[1:]]}

    def plan_lines(self, children: Sequence[str]) -> list[PlanLine]:
        """The lines of the children's safety plans that say what helps and what not to do, for a person to pick from.

        An undecided part gives the lines of all its versions.
        """
        plans = [plan for plan in map(self._people.record, children) if plan is not None and plan.kind == CHILD.name]
        lines: list[PlanLine] = []
        for name in ("helps", "do_not"):
            heading = CHILD.by_name[name].label
            for plan in plans:
                source = "the plan" if len(plans) == 1 else f"{first_name(CHILD.of(plan))}’s plan"
                for line, undecided in _lines_of(plan, name):
                    plain = line.rstrip(".")
                    words = plain if name == "helps" else f"{heading}: {_in_sentence(plain)}"
                    lines.append(PlanLine(heading, words, source, undecided))
        return lines

    def end_call(self, draft: Draft) -> Draft:
        """Stop the call's clock and fill in when the call ended."""
        now = times.stamp(self._clock())
        return replace(draft, call={**draft.call, "ended": now}, fields={**draft.fields, "ended": now})

    def _tonight(self) -> date:
        return times.tonight(self._clock())


def _lines_of(plan: Record, name: str) -> list[tuple[str, bool]]:
    """The lines of a part of a plan, from all undecided versions, each with whether a version lacks the line."""
    bodies: list[Fields] = [{name: side.value} for side in plan.conflicts.get(name, ())] or [plan.fields]
    versions: list[list[str]] = [getattr(CHILD.read(body), name) for body in bodies]
    every = dict.fromkeys(line for version in versions for line in version)
    return [(line, any(line not in version for version in versions)) for line in every]


def _in_sentence(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"
