"""What lies in the folder says nothing: no phrase, no key, not even what kind of file it is."""

import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from hipss_desktop.services.ports import Draft
from hipss_desktop.services.store_settings import StoreSetting
from tests.db.store.conftest import Place
from tests.db.store.seats import contact, finished

ROOT = Path(__file__).resolve().parents[3]
PHRASE = "the ginger ferret is behind the boiler"


def holding(folders: list[Path], phrase: str) -> list[Path]:
    """The files under some folders in which a phrase stands, in UTF-8 or UTF-16."""
    encoded_phrases = [phrase.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")]
    paths = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                paths += [path for encoded_phrase in encoded_phrases if encoded_phrase in content]
    return paths


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own, where SQLite and Python would spill."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_no_file_holds_a_phrase_while_open_and_after_closing(place: Place, scratch: Path) -> None:
    store = place.open()
    with store.write() as unit:
        unit.put_draft(Draft("r", "contact", 1, {"happening": PHRASE}, saved="2017-03-14T02:15:00+00:00"))
    assert holding([place.folder, scratch], PHRASE) == []
    for _ in range(3):
        finished(store, contact(PHRASE, advice=PHRASE * 500))
    assert store.search("ferret boil")
    with store.storage.writing() as connection:  # sorts more than fits into memory pages, which would spill
        connection.exec_driver_sql("SELECT content FROM body ORDER BY content || hex(salt) DESC").fetchall()
    names = {path.name for path in place.folder.iterdir()}
    assert names == {"store.db", "store.db-wal", "store.db-shm", "anchor", "reserve"}
    assert holding([place.folder, scratch], PHRASE) == []
    place.close()
    assert {path.name for path in place.folder.iterdir()} == {"store.db", "anchor", "reserve"}
    assert holding([place.folder, scratch], PHRASE) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from db.store import LaptopStore
from hipss_desktop.services.ports import Draft
from tests.db.store.seats import contact, finished
from tests.db.store.test_store_secrecy import PHRASE
store = LaptopStore(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), anchor=Path(sys.argv[3]))
finished(store, contact(PHRASE))
with store.write() as unit:
    unit.put_draft(Draft("r", "contact", 1, {"happening": PHRASE}, saved="2017-03-14T02:15:00+00:00"))
assert store.search("ferret")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_no_file_holds_a_phrase_after_a_kill(place: Place, scratch: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(place.file), place.key.hex(), str(place.anchor)]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    assert (place.folder / "store.db-wal").stat().st_size > 0
    assert holding([place.folder, scratch], PHRASE) == []
    assert PHRASE.encode() not in done.stdout + done.stderr
    store = place.open()
    assert store.search("ferret")
    assert store.drafts()[0].fields == {"happening": PHRASE}


def test_file_does_not_recognise_the_store(place: Place) -> None:
    finished(place.open())
    place.close()
    description = subprocess.run(["file", "--brief", place.file], capture_output=True, text=True, check=True).stdout
    # The first bytes are chance, so now and then they look like the beginning of something; never like a database.
    assert "sql" not in description.lower()
    assert not place.file.read_bytes().startswith(b"SQLite format 3")


def test_the_seats_keys_are_only_inside_the_store(place: Place) -> None:
    store = place.open()
    finished(store)
    secret = [
        str(key.as_dict(private=True)["d"]) for key in (store.signing_key, store.key_named(StoreSetting.WIRE_KEY))
    ]
    for secret_text in [*secret, place.key.hex(), store.seat.seat]:
        assert [path.name for path in holding([place.folder], secret_text)] in ([], ["anchor"])
    assert secret[0] != secret[1]
    for secret_text in secret:
        assert holding([place.folder], secret_text) == []
    with closing(place.raw()) as second:
        settings_text = "".join(row[0] for row in second.execute("SELECT value FROM setting"))
    assert all(secret_text in settings_text for secret_text in secret)


def test_what_the_store_says_of_a_failure_holds_nothing_of_a_record(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    store = place.open()
    revision = finished(store, contact(PHRASE))
    with pytest.raises(Exception, match="append-only") as refused, store.storage.writing() as connection:
        connection.exec_driver_sql("UPDATE body SET content = ? WHERE digest = ?", (PHRASE.encode(), revision.digest))
    assert PHRASE not in str(refused.value)
    place.close()
    place.key = bytes(32)
    with pytest.raises(Exception, match="store"):
        place.open()
    output = capfd.readouterr()
    assert output.out + output.err == ""
