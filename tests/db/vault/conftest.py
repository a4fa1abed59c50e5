"""A real Secret Service and an empty home for the vault's tests; none can reach the tester's own keyring."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
import secretstorage
from jeepney.io.blocking import DBusConnection  # type: ignore[import-untyped]  # it comes without types
from keyring.backends import SecretService as Backend
from keyring.backends import fail

from db.home import Home
from tests.db.vault.private_keyring import SecretServiceOnPrivateBus


@pytest.fixture(autouse=True)
def _no_keyring_of_the_person_testing() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]  # keyring's own classes have no types
    yield
    keyring.set_keyring(before)


@pytest.fixture
def secret_service(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SecretServiceOnPrivateBus]:
    """An unlocked, empty Secret Service that this process and its children use during the test."""
    opened: list[DBusConnection] = []

    def open_bus() -> DBusConnection:
        opened.append(dbus_init())
        return opened[-1]

    dbus_init = secretstorage.dbus_init
    # the backend lets its connection go unclosed when it finds a lock, which would warn in a later test
    monkeypatch.setattr(secretstorage, "dbus_init", open_bus)
    service = SecretServiceOnPrivateBus(tmp_path_factory.mktemp("keyring") / "home")
    try:
        for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, service.environment[name])
        keyring.set_keyring(Backend.Keyring())  # type: ignore[no-untyped-call]  # keyring's own classes have no types
        yield service
    finally:
        for connection in opened:
            connection.close()
        service.stop()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home")
