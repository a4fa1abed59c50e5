"""A test's own message bus and ``gnome-keyring-daemon``, separate from those of the person who runs the tests.

If ``dbus-daemon`` or ``gnome-keyring-daemon`` is not installed, starting it is an error.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import keyring
import pytest
import secretstorage
from jeepney.io.blocking import DBusConnection  # type: ignore[import-untyped]  # it comes without types
from keyring.backends import SecretService as Backend

LOGIN = b"the login keyring's own password"


class SecretServiceOnPrivateBus:
    """One bus and one keyring daemon, reached through ``environment``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True)
        inherited_variables = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.environment = inherited_variables | {
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_RUNTIME_DIR": str(folder),
        }
        self._bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._bus.stdout is not None
        with self._bus.stdout as address:
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = address.readline().decode().strip()
        self._daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdin is not None
        with self._daemon.stdin as password:
            password.write(LOGIN)
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            owned = subprocess.run(
                [
                    "dbus-send",
                    "--session",
                    "--print-reply=literal",
                    "--dest=org.freedesktop.DBus",
                    "/",
                    "org.freedesktop.DBus.NameHasOwner",
                    "string:org.freedesktop.secrets",
                ],
                env=self.environment,
                capture_output=True,
                check=False,
            )
            if b"true" in owned.stdout:
                return
            time.sleep(0.02)
        raise RuntimeError("gnome-keyring-daemon did not take its place on the bus")

    def lock(self) -> None:
        """Lock the login keyring, as the desktop does; no prompt can be shown here, so nobody can unlock it."""
        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()

    def entries(self) -> list[str]:
        """Return the user names of all entries in the keyring."""
        with closing(secretstorage.dbus_init()) as bus:
            items = list(secretstorage.get_default_collection(bus).get_all_items())
            return sorted(item.get_attributes()["username"] for item in items)

    def stop(self) -> None:
        """End both processes."""
        for process in (self._daemon, self._bus):
            process.terminate()
            process.wait(10)


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
    # the backend does not close its connection to a locked keyring, which would cause a warning in a later test
    monkeypatch.setattr(secretstorage, "dbus_init", open_bus)
    before = keyring.get_keyring()
    service = SecretServiceOnPrivateBus(tmp_path_factory.mktemp("keyring") / "home")
    try:
        for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, service.environment[name])
        keyring.set_keyring(Backend.Keyring())  # type: ignore[no-untyped-call]  # keyring's own classes have no types
        yield service
    finally:
        keyring.set_keyring(before)
        for connection in opened:
            connection.close()
        service.stop()
