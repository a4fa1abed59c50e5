"""Rows that name a row of another list of their record, such as an answer to a row of a plan.

A body names that row by its identifier. A sheet says its number in the list, counted from 1, as the rows of a sheet that is
read into another store get identifiers of their own. Must not know files, columns or where records are kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hipss_desktop.records.fields import Field, Fields
from hipss_desktop.records.fold import row_id

Rename = Callable[[str, str], str]
"""From a list and what names a row of it to what else names that row."""


def numbered(field: Field, value: Any, body: Fields) -> Any:
    """The answer to a field of a body as a sheet says it: with the numbers of the rows that its own rows name."""

    def number(name: str, row: str) -> str:
        rows = ids_of(body.get(name))
        return str(rows.index(row) + 1) if row in rows else row

    return renamed(field, value, number)


def identified(field: Field, value: Any, rows_of: Callable[[str], list[str]]) -> Any:
    """The answer to a field that a sheet says, with the identifiers of the rows that it says the numbers of.

    Args:
        field, value: the field and what its cell says.
        rows_of: the identifiers of the rows of a list, in their order.
    """

    def identifier(name: str, number: str) -> str:
        rows = rows_of(name)
        place = int(number) if number.isascii() and number.isdecimal() and len(number) <= len(str(len(rows))) else 0
        return rows[place - 1] if 0 < place <= len(rows) else number

    return renamed(field, value, identifier)


def renamed(field: Field, value: Any, rename: Rename) -> Any:
    """A value in which each row that names another one names it otherwise; the value itself where none does."""
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
    """The identifiers of the rows of a list, '' for what is no row."""
    return [row_id(row) for row in rows] if isinstance(rows, list) else []
