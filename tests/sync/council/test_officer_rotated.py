"""The officer's key is replaced by a command: what was deposited opens by the new passphrase alone, and nothing is lost."""

import subprocess
import sys
from contextlib import suppress
from itertools import count, pairwise
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from hipss_desktop.errors import Tampered, Unavailable, UserError
from sync.council import deposits, officer
from sync.council import tables as t
from sync.council.acts import acts, rotate_officer
from sync.wire.messages import DEPOSIT_PATH, Deposit, Deposited
from tests.helpers import forked
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import ROOT, CouncilServer
from tests.sync.council.test_deposits import PASSPHRASE, RECOVERY, deposited_texts

NEW, THIRD = "five grey herons asleep", "six white swans at noon"
CALLS = ("fdatasync", "rename", "pwrite64", "write", "sendto")
"""What else writes on Linux, to the folder or to either store."""
QUICK_KIB = 1024
"""Memory of a guess at the officer's passphrase here; test_deposits.py makes keys that cost what they cost a council."""
ROTATION = f"""
import sys
from sync.council import cli, officer
officer.MEMORY_KIB = {QUICK_KIB}
sys.stdin.readline()  # until it is traced
cli.main()
"""


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(officer, "MEMORY_KIB", QUICK_KIB)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    """The options that give the former passphrase and the new one."""
    options: tuple[str, ...] = ()
    for option, words in (("--passphrase-file", PASSPHRASE), ("--new-passphrase-file", NEW)):
        file = tmp_path / option
        file.write_text(f"{words}\n", encoding="utf-8")
        options = *options, option, str(file)
    return options


def opens(council: CouncilServer, seat: str) -> dict[str, str]:
    """What each passphrase opens of a deposit."""
    recoveries = {}
    for passphrase in (PASSPHRASE, NEW):
        with suppress(UserError):
            recoveries[passphrase] = deposits.recovery_key(council.admin, seat, passphrase)
    return recoveries


def pairs(council: CouncilServer) -> tuple[officer.KeyPair, ...]:
    """The key pairs in the folder, the oldest first."""
    known = officer.officer(council.admin.home)
    assert known is not None
    return known.pairs


def test_the_new_passphrase_alone_opens_what_is_held_and_what_comes_and_who_asked_is_written_down(
    council_server: CouncilServer, files: tuple[str, ...]
) -> None:
    manager, worker = council_server.laptop("L. Okafor", "manager"), council_server.laptop("C. Powell")
    council_server.run("officer", *files[:2])
    before = (council_server.folder / officer.FILE).read_bytes()
    assert council_server.json("rotate", "officer", "--by", manager.person, *files) == {"sealed": 2}
    late = council_server.laptop("B. Rees")
    worker.post(DEPOSIT_PATH, Deposit("KMNPQ-RSTVW"), Deposited)
    for laptop, recovery in ((manager, RECOVERY), (worker, "KMNPQ-RSTVW"), (late, RECOVERY)):
        assert opens(council_server, laptop.seat) == {NEW: recovery}
    [(act, by)] = [(entry.act.what, entry.by) for entry in acts(council_server.admin) if entry.act.what != "invited"]
    assert (act, by) == ("officer_rotated", "L. Okafor")
    assert "L. Okafor: Replaced the officer’s key" in council_server.run("acts")
    assert council_server.json("doctor")["findings"] == []
    (council_server.folder / officer.FILE).write_bytes(before)  # which somebody had copied, with its passphrase
    for laptop in (manager, worker, late):
        with pytest.raises(Unavailable, match=r"officer\.json.* of another time"):
            deposits.recovery_key(council_server.admin, laptop.seat, PASSPHRASE)


@pytest.mark.parametrize(
    ("former", "new", "words"),
    [
        ("four red kites underhead", NEW, "passphrase is not right"),
        (PASSPHRASE, "kites", "12 characters"),
        (PASSPHRASE, NEW, "Say who you are"),
    ],
)
def test_a_wrong_a_short_passphrase_and_nobody_change_nothing(
    council_server: CouncilServer, former: str, new: str, words: str
) -> None:
    laptop = council_server.laptop()
    deposits.make_officer(council_server.admin, PASSPHRASE)
    before = deposited_texts(council_server), (council_server.folder / officer.FILE).read_bytes()
    by = "" if words.startswith("Say") else laptop.person
    with pytest.raises(UserError, match=words):
        rotate_officer(council_server.admin, by, former, new)
    assert (deposited_texts(council_server), (council_server.folder / officer.FILE).read_bytes()) == before
    assert acts(council_server.admin) == []


def test_replacing_the_officer_is_refused_if_there_is_none(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    with pytest.raises(UserError, match="hipss-council officer"):
        rotate_officer(council_server.admin, laptop.person, PASSPHRASE, NEW)
    assert opens(council_server, laptop.seat)[PASSPHRASE] == RECOVERY


def test_a_deposit_that_was_changed_stops_the_replacement_before_anything_is_written_and_is_named(
    council_server: CouncilServer,
) -> None:
    bevan, powell = council_server.laptop(), council_server.laptop("C. Powell")
    deposits.make_officer(council_server.admin, PASSPHRASE)
    before, theirs = (council_server.folder / officer.FILE).read_bytes(), deposited_texts(council_server)
    with council_server.admin.store.writing() as connection:
        change = sa.update(t.deposit).where(t.deposit.c.seat == bevan.seat).values(recovery=theirs[powell.seat])
        connection.execute(change)
    with pytest.raises(Tampered, match=f"{bevan.seat}.*hipss recovery-key"):
        rotate_officer(council_server.admin, powell.person, PASSPHRASE, NEW)
    assert (council_server.folder / officer.FILE).read_bytes() == before
    bevan.post(DEPOSIT_PATH, Deposit(RECOVERY), Deposited)
    rotate_officer(council_server.admin, powell.person, PASSPHRASE, NEW)
    assert {seat: opens(council_server, seat) for seat in deposited_texts(council_server)} == {
        bevan.seat: {NEW: RECOVERY},
        powell.seat: {NEW: RECOVERY},
    }


def test_a_deposit_of_a_program_that_knew_one_key_alone_is_sealed_anew(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    deposits.make_officer(council_server.admin, PASSPHRASE)
    with council_server.admin.store.writing() as connection:
        unnamed = deposits.OFFICER + deposited_texts(council_server)[laptop.seat].rpartition(":")[2]
        connection.execute(sa.update(t.deposit).values(recovery=unnamed))
    assert opens(council_server, laptop.seat) == {PASSPHRASE: RECOVERY}
    rotate_officer(council_server.admin, laptop.person, PASSPHRASE, NEW)
    assert opens(council_server, laptop.seat) == {NEW: RECOVERY}


def test_what_laptops_deposit_while_the_key_is_replaced_opens(council_server: CouncilServer) -> None:
    laptops = [council_server.laptop(name) for name in ("A. Bevan", "C. Powell")]
    deposits.make_officer(council_server.admin, PASSPHRASE)
    last, going = dict.fromkeys((laptop.seat for laptop in laptops), RECOVERY), True

    def deposit(laptop: Laptop) -> None:
        while going:
            recovery = f"{last[laptop.seat][:5]}-{len(last[laptop.seat])}"
            laptop.post(DEPOSIT_PATH, Deposit(recovery + "A" * (len(last[laptop.seat]) % 90)), Deposited)
            last[laptop.seat] = recovery + "A" * (len(last[laptop.seat]) % 90)

    depositing = [Thread(target=deposit, args=(laptop,)) for laptop in laptops]
    for thread in depositing:
        thread.start()
    try:
        passphrases = (PASSPHRASE, NEW, PASSPHRASE, NEW)
        for former, new in pairwise(passphrases):
            rotate_officer(council_server.admin, laptops[0].person, former, new)
    finally:
        going = False
        for thread in depositing:
            thread.join()
    assert RECOVERY not in last.values()
    assert {seat: opens(council_server, seat) for seat in last} == {seat: {NEW: last[seat]} for seat in last}


def killed(council: CouncilServer, command: list[str], call: str, when: int) -> bool:
    """Kill the command at one call of the system; False where it ended before that call."""
    program = [sys.executable, "-c", ROTATION, "rotate", "officer", *command]
    with forked.Popen(
        program, imported="sync.council.cli", env=council.environment, cwd=ROOT, text=True,
        stdin=forked.PIPE, stdout=forked.PIPE, stderr=forked.PIPE,
    ) as running:  # fmt: skip  # the options of one start stand together
        trace = ["strace", "-f", "-p", str(running.pid), "-o", "/dev/null", f"--trace={call}"]
        with subprocess.Popen(
            [*trace, f"--inject={call}:signal=KILL:when={when}"], stderr=subprocess.PIPE, text=True
        ) as tracer:
            assert tracer.stderr is not None
            assert "attached" in tracer.stderr.readline()
            _, errors = running.communicate("go on\n")
    assert running.returncode in (0, -9), errors
    return running.returncode != 0


def killed_at_each(council: CouncilServer, files: tuple[str, ...], call: str) -> set[tuple[str, int]]:
    """Kill the command at each call of one kind, look at what it left, and let it go on.

    Returns:
        Which passphrase opened a deposit after a kill, and how many key pairs there were.
    """
    laptop, other = council.laptop(), council.laptop("C. Powell")
    council.run("officer", *files[:2])
    command, states = ["--by", laptop.person, *files], set()
    file, deposited = (council.folder / officer.FILE).read_bytes(), deposited_texts(council)
    for when in count(1):
        ended = not killed(council, command, call, when)
        [(passphrase, recovery)] = opens(council, laptop.seat).items()
        assert recovery == RECOVERY
        states.add((passphrase, len(pairs(council))))
        other.post(DEPOSIT_PATH, Deposit("KMNPQ-RSTVW"), Deposited)
        council.run("rotate", "officer", *command)
        assert deposits.recovery_key(council.admin, laptop.seat, NEW) == RECOVERY
        assert deposits.recovery_key(council.admin, other.seat, NEW) == "KMNPQ-RSTVW"
        assert len(pairs(council)) == 1
        if ended:
            return states
        (council.folder / officer.FILE).write_bytes(file)
        with council.admin.store.writing() as connection:
            for seat, sealed in deposited.items():
                connection.execute(sa.update(t.deposit).where(t.deposit.c.seat == seat).values(recovery=sealed))
    return states


@pytest.mark.timeout(600)  # some ten kills, each looked at
def test_killed_at_each_flush_every_deposit_opens_by_one_of_the_two_passphrases_and_the_command_goes_on(
    council_server: CouncilServer, files: tuple[str, ...]
) -> None:
    states = killed_at_each(council_server, files, "fsync")
    assert states == {(PASSPHRASE, 1), (PASSPHRASE, 2), (NEW, 2), (NEW, 1)}


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("call", CALLS)
def test_the_same_killed_at_each_write(council_server: CouncilServer, files: tuple[str, ...], call: str) -> None:
    assert (NEW, 1) in killed_at_each(council_server, files, call)


def test_after_a_kill_a_start_destroys_the_former_key_that_nothing_is_sealed_to_and_keeps_the_other(
    council_server: CouncilServer,
) -> None:
    laptop = council_server.laptop()
    deposits.make_officer(council_server.admin, PASSPHRASE)
    home = council_server.admin.home
    [first] = pairs(council_server)
    fresh = officer.fresh_pair(NEW)
    officer.replace(home, (first, fresh))  # as a kill before the commit leaves it
    late = council_server.laptop("C. Powell")
    council_server.stop()
    council_server.start()
    assert opens(council_server, laptop.seat) == {PASSPHRASE: RECOVERY}
    assert opens(council_server, late.seat) == {NEW: RECOVERY}
    with pytest.raises(UserError, match="passphrase alone"):
        rotate_officer(council_server.admin, laptop.person, PASSPHRASE, THIRD)
    rotate_officer(council_server.admin, laptop.person, PASSPHRASE, NEW)
    [newest] = pairs(council_server)
    officer.replace(home, (first, newest))  # as a kill after it
    council_server.stop()
    council_server.start()
    assert pairs(council_server) == (newest,)
    assert {tuple(opens(council_server, seat)) for seat in (laptop.seat, late.seat)} == {(NEW,)}
