"""The clocks of incidents and restraints as laptops hold them: rows of two laptops, amendments, sign-offs and settings."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import from_contact
from hipss_desktop.kinds.missing_episode import return_task
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.rules.clocks import Clock
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock, sign_in_as

AWARE = "2017-03-13T22:10:00+00:00"
AT = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)


def finished(services: Services, kind: str, **fields: Any) -> str:
    draft = services.records.new_draft(kind, fields)
    services.records.finish(draft)
    return draft.record


def an_incident(services: Services, *types: str, **more: Any) -> str:
    answers: dict[str, Any] = {
        "types": list(types),
        "children": [child_named(services, "Kai")],
        "aware": AWARE,
        "happening": one_paragraph("He went out at the back"),
    }
    return finished(services, "incident", **{**answers, **more})


def clocks(services: Services, record: str, at: datetime = AT) -> dict[str, Clock]:
    """The clocks of a record by their first recipient."""
    return {of.clock.recipients[0]: of.clock for of in services.clocks.of(record, at)}


def acting_as(services: Services, role: str) -> Services:
    sign_in_as(services.store, role=role)
    return services


@pytest.fixture
def incident(mine: Services, theirs: Services) -> str:
    """A missing child, known to both laptops."""
    record = an_incident(mine, "missing")
    exchange(mine, theirs)
    return record


def test_fifty_rows_from_each_of_two_laptops_are_a_hundred_rows_and_no_conflict(
    mine: Services, theirs: Services, incident: str
) -> None:
    for number in range(50):
        for services in (mine, theirs):
            row = {"recipient": "police", "at": f"2017-03-14T01:{number:02}:00+00:00", "reference": f"{number}"}
            services.records.add_row(incident, "notified", row)
    exchange(mine, theirs)
    for services in (mine, theirs):
        held = services.store.get(incident)
        assert held is not None
        assert len({row["id"] for row in held.fields["notified"]}) == len(held.fields["notified"]) == 100
        assert (dict(held.conflicts), held.disputed, held.versions) == ({}, False, 1)
        bodies = [revision.content() for revision in services.store.revisions(incident)]
        assert len(bodies) == 101
        assert [body.why for body in bodies if body is not None and body.why] == []
        assert clocks(services, incident)["police"].state == "told"


def test_the_row_says_who_told_without_anybody_typing_it(mine: Services, theirs: Services, incident: str) -> None:
    theirs.records.add_row(incident, "notified", {"recipient": "police", "at": "2017-03-14T01:00:00+00:00"})
    exchange(mine, theirs)
    done = clocks(mine, incident)["police"].told
    assert done is not None
    assert done.by == "K. Adeyemi"


@pytest.mark.parametrize(
    ("role", "may"), [("supervising", True), ("lead", True), ("on_call", True), ("commissioner", False)]
)
def test_the_roles_of_the_day_add_rows_and_the_commissioner_does_not(mine: Services, role: str, may: bool) -> None:
    record = an_incident(mine, "missing")
    services = acting_as(mine, role)
    row = {"done": "Rang the school", "at": AWARE}
    if may:
        services.records.add_row(record, "steps", row)
    else:
        with pytest.raises(UserError, match=r"^Only .* can write"):
            services.records.add_row(record, "steps", row)


def test_only_a_manager_signs_off_and_that_is_not_told(mine: Services, incident: str) -> None:
    fields = {"incident": incident, "recipient": "responsible_authority", "at": "2017-03-14T02:00:00+00:00"}
    with pytest.raises(UserError, match=r"^Only .* can write"):
        finished(acting_as(mine, "on_call"), "sign_off", **fields)
    finished(acting_as(mine, "manager"), "sign_off", **fields)
    clock = clocks(mine, incident)["responsible_authority"]
    assert clock.signed_off is not None
    assert (clock.signed_off.by, clock.told, clock.state) == ("A. Bevan", None, "not_yet_due")


@pytest.mark.parametrize("kind", ["recipient", "closing_day", "value"])
def test_only_a_manager_changes_what_the_council_has_set(mine: Services, kind: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "recipient": {
            "name": "Designated nurse",
            "events": ["S7-08"],
            "unit": "hours",
            "within": 4,
            "starts": "2017-01-01",
        },
        "closing_day": {"day": "2017-03-14", "why": "Flood"},
        "value": {"name": "working_day_ends", "value": "at the close", "starts": "2017-01-01"},
    }
    with pytest.raises(UserError, match=r"^Only .* can write"):
        finished(acting_as(mine, "lead"), kind, **fields[kind])
    finished(acting_as(mine, "manager"), kind, **fields[kind])


def test_a_type_taken_off_after_somebody_was_told_stays_because(mine: Services, incident: str) -> None:
    mine.records.add_row(incident, "notified", {"recipient": "police", "at": "2017-03-13T22:20:00+00:00"})
    amend(mine, incident, {"types": ["aggression"]}, why="He had been in the shed all the time")
    stands = clocks(mine, incident)
    assert {name: (clock.state, clock.reason) for name, clock in stands.items()} == {
        "police": ("no_longer_required", "He had been in the shed all the time")
    }
    amend(mine, incident, {"types": ["missing", "aggression"]}, why="He had not")
    assert clocks(mine, incident)["police"].state == "told"


def test_a_duty_that_does_not_apply_stays_with_its_reason_when_statutory_guidance_made_it(mine: Services) -> None:
    record = an_incident(mine, "allegation", alleged_against="carer", abuse_suspected="no")
    with pytest.raises(Unfinished) as refused:
        mine.records.add_row(record, "not_applying", {"recipient": "lado", "at": "2017-03-14T01:00:00+00:00"})
    assert [problem.message for problem in refused.value.problems] == ["Enter why it does not apply"]
    row = {"recipient": "lado", "at": "2017-03-14T01:00:00+00:00", "why": "The LADO rang us first"}
    mine.records.add_row(record, "not_applying", row)
    lado = clocks(mine, record)["lado"]
    assert (lado.state, lado.reason, lado.rule.basis) == (
        "does_not_apply",
        "The LADO rang us first",
        "statutory_guidance",
    )


def test_what_the_council_has_set_decides_when_a_working_day_ends(mine: Services) -> None:
    record = an_incident(
        mine, "allegation", alleged_against="worker", abuse_suspected="no", aware="2017-03-13T10:15:00+00:00"
    )
    lado = clocks(mine, record)["lado"]
    assert lado.due is not None
    assert times.stamp(lado.due) == "2017-03-14T10:15:00+00:00"
    finished(mine, "value", name="working_day_ends", value="At the close", starts="2017-03-01")
    finished(mine, "closing_day", day="2017-03-14", why="Flood")
    lado = clocks(mine, record)["lado"]
    assert lado.due is not None
    assert times.stamp(lado.due) == "2017-03-14T17:00:00+00:00"


def test_the_childs_authority_is_one_row_with_the_area_where_it_is_the_council(mine: Services) -> None:
    record = an_incident(mine, "exploitation", abuse_suspected="no")
    authority_clock = clocks(mine, record)["responsible_authority"]
    assert authority_clock.recipients == ("responsible_authority", "area_authority")
    apart = an_incident(mine, "exploitation", abuse_suspected="no", area_authority="Powys County Council")
    stands = clocks(mine, apart)
    assert stands["area_authority"].name == "Area authority, Powys County Council"
    assert stands["responsible_authority"].recipients == ("responsible_authority",)


def call_about_kai(services: Services, **answers: Any) -> str:
    """Jo Preece rang, as Kai is still missing."""
    return finished(
        services,
        "contact",
        type="call",
        caller_name="Jo Preece",
        children=[child_named(services, "Kai")],
        concerns=["missing"],
        missing="still",
        last_seen_not_known=True,
        risk="medium",
        needs_to_know=["edt"],
        told=AWARE,
        **answers,
    )


def test_a_barring_referral_tells_the_authority_of_each_child_placed_with_that_person(mine: Services) -> None:
    acting_as(mine, "manager")
    members = [{"id": "m1", "given_name": "Ottoline", "family_name": "Brack"}]
    carer = finished(mine, "carer", members=members, status="approved")
    for number, (authority, start, end) in enumerate(
        [
            ("Worcestershire", "2017-01-01", None),
            ("Powys", "2017-03-13", None),
            ("Shropshire", "2016-01-01", "2017-03-13"),  # gone on the day
            ("Gloucestershire", "2017-03-14", None),  # not there yet
        ]
    ):
        child = finished(
            mine,
            "child",
            given_name=f"Child{number}",
            family_name="Away",
            local_id=f"HIPSS-9{number}",
            born="2003-01-01",
            placing_authority=authority,
        )
        finished(mine, "placement", child=child, carer=carer, type="main", start=start, end=end)
    referral = an_incident(mine, "dbs", children=[], carers=[carer])
    names = {of.clock.name for of in mine.clocks.of(referral, AT)}
    assert names == {"Ofsted", "Responsible authority, Worcestershire", "Responsible authority, Powys"}
    other = an_incident(mine, "illness_accident", abuse_suspected="no", children=[], carers=[carer])
    assert {of.clock.name for of in mine.clocks.of(other, AT)} == {"Ofsted", "Responsible authority"}


def test_an_incident_made_from_a_contact_knows_who_was_told_in_it_and_copies_none_of_its_words(mine: Services) -> None:
    words = {
        "happening": "He climbed out",
        "advice": "Ring the police",
        "risk_why": "It is cold",
        "childs_words": "Leave me be",
        "told_others": [
            {"id": "t", "who": "police", "name": "PC Hill", "at": "2017-03-13T22:20:00+00:00", "reference": "0612"}
        ],
    }
    contact = call_about_kai(mine, **words)
    held = mine.store.get(contact)
    assert held is not None
    draft = mine.records.new_draft("incident", from_contact(CONTACT.of(held), contact))
    mine.records.finish(draft)
    police = clocks(mine, draft.record)["police"]
    assert police.told is not None
    assert (police.state, police.told.by, police.told.to, police.told.reference) == (
        "told",
        "A. Bevan",
        "PC Hill",
        "0612",
    )
    [revision] = mine.store.revisions(draft.record)
    assert revision.body is not None
    for word in ("He climbed out", "Ring the police", "It is cold", "Leave me be", "PC Hill", "0612", "Preece"):
        assert word not in revision.body.decode()
    mine.records.withdraw(contact, "Written twice")
    assert clocks(mine, draft.record)["police"].told is None


def test_an_allegation_about_a_hold_makes_one_incident_whose_clock_for_the_lado_runs(
    mine: Services, theirs: Services
) -> None:
    hold = a_hold(mine)
    exchange(mine, theirs)
    row = {"id": identity.row_id(), "against": "carer", "at": "2017-03-14T01:30:00+00:00"}
    for services in (mine, theirs):
        services.records.add_row(hold, "alleged", row)
    exchange(mine, theirs)
    for services in (mine, theirs):
        [record] = services.store.records_about(hold, role="about_hold", kind="incident")
        assert (record.fields["types"], record.fields["about_hold"]) == (["allegation"], hold)
        lado = clocks(services, record.record)["lado"]
        assert lado.due is not None
        assert times.stamp(lado.due) == "2017-03-14T17:00:00+00:00"
        spoken = clocks(services, hold)["carer_spoken_to"]
        assert (spoken.note, spoken.state) == ("Ask the LADO before you speak to Jo Preece.", "not_yet_due")


def a_hold(services: Services, **more: Any) -> str:
    answers = {
        "child": child_named(services, "Kai"),
        "held_by": "Jo Preece",
        "began": "2017-03-13T18:40:00+00:00",
        "ended": "2017-03-13T18:40:00+00:00",
        "where": "Kitchen",
        "led_to_it": one_paragraph("The wifi went off"),
        "tried_first": one_paragraph("Stepped back"),
        "hold_words": one_paragraph("By the right forearm, then let go"),
        "why_needed": one_paragraph("To stop him falling"),
    }
    return finished(services, "restraint", **{**answers, **more})


def test_a_hold_that_ends_before_it_begins_is_refused_beside_the_field(mine: Services) -> None:
    with pytest.raises(Unfinished) as refused:
        a_hold(mine, ended="2017-03-13T18:39:00+00:00")
    assert [(problem.field, problem.message) for problem in refused.value.problems] == [
        ("ended", "The hold began at yesterday 18:40. Enter a later time for when it ended.")
    ]


def test_a_hold_across_the_clock_change_runs_forward(mine: Services, clock: SetClock) -> None:
    clock.now = datetime(2017, 10, 29, 9, tzinfo=UTC)
    record = a_hold(mine, began="2017-10-29T01:50:00+01:00", ended="2017-10-29T01:10:00+00:00")
    due = clocks(mine, record, clock.now)["written"].due
    assert due is not None
    assert times.stamp(due) == "2017-10-30T01:10:00+00:00"


def test_finishing_a_hold_is_the_first_clock(mine: Services) -> None:
    record = a_hold(mine)
    written = clocks(mine, record)["written"]
    assert written.state == "told"
    assert written.told is not None
    assert written.told.at == mine.clock()


def test_a_drafts_clocks_run_before_it_is_finished(mine: Services) -> None:
    draft = mine.records.new_draft("incident", {"types": ["missing"], "aware": AWARE})
    mine.records.save(draft)
    rows = mine.clocks.of(draft.record, AT)
    assert {of.draft for of in rows} == {True}
    assert "police" in {of.clock.recipients[0] for of in rows}
    assert mine.clocks.open(AT) == []


def test_a_withdrawn_incident_asks_for_nothing(mine: Services, incident: str) -> None:
    mine.records.withdraw(incident, "Written twice")
    rows = [of.clock for of in mine.clocks.of(incident, AT)]
    assert {(clock.state, clock.reason) for clock in rows} == {
        ("no_longer_required", "the record was withdrawn. Written twice")
    }
    assert mine.clocks.open(AT) == mine.clocks.about(child_named(mine, "Kai"), AT) == []


def test_what_was_told_of_a_withdrawn_incident_stays_in_sight(mine: Services, incident: str) -> None:
    mine.records.add_row(incident, "notified", {"recipient": "police", "at": AWARE, "spoke_to": "PC 2231"})
    mine.records.withdraw(incident, "Written twice")
    police = clocks(mine, incident)["police"]
    assert police.told is not None
    assert police.told.to == "PC 2231"


def test_open_clocks_are_listed_earliest_first_and_a_childs_clocks_are_those_of_all_their_records(
    mine: Services, incident: str
) -> None:
    hold = a_hold(mine)
    rows = mine.clocks.open(AT)
    dues = [of.clock.due for of in rows if of.clock.due]
    assert dues == sorted(dues)
    assert {of.record for of in rows} == {incident, hold}
    about = mine.clocks.about(child_named(mine, "Kai"), AT)
    assert {of.record for of in about} == {incident, hold}
    assert mine.clocks.about(child_named(mine, "Amara"), AT) == []


def test_a_record_without_clocks_is_told_so(mine: Services) -> None:
    with pytest.raises(UserError, match="Name an incident, a restraint or a missing episode"):
        mine.clocks.of(child_named(mine, "Kai"))
    with pytest.raises(UserError, match="not on this laptop"):
        mine.clocks.of("nowhere")


def test_nothing_due_is_in_the_body_that_was_signed(mine: Services, incident: str) -> None:
    [revision] = mine.store.revisions(incident)
    body = revision.content()
    assert body is not None
    assert set(body.fields) == {"types", "children", "aware", "happening"}


def test_an_incident_that_leaves_a_question_open_needs_somebody_who_decides(mine: Services) -> None:
    draft = mine.records.new_draft(
        "incident",
        {
            "types": ["complaint"],
            "aware": AWARE,
            "happening": one_paragraph("A note"),
            "complaint_serious": "to_decide",
        },
    )
    assert [problem.field for problem in mine.records.problems(draft)] == ["decides"]
    assert mine.records.problems(replace(draft, fields={**draft.fields, "decides": "S. Lloyd"})) == []


def test_an_episode_has_the_clocks_of_the_incident_that_its_return_makes_and_each_of_them_once(mine: Services) -> None:
    kai = child_named(mine, "Kai")
    draft = mine.missing.draft(kai)
    answers = {"last_seen": "2017-03-13T20:15:00+00:00", "reported": "2017-03-13T21:52:00+00:00", "type": "M"}
    record = mine.missing.begin(replace(draft, fields={**draft.fields, **answers})).envelope.record
    mine.missing.step(record, {"step": "police", "at": "2017-03-13T21:55:00+00:00", "log_number": "0612"})
    away = clocks(mine, record, mine.clock())
    assert away["police"].told is not None
    assert away["police"].told.reference == "0612"
    assert [of.record for of in mine.clocks.about(kai, mine.clock())] == [record] * len(away)
    mine.missing.returned(record, {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Jo Preece", "injuries": "None seen"})
    home = mine.clocks.of(record, mine.clock())
    (incident,) = {of.record for of in home}
    assert incident != record
    assert {of.record for of in mine.clocks.about(kai, mine.clock())} == {incident}
    dues = [of.clock.due for of in home if "interview" in of.clock.recipients]
    assert dues == [datetime(2017, 3, 17, 2, 5, tzinfo=UTC)]


def test_the_interview_that_the_episode_holds_stops_the_clock_of_the_interview(mine: Services, clock: SetClock) -> None:
    clock.now = datetime(2017, 3, 20, 12, tzinfo=UTC)
    kai = child_named(mine, "Kai")
    draft = mine.missing.draft(kai)
    answers = {"last_seen": "2017-03-13T20:15:00+00:00", "reported": "2017-03-13T21:52:00+00:00", "type": "M"}
    record = mine.missing.begin(replace(draft, fields={**draft.fields, **answers})).envelope.record
    mine.missing.returned(record, {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Jo Preece", "injuries": "None seen"})

    def interview(at: datetime) -> Clock:
        return clocks(mine, record, at)["interview"]

    mine.missing.interview(record, {"step": "offered", "at": "2017-03-14T10:00:00+00:00", "by": "P. Shaw"})
    assert interview(datetime(2017, 3, 14, 11, tzinfo=UTC)).state == "not_yet_due"  # offered is not held
    mine.missing.interview(record, {"step": "refused", "at": "2017-03-15T10:00:00+00:00", "why": "Not to a stranger"})
    mine.missing.interview(
        record, {"step": "done", "at": "2017-03-16T10:00:00+00:00", "by": "Jo Preece", "independent": False}
    )
    mine.missing.interview(
        record, {"step": "done", "at": "2017-03-16T15:00:00+00:00", "by": "P. Shaw", "independent": True}
    )
    refused = interview(datetime(2017, 3, 15, 11, tzinfo=UTC))
    assert (refused.state, refused.reason) == ("does_not_apply", "Refused: Not to a stranger")
    assert interview(datetime(2017, 3, 16, 11, tzinfo=UTC)).state == "due_soon"  # held by the carer it does not count
    held = interview(clock.now)
    assert (held.state, held.late) == ("told", False)
    assert held.told is not None
    assert (held.told.by, held.told.at) == ("P. Shaw", datetime(2017, 3, 16, 15, tzinfo=UTC))


def test_an_episode_of_an_old_log_makes_nothing_overdue_and_answers_where_it_is_asked_for(mine: Services) -> None:
    kai = child_named(mine, "Kai")
    back = [{"id": "r", "at": "2017-01-28T22:45:00+00:00", "seen_by": "Jo Preece", "injuries": "None seen"}]
    answers = {
        "child": kai,
        "last_seen": "2017-01-28T21:30:00+00:00",
        "reported": "2017-01-28T21:40:00+00:00",
        "type": "M",
    }
    with mine.store.write() as unit:  # as an import writes it
        record = identity.record_id()
        fields = {**answers, "returned": back}
        unit.append(
            record=record, kind="missing_episode", action="finish", fields=fields, changed=sorted(fields), parents=()
        )
    assert record not in {of.record for of in (*mine.clocks.open(AT), *mine.clocks.about(kai, AT))}
    assert mine.clocks.of(record, AT)


def test_somebody_told_in_a_call_at_a_time_that_nobody_wrote_down_was_told_and_no_time_is_made_up(
    mine: Services,
) -> None:
    contact = call_about_kai(
        mine,
        happening="Not home",
        no_advice=True,
        told_others=[{"id": "t", "who": "police", "name": "PC Hill", "reference": "0612", "at_not_known": True}],
    )
    held = mine.store.get(contact)
    assert held is not None
    incident = finished(mine, "incident", **from_contact(CONTACT.of(held), contact))
    view = mine.incident_views.view(incident)
    assert view is not None
    police = next(row for row in view.rows if row.who == "Police")
    assert police.told_lines == ("Told, time not recorded, by A. Bevan, to PC Hill, reference 0612",)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2017-03-13T22:09:00+00:00", "Told yesterday 22:09, to PC Hill, reference 0612"),
        ("2017-03-13T22:10:00+00:00", "Told yesterday 22:10, by A. Bevan, to PC Hill, reference 0612"),
    ],
)
def test_who_told_before_the_service_was_told_is_not_who_logged_the_call(mine: Services, at: str, words: str) -> None:
    police = {"id": "t", "who": "police", "name": "PC Hill", "reference": "0612", "at": at}
    contact = call_about_kai(mine, happening="Not home", no_advice=True, told_others=[police])
    held = mine.store.get(contact)
    assert held is not None
    incident = finished(mine, "incident", **from_contact(CONTACT.of(held), contact))
    view = mine.incident_views.view(incident)
    assert view is not None
    assert next(row for row in view.rows if row.who == "Police").told_lines == (words,)


def test_police_told_by_the_task_of_the_return_are_told_in_the_incident_until_it_is_opened_again(
    mine: Services,
) -> None:
    """One call is written down once: a ticked task and a clock that still runs would have somebody ring a second time."""
    draft = mine.missing.draft(child_named(mine, "Ellie"))
    steps = [{"id": "p", "step": "police", "at": "2017-03-13T23:20:00+00:00", "log_number": "0612"}]
    fields = {**draft.fields, "last_seen": "2017-03-13T23:10:00+00:00", "steps": steps}
    episode = mine.missing.begin(replace(draft, fields=fields)).envelope.record
    mine.missing.returned(
        episode, {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Sunita Rao", "injuries": "None seen"}
    )

    def of_the_return() -> Clock:
        (clock,) = [
            clock_row.clock
            for clock_row in mine.clocks.of(episode)
            if "police" in clock_row.clock.recipients and "missing_return" in clock_row.clock.events
        ]
        return clock

    assert of_the_return().told is None
    task = return_task(episode, "police")
    mine.actions.done(task, {"spoke_to": "Control room, 4417", "log_number": "0612"})
    telling = of_the_return().told
    assert telling is not None
    assert (telling.by, telling.to, telling.reference) == ("A. Bevan", "Control room, 4417", "0612")
    mine.actions.reopen(task, "They rang back: it was another child")
    assert of_the_return().told is None
