"""The power fails at each write of the mending of a council's own chain that was split into two branches.

Afterwards the council is as before, or its chain is mended and names who did it. In both cases the council can continue, and the
laptops of both branches agree.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from sync.council.acts import acts, mend
from sync.council.administration import devices, erase, revision, revoke
from sync.council.doctor import examine
from sync.council.mending import OTHER_WAY
from tests.faults.killed_mend import BY
from tests.faults.killed_program import FLUSHES, WRITES, Acting
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.council_in_process import CouncilInProcess
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.stations import Station, council_seats

LAPTOPS = ("one", "new")


@dataclass(frozen=True)
class Split:
    """A council with two branches of its own chain, and a laptop of each branch; all are copied for each kill.

    Attributes:
        folder: contains the council's folder and the laptops' homes.
        erased: the revisions (digests) whose texts were erased, one on each way.
        lost: the laptop (seat) that was revoked on the way that a laptop brought.
        stays: a revision whose text all hold, and that text.
        before: the last link of each chain at the council.
    """

    folder: Path
    erased: tuple[str, str]
    lost: str
    stays: tuple[str, bytes | None]
    before: dict[str, tuple[int, str]]

    def copied(self, to: Path) -> "Split":
        """Copy the council and the laptops to another folder, and return the copy."""
        shutil.copytree(self.folder, to)
        return replace(self, folder=to)

    @property
    def arguments(self) -> list[str]:
        """The arguments that request the mending from the mending program."""
        return [str(self.folder / "council")]


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Split:
    """A council that was restored from a backup and extended its chain, because its people wrongly confirmed it."""
    work_folder = tmp_path_factory.mktemp("split")
    folder = work_folder / "now"
    folder.mkdir()
    writer, new = (Station(folder / name, name=who) for name, who in zip(LAPTOPS, (BY, "E. Morgan"), strict=True))
    with serving(work_folder / "council") as first, CutProxy(first.url) as proxy:
        writer.join(first, proxy.url)
        erased = [writer.write(f"The heron stood in the kitchen, {number}.") for number in range(2)]
        stays = writer.write("Before the backup.")
        writer.sync()
        first.stop()
        council = first.copy(folder / "council")
        first.start()
        proxy.target = first.url
        proxy.hang_up()
        lost = first.laptop("L. Lost").seat
        revoke(first.admin, lost, "Stolen.")
        erase(first.admin, [erased[0].digest], "Article 17(1)(d)")
        writer.sync()
        first.stop()
        council.start()
        proxy.target = council.url
        proxy.hang_up()
        new.join(council)
        erase(council.admin, [erased[1].digest], "Article 17(1)(d)")
        new.write("Written on the council's own way.")
        new.sync()
        writer.sync()
        before = council_seats(council)
        council.stop()
    for laptop in (writer, new):
        laptop.close()
    return Split(folder, (erased[0].digest, erased[1].digest), lost, (stays.digest, stays.body), before)


@pytest.fixture
def acting() -> Iterator[Acting]:
    """The running program that mends."""
    program = Acting("tests.faults.killed_mend")
    yield program
    program.close()


def is_well(after: Split) -> bool:
    """Continue as the council's people would; return whether the chain was mended already."""
    council = CouncilServer(after.folder / "council")
    whole = bool(acts(council.admin))
    if not whole:
        assert council_seats(council) == after.before
        assert OTHER_WAY in {finding.what for finding in examine(council.admin).findings}
        mend(council.admin, BY)
    assert examine(council.admin).findings == []
    assert [(act.act.what, act.by) for act in acts(council.admin)] == [("mended", BY)]
    assert {seat.seat for seat in devices(council.admin) if seat.revoked_after is not None} == {after.lost}
    assert revision(council.admin, after.stays[0]).body == after.stays[1]
    assert not any(council.admin.home.keys.read().holds(digest) for digest in after.erased)
    laptops_agree(council, after)
    council.close()
    return whole


def laptops_agree(council: CouncilServer, after: Split) -> None:
    """Sync the laptops of both branches, and check that all have the same and ``doctor`` finds nothing."""
    serving_here = council.in_process()
    laptops = [Station(after.folder / name) for name in LAPTOPS]
    for _ in range(2):
        problems = [CouncilInProcess(serving_here, laptop.opened.services).exchange().problems for laptop in laptops]
    assert problems == [[], []]
    for laptop in laptops:
        assert laptop.seats() == council_seats(council)
        assert laptop.findings() == []
        assert all(getattr(laptop.opened.store.revision(digest), "body", b"") is None for digest in after.erased)
        laptop.close()
    assert examine(serving_here).findings == []


def killed(acting: Acting, split: Split, to: Path, call: str, when: int) -> bool | None:
    """Kill the mending at one call, and return whether the chain was mended; None if the mending ended before that call."""
    after = split.copied(to / f"{call}-{when}")
    ended = acting.run(after.arguments, "-o", "/dev/null", f"--inject={call}:signal=KILL:when={when}")
    whole = is_well(after)
    shutil.rmtree(after.folder)
    return None if ended else whole


def kills(acting: Acting, split: Split, to: Path, call: str) -> list[bool]:
    """Kill the mending at each call of one kind; return for each whether the chain was mended."""
    whole = list[bool]()
    for when in count(1):
        outcome = killed(acting, split, to, call, when)
        if outcome is None:
            return whole
        whole.append(outcome)
    raise AssertionError


def pages(acting: Acting, split: Split, to: Path) -> int:
    """Return how many pages the mending writes, on this machine."""
    calls = to / "calls"
    counted = split.copied(to / "counted")
    assert acting.run(counted.arguments, "-e", "trace=pwrite64", "-o", str(calls))
    return calls.read_text(encoding="utf-8", errors="replace").count(" pwrite64(")


@pytest.mark.timeout(600)  # some twenty kills, each with a check
def test_a_mending_killed_at_its_first_and_last_page_and_at_each_flush(
    tmp_path: Path, acting: Acting, split: Split
) -> None:
    whole = [outcome for call in FLUSHES for outcome in kills(acting, split, tmp_path, call)]
    assert {*whole} == {True, False}
    for when in (1, pages(acting, split, tmp_path)):
        assert killed(acting, split, tmp_path, "pwrite64", when) is not None


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("call", WRITES)
def test_a_mending_killed_at_every_write(tmp_path: Path, acting: Acting, split: Split, call: str) -> None:
    kills(acting, split, tmp_path, call)
