"""What differs between two readings of a record: the units an author changed, and the words a reader is shown.

Must not know where either reading came from.
"""

from dataclasses import dataclass
from typing import Any

from hipss_desktop.records.fields import Field, Fields, Namer, as_text, is_nothing
from hipss_desktop.records.fold import ABSENT, Units, row_id, rows_by_id
from hipss_desktop.records.kind import Kind


@dataclass(frozen=True)
class Difference:
    """One unit that was changed, in the words of its label: ``was`` and ``now`` are '' where there was nothing."""

    unit: str
    label: str
    was: str
    now: str


def changed_units(kind: Kind, before: Fields, after: Fields) -> list[str]:
    """The units that differ, with all members of a group when one of them does; sorted."""
    units: set[str] = set()
    for name in {*before, *after}:
        described = kind.by_name.get(name)
        if described is not None and described.type == "rows":
            units |= _changed_rows(name, before, after)
            units |= {name} if _not_rows(before, name) != _not_rows(after, name) else set()
        elif _value(described, before, name) != _value(described, after, name):
            units |= set(kind.group_of(name))
    return sorted(units)


def _value(described: Field | None, fields: Fields, name: str) -> Any:
    value = fields.get(name)
    nothing = described.is_empty(value) if described is not None else is_nothing(value)
    return None if nothing else value


def _changed_rows(name: str, before: Fields, after: Fields) -> set[str]:
    was, now = rows_by_id(before.get(name)), rows_by_id(after.get(name))
    return {f"{name}/{row}" for row in {*was, *now} if was.get(row) != now.get(row)}


def _not_rows(fields: Fields, name: str) -> Any:
    """What a list of rows holds that is no row with an id, and so no unit of its own; None for nothing."""
    value = fields.get(name)
    if not isinstance(value, list):
        return None if is_nothing(value) else value
    return [row for row in value if not row_id(row)] or None


def unit_label(kind: Kind | None, unit: str) -> str:
    """What a unit is called: its field's label; an unknown field's own name."""
    described = _described(kind, unit)
    return described.label if described else unit.partition("/")[0].replace("_", " ").capitalize()


def unit_words(kind: Kind | None, unit: str, value: Any, name: Namer | None = None) -> str:
    """A unit's value as a person reads it; ``name`` says what a record is called that it refers to."""
    if value == ABSENT or value is None:
        return ""
    described = _described(kind, unit)
    if described is None:
        return as_text(value)
    return described.row_words(value, name) if "/" in unit else described.words(value, name)


def _described(kind: Kind | None, unit: str) -> Field | None:
    return kind.by_name.get(unit.partition("/")[0]) if kind else None


def differences(
    kind: Kind | None, units: list[str], before: Fields, after: Fields, name: Namer | None = None
) -> list[Difference]:
    """The named units, was and now, in field order, without those that read the same."""
    was, now = Units(before), Units(after)
    found = [
        Difference(
            unit,
            unit_label(kind, unit),
            unit_words(kind, unit, was.value(unit), name),
            unit_words(kind, unit, now.value(unit), name),
        )
        for unit in units
    ]
    order = {each.name: place for place, each in enumerate(kind.fields)} if kind else {}
    found.sort(key=lambda each: (order.get(each.unit.partition("/")[0], len(order)), each.unit))
    return [each for each in found if each.was != each.now]
