"""What others may send that must not keep anybody from their records."""

import threading
from dataclasses import replace

import pytest

from db.store import LaptopStore
from hipss_desktop.errors import Tampered, UserError
from hipss_desktop.records.revision import opened
from hipss_desktop.services.records import Records
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb, bare, contact, finished
from tests.helpers.stations import contact as answers
from tests.helpers.store_fixtures import SetClock


@pytest.mark.parametrize("depth", [100, *range(900, 1000, 10)])
def test_a_body_nested_however_deep_keeps_nobody_from_reading_the_others(store: LaptopStore, depth: int) -> None:
    other = OtherSeat()
    nested = b"[" * depth + b"]" * depth
    deep = other.sign(body=b'{"fields":{"odd":' + nested + b'},"changed":["odd"],"why":""}')
    after = other.sign(contact("Rang about supper."))
    # Sync works on a thread with little on its stack, screens ask from further down.
    taking_in = threading.Thread(target=absorb, args=(store, deep, after))
    taking_in.start()
    taking_in.join()

    def listed(further_down: int) -> list[str]:
        return listed(further_down - 1) if further_down else [record.record for record in store.records_of("contact")]

    assert set(listed(60)) == {deep.envelope.record, after.envelope.record}


def test_an_envelope_nested_however_deep_is_refused_as_no_revision() -> None:
    from joserfc import jws
    from joserfc.jwk import OKPKey

    from hipss_desktop.records.revision import ALGORITHM, TYPE

    honest = OtherSeat()
    revision = honest.sign()
    payload = jws.extract_compact(revision.jws.encode()).payload
    for depth in (100, 900, 5000):
        odd = payload[:-1] + b',"odd":' + b"[" * depth + b"]" * depth + b"}"
        key = OKPKey.generate_key("Ed25519")
        header = {"alg": ALGORITHM, "kid": honest.seat, "typ": TYPE}
        with pytest.raises(Tampered):
            opened(jws.serialize_compact(header, odd, key, algorithms=[ALGORITHM]), revision.salt, revision.body)


def test_an_envelope_of_another_kind_without_its_text_does_not_take_a_record_out_of_its_list(
    store: LaptopStore,
) -> None:
    mine = finished(store, contact("Rang about supper."))
    for _ in range(24):
        other = OtherSeat()
        disguised = other.sign(
            {"odd": "x"}, record=mine.envelope.record, kind="no_kind_of_ours", parents=[], action="finish"
        )
        absorb(store, bare(disguised))
    current = store.get(mine.envelope.record)
    assert current is not None
    assert (current.kind, current.fields["happening"]) == ("contact", "Rang about supper.")
    assert [record.record for record in store.records_of("contact")] == [mine.envelope.record]
    assert [record.record for record in store.search("supper")] == [mine.envelope.record]


def test_a_draft_that_was_finished_already_is_not_finished_again(services: Services, clock: SetClock) -> None:
    draft = services.calls.begin()
    rows = [{"id": "a", "what": "Ring the school", "due": "2017-03-14T09:00:00+00:00"}]
    draft = services.records.save(replace(draft, fields={**draft.fields, **answers("Rang."), "follow_ups": rows}))
    before = len(
        services.store.records_due(
            "action",
        )
    )
    services.records.finish(draft)
    assert (
        len(
            services.store.records_due(
                "action",
            )
        )
        == before + 1
    )
    services.records.save(draft)
    with pytest.raises(UserError, match="already"):
        services.records.finish(draft)
    assert (
        len(
            services.store.records_due(
                "action",
            )
        )
        == before + 1
    )
    assert len(services.store.revisions(draft.record)) == 1
    assert services.store.draft(draft.record) is not None


def test_a_second_finish_on_another_thread_is_refused_too(store: LaptopStore, clock: SetClock) -> None:
    from concurrent.futures import ThreadPoolExecutor

    records = Records(store, clock)
    draft = replace(records.new_draft("contact"), fields=answers("Rang."))

    def finish(_: int) -> bool:
        try:
            records.finish(draft)
        except UserError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(finish, range(4))) == [False, False, False, True]
    assert len(store.revisions(draft.record)) == 1
