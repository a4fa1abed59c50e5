"""How a kind of record looks in the window and which screens show it, where that differs from what every kind gets.

Imports no page, so that every page may ask it. Must not describe a kind: its own file does.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class KindStyle:
    """The look of a kind.

    Attributes:
        icon: its icon's name.
        list: the route of its list, '' for the one that every kind gets.
        record: the route of the page that shows one of its records.
        form: the route of the page that writes one.
    """

    icon: str = "file"
    list: str = ""
    record: str = "record"
    form: str = "record_form"


STYLES: Mapping[str, KindStyle] = {
    "contact": KindStyle(icon="phone", list="contacts", form="log_contact"),
    "child": KindStyle(icon="child", list="children", record="child"),
    "carer": KindStyle(icon="home", list="carers", record="carer"),
    "action": KindStyle(icon="checkc", list="actions"),
    "placement": KindStyle(icon="home"),
    "practitioner": KindStyle(icon="user"),
    "shift": KindStyle(icon="moon"),
    "directory": KindStyle(icon="phonecall"),
}


def style_of(kind: str) -> KindStyle:
    """The look of a kind; a kind that is not named here, or not known, has the look of all."""
    return STYLES.get(kind, KindStyle())
