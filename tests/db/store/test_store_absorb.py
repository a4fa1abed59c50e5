"""Taking in other seats' chains: in order, whole, once, and whatever they hold."""

import json

import msgspec
import pytest
import sqlcipher3.dbapi2 as driver

from db import guards
from db.doctor import examine
from db.store import LaptopStore
from db.unit import Forked
from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import ChangeSet
from tests.db.store.seats import KAI, OtherSeat, absorb, amended, bare, contact, finished


def everything(store: LaptopStore) -> tuple[object, ...]:
    """All that is kept of others and derived from it."""
    with store.storage.reading() as connection:
        return tuple(
            connection.exec_driver_sql(query).fetchall()
            for query in (
                "SELECT digest, seat, number, record, kind, jws FROM envelope ORDER BY digest",
                "SELECT * FROM body ORDER BY digest",
                "SELECT record, kind, fields, heads, conflicts, withdrawn, disputed, incomplete, versions, due FROM current "
                "ORDER BY record",
                "SELECT * FROM chain ORDER BY seat",
                "SELECT words FROM search ORDER BY words",
                "SELECT digest, kind FROM lacking ORDER BY digest",
            )
        )


def test_a_gap_is_refused_and_nothing_of_the_batch_is_kept(store: LaptopStore) -> None:
    other = OtherSeat()
    first, _, third = (other.sign() for _ in range(3))
    before = everything(store)
    with pytest.raises(Tampered, match="gap"):
        absorb(store, first, third)
    assert everything(store) == before


def test_a_link_that_names_another_previous_is_refused(store: LaptopStore) -> None:
    other, impostor = OtherSeat(), OtherSeat()
    absorb(store, other.sign())
    impostor.seat = other.seat
    impostor.chain = [impostor.sign()]
    with pytest.raises(Tampered, match="gap"):
        absorb(store, impostor.sign())


def test_a_second_digest_at_a_number_is_a_fork_and_the_first_stays(store: LaptopStore) -> None:
    other, twin = OtherSeat(), OtherSeat()
    twin.seat = other.seat
    first, second = other.sign(), twin.sign()
    absorb(store, first)
    with pytest.raises(Forked) as forked:
        absorb(store, second)
    assert forked.value.revision == second
    assert store.chain(other.seat, after=0, limit=10) == [first]


def test_the_table_itself_refuses_a_second_link_at_a_number(store: LaptopStore) -> None:
    first = OtherSeat().sign()
    absorb(store, first)
    with store.storage.writing() as connection, pytest.raises(driver.IntegrityError):
        connection.connection.driver_connection.execute(  # type: ignore[union-attr]  # it is open
            "INSERT INTO envelope(digest, seat, number, record, kind, jws) VALUES ('x', ?, 1, 'r', 'k', 'j')",
            (first.envelope.seat,),
        )


def test_a_beginning_that_is_already_held_changes_nothing_and_the_rest_is_taken(store: LaptopStore) -> None:
    other = OtherSeat()
    chain = [other.sign() for _ in range(4)]
    absorb(store, *chain[:2])
    before, changes = everything(store), list[ChangeSet]()
    store.subscribe(changes.append)
    absorb(store, *chain[:2])
    assert everything(store) == before
    assert changes == [ChangeSet()]
    absorb(store, *chain)
    assert store.have()[other.seat].number == 4


def test_the_order_in_which_seats_come_makes_no_difference(store: LaptopStore) -> None:
    a, b = OtherSeat(), OtherSeat()
    start = a.sign(contact("as it began"))
    ours = a.sign(contact("as it began", advice="Ring 111"), record=start.envelope.record, action="amend", parents=[start],
                  changed=["advice"])  # fmt: skip
    theirs = b.sign(contact("as it began", outcome="settled"), record=start.envelope.record, action="amend",
                    parents=[start], changed=["outcome"])  # fmt: skip
    absorb(store, theirs)
    absorb(store, start, ours)
    late = store.get(start.envelope.record)
    assert late is not None
    assert (late.fields["advice"], late.fields["outcome"], late.conflicts) == ("Ring 111", "settled", {})
    assert late.versions == 3


def test_the_same_field_amended_on_two_laptops_waits_for_a_person(store: LaptopStore) -> None:
    revision, other = finished(store), OtherSeat()
    record = revision.envelope.record
    amended(store, record, {"advice": "Ring 111"})
    absorb(
        store,
        other.sign(contact(advice="Ring 101"), record=record, action="amend", parents=[revision], changed=["advice"]),
    )
    current = store.get(record)
    assert current is not None
    assert current.state == "needs_you"
    assert {side.value for side in current.conflicts["advice"]} == {"Ring 111", "Ring 101"}
    assert [listed.record for listed in store.undecided()] == [record]
    assert store.waiting().conflicts == 1


def test_a_record_of_an_unknown_kind_is_kept_whole_and_shown_unchanged(store: LaptopStore) -> None:
    other = OtherSeat()
    revision = other.sign({"heard": "an owl", "rows": [1, {"a": None}]}, kind="kind_of_a_newer_program", schema=7)
    absorb(store, revision)
    assert store.revision(revision.digest) == revision
    current = store.get(revision.envelope.record)
    assert current is not None
    assert dict(current.fields) == {"heard": "an owl", "rows": [1, {"a": None}]}
    assert (current.kind, current.state) == ("kind_of_a_newer_program", "sent")
    assert store.records_of("kind_of_a_newer_program") == [current]
    assert not [finding for finding in examine(store).findings if "certificate" not in finding.problem]


def test_a_newer_schema_and_unknown_fields_are_kept_to_the_byte(store: LaptopStore) -> None:
    other = OtherSeat()
    content = b'{"why":"", "fields":{"weather":{"wind":"NW"},"happening":"Windy","concerns":["unheard_of"]},' \
              b'"changed":["weather","happening","concerns"],"later":1}'  # fmt: skip
    revision = other.sign(body=content, schema=9)
    absorb(store, revision)
    stored_revision = store.revision(revision.digest)
    assert stored_revision is not None
    assert stored_revision.body == content
    current = store.get(revision.envelope.record)
    assert current is not None
    assert current.fields["weather"] == {"wind": "NW"}
    assert [record.record for record in store.search("windy")] == [revision.envelope.record]


ODD: tuple[object, ...] = (
    None, True, 5, 1.5, -(1 << 62), "", "\x00", "\ud7ff", [], [None], [[1]], [{"id": 3}], {"a": []}, {},
    "9999-12-31", "0001-01-01T00:00:00+14:00", "3017-03-14T02:14:00+00:00", "1850-01-01",
)  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_value_that_somebody_signed_stops_a_chain(store: LaptopStore, kind: str) -> None:
    other = OtherSeat()
    names = [field.name for field in KINDS[kind].fields]
    revisions: list[Revision] = []
    for odd in ODD:
        revisions.append(other.sign(dict.fromkeys(names, odd), kind=kind))
    absorb(store, *revisions)
    assert {record.record for record in store.records_of(kind)} == {revision.envelope.record for revision in revisions}
    # What disagrees with itself, as a signature of two people does, is named and stops nobody.
    sentences = [finding.problem for finding in examine(store).findings]
    assert not [
        sentence for sentence in sentences if "certificate" not in sentence and "does not agree with" not in sentence
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b"not json", b'{"fields":[],"changed":5}', b"\xff\xfe", b"[" * 100_000,
     b'{"fields":{"happening":"\\ud800"},"changed":["happening"]}'],
)  # fmt: skip
def test_a_signed_body_that_is_none_is_kept_and_stops_nobody(store: LaptopStore, body: bytes) -> None:
    other = OtherSeat()
    odd, after = other.sign(body=body), other.sign(contact("afterwards"))
    absorb(store, odd, after)
    stored_revision = store.revision(odd.digest)
    assert stored_revision is not None
    assert stored_revision.body == body
    current = store.get(odd.envelope.record)
    assert current is not None
    assert current.incomplete
    assert store.search("afterwards")


def test_a_mistyped_year_does_not_keep_a_record_from_being_saved_or_listed(store: LaptopStore) -> None:
    dates = ("3017-03-14T02:14:00+00:00", "9999-12-31T23:59:59+00:00", "1917-03-14T02:14:00+00:00")
    revisions = [finished(store, contact(told=date)) for date in dates]
    assert {record.record for record in store.records_of("contact")} == {
        revision.envelope.record for revision in revisions
    }
    assert {record.record for record in store.records_about(KAI)} == {
        revision.envelope.record for revision in revisions
    }


def test_a_body_that_was_held_back_is_asked_for_and_filled_in(store: LaptopStore) -> None:
    other = OtherSeat()
    revisions = [other.sign(contact(f"told {number}")) for number in range(3)]
    absorb(store, *(bare(revision) for revision in revisions))
    assert store.missing_bodies() == [revision.digest for revision in revisions[::-1]]
    assert store.missing_bodies(limit=1) == [revisions[-1].digest]
    assert store.search("told") == []
    stranger = OtherSeat().sign()
    with store.write() as unit:
        unit.fill_bodies([revisions[1], stranger, bare(revisions[2])])
        unit.fill_bodies([revisions[1]])
    assert store.missing_bodies() == [revisions[2].digest, revisions[0].digest]
    current = store.get(revisions[1].envelope.record)
    assert current is not None
    assert (current.incomplete, current.fields["happening"]) == (False, "told 1")
    assert [record.record for record in store.search("told")] == [revisions[1].envelope.record]
    assert store.revision(stranger.digest) is None


def test_text_that_is_not_the_one_that_was_signed_is_not_kept(store: LaptopStore) -> None:
    revision = OtherSeat().sign()
    absorb(store, bare(revision))
    before = everything(store)
    with pytest.raises(Tampered, match="not the one that was signed"), store.write() as unit:
        unit.fill_bodies([msgspec.structs.replace(revision, body=json.dumps({"fields": {}}).encode())])
    assert everything(store) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE body SET content = x'7b7d'", "not the one that was signed"),
        ("UPDATE envelope SET jws = 'not a jws'", "cannot be read"),
        ("UPDATE envelope SET jws = replace(jws, '.', '..')", "cannot be read"),
        ("UPDATE envelope SET record = 'another'", "not its own"),
        ("DELETE FROM envelope WHERE number = 2", "gap"),
        ("UPDATE envelope SET jws = substr(jws, 1, length(jws) - 9) || 'AAAAAAAAA'", "does not match"),
    ],
)
def test_doctor_names_what_somebody_changed_past_the_guards(store: LaptopStore, change: str, words: str) -> None:
    for _ in range(3):
        finished(store)
    with store.storage.writing() as connection:
        for trigger in guards.held(connection):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.exec_driver_sql(change)
    sentences = [finding.problem for finding in examine(store, rebuild=True).findings]
    assert guards.MISSING in sentences
    assert any(words in finding for finding in sentences), sentences
    store.records_of("contact")
    store.search("shouting")


def test_what_does_not_verify_is_kept_as_evidence_once(store: LaptopStore) -> None:
    revision = OtherSeat().sign()
    for _ in range(3):
        with store.write() as unit:
            unit.keep_evidence("A record's signature does not match.", revision.jws, revision.body)
    with store.storage.reading() as connection:
        rows = connection.exec_driver_sql("SELECT jws, content FROM evidence").fetchall()
    assert [tuple(row) for row in rows] == [(revision.jws, revision.body)]


def test_a_child_is_missing_in_a_timeline_by_the_mark_of_what_was_absorbed(store: LaptopStore) -> None:
    other = OtherSeat()
    revision = other.sign(contact(concerns=["missing"], missing="missing", missing_since="2017-03-14T01:00:00+00:00"))
    absorb(store, revision)
    assert [record.record for record in store.records_about(KAI, role="missing")] == [revision.envelope.record]
