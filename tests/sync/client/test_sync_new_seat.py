"""A laptop whose store was put back to an older state goes on under a new seat, without a new code and without loss."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import ChainStopped
from hipss_desktop.unlock import LaptopSession, LaptopUnlocker, LeftOpen
from sync.council.administration import revoke
from sync.wire.messages import ENROL_PATH, Enrolled
from sync.wire.tokens import enrolment_proof, voucher
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import PASSPHRASE, Station, council_seats, council_well, told_true
from tests.sync.client.conftest import MakeStation
from tests.sync.client.test_sync_loop import until

NO_CODE = "0000-0000-0000-0000-0000-0000"


def happenings(station: Station) -> list[str]:
    """Return the ``happening`` of every contact, sorted."""
    return sorted(str(record.fields["happening"]) for record in station.opened.store.records_of("contact"))


def sync_and_compare(council: CouncilServer, *stations: Station) -> None:
    """Sync every laptop, then check that all have the same records as the council."""
    for _ in range(2):
        for station in stations:
            station.sync()
    council_well(council)
    for station in stations:
        assert station.seats() == council_seats(council)
        assert station.states() == stations[0].states()
        assert station.findings() == []
        assert station.opened.store.waiting().waiting == 0
        told_true(station, council)


def test_after_a_rollback_the_lost_revisions_come_back_and_new_ones_go_under_a_new_seat(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop, other = station().join(council), station("C. Powell").join(council)
    laptop.write("One.")
    laptop.sync()
    unsent = laptop.write("Two, not sent when the copy was made.").envelope.record
    laptop.copy(tmp_path / "copy")
    laptop.sync()
    laptop.write("Three, not in the copy.")
    laptop.sync()
    old = laptop.opened.store.seat.seat
    laptop.put_back(tmp_path / "copy", anchor=False)
    store = laptop.opened.store
    assert store.seat.seat != old
    assert "old copy" in store.setting(StoreSetting.NOTICE)
    assert laptop.get(unsent).state == "waiting"
    assert store.waiting().waiting == 1
    laptop.write("Four, under the new seat.")
    sync_and_compare(council, laptop, other)
    written = ["Four, under the new seat.", "One.", "Three, not in the copy.", "Two, not sent when the copy was made."]
    # Other tests share the council, so only what was written here is counted.
    assert sorted(happening for happening in happenings(other) if happening in written) == written
    assert council_seats(council)[old][0] == 3
    first = store.chain(laptop.opened.store.seat.seat, after=0, limit=1)[0]
    assert first.envelope.previous == store.chain(old, after=1, limit=1)[0].digest
    laptop.close()
    assert laptop.opened.store.seat.seat != old
    sync_and_compare(council, laptop, other)


def test_a_revision_that_the_council_held_back_still_needs_its_author_under_the_new_seat(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop = station().join(council)
    laptop.write("Held: one.")
    laptop.copy(tmp_path / "copy")
    with laptop.opened.store.write() as unit:
        held_back = unit.append(
            record=f"{laptop.opened.store.seat.seat}-h", kind="carer", action="finish", fields={"address": "1 Mill Lane"},
            changed=["address"], parents=(),
        ).envelope.record  # fmt: skip
    for put_back in (False, True):
        if put_back:
            laptop.put_back(tmp_path / "copy", anchor=False)
        sync_and_compare(council, laptop)
        held = laptop.opened.store.held_record(held_back)
        assert held is not None
        assert (held.fields, held.state) == ({"address": "1 Mill Lane"}, "needs_you")
        assert [revision.envelope.record for revision, _, _ in laptop.opened.store.held_back()] == [held_back]
        assert laptop.opened.store.get(held_back) is None


def test_revoking_a_laptop_revokes_its_former_seats_too(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop, other = station().join(council), station("C. Powell").join(council)
    laptop.write("Ended: one.")
    laptop.sync()
    laptop.copy(tmp_path / "copy")
    laptop.write("Ended: two.")
    laptop.put_back(tmp_path / "copy", anchor=False)
    laptop.sync()
    revoke(council.admin, laptop.opened.store.seat.seat, "Lost.")
    mine = [device for device in council.json("device", "list") if device["seat"] in laptop.opened.store.own_seats()]
    assert len(mine) == 2
    assert all(device["revoked_after"] is not None for device in mine)
    other.sync()


def test_a_store_put_back_a_second_time_to_before_its_new_seat_gets_another_seat(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop = station().join(council)
    laptop.write("Twice: one.")
    laptop.sync()
    laptop.copy(tmp_path / "copy")
    laptop.write("Twice: two.")
    laptop.sync()
    seats = {laptop.opened.store.seat.seat}
    for turn in ("three", "four"):
        laptop.put_back(tmp_path / "copy", anchor=False)
        seats.add(laptop.opened.store.seat.seat)
        laptop.write(f"Twice: {turn}.")
        laptop.sync()
    assert len(seats) == 3
    sync_and_compare(council, laptop)
    mine = [happening for happening in happenings(laptop) if happening.startswith("Twice")]
    assert mine == ["Twice: four.", "Twice: one.", "Twice: three.", "Twice: two."]


def forked(laptop: Station, tmp_path: Path) -> tuple[str, str, str]:
    """Put store and anchor back, then write more, so that council and laptop have different revisions with the same number."""
    contact_before_fork = laptop.write("Fork: before.").envelope.record
    laptop.sync()
    laptop.copy(tmp_path / "copy")
    laptop.write("Fork: only the council has it.")
    laptop.sync()
    former_seat = laptop.opened.store.seat.seat
    laptop.put_back(tmp_path / "copy", anchor=True)
    assert laptop.opened.store.seat.seat == former_seat
    contact_after_fork = laptop.write("Fork: only the laptop has it.").envelope.record
    laptop.amend(contact_after_fork, advice="Amended before it was noticed.")
    laptop.amend(contact_before_fork, advice="Amended after the fork.")
    draft = laptop.opened.services.records.amendment(contact_after_fork)
    laptop.opened.services.records.save(draft)
    return former_seat, contact_before_fork, contact_after_fork


def test_a_forked_chain_stops_and_the_next_unlock_begins_a_new_seat_with_both_branches(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop, other_laptop = station(), station("C. Powell").join(council)
    laptop.enrol(council.url, council.invite(), laptop="LT-Fork")
    former_seat, contact_before_fork, contact_after_fork = forked(laptop, tmp_path)
    with pytest.raises(ChainStopped) as stopped:
        laptop.sync()
    laptop.opened.note_stopped(stopped.value)
    clocks = [revision.envelope.clock for revision in laptop.opened.store.revisions(contact_after_fork)]
    laptop.close()
    store = laptop.opened.store
    assert store.seat.seat != former_seat
    assert store.own_seats() == (former_seat, store.seat.seat)
    assert len(list(laptop.folder.glob("store-aside-*.db"))) == 1
    assert b"SQLite format" not in next(laptop.folder.glob("store-aside-*.db")).read_bytes()[:100]
    assert [revision.envelope.clock for revision in store.revisions(contact_after_fork)] == clocks
    assert laptop.get(contact_after_fork).state == "waiting"
    draft = store.draft(contact_after_fork)
    assert draft is not None
    assert draft.parents == laptop.get(contact_after_fork).heads
    sync_and_compare(council, laptop, other_laptop)
    mine = {
        seat
        for seat, certificate in other_laptop.opened.store.certificates().items()
        if certificate.laptop == "LT-Fork"
    }
    contact_texts = sorted(
        str(record.fields["happening"])
        for record in other_laptop.opened.store.records_of("contact")
        if other_laptop.opened.store.revisions(record.record)[0].envelope.seat in mine
    )
    assert contact_texts == ["Fork: before.", "Fork: only the council has it.", "Fork: only the laptop has it."]
    assert other_laptop.get(contact_after_fork).fields["advice"] == "Amended before it was noticed."
    assert other_laptop.get(contact_before_fork).fields["advice"] == "Amended after the fork."
    laptop.close()
    assert laptop.opened.store.setting(StoreSetting.LAST_ALIKE) == ""
    sync_and_compare(council, laptop, other_laptop)


def test_the_window_says_that_a_chain_stopped_and_goes_on_after_the_next_unlock(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop = station().join(council)
    old, _, rewritten_record = forked(laptop, tmp_path)
    session = LaptopSession(laptop.opened, laptop.clock, lambda: None, lambda _: None, lambda _: None)
    session.start()
    until(lambda: "joins the council anew" in session.status().problem)
    session.stop()
    assert laptop.opened.store.seat.seat == old
    laptop.close()
    unlocker = LaptopUnlocker(laptop.home, laptop.clock, LeftOpen())
    services = unlocker.unlock(laptop.home.people()[0].vault_id, PASSPHRASE)
    assert unlocker.opened is not None
    laptop._opened = unlocker.opened
    assert services.store.seat.seat != old
    session = LaptopSession(laptop.opened, laptop.clock, lambda: None, lambda _: None, lambda _: None)
    session.start()
    until(lambda: session.status().connection == "online" and laptop.get(rewritten_record).state == "sent", 20)
    session.stop()
    assert session.status().problem == ""
    sync_and_compare(council, laptop)


def test_a_store_and_anchor_put_back_with_nothing_written_since_go_on_in_the_same_file(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop = station().join(council)
    laptop.write("Back: one.")
    laptop.sync()
    laptop.copy(tmp_path / "copy")
    laptop.write("Back: two.")
    laptop.sync()
    laptop.put_back(tmp_path / "copy", anchor=True)
    with pytest.raises(ChainStopped) as stopped:
        laptop.sync()
    laptop.opened.note_stopped(stopped.value)
    laptop.opened.begin_afresh()
    assert list(laptop.folder.glob("store-aside-*.db")) == []
    sync_and_compare(council, laptop)
    assert [happening for happening in happenings(laptop) if happening.startswith("Back")] == [
        "Back: one.",
        "Back: two.",
    ]


def test_a_laptop_that_was_revoked_gets_no_new_seat_by_being_put_back(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop = station().join(council)
    laptop.write("Revoked: one.")
    laptop.copy(tmp_path / "copy")
    laptop.write("Revoked: two.")
    revoke(council.admin, laptop.opened.store.seat.seat, "Lost.")
    laptop.put_back(tmp_path / "copy", anchor=False)
    with pytest.raises(UserError, match="may no longer sync"):
        laptop.sync()
    assert laptop.opened.store.waiting().waiting == 1


def ask(council: CouncilServer, former: Laptop, **changes: Any) -> tuple[Laptop, Any]:
    """Return a new seat of the same person and laptop, and its request to enrol without a code."""
    new = Laptop(council.url, person=former.person, continues=former.seat)
    new.device = former.device
    request_fields = {
        "code": "",
        "proof": enrolment_proof(new.seat, new.key),
        "voucher": voucher(new.seat, new.key, new.wire_key, former.key),
        **changes,
    }
    return new, msgspec.structs.replace(new.enrol_request(NO_CODE), **request_fields)


def test_the_former_seats_voucher_is_enough_and_sent_again_it_gives_the_same_certificate(
    council: CouncilServer,
) -> None:
    former = council.laptop("E. Morgan", "lead")
    new, request = ask(council, former)
    first = new.post(ENROL_PATH, request, Enrolled)
    assert new.post(ENROL_PATH, request, Enrolled) == first
    new.ask_token()
    enrolled_device = next(device for device in council.json("device", "list") if device["seat"] == new.seat)
    assert (enrolled_device["name"], enrolled_device["role"], enrolled_device["continues"]) == (
        "E. Morgan",
        "lead",
        former.seat,
    )
    third, second_request = ask(council, new)
    third.post(ENROL_PATH, second_request, Enrolled)


@pytest.mark.parametrize("wrong", ["voucher", "person", "device", "continues", "proof", "key"])
def test_a_voucher_that_does_not_fit_the_former_seat_is_refused(council: CouncilServer, wrong: str) -> None:
    former, thief = council.laptop(), council.laptop()
    new, request = ask(council, former)
    spoilt = {
        "voucher": voucher(new.seat, new.key, new.wire_key, thief.key),
        "person": thief.person,
        "device": thief.device,
        "continues": thief.seat,
        "proof": enrolment_proof("", new.key),
        "key": thief.enrol_request(NO_CODE).key,
    }
    with pytest.raises(Refused) as refused:
        new.post(ENROL_PATH, msgspec.structs.replace(request, **{wrong: spoilt[wrong]}), Enrolled)
    assert refused.value.refusal.code in ("not_authentic", "wrong_person")


def test_an_unknown_or_revoked_seat_cannot_vouch_for_a_new_seat(council: CouncilServer) -> None:
    former = council.laptop()
    for continues, code in (("nobody", "unknown_seat"), ("", "unknown_seat"), (council.admin.seat, "unknown_seat")):
        new, request = ask(council, former, continues=continues)
        with pytest.raises(Refused) as refused:
            new.post(ENROL_PATH, request, Enrolled)
        assert refused.value.refusal.code == code
    revoke(council.admin, former.seat, "Lost.")
    new, request = ask(council, former)
    with pytest.raises(Refused) as revoked:
        new.post(ENROL_PATH, request, Enrolled)
    assert revoked.value.refusal.code == "revoked"


def test_until_the_first_answer_the_connection_is_shown_as_checking(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop = station().join(council)
    assert (
        LaptopSession(laptop.opened, laptop.clock, lambda: None, lambda _: None, lambda _: None).status().connection
        == "checking"
    )
