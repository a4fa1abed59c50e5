"""Closes, reopens, hands over and accepts actions, and undoes the last of these steps.

An action that was handed over stays with its owner until somebody accepts it. Each step is one press of a button and saves one
revision. A draft of the action that is open meanwhile stays as it is. Must not draw anything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import (
    ACCEPTED,
    ACTION,
    DONE,
    GIVEN_BACK,
    HANDED_OVER,
    NOT_NEEDED,
    OFFERED,
    OPEN,
    TAKEN_BACK,
    Action,
    HandOver,
    Owner,
    came_from,
    hands_over,
    in_turn,
    is_handed_to,
    is_open,
    offered,
    owned_by,
    owner_term,
)
from hipss_desktop.kinds.contact import CONTACT, Contact
from hipss_desktop.kinds.incident import INCIDENT, Notified
from hipss_desktop.kinds.missing_episode import TOLD_OF_THE_RETURN, return_task
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.kind import Stage
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Record
from hipss_desktop.services.records import Records, seen_from

AT_HOME = ("carer", "child", "family")
"""Callers (``caller_role``) who do not speak for a service."""
UNDONE = "Undone"
"""The reason in a revision that undoes the last step."""


class Actions:
    """The use cases of actions, for one open store."""

    def __init__(self, records: Records, clock: times.Clock) -> None:
        self._records = records
        self._clock = clock
        self._call = ("", "")

    def done(self, record: str, answers: Mapping[str, Any] | None = None, *, why: str = "") -> Revision:
        """Close an action as done. The answers say whom the person spoke to and what came of it.

        Raises:
            Unfinished: an answer cannot be read, or the time is in the future; nothing was changed.
            UserError: the action is done already, the record is not an action, or this person may not close it.
        """
        closing_answers = dict(answers or {})
        return self.move(record, DONE, closing_answers, why or str(closing_answers.get("closing_note") or ""))

    def not_needed(self, record: str, why: str) -> Revision:
        """Close an action as no longer needed, with the reason. Raises as ``done`` does."""
        return self.move(record, NOT_NEEDED, {}, why)

    def reopen(self, record: str, why: str) -> Revision:
        """Open an action again, with the reason. Raises as ``done`` does."""
        return self.move(record, OPEN, {}, why)

    def move(self, record: str, stage: str, answers: Mapping[str, Any], why: str, *, question: str = "") -> Revision:
        """Move an action to a stage with these answers. If it is closed and no answer says when, it is closed now.

        ``question`` is the question that this answers; its draft is deleted. '' if nothing was asked.
        """
        described = _stage(stage)
        current = self._action(record)
        if ACTION.stage_of(ACTION.of(current)) == described.code:
            raise UserError(f"This is {ACTION.stage_label(described.code).lower()} already. Nothing was changed.")
        if described.reason and not why.strip():
            raise UserError(f"{described.reason} Enter the reason.")
        stage_answers = dict(answers)
        if "closed_at" in described.requires and not stage_answers.get("closed_at"):
            stage_answers["closed_at"] = times.stamp(self._clock())
        return self._records.move(
            record, described.code, stage_answers, why.strip() or described.verb, question=question
        )

    def hand_over(self, record: str, name: str, *, to: str = "", question: str = "") -> Revision:
        """Hand an action to a person or a team, who own it once they accept it. To hand it to oneself is to accept it.

        Args:
            record: the action.
            name: who is to take it over, a person or a team.
            to: the colleague's record, if the name is a colleague's.
            question: the question that this answers; its draft is deleted. '' if nothing was asked.

        Raises:
            UserError: the name is empty, the action is theirs already or is closed, or this person may not hand it over.
        """
        action = self._open(record)
        named = " ".join(name.split())
        if not named:
            raise UserError("Enter who takes it over")
        taker = Owner(named, to)
        if same_owner(taker, owned_by(action)):
            raise UserError(f"This is with {named} already. Nothing was changed.")
        if self._is_me(taker):
            return self._step(record, ACCEPTED, taker, question=question)
        return self._step(record, OFFERED, taker, question=question)

    def accept(self, record: str) -> Revision:
        """Accept an action that was handed to this person, to their team or to nobody. It is theirs at once.

        Raises:
            UserError: the action is theirs already or is closed, or this person may not write actions.
        """
        action = self._open(record)
        me = self.me()
        if same_owner(me, owned_by(action)) and offered(action) is None:
            raise UserError("This is yours already. Nothing was changed.")
        return self._step(record, ACCEPTED, me, answers=offered(action))

    def give_back(self, record: str) -> Revision:
        """Give an action back. If this person has not accepted it, it stays with its owner. Otherwise it is handed back.

        Raises:
            UserError: nobody handed the action to them, or it is closed.
        """
        action = self._open(record)
        waiting, me = offered(action), self.me()
        if waiting is not None and is_handed_to(waiting, me.person) and not same_owner(me, owned_by(action)):
            return self._step(record, GIVEN_BACK, Owner(), answers=waiting)
        before = came_from(action)
        if before == Owner() or not same_owner(me, owned_by(action)):
            raise UserError("Nobody handed this to you. Hand it over to somebody.")
        named = before.name or self._records.name_of(before.person)
        return self._step(record, OFFERED, Owner(named, before.person))

    def me(self) -> Owner:
        """This person as the owner of an action."""
        return Owner(self._records.store.seat.name, self._records.store.seat.person)

    def _is_me(self, owner: Owner) -> bool:
        return same_owner(owner, self.me())

    def _step(
        self, record: str, step: str, taker: Owner, *, answers: HandOver | None = None, question: str = ""
    ) -> Revision:
        follows = answers or _newest_step(ACTION.of(self._action(record)))
        row = {
            "to": taker.person,
            "name": taker.name,
            "at": times.stamp(self._clock()),
            "step": step,
            "answers": follows.id if follows is not None else "",
        }
        row_answers = {name: value for name, value in row.items() if value}
        return self._records.add_row(record, HANDED_OVER, row_answers, question=question)

    def undo(self, revision: Revision) -> Revision:
        """Undo a step, by a revision like any other.

        Raises:
            UserError: somebody has changed the action since.
        """
        record = revision.envelope.record
        store = self._records.store
        known = {written.digest: written for written in store.all_revisions(record)}
        before = seen_from(known, revision.envelope.parents, store.without_effect(record))
        body = body_of(revision, ACTION)
        assert body is not None, "its author holds what they wrote"
        pressed, now = ACTION.read(body.fields), ACTION.of(self._action(record))
        if hands_over(body.changed):
            step = pressed.handed_over[0]
            newest = _newest_step(now)
            if newest is None or newest.id != step.id:
                raise UserError("This was handed over again since. Open the action to change it.")
            return self._step(record, TAKEN_BACK, Owner(), answers=step)
        group = ACTION.group_of(ACTION.stage)
        if any(getattr(now, name) != getattr(pressed, name) for name in group):
            raise UserError("This was changed since. Open the action to change it.")
        earlier = {name: before[name] for name in group if name in before and name != ACTION.stage}
        return self._records.move(record, ACTION.stage_of(ACTION.read(before)), earlier, UNDONE, restores=True)

    def closed_by(self, records: Sequence[str], contact: str) -> list[Revision]:
        """Close actions by a contact in which they were done.

        Raises UserError, and closes none, if one action is to tell somebody and the contact does not say who was told.
        Otherwise raises as ``done`` does.
        """
        call = self._records.store.get(contact)
        if call is None or call.kind != CONTACT.name:
            raise UserError("This contact is not on this laptop.")
        answers = [_said_in(CONTACT.of(call), ACTION.of(self._action(record))) for record in records]
        why = f"Closed by contact {identity.reference(CONTACT.reference_prefix, contact)}"
        return [
            self.done(record, closing_answers, why=why)
            for record, closing_answers in zip(records, answers, strict=True)
        ]

    def closed_by_telling(self, incident: str) -> list[Revision]:
        """Close the tasks to tell of a child's return, if the incident says that it was done. Raises as ``done`` does.

        A call is then entered once. If the task stayed open after its clock was answered, somebody would ring again.
        """
        current = self._records.store.get(incident)
        if current is None or current.kind != INCIDENT.name:
            return []
        happened = INCIDENT.of(current)
        closed = []
        for service in TOLD_OF_THE_RETURN:
            task = self._records.store.get(return_task(happened.from_episode, service))
            if task is None or task.withdrawn or not is_open(ACTION.of(task)):
                continue
            notification = next((row for row in happened.notified if _tells(row, service, ACTION.of(task))), None)
            if notification is not None:
                answers = {
                    "spoke_to": notification.spoke_to,
                    "log_number": notification.reference,
                    "closed_at": notification.at and times.stamp(notification.at),
                }
                closing_answers = {name: answer for name, answer in answers.items() if answer}
                why = f"Told in incident {identity.reference(INCIDENT.reference_prefix, incident)}"
                closed.append(self.done(task.record, closing_answers, why=why))
        return closed

    def ask_about(self, contact: str, action: str) -> None:
        """Remember to ask what a contact closed. ``action`` is the action that the contact was begun from, or ''."""
        self._call = contact, action

    def to_ask(self) -> tuple[str, str]:
        """The contact to ask about and the action that it was begun from; '' for none."""
        return self._call

    def forget_question(self) -> None:
        """Forget the contact to ask about, as the question was answered."""
        self._call = ("", "")

    def person_named(self, name: str) -> str:
        """The record of the only colleague of that name, or '' for a team or a name that two colleagues have."""
        matches = [
            colleague.record
            for colleague in self._records.store.records_of(PRACTITIONER.name)
            if not colleague.withdrawn and owner_term(PRACTITIONER.of(colleague).name) == owner_term(name)
        ]
        return matches[0] if len(matches) == 1 else ""

    def _open(self, record: str) -> Action:
        """An action that can change hands."""
        action = ACTION.of(self._action(record))
        if not is_open(action):
            raise UserError(f"This is {ACTION.stage_label(action.state).lower()} already. Reopen it, then hand it on.")
        return action

    def _action(self, record: str) -> Record:
        current = self._records.store.get(record)
        if current is None:
            raise UserError("This record is not on this laptop.")
        if current.kind != ACTION.name:
            raise UserError("This is not an action. Open the record to change it.")
        return current


def same_owner(first: Owner, second: Owner) -> bool:
    """Whether two owners are the same person or team: by the person's record if both have one, else by name."""
    if first.person and second.person:
        return first.person == second.person
    return bool(first.name) and owner_term(first.name) == owner_term(second.name)


def _newest_step(action: Action) -> HandOver | None:
    """The last step by which an action changed hands."""
    return next(reversed(in_turn(action.handed_over)), None)


def _tells(row: Notified, service: str, task: Action) -> bool:
    """Whether a row of an incident says that a service was told what the task is about, at or after the time it was due."""
    names_somebody = bool(row.spoke_to or row.reference)
    in_time = row.at is not None and (task.due is None or row.at >= task.due)
    return row.recipient == service and not row.step and names_somebody and in_time


def _said_in(contact: Contact, action: Action) -> dict[str, str]:
    """The answers that close an action, taken from a contact: whom the person spoke to, and the log number.

    They come from the contact's row about the service, else from the caller. A carer who rings does not speak for a service.

    Raises:
        UserError: the action is to tell somebody, and the contact has neither answer.
    """
    row = next((row for row in contact.told_others if action.tells and row.who == action.tells), None)
    caller = "" if action.tells and contact.caller_role in AT_HOME else contact.caller_name
    answers = {"spoke_to": (row.name if row else "") or caller, "log_number": row.reference if row else ""}
    call_answers = {name: words for name, words in answers.items() if words.strip()}
    if action.tells and not call_answers:
        raise UserError(
            f"{ACTION.title_from(action)}: this contact does not say who was told. Close it on its own page."
        )
    return call_answers


def _stage(code: str) -> Stage:
    stage = ACTION.stage_named(code)
    assert stage is not None, code
    return stage
