"""The home: what the locked screen reads, how files are replaced, and who holds a store."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import home as home_module
from db.home import NAME_NOT_READABLE, DutyNumber, Home, Laptop, PersonOnLaptop, write_whole
from hipss_desktop.errors import Unavailable, UserError


def make_person(home: Home, name: str) -> str:
    with home.new_person(name, "Practitioner") as (vault_id, _files):
        pass
    return vault_id


def test_a_home_that_is_not_there_yet_shows_nobody_and_the_defaults(home: Home) -> None:
    assert home.people() == []
    assert home.laptop() == Laptop(name="", theme="day", text_scale=100, duty_numbers=())
    assert not home.path.exists()


def test_what_is_shown_while_locked_comes_back_as_it_was_kept(home: Home) -> None:
    numbers = (DutyNumber("Emergency duty team", "01632 960145"), DutyNumber("Police, not urgent", "101"))
    laptop = Laptop("HIPSS-LT-04", "night", 130, numbers, "0158a1f0-0000-7000-8000-0000000000bb", "3 waiting")
    home.save_laptop(laptop)
    assert Home(home.path).laptop() == laptop


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"duty_numbers": 3}', b'{"duty_numbers": [{}]}', b"null"])
def test_a_damaged_laptop_file_keeps_nobody_from_unlocking(home: Home, content: bytes) -> None:
    home.save_laptop(Laptop("HIPSS-LT-04"))
    (home.path / "laptop.json").write_bytes(content)
    assert home.laptop() == Laptop()


def test_people_are_listed_by_name_with_their_shift(home: Home) -> None:
    second, first = make_person(home, "K. Adeyemi"), make_person(home, "A. Bevan")
    until = datetime(2017, 3, 14, 8, 30, tzinfo=UTC)
    home.save_person(PersonOnLaptop(first, "A. Bevan", "Senior practitioner", until))
    assert home.people() == [
        PersonOnLaptop(first, "A. Bevan", "Senior practitioner", until),
        PersonOnLaptop(second, "K. Adeyemi", "Practitioner"),
    ]
    assert home.person(second).name == "K. Adeyemi"


def test_someone_whose_file_is_damaged_is_still_listed(home: Home) -> None:
    vault_id = make_person(home, "A. Bevan")
    home.files(vault_id).person.write_bytes(b"\0")
    assert home.people() == [PersonOnLaptop(vault_id, NAME_NOT_READABLE, "")]


@pytest.mark.parametrize("until", ["tonight", "2017-03-14T08:30:00", 830])
def test_a_shift_s_end_that_cannot_be_read_does_not_hide_the_name(home: Home, until: object) -> None:
    vault_id = make_person(home, "A. Bevan")
    fields = {"name": "A. Bevan", "role": "Practitioner", "on_call_until": until}
    home_module.write_json(home.files(vault_id).person, fields)
    assert home.people() == [PersonOnLaptop(vault_id, "A. Bevan", "Practitioner")]


def test_a_stray_file_among_the_people_is_nobody(home: Home) -> None:
    make_person(home, "A. Bevan")
    (home.path / "people" / ("f" * 32)).write_bytes(b"")
    assert len(home.people()) == 1


@pytest.mark.parametrize("vault_id", ["0" * 32, "../people", "", "..", "A" * 32])
def test_only_a_vault_of_this_home_has_files(home: Home, vault_id: str) -> None:
    make_person(home, "A. Bevan")
    with pytest.raises(UserError, match="no such person"):
        home.files(vault_id)


def test_an_error_on_the_way_leaves_no_person_behind(home: Home) -> None:
    with pytest.raises(ZeroDivisionError), home.new_person("A. Bevan", "Practitioner"):
        raise ZeroDivisionError
    assert home.people() == []
    assert list((home.path / "people").iterdir()) == []


def test_folders_and_files_are_open_to_their_owner_alone(home: Home) -> None:
    before = os.umask(0)
    try:
        vault_id = make_person(home, "A. Bevan")
        home.save_laptop(Laptop())
        with home.hold(vault_id):
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [home.path, *home.path.rglob("*")]}
    finally:
        os.umask(before)
    # Windows keeps access by account, not by mode, and shows every mode as open
    folder, file = (0o777, 0o666) if sys.platform == "win32" else (0o700, 0o600)
    assert {mode for path, mode in modes.items() if path.is_dir()} == {folder}
    assert {mode for path, mode in modes.items() if path.is_file()} == {file}
    assert home.files(vault_id).lock in modes


def test_a_file_whose_replacement_is_cut_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept"
    write_whole(path, b"old")

    def cut(_file: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(home_module, "sync_file", cut)
    with pytest.raises(Unavailable, match="disk did not take"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_second_opener_is_told_in_the_same_process(home: Home) -> None:
    vault_id = make_person(home, "A. Bevan")
    with home.hold(vault_id), pytest.raises(Unavailable, match="already open in another window or program"):
        home.hold(vault_id)
    home.hold(vault_id).release()


def test_a_second_opener_is_told_in_another_process_until_the_first_one_dies(home: Home) -> None:
    vault_id = make_person(home, "A. Bevan")
    hold = (
        "import sys, pathlib; from db.home import Home\n"
        f"held = Home(pathlib.Path(sys.argv[1])).hold('{vault_id}')\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(home.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(Unavailable):
            home.hold(vault_id)
        other.kill()
        other.wait()
    home.hold(vault_id).release()


def test_two_people_s_stores_can_be_open_at_once(home: Home) -> None:
    first, second = make_person(home, "A. Bevan"), make_person(home, "K. Adeyemi")
    with home.hold(first), home.hold(second), pytest.raises(Unavailable):
        home.hold(first)


def test_the_locked_screen_waits_for_no_heavy_library() -> None:
    heavy = "{'msgspec', 'cryptography', 'keyring', 'zxcvbn', 'argon2', 'PySide6', 'sqlalchemy', 'platformdirs'}"
    for module, may in (("db.home", set[str]()), ("db.vault", {"msgspec"})):
        code = f"import sys, {module}; print(*sorted({heavy} & set(sys.modules)))"
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert set(ran.stdout.split()) == may
