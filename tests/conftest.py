"""What every test folder shares."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # no test fails because the machine has other work

pytest_plugins = [
    "tests.helpers.store_fixtures",
    "tests.helpers.several_laptops",
    "tests.helpers.council_fixtures",
    "tests.helpers.private_keyring",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--long`` runs the long fault runs too."""
    parser.addoption("--long", action="store_true", help="run the long fault runs too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long runs out where they were not asked for: they are not skipped, they are another run."""
    if config.getoption("--long"):
        return
    long = [each for each in items if each.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [each for each in items if not each.get_closest_marker("long")]


def pytest_collection_finish() -> None:
    """Keep the imported programs and the list of tests out of every later garbage collection.

    A window collects all garbage when it closes, and so does the end of every test of one.
    """
    gc.collect()
    gc.freeze()
