"""Ten wrong tries, then 15 minutes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.tries import ALLOWED, WAIT, TooManyTries, Tries

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
    return tmp_path / "tries.json"


def use_up(path: Path, wall: Wall) -> None:
    for _ in range(ALLOWED):
        Tries(path, wall).spend()


def test_each_try_leaves_one_less_until_none_is_left(path: Path, wall: Wall) -> None:
    tries = Tries(path, wall)
    assert tries.check() == 10
    assert [tries.spend() for _ in range(10)] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    with pytest.raises(TooManyTries):
        tries.check()
    with pytest.raises(TooManyTries):
        tries.spend()


def test_the_wait_is_said_as_a_clock_time_at_which_the_next_try_is_taken(path: Path, wall: Wall) -> None:
    use_up(path, wall)
    with pytest.raises(TooManyTries, match=r"^You can try again at 02:36\.$") as waiting:
        Tries(path, wall).check()
    assert waiting.value.until == START + WAIT
    wall.now = START.replace(minute=36, second=0)
    assert Tries(path, wall).check() == ALLOWED


def test_the_wait_is_said_in_local_time_in_summer(path: Path) -> None:
    wall = Wall(datetime(2017, 7, 1, 1, 0, tzinfo=UTC))
    use_up(path, wall)
    with pytest.raises(TooManyTries, match="02:15"):
        Tries(path, wall).check()


def test_a_restart_does_not_shorten_the_wait(path: Path, wall: Wall) -> None:
    use_up(path, wall)
    wall.now = START + WAIT - SECOND
    with pytest.raises(TooManyTries) as waiting:
        Tries(path, wall).check()
    assert waiting.value.until == START + WAIT


def test_after_the_wait_there_are_ten_more(path: Path, wall: Wall) -> None:
    use_up(path, wall)
    wall.now = START + WAIT
    assert Tries(path, wall).spend() == ALLOWED - 1


def test_setting_the_clock_back_begins_the_whole_wait_again(path: Path, wall: Wall) -> None:
    use_up(path, wall)
    wall.now = START - timedelta(days=1)
    for _ in range(2):
        with pytest.raises(TooManyTries) as waiting:
            Tries(path, wall).check()
        assert waiting.value.until == START - timedelta(days=1) + WAIT
    wall.now += WAIT
    assert Tries(path, wall).check() == ALLOWED


def test_the_right_passphrase_clears_the_count(path: Path, wall: Wall) -> None:
    tries = Tries(path, wall)
    tries.spend()
    tries.clear()
    tries.clear()
    assert tries.check() == ALLOWED
    assert not path.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"{}", b"[1]", b'{"wrong": -90, "last": "2017-03-14T02:20:30+00:00"}', b'{"wrong": 1}']
)
def test_a_count_that_cannot_be_read_buys_no_tries(path: Path, wall: Wall, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(TooManyTries) as waiting:
        Tries(path, wall).check()
    assert waiting.value.until == START + WAIT
    wall.now = START + WAIT
    assert Tries(path, wall).check() == ALLOWED
