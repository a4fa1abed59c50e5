"""Finding records with answers that cannot be read, for ``doctor`` of the laptop and of the council.

Such a record is not damaged: it is authentic, its readable answers are shown, and readers continue. Somebody should still
look at it. Says where such answers are; must never quote them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hipss_desktop import identity
from hipss_desktop.records.fields import Fields, Misfit
from hipss_desktop.records.kind import Kind

DO = "Open the record and amend it, or update the program if a newer version wrote it. What stands there is kept until then."


@dataclass(frozen=True)
class UnreadableRecord:
    """A record with answers that cannot be read: its identifier and reference, the labels of the fields, and what to do."""

    record: str
    kind: str
    reference: str
    fields: tuple[str, ...]
    what: str
    do: str


def unreadable_record(kind: Kind, record: str, body: Fields) -> UnreadableRecord | None:
    """What ``doctor`` says of a record, None if every answer can be read."""
    labels = tuple(dict.fromkeys(_labels(kind, kind.misfits(body))))
    if not labels:
        return None
    reference = identity.reference(kind.reference_prefix, record)
    sentence = f"{kind.label} {reference}: {_answers(labels)} cannot be read."
    return UnreadableRecord(record, kind.name, reference, labels, sentence, DO)


def _labels(kind: Kind, misfits: list[Misfit]) -> Iterator[str]:
    for misfit in misfits:
        list_field, slash, _ = misfit.path.partition("/")
        yield f"{kind.by_name[list_field].label}, {misfit.field.label}" if slash else misfit.field.label


def _answers(labels: tuple[str, ...]) -> str:
    *others, last = (f"'{label}'" for label in labels)
    return f"the answers to {', '.join(others)} and {last}" if others else f"the answer to {last}"
