"""What somebody writes in a record never steers the terminal of who reads it."""

import io
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from hipss_desktop.printing import tell, visible
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT, CouncilServer
from tests.helpers.stations import contact

HOSTILE = "Kai\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\r\u202eemoh ta\u2066"
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def hipss(tmp_path: Path) -> Hipss:
    command_line = Hipss(tmp_path / "home")
    command_line.json("init", "--name", "A. Bevan", "--role", "Manager")
    command_line.add(contact(f"Came home {HOSTILE}", caller_name=HOSTILE, advice=HOSTILE))
    return command_line


def test_every_command_that_shows_a_record_writes_it_out(hipss: Hipss) -> None:
    [record] = hipss.json("record", "list", "contact")
    for command in (
        ("record", "list", "contact"),
        ("record", "show", record["record"]),
        ("search", "came home"),
        ("unfinished",),
        ("doctor",),
        ("doctor", "--json"),
        ("record", "list", "contact", "--json"),
        ("record", "show", HOSTILE),
        ("due", "--of", HOSTILE),
    ):
        reply = hipss.say(*command)
        assert OBEYED.search(reply.out + reply.err) is None, command


def test_json_reads_back_to_what_was_written(hipss: Hipss) -> None:
    [record] = hipss.json("record", "list", "contact")
    assert hipss.json("record", "show", record["record"])["fields"]["advice"] == HOSTILE


@pytest.mark.parametrize("error", [False, True])
def test_words_are_printed_whole_on_either_stream(error: bool) -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        tell("Siân\tO’Neill\n14 March\x1b[A", error=error)
    assert (err if error else out).getvalue() == "Siân\tO’Neill\n14 March\\u001b[A\n"
    assert (out if error else err).getvalue() == ""


def test_letters_of_every_script_stay_as_they_are() -> None:
    for text in ("Zoë Ünal", "محمد", "שלום", "👩‍👧", "e\u0301"):
        assert visible(text) == text


def test_nothing_else_prints() -> None:
    printing = re.compile(r"\b(typer\.(echo|secho)|click\.echo|print)\(")
    files = [*(ROOT / "hipss_desktop" / "cli").glob("*.py"), ROOT / "sync" / "council" / "cli.py"]
    assert [file.name for file in files if printing.search(file.read_text(encoding="utf-8"))] == []


def test_the_council_writes_out_what_it_was_given(tmp_path: Path) -> None:
    council = CouncilServer(tmp_path / "council")
    council.init()
    council.close()
    for command in (["seat", "key", HOSTILE], ["invite", "--name", "A. \u202ebevan", "--role", "Manager"]):
        process = subprocess.run(
            [sys.executable, "-m", "sync.council.cli", *command],
            env=council.environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert OBEYED.search(process.stdout + process.stderr) is None
