"""What the screens read is what the records add up to, however they came."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from db import projections
from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop import identity
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Record
from hipss_desktop.views.services import Services
from tests.db.store.conftest import Place
from tests.db.store.seats import ADA, KAI, OtherSeat, absorb, amended, bare, contact, finished, know
from tests.helpers.store_fixtures import NIGHT, SetClock, make_store

WORDS = ("shouting", "calm again", "ran out", "müde")
UNITS = ("happening", "advice", "children", "concerns", "told")


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Some fields of a contact, changed."""
    all_of_them = {
        "happening": draw(st.sampled_from(WORDS)),
        "advice": draw(st.sampled_from(WORDS)),
        "children": draw(st.sampled_from([[], [KAI], [KAI, ADA]])),
        "concerns": draw(st.sampled_from([["conflict"], ["missing"]])),
        "missing": draw(st.sampled_from(["", "missing"])),
        "told": draw(st.sampled_from(["2017-03-14T02:14:00+00:00", "2016-10-30T01:30:00+01:00"])),
    }
    return {name: all_of_them[name] for name in draw(st.sets(st.sampled_from(sorted(all_of_them)), min_size=1))}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["finish", "amend", "withdraw", "other", "bare", "fill", "erase"]), st.integers(0, 9), changes()
    ),
    min_size=1,
    max_size=12,
)


class Played:
    """A store, two other seats and a council that do what they are told."""

    def __init__(self, store: LaptopStore) -> None:
        self.store, self.council = store, OtherSeat()
        self.others = [OtherSeat(), OtherSeat()]
        know(store, self.council)
        self.made: list[Revision] = []
        self.lacking: list[Revision] = []

    def take(self, step: str, which: int, answers: dict[str, Any]) -> None:
        """One step; those about an earlier record do nothing before there is one."""
        if step == "finish":
            self.made.append(finished(self.store, contact(**answers)))
            return
        if not self.made:
            return
        about = self.made[which % len(self.made)]
        record = about.envelope.record
        if step == "amend":
            self.made.append(amended(self.store, record, answers))
        elif step == "withdraw":
            self.made.append(amended(self.store, record, {}, action="withdraw"))
        elif step == "fill":
            with self.store.write() as unit:
                unit.fill_bodies(self.lacking)
        elif step == "erase":
            absorb(self.store, self.council.order(about.digest))
        else:
            other = self.others[which % 2]
            amendment = other.sign(
                contact(**answers), record=record, action="amend", parents=[about], changed=sorted(answers)
            )
            absorb(self.store, bare(amendment) if step == "bare" else amendment)
            self.made.append(amendment)
            self.lacking.append(amendment)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_projections_kept_step_by_step_are_those_derived_from_the_start(
    steps: list[tuple[str, int, dict[str, Any]]],
) -> None:
    folder = Path(tempfile.mkdtemp())
    store = make_store(folder, SetClock(NIGHT))
    try:
        played = Played(store)
        for step, which, answers in steps:
            played.take(step, which, answers)
        findings = examine(store).findings
        assert not [finding for finding in findings if "certificate" not in finding.problem]
    finally:
        store.close()
        shutil.rmtree(folder)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_chains_taken_in_any_order_and_batches_add_up_to_the_same(random: Any) -> None:
    first, second = OtherSeat("a" * 32), OtherSeat("b" * 32)
    start = first.sign(contact("as it began"))
    for seat in (second, first, second):
        seat.sign(contact(advice=seat.seat[:1]), record=start.envelope.record, action="amend", parents=[start],
                  changed=["advice"])  # fmt: skip
        seat.sign(contact("another call"))
    first.sign({}, record=start.envelope.record, action="withdraw", parents=[first.chain[1]], changed=[])
    shown = []
    for _ in range(2):
        folder = Path(tempfile.mkdtemp())
        store = make_store(folder, SetClock(NIGHT))
        try:
            waiting = [list(first.chain), list(second.chain)]
            while any(waiting):
                chain = random.choice([revisions for revisions in waiting if revisions])
                count = random.randint(1, len(chain))
                absorb(store, *chain[:count])
                del chain[:count]
            shown.append(
                [
                    replace(listed, id=0)
                    for listed in sorted(store.records_of("contact"), key=lambda listed: listed.record)
                ]
            )
        finally:
            store.close()
            shutil.rmtree(folder)
    assert shown[0] == shown[1]
    assert any(record.disputed and record.conflicts for record in shown[0])


def test_doctor_finds_a_projection_that_was_changed_and_puts_it_right(store: LaptopStore) -> None:
    revision = finished(store)
    for change in (
        "UPDATE current SET withdrawn = 1",
        "DELETE FROM link",
        "DELETE FROM search",
        "UPDATE search SET words = 'something else'",
        "UPDATE chain SET number = 9",
        "INSERT INTO lacking VALUES (99, 'x', 'contact')",
        "DROP TABLE link",
    ):
        with store.storage.writing() as connection:
            connection.exec_driver_sql(change)
        assert any("not what the records add up to" in finding.problem for finding in examine(store).findings), change
        assert any("put right" in finding.do for finding in examine(store, rebuild=True).findings)
        assert not examine(store).findings
    assert store.search("shouting")[0].record == revision.envelope.record


def test_a_changed_description_rebuilds_and_the_same_one_does_not(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(place.open())
    place.close()
    rebuilt: list[str] = []
    really = projections.rebuild

    def note(connection: Any, seat: str) -> None:
        rebuilt.append(seat)
        really(connection, seat)

    monkeypatch.setattr(projections, "rebuild", note)
    place.open()
    place.close()
    assert rebuilt == []
    monkeypatch.setattr(projections, "PROJECTION_VERSION", 99)
    assert place.open().search("shouting")
    place.close()
    assert len(rebuilt) == 1
    place.open()
    assert len(rebuilt) == 1


def test_links_and_marks_follow_the_record(store: LaptopStore) -> None:
    missing = finished(store, contact(children=[KAI, ADA], concerns=["missing"], missing="missing", caller="carer-1"))
    record = missing.envelope.record
    assert [listed.record for listed in store.records_about(ADA)] == [record]
    assert [listed.record for listed in store.records_about(ADA, role="missing", kind="contact")] == [record]
    assert [listed.record for listed in store.records_about("carer-1", role="caller")] == [record]
    assert store.records_about("carer-1", role="children") == []
    amended(store, record, {"children": [KAI]})
    assert store.records_about(ADA) == []
    assert [listed.record for listed in store.records_about(KAI)] == [record]


def test_an_action_is_due_until_it_is_closed_or_withdrawn(store: LaptopStore) -> None:
    fields = {"what": "Ring the school", "state": "open"}
    late, early, done = (
        finished(store, {**fields, "due": f"2017-03-1{day}T09:00:00+00:00"}, kind="action") for day in (6, 5, 4)
    )
    assert [
        record.record
        for record in store.records_due(
            "action",
        )
    ] == [revision.envelope.record for revision in (done, early, late)]
    amended(store, done.envelope.record, {"state": "done", "closed_at": "2017-03-14T08:00:00+00:00"})
    amended(store, late.envelope.record, {}, action="withdraw")
    assert [
        record.record
        for record in store.records_due(
            "action",
        )
    ] == [early.envelope.record]
    assert len(store.records_of("action")) == 3
    assert store.count("action") == 2


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("shou", True), ("SHOUTING", True), ("shouting zo", True), ("zo shouting", False), ("zoe", True), ("Zoë", True),
        ("Zoe\u0308", True), ("o'brien", True), ("obrien", False), ("brien", True), ("02:14", True), ("214", False),
        ("01632-960174", True), ("(01632) 960174", True), ("", False), ("- '", False), ('"', False), ("a OR b", False),
        ("NOT shouting", False), ("shouting*", True), ("well-known", True),
    ],
)  # fmt: skip
def test_search_finds_whole_words_and_the_beginning_of_the_last(store: LaptopStore, typed: str, is_found: bool) -> None:
    finished(store, contact("Shouting at 02:14, Zoë O'Brien says; ring 01632 960174. A well-known pattern"))
    assert bool(store.search(typed)) == is_found


@pytest.mark.parametrize(
    "stored", ["07700 900301", "07700900301", "+44 7700 900301", "\u202a+44\u00a07700900301\u202c"]
)
def test_a_number_finds_the_contacts_that_contain_it_whatever_the_spaces(store: LaptopStore, stored: str) -> None:
    record = finished(store, {**contact("quiet"), "call_back": stored}).envelope.record
    second_record = finished(store, contact("Ring him on 07700 900301")).envelope.record
    finished(store, {**contact("another"), "call_back": "07700 900302"})
    for typed in ("07700 900301", "07700900301", "+44 7700 900301", "tel:07700900301", "0044 (0)7700 900301", "900301"):
        assert {listed.record for listed in store.search(typed)} == {record, second_record}
    assert (len(store.search("07700 900")), len(store.search("+44 7700 900"))) == (3, 3), "begun, in a text or a number"
    current = store.get(record)
    assert current is not None
    assert current.fields["call_back"] == stored


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("log 0147", True),
        ("Log number 0147", True),
        ("0147", True),
        ("police log 0147", True),
        ("log 0148", False),
        ("kitten 0147", False),
        ("log shouting", False),
    ],
)
def test_the_words_of_labels_beside_a_number_that_is_read_out_do_not_empty_the_result(
    store: LaptopStore, typed: str, is_found: bool
) -> None:
    told_rows = [{"id": "r1", "who": "police", "reference": "0147"}]
    finished(store, {**contact("Shouting"), "told_others": told_rows})
    assert bool(store.search(typed)) == is_found


def test_search_is_newest_first_and_limited(store: LaptopStore) -> None:
    revisions = [
        finished(store, contact(f"shouting {day}", told=f"2017-03-{day:02}T02:14:00+00:00")) for day in (3, 9, 6, 1)
    ]
    newest = [revisions[place].envelope.record for place in (1, 2, 0, 3)]
    assert [record.record for record in store.search("shout")] == newest
    assert [record.record for record in store.search("shout", limit=2)] == newest[:2]


def test_what_was_amended_away_or_withdrawn_is_no_longer_found(store: LaptopStore) -> None:
    record = finished(store, contact("a hedgehog in the kitchen")).envelope.record
    amended(store, record, {"happening": "a fox in the kitchen"})
    assert store.search("hedgehog") == []
    assert len(store.search("fox")) == 1
    amended(store, record, {}, action="withdraw")
    assert store.search("fox") == []
    assert [listed.record for listed in store.records_about(KAI)] == [record]  # it stays where it stood, readable


def test_pages_by_id_give_every_record_once_also_of_one_minute(store: LaptopStore) -> None:
    record_ids = {finished(store, contact(f"call {number}")).envelope.record for number in range(23)}
    reads: tuple[Callable[[int | None], list[Record]], ...] = (
        lambda before: store.records_of("contact", before=before, limit=5),
        lambda before: store.records_about(KAI, before=before, limit=5),
    )
    for read in reads:
        seen: list[str] = []
        before: int | None = None
        while page := read(before):
            seen += [record.record for record in page]
            before = page[-1].id
        assert len(seen) == len(set(seen)) == 23
        assert set(seen) == record_ids


def test_two_records_of_one_moment_whose_names_give_one_row_number_are_both_listed(store: LaptopStore) -> None:
    names_by_number: dict[int, list[str]] = {}
    twins: list[str] = []
    while not twins:  # a row number takes the last 20 bits of the first three bytes: some 1,200 names hold two alike
        name = identity.record_id()
        alike = names_by_number.setdefault(
            int.from_bytes(hashlib.sha256(name.encode()).digest()[:3], "big") & 0xFFFFF, []
        )
        alike.append(name)
        twins = alike if len(alike) == 2 else []
    for name in twins:
        fields = contact(f"call {name}")
        with store.write() as unit:
            unit.append(record=name, kind="contact", action="finish", fields=fields, changed=sorted(fields), parents=())
    listed = store.records_of("contact", limit=10)
    assert sorted(record.record for record in listed) == sorted(twins)
    assert listed[0].id == listed[1].id + 1
    assert [store.search(name.rsplit("-", 1)[-1], limit=5)[0].record for name in twins] == twins


def test_a_list_since_a_moment_holds_what_is_dated_from_then_on(store: LaptopStore) -> None:
    for day in (3, 9):
        finished(store, contact(told=f"2017-03-{day:02}T00:00:00+00:00"))
    ninth = 1_489_017_600_000
    assert [record.at for record in store.records_of("contact", since=ninth)] == [ninth]
    assert len(store.records_of("contact", since=ninth + 1)) == 0


def test_a_record_is_with_the_council_by_receipt_alone_and_no_longer_when_its_number_falls(store: LaptopStore) -> None:
    revisions = [finished(store) for _ in range(3)]
    seat = store.seat.seat

    def states() -> list[str]:
        return [current.state for revision in revisions if (current := store.get(revision.envelope.record)) is not None]

    def council_has(number: int) -> None:
        with store.write() as unit:
            unit.council_has(seat, number, revisions[number - 1].digest if number else "")

    assert states() == ["waiting"] * 3
    council_has(2)
    assert states() == ["waiting"] * 3  # its word is not its signature
    store.sending_through(2)
    assert states() == ["sending", "sending", "waiting"]
    with store.write() as unit:
        unit.keep_receipt(seat, 2, revisions[1].digest, "receipt", "2017-03-14T07:58:00+00:00")
    store.sending_through(0)
    assert states() == ["sent", "sent", "waiting"]
    assert (store.waiting().own, store.waiting().council, store.waiting().waiting) == (3, 2, 1)
    assert (store.receipt(revisions[0].digest), store.receipt(revisions[2].digest)) == ("receipt", "")
    assert [revision.digest for revision, _ in store.unsent(limit=5)] == [revisions[2].digest]
    assert [revision.digest for revision, _, _ in store.sent(limit=5)] == [revisions[1].digest, revisions[0].digest]
    with store.write() as unit:
        unit.council_holds_back({revisions[0].digest: "Not in your caseload"})
    assert states() == ["needs_you", "sent", "waiting"]
    assert [(revision.digest, why) for revision, _, why in store.held_back()] == [
        (revisions[0].digest, "Not in your caseload")
    ]
    with store.write() as unit:
        unit.council_holds_back({})
    council_has(1)  # the council was restored from a backup
    assert states() == ["waiting"] * 3
    assert store.receipt(revisions[0].digest) == ""
    council_has(2)
    assert states() == ["sent", "sent", "waiting"]


def test_an_amendment_of_a_record_that_was_sent_waits_again(store: LaptopStore) -> None:
    revision = finished(store)
    with store.write() as unit:
        unit.council_has(store.seat.seat, 1, revision.digest)
        unit.keep_receipt(store.seat.seat, 1, revision.digest, "receipt", "2017-03-14T07:58:00+00:00")
    amended(store, revision.envelope.record, {"outcome": "settled"})
    current = store.get(revision.envelope.record)
    assert current is not None
    assert (current.state, current.own_number) == ("waiting", 2)


def test_actions_come_page_by_page_the_due_first_and_those_closed_last_also_of_one_owner(services: Services) -> None:
    due = [record.id for record in services.store.records_due("action")]
    every = [record.id for record in services.store.records_due("action", others=True)]
    assert every[: len(due)] == due
    assert every[len(due) :] == sorted(every[len(due) :], reverse=True)
    assert sorted(every) == sorted(record.id for record in services.store.records_of("action"))
    for size in (1, 2, 4, 100):
        paged: list[int] = []
        while len(
            page := services.store.records_due("action", others=True, after=paged[-1] if paged else None, limit=size)
        ):
            paged += [record.id for record in page]
        assert paged == every
    of_marsh = services.store.records_due("action", named=("owned_by", ["d. marsh"]), others=True)
    assert [record.id for record in of_marsh] == [
        record.id
        for record in services.store.records_due("action", others=True)
        if record.fields.get("owner") == "D. Marsh"
    ]
    assert len(services.store.records_due("action", named=("owned_by", ["d. marsh"]))) == 1
