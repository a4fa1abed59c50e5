"""Hold orders and releases on a laptop: what they name takes no part, whenever they come, and what is typed is not lost."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.agreement import as_seen
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules.signatures import outdating
from hipss_desktop.services.held_here import HeldHere
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb, amended, bare, contact, finished, know
from tests.helpers.store_fixtures import SetClock


def hold(council: OtherSeat, *revisions: Revision, reason: str = "may_not_write") -> Revision:
    rows = [{"id": revision.digest, "reason": reason} for revision in revisions]
    return council.sign({"revisions": rows}, kind="hold")


def release(council: OtherSeat, revision: Revision) -> Revision:
    return council.sign({"digest": revision.digest, "why": "Looked at."}, kind="release")


def well(store: LaptopStore) -> None:
    """What the screens show is what the records add up to."""
    assert [finding.problem for finding in examine(store).findings if "certificate" not in finding.problem] == []


def visible_state(store: LaptopStore, record: str) -> tuple[Any, ...] | None:
    """All that must take no notice of what is held back."""
    current = store.get(record)
    if current is None:
        return None
    return (
        current.fields,
        current.heads,
        current.withdrawn,
        current.disputed,
        current.versions,
        current.author,
        current.clock,
        current.at,
    )


@pytest.mark.parametrize("order", list(permutations(("text", "hold", "amend"))))
def test_what_is_held_back_takes_no_part_whichever_comes_first(
    store: LaptopStore, council: OtherSeat, order: tuple[str, ...]
) -> None:
    author, mischief = OtherSeat(), OtherSeat(person="0199c0de-0000-7000-8000-0000000000bb")
    first = author.sign(contact("Rang about supper."))
    record = first.envelope.record
    gone = mischief.sign({}, record=record, action="withdraw", parents=[first], changed=[])
    parts = {"text": first, "hold": hold(council, gone), "amend": gone}
    alone = None
    for name in order:
        absorb(store, parts[name])
        if order[0] == "text" and name == "text":
            alone = visible_state(store, record)
    state = visible_state(store, record)
    assert state is not None
    assert state[2:5] == (False, False, 1)
    assert alone in (None, state)
    assert [match.record for match in store.search("supper")] == [record]
    assert store.without_effect(record) == {gone.digest: "Its author’s role may not write this."}
    well(store)
    absorb(store, release(council, gone))
    current = store.get(record)
    assert current is not None
    assert (current.withdrawn, current.versions) == (True, 2)
    assert store.search("supper") == []
    assert store.without_effect(record) == {}
    well(store)


def test_a_release_lets_through_for_good_whichever_order_comes_first(store: LaptopStore, council: OtherSeat) -> None:
    revision = OtherSeat().sign(contact("Rang about supper."))
    record = revision.envelope.record
    absorb(store, release(council, revision), hold(council, revision), revision)
    assert store.get(record) is not None
    absorb(store, hold(council, revision))
    assert store.get(record) is not None
    well(store)


@pytest.mark.parametrize("late", [("hold",), ("hold", "again"), ("again", "hold"), ("release", "hold")])
def test_orders_whose_texts_come_late_and_out_of_turn_say_what_they_would_have_said_in_time(
    store: LaptopStore, council: OtherSeat, late: tuple[str, ...]
) -> None:
    author = OtherSeat()
    first = author.sign(contact("Rang about supper."))
    orders = {
        "hold": hold(council, first, reason="other_kind"),
        "again": hold(council, first),
        "release": release(council, first),
    }
    absorb(store, first)
    absorb(store, *(bare(order) if name in late else order for name, order in orders.items()))
    for name in late:
        with store.write() as unit:
            unit.fill_bodies([orders[name]])
    well(store)
    assert store.without_effect(first.envelope.record) == {}
    assert [match.record for match in store.search("supper")] == [first.envelope.record]


def test_an_order_counts_in_the_councils_own_chain_alone(store: LaptopStore, council: OtherSeat) -> None:
    revision, stranger = OtherSeat().sign(contact()), OtherSeat()
    absorb(store, revision, hold(stranger, revision))
    assert store.get(revision.envelope.record) is not None
    assert store.without_effect(revision.envelope.record) == {}
    well(store)


def test_a_laptop_takes_what_it_wrote_itself_out_when_the_order_comes(store: LaptopStore, council: OtherSeat) -> None:
    first = finished(store, contact("Rang about supper."))
    record = first.envelope.record
    before = visible_state(store, record)
    own = amended(store, record, {"advice": "Do not ring."})
    absorb(store, hold(council, own, reason="may_not_move"))
    assert visible_state(store, record) == before
    current = store.get(record)
    assert current is not None
    assert current.state == "needs_you"
    assert [(revision.digest, why) for revision, _, why in store.held_back()] == [
        (own.digest, "Its author’s role may not set this stage.")
    ]
    assert store.waiting().held == 1
    with store.write() as unit:
        unit.council_holds_back({own.digest: "An on-call practitioner may not set it. Ask a manager to release it."})
    assert store.held_back()[0][2] == "An on-call practitioner may not set it. Ask a manager to release it."
    well(store)


def test_an_amendment_begun_before_the_order_keeps_what_was_typed_and_no_more(
    store: LaptopStore, council: OtherSeat, clock: SetClock
) -> None:
    """It was begun on what is held back now, and must neither lose a word nor say what is held back anew."""
    records = Services(store, clock).records
    first = finished(store, contact("Rang about supper."))
    record = first.envelope.record
    own = amended(store, record, {"advice": "Poison."})
    draft = records.save(records.amendment(record))
    assert draft.fields["advice"] == "Poison."
    absorb(store, hold(council, own))
    stored_draft = store.draft(record)
    assert stored_draft is not None
    amendment = records.finish(
        replace(stored_draft, fields={**stored_draft.fields, "happening": "Rang at eight."}, why="Rang again")
    )
    content = amendment.content()
    assert content is not None
    assert content.changed == ["happening"]
    current = store.get(record)
    assert current is not None
    assert (current.fields["happening"], current.fields["advice"]) == ("Rang at eight.", "Keep to the plan.")
    absorb(store, release(council, own))
    current = store.get(record)
    assert current is not None
    assert (current.fields["happening"], current.fields["advice"]) == ("Rang at eight.", "Poison.")
    assert not current.needs_decision


def test_an_amendment_begun_after_the_order_does_not_undo_what_its_author_never_saw(
    store: LaptopStore, council: OtherSeat, clock: SetClock
) -> None:
    records = Services(store, clock).records
    first = finished(store, contact("Rang about supper."))
    record = first.envelope.record
    own = amended(store, record, {"advice": "Poison."})
    amended(store, record, {"caller_name": "Ada Preece"})  # comes after it, and counts
    absorb(store, hold(council, own))
    draft = records.save(records.amendment(record))
    assert draft.fields["advice"] == "Keep to the plan."
    stored_draft = store.draft(record)
    assert stored_draft is not None
    amendment = records.finish(
        replace(stored_draft, fields={**stored_draft.fields, "happening": "Rang at eight."}, why="Rang again")
    )
    content = amendment.content()
    assert content is not None
    assert content.changed == ["happening"]
    second_draft = records.amendment(record)
    meant = records.finish(
        replace(second_draft, fields={**second_draft.fields, "advice": "Poison."}, why="The manager agrees")
    )
    content = meant.content()
    assert content is not None
    assert "advice" in content.changed


def test_texts_that_are_held_back_are_not_asked_for_but_by_their_author(store: LaptopStore, council: OtherSeat) -> None:
    other = OtherSeat()
    held, not_held = other.sign(contact("held")), other.sign(contact("not held"))
    absorb(store, hold(council, held))
    absorb(store, bare(held), bare(not_held))
    assert store.missing_bodies() == [not_held.digest]
    absorb(store, release(council, held))
    assert store.missing_bodies() == [not_held.digest, held.digest]


def test_a_store_made_again_knows_the_same_holds(store: LaptopStore, council: OtherSeat) -> None:
    author = OtherSeat()
    first = author.sign(contact("Rang about supper."))
    waits = author.sign(
        {"advice": "Ring."}, record=first.envelope.record, action="amend", parents=[first], changed=["advice"]
    )
    absorb(store, hold(council, first))
    absorb(store, first, waits)
    assert store.get(first.envelope.record) is None
    assert store.without_effect(first.envelope.record) == {
        first.digest: "Its author’s role may not write this.",
        waits.digest: "It changes only what the council holds back.",
    }
    [held_record] = examine(store).held
    assert (held_record.record, held_record.revisions) == (first.envelope.record, (waits.digest,))
    assert "all that was written is held back" in held_record.what
    know(store, council)
    examine(store, rebuild=True)
    assert store.get(first.envelope.record) is None
    well(store)


def test_what_signs_and_reads_a_version_goes_by_what_came_before_the_one_that_is_held_back(
    store: LaptopStore, council: OtherSeat, clock: SetClock
) -> None:
    """Between two versions that count lies one that does not: nobody waits for a decision, and no signature falls by it."""
    author = OtherSeat()
    first = author.sign({"happening": "A window was broken.", "types": ["other"]}, kind="incident")
    record = first.envelope.record
    between = author.sign({"happening": "Poison."}, record=record, kind="incident", action="amend", parents=[first])
    later = author.sign({"types": ["fire"]}, record=record, kind="incident", action="amend", parents=[between])
    absorb(store, first, between, later, hold(council, between))
    services = Services(store, clock)
    standing = services.countersigning.standing(record)
    assert (standing.digest, standing.writers) == (later.digest, frozenset({author.person}))
    kind, everything, held = KINDS["incident"], store.all_revisions(record), store.without_effect(record)
    assert outdating(everything, kind, [later.digest], held) == ()
    assert outdating(everything, kind, [first.digest], held) == (later,)
    assert outdating(everything, kind, [between.digest], held) == (between, later)
    read = as_seen(record, [later.digest], HeldHere(store), kind)
    assert ([row["text"] for row in read["happening"]], read["types"]) == (["A window was broken."], ["fire"])
