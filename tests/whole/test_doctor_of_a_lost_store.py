"""``hipss doctor`` looks before anything is mended, and says what is gone: at the first run, and at the second."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.command_line import Hipss
from tests.helpers.stations import contact


@pytest.fixture
def hipss(tmp_path: Path) -> Hipss:
    """A laptop with two records, the second of which no copy of the store holds."""
    command_line = Hipss(tmp_path / "home")
    command_line.json("init", "--name", "A. Bevan", "--role", "Manager")
    command_line.add(contact("The first"))
    shutil.copytree(folder(command_line), tmp_path / "copy")
    command_line.add(contact("The second"))
    assert command_line.say("doctor").out.strip() == "All is well."
    return command_line


def folder(hipss: Hipss) -> Path:
    return next(hipss.home.glob("people/*"))


def files(hipss: Hipss) -> dict[str, bytes]:
    """All but the count of tries, which is written at each unlocking."""
    return {path.name: path.read_bytes() for path in folder(hipss).iterdir() if path.name != "tries"}


def gone(vault: Path, _copy: Path) -> None:
    (vault / "store.db").unlink()


def emptied(vault: Path, _copy: Path) -> None:
    (vault / "store.db").write_bytes(b"")


def gone_with_its_anchor(vault: Path, _copy: Path) -> None:
    (vault / "store.db").unlink()
    (vault / "anchor").unlink()


def emptied_with_its_anchor(vault: Path, _copy: Path) -> None:
    (vault / "store.db").write_bytes(b"")
    (vault / "anchor").unlink()


@pytest.mark.parametrize("lose", [gone, emptied, gone_with_its_anchor, emptied_with_its_anchor])
def test_a_store_that_is_gone_is_said_and_nothing_takes_its_place(
    hipss: Hipss, tmp_path: Path, lose: Callable[[Path, Path], None]
) -> None:
    lose(folder(hipss), tmp_path / "copy")
    before = files(hipss)
    for command in (("doctor",), ("doctor",), ("record", "list", "contact"), ("doctor",)):
        reply = hipss.say(*command)
        assert reply.code == 1, reply
        assert "The store of this person is gone from this laptop, or is empty." in reply.err
    assert files(hipss) == before


def test_an_older_store_is_said_by_doctor_before_and_after_it_is_gone_on_with(hipss: Hipss, tmp_path: Path) -> None:
    shutil.copy2(tmp_path / "copy" / "store.db", folder(hipss) / "store.db")
    for _ in range(2):
        reply = hipss.say("doctor")
        assert reply.code == 1
        assert "1 record behind what was saved on this laptop" in reply.out
    hipss.add(contact("The third"))  # goes on under a new seat
    for _ in range(2):
        reply = hipss.say("doctor")
        assert reply.code == 1
        assert "1 record behind what was saved on this laptop" in reply.out


def test_an_anchor_that_is_gone_is_said(hipss: Hipss) -> None:
    (folder(hipss) / "anchor").unlink()
    for _ in range(2):
        reply = hipss.say("doctor")
        assert reply.code == 1
        assert "The mark of what was last saved on this laptop is damaged" in reply.out
