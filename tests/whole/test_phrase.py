"""What was typed about a child is nowhere on the disk in the clear: not in stores, temporary files, nor logs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT, CouncilServer
from tests.helpers.stations import contact

PHRASE = "quince marmalade under the viaduct"
WORD = "viaduct"
TYPING = """
import sys
from dataclasses import replace
from pathlib import Path
from tests.helpers.stations import Station
station = Station(Path(sys.argv[1]))
records = station.opened.services.records
draft = records.new_draft("contact")
words = sys.argv[2]
for turn in range(400):
    draft = records.save(replace(draft, fields={"happening": words[: turn + 1] + words}))
    station.opened.store.search(words)
station.write(words)
station.opened.exchange()
print("typed", flush=True)
while True:
    records.save(replace(draft, fields={"happening": words * 3}))
"""


@pytest.fixture
def program_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that takes all that programs write: home, council, temporary files, logs."""
    for name in ("temporary", "account", "logs"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setenv("HOME", str(tmp_path / "account"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "account" / "share"))
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path / "temporary"))
    return tmp_path


def in_the_clear(folder: Path) -> list[str]:
    """The files that hold the phrase, or its rarest word, in either of the two ways that programs write text."""
    encoded_phrases = [text.encode(code) for text in (PHRASE, WORD) for code in ("utf-8", "utf-16-le")]
    file_names = []
    for file in (path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        if any(form in content or form.upper() in content for form in encoded_phrases):
            file_names.append(file.name)
    return file_names


def test_after_draft_save_search_sync_and_a_killed_process_no_file_holds_the_phrase(program_folder: Path) -> None:
    council = CouncilServer(program_folder / "council")
    council.init()
    council.start()
    hipss = Hipss(program_folder / "laptop")
    error_outputs: list[str] = []

    def program(*arguments: str, stdin: str = "") -> None:
        with hipss.process(*arguments, stdin=subprocess.PIPE) as running:
            _, errors = running.communicate(stdin, timeout=120)
        error_outputs.append(errors)

    try:
        program("enrol", "--server", council.url, "--code", council.invite(), "--name", "A. Bevan")
        fields = f'{{"happening": "{PHRASE}"}}'
        program("record", "add", "contact", "-", "--draft", stdin=fields)
        program("record", "add", "contact", "-", stdin=fields)
        program("record", "add", "contact", "-", stdin=fields + "}")
        hipss.add(contact(PHRASE))
        program("record", "amend", PHRASE, "-", "--why", PHRASE, stdin=fields)
        program("search", PHRASE)
        program("sync")
        with subprocess.Popen(
            [sys.executable, "-c", TYPING, str(hipss.home), PHRASE], env=hipss.environment, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as typing:  # fmt: skip
            assert typing.stdout is not None
            assert typing.stdout.readline() == "typed\n"
            typing.kill()
            _, errors = typing.communicate()
            error_outputs.append(errors)
        assert council.process is not None
        council.process.kill()
    finally:
        council.stop()
    (program_folder / "logs" / "stderr").write_text("\n".join(error_outputs), encoding="utf-8")

    assert next(hipss.home.rglob("store.db-wal")).stat().st_size > 0
    assert (council.folder / "council.db").stat().st_size > 0
    assert (council.folder / "server.log").exists()
    assert in_the_clear(program_folder) == []

    stores = [*hipss.home.rglob("store.db"), council.folder / "council.db"]
    assert len(stores) == 2
    for store in stores:
        file_description = subprocess.run(
            ["file", "--brief", str(store)], capture_output=True, text=True, check=True
        ).stdout
        assert not any(
            technical_word in file_description.lower() for technical_word in ("sqlite", "database", "text", "json")
        ), file_description
        assert not store.read_bytes().startswith(b"SQLite format 3")

    matches = hipss.json("search", PHRASE)["records"]
    assert len(matches) == 2
    assert any(PHRASE in str(entry["fields"]) for entry in hipss.json("record", "list", "drafts"))


def test_a_file_that_holds_the_phrase_would_be_found(tmp_path: Path) -> None:
    for code in ("utf-8", "utf-16-le"):
        (tmp_path / code).write_bytes(os.urandom(99) + PHRASE.encode(code) + os.urandom(99))
    assert sorted(in_the_clear(tmp_path)) == ["utf-16-le", "utf-8"]
