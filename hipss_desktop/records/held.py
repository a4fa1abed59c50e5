"""Finds records whose newest revisions are held back, for ``doctor`` of the laptop and of the council.

Such a record is not damaged. The revisions that are held back are stored, have no effect, and wait for somebody to release them.
Must never repeat the text of a record.
"""

from dataclasses import dataclass

from hipss_desktop import identity
from hipss_desktop.records.fold import State
from hipss_desktop.records.kind import Kind

DO = "A manager looks at it and has it released at the council, or it stays as it is. What was written is kept."


@dataclass(frozen=True)
class HeldRecord:
    """A record whose newest revisions are held back: its identifier, reference and those revisions, and what to do."""

    record: str
    kind: str
    reference: str
    revisions: tuple[str, ...]
    what: str
    do: str


def held_record(kind: Kind | None, state: State) -> HeldRecord | None:
    """What ``doctor`` says of a record, or None if none of its newest revisions is held back."""
    if not state.newest_held:
        return None
    reference = identity.reference(kind.reference_prefix, state.record) if kind else state.record
    of_all = "all that was written is" if not state.heads else "what was written last is"
    sentence = f"{kind.label if kind else state.kind} {reference}: {of_all} held back by the council."
    return HeldRecord(state.record, state.kind, reference, state.newest_held, sentence, DO)
