"""Ten wrong tries, then 15 minutes."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from db.unlock_throttle import ALLOWED, WAIT, TooManyTries, UnlockThrottle
from hipss_desktop.machine import since_boot

START = datetime(2017, 3, 14, 2, 20, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Wall:
    """A clock that a test sets."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tries"


def use_up(path: Path, wall: Wall) -> None:
    for _ in range(ALLOWED):
        UnlockThrottle(path, wall).spend()


def test_each_try_leaves_one_less_until_none_is_left(path: Path, wall: Wall) -> None:
    tries = UnlockThrottle(path, wall)
    assert tries.check() == 10
    assert [tries.spend() for _ in range(10)] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    with pytest.raises(TooManyTries):
        tries.check()
    with pytest.raises(TooManyTries):
        tries.spend()


def test_the_wait_is_said_as_a_clock_time_at_which_the_next_try_is_taken(path: Path, wall: Wall) -> None:
    use_up(path, wall)
    with pytest.raises(TooManyTries, match=r"^You can try again at 02:36\.$") as waiting:
        UnlockThrottle(path, wall).check()
    assert waiting.value.until == START + WAIT
    wall.now = START.replace(minute=36, second=0)
    assert UnlockThrottle(path, wall).check() == ALLOWED


def test_the_wait_is_said_in_local_time_in_summer(path: Path) -> None:
    wall = Wall(datetime(2017, 7, 1, 1, 0, tzinfo=UTC))
    use_up(path, wall)
    with pytest.raises(TooManyTries, match="02:15"):
        UnlockThrottle(path, wall).check()


def test_a_restart_does_not_shorten_the_wait(path: Path, wall: Wall) -> None:
    use_up(path, wall)
    wall.now = START + WAIT - SECOND
    with pytest.raises(TooManyTries) as waiting:
        UnlockThrottle(path, wall).check()
    assert waiting.value.until == START + WAIT


def test_after_the_wait_there_are_ten_more(path: Path, wall: Wall) -> None:
    use_up(path, wall)
    wall.now = START + WAIT
    assert UnlockThrottle(path, wall).spend() == ALLOWED - 1


def test_setting_the_clock_back_begins_the_whole_wait_again(path: Path, wall: Wall) -> None:
    use_up(path, wall)
    wall.now = START - timedelta(days=1)
    for _ in range(2):
        with pytest.raises(TooManyTries) as waiting:
            UnlockThrottle(path, wall).check()
        assert waiting.value.until == START - timedelta(days=1) + WAIT
    wall.now += WAIT
    assert UnlockThrottle(path, wall).check() == ALLOWED


def test_the_right_passphrase_clears_the_count(path: Path, wall: Wall) -> None:
    tries = UnlockThrottle(path, wall)
    tries.spend()
    tries.clear()
    tries.clear()
    assert tries.check() == ALLOWED
    assert [UnlockThrottle(path, wall).spend() for _ in range(ALLOWED)] == list(reversed(range(ALLOWED)))


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"{}", b"[1]", b'{"wrong": -90, "last": "2017-03-14T02:20:30+00:00"}', b'{"wrong": 1}']
)
def test_a_count_that_cannot_be_read_buys_no_tries(path: Path, wall: Wall, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(TooManyTries) as waiting:
        UnlockThrottle(path, wall).check()
    assert waiting.value.until == START + WAIT
    wall.now = START + WAIT
    assert UnlockThrottle(path, wall).check() == ALLOWED


class Machine:
    """A machine's own clock, which a test lets run and starts anew."""

    def __init__(self) -> None:
        self.run, self.ran = b"first run".ljust(16), timedelta(hours=3)

    def __call__(self) -> tuple[bytes, timedelta]:
        return self.run, self.ran


def test_a_wall_clock_that_is_set_forward_or_back_does_not_alter_the_wait(path: Path, wall: Wall) -> None:
    machine = Machine()
    for _ in range(ALLOWED):
        UnlockThrottle(path, wall, machine).spend()
    machine.ran += timedelta(minutes=5)
    for moved in (timedelta(days=400), timedelta(days=-400)):
        wall.now = START + moved
        with pytest.raises(TooManyTries) as waiting:
            UnlockThrottle(path, wall, machine).check()
        assert waiting.value.until == START + moved + timedelta(minutes=10)
    machine.ran += timedelta(minutes=10)
    assert UnlockThrottle(path, wall, machine).check() == ALLOWED


def test_a_machine_that_is_started_anew_begins_the_whole_wait_again_once(path: Path, wall: Wall) -> None:
    machine = Machine()
    for _ in range(ALLOWED):
        UnlockThrottle(path, wall, machine).spend()
    machine.run, machine.ran = b"second run".ljust(16), timedelta(minutes=1)
    wall.now = START + timedelta(days=1)
    for _ in range(2):
        with pytest.raises(TooManyTries) as waiting:
            UnlockThrottle(path, wall, machine).check()
        assert waiting.value.until == wall.now + WAIT
    machine.ran += WAIT
    assert UnlockThrottle(path, wall, machine).check() == ALLOWED


def test_the_program_waits_by_the_machines_own_clock_where_there_is_one(path: Path) -> None:
    before, after = since_boot(), since_boot()
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert before[0] == after[0] != bytes(16)
        assert before[1] <= after[1]
    for _ in range(ALLOWED):
        UnlockThrottle(path).spend()
    with pytest.raises(TooManyTries):
        UnlockThrottle(path).check()
    if before is not None:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        with time_machine.travel(tomorrow), pytest.raises(TooManyTries) as waiting:
            UnlockThrottle(path).check()
        assert waiting.value.until <= tomorrow + WAIT


def test_a_count_that_the_disk_does_not_take_is_this_processs_own(
    path: Path, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    UnlockThrottle(path, wall).clear()
    path.chmod(0o400)
    refusing = OSError(errno.EROFS, "Read-only file system")

    def refuse(*_: object) -> int:
        raise refusing

    monkeypatch.setattr(os, "open", refuse)
    use_up(path, wall)
    with pytest.raises(TooManyTries):
        UnlockThrottle(path, wall).check()
