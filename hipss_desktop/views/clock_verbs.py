"""The buttons on the clocks of an incident or a restraint: their words, what they ask, and the message when done.

Must not decide when a button is shown: ``views.incidents`` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ACKNOWLEDGED, WRITTEN = "acknowledged", "written"
NOT_APPLYING, DECIDED, RETURNED, SIGNED = "not_applying", "decided", "returned", "sign_off"


@dataclass(frozen=True)
class ClockVerb:
    """One button on a clock.

    Attributes:
        code: its name among the verbs of the clock.
        label: the words on its button.
        done: the message when it is done: "Call recorded".
        unit: the list of the incident to which it adds a row, '' for a sign-off.
        asks: the fields of the row that it asks for; ``at`` is filled with the time of the press.
        rows: the known answers of the row; several rows if several children are recorded one by one.
    """

    code: str
    label: str
    done: str
    unit: str = ""
    asks: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ({},)


HOLD_MORE = (
    ClockVerb(
        "mark", "Add a mark", "Mark added", "marks", ("place", "side", "size", "words", "origin", "at", "seen_by")
    ),
    ClockVerb("looked", "Looked for marks", "Look for marks recorded", "looked", ("at", "looked_by", "marks_seen")),
    ClockVerb(
        "account",
        "Add what the child says",
        "What the child says added",
        "accounts",
        ("given", "words", "to", "others_there", "at"),
    ),
    ClockVerb(
        "alleged",
        "An allegation is made about the hold",
        "Allegation recorded. Who must be told is shown.",
        "alleged",
        ("against", "at"),
    ),
)
"""The buttons that add to a restraint, besides those of its clocks."""
BECAME_KNOWN = ClockVerb(
    "became_known",
    "Something more became known",
    "What became known is added. Who must be told is shown.",
    "became_known",
    ("type", "at", "words"),
)
