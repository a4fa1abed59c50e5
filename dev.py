#!/usr/bin/env python3
"""Commands for a fresh checkout that need only Python: ``demo`` shows the program, ``test`` checks everything.

``bench`` measures the program, and ``screens`` draws its screens. Each command makes ``.venv`` from the pinned, hashed
requirements. On Debian or Ubuntu, as root, it also installs missing system packages; elsewhere on Linux it prints their names.
A second run needs no network. Standard library only.
"""

import argparse
import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements-develop.txt"
STAMP = VENV / "requirements.sha256"
OLDEST_PYTHON = (3, 11)
LINUX = sys.platform.startswith("linux")


def program(name: str) -> Callable[[], bool]:
    """Return a check whether a program is installed, also in folders that are only on root's path."""
    folders = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin" + os.pathsep + "/sbin"
    return lambda: shutil.which(name, path=folders) is not None


def library(name: str) -> Callable[[], bool]:
    """Return a check whether a shared library is installed."""
    return lambda: ctypes.util.find_library(name) is not None


def postgresql_server() -> bool:
    """Return whether PostgreSQL's server programs are installed, wherever the distribution puts them."""
    return shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


WINDOW = [
    (library("EGL"), "libegl1"),
    (library("GL"), "libgl1"),
    (library("xkbcommon"), "libxkbcommon0"),
    (library("xkbcommon-x11"), "libxkbcommon-x11-0"),
    (library("cups"), "libcups2"),
    (library("dbus-1"), "libdbus-1-3"),
    (library("fontconfig"), "libfontconfig1"),
    (library("glib-2.0"), "libglib2.0-0"),
    (library("xcb-cursor"), "libxcb-cursor0"),
    (library("xcb-icccm"), "libxcb-icccm4"),
    (library("xcb-image"), "libxcb-image0"),
    (library("xcb-keysyms"), "libxcb-keysyms1"),
    (library("xcb-randr"), "libxcb-randr0"),
    (library("xcb-render-util"), "libxcb-render-util0"),
    (library("xcb-shape"), "libxcb-shape0"),
    (library("xcb-xinerama"), "libxcb-xinerama0"),
    (program("Xvfb"), "xvfb"),
]
TESTS = [
    *WINDOW,
    (program("dbus-daemon"), "dbus"),
    (program("dbus-run-session"), "dbus"),
    (program("gnome-keyring-daemon"), "gnome-keyring"),
    (postgresql_server, "postgresql"),
    (program("strace"), "strace"),
    (program("file"), "file"),
]


def say(words: str) -> None:
    """Print one line at once."""
    print(words, flush=True)


def system_packages(needed: list[tuple[Callable[[], bool], str]]) -> None:
    """Install missing system packages if that is possible, else print their names."""
    if not LINUX:
        return
    missing = list(dict.fromkeys(package for there, package in needed if not there()))
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(f"These system packages are missing: {' '.join(missing)}")
        return
    say(f"Installing system packages: {' '.join(missing)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet, stdout=subprocess.DEVNULL)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    subprocess.run(install, check=True, env=quiet, stdout=subprocess.DEVNULL)


def python() -> str:
    """Return the path of the Python interpreter in ``.venv``."""
    return str(VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


def environment() -> None:
    """Make ``.venv`` from the requirements, unless it is up to date."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted and Path(python()).exists():
        return
    if importlib.util.find_spec("ensurepip") is None:
        system_packages([(lambda: False, "python3-venv")])
    say("Making .venv from the pinned requirements; this takes a few minutes the first time.")
    if not Path(python()).exists():
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    install = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*install, "-r", str(REQUIREMENTS)], check=True, cwd=ROOT)
    STAMP.write_text(wanted)


def run(*command: str) -> int:
    """Run a Python program from the checkout, and return its exit code.

    Bytecode is written, so that this program and the hundreds that the tests start compile each module once.
    """
    keeping = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([python(), *command], cwd=ROOT, check=False, env=keeping).returncode


def test(more: list[str]) -> int:
    """Check everything: formatting, lint, types, import contracts, then every test; return the exit code."""
    for name, command in (
        ("Format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
        ("Lint", ["-m", "ruff", "check", "--quiet", "."]),
        ("Types", ["-m", "mypy"]),
        ("Import contracts", ["-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]),
    ):
        done = subprocess.run([python(), *command], cwd=ROOT, check=False, capture_output=True, text=True)
        if done.returncode:
            say(done.stdout + done.stderr)
            say(f"{name}: not clean")
            return done.returncode
        say(f"{name}: clean")
    if not program("verapdf")():
        say("veraPDF: not on the path, so the pages are checked without it (tests/documents)")
    workers = (os.cpu_count() or 1) + 1  # a worker waits nearly half of its time for a window or a server
    spread = ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]  # in the order of tests/conftest.py
    return run("-m", "pytest", "-q", *spread, *more)


def main() -> int:
    """Read the command line and run the command; return the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Show or check HIPSS Desktop from a fresh checkout.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "demo", help="a story in the windows of several laptops; --story says which, --open leaves one to you"
    )
    testing = commands.add_parser("test", help="check everything")
    testing.add_argument("--long", action="store_true", help="also the long fault runs")
    testing.add_argument("more", nargs="*", help="handed to pytest")
    commands.add_parser("bench", help="measure against yardsticks and write docs/benchmarks.md")
    commands.add_parser("screens", help="draw every screen into docs/screens")
    given, rest = parser.parse_known_args()
    if sys.version_info < OLDEST_PYTHON:
        say(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed.")
        return 1
    system_packages(TESTS if given.command != "demo" else WINDOW)
    environment()
    if given.command == "demo":
        return run("-m", "hipss_desktop.demonstration", *rest)
    if given.command == "bench":
        return run("-m", "tests.bench.benchmarks", *rest)
    if given.command == "screens":
        return run("-m", "tests.helpers.screens", *rest)
    return test([*(["--long"] if given.long else []), *given.more, *rest])


if __name__ == "__main__":
    sys.exit(main())
