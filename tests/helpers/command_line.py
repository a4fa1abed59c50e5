"""Run ``hipss`` in a test: in the test's own process, or as a separate program."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hipss_desktop import cli, times
from hipss_desktop.cli.context import QUICK_KEYS
from tests.helpers import forked
from tests.helpers.council_fixtures import ROOT
from tests.helpers.stations import PASSPHRASE

MAKING_KEYS = frozenset({"init", "enrol", "passwd", "recover", "recovery-key"})
"""The commands that make keys."""


@dataclass(frozen=True)
class CommandResult:
    """The result of a command: standard output, standard error, exit code."""

    out: str
    err: str
    code: int


@dataclass(frozen=True)
class Hipss:
    """The command line for one home, which is marked as a demonstration while keys are made."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of the program: with a passphrase, and without a keyring."""
        inherited_variables = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
        return {**inherited_variables, "HIPSS_PASSPHRASE": PASSPHRASE, "PYTHONPATH": str(ROOT)}

    @contextmanager
    def quick_keys(self, arguments: Sequence[str]) -> Iterator[dict[str, str]]:
        """Yield the environment of a command; a command that makes keys makes quick ones, as a demonstration does.

        The home is marked as a demonstration until the command ends.
        """
        if not MAKING_KEYS & set(arguments):
            yield self.environment
            return
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark = self.home / times.DEMONSTRATION
        mark.touch()
        try:
            yield {**self.environment, QUICK_KEYS: "1"}
        finally:
            mark.unlink()

    def say(self, *arguments: str, stdin: str | bytes = "") -> CommandResult:
        """Run one command in this process."""
        typed = stdin if isinstance(stdin, bytes) else stdin.encode()
        out, err = io.StringIO(), io.StringIO()
        with (
            self.quick_keys(arguments) as environment,
            pytest.MonkeyPatch.context() as patch,
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            patch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
            for name in {"HIPSS_PASSPHRASE", QUICK_KEYS} & set(environment):
                patch.setenv(name, environment[name])
            patch.setattr(sys, "argv", ["hipss", "--home", str(self.home), *arguments])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
            with pytest.raises(SystemExit) as ended:
                cli.main()
        return CommandResult(out.getvalue(), err.getvalue(), int(ended.value.code or 0))

    def json(self, *arguments: str, expect: int = 0, stdin: str | bytes = "") -> Any:
        """Run one command in this process with ``--json``, and return its decoded output."""
        output = self.say(*arguments, "--json", stdin=stdin)
        assert output.code == expect, output
        return json.loads(output.out)

    def add(self, fields: dict[str, Any], kind: str = "contact") -> Any:
        """Finish a record, and return the command's output."""
        return self.json("record", "add", kind, "-", stdin=json.dumps(fields))

    def amend(self, record: str, fields: dict[str, Any], why: str = "Told on the telephone") -> Any:
        """Amend a record, and return the command's output."""
        return self.json("record", "amend", record, "-", "--why", why, stdin=json.dumps(fields))

    def process(self, *arguments: str, fresh: bool = False, **more: Any) -> "subprocess.Popen[str]":
        """Start the real program; ``fresh`` is for a test of how it starts, which no fork of a started one shows."""
        start = subprocess.Popen if fresh else forked.Popen
        return start(
            [sys.executable, "-m", "hipss_desktop.cli", "--home", str(self.home), *arguments],
            env={**self.environment, **more.pop("env", {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    def program(self, *arguments: str, fresh: bool = False) -> CommandResult:
        """Run the real program until it ends; ``fresh`` as for ``process``."""
        with self.process(*arguments, fresh=fresh) as running:
            out, err = running.communicate(timeout=120)
        return CommandResult(out, err, running.returncode)
