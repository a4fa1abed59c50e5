"""Commands in terminals and pipes of any code page, and given files, variables and outputs that cannot be used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT, CouncilServer

CONTACT = {
    "type": "call", "caller_name": "Łukasz Zając", "told": "2017-03-14T02:10:00+00:00", "concerns": ["school"],
    "happening": "Would not go in 😀", "advice": "Leave it", "risk": "low", "needs_to_know": ["nobody"],
}  # fmt: skip  # a table, read line by line
CODE_PAGE = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
"""As Windows sets up an output that goes to a file."""
ON_LINUX = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is made of Linux's /dev/full")


def ran(hipss: Hipss, *arguments: str, **more: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "hipss_desktop.cli", "--home", str(hipss.home), *arguments]
    return subprocess.run(command, env={**hipss.environment, **more}, capture_output=True, check=False, timeout=120)


def council_ran(
    council: CouncilServer, *arguments: str, stdout: int = subprocess.PIPE, around: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "sync.council.cli", "--home", str(council.folder), *arguments]
    environment = {**council.environment, "PYTHONPATH": str(ROOT), **(around or {})}
    return subprocess.run(command, env=environment, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=120)


@pytest.fixture
def council(tmp_path: Path) -> CouncilServer:
    server = CouncilServer(tmp_path / "council")
    server.init()
    server.close()
    return server


def invitations(council: CouncilServer) -> int:
    acts = council.json("acts")
    return sum(act["act"]["what"] == "invited" for act in acts)


def test_what_is_printed_is_utf_8_whatever_the_code_page(home: Hipss, council: CouncilServer) -> None:
    home.add(CONTACT)
    listed = ran(home, "record", "list", "contact", "--json", **CODE_PAGE)
    assert listed.returncode == 0, listed.stderr
    assert json.loads(listed.stdout.decode())[0]["fields"]["caller_name"] == "Łukasz Zając"
    assert "Łukasz Zając" in ran(home, "record", "list", "contact", **CODE_PAGE).stdout.decode()
    refused = ran(home, "--as", "Łukasz", "sync", "status", **CODE_PAGE)
    assert (refused.returncode, refused.stderr.decode()[:9]) == (1, "Say whose")
    invited = council_ran(
        council, "invite", "--name", "Łukasz W.", "--role", "on_call", "--person", "new", "--json", around=CODE_PAGE
    )
    assert json.loads(invited.stdout.decode())["name"] == "Łukasz W."


@ON_LINUX
def test_a_code_that_nobody_can_see_is_not_made(council: CouncilServer) -> None:
    options = ("invite", "--name", "A. Bevan", "--role", "on_call", "--person", "new")
    before = invitations(council)
    with Path("/dev/full").open("wb") as full:
        failed = council_ran(council, *options, stdout=full.fileno())
    assert (failed.returncode, b"can be seen nowhere" in failed.stderr) == (1, True)
    assert b"Traceback" not in failed.stderr
    assert b"Exception" not in failed.stderr
    reading, writing = os.pipe()
    os.close(reading)
    try:
        failed = council_ran(council, *options, stdout=writing)
    finally:
        os.close(writing)
    assert (failed.returncode, b"can be seen nowhere" in failed.stderr) == (1, True)
    assert b"Exception" not in failed.stderr
    assert invitations(council) == before
    council.run(*options)
    assert invitations(council) == before + 1


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Windows closes no output")
def test_keys_are_not_made_where_the_output_is_closed(tmp_path: Path) -> None:
    hipss = Hipss(tmp_path / "home")
    command = f'"{sys.executable}" -m hipss_desktop.cli --home "{hipss.home}" init --name A --role on_call >&-'
    with hipss.quick_keys(["init"]) as environment:
        closed = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, check=False)
    assert (closed.returncode, b"can be seen nowhere" in closed.stderr) == (1, True)
    assert not list(hipss.home.glob("people/*"))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_json_is_read_with_a_mark_and_in_utf_16(home: Hipss, codec: str) -> None:
    added = home.json("record", "add", "contact", "-", stdin=json.dumps(CONTACT, ensure_ascii=False).encode(codec))
    assert home.json("record", "show", added["record"])["fields"]["happening"] == CONTACT["happening"]


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        ("not JSON", "not JSON"),
        ("[1, 2]", "one JSON object"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"\x93no\x94", "not JSON"),
        ('{"happening": "\\ud800"}', "half of a character"),
        ('{"happening": ["\\ud83d oh"]}', "half of a character"),
        ('{"\\udc00": 1}', "half of a character"),
        ('{"risk": "low", "risk": "high"}', "twice"),
        ('{"later": [{"a": 1, "a": 1}]}', "twice"),
        ('{"later": NaN}', "a number that is too large or is none"),
        ('{"later": -Infinity}', "a number that is too large or is none"),
        ('{"later": 1e999}', "a number that is too large or is none"),
        (f'{{"later": {10**40}}}', "a number that is too large or is none"),
        (f'{{"later": {"9" * 5000}}}', "a number that is too large or is none"),
    ],
)
def test_json_that_cannot_be_signed_is_a_wrong_call(home: Hipss, stdin: str | bytes, words: str) -> None:
    before = home.json("sync", "status")["own"]
    reply = home.say("record", "add", "contact", "-", stdin=stdin)
    assert (reply.code, reply.out, words in reply.err) == (2, "", True), reply
    assert home.json("sync", "status")["own"] == before


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HIPSS_CLOCK_OFFSET", "abc"),
        ("HIPSS_CLOCK_OFFSET", "1e999"),
        ("HIPSS_QUICK_KEYS", "1"),
        ("HIPSS_COUNCIL_BY", "\udcff"),
    ],
)
def test_a_variable_that_cannot_be_used_is_a_wrong_call(
    home: Hipss, council: CouncilServer, variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = home.home / "demonstration"
    mark.touch()
    try:
        refused = ran(home, "sync", "status", **{variable: value})
    finally:
        mark.unlink()
    if variable == "HIPSS_QUICK_KEYS":  # is asked for only where keys are made
        assert refused.returncode == 0
        refused = ran(home, "recovery-key", **{variable: value})
    assert (refused.returncode, variable.encode() in refused.stderr) == (2, True), refused.stderr
    assert b"Traceback" not in refused.stderr
    refused = council_ran(council, "invite", "--name", "A", "--role", "lead", around={"HIPSS_CLOCK_OFFSET": value})
    assert (refused.returncode, b"Traceback" in refused.stderr) == (2, False)


def test_a_huge_number_is_a_wrong_call(home: Hipss) -> None:
    refused = home.say("record", "list", "contact", "--limit", "99999999999999999999")
    assert (refused.code, refused.out) == (2, "")


def test_an_identifier_in_capitals_finds_its_record(home: Hipss) -> None:
    record = home.add(CONTACT)["record"]
    assert home.json("record", "show", record.upper())["record"] == record
    assert home.json("record", "withdraw", record.upper(), "--why", "Twice")["record"] == record


def test_half_a_character_in_a_word_is_a_wrong_call(home: Hipss) -> None:
    refused = ran(home, "search", os.fsdecode(b"Zo\xff"))
    assert (refused.returncode, b"is not UTF-8 text" in refused.stderr) == (2, True)
