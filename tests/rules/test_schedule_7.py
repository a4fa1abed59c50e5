"""The ten events of Schedule 7: each type of incident leads to those who must be told of it, and to nobody else.

Each event is compared with the program's national table, and with a copy of that table that was typed by hand.
"""

from datetime import UTC, datetime

import pytest

from hipss_desktop.kinds.incident import BecameKnown, Decided, Incident
from hipss_desktop.records.codes import Code, code_list
from hipss_desktop.rules.clocks import Authorities, Clock, Council
from hipss_desktop.rules.incident_clocks import of_incident
from hipss_desktop.rules.notification_rules import shipped

IN_2017 = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
COLUMNS = {
    "ofsted_chief_inspector": ("ofsted",),
    "responsible_authority": ("responsible_authority",),
    "secretary_of_state": ("secretary_of_state",),
    "area_authority": ("area_authority",),
    "police": ("police",),
    "health_body": ("primary_care_trust", "clinical_commissioning_group", "integrated_care_board"),
}
"""The columns of the national table, and the recipients that each stands for."""
INCIDENTS: dict[str, list[Incident]] = {
    "S7-01": [Incident(types=["death"], abuse_suspected="no")],
    "S7-02": [Incident(types=["dbs"])],
    "S7-03": [Incident(types=["illness_accident"], abuse_suspected="no")],
    "S7-04": [Incident(types=["infectious_disease"])],
    "S7-05": [Incident(types=["serious_offence"])],
    "S7-06": [Incident(types=["exploitation"], abuse_suspected="no")],
    "S7-07": [
        Incident(types=["police_called"], police_serious="yes"),
        Incident(
            types=["police_called"],
            police_serious="to_decide",
            decides="S. Lloyd",
            decided=[Decided("1", question="police_serious", answer=True, why="The door was broken", at=IN_2017)],
        ),
    ],
    "S7-08": [Incident(types=["missing"])],
    "S7-09": [
        Incident(types=["complaint"], complaint_serious="yes"),
        Incident(types=["allegation"], alleged_against="carer", abuse_suspected="no"),
    ],
    "S7-10": [
        Incident(types=["enquiry_begun"], abuse_suspected="no"),
        Incident(types=["enquiry_ended"]),
        Incident(types=["other"], became_known=[BecameKnown("1", "enquiry_begun", IN_2017)], abuse_suspected="no"),
    ],
}
COPY = {
    #        Ofsted, responsible, Secretary of State, area, police, health
    "S7-01": "Y Y Y Y N Y",
    "S7-02": "Y Y N N N N",
    "S7-03": "Y Y N N N N",
    "S7-04": "Y Y N N N Y",
    "S7-05": "N Y N N Y N",
    "S7-06": "Y Y N Y Y N",
    "S7-07": "Y Y N N N N",
    "S7-08": "N Y N N N N",
    "S7-09": "Y Y N N N N",
    "S7-10": "Y Y N Y N N",
}
CASES = [(event, place) for event, versions in INCIDENTS.items() for place in range(len(versions))]


def clocks(incident: Incident, area: str = "Powys County Council") -> list[Clock]:
    """The clocks of an incident about one child who is placed in the area of another council."""
    incident.children, incident.aware = ["kai"], IN_2017
    return of_incident(
        incident, Council(shipped(), name="Herefordshire Council"), IN_2017, Authorities({"kai": ""}, area)
    )


def columns_told(event: str, incident: Incident) -> dict[str, str]:
    """Return for each column of the table "Y" if the event must be told to somebody in that column, else "N"."""
    recipients = {code for clock in clocks(incident) if event in clock.events for code in clock.recipients}
    return {name: "Y" if recipients & set(codes) else "N" for name, codes in COLUMNS.items()}


@pytest.mark.parametrize(("event", "place"), CASES)
def test_an_event_is_told_to_those_whom_the_national_table_names(event: str, place: int) -> None:
    listed = code_list("fostering_schedule7_events").get(event)
    assert isinstance(listed, Code)
    assert columns_told(event, INCIDENTS[event][place]) == {name: listed.more[name] for name in COLUMNS}


@pytest.mark.parametrize(("event", "place"), CASES)
def test_an_event_is_told_to_those_whom_the_copy_names(event: str, place: int) -> None:
    assert list(columns_told(event, INCIDENTS[event][place]).values()) == COPY[event].split()


def test_the_national_table_has_these_ten_events_and_all_can_be_reached() -> None:
    assert [listed.code for listed in code_list("fostering_schedule7_events").codes] == list(INCIDENTS) == list(COPY)


def test_each_rule_of_schedule_7_is_policy_based_on_regulation_36_within_24_hours_then_in_writing() -> None:
    rules = [rule for rule in shipped().rules if rule.event.startswith("S7-")]
    assert {(rule.within, rule.unit, rule.basis, rule.basis_words, rule.then_in_writing) for rule in rules} == {
        (24, "hours", "local_policy", "This council’s policy, based on regulation 36", True)
    }
    assert all("29.1" in rule.source for rule in rules)


@pytest.mark.parametrize(
    "incident",
    [
        Incident(types=["complaint"], complaint_serious="no"),
        Incident(types=["police_called"], police_serious="no"),
        Incident(
            types=["aggression", "medication_error", "hospital", "damage_fire", "hate_bullying", "moved", "other"]
        ),
    ],
    ids=["a complaint that is not serious", "police, not serious", "types without an event"],
)
def test_an_incident_that_is_not_in_schedule_7_is_told_to_nobody(incident: Incident) -> None:
    assert clocks(incident) == []


@pytest.mark.parametrize(
    ("types", "question"), [(["complaint"], "complaint_serious"), (["police_called"], "police_serious")]
)
def test_an_open_question_names_who_decides_until_somebody_decides(types: list[str], question: str) -> None:
    incident = Incident(types=types, decides="S. Lloyd")
    setattr(incident, question, "to_decide")
    assert {(clock.state, clock.reason) for clock in clocks(incident)} == {("to_decide", "S. Lloyd")}
    incident.decided = [Decided("1", question=question, answer=False, why="A word about bedtime", at=IN_2017)]
    assert clocks(incident) == []
    incident.decided.append(Decided("2", question=question, answer=True, why="It was more than that", at=IN_2017))
    assert {clock.state for clock in clocks(incident)} == {"not_yet_due"}


def test_one_council_that_is_responsible_and_area_authority_is_one_row() -> None:
    [shared_clock] = [
        clock for clock in clocks(INCIDENTS["S7-10"][0], "Herefordshire") if "area_authority" in clock.recipients
    ]
    assert shared_clock.name == "Responsible and area authority"
    assert shared_clock.recipients == ("responsible_authority", "area_authority")


def test_each_child_has_its_own_responsible_authority() -> None:
    incident = Incident(types=["dbs"], children=["kai", "amara", "tyler"], aware=IN_2017)
    authorities = Authorities({"kai": "Powys County Council", "tyler": "Powys"}, "")
    told_of = {
        clock.name: clock.children
        for clock in of_incident(incident, Council(shipped(), name="Herefordshire Council"), IN_2017, authorities)
    }
    assert told_of["Responsible authority"] == ("amara",)
    assert told_of["Responsible authority, Powys County Council"] == ("kai", "tyler")
    assert told_of.keys() == {"Ofsted", "Responsible authority", "Responsible authority, Powys County Council"}
