"""Every command does what docs/commands.md says, in the shape it says, and fails as it says."""

import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from db.slots import print_key
from db.unlock_throttle import ALLOWED
from hipss_desktop import cli
from hipss_desktop.files import KEEP_SAFE
from hipss_desktop.kinds.catalogue import KINDS
from sync.council import cli as council_cli
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT, CouncilServer, serving
from tests.helpers.kinds_known import also_known
from tests.helpers.staged_kind import PLAN
from tests.helpers.stations import PASSPHRASE, contact
from tests.whole.conftest import Enrol

DOCUMENT = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def commands(command: Any, name: str) -> list[str]:
    """The names of all commands under one."""
    under = getattr(command, "commands", None)
    if under is None:
        return [name]
    own = [name] if command.invoke_without_command else []
    return own + [full_name for sub, group in under.items() for full_name in commands(group, f"{name} {sub}")]


def examples(name: str) -> list[Any]:
    """The JSON shapes that the document gives for a command."""
    section = DOCUMENT.split(f"### `{name}`\n", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", section, re.DOTALL)]


def assert_like(value: Any, example: Any, where: str) -> None:
    """The same keys, and rows alike; ``{}`` in an example holds whatever there is."""
    if isinstance(example, dict):
        assert isinstance(value, dict), where
        assert not example or set(value) == set(example), where
        for name in example:
            assert_like(value[name], example[name], f"{where}.{name}")
    elif isinstance(example, list):
        assert isinstance(value, list), where
        for item in value if example and isinstance(example[0], (dict, list)) else ():
            assert_like(item, example[0], where)
    elif example is not None and value is not None:
        assert type(value) is type(example), where


def test_every_command_is_described_and_nothing_else() -> None:
    there = [
        *commands(typer.main.get_command(cli.app), "hipss"),
        *commands(typer.main.get_command(council_cli.app), "hipss-council"),
    ]
    assert sorted(re.findall(r"^### `(.+)`$", DOCUMENT, re.MULTILINE)) == sorted(there)
    for name in there:
        if name != "hipss-council serve":
            assert examples(name), name


def test_every_answer_of_hipss_has_the_shape_that_is_documented(tmp_path: Path, council_quiet: CouncilServer) -> None:
    alone = Hipss(tmp_path / "alone")
    assert_like(
        alone.json("init", "--name", "A. Bevan", "--role", "On-call practitioner"), examples("hipss init")[0], "init"
    )
    hipss = Hipss(tmp_path / "laptop")
    code = council_quiet.invite("C. Powell", "manager")
    enrolled = hipss.json("enrol", "--server", council_quiet.url, "--code", code, "--name", "c. powell")
    assert_like(enrolled, examples("hipss enrol")[0], "enrol")
    assert_like(hipss.json("kinds"), examples("hipss kinds")[0], "kinds")
    assert hipss.json("kinds", "contact")["$defs"]["Contact"]["properties"]["happening"]["type"] == "string"

    added = hipss.add(contact("Rang about supper."))
    assert_like(added, examples("hipss record add")[0], "add")
    draft = hipss.json("record", "add", "contact", "-", "--draft", stdin='{"happening": "Half a sen"}')
    assert_like(draft, examples("hipss record add")[1], "draft")
    assert draft["missing"]
    assert hipss.json("record", "show", draft["record"])["fields"] == {"happening": "Half a sen"}
    assert [entry["record"] for entry in hipss.json("record", "list", "drafts")] == [draft["record"]]
    record = added["record"]
    amended = hipss.amend(record, {"advice": "Ring at nine."})
    assert_like(amended, examples("hipss record amend")[0], "amend")
    assert_like(hipss.json("sync", "status"), examples("hipss sync status")[0], "status")
    assert_like(hipss.json("sync"), examples("hipss sync")[0], "sync")
    assert_like(hipss.json("record", "show", record), examples("hipss record show")[0], "show")
    history = hipss.json("record", "show", record, "--history")
    assert_like(history, examples("hipss record show")[1], "history")
    assert [revision["envelope"]["action"] for revision in history["revisions"]] == ["finish", "amend"]
    assert all(revision["receipt"] for revision in history["revisions"])
    assert_like(hipss.json("record", "list", "contact"), examples("hipss record list")[0], "list")
    matches = hipss.json("search", "supper")
    assert_like(matches, examples("hipss search")[0], "search")
    assert [entry["record"] for entry in matches["records"]] == [record]
    withdrawn = hipss.json("record", "withdraw", record, "--why", "Written twice.")
    assert_like(withdrawn, examples("hipss record withdraw")[0], "withdraw")
    assert hipss.json("record", "show", record)["withdrawn"] is True

    sheet = tmp_path / "directory.csv"
    sheet.write_text("Who answers,Number\nOut of hours team,01632 960100\nNobody,\n", encoding="utf-8")
    import_report = hipss.json("import", "directory", str(sheet), expect=1)
    assert_like(import_report, examples("hipss import")[0], "import")
    assert (import_report["added"], len(import_report["problems"])) == (1, 1)
    exported = hipss.json("export", "directory", "--to", str(tmp_path / "exported.csv"))
    assert_like(exported, examples("hipss export")[0], "export")
    assert_like(hipss.json("doctor", "--rebuild"), examples("hipss doctor")[0], "doctor")

    new_passphrase_file = tmp_path / "new passphrase"
    new_passphrase_file.write_text("nine red kites over the hill\n", encoding="utf-8")
    assert_like(
        hipss.json("passwd", "--new-passphrase-file", str(new_passphrase_file)), examples("hipss passwd")[0], "passwd"
    )
    refused = hipss.say("sync", "status", "--json")
    assert (refused.code, refused.out, "does not match" in refused.err) == (1, "", True)
    assert hipss.say("--passphrase-file", str(new_passphrase_file), "sync", "status").code == 0
    made_anew = hipss.say("--passphrase-file", str(new_passphrase_file), "recovery-key", "--json")
    assert_like(json.loads(made_anew.out), examples("hipss recovery-key")[0], "recovery-key")
    key, recovered_passphrase_file = tmp_path / "key", tmp_path / "passphrase again"
    recovered_passphrase_file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    for recovery_key, opens in ((enrolled["recovery_key"], False), (json.loads(made_anew.out)["recovery_key"], True)):
        key.write_text(f"{recovery_key}\n", encoding="utf-8")
        files = ("--recovery-key-file", str(key), "--new-passphrase-file", str(recovered_passphrase_file))
        recovered = hipss.say("recover", *files, "--json")
        assert (recovered.code == 0) is opens
    assert_like(json.loads(recovered.out), examples("hipss recover")[0], "recover")
    leftover = next(hipss.home.glob("people/*")) / ".header.json.abc"
    leftover.write_bytes(b"{}")
    assert hipss.say("sync", "status").code == 0
    assert not leftover.exists()


def test_every_answer_of_the_council_has_the_shape_that_is_documented(
    tmp_path: Path, council_quiet: CouncilServer, enrol: Enrol
) -> None:
    council = council_quiet
    new_council = CouncilServer(tmp_path / "made")
    assert_like(new_council.json("init"), examples("hipss-council init")[0], "init")
    hipss = enrol(council, "F. Price", "supervising")
    invited = council.json("invite", "--name", "E. Morgan", "--role", "on_call", "--by", "F. Price")
    assert_like(invited, examples("hipss-council invite")[0], "invite")
    digest = hipss.add(
        {"given_name": "Sam", "family_name": "Pugh", "local_id": "HIPSS-900", "born": "2004-05-06"}, "child"
    )["digest"]
    hipss.json("sync")
    seat = hipss.json("sync", "status")["seat"]
    assert_like(council.json("device", "list"), examples("hipss-council device list")[0], "device list")
    recovery = council.json("device", "recovery", seat, "--by", "F. Price")
    assert_like(recovery, examples("hipss-council device recovery")[0], "recovery")
    assert_like(council.json("acts"), examples("hipss-council acts")[0], "acts")
    assert_like(
        council.json("chain", "confirm", "--by", "F. Price"),
        examples("hipss-council chain confirm")[0],
        "chain confirm",
    )
    words = tmp_path / "officer"
    words.write_text("four red kites overhead\n", encoding="utf-8")
    officer = council.json("officer", "--passphrase-file", str(words))
    assert_like(officer, examples("hipss-council officer")[0], "officer")
    assert_like(council.json("revision", digest), examples("hipss-council revision")[0], "revision")
    assert_like(council.json("seat", "key", seat), examples("hipss-council seat key")[0], "seat key")
    assert_like(council.json("held"), examples("hipss-council held")[0], "held")
    sheet = tmp_path / "directory.csv"
    sheet.write_text("Who answers,Number\nPolice,101\nNobody,\n", encoding="utf-8")
    import_report = council.json("import", "directory", str(sheet), expect=1)
    assert_like(import_report, examples("hipss-council import")[0], "import")
    exported = council.json("export", "directory", "--to", str(tmp_path / "exported.csv"))
    assert_like(exported, examples("hipss-council export")[0], "export")
    erased = council.json("erase", digest, "--basis", "Article 17(1)(d)")
    assert_like(erased, examples("hipss-council erase")[0], "erase")
    revoked = council.json("device", "revoke", seat, "--why", "Lost.")
    assert_like(revoked, examples("hipss-council device revoke")[0], "revoke")
    for keys in ("texts", "tokens", "signing"):
        rotated = council.json("rotate", keys)
        assert_like(rotated, examples(f"hipss-council rotate {keys}")[0], f"rotate {keys}")
    assert_like(council.json("doctor"), examples("hipss-council doctor")[0], "doctor")


def test_a_recovery_key_opens_a_store_while_the_wait_after_wrong_passphrases_runs_and_ends_it(tmp_path: Path) -> None:
    hipss = Hipss(tmp_path / "home")
    recovery_key = hipss.json("init", "--name", "A. Bevan", "--role", "Manager")["recovery_key"]
    files = {name: tmp_path / name for name in ("wrong", "new", "key", "another")}
    files["wrong"].write_text("not this passphrase\n", encoding="utf-8")
    files["new"].write_text("nine red kites over the hill\n", encoding="utf-8")
    files["key"].write_text(f"{recovery_key}\n", encoding="utf-8")
    files["another"].write_text(f"{print_key(bytes(20))}\n", encoding="utf-8")
    for _ in range(ALLOWED):
        hipss.say("--passphrase-file", str(files["wrong"]), "sync", "status")
    assert "You can try again at" in hipss.say("sync", "status").err
    refused = hipss.say(
        "recover", "--recovery-key-file", str(files["another"]), "--new-passphrase-file", str(files["new"])
    )
    assert (refused.code, "belongs to another person" in refused.err) == (1, True)
    assert "You can try again at" in hipss.say("sync", "status").err
    changed = hipss.say("recover", "--recovery-key-file", str(files["key"]), "--new-passphrase-file", str(files["new"]))
    assert (changed.code, changed.out.splitlines()[-1]) == (0, "Changed.")
    assert hipss.say("--passphrase-file", str(files["new"]), "sync", "status").code == 0
    assert "does not match" in hipss.say("sync", "status").err


@pytest.fixture(scope="module")
def council_quiet(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with serving(tmp_path_factory.mktemp("commands") / "council") as server:
        yield server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Hipss:
    """A laptop that has joined no council."""
    hipss = Hipss(tmp_path_factory.mktemp("errors") / "home")
    hipss.json("init", "--name", "A. Bevan", "--role", "on_call")
    return hipss


@pytest.mark.parametrize(
    "wrong",
    [
        "bogus", "record bogus", "record add", "record amend x -", "init --name A", "import contact", "search",
        "record list contact --limit x", "sync bogus", "--nosuch sync",
    ],
)  # fmt: skip
def test_a_wrong_call_exits_2_with_its_words_on_standard_error(home: Hipss, wrong: str) -> None:
    reply = home.say(*wrong.split())
    assert (reply.code, reply.out) == (2, "")
    assert "Usage" in reply.err


@pytest.mark.parametrize(
    ("call", "stdin", "words"),
    [
        ("record show nosuch", "", "not on this laptop"),
        ("record amend nosuch - --why x", "{}", "not on this laptop"),
        ("record withdraw nosuch --why x", "", "not on this laptop"),
        ("record decide nosuch - --why x", "{}", "not on this laptop"),
        ("record add-row nosuch told -", "{}", "not on this laptop"),
        ("record list nosuch", "", "no kind of record"),
        ("record add nosuch -", "{}", "no kind of record"),
        ("kinds nosuch", "", "no kind of record"),
        ("record add contact -", "{}", "needs_to_know"),
        ("record add contact -", '{"concerns": 5, "told": "soon"}', "concerns"),
        ("record add carer -", "{}", "service managers can write carers"),
        ("record add contact /nosuch.json", "", "cannot be read"),
        ("import contact /nosuch.csv", "", "cannot be read"),
        ("export nosuch --to x.csv", "", "no kind of record"),
        ("export certificate --to x.csv", "", "have no sheet"),
        ("export child --to /nosuch/there/x.csv", "", "no such folder"),
        ("export all --to /dev/null", "", "This is a file"),
        ("sync", "", "not joined a council"),
        ("--as Nobody sync status", "", "--as NAME"),
        ("--passphrase-file /nosuch sync status", "", "cannot be read"),
        ("init --name B --role nosuch", "", "no such role"),
        ("enrol --server ftp://x --code X --name Y", "", "https://"),
        ("enrol --server http://hipss.example --code X --name Y", "", "never sent unprotected"),
        ("enrol --server http://127.0.0.1:9 --code X --name Y", "", "24 in all. This is 1."),
    ],
)
def test_a_failure_exits_1_with_a_sentence_on_standard_error(home: Hipss, call: str, stdin: str, words: str) -> None:
    reply = home.say(*call.split(), stdin=stdin)
    assert (reply.code, reply.out) == (1, "")
    assert words in reply.err
    assert "Traceback" not in reply.err


def test_an_export_is_private_is_never_written_over_unasked_and_says_what_was_left_out(
    home: Hipss, tmp_path: Path
) -> None:
    for number in ("101", "111"):
        home.add({"label": f"Ring {number}", "number": number}, "directory")
    gone = home.add({"label": "Old team", "number": "01632 960100"}, "directory")["record"]
    home.json("record", "withdraw", gone, "--why", "Closed")
    file = tmp_path / "phones.csv"
    reply = home.say("export", "directory", "--to", str(file))
    assert reply.code == 0
    assert reply.out == f"{file}: 2 records. Left out: 1 withdrawn record.\n{KEEP_SAFE}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [line.split(",")[0] for line in file.read_text(encoding="utf-8-sig").splitlines()] == [
        "Who answers", "Ring 101", "Ring 111",
    ]  # fmt: skip
    file.write_text("mine")
    refused = home.say("export", "directory", "--to", str(file))
    assert (refused.code, "--overwrite" in refused.err, file.read_text()) == (1, True, "mine")
    assert home.say("export", "directory", "--to", str(file), "--overwrite").code == 0
    import_report = home.json("import", "phone directory", str(file))
    assert (import_report["added"], import_report["known"], import_report["changed"]) == (0, 2, [])


def test_export_all_writes_every_kind_that_the_role_may_read(home: Hipss, tmp_path: Path) -> None:
    done = home.json("export", "all", "--to", str(tmp_path / "sheets"))
    there = {path.name for path in (tmp_path / "sheets").iterdir()}
    assert {Path(file["file"]).name for file in done["files"]} == there
    assert {file["kind"] for file in done["files"]} == {
        kind.name for kind in KINDS.values() if kind.sheet.key and "on_call" in kind.readers
    }


def test_an_amendment_signs_nothing_of_a_draft_that_somebody_is_still_writing(home: Hipss) -> None:
    begun = contact("Half a sen", advice="Not looked at yet.")
    record = home.json("record", "add", "contact", "-", "--draft", stdin=json.dumps(begun))["record"]
    reply = home.say("record", "amend", record, "-", "--why", "Asked to", stdin='{"risk": "high"}')
    assert (reply.code, "Finish or discard it" in reply.err) == (1, True)
    shown = home.json("record", "show", record)
    assert (shown["fields"], shown["draft"]) == (begun, True)


def test_rows_of_a_record_need_no_ids_and_get_their_own(home: Hipss) -> None:
    told_rows = [{"who": "police", "name": "PC Ahmed", "at_not_known": True}, {"id": "own", "who": "edt"}]
    record = home.add({**contact("Rang."), "told_others": told_rows})["record"]
    first, second = home.json("record", "show", record)["fields"]["told_others"]
    assert (first["name"], len(first["id"])) == ("PC Ahmed", 32)
    assert second == {"id": "own", "who": "edt"}
    amended = json.dumps({"told_others": [{"who": "camhs", "name": "R. Shah", "at_not_known": True}]})
    home.json("record", "amend", record, "-", "--why", "They rang back", stdin=amended)
    [row] = home.json("record", "show", record)["fields"]["told_others"]
    assert (row["name"], len(row["id"])) == ("R. Shah", 32)


def test_control_characters_of_a_record_are_written_out(home: Hipss) -> None:
    record = home.add(contact("Rang.\x1b[31m red \x9b31m"))["record"]
    shown = home.say("record", "show", record).out
    assert "What is happening?: Rang.\\u001b[31m red \\u009b31m" in shown
    assert "\x1b" not in shown
    assert home.json("record", "show", record)["fields"]["happening"] == "Rang.\x1b[31m red \x9b31m"


def test_a_row_is_added_to_a_list_that_grows_and_to_no_other(home: Hipss) -> None:
    with also_known(PLAN):
        record = home.add({"words": "Go out"}, "plan")["record"]
        added = home.json("record", "add-row", record, "steps", "-", stdin='{"what": "Rang the school"}')
        assert_like(added, examples("hipss record add-row")[0], "add-row")
        [row] = home.json("record", "show", record)["fields"]["steps"]
        assert row["what"] == "Rang the school"
        refused = home.say("record", "add-row", record, "words", "-", stdin='{"what": "x"}')
        assert (refused.code, "Rows cannot be added" in refused.err) == (1, True)


def test_a_shown_record_has_its_rows_as_a_table_and_marks_what_cannot_be_read(home: Hipss) -> None:
    told_rows = [
        {"id": "a", "who": "police", "name": "PC Ahmed", "reference": "CAD 7", "at_not_known": True},
        {"id": "b", "who": "edt"},
    ]
    record = home.add({**contact("Rang."), "told_others": told_rows})["record"]
    lines = home.say("record", "show", record).out.splitlines()
    at = lines.index("Who was told:")
    assert [line.split() for line in lines[at + 1 : at + 4]] == [
        ["Who", "Spoke", "to", "Log", "number", "Time", "not", "known"], ["Police", "PC", "Ahmed", "CAD", "7", "Yes"], ["EDT"],
    ]  # fmt: skip
    assert lines[at + 1].index("Spoke to") == lines[at + 2].index("PC Ahmed")
    assert "What is happening?: Rang." in lines
    script = (
        "import sys; from pathlib import Path; from tests.helpers.stations import Station;"
        "store = Station(Path(sys.argv[1])).opened.store; held = store.get(sys.argv[2])\n"
        "with store.write() as unit: unit.append(record=held.record, kind=held.kind, action='amend',"
        " fields={**held.fields, 'handover': 'maybe'}, changed=['handover'], parents=held.heads, why='x')"
    )
    written = subprocess.run(
        [sys.executable, "-c", script, str(home.home), record], env=home.environment, cwd=ROOT, check=False
    )
    assert written.returncode == 0
    assert "For the morning handover (cannot be read): maybe" in home.say("record", "show", record).out


def test_a_second_process_on_an_open_store_says_so_and_exits_1(home: Hipss) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.helpers.stations import Station;"
        "Station(Path(sys.argv[1])).opened; print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home.home)], env=home.environment, cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as first:  # fmt: skip
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        reply = home.program("sync", "status")
        assert (reply.code, reply.out) == (1, "")
        assert "already open in another window or program" in reply.err
    assert home.program("sync", "status").code == 0


def test_the_program_itself_answers_and_says_nothing_else(home: Hipss) -> None:
    reply = home.program("kinds", "--json", fresh=True)
    assert (reply.code, reply.err) == (0, "")


def test_nothing_is_not_answered_for_what_a_role_may_not_read(tmp_path: Path) -> None:
    commissioner = Hipss(tmp_path / "home")
    commissioner.json("init", "--name", "C. Hart", "--role", "commissioner")
    for command in (["record", "list", "contact"], ["missing"]):
        reply = commissioner.say(*command, "--json")
        assert (reply.out, reply.code) == ("", 1)
        assert reply.err.startswith("Your role may not read this.")


def test_an_empty_answer_is_said_in_words(home: Hipss) -> None:
    assert home.say("record", "list", "restraint").out == "No restraints.\n"
    assert home.say("search", "zyxgold").out == "Nothing was found.\n"
