"""``hipss print`` writes the one file that was asked for, and no other."""

import json
import re
import stat
import subprocess
from pathlib import Path

import pytest

from hipss_desktop.files import KEEP_SAFE
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT
from tests.helpers.pdf_pages import read_pdf


@pytest.fixture
def home(tmp_path: Path) -> Hipss:
    """A laptop with a store of its own."""
    hipss = Hipss(tmp_path / "home")
    hipss.json("init", "--name", "A. Bevan", "--role", "on_call")
    return hipss


def test_a_record_is_saved_as_a_page_and_never_over_another_file_unasked(home: Hipss, tmp_path: Path) -> None:
    added = home.add({"label": "Emergency duty team", "number": "01632 960145"}, "directory")
    file = tmp_path / "page.pdf"
    value = home.json("print", added["record"], "--to", str(file))
    assert value == {"file": str(file), "reference": value["reference"], "digests": [added["digest"]]}
    assert re.fullmatch(r"D-[0-9A-Z]{7}", value["reference"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    page = read_pdf(file.read_bytes())
    assert (page.standard, page.title) == ("1", f"Phone directory entry {value['reference']}")
    assert "01632 960145" in page.text
    assert "Emergency duty team" in page.text
    refused = home.say("print", added["record"], "--to", str(file))
    assert (refused.code, "--overwrite" in refused.err) == (1, True)
    second_print = home.say("print", added["record"], "--to", str(file), "--overwrite")
    assert (second_print.code, second_print.out.endswith(f"{KEEP_SAFE}\n")) == (0, True)


def test_what_cannot_be_printed_is_a_sentence_and_writes_nothing(home: Hipss, tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    refused = home.say("print", "0199c0de-ffff-7000-8000-0000000000ff", "--to", str(file))
    assert (refused.code, refused.err) == (1, "This record is not on this laptop.\n")
    assert home.say("print", "0199c0de").code == 2
    added = home.add({"label": "Police", "number": "101"}, "directory")
    assert home.say("print", added["record"], "--to", str(tmp_path)).err == "This is a folder. Say a file with --to.\n"
    assert not file.exists()


def test_the_paper_sheet_is_saved_like_a_record(home: Hipss, tmp_path: Path) -> None:
    home.add({"label": "Emergency duty team", "number": "01632 960145"}, "directory")
    file = tmp_path / "sheet.pdf"
    value = home.json("print", "paper-sheet", "--to", str(file))
    assert value == {"file": str(file), "reference": "", "digests": []}
    text = read_pdf(file.read_bytes()).text
    assert "01632 960145" in text
    assert "No child is placed tonight, as far as this laptop knows." in text


def test_no_file_is_written_but_the_one_that_was_asked_for(home: Hipss, tmp_path: Path) -> None:
    added = home.add({"label": "Police \U0001f600", "number": "101"}, "directory")
    kept_names = {path.name for path in home.home.rglob("*")}
    (tmp_path / "out").mkdir()
    file, trace = tmp_path / "out" / "page.pdf", tmp_path / "trace"
    command = ["strace", "-f", "-y", "-qq", "-o", str(trace), "-e", "trace=%file,write,pwrite64,writev"]
    running = home.process("print", added["record"], "--to", str(file), "--json")
    running.communicate(timeout=120)
    file.unlink()
    done = subprocess.run(
        [*command, *map(str, running.args)],  # type: ignore[arg-type]  # a list of words, as it was given
        env={**home.environment, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["file"] == str(file)
    opened = [
        line for line in trace.read_text().splitlines() if re.search(r"O_(WRONLY|RDWR|CREAT)|mkdir|creat\(", line)
    ]
    named = {match for line in opened if " = -1 " not in line for match in re.findall(r'"([^"]*)"', line)}
    elsewhere = {path for path in named if not path.startswith((str(home.home), "/dev/", "/proc/"))}
    assert len(elsewhere) == 1, elsewhere
    (unfinished,) = elsewhere
    assert re.fullmatch(re.escape(str(file.parent)) + r"/\.\w+\.part", unfinished)
    renamed = [line for line in trace.read_text().splitlines() if "rename" in line and unfinished in line]
    assert len(renamed) == 1
    assert f'"{file}"' in renamed[0]
    assert {path.name for path in home.home.rglob("*")} == kept_names, "and the store keeps no copy beside itself"
    assert [path.name for path in file.parent.iterdir()] == ["page.pdf"]


def test_the_page_of_a_missing_episode_is_the_one_for_the_police_unless_the_whole_record_is_asked_for(
    home: Hipss, tmp_path: Path
) -> None:
    kai = {"given_name": "Kai", "family_name": "Merrick", "local_id": "HIPSS-017", "born": "2002-06-03"}
    child = home.add(kai, "child")
    episode = home.add({"child": child["record"], "last_seen": "2017-03-13T20:15:00+00:00"}, "missing_episode")
    police, whole = tmp_path / "police.pdf", tmp_path / "whole.pdf"
    home.json("print", episode["record"], "--to", str(police))
    page = read_pdf(police.read_bytes())
    assert page.title == "Missing child: for the police"
    assert "Kai Merrick" in page.text
    home.json("print", episode["record"], "--whole", "--to", str(whole))
    assert "Version history" in read_pdf(whole.read_bytes()).text
