"""Clocks that are wrong, tokens that run out in the middle, laptops that may sync no more."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from hipss_desktop.services.enrolment import Refused
from sync.council.access import Access
from sync.council.administration import revoke
from sync.wire.messages import ACCESS_TYPE, LARGEST_BATCH, Push, PushAnswer
from sync.wire.tokens import statement
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import council_seats
from tests.sync.client.conftest import MakeStation


@pytest.mark.parametrize(
    "wrong",
    [
        timedelta(days=1),
        -timedelta(hours=1),
        timedelta(minutes=4),
        timedelta(days=3700),
        -timedelta(days=3700),
        datetime(1970, 1, 1, 0, 10, tzinfo=UTC) - datetime.now(UTC),
    ],
    ids=["a day ahead", "an hour behind", "four minutes ahead", "ten years ahead", "ten years behind", "in 1970"],
)
def test_a_laptop_whose_clock_is_wrong_still_joins_and_syncs(
    council: CouncilServer, station: MakeStation, wrong: timedelta
) -> None:
    laptop = station(clock=lambda: datetime.now(UTC) + wrong).join(council)
    record = laptop.write("Rang about supper.").envelope.record
    laptop.sync()
    assert laptop.get(record).state == "sent"
    ahead = laptop.opened.council().clock_difference()
    assert ahead is not None
    assert abs(ahead + wrong) < timedelta(seconds=3)
    laptop.close()
    laptop.amend(record, advice="Ring at nine.")
    laptop.sync()
    assert laptop.get(record).state == "sent"


def test_order_is_by_what_was_seen_and_not_by_a_clock_that_runs_ahead(
    council: CouncilServer, station: MakeStation
) -> None:
    ahead = station(clock=lambda: datetime.now(UTC) + timedelta(minutes=4)).join(council)
    right = station("C. Powell").join(council)
    record = ahead.write("Rang about supper.").envelope.record
    ahead.sync()
    right.sync()
    right.amend(record, advice="Later, by a clock that is right.")
    right.sync()
    ahead.sync()
    assert ahead.states()[record] == right.states()[record]
    assert ahead.get(record).fields["advice"] == "Later, by a clock that is right."
    assert not ahead.get(record).conflicts


def test_a_token_that_runs_out_between_batches_is_asked_for_again_and_nothing_is_doubled(
    council: CouncilServer, station: MakeStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = station().join(council)
    with laptop.opened.store.write() as unit:
        for turn in range(2 * LARGEST_BATCH + 10):
            unit.append(
                record=f"{laptop.opened.store.seat.seat}-{turn}", kind="contact", action="finish",
                fields={"happening": "Rang."}, changed=["happening"], parents=(),
            )  # fmt: skip
    wire = laptop.opened.council()
    now = int(time.time())
    seat = laptop.opened.store.seat.seat
    stale = statement(Access(seat, now - 700, now - 100, "long-ago-01"), ACCESS_TYPE, council.admin.home.key)
    pushes, push = [], wire.push

    def then_it_runs_out(batch: Push) -> PushAnswer:
        answer = push(batch)
        pushes.append(len(batch.revisions))
        wire._token = stale
        return answer

    monkeypatch.setattr(wire, "push", then_it_runs_out)
    done = laptop.sync()
    assert pushes == [LARGEST_BATCH, LARGEST_BATCH, 10]
    assert done.sent == 2 * LARGEST_BATCH + 10
    assert council_seats(council)[seat] == laptop.seats()[seat]
    assert laptop.opened.store.waiting().waiting == 0


def test_a_revoked_laptop_is_told_in_words_and_keeps_what_it_has_sealed(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop, other = station().join(council), station("C. Powell").join(council)
    laptop.write("Rang about supper.")
    laptop.sync()
    revoke(council.admin, laptop.opened.store.seat.seat, "Lost on a train.")
    unsent = laptop.write("Rang again.")
    for _ in range(2):
        with pytest.raises(Refused, match=r"may no longer sync\. Its records stay on it"):
            laptop.sync()
    assert laptop.get(unsent.envelope.record).state == "waiting"
    assert council_seats(council)[laptop.opened.store.seat.seat][0] == 1
    other.sync()
    assert other.opened.store.get(unsent.envelope.record) is None
    laptop.close()
    raw = b"".join(path.read_bytes() for path in laptop.folder.rglob("*") if path.is_file())
    assert b"Rang again" not in raw
    assert laptop.get(unsent.envelope.record).fields["happening"] == "Rang again."
