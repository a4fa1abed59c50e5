"""All kinds of record, by name. Adding a kind is adding a file that describes it and a line here."""

from collections.abc import Iterable, Mapping

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.kinds.placement import PLACEMENT
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.records.fields import every_field
from hipss_desktop.records.kind import Kind


def listed(kinds: Iterable[Kind]) -> Mapping[str, Kind]:
    """The kinds by name; raises ValueError where two have one name or one reference prefix."""
    found: dict[str, Kind] = {}
    prefixes: dict[str, str] = {}
    for kind in kinds:
        if kind.name in found:
            raise ValueError(f"Two kinds are called {kind.name!r}.")
        other = prefixes.setdefault(kind.reference_prefix, kind.name)
        if other != kind.name and not kind.restricted:
            raise ValueError(f"The kinds {other!r} and {kind.name!r} have one reference prefix.")
        found[kind.name] = kind
    return found


KINDS: Mapping[str, Kind] = listed(
    (
        CONTACT, CHILD, CARER, PLACEMENT, PRACTITIONER, SHIFT, DIRECTORY, ACTION,
        *ORDERS,
    )
)  # fmt: skip


def mistakes(kinds: Mapping[str, Kind]) -> list[str]:
    """What is wrong with descriptions that name other kinds and code lists, one sentence each; for the tests."""
    found = []
    for kind in kinds.values():
        for each in every_field(kind.fields):
            place = f"The field {each.name!r} of the kind {kind.name!r}"
            if each.options.refers_to and each.options.refers_to not in kinds:
                found.append(f"{place} refers to {each.options.refers_to!r}, which is not a kind.")
            if each.options.choices and not each.choices.codes:
                found.append(f"{place} has the code list {each.options.choices!r}, which is empty.")
            if each.options.grows and (each.type != "rows" or each not in kind.fields):
                found.append(f"{place} grows and is not a list of rows of the record itself.")
        for stage in kind.stages:
            if kind.by_name[kind.stage].choices.get(stage.code) is None:
                found.append(f"The stage {stage.code!r} of the kind {kind.name!r} has no label in its code list.")
            if not kind.writers <= stage.movers and kind.by_name[kind.stage].options.group:
                found.append(
                    f"Not every writer of the kind {kind.name!r} may set {stage.code!r}, which stands in a group."
                )
            if "council" in kind.writers - stage.movers:
                found.append(f"The council imports the kind {kind.name!r} and may not set {stage.code!r}.")
    return found


def kind_named(name: str) -> Kind:
    """The kind of that name; raises UserError, naming those there are."""
    if name not in KINDS:
        raise UserError(f"There is no kind of record called that. Use one of: {', '.join(KINDS)}.")
    return KINDS[name]


def may_write(role: str, kind: str) -> bool:
    """Whether a role may write a kind; nobody may write a kind that is not known here."""
    return kind in KINDS and role in KINDS[kind].writers


def may_read(role: str, kind: str) -> bool:
    """Whether a role may read a kind; a kind not known here is kept opaque and read by nobody."""
    return kind in KINDS and role in KINDS[kind].readers
