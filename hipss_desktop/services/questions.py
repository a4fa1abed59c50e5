"""Drafts of the questions that are asked about a record one at a time, outside its form.

Each question of a record has at most one draft, under the question's name. The commit that gives the answer deletes the
draft (``drop_answered``). Must not ask anything, nor know what a kind asks.
"""

from dataclasses import replace

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import kind_named
from hipss_desktop.services.ports import Draft, Store, Unit

WITHDRAW = "withdraw"
"""The question why the record is withdrawn."""
DECIDE = "decide"
"""The question which of the record's versions is right."""
MOVE, ADD = "move", "add"


def move_to(stage: str) -> str:
    """The name of the question of moving the record to a stage."""
    return f"{MOVE}:{stage}"


def add_to(name: str, row: str = "") -> str:
    """The name of the question of adding a row to a list; ``row`` tells the rows apart if each has its own question."""
    return f"{ADD}:{name}:{row}" if row else f"{ADD}:{name}"


def parted(question: str) -> tuple[str, str]:
    """What a question does, and the stage or list that it changes ('' if there is none)."""
    does, to, _ = _parts(question)
    return does, to


def row_asked(question: str) -> str:
    """The row that a question adds, '' if the list has one question for all rows."""
    return _parts(question)[2]


def _parts(question: str) -> tuple[str, str, str]:
    does, _, rest = question.partition(":")
    to, _, row = rest.partition(":")
    return does, to, row


def drop_answered(unit: Unit, record: str, question: str) -> None:
    """Delete the draft of a question in the commit that gives its answer; ``question`` is '' if nothing was asked."""
    if question:
        unit.drop_draft(record, question)


class Questions:
    """The drafts of questions, for one open store."""

    def __init__(self, store: Store, clock: times.Clock) -> None:
        self._store = store
        self._clock = clock
        self._to_save: dict[tuple[str, str], Draft] = {}

    def draft(self, record: str, kind: str, question: str) -> Draft:
        """The draft of what was typed into a question and not yet given as its answer; else an empty draft."""
        draft = self._to_save.get((record, question)) or self._store.draft(record, question)
        if draft is not None:
            return draft
        now = times.stamp(self._clock())
        return Draft(record, kind, kind_named(kind).version, {}, began=now, question=question)

    def will_save(self, draft: Draft) -> None:
        """Remember what was typed until ``save`` has written it, so that reopening the question meanwhile shows it."""
        self._to_save[draft.record, draft.question] = draft

    def save(self, draft: Draft) -> Draft:
        """Save what was typed, valid or not; if nothing typed is left, delete the question's draft."""
        saved = replace(draft, saved=times.stamp(self._clock(), precise=True))
        with self._store.write() as unit:
            if draft.fields or draft.why:
                unit.put_draft(saved)
            else:
                unit.drop_draft(draft.record, draft.question)
        if self._to_save.get((draft.record, draft.question)) is draft:
            del self._to_save[draft.record, draft.question]
        return saved

    def discard(self, draft: Draft) -> None:
        """Delete what was typed into a question; the caller has asked the person first."""
        with self._store.write() as unit:
            unit.drop_draft(draft.record, draft.question)
        self._to_save.pop((draft.record, draft.question), None)
