"""Former names: keeping the old name at a change, so that a record is still found by the name that people remember.

The amendment that changes the name adds the row, in window, command line and import alike (``Kind.keeps``). The same change
on two laptops on one day gives one row; different changes are both kept. Must not know any kind.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from hipss_desktop import identity
from hipss_desktop.records.folding import folded


def formerly(former: str, *present: str) -> str:
    """The words of a former name that no present name has, "Moss" of Kai Moss who is now Kai Hartley; '' if none."""
    present_words = folded(" ".join(present)).split()
    return " ".join(word for word in former.split() if folded(word) not in present_words)


def row_kept(former: str, now: str, on: date) -> list[dict[str, Any]]:
    """The row with the old name, changed on a day; no row if the new name only spells or completes the old one."""
    if not now or not formerly(former, now):
        return []
    return [{"id": identity.dated_row_id(on, f"{former}\n{now}"), "name": former, "until": on.isoformat()}]


def nicknamed(names: Iterable[str], given_name: str, nicknames: Iterable[str]) -> Iterator[str]:
    """Names with each nickname in place of the first name: "Jo Moss" beside "Joanna Moss"."""
    for name in names:
        first, last = name.split()[: len(given_name.split())], name.split()[len(given_name.split()) :]
        if last and folded(" ".join(first)) == folded(given_name):
            yield from (" ".join((nickname, *last)) for nickname in nicknames if nickname.strip())


def shortened(name: str) -> str:
    """A name with only the initial of its last word, as screens show children: "Kai M."."""
    first, _, last = name.rpartition(" ")
    return f"{first} {last[:1]}." if first else name
