"""A laptop whose clock is an hour behind: the command line says so, and takes a call that was told twenty minutes ago."""

from datetime import timedelta
from pathlib import Path

import pytest

from hipss_desktop import times
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import Station, contact

BEHIND = "By the council’s time, this laptop’s clock is 1 h behind."


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_command_line_knows_the_councils_time(
    council_server: CouncilServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = Station(tmp_path / "home").join(council_server)
    laptop.close()
    hipss = Hipss(laptop.home.path)
    assert hipss.say("doctor").out == "All is well.\n"
    (laptop.home.path / times.DEMONSTRATION).touch()
    monkeypatch.setenv(times.CLOCK_OFFSET, "-3600")
    answer = hipss.say("sync")
    assert (answer.code, answer.err.startswith(f"{BEHIND} ")) == (0, True)
    told = times.stamp(times.system_clock() - timedelta(minutes=20))
    revision = hipss.add(contact("Would not go in.", told=told))
    assert hipss.json("sync")["sent"] == 1
    (shown,) = hipss.json("record", "show", revision["record"], "--history")["revisions"]
    assert abs(shown["envelope"]["council_ahead"] - 3600) <= 1
    doctor = hipss.say("doctor")
    assert (doctor.code, doctor.out.startswith(f"{BEHIND} "), doctor.err) == (1, True, "")
