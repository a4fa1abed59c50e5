"""Rows that refer to a row of another list of their record, such as an answer to a row of a plan.

A body refers to that row by identifier. A sheet uses the row's number in the list, counted from 1, because rows get new
identifiers when the sheet is read into another store. Must not know files, columns or where records are stored.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hipss_desktop.records.fields import Field, Fields
from hipss_desktop.records.fold import row_id

Rename = Callable[[str, str], str]
"""A function from a list and one reference to its row to the other form of reference."""


def numbered(field: Field, value: Any, body: Fields) -> Any:
    """The answer to a field of a body for a sheet: with row numbers instead of row identifiers."""

    def number(name: str, row: str) -> str:
        rows = ids_of(body.get(name))
        return str(rows.index(row) + 1) if row in rows else row

    return renamed(field, value, number)


def identified(field: Field, value: Any, rows_of: Callable[[str], list[str]]) -> Any:
    """The answer to a field from a sheet, with row identifiers instead of row numbers.

    Args:
        field, value: the field and the value of its cell.
        rows_of: returns the identifiers of the rows of a list, in order.
    """

    def identifier(name: str, number: str) -> str:
        rows = rows_of(name)
        place = int(number) if number.isascii() and number.isdecimal() and len(number) <= len(str(len(rows))) else 0
        return rows[place - 1] if 0 < place <= len(rows) else number

    return renamed(field, value, identifier)


def renamed(field: Field, value: Any, rename: Rename) -> Any:
    """A value with every reference to another row changed by ``rename``; the value itself if there is none."""
    naming = {inner.name: inner.options.row_of for inner in field.rows if inner.options.row_of}
    if not naming or not isinstance(value, list):
        return value
    return [_renamed(row, naming, rename) if isinstance(row, Mapping) else row for row in value]


def _renamed(row: Mapping[str, Any], naming: Mapping[str, str], rename: Rename) -> dict[str, Any]:
    return {
        name: rename(naming[name], value) if name in naming and isinstance(value, str) else value
        for name, value in row.items()
    }


def ids_of(rows: Any) -> list[str]:
    """The identifiers of the rows of a list, '' for entries that are not rows."""
    return [row_id(row) for row in rows] if isinstance(rows, list) else []
