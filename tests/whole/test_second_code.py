"""A store belongs to one council and one person; a code is used up by the certificate that it stands for, or is not used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.command_line import CommandResult, Hipss
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.stations import contact, council_seats


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CouncilServer]:
    with serving(tmp_path_factory.mktemp("first") / "council") as server:
        yield server


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CouncilServer]:
    with serving(tmp_path_factory.mktemp("second") / "council") as server:
        yield server


@pytest.fixture
def hipss(tmp_path: Path, council: CouncilServer) -> Hipss:
    """A laptop that has joined, with one record that waits."""
    command_line = Hipss(tmp_path / "home")
    assert enrol(command_line, council, council.invite("A. Bevan")).code == 0
    command_line.add(contact("Came home"))
    return command_line


def enrol(hipss: Hipss, council: CouncilServer, code: str) -> CommandResult:
    return hipss.say("enrol", "--server", council.url, "--code", code, "--name", "A. Bevan")


def is_good(council: CouncilServer, code: str) -> bool:
    """Whether a code has not been used."""
    return Laptop(council.url).look(code).name == "A. Bevan"


def test_a_code_of_another_council_is_refused_and_the_store_goes_on(
    hipss: Hipss, council: CouncilServer, other: CouncilServer
) -> None:
    code = other.invite("A. Bevan")
    refused = enrol(hipss, other, code)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("This store belongs to another council.")
    assert is_good(other, code)
    assert hipss.json("sync")["sent"] == 1


def test_a_second_code_for_the_same_role_is_refused_and_not_used(hipss: Hipss, council: CouncilServer) -> None:
    code = council.invite("A. Bevan")
    refused = enrol(hipss, council, code)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == "This store has joined the council already. The code was not used.\n"
    assert is_good(council, code)
    hipss.json("sync")


def test_a_code_with_another_role_is_a_new_seat_and_is_used_up(tmp_path: Path, council: CouncilServer) -> None:
    hipss = Hipss(tmp_path / "home")
    joined = hipss.json("enrol", "--server", council.url, "--code", council.invite("A. Bevan"), "--name", "A. Bevan")
    hipss.add(contact("Written on call"))
    code = council.invite("A. Bevan", "manager", person=joined["person"])
    second_enrolment = hipss.json("enrol", "--server", council.url, "--code", code, "--name", "A. Bevan")
    assert (second_enrolment["person"], second_enrolment["role"], second_enrolment["enrolled"]) == (
        joined["person"],
        "manager",
        True,
    )
    assert second_enrolment["seat"] != joined["seat"]
    hipss.add(contact("Written as a manager"))
    hipss.json("sync")
    seats = council_seats(council)
    assert (seats[joined["seat"]][0], seats[second_enrolment["seat"]][0]) == (1, 1)
    assert hipss.say("doctor").out.strip() == "All is well."
    refused = enrol(hipss, council, code)
    assert refused.code == 1
    assert "used" in refused.err
