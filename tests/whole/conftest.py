"""Whole programs: a council, and laptops worked from the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer

Enrol = Callable[..., Hipss]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Hipss:
    """The home of somebody on call, for all tests of a file."""
    hipss = Hipss(tmp_path_factory.mktemp("home"))
    assert hipss.say("init", "--name", "A. Bevan", "--role", "on_call").code == 0
    return hipss


@pytest.fixture
def enrol(tmp_path: Path) -> Enrol:
    """Makes laptops that have joined a council."""

    def make(council: CouncilServer, name: str = "A. Bevan", role: str = "on_call", laptop: str = "LT-1") -> Hipss:
        hipss = Hipss(tmp_path / f"{laptop} {name}")
        code = council.invite(name, role, person="")
        hipss.json("enrol", "--server", council.url, "--code", code, "--name", name, "--laptop", laptop)
        return hipss

    return make
