"""Going over to another way of the council's own chain: what is left is evidence, its texts stand again, the guards stay."""

from contextlib import suppress
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from db.doctor import examine
from db.reseat import bring_orders
from db.store import LaptopStore
from db.unit import LEFT
from hipss_desktop.errors import Tampered
from hipss_desktop.records.chain import Link, link_of
from hipss_desktop.records.revision import Revision
from tests.db.store.conftest import Place
from tests.db.store.seats import OtherSeat, absorb, bare, know

POLICE = {"label": "Police, not an emergency", "number": "01632 960101"}


class TwoWays:
    """A council whose chain went two ways after its first link, and the way that counts."""

    def __init__(self) -> None:
        self.council = OtherSeat()
        self.first = self.council.sign({"label": "Duty desk", "number": "01632 960100"}, kind="directory")
        self.left = [
            self.council.sign(POLICE, kind="directory"),
            self.council.sign({"revisions": [{"id": "d" * 64, "reason": "revoked"}]}, kind="hold"),
        ]
        self.council.chain = [self.first]
        theirs = self.council.sign({"label": "Out of hours", "number": "01632 960102"}, kind="directory")
        self.again = [self._again(revision) for revision in self.left]
        rows = [
            {"id": revision.digest, "became": new.digest} for revision, new in zip(self.left, self.again, strict=True)
        ]
        self.way = [theirs, *self.again, self.council.sign({"revisions": rows}, kind="mending")]

    def _again(self, revision: Revision) -> Revision:
        """The same text once more, under another number."""
        link = revision.envelope
        return self.council.sign(kind=link.kind, record=link.record, body=revision.body, salt=revision.salt)


@pytest.fixture
def ways(store: LaptopStore) -> TwoWays:
    two = TwoWays()
    know(store, two.council)
    absorb(store, two.first, *two.left)
    return two


def numbers(store: LaptopStore) -> list[str]:
    """The directory of a laptop."""
    return sorted(str(record.fields["label"]) for record in store.records_of("directory"))


def go_over(store: LaptopStore, two: TwoWays, way: list[Revision]) -> None:
    with store.write() as unit:
        unit.take_way(two.left, way)


@pytest.mark.parametrize("case", ["with its texts", "without the texts that are here already"])
def test_what_is_left_becomes_evidence_and_its_texts_stand_again(store: LaptopStore, ways: TwoWays, case: str) -> None:
    way = [
        bare(revision) if revision in ways.again and case.startswith("without") else revision for revision in ways.way
    ]
    go_over(store, ways, way)
    assert store.have()[ways.council.seat] == link_of(ways.way[-1])
    assert numbers(store) == ["Duty desk", "Out of hours", POLICE["label"]]
    assert store.evidence_of(LEFT) == [revision.jws for revision in ways.left]
    assert store.mended() == {revision.digest for revision in ways.left}
    assert [store.revision(revision.digest) for revision in ways.left] == [None, None]
    assert [store.revision(revision.digest) for revision in ways.again] == ways.again
    with store.storage.reading() as connection:
        texts = connection.exec_driver_sql("SELECT count(*) FROM body JOIN envelope USING (digest)").scalar()
        assert texts == connection.exec_driver_sql("SELECT count(*) FROM body").scalar()
    assert [finding.problem for finding in examine(store).findings] == []


def test_nothing_of_it_is_kept_where_the_way_does_not_follow(store: LaptopStore, ways: TwoWays) -> None:
    with pytest.raises(Tampered):
        go_over(store, ways, ways.way[1:])
    assert store.have()[ways.council.seat] == link_of(ways.left[-1])
    assert store.evidence_of(LEFT) == []


@pytest.mark.parametrize(
    ("aside", "statement"),
    [
        (False, "DELETE FROM envelope WHERE digest = ?"),
        (True, "DELETE FROM body WHERE digest = ?"),
    ],
    ids=["an envelope that is no evidence", "a text that stands nowhere else"],
)
def test_the_guards_let_nothing_go_that_is_not_kept_elsewhere(
    store: LaptopStore, ways: TwoWays, aside: bool, statement: str
) -> None:
    left_revision = ways.left[0]
    if aside:
        with store.write() as unit:
            unit.keep_evidence(LEFT, left_revision.jws, None)
        with store.storage.writing() as connection:
            connection.exec_driver_sql("DELETE FROM envelope WHERE digest = ?", (left_revision.digest,))
    with store.storage.writing() as connection, pytest.raises(driver.IntegrityError, match="append-only"):
        connection.connection.driver_connection.execute(statement, (left_revision.digest,))  # type: ignore[union-attr]  # it is open


def test_an_envelope_of_another_seat_does_not_leave_its_place_for_the_evidence(
    store: LaptopStore, ways: TwoWays
) -> None:
    other = OtherSeat()
    absorb(store, other.sign())
    with store.write() as unit:
        unit.keep_evidence(LEFT, other.chain[0].jws, None)
    with store.storage.writing() as connection, pytest.raises(driver.IntegrityError, match="append-only"):
        connection.connection.driver_connection.execute(  # type: ignore[union-attr]  # it is open
            "DELETE FROM envelope WHERE digest = ?", (other.chain[0].digest,)
        )


def test_a_copy_that_was_kept_aside_goes_over_too_and_obeys_what_is_ordered_after_it(
    store: LaptopStore, ways: TwoWays, place: Place, tmp_path: Path
) -> None:
    aside = Place(tmp_path / "aside", place.clock)
    copy = aside.open()
    know(copy, ways.council)
    absorb(copy, ways.first, *ways.left)
    other = OtherSeat()
    absorb(copy, other.sign())
    aside.close()
    go_over(store, ways, ways.way)
    absorb(store, ways.council.order(other.chain[0].digest))
    bring_orders(store, aside.file, aside.key, place.clock)
    copy = aside.open()
    assert copy.have()[ways.council.seat] == Link(6, ways.council.chain[-1].digest)
    erased = copy.revision(other.chain[0].digest)
    assert erased is not None
    assert erased.body is None
    aside.close()


def test_a_copy_of_another_story_that_no_order_names_is_left_as_it_is(
    store: LaptopStore, ways: TwoWays, place: Place, tmp_path: Path
) -> None:
    aside = Place(tmp_path / "aside", place.clock)
    copy = aside.open()
    know(copy, ways.council)
    ways.council.chain = [ways.first]
    absorb(copy, ways.first, ways.council.sign(POLICE, kind="directory"))
    before = copy.have()
    aside.close()
    go_over(store, ways, ways.way)
    with suppress(Tampered):
        bring_orders(store, aside.file, aside.key, place.clock)
    copy = aside.open()
    assert copy.have() == before
    aside.close()
