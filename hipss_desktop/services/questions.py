"""What is typed into the questions that are asked about a record one at a time, beside its form.

Each question of a record has one draft at most, by the name of the question. The commit that gives the answer removes it
(``drop_answered``). Must not ask anything, nor know what a kind asks.
"""

from dataclasses import replace

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import kind_named
from hipss_desktop.services.ports import Draft, Store, Unit

WITHDRAW = "withdraw"
"""Why the record is withdrawn."""
DECIDE = "decide"
"""Which of its versions holds."""
MOVE, ADD = "move", "add"


def move_to(stage: str) -> str:
    """The question of moving the record to a stage."""
    return f"{MOVE}:{stage}"


def add_to(name: str, about: str = "") -> str:
    """The question of adding a row to a list of the record; ``about`` tells apart what one list is asked several times."""
    return f"{ADD}:{name}:{about}" if about else f"{ADD}:{name}"


def parted(question: str) -> tuple[str, str]:
    """What a question does, and the stage or list that it does it to ('' where there is none)."""
    does, _, to = question.partition(":")
    return does, to.partition(":")[0]


def about_of(question: str) -> str:
    """What a question of adding a row is about, '' where its list is asked once."""
    return question.partition(":")[2].partition(":")[2]


def drop_answered(unit: Unit, record: str, question: str) -> None:
    """Remove the draft of a question in the commit that gives its answer; '' where nothing was asked."""
    if question:
        unit.drop_draft(record, question)


class Questions:
    """The drafts of questions, for one open store."""

    def __init__(self, store: Store, clock: times.Clock) -> None:
        self._store = store
        self._clock = clock
        self._to_save: dict[tuple[str, str], Draft] = {}

    def draft(self, record: str, kind: str, question: str) -> Draft:
        """What was typed into a question and was not given as its answer yet; else an empty draft of it."""
        draft = self._to_save.get((record, question)) or self._store.draft(record, question)
        if draft is not None:
            return draft
        now = times.stamp(self._clock())
        return Draft(record, kind, kind_named(kind).version, {}, began=now, question=question)

    def will_save(self, draft: Draft) -> None:
        """Remember what was typed until ``save`` has kept it, so that a question that is asked again meanwhile shows it."""
        self._to_save[draft.record, draft.question] = draft

    def save(self, draft: Draft) -> Draft:
        """Keep what was typed, valid or not; a question with nothing typed into it any more has no draft."""
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
        """Forget what was typed into a question; the person was asked first."""
        with self._store.write() as unit:
            unit.drop_draft(draft.record, draft.question)
        self._to_save.pop((draft.record, draft.question), None)
