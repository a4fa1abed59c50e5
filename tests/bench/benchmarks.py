"""``python3 dev.py bench``: every figure with its yardstick in one run, written to ``docs/benchmarks.md``.

No figure stands alone: what is measured and its yardstick take turns within each round, and the ratio of their medians is
what counts, with the least and the most of the rounds. ``--quick`` takes a small store and few rounds and prints the same
lines without writing anything. Must not decide whether the program is good enough: it says which aims were reached.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from hipss_desktop import times
from tests.bench.rounds import Line

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "benchmarks.md"
READINGS = ROOT / "tests" / "bench" / "readings.md"
LIBRARIES = (
    "PySide6-Essentials",
    "sqlcipher3",
    "sqlalchemy",
    "cryptography",
    "joserfc",
    "msgspec",
    "httpx2",
    "litestar",
)


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    contacts: int
    rounds: int
    asked: int
    """How often each query is asked in a round."""
    sent: int
    """Contacts pushed and pulled in a round, on each of the council's stores."""
    imported: int
    consultations: int


FULL = Size(contacts=100_000, rounds=7, asked=15, sent=1_400, imported=2_000, consultations=20_000)
QUICK = Size(contacts=5_000, rounds=2, asked=2, sent=100, imported=100, consultations=1_000)


@dataclass(frozen=True)
class Part:
    """One table: its heading, and its lines."""

    heading: str
    lines: tuple[Line, ...]


def parts(size: Size, folder: Path) -> Iterator[Part]:
    """Every table in turn."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.bench import bulk, caseload, consultations, queries, saves, start, wire

    began = time.perf_counter()
    bench_store = caseload.existing_or_new_store(folder, size.contacts)
    say(f"The store of {size.contacts:,} contacts is there ({time.perf_counter() - began:.0f} s)")
    tables: tuple[tuple[str, Callable[[], list[Line]]], ...] = (
        ("Starting", lambda: start.locked(bench_store, size.rounds)),
        ("Unlocking", lambda: start.unlocked(bench_store, size.rounds)),
        ("Saving", lambda: saves.measured(size.rounds, size.asked)),
        ("Reading", lambda: queries.measured(bench_store, size.rounds, size.asked)),
        ("Consultations", lambda: consultations.measured(size.rounds, size.asked * 3, size.consultations)),
        ("Exchanging", lambda: wire.measured(size.rounds, size.sent)),
        ("Many at once", lambda: [*bulk.import_sheets(size.rounds, size.imported), *bulk.run_doctor(bench_store)]),
    )
    for heading, measure in tables:
        began = time.perf_counter()
        yield Part(heading, tuple(measure()))
        say(f"{heading}: {time.perf_counter() - began:.0f} s")


def say(words: str) -> None:
    """One line for whoever waits."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def table(part: Part) -> str:
    """A part as it stands in the document."""
    rows = [
        f"| {line.measurement} | {line.ours} | {line.yardstick} | {line.ratio} | {line.verdict} |"
        for line in part.lines
    ]
    head = "| What | Measured | Yardstick in the same run | Ratio | Aim |\n|---|---|---|---|---|"
    return "\n".join([f"## {part.heading}", "", head, *rows])


def machine() -> str:
    """What it was measured on; names no machine."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        lines = described.read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    libraries = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    return (
        f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, {platform.system()} {platform.release()}, Python "
        f"{platform.python_version()}; {libraries}."
    )


def loads() -> str:
    """How many programs wanted a processor just now, as far as the system says so."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"


def document(measured_parts: list[Part], size: Size, load: tuple[str, str]) -> str:
    """The whole document: the tables with what is to be said of each."""
    readings = dict(_readings())
    missed = [line.measurement for part in measured_parts for line in part.lines if line.met is False]
    aims = sum(line.met is not None for part in measured_parts for line in part.lines)
    written = [
        readings["Top"].strip(),
        f"Measured on {times.long_day(times.local_day(datetime.now(UTC)))}: {machine()} Load average {load[0]} when it began, "
        f"{load[1]} when it ended.",
        f"A store of {size.contacts:,} contacts, {size.rounds} rounds. {aims - len(missed)} of {aims} aims were reached.",
    ]
    for part in measured_parts:
        written += [table(part), readings[part.heading].strip()]
    return "\n\n".join(written) + "\n"


def _readings() -> Iterator[tuple[str, str]]:
    """What a person wrote about each table, by its heading."""
    for piece in READINGS.read_text(encoding="utf-8").split("\n## "):
        heading, _, text = piece.removeprefix("## ").partition("\n")
        yield heading.strip(), text


@contextmanager
def place(store_folder: Path | None) -> Iterator[Path]:
    """Where the store is kept: a folder that stays, or one for this run."""
    if store_folder is not None:
        store_folder.mkdir(parents=True, exist_ok=True)
        yield store_folder
        return
    with tempfile.TemporaryDirectory(prefix="hipss-bench-") as folder:
        yield Path(folder)


def main(arguments: list[str] | None = None) -> int:
    """Measure; the exit code."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a program that was installed is started compiled
    parser = argparse.ArgumentParser(prog="dev.py bench", description="Measure against yardsticks.")
    parser.add_argument("--quick", action="store_true", help="a small store and few rounds, printed and not written")
    parser.add_argument("--store", type=Path, help="keep the store in this folder for the next run")
    options = parser.parse_args(arguments)
    size = QUICK if options.quick else FULL
    before = loads()
    with place(options.store) as folder:
        measured_parts = []
        for part in parts(size, folder):
            measured_parts.append(part)
            if options.quick:
                say(table(part))
    if not options.quick:
        DOCUMENT.write_text(document(measured_parts, size, (before, loads())), encoding="utf-8")
        say(f"Written to {DOCUMENT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
