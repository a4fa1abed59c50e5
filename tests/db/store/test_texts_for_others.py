"""A record whose text is not here, of a kind that this person may not read, is listed, counted and found nowhere."""

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.records.revision import Revision
from tests.db.store.seats import OtherSeat, absorb, bare
from tests.helpers.store_fixtures import sign_in_as

CASE = {"name": "S.", "number": "EOC-2231", "team": "edge_of_care"}


def untold(store: LaptopStore) -> Revision:
    """A case of somebody else, of which the envelope alone came; the case as it was signed."""
    revision = OtherSeat().sign(CASE, kind="case")
    absorb(store, bare(revision))
    return revision


def whole(store: LaptopStore) -> bool:
    """Whether the projections say what the revisions add up to; that the other seat has no certificate here is known."""
    return not [finding for finding in examine(store).findings if "certificate" not in finding.problem]


def listed(store: LaptopStore) -> tuple[int, int, bool]:
    """How many cases are counted and listed, and whether one is found."""
    return store.count("case"), len(store.records_of("case")), bool(store.search("EOC-2231"))


def test_who_may_not_read_it_sees_nothing_of_it_and_the_chain_is_whole(store: LaptopStore) -> None:
    revision = untold(store)
    assert listed(store) == (0, 0, False)
    assert store.get(revision.envelope.record) is None
    assert store.have()[revision.envelope.seat].digest == revision.digest
    assert [stored_revision.digest for stored_revision in store.all_revisions(revision.envelope.record)] == [
        revision.digest
    ]
    assert whole(store)


def test_another_role_lists_it_at_once_and_reads_it_when_its_text_comes(store: LaptopStore) -> None:
    revision = untold(store)
    sign_in_as(store, role="lead")
    assert listed(store) == (1, 1, False)
    assert whole(store)
    sign_in_as(store, role="on_call")
    assert listed(store) == (0, 0, False)
    assert whole(store)
    with store.write() as unit:
        unit.fill_bodies([revision])
    assert listed(store) == (1, 1, True)  # what lies here was given, or written, here
    assert whole(store)
