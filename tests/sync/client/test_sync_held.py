"""A record the council holds back stops nobody; what is newer than this program goes through byte for byte."""

import msgspec

from hipss_desktop.records.revision import body_bytes, body_digest, new_salt
from sync.council.administration import release
from sync.council.administration import revision as at_council
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import contact
from tests.sync.client.conftest import MakeStation


def test_one_record_that_may_not_be_written_is_held_and_shown_while_the_others_go_on(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop, other = station().join(council), station("C. Powell").join(council)
    first = laptop.write("Rang about supper.").envelope.record
    with laptop.opened.store.write() as unit:
        held_revision = unit.append(
            record=f"{first}-x", kind="carer", action="finish", fields={"address": "1 Mill Lane"}, changed=["address"],
            parents=(),
        )  # fmt: skip
    last = laptop.write("Rang again.").envelope.record
    for _ in range(2):
        laptop.sync()
        assert [laptop.get(record).state for record in (first, last)] == ["sent", "sent"]
        assert laptop.opened.store.get(held_revision.envelope.record) is None
        [(shown, _, why)] = laptop.opened.store.held_back()
        assert shown.digest == held_revision.digest
        assert "may not write" in why
        assert laptop.opened.store.waiting().waiting == 0
    other.sync()
    assert other.get(last).fields["happening"] == "Rang again."
    assert other.opened.store.get(held_revision.envelope.record) is None
    release(council.admin, held_revision.digest, "Looked at.")
    laptop.sync()
    other.sync()
    assert laptop.get(held_revision.envelope.record).state == "sent"
    assert laptop.opened.store.held_back() == []
    assert other.get(held_revision.envelope.record).fields == {"address": "1 Mill Lane"}
    assert other.findings() == laptop.findings() == []


def test_an_unknown_field_a_newer_schema_and_an_unknown_kind_go_through_as_they_were_signed(
    council: CouncilServer, station: MakeStation
) -> None:
    newer, older = station().join(council), station("C. Powell").join(council)
    fields = contact("Rang about supper.", weather="Snow", concerns=["school", "avalanche"])
    record = newer.write("A first one.").envelope
    body, salt = body_bytes(fields, sorted(fields)), new_salt()
    seat = newer.opened.store.seat
    with newer.opened.store.write() as unit:
        like = newer.opened.store.revisions(record.record)[0]
        envelope = msgspec.structs.replace(
            record, record=f"{record.record}-n", schema=9, parents=[], body=body_digest(salt, body)
        )
        known = unit.append_again(msgspec.structs.replace(like, envelope=envelope, salt=salt, body=body), ())
        unknown = unit.append(
            record=f"{record.record}-k", kind="steering_group", action="finish", fields={"minutes": "All came."},
            changed=["minutes"], parents=(),
        )  # fmt: skip
    newer.sync()
    older.sync()
    came = older.opened.store.revision(known.digest)
    assert came is not None
    assert (came.jws, came.salt, came.body) == (known.jws, known.salt, known.body)
    assert older.get(known.envelope.record).fields["weather"] == "Snow"
    assert older.opened.store.chain(seat.seat, after=0, limit=9)[-1].jws == unknown.jws
    council_copy = at_council(council.admin, unknown.digest)
    assert (council_copy.jws, council_copy.salt, council_copy.body) == (unknown.jws, unknown.salt, unknown.body)
    older.amend(known.envelope.record, advice="Ring at nine.")
    older.sync()
    newer.sync()
    assert newer.get(known.envelope.record).fields["weather"] == "Snow"
    assert newer.get(known.envelope.record).fields["concerns"] == ["school", "avalanche"]
    assert newer.states()[known.envelope.record] == older.states()[known.envelope.record]
    assert newer.get(unknown.envelope.record).state == "sent"
    assert older.findings() == newer.findings() == []
