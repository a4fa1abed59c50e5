"""A store that is opened, closed and opened again."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver

from db.store import LaptopStore
from tests.db.store.seats import OtherSeat, know
from tests.helpers.store_fixtures import PERSON, SetClock


class Place:
    """A store's folder and key; what was opened in it is closed at the end of the test."""

    def __init__(self, folder: Path, clock: SetClock) -> None:
        self.folder, self.clock = folder, clock
        self.file, self.anchor = folder / "store.db", folder / "anchor"
        self.key = secrets.token_bytes(32)
        self.opened: list[LaptopStore] = []
        folder.mkdir(parents=True, exist_ok=True)

    def open(self) -> LaptopStore:
        """Open the store."""
        store = LaptopStore(self.file, self.key, anchor=self.anchor, clock=self.clock)
        if not store.seat.person:
            with store.write() as unit:
                for name, value in (("person", PERSON), ("name", "A. Bevan"), ("role", "on_call")):
                    unit.set(name, value)
        self.opened.append(store)
        return store

    def raw(self) -> Any:
        """A second connection with the key, by the driver alone."""
        connection = driver.connect(str(self.file), isolation_level=None)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{self.key.hex()}'\"")
        return connection

    def close(self) -> None:
        """Close what was opened."""
        while self.opened:
            self.opened.pop().close()


@pytest.fixture
def place(tmp_path: Path, clock: SetClock) -> Iterator[Place]:
    """A folder for a store."""
    new_place = Place(tmp_path / "vault", clock)
    yield new_place
    new_place.close()


@pytest.fixture
def council(store: LaptopStore) -> OtherSeat:
    """The council's own seat, as the store knows it."""
    seat = OtherSeat()
    know(store, seat)
    return seat
