"""A council that moved to another address: the laptop is told, makes sure that it is the same council, and loses nothing."""

from pathlib import Path

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.laptop import ADDRESS_STAYS
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_loop import SyncLoop
from sync.client.addresses import LIKE, UNPROTECTED
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.stations import Station
from tests.sync.client.conftest import MakeStation


@pytest.fixture
def laptop(council: CouncilServer, station: MakeStation) -> Station:
    """A laptop that has one record waiting, and whose council is no longer at the address that it knows."""
    with CutProxy(council.url) as former:
        joined = station().join(council, through=former.url)
        joined.write("Rang about supper.")
        return joined


NOBODY = "http://127.0.0.1:1"
"""An address of this machine at which nothing listens; it is the same in every process that collects the tests."""


def test_what_waits_is_sent_to_the_new_address(laptop: Station, council: CouncilServer) -> None:
    loop = SyncLoop(laptop.opened.exchange, laptop.clock)
    loop.attempt()
    assert loop.status().connection == "offline"
    assert laptop.opened.use_address(f"\u201c{council.url}/\u201d\u200b") == council.url
    loop.attempt()
    assert (loop.status().connection, laptop.opened.store.waiting().waiting) == ("online", 0)
    laptop.close()
    assert laptop.sync().problems == []


def test_another_council_at_the_new_address_is_not_kept(laptop: Station, tmp_path: Path) -> None:
    former = laptop.opened.store.setting(StoreSetting.SERVER)
    with (
        serving(tmp_path / "stranger") as stranger,
        pytest.raises(UserError, match="Something else answered") as refused,
    ):
        laptop.opened.use_address(stranger.url)
    assert refused.value.field == "server"
    assert laptop.opened.store.setting(StoreSetting.SERVER) == former
    assert laptop.opened.store.waiting().waiting == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("https://hipss.council.example:83l7", LIKE),
        ("http://hipss.council.example", UNPROTECTED),
        (NOBODY, ADDRESS_STAYS),
    ],
)
def test_an_address_from_which_no_proof_comes_is_not_kept(laptop: Station, typed: str, words: str) -> None:
    former = laptop.opened.store.setting(StoreSetting.SERVER)
    with pytest.raises(UserError) as refused:
        laptop.opened.use_address(typed)
    assert str(refused.value).endswith(words)
    assert refused.value.field == "server"
    assert laptop.opened.store.setting(StoreSetting.SERVER) == former


def test_the_command_line_moves_a_laptop_to_the_new_address(laptop: Station, council: CouncilServer) -> None:
    laptop.close()
    hipss = Hipss(laptop.home.path)
    away = hipss.say("sync", "address", NOBODY)
    assert (away.code, away.out, away.err.endswith(f"{ADDRESS_STAYS}\n")) == (1, "", True)
    moved = hipss.say("sync", "address", council.url)
    assert moved.out == f"The council answers at {council.url}. 1 waiting: run ‘hipss sync’ to send it there.\n"
    assert hipss.json("sync")["sent"] == 1
    assert hipss.json("sync", "address") == {"address": council.url, "waiting": 0}
