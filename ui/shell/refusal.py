"""What is said to somebody whose role may not do what they asked for: who may, and whom to ask.

Must not decide who may: the kind of record says it.
"""

from collections.abc import Sequence

from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.kind import Kind
from ui.base.kind_style import title_of_many
from ui.base.session import DutyNumber


def refusal(kind: Kind, numbers: Sequence[DutyNumber], *, writing: bool) -> str:
    """The sentence: "Only managers can write contacts. If you need it, ask S. Lloyd, 07700 900312."."""
    roles = code_list("role").codes
    may = kind.writers if writing else kind.readers
    who = [f"{within(entry.label)}s" for entry in roles if entry.code in may]
    named = f"{', '.join(who[:-1])} and {who[-1]}" if len(who) > 1 else "".join(who) or "the council"
    manager = next((each for each in numbers if "manager" in each.label.casefold()), None)
    ask = f"{manager.label.partition(', ')[2] or manager.label}, {manager.number}" if manager else "your manager"
    return (
        f"Only {named} can {'write' if writing else 'read'} {within(title_of_many(kind))}. If you need it, ask {ask}."
    )
