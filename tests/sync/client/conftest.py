"""One council on its embedded store for all tests of the wire's laptop end, and a connection to it that can be hurt."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.quick_guesses import quick_guesses
from tests.helpers.stations import Station

MakeStation = Callable[..., Station]


@pytest.fixture(scope="module", autouse=True)
def _quick_guesses() -> Iterator[None]:
    with quick_guesses():
        yield


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CouncilServer]:
    """A council that serves."""
    with serving(tmp_path_factory.mktemp("embedded") / "council") as server:
        yield server


@pytest.fixture
def proxy(council: CouncilServer) -> Iterator[CutProxy]:
    """A connection to the council."""
    with CutProxy(council.url) as cut_proxy:
        yield cut_proxy


@pytest.fixture
def station(tmp_path: Path) -> Iterator[MakeStation]:
    """Makes laptops by name, and shuts them all in the end."""
    stations: list[Station] = []

    def make(name: str = "A. Bevan", folder: str = "", **more: Any) -> Station:
        stations.append(Station(tmp_path / (folder or f"home-{len(stations)}"), name=name, **more))
        return stations[-1]

    yield make
    for opened_station in stations:
        opened_station.close()
