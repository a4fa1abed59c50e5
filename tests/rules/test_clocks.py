"""How a clock stands: before and after it is due, told, written, acknowledged, taken off, excused, and of whom it is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hipss_desktop.kinds.incident import BecameKnown, DoesNotApply, Incident, Notified, Returned
from hipss_desktop.kinds.recipient import Recipient
from hipss_desktop.kinds.restraint import Alleged, Restraint, SpokeTo
from hipss_desktop.kinds.sign_off import SignOff
from hipss_desktop.rules.clocks import Clock, ClockState, Council, Trigger, clocks_for
from hipss_desktop.rules.incident_clocks import Earlier, History, Signed, of_incident, of_restraint
from hipss_desktop.rules.notification_rules import shipped

AWARE = datetime(2017, 3, 17, 18, 40, tzinfo=UTC)
COUNCIL = Council(shipped())


def later(**span: float) -> datetime:
    return AWARE + timedelta(**span)


def missing(**more: Any) -> Incident:
    return Incident(types=["missing"], children=["kai"], aware=AWARE, **more)


def clock(incident: Incident, recipient: str, at: datetime, **more: Any) -> Clock:
    [match] = [clock for clock in of_incident(incident, COUNCIL, at, **more) if recipient in clock.recipients]
    return match


def notified(recipient: str, at: datetime, **more: Any) -> Notified:
    return Notified(f"{recipient} {at:%d%H%M}{more.get('step', '')}", recipient=recipient, at=at, **more)


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, "not_yet_due"),
        (15.9, "not_yet_due"),
        (16, "due_soon"),
        (24, "due_soon"),
        (24.01, "overdue"),
        (400, "overdue"),
    ],
)
def test_it_turns_amber_before_and_red_after_and_the_due_moment_is_in_time(hours: float, state: ClockState) -> None:
    assert clock(missing(), "responsible_authority", later(hours=hours)).state == state


def test_the_clock_says_who_told_whom_when_how_and_under_which_number() -> None:
    row = notified(
        "police",
        later(minutes=9),
        told_by="Jo Preece",
        spoke_to="PC Hill",
        how="phone",
        reference="0612",
        grade="Medium",
    )
    done = clock(missing(notified=[row]), "police", later(hours=1)).told
    assert done is not None
    assert (done.at, done.by, done.to, done.how, done.reference, done.grade) == (
        later(minutes=9),
        "Jo Preece",
        "PC Hill",
        "phone",
        "0612",
        "Medium",
    )


def test_without_a_name_it_was_told_by_the_person_who_added_the_row() -> None:
    row = notified("police", later(minutes=9))
    done = clock(missing(notified=[row]), "police", later(hours=1), history=History(authors={row.id: "A. Bevan"})).told
    assert done is not None
    assert done.by == "A. Bevan"


def test_told_by_word_of_mouth_is_confirmed_in_writing_and_then_acknowledged() -> None:
    rows = [notified("responsible_authority", later(hours=1), how="phone")]
    spoken = clock(missing(notified=rows), "responsible_authority", later(hours=30))
    assert (spoken.state, spoken.then_in_writing, spoken.written) == ("told", True, None)
    rows.append(notified("responsible_authority", later(hours=2), step="written", how="letter"))
    written = clock(missing(notified=rows), "responsible_authority", later(hours=30)).written
    assert written is not None
    assert written.at == later(hours=2)
    rows.append(notified("responsible_authority", later(hours=20), step="acknowledged"))
    assert clock(missing(notified=rows), "responsible_authority", later(hours=30)).state == "acknowledged"


def test_told_by_email_is_in_writing_already() -> None:
    row = notified("responsible_authority", later(hours=1), how="email")
    assert clock(missing(notified=[row]), "responsible_authority", later(hours=2)).written is not None


@pytest.mark.parametrize(("hours", "late"), [(24, False), (25, True)])
def test_told_after_it_was_due_is_told_late(hours: float, late: bool) -> None:
    stands = clock(
        missing(notified=[notified("responsible_authority", later(hours=hours))]),
        "responsible_authority",
        later(days=9),
    )
    assert (stands.state, stands.late) == ("told", late)


def test_a_past_time_knows_no_row_that_was_added_after_it() -> None:
    incident = missing(notified=[notified("responsible_authority", later(hours=30))])
    assert clock(incident, "responsible_authority", later(hours=25)).state == "overdue"
    assert clock(incident, "responsible_authority", later(hours=30)).state == "told"


def test_does_not_apply_needs_a_reason_and_stays_visible() -> None:
    row = DoesNotApply("1", recipient="responsible_authority", why="They told us", at=later(hours=1))
    excused = clock(missing(not_applying=[row]), "responsible_authority", later(days=3))
    assert (excused.state, excused.reason, excused.due) == ("does_not_apply", "They told us", later(hours=24))
    row.why = " "
    assert clock(missing(not_applying=[row]), "responsible_authority", later(days=3)).state == "overdue"


def test_the_managers_sign_off_is_separate_from_those_who_were_told() -> None:
    signed = History(
        signed=(Signed(SignOff(incident="i", recipient="responsible_authority", at=later(hours=20)), "S. Lloyd"),)
    )
    alone = clock(missing(), "responsible_authority", later(hours=21), history=signed)
    assert (alone.state, alone.told) == ("due_soon", None)
    assert alone.signed_off is not None
    assert (alone.signed_off.at, alone.signed_off.by) == (later(hours=20), "S. Lloyd")
    assert clock(missing(), "responsible_authority", later(hours=19), history=signed).signed_off is None


def test_a_type_taken_off_after_somebody_was_told_stays_with_the_reason_and_without_that_is_gone() -> None:
    told_police = [notified("police", later(minutes=9))]
    now = Incident(
        types=["self_harm"],
        mental_health="no",
        abuse_suspected="no",
        children=["kai"],
        aware=AWARE,
        notified=told_police,
    )
    history = History(earlier=(Earlier(missing(), "He was in the garden"),))
    clocks = {clock.recipients: clock for clock in of_incident(now, COUNCIL, later(hours=1), None, history)}
    assert clocks.keys() == {("police",)}
    assert (clocks["police",].state, clocks["police",].reason) == ("no_longer_required", "He was in the garden")


def test_a_time_that_was_amended_leaves_no_second_row_behind() -> None:
    before = missing()
    before.aware = later(hours=-2)
    history = History(earlier=(Earlier(before, "It was twenty to seven"),))
    clocks = of_incident(missing(notified=[notified("police", AWARE)]), COUNCIL, later(hours=1), None, history)
    assert [clock.state for clock in clocks if "police" in clock.recipients] == ["told"]
    assert "no_longer_required" not in {clock.state for clock in clocks}


def test_what_became_known_later_counts_from_then_and_is_told_anew() -> None:
    incident = Incident(types=["illness_accident"], abuse_suspected="no", children=["kai"], aware=AWARE)
    incident.notified = [notified("ofsted", later(hours=2))]
    incident.became_known = [BecameKnown("1", "death", later(days=2))]
    ofsted = [clock for clock in of_incident(incident, COUNCIL, later(days=2, hours=1)) if "ofsted" in clock.recipients]
    assert [(clock.counts_from, clock.state) for clock in ofsted] == [(AWARE, "told"), (later(days=2), "not_yet_due")]


def test_two_duties_that_meet_in_one_recipient_are_one_row_with_both_sources() -> None:
    incident = Incident(
        types=["death"], abuse_suspected="no", children=["kai"], aware=datetime(2023, 3, 14, 2, 14, tzinfo=UTC)
    )
    assert incident.aware is not None
    ofsted = clock(incident, "ofsted", incident.aware)
    assert ofsted.due == incident.aware + timedelta(hours=24)
    assert ofsted.rule.basis == "statutory_guidance"
    assert {rule.event for rule in ofsted.rules} == {"S7-01", "looked_after_death"}


def test_the_council_gives_a_shorter_time_and_never_a_longer_one() -> None:
    for within, hours in ((4, 4), (48, 24)):
        own = Recipient(
            recipient="responsible_authority", events=["S7-08"], unit="hours", within=within, starts=date(2017, 1, 1)
        )
        council = Council(shipped().with_own([("r", own)]))
        [stands] = [
            clock for clock in of_incident(missing(), council, AWARE) if "responsible_authority" in clock.recipients
        ]
        assert stands.due == later(hours=hours)
        assert len(stands.rules) == 2


def test_a_recipient_of_the_councils_own_is_told_by_its_record() -> None:
    own = Recipient(name="Designated nurse", events=["S7-08"], unit="hours", within=4, starts=date(2017, 1, 1))
    council = Council(shipped().with_own([("nurse", own)]))
    incident = missing(notified=[Notified("1", recipient="other", own_recipient="nurse", at=later(hours=1))])
    [nurse] = [clock for clock in of_incident(incident, council, later(hours=2)) if clock.own_recipient]
    assert (nurse.name, nurse.state) == ("Designated nurse", "told")


# --- the return ---


def test_the_interview_waits_for_the_return_and_says_so() -> None:
    interview = clock(missing(), "interview", later(hours=1))
    assert (interview.due, interview.state) == (None, "not_running")
    assert interview.due_reason == "Counts from the return, which is not recorded yet."


def test_each_child_who_is_back_has_an_interview_of_their_own() -> None:
    incident = missing(returned=[Returned("1", "kai", at=later(hours=7))])
    incident.children = ["kai", "amara"]
    interviews = [clock for clock in of_incident(incident, COUNCIL, later(hours=8)) if "interview" in clock.recipients]
    assert [(clock.children, clock.due) for clock in interviews] == [(("kai",), later(hours=79)), (("amara",), None)]


def test_away_without_authorisation_offers_an_interview_as_local_policy_and_tells_nobody_at_once() -> None:
    incident = Incident(types=["away"], children=["kai"], aware=AWARE, returned=[Returned("1", at=later(hours=2))])
    [interview] = of_incident(incident, COUNCIL, later(hours=3))
    assert (interview.recipients, interview.rule.basis, interview.due) == (
        ("interview",),
        "local_policy",
        later(hours=74),
    )


def test_the_police_are_told_of_the_return_whatever_they_were_told_before() -> None:
    incident = missing(notified=[notified("police", later(minutes=5))], returned=[Returned("1", at=later(hours=7))])
    police = [clock for clock in of_incident(incident, COUNCIL, later(hours=8)) if "police" in clock.recipients]
    assert [(clock.events, clock.state) for clock in police] == [
        (("missing",), "told"),
        (("missing_return",), "overdue"),
    ]


def test_a_return_alone_is_enough_for_another_kind_of_record() -> None:
    [police, interview] = clocks_for([Trigger("missing_return", AWARE, ("kai",))], COUNCIL, AWARE)
    assert (police.due, interview.due) == (AWARE, later(hours=72))


# --- a restraint ---

WRITTEN, CARER, CHILD = "written", "carer_spoken_to", "child_spoken_to"


def held(**more: Any) -> Restraint:
    return Restraint(child="kai", held_by="Carol Yeo", began=AWARE, ended=AWARE, **more)


def of_hold(restraint: Restraint, at: datetime, *signed: Signed) -> dict[str, Clock]:
    return {clock.recipients[0]: clock for clock in of_restraint(restraint, COUNCIL, at, History(signed=signed))}


def test_three_clocks_run_from_the_end_of_the_hold_as_local_policy() -> None:
    clocks = of_hold(held(), later(hours=1))
    assert {name: clock.due for name, clock in clocks.items()} == {
        WRITTEN: later(hours=24),
        CARER: later(hours=48),
        CHILD: later(days=5),
    }
    assert {clock.rule.basis for clock in clocks.values()} == {"local_policy"}
    assert all("no fostering law says it" in clock.rule.source for clock in clocks.values())


def test_the_first_clock_ends_when_the_record_is_finished() -> None:
    assert of_hold(held(written=later(hours=2)), later(hours=3))[WRITTEN].state == "told"
    assert of_hold(held(written=later(hours=2)), later(hours=1))[WRITTEN].state == "not_yet_due"


def test_the_second_clock_asks_for_the_talk_and_the_managers_signature() -> None:
    spoken = held(spoke_to=[SpokeTo("1", "carer", "S. Lloyd", at=later(hours=20))])
    signed = Signed(SignOff(restraint="r", recipient=CARER, at=later(hours=50)), "S. Lloyd")
    assert of_hold(held(), later(hours=49), signed)[CARER].state == "overdue"
    assert of_hold(spoken, later(hours=49))[CARER].state == "overdue"
    both = of_hold(spoken, later(hours=51), signed)[CARER]
    assert (both.state, both.late) == ("told", True)


def test_the_third_clock_ends_when_somebody_spoke_to_the_child() -> None:
    spoken = held(spoke_to=[SpokeTo("1", "child", "K. Adeyemi", at=later(days=2))])
    clocks = of_hold(spoken, later(days=3))
    assert (clocks[CHILD].state, clocks[CARER].state) == ("told", "overdue")


def test_an_allegation_about_the_hold_says_to_ask_the_lado_first_and_leaves_the_clock_running() -> None:
    alleged = of_hold(held(alleged=[Alleged("1", "carer", later(hours=3))]), later(hours=4))
    assert alleged[CARER].note == "Ask the LADO before you speak to Carol Yeo."
    assert (alleged[CARER].state, alleged[CARER].due) == ("not_yet_due", later(hours=48))
    assert of_hold(held(), later(hours=4))[CARER].note == ""


def test_a_hold_without_an_end_has_no_times_and_says_why() -> None:
    clocks = of_restraint(Restraint(child="kai", began=AWARE), COUNCIL, AWARE)
    assert [(clock.due, clock.state) for clock in clocks] == [(None, "not_running")] * 3
    assert {clock.due_reason for clock in clocks} == {
        "Counts from the end of the hold. Write it on the record of the restraint."
    }


def test_an_incident_of_the_type_restraint_points_to_the_record_of_the_hold_until_there_is_one() -> None:
    incident = Incident(types=["restraint"], children=["kai"], aware=AWARE)
    assert {clock.due for clock in of_incident(incident, COUNCIL, AWARE)} == {None}
    assert of_incident(incident, COUNCIL, AWARE, None, History(holds_recorded=True)) == []
