"""The commands for people on call: the rota, in the shape that is documented and in words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer
from tests.whole.conftest import Enrol
from tests.whole.test_commands import assert_like, examples


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Hipss:
    """The home of a manager."""
    laptop = Hipss(Path(tmp_path_factory.mktemp("home")))
    assert laptop.say("init", "--name", "S. Lloyd", "--role", "manager").code == 0
    return laptop


@pytest.fixture(scope="module")
def shift(home: Hipss) -> str:
    """A shift of R. Penn that runs now and lasts 25 hours."""
    penn = home.add({"name": "R. Penn", "role": "on_call", "phone": "07700 900276"}, "practitioner")["record"]
    now = datetime.now(UTC).replace(microsecond=0)
    fields = {
        "on_call": penn,
        "planned_start": (now - timedelta(hours=1)).isoformat(),
        "planned_end": (now + timedelta(hours=24)).isoformat(),
    }
    record = str(home.add(fields, "shift")["record"])
    added = home.say("record", "add-row", record, "worked", "-", stdin=json.dumps({"start": fields["planned_start"]}))
    assert added.code == 0, added
    return record


def test_the_rota_answers_in_the_shape_that_is_documented(home: Hipss, shift: str) -> None:
    answer = home.json("rota")
    assert_like(answer, examples("hipss rota")[0], "rota")
    assert (answer["now"]["record"], answer["now"]["on_call"], answer["now"]["on_call_number"]) == (
        shift,
        "R. Penn",
        "07700 900276",
    )
    [planned] = answer["shifts"]
    assert (planned["hours"], planned["worked"][0]["who"]) == (25.0, "R. Penn")
    assert [run["hours"] for run in answer["too_long"]] == [25.0]
    assert answer["gaps"]


def test_the_rota_of_a_day_says_its_gaps_in_words(home: Hipss, shift: str) -> None:
    answer = home.say("rota", "--from", "2030-03-18")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Rota from Monday 18 March 2030 to Sunday 31 March 2030\nOn call until ")
    assert "Nobody, night of Mon 18. " in answer.out
    assert "R. Penn" in answer.out.splitlines()[1]


def test_a_day_that_cannot_be_read_is_said(home: Hipss) -> None:
    answer = home.say("rota", "--from", "soon")
    assert (answer.code, answer.err) == (1, "Enter a date like 14/03/2017\n")


def test_the_night_check_answers_in_the_shape_that_is_documented_and_stops_nothing(home: Hipss) -> None:
    answer = home.json("night-check", expect=1)
    assert_like(answer, examples("hipss night-check")[0], "night-check")
    states = {line["item"]: line["state"] for line in answer["lines"]}
    assert (states["caseload"], states["unlock"], states["clock"]) == ("amber", "red", "not_checked")
    assert answer["left"] == sum(state != "ready" for state in states.values())
    printed = home.say("night-check")
    assert (printed.code, printed.err) == (1, "")
    assert f"{answer['left']} to put right" in printed.out


def test_a_night_check_is_kept_with_what_was_agreed_for_each_line(home: Hipss) -> None:
    checked = home.json("night-check", expect=1)["lines"]
    open_lines = [f"{line['item']} {line['child']}".strip() for line in checked if line["state"] != "ready"]
    refused = home.say("night-check", "--finish", "-", stdin=json.dumps({"batery": "S. Lloyd knows"}))
    assert refused.code == 1
    assert "‘batery’ is not a line of this check" in refused.err
    assert home.json("record", "list", "night_check") == []
    answer = home.json(
        "night-check", "--finish", "-", stdin=json.dumps(dict.fromkeys(open_lines[1:], "S. Lloyd knows"))
    )
    record = home.json("record", "show", answer["record"])
    agreements = [line.get("agreed", "") for line in record["fields"]["lines"] if line["state"] != "ready"]
    assert agreements == ["", *["S. Lloyd knows"] * (len(open_lines) - 1)], "a line without an answer stops nothing"


@pytest.mark.parametrize("text", ["soon", "[]", '{"battery": 1}'])
def test_a_file_that_says_nothing_of_what_was_agreed_is_refused(home: Hipss, text: str) -> None:
    answer = home.say("night-check", "--finish", "-", stdin=text)
    assert answer.code == 2
    assert "must hold one JSON object: for each line that is left, what was agreed." in answer.err


def test_an_exchange_with_the_council_measures_the_caseload_and_the_clock(
    enrol: Enrol, council_server: CouncilServer
) -> None:
    hipss = enrol(council_server)
    hipss.json("sync")
    lines = {line["item"]: line for line in hipss.json("night-check", expect=1)["lines"]}
    assert {lines[item]["state"] for item in ("caseload", "clock", "waiting")} == {"ready"}
    assert "second" in lines["clock"]["figure"]
