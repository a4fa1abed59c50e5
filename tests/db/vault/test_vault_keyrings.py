"""The account's keyring, against a real Secret Service."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keyring
import pytest
from keyring.backends import Windows, null

from db import keyrings
from db.anchor import Anchor
from db.keyrings import Condition, KeyringAbsent, KeyringEntryMissing, KeyringLocked
from tests.helpers.private_keyring import SecretServiceOnPrivateBus

LOOK = "from db import keyrings; print(keyrings.condition().value)"


def condition_in_a_new_process(**environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": ":".join(sys.path)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()


def test_a_secret_is_read_back_from_the_account_s_keyring(secret_service: SecretServiceOnPrivateBus) -> None:
    secret = keyrings.new_secret("v", 1)
    assert len(secret) == 32
    assert keyrings.read_secret("v", 1) == secret
    assert secret_service.entries() == ["v.1"]


def test_each_new_secret_is_another_one(secret_service: SecretServiceOnPrivateBus) -> None:
    assert keyrings.new_secret("v", 1) != keyrings.new_secret("v", 1)


def test_a_missing_entry_is_named_as_such(secret_service: SecretServiceOnPrivateBus) -> None:
    with pytest.raises(KeyringEntryMissing, match="is missing"):
        keyrings.read_secret("v", 1)


def test_an_entry_that_somebody_changed_counts_as_missing(secret_service: SecretServiceOnPrivateBus) -> None:
    keyrings.new_secret("v", 1)
    keyring.set_password(keyrings.SERVICE, "v.1", "not ours")
    with pytest.raises(KeyringEntryMissing):
        keyrings.read_secret("v", 1)


def test_a_locked_keyring_is_named_as_such_for_reading_and_writing(secret_service: SecretServiceOnPrivateBus) -> None:
    keyrings.new_secret("v", 1)
    secret_service.lock()
    for act in (
        lambda: keyrings.read_secret("v", 1),
        lambda: keyrings.new_secret("v", 2),
        lambda: keyrings.forget_secrets("v", 1),
        lambda: keyrings.keep_anchor("v", Anchor("s", 1, bytes(32))),
        lambda: keyrings.read_anchor("v"),
    ):
        with pytest.raises(KeyringLocked, match="is locked"):
            act()
    assert keyrings.condition() is Condition.LOCKED


def test_a_machine_without_a_keyring_is_named_as_such() -> None:
    assert keyrings.condition() is Condition.ABSENT
    with pytest.raises(KeyringAbsent, match="cannot be reached"):
        keyrings.read_secret("v", 1)


def test_a_bus_that_went_away_counts_as_no_keyring(secret_service: SecretServiceOnPrivateBus) -> None:
    assert keyrings.condition() is Condition.READY
    secret_service.stop()
    assert keyrings.condition() is Condition.ABSENT


def test_a_keyring_that_only_pretends_to_keep_is_found_when_it_is_written() -> None:
    keyring.set_keyring(null.Keyring())  # type: ignore[no-untyped-call]  # keyring's own classes have no types
    with pytest.raises(KeyringAbsent):
        keyrings.new_secret("v", 1)


def test_the_machine_s_keyring_is_found_by_itself(secret_service: SecretServiceOnPrivateBus) -> None:
    assert condition_in_a_new_process(**secret_service.environment) == "ready"


def test_a_new_process_without_a_bus_finds_no_keyring(tmp_path: Path) -> None:
    assert condition_in_a_new_process(HOME=str(tmp_path), XDG_RUNTIME_DIR=str(tmp_path)) == "absent"


def test_a_configured_keyring_that_is_not_installed_counts_as_none(tmp_path: Path) -> None:
    assert condition_in_a_new_process(HOME=str(tmp_path), PYTHON_KEYRING_BACKEND="not.there.Keyring") == "absent"


def test_forgetting_removes_an_entry_and_what_a_crash_left_before_it(
    secret_service: SecretServiceOnPrivateBus,
) -> None:
    for entry in (1, 2, 4):
        keyrings.new_secret("v", entry)
    keyrings.forget_secrets("v", 3)
    assert secret_service.entries() == ["v.4"]
    keyrings.forget_secrets("v", 3)
    assert secret_service.entries() == ["v.4"]


def test_a_copy_of_the_anchor_is_kept_beside_the_secret(secret_service: SecretServiceOnPrivateBus) -> None:
    assert keyrings.read_anchor("v") is None
    anchor = Anchor("0191-seat", 7, bytes(range(32)))
    keyrings.keep_anchor("v", anchor)
    assert keyrings.read_anchor("v") == anchor


def test_an_anchor_copy_that_somebody_changed_counts_as_none(secret_service: SecretServiceOnPrivateBus) -> None:
    keyring.set_password(keyrings.SERVICE, "v.anchor", "seat seven zz")
    assert keyrings.read_anchor("v") is None


def test_on_windows_an_entry_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[dict[str, Any]] = []

    class NotFound(Exception):  # stands for pywintypes.error
        winerror, funcname = 1168, "CredRead"

    def read(Type: int, TargetName: str) -> dict[str, Any]:  # noqa: N803  # Windows' own names
        if not written:
            raise NotFound
        return written[-1] | {"CredentialBlob": written[-1]["CredentialBlob"].encode("utf-16")}

    credentials = SimpleNamespace(
        CRED_TYPE_GENERIC=1,
        CRED_PERSIST_LOCAL_MACHINE=2,
        CRED_PERSIST_ENTERPRISE=3,
        CredRead=read,
        CredWrite=lambda credential, _flags: written.append(credential),
    )
    monkeypatch.setattr(Windows, "win32cred", credentials, raising=False)
    monkeypatch.setattr(Windows, "pywintypes", SimpleNamespace(error=NotFound), raising=False)
    monkeypatch.setattr(Windows, "missing_deps", None)
    keyring.set_keyring(Windows.WinVaultKeyring())  # type: ignore[no-untyped-call]  # keyring's own classes have no types
    keyrings.keep_anchor("v", Anchor("s", 1, bytes(32)))
    assert [credential["Persist"] for credential in written] == [credentials.CRED_PERSIST_LOCAL_MACHINE]
