"""Training on the command line: the list by topic and quarter, and the pages that are saved."""

from pathlib import Path
from typing import Any

from tests.helpers.command_line import Hipss
from tests.whole.test_commands import assert_like, examples

SESSION: dict[str, Any] = {
    "stage": "held",
    "name": "Why children run",
    "topic": "going_missing",
    "began": "2017-03-15T09:30:00+00:00",
    "ended": "2017-03-15T12:00:00+00:00",
    "place": "Friars Hall, Hereford",
    "standards": ["3"],
    "people": [
        {"id": "p1", "name": "F. Doyle", "role": "Social worker", "was": "came"},
        {"id": "p2", "name": "M. Iqbal", "role": "Family support worker", "was": "came", "minutes": 60},
        {"id": "p3", "name": "J. Tranter", "role": "SENCO", "was": "apologies"},
    ],
}  # fmt: skip  the answers as a form has them


def test_sessions_are_listed_by_topic_and_quarter_in_the_shape_of_the_document(tmp_path: Path) -> None:
    home = Hipss(tmp_path / "home")
    home.json("init", "--name", "L. Whitcombe", "--role", "lead")
    assert home.say("training").out == "No training session is here.\n"
    record = str(home.add(SESSION, "training")["record"])
    later = {
        "began": "2017-04-01T00:30:00+01:00",
        "ended": "2017-04-01T02:30:00+01:00",
    }  # still March in Greenwich time
    april = str(home.add({**SESSION, **later, "name": "Sleep", "topic": "sleep"}, "training")["record"])
    rows = home.json("training")
    assert_like(rows, examples("hipss training")[0], "training")
    assert isinstance(rows, list)
    assert [row["record"] for row in rows] == [april, record]
    assert (rows[1]["invited"], rows[1]["came"], rows[1]["hours"], rows[1]["hours_of_all"]) == (3, 2, 2.5, 3.5)
    for options, expected_records in (
        (("--quarter", "2017-1"), [record]),
        (("--quarter", "2017-2"), [april]),
        (("--topic", "sleep"), [april]),
        (("--topic", "Going missing"), [record]),
        (("--topic", "sleep", "--quarter", "2017-1"), []),
    ):
        sessions = home.json("training", *options)
        assert isinstance(sessions, list)
        assert [row["record"] for row in sessions] == expected_records, options
    assert "2 of 3 came" in home.say("training").out
    assert home.say("training", "--quarter", "2017").code == 1
    assert home.say("training", "--topic", "flying").code == 1


def test_a_certificate_is_saved_for_one_who_came_and_for_nobody_else(tmp_path: Path) -> None:
    home = Hipss(tmp_path / "home")
    home.json("init", "--name", "L. Whitcombe", "--role", "lead")
    record = str(home.add(SESSION, "training")["record"])
    for name, code in (("F. Doyle", 0), ("J. Tranter", 1), ("S. Nobody", 1)):
        file = tmp_path / f"{name}.pdf"
        assert home.say("print", record, "--certificate", name, "--to", str(file)).code == code
        assert file.exists() == (code == 0)
    sheet = tmp_path / "sheet.pdf"
    assert home.say("print", record, "--sign-in", "--to", str(sheet)).code == 0
    assert sheet.read_bytes().startswith(b"%PDF")
