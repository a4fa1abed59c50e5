"""Records that say of each other that they are one: which of them goes on, the same one on every laptop."""

from collections.abc import Callable, Mapping, Sequence

Named = Callable[[str], Sequence[str]]
"""Gives the records that a record says it is the same as, those left out that do not count."""


def goes_on_as(record: str, named: Named) -> str:
    """The record that speaks for one: itself, or the one that it says it is the same as, directly or through others.

    Of records that name each other, however many, the one begun first (the lowest identifier) goes on. So of what is one
    exactly one record is shown, and the same one on every laptop that has the same records.
    """
    known = _known(record, named)
    reached = {one: _reached(one, known) for one in known}
    last = [one for one in known if all(one in reached[other] for other in reached[one])]
    return min(last)


def _known(record: str, named: Named) -> Mapping[str, Sequence[str]]:
    """A record and all that it is said to be the same as, directly or through others, each with those that it names."""
    found: dict[str, Sequence[str]] = {}
    unread = [record]
    while unread:
        current = unread.pop()
        if current not in found:
            found[current] = named(current)
            unread += found[current]
    return found


def _reached(record: str, known: Mapping[str, Sequence[str]]) -> set[str]:
    """A record and all that it names, directly or through others."""
    reached, unread = set[str](), [record]
    while unread:
        if (current := unread.pop()) not in reached:
            reached.add(current)
            unread += known[current]
    return reached
