"""An exchange that is cut, garbled, answered by somebody else or answered too late, and the next one that goes on."""

import random
import re
from contextlib import suppress
from pathlib import Path

import pytest

from hipss_desktop.errors import HipssError
from hipss_desktop.services.enrolment import Unreachable
from hipss_desktop.services.sync_cycle import Exchanged, SyncCycle
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy, Direction, Fault
from tests.helpers.stations import Station, council_seats, council_well, told_true
from tests.sync.client.conftest import MakeStation


def finish_sync(laptop: Station, council: CouncilServer) -> None:
    """The next try, with a whole connection, sends all the rest."""
    laptop.sync()
    assert laptop.opened.store.waiting().waiting == 0
    assert council_seats(council)[laptop.opened.store.seat.seat] == laptop.seats()[laptop.opened.store.seat.seat]
    assert all(record.state == "sent" for record in laptop.opened.store.records_of("contact"))


@pytest.mark.parametrize("direction", ["request", "answer"])
def test_an_exchange_cut_at_any_byte_loses_and_doubles_nothing(
    council: CouncilServer, proxy: CutProxy, station: MakeStation, direction: Direction
) -> None:
    laptop = station().join(council, proxy.url)
    laptop.write("Rang about supper.")
    proxy.arm(None)
    laptop.sync()
    whole = proxy.through[direction]
    chance = random.Random(direction)
    cuts = 0
    for turn in range(14):
        laptop.write(f"Rang for the {turn}th time.")
        proxy.arm(Fault("cut", direction, at=chance.randrange(whole)))
        try:
            laptop.sync()
        except Unreachable:
            cuts += 1
        told_true(laptop, council)
        proxy.heal()
        finish_sync(laptop, council)
    assert cuts > 6
    assert laptop.findings() == []
    council_well(council)


def test_a_receipt_that_was_lost_is_not_believed_and_an_edit_meanwhile_is_a_revision_of_its_own(
    council: CouncilServer, proxy: CutProxy, station: MakeStation
) -> None:
    laptop = station().join(council, proxy.url)
    record = laptop.write("Rang about supper.").envelope.record
    answer = laptop.opened.council().have()
    proxy.arm(Fault("cut", "answer"))
    cycle = SyncCycle(laptop.opened.store, laptop.opened.council(), laptop.clock)
    with pytest.raises(Unreachable):
        cycle._push(answer, laptop.opened.store.have(), Exchanged(), lambda done, total: None)
    proxy.heal()
    assert council_seats(council)[laptop.opened.store.seat.seat][0] == 1
    assert laptop.get(record).state == "waiting"
    laptop.amend(record, advice="Ring at nine instead.")
    finish_sync(laptop, council)
    assert council_seats(council)[laptop.opened.store.seat.seat][0] == 2
    assert laptop.get(record).versions == 2


@pytest.mark.parametrize("direction", ["request", "answer"])
def test_a_garbled_byte_is_noticed_and_the_next_try_is_whole(
    council: CouncilServer, proxy: CutProxy, station: MakeStation, direction: Direction
) -> None:
    laptop = station().join(council, proxy.url)
    laptop.write("Rang about supper.")
    proxy.arm(None)
    laptop.sync()
    whole = proxy.through[direction]
    chance = random.Random(f"garbled {direction}")
    for turn in range(10):
        laptop.write(f"Rang for the {turn}th time.")
        before = laptop.opened.store.seat.seat
        proxy.arm(Fault("garble", direction, at=chance.randrange(whole)))
        laptop.shorten_timeout()
        with suppress(HipssError):
            laptop.sync()
        proxy.heal()
        laptop.sync()
        assert laptop.opened.store.waiting().waiting == 0
        assert laptop.opened.store.seat.seat == before
    assert laptop.findings() == []


def test_a_hotels_sign_in_page_is_not_taken_for_the_council(
    council: CouncilServer, proxy: CutProxy, station: MakeStation
) -> None:
    laptop = station().join(council, proxy.url)
    record = laptop.write("Rang about supper.").envelope.record
    proxy.portal = True
    proxy.hang_up()
    with pytest.raises(Unreachable, match="Something else answered"):
        laptop.sync()
    assert laptop.get(record).state == "waiting"
    proxy.heal()
    finish_sync(laptop, council)


def test_a_slow_line_is_waited_for(council: CouncilServer, proxy: CutProxy, station: MakeStation) -> None:
    laptop = station().join(council, proxy.url)
    record = laptop.write("Rang about supper.").envelope.record
    proxy.arm(Fault("delay", "answer", seconds=0.3))
    finish_sync(laptop, council)
    assert laptop.get(record).state == "sent"


def test_a_long_first_pull_that_is_cut_again_and_again_goes_on_where_it_was(
    council: CouncilServer, proxy: CutProxy, station: MakeStation
) -> None:
    writer = station().join(council)
    with writer.opened.store.write() as unit:
        for turn in range(600):
            unit.append(
                record=f"many-{turn}", kind="contact", action="finish", fields={"happening": "x" * 300},
                changed=["happening"], parents=(),
            )  # fmt: skip
    writer.sync()
    late = station("C. Powell")
    proxy.arm(Fault("cut", "answer", at=400_000))
    with pytest.raises(Unreachable):
        late.join(council, proxy.url)
    some = len(late.opened.store.records_of("contact"))
    assert late.opened.store.seat.enrolled
    proxy.arm(Fault("cut", "answer", at=250_000, again=True))
    for _ in range(12):
        with suppress(Unreachable):
            late.sync()
        now = len(late.opened.store.records_of("contact"))
        assert now > some or late.seats() == council_seats(council)
        some = now
        if late.seats() == council_seats(council):
            break
    assert late.seats() == council_seats(council)
    assert late.findings() == []


def test_a_long_tail_goes_out_over_a_line_that_breaks_before_a_whole_batch_is_through(
    council: CouncilServer, proxy: CutProxy, station: MakeStation
) -> None:
    laptop = station().join(council, proxy.url)
    with laptop.opened.store.write() as unit:
        for turn in range(300):
            unit.append(
                record=f"{laptop.opened.store.seat.seat}-{turn}", kind="contact", action="finish",
                fields={"happening": "x" * 300}, changed=["happening"], parents=(),
            )  # fmt: skip
    proxy.arm(Fault("cut", "request", at=120_000, again=True))
    for _ in range(6):
        with suppress(Unreachable):
            laptop.sync()
    assert laptop.opened.store.waiting().waiting == 0
    finish_sync(laptop, council)


def test_a_key_made_by_enrolling_is_shown_though_the_line_breaks_before_the_council_knows_the_laptop(
    proxy: CutProxy, council: CouncilServer, tmp_path: Path
) -> None:
    hipss = Hipss(tmp_path / "laptop")
    code = council.invite("K. Newcomer", person="new")
    proxy.arm(Fault("cut", "request", at=900))
    call = ("enrol", "--server", proxy.url, "--code", code, "--name", "K. Newcomer")
    answer = hipss.say(*call)
    assert (answer.code, answer.err) == (0, "")
    assert re.search(
        r"^The council has not answered yet\. ‘hipss sync’ goes on when it does\. Recovery key: (\w{5}-){7}\w{5}\n$",
        answer.out,
        re.MULTILINE,
    )
    away = hipss.say("sync")
    assert (away.code, away.out) == (1, "")
    assert away.err.startswith("No answer from 127.0.0.1:")
    assert away.err.endswith("What waits stays on this laptop. Run this again when it is online.\n")
    proxy.heal()
    assert hipss.json("sync")["enrolled"]
