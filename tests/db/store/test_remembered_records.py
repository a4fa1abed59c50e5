"""A record that did not change is decoded once, and one that changed in anything is read anew."""

from db.store import LaptopStore
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend


def test_the_same_row_gives_the_same_record_by_whichever_way_it_is_asked_for(
    services: Services, store: LaptopStore
) -> None:
    newest = store.records_of("contact", limit=3)
    assert [store.get(record.record) for record in newest] == newest
    assert all(store.get(record.record) is record for record in newest)
    assert all(CONTACT.of(record) is CONTACT.of(store.records_named([record.record])[0]) for record in newest)


def test_a_record_that_was_amended_withdrawn_or_sent_is_another_one(services: Services, store: LaptopStore) -> None:
    before = store.records_of("contact", limit=1)[0]
    amend(services, before.record, {"advice": "A walk with the dog"})
    amended = store.get(before.record)
    assert amended is not None
    assert CONTACT.of(amended).advice == "A walk with the dog"
    services.records.withdraw(before.record, "Written twice")
    withdrawn = store.get(before.record)
    assert withdrawn is not None
    assert withdrawn.withdrawn
    assert withdrawn.state == "waiting"
    number, digest = store.have()[store.seat.seat].number, store.have()[store.seat.seat].digest
    with store.write() as unit:
        unit.keep_receipt(store.seat.seat, number, digest, "receipt", "2017-03-14T02:14:00+00:00")
        unit.council_has(store.seat.seat, number, digest)
    sent = store.get(before.record)
    assert sent is not None
    assert sent.state == "sent"
    assert sent.fields == withdrawn.fields
    assert store.get(before.record) is sent
