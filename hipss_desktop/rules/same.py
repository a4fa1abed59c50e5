"""Records that are recorded to be the same: which one of them counts, the same one on every laptop."""

from collections.abc import Callable, Mapping, Sequence

Named = Callable[[str], Sequence[str]]
"""A function that returns the records that a record is recorded to be the same as, without those that have no effect."""


def goes_on_as(record: str, named: Named) -> str:
    """The record that counts for a record: itself, or one that it is the same as, directly or through others.

    Of records that refer to each other, however many, the one begun first (the lowest identifier) counts. So exactly one of
    them is shown, the same one on every laptop with the same records.
    """
    known = _known(record, named)
    reached = {candidate: _reached(candidate, known) for candidate in known}
    last = [candidate for candidate in known if all(candidate in reached[other] for other in reached[candidate])]
    return min(last)


def _known(record: str, named: Named) -> Mapping[str, Sequence[str]]:
    """A record and all that it refers to, directly or through others, each with the records that it refers to."""
    references: dict[str, Sequence[str]] = {}
    unread = [record]
    while unread:
        current = unread.pop()
        if current not in references:
            references[current] = named(current)
            unread += references[current]
    return references


def _reached(record: str, known: Mapping[str, Sequence[str]]) -> set[str]:
    """A record and all that it refers to, directly or through others."""
    reached, unread = set[str](), [record]
    while unread:
        if (current := unread.pop()) not in reached:
            reached.add(current)
            unread += known[current]
    return reached
