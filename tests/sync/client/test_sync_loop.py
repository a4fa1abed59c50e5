"""The background sync: it comes back by itself when the line does, whichever direction was cut."""

import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from hipss_desktop.services import sync_loop
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import ChainStopped
from hipss_desktop.services.sync_loop import SyncLoop
from hipss_desktop.views.sync_centre import connection_words
from sync.council.administration import revoke
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy, Direction, Fault
from tests.helpers.stations import Station
from tests.sync.client.conftest import MakeStation

WAIT = 0.4


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Station], SyncLoop]]:
    """Makes loops with short waits, and stops them."""
    monkeypatch.setattr(sync_loop, "FIRST_WAIT", WAIT)
    monkeypatch.setattr(sync_loop, "LONGEST_WAIT", 4 * WAIT)
    monkeypatch.setattr(sync_loop, "AFTER_A_SAVE", 0.1)
    sync_loops: list[SyncLoop] = []

    def make(laptop: Station) -> SyncLoop:
        loop = SyncLoop(laptop.opened.exchange, laptop.clock, spread=lambda: 0.0)
        laptop.opened.store.subscribe(loop.note)
        sync_loops.append(loop)
        loop.start()
        return loop

    yield make
    for loop in sync_loops:
        loop.stop()


def until(so: Callable[[], bool], seconds: float = 10.0) -> float:
    """Wait until it is so; how many seconds that took."""
    began = time.monotonic()
    while not so():
        assert time.monotonic() - began < seconds
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.mark.parametrize("direction", ["request", "answer"])
def test_a_line_cut_in_one_direction_and_healed_drains_within_one_wait_without_a_new_save(
    council: CouncilServer,
    proxy: CutProxy,
    station: MakeStation,
    loops: Callable[[Station], SyncLoop],
    direction: Direction,
) -> None:
    laptop = station().join(council, proxy.url)
    laptop.shorten_timeout(0.5)
    proxy.arm(Fault("swallow", direction))
    laptop.write("Rang about supper.")
    loop = loops(laptop)
    until(lambda: loop.status().connection == "offline" and loop.status().tries >= 2)
    assert laptop.opened.store.waiting().waiting == 1
    proxy.heal()
    proxy.hang_up()
    assert until(lambda: laptop.opened.store.waiting().waiting == 0) < 4 * WAIT + 1.0
    until(lambda: loop.status().connection == "online")
    assert loop.status().problem == ""
    assert loop.status().tries == 0


def test_a_save_is_sent_soon_and_a_council_that_is_away_does_not_stop_saves(
    council: CouncilServer, proxy: CutProxy, station: MakeStation, loops: Callable[[Station], SyncLoop]
) -> None:
    laptop = station().join(council, proxy.url)
    loop = loops(laptop)
    until(lambda: loop.status().connection == "online")
    laptop.write("Rang about supper.")
    until(lambda: laptop.opened.store.waiting().waiting == 0)
    proxy.refusing = True
    proxy.hang_up()
    laptop.write("Rang again.")
    until(lambda: loop.status().connection == "offline")
    laptop.write("And again.")
    assert laptop.opened.store.waiting().waiting == 2
    proxy.heal()
    until(lambda: laptop.opened.store.waiting().waiting == 0)


def test_a_stopped_chain_ends_the_loop_and_says_so(
    council: CouncilServer, station: MakeStation, loops: Callable[[Station], SyncLoop]
) -> None:
    stop_numbers: list[int] = []

    def exchange(progress: object) -> NoReturn:
        raise ChainStopped(7)

    laptop = station().join(council)
    loop = SyncLoop(exchange, laptop.clock, on_stopped_chain=lambda stopped: stop_numbers.append(stopped.after))
    loop.start()
    until(lambda: bool(stop_numbers))
    loop.stop()
    assert stop_numbers == [7]
    assert "joins the council anew" in loop.status().problem


def test_a_fault_of_the_program_does_not_end_the_loop(
    council: CouncilServer,
    station: MakeStation,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    loops: Callable[[Station], SyncLoop],
) -> None:
    laptop = station().join(council)
    real = laptop.opened.exchange
    failed: list[bool] = []

    def exchange(*arguments: object) -> object:
        if not failed:
            failed.append(True)
            raise KeyError("Rang about supper.")
        return real()

    monkeypatch.setattr(laptop.opened, "exchange", exchange)
    loop = loops(laptop)
    until(lambda: bool(failed) and loop.status().connection == "online" and not loop.status().problem)
    assert "KeyError" in caplog.text
    assert "supper" not in caplog.text


def test_without_a_council_met_at_the_last_attempt_the_laptop_is_not_online(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop = station().join(council)
    loop = SyncLoop(laptop.opened.exchange, laptop.clock)
    loop.attempt()
    assert loop.status().connection == "online"
    certificate = laptop.opened.store.setting(StoreSetting.CERTIFICATE)
    for setting, spoilt in (("server", "https://hipss.council.example:83l7"), ("council_key", "A" * 43)):
        true = laptop.opened.store.setting(setting)
        with laptop.opened.store.write() as unit:
            unit.set(setting, spoilt)
            unit.set(StoreSetting.CERTIFICATE, "")
        laptop.close()
        loop = SyncLoop(laptop.opened.exchange, laptop.clock)
        loop.attempt()
        assert loop.status().problem
        assert loop.status().connection == "offline"
        with laptop.opened.store.write() as unit:
            unit.set(setting, true)
            unit.set(StoreSetting.CERTIFICATE, certificate)


def test_since_when_the_laptop_is_offline_is_said_only_where_the_program_saw_it_begin(
    council: CouncilServer, proxy: CutProxy, station: MakeStation
) -> None:
    """Each lock begins a new program: its first attempt without an answer is not when the network went."""
    laptop = station().join(council, proxy.url)
    proxy.refusing = True
    proxy.hang_up()
    loop = SyncLoop(laptop.opened.exchange, laptop.clock)
    for _ in range(2):
        loop.attempt()
        assert (loop.status().connection, loop.status().since) == ("offline", None)
        assert connection_words(loop.status(), laptop.clock()) == "offline"
    proxy.refusing = False
    loop.attempt()
    assert connection_words(loop.status(), laptop.clock()).startswith("online since")
    proxy.refusing = True
    proxy.hang_up()
    loop.attempt()
    assert connection_words(loop.status(), laptop.clock()).startswith("offline since")


def test_a_refusal_is_an_answer_and_is_not_called_a_council_that_cannot_be_reached(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop = station().join(council)
    revoke(council.admin, laptop.opened.store.seat.seat, "Lost")
    loop = SyncLoop(laptop.opened.exchange, laptop.clock)
    loop.attempt()
    status = loop.status()
    loop.attempt()
    assert (status.connection, loop.status().since) == ("online", status.since)
    (trouble,) = laptop.opened.services.sync_centre.centre(loop.status()).problems
    assert trouble.title == "The council refused the exchange"
    assert connection_words(loop.status(), laptop.clock()).startswith("online since")
