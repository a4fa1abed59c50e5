"""The page of a record of which something is held back: a part of it, and all of it."""

from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.records.revision import Revision
from tests.db.store.seats import OtherSeat, absorb, amended, finished, know
from tests.helpers.demo_laptop import DemoLaptop, at


def _held(demo: DemoLaptop, held: Revision, reason: str, why: str) -> None:
    """The council has this and holds it back, and the laptop has heard of it."""
    council, link = OtherSeat(), held.envelope
    know(demo.store, council)
    absorb(demo.store, council.sign({"revisions": [{"id": held.digest, "reason": reason}]}, kind="hold"))
    with demo.store.write() as unit:
        unit.keep_receipt(link.seat, link.number, held.digest, "receipt", times.stamp(demo.clock()))
        unit.council_has(link.seat, link.number, held.digest)
        unit.council_holds_back({held.digest: why})


def partly_held(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """A contact of which an amendment is held back."""
    [contact] = demo.store.records_of("contact", limit=1)
    own = amended(demo.store, contact.record, {"advice": "Lock the door and do not let him in."}, why="Rang again")
    _held(demo, own, "revoked", "This laptop was no longer allowed to sync when this was written.")
    return at("record", record=contact.record)(demo, size)


def wholly_held(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """A household that somebody wrote who may not."""
    fields = {"address": "2 Mill Lane, Ashby", "phone": "01632 960145", "note": "The key is with the neighbour."}
    own = finished(demo.store, fields, kind="carer")
    words = "An on-call practitioner may not write carer households. Ask a manager to release it."
    _held(demo, own, "may_not_write", words)
    return at("record", record=own.envelope.record)(demo, size)
