"""The differences between two versions of a record: the units that an author changed, and their words for a reader.

Must not know where the versions come from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hipss_desktop.records.fields import Field, Fields, Namer, as_text, is_nothing
from hipss_desktop.records.fold import ABSENT, Units, row_id, rows_by_id
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.paragraphs import PLACE, rows_in_order


@dataclass(frozen=True)
class Difference:
    """One changed unit with its label; ``was`` and ``now`` are its words, '' if it had no value."""

    unit: str
    label: str
    was: str
    now: str


def changed_units(kind: Kind, before: Fields, after: Fields) -> list[str]:
    """The units that differ, sorted; if one member of a group differs, all of its members."""
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
    rows_before, rows_after = rows_by_id(before.get(name)), rows_by_id(after.get(name))
    return {f"{name}/{row}" for row in {*rows_before, *rows_after} if rows_before.get(row) != rows_after.get(row)}


def _not_rows(fields: Fields, name: str) -> Any:
    """The part of a list that is not rows with ids, and so has no units of its own; None if there is none."""
    value = fields.get(name)
    if not isinstance(value, list):
        return None if is_nothing(value) else value
    return [row for row in value if not row_id(row)] or None


def move_explains(kind: Kind, before: Fields, after: Fields, changed: Iterable[str]) -> str:
    """The verb of a move that serves as the reason of an amendment, '' if the author must give a reason.

    A move whose answers are reason enough (``Stage.reason`` is empty) explains answers that are given with it for the first
    time. If it also changes an earlier answer, the author must give a reason.
    """
    units = list(changed)
    stage = kind.moved_to(after, units)
    if stage is None or stage.reason or kind.stage_of(kind.read(before)) == stage.code:
        return ""
    moved = kind.group_of(kind.stage)
    return "" if any(_stood(kind, before, unit) for unit in units if unit not in moved) else stage.verb


def _stood(kind: Kind, before: Fields, unit: str) -> bool:
    """Whether a unit had an answer before."""
    name, _, row = unit.partition("/")
    return row in rows_by_id(before.get(name)) if row else _value(kind.by_name.get(name), before, name) is not None


def unit_label(kind: Kind | None, unit: str, *bodies: Fields) -> str:
    """The label of a unit: that of its field, or the name of an unknown field.

    A paragraph's label also has its number, in the first of the ``bodies`` that contains it among other paragraphs.
    """
    described = _described(kind, unit)
    name, _, row = unit.partition("/")
    if described is None:
        return name.replace("_", " ").capitalize()
    if row and described.by_paragraph:
        for numbers in (_numbered(described, fields, name) for fields in bodies):
            if row in numbers and len(numbers) > 1:
                return f"{described.label}, paragraph {numbers[row]}"
    return described.label


def unit_words(kind: Kind | None, unit: str, value: Any, name: Namer | None = None) -> str:
    """A unit's value in words; ``name`` gives the name of a record that the value refers to."""
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
    """The changes of the given units in words, in field order, without those that read the same before and after.

    Paragraphs are labelled and sorted by their number; one that was only moved says where to.
    """
    units_before, units_after = Units(before), Units(after)
    keyed_differences: list[tuple[tuple[int, int, str], Difference]] = []
    numbers = _Numbers(kind, before, after)
    order = {field.name: place for place, field in enumerate(kind.fields)} if kind else {}
    for unit in units:
        number, moved = numbers.of(unit)
        words_now = unit_words(kind, unit, units_after.value(unit), name)
        label = f"{unit_label(kind, unit)}, paragraph {number}" if number else unit_label(kind, unit)
        difference = Difference(
            unit,
            label,
            unit_words(kind, unit, units_before.value(unit), name),
            f"{words_now} (moved to paragraph {moved})" if moved and words_now else words_now,
        )
        keyed_differences.append(((order.get(unit.partition("/")[0], len(order)), number, unit), difference))
    return [
        difference
        for _, difference in sorted(keyed_differences, key=lambda keyed: keyed[0])
        if difference.was != difference.now
    ]


class _Numbers:
    """The numbers of paragraphs before and after a change, for texts with more than one paragraph."""

    def __init__(self, kind: Kind | None, before: Fields, after: Fields) -> None:
        self._kind, self._before, self._after = kind, before, after
        self._numbered: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
        self._moved: dict[str, set[str]] = {}

    def of(self, unit: str) -> tuple[int, int]:
        """A paragraph's number before (of a new one: after), and the number to which it was moved; 0 for none."""
        name, _, row = unit.partition("/")
        described = self._kind.by_name.get(name) if self._kind is not None else None
        if described is None or not described.by_paragraph or not row:
            return 0, 0
        if name not in self._numbered:
            self._numbered[name] = (_numbered(described, self._before, name), _numbered(described, self._after, name))
            before, after = self._numbered[name]
            stood, stands = (
                [other for other in before if other in after],
                [other for other in after if other in before],
            )
            places = {other: place for place, other in enumerate(stood)}
            was_rows, now_rows = rows_by_id(self._before.get(name)), rows_by_id(self._after.get(name))
            self._moved[name] = {
                other
                for place, other in enumerate(stands)
                if places[other] != place and was_rows[other].get(PLACE) != now_rows[other].get(PLACE)
            }
        before, after = self._numbered[name]
        if len({*before, *after}) == 1:  # it needs no number
            return 0, 0
        return before.get(row) or after.get(row, 0), after[row] if row in self._moved[name] else 0


def _numbered(described: Field, fields: Fields, name: str) -> dict[str, int]:
    rows = [row for row in rows_in_order(fields.get(name)) if row_id(row) and not described.is_blank(row)]
    return {row_id(row): number for number, row in enumerate(rows, start=1)}
