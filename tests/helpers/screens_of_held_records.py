"""The page of a record with revisions that are held back: some of them, and all of them."""

from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.records.revision import Revision
from tests.db.store.seats import OtherSeat, absorb, amended, finished, know
from tests.helpers.demo_laptop import DemoLaptop, at


def _held(demo: DemoLaptop, held: Revision, reason: str, why: str) -> None:
    """Make the council hold a revision back, and give the laptop the order."""
    council, link = OtherSeat(), held.envelope
    know(demo.store, council)
    absorb(demo.store, council.sign({"revisions": [{"id": held.digest, "reason": reason}]}, kind="hold"))
    with demo.store.write() as unit:
        unit.keep_receipt(link.seat, link.number, held.digest, "receipt", times.stamp(demo.clock()))
        unit.council_has(link.seat, link.number, held.digest)
        unit.council_holds_back({held.digest: why})


def partly_held(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of a contact with an amendment that is held back."""
    [contact] = demo.store.records_of("contact", limit=1)
    own = amended(demo.store, contact.record, {"advice": "Lock the door and do not let him in."}, why="Rang again")
    _held(demo, own, "revoked", "This laptop was no longer allowed to sync when this was written.")
    return at("record", record=contact.record)(demo, size)


def wholly_held(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of a household that is held back because its author may not write households."""
    fields = {"address": "2 Mill Lane, Ashby", "phone": "01632 960145", "note": "The key is with the neighbour."}
    own = finished(demo.store, fields, kind="carer")
    words = "An on-call practitioner may not write carer households. Ask a manager to release it."
    _held(demo, own, "may_not_write", words)
    return at("record", record=own.envelope.record)(demo, size)
