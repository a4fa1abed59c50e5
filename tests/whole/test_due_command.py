"""What is due for households on the command line: from records that were finished, for any day."""

from pathlib import Path
from typing import Any

from tests.helpers.command_line import Hipss
from tests.whole.test_commands import assert_like, examples

RAO: dict[str, Any] = {
    "members": [
        {"id": "m1", "given_name": "Sunita", "family_name": "Rao", "relation": "carer", "checked": "2015-01-19"},
        {"id": "m2", "given_name": "Dev", "family_name": "Rao", "relation": "second_carer", "checked": "2015-01-19"},
    ],
    "approved_on": "2015-02-10",
    "status": "approved",
    "frequencies": [{"id": "f1", "starts": "2015-02-10", "every": 4, "unit": "weeks"}],
}
TOOK_PART = [{"who": "household", "name": "Sunita Rao", "was": ["took_part"]}]


def rows_of(home: Hipss, *arguments: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["topic"] or row["what"], row["person"]): row for row in home.json("due", *arguments)}


def test_what_is_due_follows_from_what_was_finished(tmp_path: Path) -> None:
    home = Hipss(tmp_path / "home")
    assert home.say("init", "--name", "D. Marsh", "--role", "manager").code == 0
    assert home.json("due") == []
    rao = home.add(RAO, "carer")["record"]
    visit = {"carer": rao, "type": "unannounced", "began": "2016-03-02T10:00", "people": TOOK_PART, "rooms_seen": True}
    unannounced = home.add(visit, "visit")["record"]
    home.add({"carer": rao, "type": "unannounced", "began": "2017-03-01T10:00", "nobody_in": True}, "visit")
    home.add({"carer": rao, "type": "planned", "began": "2017-02-23T10:00", "people": TOOK_PART}, "visit")
    home.add({"carer": rao, "type": "annual_review", "on": "2017-02-09", "at_panel": True}, "carer_check")
    home.add({"carer": rao, "type": "home_safety", "on": "2016-04-06", "outcome": "Stair gate"}, "carer_check")
    home.add({"carer": rao, "type": "tsds", "member": "m2", "on": "2016-01-20", "standards": 7}, "carer_check")
    came = {"id": "p1", "name": "Sunita Rao", "role": "Foster carer", "was": "came", "carer": rao, "member": "m1"}
    span = {"began": "2017-03-15T09:30:00+00:00", "ended": "2017-03-15T12:00:00+00:00"}
    home.add({"stage": "held", "name": "First aid", "topic": "first_aid", "people": [came], **span}, "training")

    rows = rows_of(home, "Sunita & Dev Rao", "--on", "2017-03-16")
    assert_like(list(rows.values()), examples("hipss due")[0], "due")
    assert {key: (row["last_counted"], row["due"], row["state"]) for key, row in rows.items()} == {
        ("supervision_visit", ""): ("2017-02-23", "2017-03-23", "ok"),
        ("unannounced_visit", ""): ("2016-03-02", "2017-03-02", "overdue"),
        ("home_look", ""): ("2016-03-02", "2017-03-02", "overdue"),
        ("annual_review", ""): ("2017-02-09", "2018-02-09", "ok"),
        ("dbs", "m1"): ("2015-01-19", "2018-01-19", "ok"),
        ("dbs", "m2"): ("2015-01-19", "2018-01-19", "ok"),
        ("tsds", "m1"): (None, "2016-02-10", "overdue"),
        ("tsds", "m2"): ("2016-01-20", None, "done"),
        ("first_aid", "m1"): ("2017-03-15", "2020-03-15", "ok"),
        ("first_aid", "m2"): (None, "2018-02-10", "never_recorded"),
        ("safeguarding", "m1"): (None, "2018-02-10", "never_recorded"),
        ("safeguarding", "m2"): (None, "2018-02-10", "never_recorded"),
        ("behaviour", "m1"): (None, "2018-02-10", "never_recorded"),
        ("behaviour", "m2"): (None, "2018-02-10", "never_recorded"),
        ("home_safety", ""): ("2016-04-06", "2017-04-06", "due_soon"),
        ("bedroom", ""): (None, "2016-02-10", "overdue"),
    }
    late = rows["unannounced_visit", ""]
    assert (late["days_overdue"], late["record"]) == (14, unannounced)
    assert late["notes"] == ["1 March 2017: nobody was in, so it does not count."]
    assert rows == rows_of(home, "--on", "16/03/2017"), "all households, and there is one"
    before = rows_of(home, rao, "--on", "2017-02-01")
    assert (before["annual_review", ""]["last_counted"], before["annual_review", ""]["due"]) == (None, "2016-02-10")
    words = home.say("due", "Sunita & Dev Rao", "--on", "16 March 2017").out
    assert "Sunita & Dev Rao, Unannounced visit, 2 March 2017: 14 days overdue. At least 1 in 12 months" in words
    assert home.say("due", "--on", "yesterday").code == 1
    assert (
        home.say("due", "Carol Yeo").err
        == "No carer household is called that here. Write the whole name, or the identifier.\n"
    )

    home.amend(rao, {"approved_until": "2017-03-15"})
    ended = rows_of(home, rao, "--on", "2017-03-16")
    assert {(row["state"], row["due"]) for row in ended.values()} == {("nothing_due", None)}
    assert rows_of(home, rao, "--on", "2017-03-15") != ended


def test_the_council_asks_for_two_unannounced_visits_from_a_day_on(tmp_path: Path) -> None:
    home = Hipss(tmp_path / "home")
    assert home.say("init", "--name", "S. Lloyd", "--role", "manager").code == 0
    rao = home.add(RAO, "carer")["record"]
    for began in ("2016-06-01T10:00", "2016-12-01T10:00"):
        home.add({"carer": rao, "type": "unannounced", "began": began, "people": TOOK_PART}, "visit")
    home.add({"name": "unannounced_visits", "value": "2", "starts": "2017-01-01"}, "value")
    rows = rows_of(home, rao, "--on", "2017-03-16")
    assert rows["unannounced_visit", ""]["due"] == "2017-06-01"
    assert rows_of(home, rao, "--on", "2016-12-31")["unannounced_visit", ""]["due"] == "2017-12-01"
    refused = home.say(
        "record", "add", "value", "-", stdin='{"name": "dbs_every", "value": "often", "starts": "2017-01-01"}'
    )
    assert "Enter a number of weeks, months or years" in refused.err
