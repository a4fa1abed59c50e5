"""Settings, hooks and fixtures that all test folders share."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # a busy machine must not make a test fail

PATIENCE = 30_000
"""Milliseconds to wait for a window or an answer, which is there at once if the machine is not busy.

It is less than the minute after which the program itself looks again.
"""
for wait in (QtBot.waitActive, QtBot.waitExposed, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitUntil):
    wait.__kwdefaults__ = {**(wait.__kwdefaults__ or {}), "timeout": PATIENCE}

LONG = (
    "tests/whole/test_night.py",
    "tests/whole/test_consultation_story.py",
    "tests/whole/test_visit_story.py",
    "tests/whole/test_wrong_values.py",
    "tests/ui/test_wrong_values.py",
    "tests/ui/test_every_screen.py",
    "tests/bench/test_benchmarks.py",
    "tests/sheets/test_cells.py",
    "tests/sync/council/test_council_command.py",
)
"""The files that run longest, in that order. They run first: otherwise every other worker would wait for the last of them."""

pytest_plugins = [
    "tests.helpers.forked",  # before those that import it, as pytest wants to see it first
    "tests.helpers.store_fixtures",
    "tests.helpers.several_laptops",
    "tests.helpers.council_fixtures",
    "tests.helpers.private_keyring",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option ``--long``, which also runs the long fault runs."""
    parser.addoption("--long", action="store_true", help="run the long fault runs too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the longest files first, and deselect the long fault runs unless ``--long`` is given.

    They are deselected rather than skipped, because they belong to another run.
    """
    if gone := [file for file in LONG if not (config.rootpath / file).is_file()]:
        raise pytest.UsageError(f"These files of LONG are not there: {gone}")
    first = {file: place for place, file in enumerate(LONG)}
    items.sort(key=lambda item: first.get(item.nodeid.partition("::")[0], len(LONG)))
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.fixture(scope="module", autouse=True)
def _few_things_to_look_through() -> None:
    """Exclude imported modules, the list of tests and leftovers of earlier files from later garbage collections.

    A window collects all garbage when it closes, and so does the end of every test with a window.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Check that each test closes the windows that it opened: an open one would cover a later test's window."""
    before = open_windows()
    yield
    assert [window for window in open_windows() if window not in before] == []


def open_windows() -> list[QWidget]:
    """Return the visible windows."""
    app = QApplication.instance()
    return [window for window in app.topLevelWidgets() if window.isVisible()] if isinstance(app, QApplication) else []
