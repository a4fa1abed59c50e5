"""Every command of both command lines, with each option and argument given nonsense, answers in words, never with a traceback.

The other options of such a call are sensible, so that the nonsense is reached. Each is given one piece of nonsense, drawn with a
fixed seed; ``--long`` gives all of them. The commands run in the test's process: whatever they raise but an exit is a fault.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from hipss_desktop.cli import app as laptop_app
from sync.council.cli import app as council_app
from tests.helpers.command_line import MAKING_KEYS, Hipss
from tests.helpers.council_fixtures import CouncilServer

pytestmark = pytest.mark.filterwarnings(
    "ignore::getpass.GetPassWarning"
)  # a passphrase is asked for without a terminal
SEED = 20170314
WORDS = (
    "", " ", "-", "--", "-1", "0", "99999999999999999999", "-99999999999999999999", "1e308", "nan", "inf", "Zoë “no” 😀",
    "\ud83d", "\udcff", "x" * 5000, "{}", "'; DROP TABLE envelope; --", "%s%n", "2017-02-30", "31/02/2017 25:61", "14/03/0000",
    "9999-12-31", "0001-01-01", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-14:00", "24:00", "99", "2017-Q9", "9999-Q4",
    "\u202eabc", "\ufeff", "٣", "a\nb", "http://[", "https://x:99999", "https://\u202e.example", "all", "new",
    "00000000-0000-0000-0000-000000000000", "F" * 64,
)  # fmt: skip  # a table, read line by line
FILES = {
    "empty": b"",
    "binary": bytes(range(256)),
    "list.json": b"[1, 2]",
    "nested.json": b'{"children": {"a": [null, true, {}]}, "told": 5, "concerns": "x", "log_entries": [[], 1, {"id": 7}]}',
    "surrogate.json": b'{"happening": "\\ud800"}',
    "utf-16": "\ufeffRef,Call time\n1,soon\n".encode("utf-16"),
    "sheet.csv": b'Ref;Call time\n"1;soon\n',
    "zip": b"PK\x03\x04 nothing",
}
"""What may stand in a file that a command reads."""
CONTACT = {
    "type": "call", "caller_name": "Mo", "told": "2017-03-14T02:10:00+00:00", "concerns": ["school"],
    "happening": "Would not go in", "advice": "Leave it", "risk": "low", "needs_to_know": ["nobody"],
}  # fmt: skip  # a table, read line by line


OPTIONAL = ("path",)
"""Arguments that a call gives although it need not, because it means something else without them."""


@dataclass(frozen=True)
class Parameter:
    """An option or an argument of a command: the words of the command, its name, and it among those that a call gives."""

    command: tuple[str, ...]
    name: str
    is_flag: bool
    given: tuple[tuple[str, str], ...]
    """The name and the option ('' for an argument) of this parameter and of all arguments and required options, in order."""

    def call(self, nonsense: str, sensible: dict[str, str]) -> list[str]:
        """The words of a call in which this parameter is nonsense and the others are sensible."""
        options, arguments = [], []
        for name, option in self.given:
            value = (
                nonsense if name == self.name else sensible.get(f"{self.command[-1]} {name}", sensible.get(name, "x"))
            )
            if not option:
                arguments.append(value)
            elif self.is_flag and name == self.name:
                options.append(option)
            else:
                options.append(f"{option}={value}")
        return [*self.command, *options, *(["--", *arguments] if arguments else [])]


def parameters(app: typer.Typer) -> list[Parameter]:
    """Every parameter of every command, in the order in which they are described."""
    return list(_parameters(typer.main.get_command(app), ()))


def _parameters(command: Any, words: tuple[str, ...]) -> Iterator[Parameter]:
    for name, below in getattr(command, "commands", {}).items():
        yield from _parameters(below, (*words, name))
    if hasattr(command, "commands") and not command.invoke_without_command:
        return
    described = [(param, "" if param.param_type_name == "argument" else param.opts[0]) for param in command.params]
    for parameter, _ in described:
        given = [
            (param.name, option)
            for param, option in described
            if param is parameter or param.required or param.name in OPTIONAL
        ]
        yield Parameter(words, parameter.name, bool(getattr(parameter, "is_flag", False)), tuple(given))


def draws(app: typer.Typer, folder: Path, *, every: bool) -> list[tuple[Parameter, str]]:
    """The calls to try: each parameter with one piece of nonsense, or with every one."""
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    nonsense = [*WORDS, *(str(folder / name) for name in FILES), str(folder), str(folder / "none"), os.devnull]
    chance = random.Random(SEED)
    tried = []
    for parameter in parameters(app):
        chosen = [""] if parameter.is_flag else nonsense if every else [chance.choice(nonsense)]
        tried += [(parameter, value) for value in chosen]
    return tried


def refuse_a_fault(run: Callable[[list[str]], tuple[int, str]], words: list[str], faults: list[str]) -> None:
    """Run a call, and note it where it ends with anything but an exit code and words about a failure."""
    try:
        code, printed = run(words)
    except Exception as fault:  # noqa: BLE001 - any exception is what is looked for
        faults.append(f"{words}: {type(fault).__name__}: {fault}"[:300])
        return
    if code not in (0, 1, 2) or (code and not printed.strip()) or "Traceback" in printed:
        faults.append(f"{words}: exit {code}, {printed[-200:]!r}")


@pytest.fixture
def sensible(home: Hipss, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A value for each required parameter that makes sense by itself; the commands run in a folder of their own."""
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    file = tmp_path / "contact.json"
    file.write_text(json.dumps(CONTACT))
    sheet = tmp_path / "contacts.csv"
    sheet.write_text("Ref,Call time\n1,soon\n")
    record = home.add(CONTACT)["record"]
    return {
        "kind": "contact", "file": str(file), "path": str(file), "record_id": record, "why": "Why", "basis": "A law",
        "field": "follow_ups", "name": "A. Bevan", "role": "on_call", "text": "supper", "item": "x", "person": "Kai",
        "household": "Preece", "to": str(tmp_path / "out.csv"), "server": "http://127.0.0.1:9", "code": "X", "seat": "x",
        "import file": str(sheet), "import path": str(sheet), "digest": "0" * 64, "digests": "0" * 64,
    }  # fmt: skip  # a table, read line by line


def try_laptop(home: Hipss, sensible: dict[str, str], folder: Path, *, every: bool) -> None:
    def run(words: list[str]) -> tuple[int, str]:
        hipss = home
        if MAKING_KEYS & set(words):  # it might change the keys, or make another store
            hipss = Hipss(folder / "copy")
            shutil.rmtree(hipss.home, ignore_errors=True)
            if words[0] not in ("init", "enrol"):
                shutil.copytree(home.home, hipss.home)
        reply = hipss.say(*words, stdin="{}")
        return reply.code, reply.out + reply.err

    faults: list[str] = []
    for option in (
        "--home",
        "--as",
        "--passphrase-file",
    ):  # first: later calls write files, which would be wrong passphrases
        for value in WORDS:
            refuse_a_fault(run, [f"{option}={value}", "sync", "status"], faults)
    for parameter, value in draws(laptop_app, folder, every=every):
        refuse_a_fault(run, parameter.call(value, sensible), faults)
    assert faults == []
    assert home.json("doctor")["findings"] == []


def try_council(server: CouncilServer, sensible: dict[str, str], folder: Path, *, every: bool) -> None:
    def run(words: list[str]) -> tuple[int, str]:
        out, err, code = server.say(*words)
        return code, out + err

    faults: list[str] = []
    for parameter, value in draws(council_app, folder, every=every):
        words = parameter.call(value, sensible)
        if parameter.command == ("serve",):
            serve_nonsense(server, words, faults)
        elif parameter.command != ("init",) or parameter.name == "name":
            refuse_a_fault(run, words, faults)
    for value in WORDS:
        refuse_a_fault(run, [f"--home={value}", "held"], faults)
    assert faults == []
    assert server.json("doctor")["findings"] == []


def serve_nonsense(server: CouncilServer, words: list[str], faults: list[str]) -> None:
    """Serve with nonsense in a process of its own: it may serve, and is stopped then."""
    if any("\ud800" <= sign <= "\udbff" for word in words for sign in word):
        return  # no program can be started with such a word
    port = [] if any("--port" in word for word in words) else ["--port", "0"]
    command = [sys.executable, "-m", "sync.council.cli", *words, *port]
    with subprocess.Popen(command, env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if first.startswith(b"Serving on "):
            process.terminate()
            process.wait(30)
            return
        rest = first + process.stdout.read()
    if process.returncode not in (1, 2) or b"Traceback" in rest:
        faults.append(f"{words}: exit {process.returncode}, {rest[-300:]!r}")


def test_nonsense_to_the_laptops_commands_is_answered_in_words(
    home: Hipss, sensible: dict[str, str], tmp_path: Path
) -> None:
    try_laptop(home, sensible, tmp_path, every=False)


def test_nonsense_to_the_councils_commands_is_answered_in_words(sensible: dict[str, str], tmp_path: Path) -> None:
    server = CouncilServer(tmp_path / "council")
    server.init()
    try_council(server, sensible, tmp_path, every=False)
    server.close()


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_all_nonsense_to_the_laptops_commands_is_answered_in_words(
    home: Hipss, sensible: dict[str, str], tmp_path: Path
) -> None:
    try_laptop(home, sensible, tmp_path, every=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_all_nonsense_to_the_councils_commands_is_answered_in_words(sensible: dict[str, str], tmp_path: Path) -> None:
    server = CouncilServer(tmp_path / "council")
    server.init()
    try_council(server, sensible, tmp_path, every=True)
    server.close()
