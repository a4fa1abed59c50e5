"""Two laptops amend one record, from the command line: different parts are both there, the same part waits for a person."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.stations import contact
from tests.whole.conftest import Enrol


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with serving(tmp_path_factory.mktemp("conflict") / "council") as server:
        yield server


def both(council: CouncilServer, enrol: Enrol) -> tuple[Hipss, Hipss, str]:
    """Two laptops that hold one contact."""
    a, b = enrol(council, "A. Bevan"), enrol(council, "C. Powell", laptop="LT-2")
    record = a.add(contact("Rang about supper.", outcome="advice_given"))["record"]
    a.json("sync")
    b.json("sync")
    return a, b, record


def shown(hipss: Hipss, record: str) -> dict[str, Any]:
    """The record as a laptop shows it, all revisions by digest; where each is does not matter here."""
    value = hipss.json("record", "show", record, "--history")
    value["revisions"] = sorted(
        (revision["digest"], revision["envelope"], revision["body"]) for revision in value["revisions"]
    )
    return {name: answer for name, answer in value.items() if name != "sync"}


@pytest.mark.parametrize("order", ["ABAB", "BABA"])
def test_amendments_of_different_parts_are_both_there_whatever_the_order_of_sync(
    council: CouncilServer, enrol: Enrol, order: str
) -> None:
    a, b, record = both(council, enrol)
    a.amend(record, {"advice": "Ring at nine instead."})
    b.amend(record, {"outcome": "follow_up"})
    before = council.json("doctor")["seats"]
    for laptop in order:
        {"A": a, "B": b}[laptop].json("sync")
    seen = shown(a, record)
    assert seen == shown(b, record)
    assert (seen["fields"]["advice"], seen["fields"]["outcome"]) == ("Ring at nine instead.", "follow_up")
    assert (seen["conflicts"], seen["disputed"], seen["versions"]) == ({}, False, 3)
    after = council.json("doctor")["seats"]
    grown = {seat: number - before.get(seat, [0])[0] for seat, (number, _) in after.items()}
    assert sorted(number for number in grown.values() if number) == [1, 1]
    assert a.json("doctor")["seats"] == b.json("doctor")["seats"] == after
    assert a.json("sync", "status")["needs_you"] == b.json("sync", "status")["needs_you"] == 0


def test_amendments_of_the_same_part_wait_side_by_side_and_a_decision_settles_them_everywhere(
    council: CouncilServer, enrol: Enrol
) -> None:
    a, b, record = both(council, enrol)
    a.amend(record, {"advice": "Take her in."})
    b.amend(record, {"advice": "Ring the duty team."})
    for hipss in (a, b, a):
        hipss.json("sync")
    for hipss in (a, b):
        value = hipss.json("record", "show", record)
        sides = [side["value"] for side in value["conflicts"]["advice"]]
        assert sorted(sides) == ["Ring the duty team.", "Take her in."]
        assert value["sync"] == "needs_you"
        assert hipss.json("sync", "status")["needs_you"] == 1
    assert shown(a, record) == shown(b, record)
    before = shown(a, record)
    refused = a.say("record", "amend", record, "-", "--why", "Rang both.", stdin='{"advice": "Ring at nine."}')
    assert refused.code == 1
    assert "What did you advise has two versions. Decide between them first, then amend." in refused.err
    assert shown(a, record) == before
    chosen = '{"advice": "Ring the duty team, then take her in."}'
    a.json("record", "decide", record, "-", "--why", "Rang both.", stdin=chosen)
    a.json("sync")
    b.json("sync")
    for hipss in (a, b):
        value = hipss.json("record", "show", record, "--history")
        assert value["conflicts"] == {}
        assert value["fields"]["advice"] == "Ring the duty team, then take her in."
        advice_texts = {revision["body"]["fields"].get("advice") for revision in value["revisions"]}
        assert {"Take her in.", "Ring the duty team.", "Ring the duty team, then take her in."} <= advice_texts
        assert hipss.json("sync", "status")["needs_you"] == 0
    decided = max(shown(a, record)["revisions"], key=lambda revision: len(revision[1]["parents"]))
    assert len(decided[1]["parents"]) == 2
    second_decision = a.say("record", "decide", record, "-", "--why", "Once more.", stdin=chosen)
    assert (second_decision.code, "decided already" in second_decision.err) == (1, True)


def test_a_fork_is_told_and_healed_by_one_sync(council: CouncilServer, enrol: Enrol, tmp_path: Path) -> None:
    a = enrol(council, "E. Morgan", laptop="LT-5")
    a.add(contact("Before."))
    a.json("sync")
    shutil.copytree(a.home, tmp_path / "copy")
    a.add(contact("With the council alone."))
    a.json("sync")
    shutil.rmtree(a.home)
    shutil.copytree(tmp_path / "copy", a.home)
    mine = a.add(contact("On the laptop alone."))
    seat = a.json("sync", "status")["seat"]
    healed = a.json("sync")
    assert healed["begun_afresh"]
    assert healed["seat"] != seat
    assert (healed["waiting"], a.json("record", "show", mine["record"])["sync"]) == (0, "sent")
    contact_texts = {contact["fields"]["happening"] for contact in a.json("record", "list", "contact")}
    assert {"Before.", "With the council alone.", "On the laptop alone."} <= contact_texts
    assert a.json("sync")["begun_afresh"] is False
    assert a.json("doctor")["findings"] == []
