"""After a change of keys a laptop deposits a new recovery key at the next sync, and the old key opens nothing."""

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


def deposited_key(council: CouncilServer, laptop: Station) -> str:
    """Return the recovery key that the council's command shows for a laptop."""
    return str(
        council.json("device", "recovery", laptop.opened.store.seat.seat, "--by", laptop.opened.store.seat.person)[
            "recovery"
        ]
    )


def change_keys(laptop: Station) -> None:
    """Change a laptop's keys; the passphrase stays."""
    laptop.close()
    vault_id = laptop.home.people()[0].vault_id
    rekeyed = change_passphrase(
        laptop.home, vault_id, PASSPHRASE, PASSPHRASE, laptop.clock, cost=lambda: Cost(FLOOR_KIB), keyring=False
    )
    rekeyed.opened.close()


def recover(laptop: Station, key: str) -> Rekeyed:
    """Open a laptop by a recovery key, under the same passphrase."""
    laptop.close()
    vault_id = laptop.home.people()[0].vault_id
    return open_by_recovery(
        laptop.home, vault_id, key, PASSPHRASE, laptop.clock, cost=lambda: Cost(FLOOR_KIB), keyring=False
    )


def test_a_change_of_keys_and_the_use_of_a_deposited_key_each_invalidate_the_deposited_key(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop = station().join(council)
    used = deposited_key(council, laptop)
    change_keys(laptop)
    with pytest.raises(WrongRecoveryKey):
        recover(laptop, used)
    written = laptop.write("Came home at two.")
    assert laptop.sync().sent == 1
    for _ in range(2):
        key = deposited_key(council, laptop)
        assert key != used
        recover(laptop, key).opened.close()
        with pytest.raises(WrongRecoveryKey):
            recover(laptop, key)
        laptop.sync()
        used = key
    assert laptop.opened.store.setting(StoreSetting.DEPOSIT) == ""
    assert laptop.get(written.envelope.record).state == "sent"


def test_a_deposit_whose_answer_was_lost_waits_for_the_next_sync_while_records_are_sent(
    council: CouncilServer, station: MakeStation
) -> None:
    with AlteringLine(council.url) as line:
        laptop = station().join(council, line.url)
        old_key = deposited_key(council, laptop)
        change_keys(laptop)
        waiting_key = laptop.opened.store.setting(StoreSetting.DEPOSIT)
        assert waiting_key not in ("", old_key)
        laptop.write("Came home at two.")
        line.alter = lambda path, answer: answer if path != DEPOSIT_PATH else Answer(502, {}, b"")
        with suppress(HipssError):  # the sync may raise the error of the deposit
            laptop.sync()
        assert laptop.opened.store.waiting().waiting == 0
        assert laptop.opened.store.setting(StoreSetting.DEPOSIT) == waiting_key
        line.alter = lambda path, answer: answer
        laptop.sync()
        assert laptop.opened.store.setting(StoreSetting.DEPOSIT) == ""
        assert deposited_key(council, laptop) == waiting_key


def test_a_store_that_joins_later_deposits_the_key_that_it_was_made_with(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop = station()
    vault = make_vault(
        laptop.home, name="A. Bevan", role="on_call", passphrase=PASSPHRASE, laptop="LT-1", clock=system_clock,
        keyring=False, cost=lambda: Cost(FLOOR_KIB),
    )  # fmt: skip  # the options of one vault stand together
    vault.opened.close()
    council_client = HttpsCouncil(council.url, clock=system_clock)
    invited = joining.look(council_client, council.url, council.invite())
    council_client.close()
    laptop.opened.join(invited, laptop="LT-1")
    laptop.sync()
    assert deposited_key(council, laptop) == vault.council_recovery_key
    recover(laptop, vault.council_recovery_key).opened.close()
