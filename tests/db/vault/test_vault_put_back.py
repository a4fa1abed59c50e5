"""A store put back together with its mark is noticed by the copy that the keyring keeps; a damaged mark locks nobody out."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from db.doctor import examine
from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop.laptop import OpenStore, make_vault, open_store
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.times import system_clock
from tests.helpers.private_keyring import SecretServiceOnPrivateBus

PASSPHRASE = "seven grey herons at dusk"
NUMBER = {"label": "Out of hours team", "number": "01632 960100", "order": 1}


def write(opened: OpenStore, label: str) -> None:
    """Keep one number of the phone directory."""
    records = opened.services.records
    draft = records.new_draft("directory")
    with opened.store.write() as unit:
        unit.append(
            record=draft.record, kind="directory", action="finish", fields={**NUMBER, "label": label},
            changed=sorted(NUMBER), parents=(),
        )  # fmt: skip
    records.save(replace(records.new_draft("contact"), fields={"happening": "Half a sentence"}))


@pytest.fixture
def vault_id(home: Home) -> str:
    """A vault with one record, shut."""
    new_vault = make_vault(
        home, name="A. Bevan", role="on_call", passphrase=PASSPHRASE, clock=system_clock, cost=lambda: Cost(FLOOR_KIB)
    )
    write(new_vault.opened, "First")
    new_vault.opened.close()
    return new_vault.opened.vault_id


def labels(opened: OpenStore) -> list[str]:
    return sorted(str(record.fields["label"]) for record in opened.store.records_of("directory"))


def test_a_store_put_back_with_its_anchor_is_noticed_by_the_keyrings_copy(
    secret_service: SecretServiceOnPrivateBus, home: Home, vault_id: str, tmp_path: Path
) -> None:
    shutil.copytree(home.path, tmp_path / "copy")
    opened = open_store(home, vault_id, PASSPHRASE, system_clock)
    write(opened, "Second")
    seat = opened.store.seat.seat
    opened.close()
    shutil.rmtree(home.path)
    shutil.copytree(tmp_path / "copy", home.path)

    opened = open_store(home, vault_id, PASSPHRASE, system_clock)
    assert opened.store.seat.seat != seat
    assert "behind what was saved" in opened.store.setting(StoreSetting.NOTICE)
    assert labels(opened) == ["First"]
    assert len(opened.store.drafts()) == 1
    new_seat = opened.store.seat.seat
    opened.close()
    opened = open_store(home, vault_id, PASSPHRASE, system_clock)
    assert opened.store.seat.seat == new_seat
    assert ["1 record behind what was saved" in finding.problem for finding in examine(opened.store).findings] == [True]
    opened.close()


def test_a_damaged_anchor_is_said_and_the_records_are_there_under_a_new_seat(home: Home, vault_id: str) -> None:
    home.files(vault_id).anchor.write_bytes(b"\0" * 8192)
    opened = open_store(home, vault_id, PASSPHRASE, system_clock)
    assert "mark of what was last saved" in opened.store.setting(StoreSetting.NOTICE)
    assert labels(opened) == ["First"]
    write(opened, "Second")
    assert examine(opened.store).findings == []
    seat = opened.store.seat.seat
    opened.close()
    opened = open_store(home, vault_id, PASSPHRASE, system_clock)
    assert (opened.store.seat.seat, labels(opened)) == (seat, ["First", "Second"])
    opened.close()
