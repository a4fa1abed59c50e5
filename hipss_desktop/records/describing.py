"""The description of a field beside its type: label, choices, what it refers to, when it is asked for.

It is written in a ``msgspec`` struct as ``Annotated[type, field(...)]`` and read in ``records.fields``. Must not know any
kind, nor how a value is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Person = Literal["child", "carer", "third"]


@dataclass(frozen=True)
class FieldOptions:
    """The options of a field beside its label and hint; see ``field``."""

    choices: str = ""
    refers_to: str = ""
    subject: bool = False
    required: str = ""
    shown_if: Callable[[Any], bool] | None = None
    names: Person | None = None
    initial: Any = None
    format: Literal["", "phone", "strokes"] = ""
    grows: bool = False
    lines: int = 1
    group: str = ""
    searchable: bool = True
    past: bool = False
    row_name: str = ""
    least: int | None = None
    most: int | None = None
    row_of: str = ""
    exact: bool = False


def field(
    label: str,
    hint: str = "",
    *,
    choices: str = "",
    refers_to: str = "",
    subject: bool = False,
    required: str = "",
    shown_if: Callable[[Any], bool] | None = None,
    names: Person | None = None,
    initial: Any = None,
    format: Literal["", "phone", "strokes"] = "",  # noqa: A002  the standard term
    grows: bool = False,
    lines: int = 1,
    group: str = "",
    searchable: bool = True,
    past: bool = False,
    row_name: str = "",
    least: int | None = None,
    most: int | None = None,
    row_of: str = "",
    exact: bool = False,
) -> msgspec.Meta:
    """Describe a field inside ``Annotated``.

    Args:
        label: the words beside the field.
        hint: the words under the field.
        choices: the code list (``resources/codes``) its value is chosen from.
        refers_to: the kind of record whose identifier is the value.
        subject: the record is about the person whom this field names, also in a row; others are only mentioned.
        required: the sentence shown if the field is empty at finish; '' if it may stay empty.
        shown_if: whether the field is asked for, from the record as read (in a row, from the row).
        names: whether the text names a child, a carer or a third person, for redaction.
        initial: the value a new form starts with; it is used in forms only and never read into a record.
        format: "phone" if the text is a telephone number, "strokes" if it was drawn by hand (``records.strokes``).
        grows: a list to which one press adds a row, signed by the person who adds it (``records.growth``).
        lines: the height of the field in lines.
        group: fields of one group mean something only together and are amended together.
        searchable: whether full-text search finds its words.
        past: whether the day or moment must be past, so that one in the future is refused at finish.
        row_name: what one row of the list is called, with its article: "a follow-up".
        least, most: the smallest and the largest number that may be finished, None without a limit.
        row_of: the list of the same record to whose rows it refers by identifier; a sheet refers to a row by its number.
        exact: whether it is a key or number, from which invisible marks are taken off; names of people always are.
    """
    options = FieldOptions(
        choices,
        refers_to,
        subject,
        required,
        shown_if,
        names,
        initial,
        format,
        grows,
        lines,
        group,
        searchable,
        past,
        row_name,
        least,
        most,
        row_of,
        exact,
    )
    stated = {
        "x-choices": choices,
        "x-refers-to": refers_to,
        "x-subject": subject,
        "x-format": format,
        "x-grows": grows,
        "x-required-to-finish": required,
        "x-past": past,
    }
    extra = {name: value for name, value in stated.items() if value}
    return msgspec.Meta(
        title=label, description=hint or None, extra={"options": options}, extra_json_schema=extra or None
    )


def never(row: object) -> bool:
    """Return False: used as ``shown_if`` of fields that the program fills in and nobody types."""
    return False
