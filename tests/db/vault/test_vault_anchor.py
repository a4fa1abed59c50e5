"""The anchor file: two blocks in turn, each with its check."""

import hashlib
from pathlib import Path

import pytest

from db.anchor import Anchor, AnchorDamaged, AnchorFile
from hipss_desktop.errors import Tampered

SEAT = "0191d3a4-7c1e-7a55-9d2b-3f6e5a1b2c3d"
BLOCKS = (0, 4096)
BLOCK_LENGTH = 152


def digest(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def anchor(number: int) -> Anchor:
    return Anchor(SEAT, number, digest(number))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "anchor"


def written(path: Path, *numbers: int) -> None:
    with AnchorFile(path) as file:
        for number in numbers:
            file.write(SEAT, number, digest(number))


def test_reading_an_anchor_that_was_never_written_returns_none(path: Path) -> None:
    assert AnchorFile(path).read() is None


def test_the_newest_write_is_what_is_read_in_this_process_and_the_next(path: Path) -> None:
    with AnchorFile(path) as file:
        for number in range(1, 6):
            file.write(SEAT, number, digest(number))
            assert file.read() == anchor(number)
            assert AnchorFile(path).read() == anchor(number)


def test_writing_goes_on_where_the_last_process_left_off(path: Path) -> None:
    for number in range(1, 6):
        written(path, number)
        assert AnchorFile(path).read() == anchor(number)


def test_the_file_keeps_its_size_and_the_block_before_stays(path: Path) -> None:
    written(path, 1, 2)
    size = path.stat().st_size
    written(path, 3)
    assert path.stat().st_size == size
    assert digest(2) in path.read_bytes()


@pytest.mark.parametrize("numbers", [(1, 2), (1, 2, 3)])
def test_any_one_byte_flipped_leaves_the_newest_or_the_one_before(path: Path, numbers: tuple[int, ...]) -> None:
    written(path, *numbers)
    whole = path.read_bytes()
    allowed = [anchor(numbers[-1]), anchor(numbers[-2])]
    for block in BLOCKS:
        for place in range(block, block + BLOCK_LENGTH):
            flipped = bytearray(whole)
            flipped[place] ^= 0x41
            path.write_bytes(flipped)
            assert AnchorFile(path).read() in allowed


def test_a_write_cut_at_any_byte_leaves_the_one_before_and_the_next_write_mends_it(path: Path) -> None:
    written(path, 1, 2)
    before = path.read_bytes()
    written(path, 3)
    after = path.read_bytes()
    start = next(place for place in range(len(before)) if before[place] != after[place]) // 4096 * 4096
    for cut in range(BLOCK_LENGTH):
        torn = bytearray(before)
        torn[start : start + cut] = after[start : start + cut]
        path.write_bytes(torn)
        assert AnchorFile(path).read() == anchor(2)
    written(path, 3)
    assert AnchorFile(path).read() == anchor(3)


def test_both_blocks_damaged_is_not_the_same_as_never_written(path: Path) -> None:
    written(path, 1, 2)
    content = bytearray(path.read_bytes())
    for block in BLOCKS:
        content[block + 20] ^= 1
    path.write_bytes(content)
    with pytest.raises(AnchorDamaged) as damaged:
        AnchorFile(path).read()
    assert isinstance(damaged.value, Tampered)
    with pytest.raises(AnchorDamaged):
        AnchorFile(path).write(SEAT, 3, digest(3))
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"short", bytes(8192)])
def test_a_file_cut_short_or_filled_with_zeros_is_damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(AnchorDamaged):
        AnchorFile(path).read()


def test_a_new_seat_begins_again_after_damage(path: Path) -> None:
    path.write_bytes(b"\0" * 100)
    with AnchorFile(path) as file:
        file.start_again("another-seat", 1, digest(1))
        file.write("another-seat", 2, digest(2))
    assert AnchorFile(path).read() == Anchor("another-seat", 2, digest(2))


@pytest.mark.parametrize(("seat", "digest_bytes"), [("s" * 65, bytes(32)), ("s", bytes(31))])
def test_a_seat_or_digest_that_does_not_fit_is_refused(path: Path, seat: str, digest_bytes: bytes) -> None:
    with AnchorFile(path) as file, pytest.raises(ValueError, match="an anchor takes"):
        file.write(seat, 1, digest_bytes)


def test_an_anchor_as_a_line_of_text_comes_back_the_same() -> None:
    assert Anchor.of_text(anchor(7).text()) == anchor(7)
