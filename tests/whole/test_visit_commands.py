"""A supervision visit on the command line: begun with what it names, filled in and finished."""

import json
from pathlib import Path
from typing import Any

import pytest

from hipss_desktop.kinds.reading import digest_of_words
from tests.helpers.command_line import Hipss
from tests.whole.test_commands import assert_like, examples

HOUSEHOLD = {"members": [{"given_name": "Joanna", "family_name": "Preece", "known_as": "Jo", "relation": "carer"}]}


def test_a_visit_is_begun_filled_in_and_finished_and_its_action_comes_to_the_next(tmp_path: Path) -> None:
    home = Hipss(tmp_path / "home")
    assert home.say("init", "--name", "D. Marsh", "--role", "supervising").code == 0
    carer = home.add(HOUSEHOLD, "carer")["record"]
    child = home.add(
        {"given_name": "Kai", "family_name": "Merrick", "local_id": "HIPSS-017", "born": "2002-06-03"}, "child"
    )["record"]
    placement = {"child": child, "carer": carer, "type": "main", "start": "2017-01-09"}
    home.add(placement, "placement")
    begun = home.json("visit", "start", "Jo Preece")
    example = examples("hipss visit start")[0]
    assert_like({**begun, "fields": {}}, {**example, "fields": {}}, "start")
    assert begun["fields"] == {
        "carer": carer,
        "children": [{"id": f"child-{child}", "child": child, "placed_as": "main"}],
    }
    assert home.json("visit", "start", carer)["saved"] == ""
    assert "Child placed there: Kai M." in home.say("visit", "start", "Jo Preece").out

    filled = {
        **begun["fields"],
        "type": "planned",
        "began": "2017-02-16T10:30",
        "people": [{"who": "household", "name": "Jo Preece", "was": ["took_part"]}],
        "children": [{**begun["fields"]["children"][0], "seen": True, "seen_alone": True}],
        "note": [{"place": "5", "mark": "said", "section": "words", "child": child, "text": "Jo stayed up for me."}],
        "new_actions": [{"what": "Fit lock to tool cupboard", "owner": "Martin", "due": "2017-02-24"}],
    }
    file = tmp_path / "visit.json"
    file.write_text(json.dumps({**filled, "began": ""}))
    refused = home.say("record", "add", "visit", str(file))
    assert (refused.code, "Enter when the visit began" in refused.err) == (1, True)
    visit = home.add(filled, "visit")["record"]
    assert "Jo stayed up for me." in home.say("record", "show", visit).out
    assert f"{visit}  Supervision visit, Jo Preece, written by D. Marsh" in home.say("countersign").out

    saved = home.json("visit", "start", "Jo Preece", "--save")
    assert (saved["fields"]["previous"], bool(saved["saved"])) == (visit, True)
    (action,) = saved["last_actions"]
    assert home.json("record", "show", action)["fields"]["from_visit"] == visit
    assert home.json("visit", "start", "Jo Preece")["record"] == saved["record"], "it is gone on with"
    nobody = home.say("visit", "start", "Carol Yeo")
    assert (nobody.code, nobody.err) == (
        1,
        "No carer household is called that here. Write the whole name, or the identifier.\n",
    )
    assert home.say("visit", "start", "0199c0de-ffff-7000-8000-0000000000ff").err == (
        "This household is not on this laptop.\n"
    )


SLEPT, NIGHTS = "Kai was asleep at ten.", "Jo stayed up for him on Monday."
AT_THE_TABLE = "2017-03-16T11:{}:00+00:00"


@pytest.fixture
def visited(tmp_path: Path) -> tuple[Hipss, str]:
    """The home of a worker who finished a visit of which two paragraphs are read back, and the visit."""
    home = Hipss(tmp_path / "home")
    assert home.say("init", "--name", "D. Marsh", "--role", "supervising").code == 0
    members = [
        {"id": "jo", "given_name": "Joanna", "family_name": "Preece", "known_as": "Jo", "relation": "carer"},
        {"id": "martin", "given_name": "Martin", "family_name": "Preece", "relation": "carer"},
    ]
    carer = home.add({"members": members}, "carer")["record"]
    note = [
        {"id": "p1", "place": "5", "section": "going", "text": SLEPT, "read_back": True},
        {"id": "p2", "place": "6", "section": "going", "text": NIGHTS, "read_back": True},
    ]
    fields = {
        "carer": carer,
        "type": "planned",
        "began": "2017-03-16T10:10:00+00:00",
        "people": [{"who": "household", "name": "Jo Preece", "was": ["took_part"]}],
        "note": note,
    }
    return home, str(home.add(fields, "visit")["record"])


def heads(home: Hipss, visit: str) -> list[str]:
    return list(home.json("record", "show", visit)["heads"])


def answer(home: Hipss, visit: str, number: int, who: str, paragraph: str, answer_code: str, words: str = "") -> None:
    """Write down what a carer answered to a paragraph as it stands."""
    text = {"p1": SLEPT, "p2": NIGHTS}[paragraph]
    name = {"jo": "Jo Preece", "martin": "Martin Preece"}[who]
    at = AT_THE_TABLE.format(30 + number)
    row = {
        "paragraph": paragraph,
        "seen": digest_of_words(text),
        "member": who,
        "name": name,
        "answer": answer_code,
        "at": at,
    }
    carer = home.json("record", "show", visit)["fields"]["carer"]
    about = {"visit": visit, "of": heads(home, visit), "carer": carer, "began": AT_THE_TABLE.format(30)}
    home.add({**about, "answers": [{**row, "words": words} if words else row]}, "reading")


def sign(home: Hipss, visit: str, who: str, **how: str) -> str:
    name = {"jo": "Jo Preece", "martin": "Martin Preece"}[who]
    carer = home.json("record", "show", visit)["fields"]["carer"]
    about = {"visit": visit, "of": heads(home, visit), "carer": carer, "at": AT_THE_TABLE.format(45)}
    fields = {**about, "member": who, "name": name, "capacity": "carer", **how}
    return str(home.add(fields, "signature")["record"])


def states(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["name"]: row["state"] for row in rows}


def test_the_state_of_a_reading_back_is_listed_with_answers_and_signatures(visited: tuple[Hipss, str]) -> None:
    home, visit = visited
    answer(home, visit, 1, "jo", "p1", "agree")
    answer(home, visit, 2, "martin", "p2", "disagree", "It was Tuesday.")
    signature = sign(home, visit, "jo", how="typed", typed="Jo Preece")
    for command in ("show", "readings", "signatures"):
        assert_like(home.json("visit", command, visit), examples(f"hipss visit {command}")[0], command)

    shown = home.json("visit", "show", visit)
    assert (shown["version"], shown["may_read_back"], shown["why_not"]) == (heads(home, visit), True, "")
    answers_by_text = {
        part["text"]: {row["name"]: row["answer"] for row in part["answers"]} for part in shown["read_back"]
    }
    assert answers_by_text == {
        SLEPT: {"Jo Preece": "agree", "Martin Preece": ""},
        NIGHTS: {"Jo Preece": "", "Martin Preece": "disagree"},
    }
    assert states(shown["signatures"]) == {
        "Jo Preece": "stands",
        "Martin Preece": "not_signed",
        "D. Marsh": "not_signed",
    }
    words = home.say("visit", "show", visit).out
    for line in ("Part 2 of 2, How it is going", "Martin Preece: I do not agree. ‘It was Tuesday.’", "Not answered"):
        assert line in words
    (signed,) = home.json("visit", "signatures", visit)
    assert (signed["record"], signed["typed"], signed["captured_by"]) == (signature, "Jo Preece", "D. Marsh")
    assert "Jo Preece, foster carer. Name typed. Captured by D. Marsh" in home.say("visit", "signatures", visit).out


def test_an_amendment_outdates_the_signatures_and_the_answers_to_the_words_that_it_changed(
    visited: tuple[Hipss, str],
) -> None:
    home, visit = visited
    answer(home, visit, 1, "jo", "p1", "agree")
    answer(home, visit, 2, "jo", "p2", "agree")
    answer(home, visit, 3, "martin", "p2", "agree")
    answer(home, visit, 4, "martin", "p2", "disagree")
    sign(home, visit, "jo", how="typed", typed="Jo Preece")
    note = home.json("record", "show", visit)["fields"]["note"]
    assert {row["state"] for row in home.json("visit", "readings", visit)} == {"stands", "replaced"}
    home.amend(visit, {"ended": "2017-03-16T11:30:00+00:00"})
    longer = heads(home, visit)
    home.amend(visit, {"note": [{**row, "text": "It was Tuesday."} if row["id"] == "p2" else row for row in note]})

    amendment = heads(home, visit)
    read = home.json("visit", "readings", visit)
    answer_states = [
        (row["name"], row["words_read"], row["state"], [by["digest"] for by in row["outdated_by"]]) for row in read
    ]
    assert answer_states == [
        ("Jo Preece", SLEPT, "stands", []),
        ("Jo Preece", NIGHTS, "outdated", amendment),
        ("Martin Preece", NIGHTS, "outdated", amendment),
        ("Martin Preece", NIGHTS, "outdated", amendment),
    ]
    assert [(by["does"], by["by"]) for by in read[1]["outdated_by"]] == [("amendment", "D. Marsh")]
    (signed,) = home.json("visit", "signatures", visit)
    assert (signed["state"], [by["digest"] for by in signed["outdated_by"]]) == ("outdated", longer + amendment)
    shown = home.json("visit", "show", visit)
    assert [row["answer"] for part in shown["read_back"] for row in part["answers"]] == ["agree", "", "", ""]
    assert states(shown["signatures"])["Jo Preece"] == "outdated"
    for command in ("readings", "signatures"):
        assert "Outdated by the amendment of " in home.say("visit", command, visit).out


def test_a_visit_that_cannot_be_read_back_says_why_and_keeps_its_signatures_in_the_list(
    visited: tuple[Hipss, str],
) -> None:
    home, visit = visited
    sign(home, visit, "martin", how="refused", reason="He wants to sleep on it")
    assert home.say("record", "withdraw", visit, "--why", "Written twice").code == 0
    shown = home.json("visit", "show", visit)
    assert (shown["withdrawn"], shown["why_not"]) == (True, "This visit was withdrawn. It can no longer be read back.")
    assert states(shown["signatures"]) == {"Martin Preece": "outdated"}
    (signed,) = home.json("visit", "signatures", visit)
    assert [by["does"] for by in signed["outdated_by"]] == ["withdrawal"]
    assert home.say("visit", "readings", visit).out == "Nothing was answered.\n"


@pytest.mark.parametrize("command", ["show", "readings", "signatures"])
def test_a_record_that_is_not_a_finished_visit_is_refused(visited: tuple[Hipss, str], command: str) -> None:
    home, visit = visited
    carer = home.json("record", "show", visit)["fields"]["carer"]
    draft = home.json("visit", "start", carer, "--save")["record"]
    for record in (carer, draft, "nothing"):
        refused = home.say("visit", command, record)
        assert (refused.code, refused.err) == (
            1,
            "There is no finished visit with this identifier on this laptop. ‘hipss record list visit’ lists them.\n",
        )


def test_a_role_that_may_not_read_visits_is_told_so(tmp_path: Path) -> None:
    home = Hipss(tmp_path / "home")
    assert home.say("init", "--name", "C. Powell", "--role", "commissioner").code == 0
    refused = home.say("visit", "show", "0199c0de-ffff-7000-8000-0000000000ff")
    assert (refused.code, refused.err) == (
        1,
        "Your role may not read this. Ask your manager if you need to. (Supervision visit)\n",
    )
