"""A record is found by the reference that people read out, and both are where two are alike."""

import pytest

from db.store import LaptopStore
from hipss_desktop import identity
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.views.services import Services
from tests.db.store.conftest import Place
from tests.db.store.seats import OtherSeat, absorb, contact
from tests.helpers.several_laptops import child_named
from tests.test_identity import FIRST, SECOND

ACTION = {"what": "Ring the school", "due": "2017-03-14T09:00:00+00:00", "state": "open"}


def matching_records(store: LaptopStore, typed: str) -> set[str]:
    """The records that typed words find."""
    return {record.record for record in store.search(typed)}


@pytest.fixture
def alike(store: LaptopStore) -> LaptopStore:
    """A store with a contact and an action whose references differ in the prefix alone, and a record beside them."""
    seat = OtherSeat()
    absorb(
        store,
        seat.sign(contact("A hedgehog in the kitchen"), record=FIRST),
        seat.sign(ACTION, record=SECOND, kind="action"),
        seat.sign(contact("01409 and HB are words of this one")),
    )
    return store


@pytest.mark.parametrize("typed", ["01409HB", "01409hb", "OI4o9HB", "014 09hb", "  ol4o9hb  "])
def test_without_the_prefix_both_of_two_alike_are_found(alike: LaptopStore, typed: str) -> None:
    assert {FIRST, SECOND} <= matching_records(alike, typed)


@pytest.mark.parametrize("typed", ["C-01409HB", "c 01409hb", "c01409hb", "C-OI4O9HB"])
def test_with_its_prefix_the_one_of_that_kind_is_found(alike: LaptopStore, typed: str) -> None:
    assert matching_records(alike, typed) == {FIRST}


@pytest.mark.parametrize(("stage", "is_found"), [("open", True), ("done", False), ("", True)])
def test_within_a_stage_a_reference_finds_no_record_of_another_one(
    alike: LaptopStore, stage: str, is_found: bool
) -> None:
    matches = alike.search("A-01409HB", kind="action", stage=stage)
    assert [record.record for record in matches] == ([SECOND] if is_found else [])


def test_two_of_one_kind_that_are_alike_are_both_found_with_the_prefix(store: LaptopStore) -> None:
    seat = OtherSeat()
    absorb(store, seat.sign(contact("one"), record=FIRST), seat.sign(contact("another"), record=SECOND))
    assert matching_records(store, "C-01409HB") == {FIRST, SECOND}


def test_a_withdrawn_record_and_one_without_a_readable_text_are_found_by_their_reference(store: LaptopStore) -> None:
    seat = OtherSeat()
    first = seat.sign(contact("one"), record=FIRST)
    absorb(store, first, seat.sign({}, record=FIRST, action="withdraw", parents=[first], changed=[]))
    absorb(store, seat.sign(record=SECOND, body=b"no text at all"))
    assert store.search("one") == []
    assert matching_records(store, "C-01409HB") == {FIRST, SECOND}


def test_a_reference_is_the_same_on_every_laptop_and_after_a_rebuild(place: Place, alike: LaptopStore) -> None:
    other = place.open()
    absorb(other, *alike.chain(next(iter(set(alike.have()) - {alike.seat.seat})), after=0, limit=9))
    assert matching_records(other, "01409hb") == matching_records(alike, "01409hb") == {FIRST, SECOND}


def test_a_record_of_an_unknown_kind_is_found_by_its_characters_and_by_no_prefix(store: LaptopStore) -> None:
    absorb(store, OtherSeat().sign({"minutes": "All came."}, record=FIRST, kind="steering_group"))
    assert matching_records(store, "01409HB") == {FIRST}
    assert matching_records(store, "C-01409HB") == set()


def test_the_palette_finds_a_record_of_any_kind_by_its_reference_children_too(services: Services) -> None:
    for record in (child_named(services, "Kai"), services.store.records_of("contact")[0].record):
        held = services.store.get(record)
        assert held is not None
        for typed in (
            identity.reference(KINDS[held.kind].reference_prefix, record),
            identity.reference_characters(record).lower(),
        ):
            assert record in {
                result.target for result in services.palette.find(typed).results if result.group == "Records"
            }
