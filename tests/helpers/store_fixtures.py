"""A real store with the demo caseload, a clock that tests can set, and a page's context, for the tests of all folders."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.errors import UserError
from hipss_desktop.machine import Machine
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.ports import Store
from hipss_desktop.services.reading_back import ReadBack
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.services import Services
from resources import demo
from ui.base.session import KeyAct

NIGHT = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
MACHINE = Machine(free=41 * 10**9, encrypted=None, percent=62, plugged_in=False)
"""A laptop that is not plugged in, on a system that does not tell whether the disk is encrypted."""
PASSPHRASE = "four plain words at night"
"""The passphrase of the person who is signed in."""
PERSON = "0199c0de-0000-7000-8000-000000000001"


class SetClock:
    """A clock that shows what it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **span: float) -> None:
        """Move the clock forward; ``span`` has the arguments of ``timedelta``."""
        self.now += timedelta(**span)


def make_store(
    folder: Path, clock: Callable[[], datetime], *, name: str = "A. Bevan", role: str = "on_call", key: bytes = b""
) -> LaptopStore:
    """Create a new store in a folder, for a person of that name and role."""
    folder.mkdir(parents=True, exist_ok=True)
    store = LaptopStore(folder / "store.db", key or secrets.token_bytes(32), anchor=folder / "anchor", clock=clock)
    with store.write() as unit:
        for setting, value in (
            (StoreSetting.PERSON, PERSON if name == "A. Bevan" else secrets.token_hex(16)),
            (StoreSetting.NAME, name),
            (StoreSetting.ROLE, role),
            (StoreSetting.DEVICE, "laptop-04"),
            (StoreSetting.LAPTOP, "HIPSS-LT-04"),
        ):
            unit.set(setting, value)
    return store


def copy_laptop(template: Path, folder: Path) -> None:
    """Copy a laptop's files except the reserve of disk room, which is made again when the copy is opened."""
    shutil.copytree(template, folder, ignore=shutil.ignore_patterns("reserve"))


def sign_in_as(store: Store, **seat: str) -> None:
    """Change the ``role``, ``name`` or ``person`` of a store, which a certificate sets in real use."""
    assert isinstance(store, LaptopStore)
    with store.write() as unit:
        for setting, value in seat.items():
            unit.set(setting, value)
    store._load_seat()


def load_demo(store: LaptopStore, clock: Callable[[], datetime]) -> Services:
    """Load the demo caseload in roles that may write it, then restore the role, and return the services."""
    services = Services(store, clock)
    role = store.setting(StoreSetting.ROLE)
    for kind, file in demo.order():
        text = demo.sheet(file)
        with store.write() as unit:
            unit.set(StoreSetting.ROLE, "supervising" if kind == "carer" else "manager")
        done = import_sheet(store, kind, text, clock=clock)
        assert not done.problems, (kind, done.problems[:3])
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, role)
    return services


@dataclass
class RecordingSession:
    """A session that records what the window asks of it."""

    services: Services
    asked: list[str] = field(default_factory=list)
    measured: Machine = MACHINE
    waits: bool = False
    now: Status = field(default_factory=lambda: Status("offline", datetime(2017, 3, 13, 22, 10, tzinfo=UTC)))

    def lock(self) -> None:
        self.asked.append("lock")

    def status(self) -> Status:
        return self.now

    def machine(self) -> Machine:
        return self.measured

    def on_status(self, changed: Callable[[], None]) -> None:
        self.listener = changed

    def sync_now(self) -> None:
        self.asked.append("sync")

    def use_address(self, typed: str) -> str:
        self.asked.append(f"address {typed}")
        return typed

    def cancel_sync(self) -> None:
        self.asked.append("cancel")

    def keep_look(self, *, theme: str, scale: float) -> None:
        self.asked.append(f"look {theme} {scale}")

    def turn(self, back: ReadBack) -> None:
        self.asked.append(f"turn {back.visit}")

    def change_keys(self, act: KeyAct) -> None:
        self.asked.append(f"change keys {act}")

    def recovery_key_waits(self) -> bool:
        return self.waits

    def put_off_recovery_key(self) -> None:
        self.asked.append("put off")
        self.waits = False

    def check(self, passphrase: str) -> None:
        self.asked.append("check")
        if passphrase != PASSPHRASE:
            raise UserError("That passphrase does not match. 9 tries left.")


@pytest.fixture
def clock() -> SetClock:
    """The night of 13 to 14 March 2017, 02:14 GMT, until a test sets it."""
    return SetClock(NIGHT)


@pytest.fixture(scope="session")
def demo_laptop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """The files of a store with the demo caseload, made once and copied for each test, and its key."""
    folder, key = tmp_path_factory.mktemp("demo") / "laptop", secrets.token_bytes(32)
    demo_store = make_store(folder, lambda: NIGHT, key=key)
    load_demo(demo_store, lambda: NIGHT)
    demo_store.close()
    return folder, key


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[LaptopStore]:
    """The store of A. Bevan, on call: empty, or with the demo caseload if the test also uses ``services``."""
    folder = tmp_path / "laptop"
    if "services" in request.fixturenames:
        template, key = request.getfixturevalue("demo_laptop")
        copy_laptop(template, folder)
        new_store = LaptopStore(folder / "store.db", key, anchor=folder / "anchor", clock=clock)
    else:
        new_store = make_store(folder, clock)
    yield new_store
    new_store.close()


@pytest.fixture
def services(store: LaptopStore, clock: SetClock) -> Services:
    """The use cases over a store with the demo caseload."""
    return Services(store, clock)


@pytest.fixture
def session(services: Services) -> RecordingSession:
    """A session for a window, which records what the window asks of it."""
    return RecordingSession(services)


@pytest.fixture
def context(qapp: Any, session: RecordingSession) -> Iterator[Any]:
    """A context for a page; ``context.went`` lists the routes that the page opened, ``context.said`` its messages.

    ``context.undo`` has the undo function of each confirmation, None if there is nothing to undo.
    """
    from ui.base.page import ChangeBus, Context
    from ui.base.runner import TaskRunner

    went: list[tuple[str, dict[str, Any]]] = []
    messages: list[str] = []
    undo: list[Callable[[], None] | None] = []

    def done(words: str, take_back: Callable[[], None] | None = None) -> None:
        messages.append(words)
        undo.append(take_back)

    runner, bus = TaskRunner(), ChangeBus()
    session.services.store.subscribe(bus.changed.emit)
    page_context = Context(
        session,
        runner,
        bus,
        lambda place, **arguments: went.append((place, arguments)),
        messages.append,
        done,
    )
    object.__setattr__(page_context, "went", went)
    object.__setattr__(page_context, "said", messages)
    object.__setattr__(page_context, "undo", undo)
    yield page_context
    runner.close()
