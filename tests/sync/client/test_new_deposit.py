"""After a change of keys the council's recovery key is another: the next exchange deposits it, and the one before opens nothing."""

from contextlib import suppress

import pytest

from db.slots import FLOOR_KIB, Cost
from db.vault import WrongRecoveryKey
from hipss_desktop.errors import HipssError
from hipss_desktop.laptop import Rekeyed, change_passphrase, make_vault, open_by_recovery
from hipss_desktop.services import enrolment as joining
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.times import system_clock
from sync.client.https import HttpsCouncil
from sync.wire.messages import DEPOSIT_PATH
from tests.helpers.altering_line import AlteringLine, Answer
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import PASSPHRASE, Station
from tests.sync.client.conftest import MakeStation


def deposited(council: CouncilServer, laptop: Station) -> str:
    """What the council's command shows for a laptop."""
    return str(
        council.json("device", "recovery", laptop.opened.store.seat.seat, "--by", laptop.opened.store.seat.person)[
            "recovery"
        ]
    )


def changed(laptop: Station) -> None:
    """Change a laptop's keys; the passphrase stays."""
    laptop.close()
    vault_id = laptop.home.people()[0].vault_id
    rekeyed = change_passphrase(
        laptop.home, vault_id, PASSPHRASE, PASSPHRASE, laptop.clock, cost=lambda: Cost(FLOOR_KIB), keyring=False
    )
    rekeyed.opened.close()


def recovered(laptop: Station, key: str) -> Rekeyed:
    """Open a laptop by a recovery key, under the same passphrase."""
    laptop.close()
    vault_id = laptop.home.people()[0].vault_id
    return open_by_recovery(
        laptop.home, vault_id, key, PASSPHRASE, laptop.clock, cost=lambda: Cost(FLOOR_KIB), keyring=False
    )


def test_a_changed_passphrase_retires_the_deposit_and_so_does_a_deposited_key_that_was_used(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop = station().join(council)
    used = deposited(council, laptop)
    changed(laptop)
    with pytest.raises(WrongRecoveryKey):
        recovered(laptop, used)
    written = laptop.write("Came home at two.")
    assert laptop.sync().sent == 1
    for _ in range(2):
        key = deposited(council, laptop)
        assert key != used
        recovered(laptop, key).opened.close()
        with pytest.raises(WrongRecoveryKey):
            recovered(laptop, key)
        laptop.sync()
        used = key
    assert laptop.opened.store.setting(StoreSetting.DEPOSIT) == ""
    assert laptop.get(written.envelope.record).state == "sent"


def test_a_deposit_whose_answer_was_lost_waits_for_the_next_exchange_and_the_records_have_gone(
    council: CouncilServer, station: MakeStation
) -> None:
    with AlteringLine(council.url) as line:
        laptop = station().join(council, line.url)
        before = deposited(council, laptop)
        changed(laptop)
        waiting = laptop.opened.store.setting(StoreSetting.DEPOSIT)
        assert waiting not in ("", before)
        laptop.write("Came home at two.")
        line.alter = lambda path, answer: answer if path != DEPOSIT_PATH else Answer(502, {}, b"")
        with suppress(HipssError):  # a line that says so of one answer says nothing of the others
            laptop.sync()
        assert laptop.opened.store.waiting().waiting == 0
        assert laptop.opened.store.setting(StoreSetting.DEPOSIT) == waiting
        line.alter = lambda path, answer: answer
        laptop.sync()
        assert laptop.opened.store.setting(StoreSetting.DEPOSIT) == ""
        assert deposited(council, laptop) == waiting


def test_a_store_that_joins_later_deposits_the_key_that_it_was_made_with(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop = station()
    vault = make_vault(
        laptop.home, name="A. Bevan", role="on_call", passphrase=PASSPHRASE, laptop="LT-1", clock=system_clock,
        keyring=False, cost=lambda: Cost(FLOOR_KIB),
    )  # fmt: skip  # the defaults of one vault, read as one
    vault.opened.close()
    asking = HttpsCouncil(council.url, clock=system_clock)
    invited = joining.look(asking, council.url, council.invite())
    asking.close()
    laptop.opened.join(invited, laptop="LT-1")
    laptop.sync()
    assert deposited(council, laptop) == vault.council_recovery_key
    recovered(laptop, vault.council_recovery_key).opened.close()
