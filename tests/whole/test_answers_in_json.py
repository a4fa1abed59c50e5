"""Answers that a person writes in JSON by hand: read as they were meant, or refused with what to write; never signed unread."""

import json
from typing import Any

import pytest

from tests.helpers.command_line import Hipss

KAI = {"given_name": "Kai", "family_name": "Merrick", "local_id": "HIPSS-017", "born": "2003-02-01"}
INCIDENT = {"types": ["missing"], "aware": "2017-03-17T18:40:00+00:00", "happening": "He went out"}


@pytest.fixture(scope="module")
def kai(home: Hipss) -> str:
    return str(home.add(KAI, "child")["record"])


def fields_of(home: Hipss, record: str) -> Any:
    return home.json("record", "show", record)["fields"]


def add(home: Hipss, **fields: Any) -> Any:
    return home.say("record", "add", "incident", "-", stdin=json.dumps({**INCIDENT, **fields}))


@pytest.mark.parametrize("child", ["HIPSS-017", "Kai Merrick", "kai m.", ["Kai Merrick"]])
def test_labels_names_and_wall_times_are_kept_as_codes_identifiers_and_instants(
    home: Hipss, kai: str, child: Any
) -> None:
    notified_row = {"recipient": "Police", "at": "17/03/2017 18:50", "how": "by telephone"}
    written = {
        **INCIDENT,
        "types": ["Missing from care", "allegation"],
        "children": child,
        "aware": "2017-03-17T18:40",
        "alleged_against": "Carer",
        "abuse_suspected": "Yes",
        "notified": [notified_row],
    }
    record = home.add(written, "incident")["record"]
    fields = fields_of(home, record)
    assert fields["types"] == ["missing", "allegation"]
    assert fields["children"] == [kai]
    assert fields["aware"] == "2017-03-17T18:40:00+00:00"
    assert (fields["alleged_against"], fields["abuse_suspected"]) == ("carer", "yes")
    [row] = fields["notified"]
    assert (row["recipient"], row["at"], row["how"]) == ("police", "2017-03-17T18:50:00+00:00", "phone")
    told_of = {row["recipient"] for row in home.json("clocks", record)}
    assert {"LADO", "Local safeguarding children board", "Ofsted"} <= told_of  # each follows from an answer above
    assert record in {row["record"] for row in home.json("clocks", "--child", kai)}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"types": ["missing", "gone"]}, "types: Use one of: missing, away, self_harm,"),
        ({"types": ["allegation"], "alleged_against": "the carer"}, "alleged_against: Use one of: carer, "),
        ({"children": ["Kay Merrick"]}, "children: No child is called that here"),
        ({"carers": "HIPSS-017"}, "carers: No carer household is called that here"),
        ({"aware": "yesterday"}, "aware: Enter a date and time like 14/03/2017 02:14"),
        ({"aware": "0001-01-01T00:00:00+00:00"}, "aware: Enter a date and time like 14/03/2017 02:14"),
        ({"aware": "9999-12-31T23:59:59+00:00"}, "aware: Enter a date and time like 14/03/2017 02:14"),
        ({"aware": "2017-03-26T01:30"}, "aware: 01:30 did not happen on 26 March 2017. The clocks went forward."),
        ({"aware": "2017-10-29T01:30"}, "aware: The clocks went back, so 01:30 came twice. Write BST or GMT after it."),
        ({"notified": "the police"}, "notified: Enter who was told again. It cannot be read."),
        ({"notified": [{"id": "r1", "recipient": "the cops"}]}, "notified/r1/recipient: Use one of: ofsted, "),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write_and_nothing_is_signed(
    home: Hipss, kai: str, fields: dict[str, Any], sentence: str
) -> None:
    before = home.json("record", "list", "incident")
    reply = add(home, **fields)
    assert reply.code == 1
    assert f"  {sentence}" in reply.err
    assert home.json("record", "list", "incident") == before


def test_an_identifier_of_another_kind_is_refused_and_one_of_another_laptop_is_kept(home: Hipss, kai: str) -> None:
    reply = add(home, from_contact=kai)
    assert reply.err.splitlines()[1:] == [
        "  from_contact: This is no on-call contact. Write the name or the identifier of one."
    ]
    elsewhere = "01a21fa0-6202-755c-a3b8-77c39e82beb6"
    record = home.add({**INCIDENT, "from_contact": elsewhere}, "incident")["record"]
    assert fields_of(home, record)["from_contact"] == elsewhere


def test_who_writes_is_known_by_name_before_a_council_names_them(home: Hipss) -> None:
    shift = {"on_call": "a. bevan", "planned_start": "13/03/2017 17:30", "planned_end": "14/03/2017 08:30"}
    shift_record = home.json("record", "show", home.add(shift, "shift")["record"], "--history")
    assert shift_record["fields"]["on_call"] == shift_record["revisions"][0]["envelope"]["author"]
    reply = home.say("record", "add", "shift", "-", stdin=json.dumps({**shift, "on_call": "C. Powell"}))
    assert "on_call: No practitioner is called that here" in reply.err


def test_the_hour_that_came_twice_is_told_apart_by_its_zone(home: Hipss) -> None:
    for zone, offset in (("BST", "+01:00"), ("GMT", "+00:00")):
        record = home.add({**INCIDENT, "aware": f"2017-10-29T01:30 {zone}"}, "incident")["record"]
        assert fields_of(home, record)["aware"] == f"2017-10-29T01:30:00{offset}"


def test_an_amendment_and_a_row_are_read_alike(home: Hipss, kai: str) -> None:
    record = home.add(INCIDENT, "incident")["record"]
    home.amend(
        record,
        {"children": ["Kai Merrick"], "types": "Self-harm or overdose", "abuse_suspected": "no", "mental_health": "no"},
    )
    assert fields_of(home, record)["children"] == [kai]
    refused = home.say("record", "amend", record, "-", "--why", "x", stdin='{"types": ["gone"]}')
    assert "types: Use one of: missing" in refused.err
    refused = home.say("record", "add-row", record, "notified", "-", stdin='{"recipient": "cops", "at": "soon"}')
    assert [line.split("/")[2].split(":")[0] for line in refused.err.splitlines()[1:]] == ["recipient", "at"]
    home.json("record", "add-row", record, "notified", "-", stdin='{"recipient": "EDT", "at": "2017-03-17 18:50"}')
    [row] = fields_of(home, record)["notified"]
    assert (row["recipient"], row["at"]) == ("edt", "2017-03-17T18:50:00+00:00")


def test_a_draft_keeps_what_was_written_and_names_what_cannot_be_read(home: Hipss, kai: str) -> None:
    written = {**INCIDENT, "types": ["gone"], "children": ["Kai Merrick", "Kay"]}
    draft = home.json("record", "add", "incident", "-", "--draft", stdin=json.dumps(written))
    assert {missing_answer["field"] for missing_answer in draft["missing"]} == {"types", "children"}
    assert home.json("record", "show", draft["record"])["fields"]["children"] == [kai, "Kay"]


def test_an_unknown_field_is_named_in_a_message(home: Hipss) -> None:
    reply = add(home, child="x")
    assert reply.code == 0
    assert reply.err == "'child' is no field of this kind (Incident). It is kept as it stands.\n"


@pytest.mark.parametrize("command", ["clocks", "missing"])
def test_a_child_is_found_by_name_or_identifier_and_an_unknown_one_is_an_error(
    home: Hipss, kai: str, command: str
) -> None:
    home.add({**INCIDENT, "children": [kai]}, "incident")
    assert home.json(command, "--child", "Kai Merrick") == home.json(command, "--child", kai)
    for name, sentence in (
        ("Kay Merrick", "No child is called that here. Write the whole name, or the identifier.\n"),
        ("01a21fa0-6202-755c-a3b8-77c39e82beb6", "This child is not on this laptop.\n"),
    ):
        reply = home.say(command, "--child", name)
        assert (reply.code, reply.err) == (1, sentence)


def test_a_plain_text_is_taken_as_paragraphs_and_an_amendment_keeps_those_that_say_the_same(home: Hipss) -> None:
    marked = [{"text": "He went out"}, {"text": "He was cross", "mark": "Opinion"}]
    record = home.add({**INCIDENT, "happening": marked}, "incident")["record"]
    first, second = sorted(fields_of(home, record)["happening"], key=lambda row: row["place"])
    assert (first["text"], second["text"], second["mark"]) == ("He went out", "He was cross", "opinion")
    shown = home.say("record", "show", record).out
    assert "What happened, in words:\n  He went out\n  Opinion: He was cross\n" in shown
    amendment = json.dumps({"happening": "Jo rang\n\nHe went out\nHe was cross"})
    home.say("record", "amend", record, "-", "--why", "Jo rang", stdin=amendment)
    rows = sorted(fields_of(home, record)["happening"], key=lambda row: row["place"])
    assert [row["text"] for row in rows] == ["Jo rang", "He went out", "He was cross"]
    assert rows[1:] == [first, second]
    refused = add(home, happening=[{"text": "x", "mark": "rumour"}])
    assert refused.code != 0
    assert "Use one of: fact, said, opinion, third_party, decision" in refused.err
