"""Tables of rules as CSV in ``resources/codes``: a row that cannot be used gives a message, and the other rows are used.

Must not know what a rule says.
"""

import csv
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TypeVar

R = TypeVar("R")


def shipped_text(name: str) -> str:
    """A table that comes with the program, '' if it cannot be read; never raises."""
    try:
        return files("resources").joinpath("codes", name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def read_rules(
    text: str, read: Callable[[Mapping[str, str]], R], *, wrong: Callable[[int, Exception], str], unreadable: str
) -> tuple[tuple[R, ...], tuple[str, ...]]:
    """The rules of a table, and a message for each row that cannot be used.

    Args:
        text: the table.
        read: reads the rule of a row; raises ValueError or KeyError if it cannot be used.
        wrong: makes the message for a row from its line and its error.
        unreadable: the message for a text that is not a table or is empty.
    """
    rules: list[R] = []
    problems: list[str] = []
    try:
        reader = csv.DictReader(text.splitlines(), strict=True)
        for row in reader:
            try:
                rules.append(read({name: value or "" for name, value in row.items() if name is not None}))
            except (ValueError, KeyError) as error:
                problems.append(wrong(reader.line_num, error))
    except csv.Error:
        problems.append(unreadable)
    return tuple(rules), tuple(problems) if rules or problems else (unreadable,)
