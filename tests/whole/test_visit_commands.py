"""A supervision visit on the command line: begun with what it names, filled in and finished."""

import json
from pathlib import Path

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
