"""Whether a child is missing now, from the contacts that say so.

Missing from care: not where expected, whereabouts not known; it ends when the child is found or returned (DfE statutory
guidance on children who run away or go missing, January 2014).
"""

from collections.abc import Iterable
from typing import Any, Protocol


class Dated(Protocol):
    """A contact, newest first among its like."""

    @property
    def fields(self) -> Any:
        """Its fields."""
        ...

    @property
    def withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        ...


def episode(newest_first: Iterable[Dated]) -> str | None:
    """Since when the child is missing (kept instant), None when the newest contact that speaks of it says back."""
    for each in newest_first:
        if each.withdrawn:
            continue
        if each.fields.get("missing") == "back":
            return None
        if each.fields.get("missing") == "still":
            return str(each.fields.get("missing_since") or each.fields.get("told") or "") or None
    return None
