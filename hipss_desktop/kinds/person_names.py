"""Names of people: put together from their parts, of which one may be missing or several may be family names.

Many people have one name only, and of some nobody knows the family name. What was typed in its place, "-" or "not known", is
stored as typed and never shown as a name. Must not know any kind.
"""

from collections.abc import Iterator

from hipss_desktop.records.folding import folded

PARTS = ("given_name", "family_name")
"""The fields of a person's name, in every kind and row that has one."""
NO_NAME = frozenset({"n/a", "n/k", "not known", "unknown", "no family name", "no surname", "no first name"})
"""What people write where there is no name, folded."""


def known(name: str) -> str:
    """A part of a name without spaces around it; '' if the text stands for no name: "-", "?", "not known"."""
    plain = folded(name)
    is_name = any(sign.isalpha() for sign in plain) and plain not in NO_NAME
    return name.strip() if is_name else ""


def whole(given: str, family: str) -> str:
    """A whole name of its known parts, "Kai Merrick", "Ahmed"; '' if no part is known."""
    return " ".join(filter(None, (known(given), known(family))))


def with_initial(given: str, family: str) -> str:
    """A name with the initial of the family name, "Kai M."; the only name if one is known; '' if none is."""
    first, last = known(given), known(family)
    return f"{first} {last[:1]}." if first and last else first or last


def with_one_family_name(given: str, family: str) -> Iterator[str]:
    """Of somebody with several family names, the name with each of them alone: "José García", "José Márquez"."""
    parts = known(family).replace("-", " ").split()
    if len(parts) > 1:
        yield from (whole(given, part) for part in parts)


def in_any_order(name: str) -> tuple[str, ...]:
    """The words of a name, folded and sorted: "Moss, Kai" and "kai moss" are the same."""
    return tuple(sorted(folded(name).replace(",", " ").replace("-", " ").split()))
