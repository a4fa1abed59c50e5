"""All kinds of record, by name. Adding a kind is adding a file that describes it and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

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
from hipss_desktop.records.kind import Kind

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        each.name: each
        for each in (
            CONTACT, CHILD, CARER, PLACEMENT, PRACTITIONER, SHIFT, DIRECTORY, ACTION,
            *ORDERS,
        )
    }
)  # fmt: skip


def kind_named(name: str) -> Kind:
    """The kind of that name; raises UserError, naming those there are."""
    if name not in KINDS:
        raise UserError(f"There is no kind of record called that. Use one of: {', '.join(KINDS)}.")
    return KINDS[name]


def may_write(role: str, kind: str) -> bool:
    """Whether a role may write a kind; nobody may write a kind that is not known here."""
    return kind in KINDS and role in KINDS[kind].write


def may_read(role: str, kind: str) -> bool:
    """Whether a role may read a kind; a kind not known here is kept opaque and read by nobody."""
    return kind in KINDS and role in KINDS[kind].read
