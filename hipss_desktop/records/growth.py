"""Growth: a revision that only adds rows to growing lists.

A growing list (``field(..., grows=True)``) records what was done, row by row. Adding a row needs no reason and conflicts
with nothing but a withdrawal. The revision's body contains the new row alone, so that long records can grow too. In an
exchange it is an amendment without a reason, which older programs can read. Must not know any kind, nor how revisions are
folded.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Body, Envelope


def is_growth(kind: Kind | None, envelope: Envelope, body: Body, changed_before: Callable[[str], bool]) -> bool:
    """Whether a revision only adds rows to growing lists; always False for an unknown kind.

    Args:
        kind: the record's kind, None if it is not known here.
        envelope: the revision's envelope.
        body: the revision's content, with the field names of today's description.
        changed_before: whether an earlier revision, one that this one comes after, changed a unit. A row that was there
            before is changed by an amendment.
    """
    if kind is None or envelope.action != "amend" or not envelope.parents or body.why or not body.changed:
        return False
    added: dict[str, set[str]] = {}
    for unit in body.changed:
        name, _, row = unit.partition("/")
        described = kind.by_name.get(name)
        if not row or described is None or not described.options.grows:
            return False
        added.setdefault(name, set()).add(row)
    if body.fields.keys() != added.keys():
        return False
    if any(not _holds_only(body.fields[name], rows) for name, rows in added.items()):
        return False
    return not any(changed_before(unit) for unit in body.changed)


def _holds_only(value: Any, rows: set[str]) -> bool:
    """Whether a list contains each of these rows once, and nothing else."""
    if not isinstance(value, list) or len(value) != len(rows):
        return False
    ids = [row.get("id") if isinstance(row, Mapping) else None for row in value]
    return all(isinstance(identifier, str) for identifier in ids) and set(ids) == rows
