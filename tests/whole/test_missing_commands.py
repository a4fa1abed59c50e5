"""Missing children on the command line: who is not home, and the national return that says what it leaves out."""

import json
from pathlib import Path

from tests.helpers.command_line import Hipss
from tests.whole.test_commands import assert_like, examples

CHILD = {"given_name": "Kai", "family_name": "Merrick", "local_id": "HIPSS-017", "born": "2002-06-03"}
AWAY = {"last_seen": "2017-03-13T20:15:00+00:00", "reported": "2017-03-13T21:40:00+00:00", "type": "M"}


def test_a_child_who_is_not_home_is_listed_until_the_return_and_written_into_the_return(
    home: Hipss, tmp_path: Path
) -> None:
    assert home.say("missing").out == "No guide for a missing child goes on.\n"
    child = str(home.add(CHILD, "child")["record"])
    record = str(home.add({"child": child, **AWAY}, "missing_episode")["record"])
    police = {"step": "police", "at": "2017-03-13T21:45:00+00:00", "log_number": "0612", "grade": "medium"}
    home.json("record", "add-row", record, "steps", "-", stdin=json.dumps(police))
    rows = home.json("missing")
    assert_like(rows, examples("hipss missing")[0], "missing")
    assert isinstance(rows, list)
    assert (rows[0]["began"], rows[0]["log_number"], rows[0]["steps"]) == (AWAY["last_seen"], "0612", ["police"])
    sister = str(home.add({**CHILD, "given_name": "Lena", "local_id": "HIPSS-018"}, "child")["record"])
    assert home.json("missing", "--child", sister) == []
    untimed = str(home.add({"child": child, "last_seen_not_known": True, "type": "A"}, "missing_episode")["record"])
    file = tmp_path / "missing.csv"
    reply = home.say("export", "missing", "--to", str(file), "--json")
    assert reply.code == 1
    assert_like(json.loads(reply.out), examples("hipss export")[1], "export missing")
    assert file.read_text(encoding="utf-8-sig").splitlines()[1:] == ["HIPSS017,03/06/2002,M,13/03/2017,"]
    returned = {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Jo", "injuries": "None seen"}
    home.json("record", "add-row", record, "returned", "-", stdin=json.dumps(returned))
    assert [row["record"] for row in home.json("missing")] == [untimed]


def test_a_child_of_whom_calls_alone_say_so_is_listed_without_a_guide(tmp_path: Path) -> None:
    home = Hipss(tmp_path / "home")
    home.json("init", "--name", "A. Bevan", "--role", "on_call")
    josh = str(home.add({**CHILD, "given_name": "Josh", "local_id": "HIPSS-020"}, "child")["record"])
    told_rows = [{"who": "police", "at": "2017-03-13T21:50:00+00:00", "name": "PC 2231", "reference": "0613"}]
    call = {
        "type": "call",
        "caller_name": "Jo",
        "children": [josh],
        "told": "2017-03-13T21:40:00+00:00",
        "advice": "Ring 101",
        "happening": "Not home",
        "concerns": ["missing"],
        "missing": "still",
        "missing_since": AWAY["last_seen"],
        "risk": "high",
        "outcome": "advice_given",
        "needs_to_know": ["nobody"],
        "told_others": told_rows,
    }
    home.add(call)
    rows = home.json("missing")
    assert_like(rows, examples("hipss missing")[0], "missing")
    (row,) = rows
    assert (row["record"], row["child"], row["last_seen"]) == ("", josh, AWAY["last_seen"])
    assert (row["reported"], row["police_told"], row["log_number"]) == (call["told"], told_rows[0]["at"], "0613")
    assert home.say("missing").out.endswith("police log 0613, no guide was begun\n")
