"""Whether the laptop is on a network, asked of the system and of nobody else."""

import subprocess
import sys
from pathlib import Path

from sync.client.network import is_online
from tests.helpers.council_fixtures import ROOT

LOOK = "from sync.client.network import is_online; print(is_online())"


def test_a_laptop_without_a_network_is_offline() -> None:
    ran = subprocess.run(
        ["unshare", "--map-root-user", "--net", sys.executable, "-c", LOOK],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert ran.stdout == "False\n"


def test_a_laptop_with_a_way_to_other_machines_is_online() -> None:
    routes = [line.split() for line in Path("/proc/net/route").read_text().splitlines()[1:]]
    a_way_to_all = any(destination == "00000000" for _, destination, *_ in routes)
    assert is_online() or not a_way_to_all
