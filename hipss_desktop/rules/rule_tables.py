"""Tables of rules as CSV in ``resources/codes``: a row that cannot be used gives a sentence and the others stand.

Must not know what a rule says.
"""

import csv
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TypeVar

R = TypeVar("R")


def shipped_text(name: str) -> str:
    """A table as the program brings it, '' where it cannot be read; never raises."""
    try:
        return files("resources").joinpath("codes", name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def read_rules(
    text: str, read: Callable[[Mapping[str, str]], R], *, wrong: Callable[[int, Exception], str], unreadable: str
) -> tuple[tuple[R, ...], tuple[str, ...]]:
    """The rules of a table, and a sentence for each row that cannot be used.

    Args:
        text: the table.
        read: the rule of a row; raises ValueError or KeyError where it cannot be used.
        wrong: the sentence for a row by its line and why it cannot be used.
        unreadable: the sentence for a text that cannot be read as a table, or that holds nothing.
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
