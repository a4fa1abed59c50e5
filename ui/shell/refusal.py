"""The message for somebody whose role may not do what they asked for: who may, and whom to ask.

Must not decide who may: the kind of record states it.
"""

from collections.abc import Sequence

from hipss_desktop.kinds.catalogue import who_may
from hipss_desktop.records.kind import Kind
from ui.base.session import DutyNumber


def refusal(kind: Kind, numbers: Sequence[DutyNumber], *, writing: bool) -> str:
    """Return the sentence, for example: "Only managers can write contacts. If you need it, ask S. Lloyd, 07700 900312."."""
    manager = next((number for number in numbers if "manager" in number.label.casefold()), None)
    ask = f"{manager.label.partition(', ')[2] or manager.label}, {manager.number}" if manager else "your manager"
    return f"{who_may(kind, writing=writing)} If you need it, ask {ask}."
