"""A consultation that is begun, planned and written up; the plan of the one before; who has the page; what is doubtful."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.consultation import CONSULTATION, Consultation
from hipss_desktop.rules.consultations import DO_PLAN, GIVE_PAGE
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as

MARCH = datetime(2017, 3, 8, 16, 0, tzinfo=UTC)
CAME = [
    {"id": "a1", "name": "F. Doyle", "role": "Social worker", "organisation": "Edge of Care", "was": "came"},
    {"id": "a2", "name": "J. Tranter", "role": "SENCO", "organisation": "Lugg Bridge School", "was": "apologies"},
]
PLAN = [
    {"id": "r1", "what": "Countdown card", "owner": "J. Tranter", "by": "2017-03-17"},
    {"id": "r2", "what": "Bedtime plan", "owner": "M. Iqbal", "by": "2017-03-31"},
]
WRITTEN: dict[str, Any] = {
    "form": "one_off",
    "attendees": CAME,
    "text": [{"id": "q", "place": "5", "section": "question", "text": "How do we keep S. in school?"}],
    "plan": PLAN,
    "safeguarding": "nothing_new",
}


@pytest.fixture
def clock() -> SetClock:
    """The afternoon of 8 March 2017."""
    return SetClock(MARCH)


@pytest.fixture
def lead(services: Services) -> Services:
    """The laptop of L. Whitcombe, who leads TISS."""
    sign_in_as(services.store, role="lead", name="L. Whitcombe")
    return services


def case(services: Services, number: str = "EOC-2231", name: str = "S.") -> str:
    fields = {"name": name, "number": number, "born_month": 3, "born_year": 2005, "team": "edge_of_care"}
    return services.records.finish(services.records.new_draft(CASE.name, fields)).envelope.record


def answered(draft: Draft, **answers: Any) -> Draft:
    return replace(draft, fields={**draft.fields, **WRITTEN, **answers})


def held(services: Services, **answers: Any) -> str:
    """A consultation that was held and finished."""
    return services.records.finish(answered(services.consultations.begin(), **answers)).envelope.record


def about_the_case(services: Services, record: str, **answers: Any) -> str:
    return held(services, about="case", case=record, team="edge_of_care", **answers)


def read(services: Services, record: str) -> Consultation:
    stored_record = services.store.get(record)
    assert stored_record is not None
    return CONSULTATION.of(stored_record)


def heads(services: Services, record: str) -> tuple[str, ...]:
    """The version of a record as it is now."""
    stored_record = services.store.get(record)
    assert stored_record is not None
    return stored_record.heads


def asked_for(services: Services, **fields: Any) -> str:
    """A consultation that a team asked for."""
    known = {"about": "theme", "theme": "Endings", "team": "sixteen_plus", "asked_on": "2017-02-20"}
    draft = services.consultations.begin("asked", **{**known, "asked_by": "F. Doyle", **fields})
    return services.records.finish(draft).envelope.record


def planned(services: Services, at: str = "2017-03-08T13:30:00+00:00", **fields: Any) -> str:
    draft = services.consultations.begin(
        "planned", about="theme", theme="Endings", team="sixteen_plus", planned_for=at, **fields
    )
    return services.records.finish(draft).envelope.record


# --- beginning and writing up ---


def test_one_that_was_held_begins_with_today_and_its_stage(lead: Services) -> None:
    assert lead.consultations.begin().fields == {"stage": "held", "held_on": "2017-03-08"}
    assert lead.consultations.begin("asked").fields == {"stage": "asked"}


def test_who_may_not_write_consultations_begins_none(services: Services) -> None:
    with pytest.raises(UserError, match="manager"):
        services.consultations.begin()


def test_writing_up_a_planned_one_is_one_amendment_that_moves_it_to_held_and_asks_no_reason(lead: Services) -> None:
    record = planned(lead)
    draft = lead.consultations.write_up(record)
    assert draft.parents
    assert (draft.fields["held_on"], draft.fields["stage"]) == ("2017-03-08", "held")
    revision = lead.records.finish(answered(draft))
    content = revision.content()
    assert content is not None
    assert content.why == "Write it up"
    assert read(lead, record).stage == "held"
    assert len(lead.store.revisions(record)) == 2


def test_what_was_answered_before_is_not_changed_with_it_without_a_reason(lead: Services) -> None:
    record = planned(lead)
    draft = answered(lead.consultations.write_up(record), theme="Beginnings")
    with pytest.raises(Unfinished) as refused:
        lead.records.finish(draft)
    assert [problem.field for problem in refused.value.problems] == ["why"]
    revision = lead.records.finish(replace(draft, why="The team brought another theme"))
    content = revision.content()
    assert content is not None
    assert content.why == "The team brought another theme"


def test_an_amendment_that_moves_nothing_still_says_why(lead: Services) -> None:
    record = held(lead, about="theme", theme="Endings", team="sixteen_plus")
    draft = lead.records.amendment(record)
    with pytest.raises(Unfinished) as refused:
        lead.records.finish(replace(draft, fields={**draft.fields, "mode": "video"}))
    assert [problem.field for problem in refused.value.problems] == ["why"]


def test_one_that_is_planned_for_a_day_to_come_is_not_said_to_be_held_on_that_day(lead: Services) -> None:
    record = planned(lead, "2017-03-20T10:00:00+00:00")
    assert "held_on" not in lead.consultations.write_up(record).fields


def test_one_that_was_held_is_amended_and_not_written_up_again(lead: Services) -> None:
    record = held(lead, about="theme", theme="Endings", team="sixteen_plus")
    with pytest.raises(UserError, match="written up already"):
        lead.consultations.write_up(record)


# --- from stage to stage ---


def test_one_that_was_asked_for_is_planned_cancelled_and_planned_anew_by_presses(lead: Services) -> None:
    record = asked_for(lead)
    first = {"planned_for": "2017-03-10T10:00:00+00:00", "mode": "video"}
    lead.consultations.move(record, "planned", first)
    lead.consultations.move(record, "cancelled", {"cancelled_by": "F. Doyle", "cancelled_why": "Ill"})
    lead.consultations.move(record, "planned", {"planned_for": "2017-03-15T10:00:00+00:00"})
    consultation = read(lead, record)
    assert (consultation.stage, consultation.planned_for, consultation.mode) == (
        "planned",
        datetime(2017, 3, 15, 10, tzinfo=UTC),
        "video",
    )
    contents = [revision.content() for revision in lead.store.revisions(record)]
    assert [content.why for content in contents if content] == ["", "Plan it", "Cancel it", "Plan it"]
    lead.consultations.move(record, "nobody_came", {})
    assert read(lead, record).stage == "nobody_came"


@pytest.mark.parametrize(
    ("stage", "answers", "missing"),
    [
        ("planned", {}, {"planned_for"}),
        ("planned", {"planned_for": "2017-03-07T10:00:00+00:00"}, {"planned_for"}),
        ("cancelled", {"cancelled_by": "F. Doyle"}, {"cancelled_why"}),
    ],
)
def test_a_press_without_what_its_stage_asks_moves_nothing(
    lead: Services, stage: str, answers: dict[str, str], missing: set[str]
) -> None:
    record = asked_for(lead)
    with pytest.raises(Unfinished) as refused:
        lead.consultations.move(record, stage, answers)
    assert {problem.field for problem in refused.value.problems} == missing
    assert read(lead, record).stage == "asked"


def test_one_that_was_held_is_moved_nowhere_and_none_is_held_by_a_press(lead: Services) -> None:
    record = held(lead, about="theme", theme="Endings", team="sixteen_plus")
    with pytest.raises(UserError, match="held already"):
        lead.consultations.move(record, "cancelled", {"cancelled_by": "F. Doyle", "cancelled_why": "Ill"})
    with pytest.raises(UserError, match="Write it up"):
        lead.consultations.move(asked_for(lead), "held", {})


# --- the one before ---


def test_a_new_one_names_the_last_held_one_about_the_same_case(lead: Services, clock: SetClock) -> None:
    record = case(lead)
    first = about_the_case(lead, record, held_on="2017-02-01")
    second = about_the_case(lead, record, held_on="2017-03-01")
    about_the_case(lead, case(lead, "CIN-0874", "T."), held_on="2017-03-05")
    assert read(lead, second).previous == ""
    clock.pass_time(days=20)
    assert lead.consultations.begin(about="case", case=record).fields["previous"] == second
    lead.records.withdraw(second, "Written twice")
    assert lead.consultations.begin(about="case", case=record).fields["previous"] == first
    assert first != second


def test_the_last_one_about_a_child_is_found_by_the_child(lead: Services) -> None:
    kai, amara = child_named(lead, "Kai"), child_named(lead, "Amara")
    first = held(lead, about="child", child=kai, team="hipss_carers")
    assert lead.consultations.begin(about="child", child=kai).fields["previous"] == first
    assert "previous" not in lead.consultations.begin(about="child", child=amara).fields


def test_the_last_one_of_a_theme_is_of_the_same_team_however_it_was_typed(lead: Services) -> None:
    first = held(lead, about="theme", theme="Endings ", team="sixteen_plus")
    same = lead.consultations.begin(about="theme", theme="endings", team="sixteen_plus")
    assert same.fields["previous"] == first
    for other in ({"team": "fostering"}, {"theme": "School refusal"}):
        request = {"about": "theme", "theme": "Endings", "team": "sixteen_plus", **other}
        assert "previous" not in lead.consultations.begin(**request).fields


def test_one_that_is_only_planned_or_held_later_is_not_the_one_before(lead: Services) -> None:
    planned(lead)
    about = {"about": "theme", "theme": "Endings", "team": "sixteen_plus"}
    assert "previous" not in lead.consultations.begin(**about).fields
    held(lead, **about, held_on="2017-03-08")
    assert "previous" not in lead.consultations.begin(**about, held_on="2017-03-01").fields


# --- what came of the plan ---


def test_the_rows_that_are_open_are_answered_on_the_record_that_has_them(lead: Services, clock: SetClock) -> None:
    record = about_the_case(lead, case(lead))
    assert [row.id for row in lead.consultations.open_rows(record)] == ["r1", "r2"]
    clock.pass_time(days=12)
    lead.consultations.answer(record, "r1", "not_done", because="The school closed")
    assert [row.id for row in lead.consultations.open_rows(record)] == ["r1", "r2"]
    lead.consultations.answer(record, "r1", "done")
    lead.consultations.answer(record, "r2", "not_needed")
    assert lead.consultations.open_rows(record) == []
    answers = read(lead, record).plan_answers
    assert sorted((row.plan, row.answer) for row in answers) == [
        ("r1", "done"),
        ("r1", "not_done"),
        ("r2", "not_needed"),
    ]
    assert {row.asked_on for row in answers} == {date(2017, 3, 20)}
    current = lead.store.get(record)
    assert current is not None
    assert not current.conflicts


def test_a_row_is_not_done_for_a_reason_and_is_closed_once(lead: Services) -> None:
    record = about_the_case(lead, case(lead))
    with pytest.raises(Unfinished) as refused:
        lead.consultations.answer(record, "r1", "not_done")
    assert [problem.message for problem in refused.value.problems] == ["Enter why it was not done"]
    lead.consultations.answer(record, "r1", "done")
    with pytest.raises(UserError, match="answered already"):
        lead.consultations.answer(record, "r1", "not_needed")
    with pytest.raises(UserError, match="not on this laptop"):
        lead.consultations.answer(record, "r9", "done")


# --- who has the page ---


def test_a_page_names_the_version_it_was_made_from_and_is_old_once_that_was_amended(lead: Services) -> None:
    record = about_the_case(lead, case(lead))
    made_from = heads(lead, record)
    lead.consultations.give_page(record, "F. Doyle", "hand")
    lead.consultations.agree(record, "F. Doyle")
    lead.consultations.answer(record, "r1", "done")
    [sent_row], [agreed] = read(lead, record).sent, read(lead, record).agreed
    assert tuple(sent_row.of) == made_from
    since = lead.consultations.amended_since(record)
    assert not since("sent", sent_row)
    assert not since("agreed", agreed), "a row that was added amends nothing"
    amend(lead, record, {"mode": "video"})
    assert lead.consultations.amended_since(record)("sent", sent_row)
    lead.consultations.give_page(record, "M. Iqbal", "email")
    given_again = next(row for row in read(lead, record).sent if row.to == "M. Iqbal")
    assert not lead.consultations.amended_since(record)("sent", given_again)


def test_what_is_due_is_that_of_all_consultations_the_earliest_first(lead: Services, clock: SetClock) -> None:
    record = about_the_case(lead, case(lead))
    other_consultation = held(lead, about="theme", theme="Endings", team="sixteen_plus", plan=[])
    lead.consultations.give_page(other_consultation, "F. Doyle", "hand")
    clock.pass_time(days=12)
    [(consultation, rows)] = lead.consultations.all_due()
    assert consultation.record == record
    assert [(duty.due_type, duty.by) for duty in rows] == [(GIVE_PAGE, date(2017, 3, 10)), (DO_PLAN, date(2017, 3, 17))]
    lead.records.withdraw(record, "Written twice")
    assert lead.consultations.all_due() == []


def test_a_closing_day_and_the_councils_own_number_move_the_day_of_the_page(lead: Services, clock: SetClock) -> None:
    record = about_the_case(lead, case(lead), plan=[])
    sign_in_as(lead.store, role="manager")
    lead.records.finish(lead.records.new_draft("closing_day", {"day": "2017-03-09", "why": "The roof leaks"}))
    value = {"name": "consultation_page_days", "value": "3", "starts": "2017-01-01"}
    lead.records.finish(lead.records.new_draft("value", value))
    consultation = lead.store.get(record)
    assert consultation is not None
    [duty] = lead.consultations.due(consultation, lead.consultations.setting())
    assert (duty.due_type, duty.by) == (GIVE_PAGE, date(2017, 3, 14))


def test_the_list_is_of_a_team_a_quarter_or_both(lead: Services) -> None:
    march = held(lead, about="theme", theme="Endings", team="sixteen_plus")
    december = held(lead, about="theme", theme="Endings", team="sixteen_plus", held_on="2016-12-31")
    other = held(lead, about="theme", theme="School", team="fostering")

    def listed(team: str = "", quarter: str = "") -> list[str]:
        return [record.record for record in lead.consultations.listed(team=team, quarter=quarter)]

    assert set(listed()) == {march, december, other}
    assert listed()[-1] == december
    assert listed(team="sixteen_plus") == [march, december]
    assert set(listed(quarter="2017-1")) == {march, other}
    assert listed(team="sixteen_plus", quarter="2016-4") == [december]
    assert listed(team="senco") == []


# --- what is doubtful ---


@pytest.mark.parametrize(
    ("theme", "typed"),
    [
        ("Endings for Kai", "Kai"),
        ("kai’s endings", "kai’s"),
        ("KAI", "KAI"),
        ("Endings", ""),
        ("Kairos and time", ""),
        ("What EOC-2231 needs", "EOC-2231"),
        ("What S. needs", ""),  # an initial is a word of too many
    ],
)
def test_a_child_who_is_named_in_a_theme_is_found(lead: Services, theme: str, typed: str) -> None:
    case(lead)
    matches = lead.consultations.doubts.named_in_theme(CONSULTATION.read({"about": "theme", "theme": theme}))
    assert [match.words for match in matches] == ([typed] if typed else [])
    held(lead, about="theme", theme=theme, team="sixteen_plus")  # it is warned of, and never refused


def test_only_a_theme_is_looked_at(lead: Services) -> None:
    consultation = CONSULTATION.read({"about": "child", "child": child_named(lead, "Kai"), "theme": "Kai"})
    assert lead.consultations.doubts.named_in_theme(consultation) == []


@pytest.mark.parametrize(
    "number", [" eoc-2231", "EOC 2231", "eoc2231", "EOC\u20132231", "ＥＯＣ－２２３１", "EOC-\u200b2231"]
)
def test_another_case_with_the_same_number_is_found_and_not_refused(lead: Services, number: str) -> None:
    first = case(lead)
    second_case = CASE.read({"name": "Sam", "number": number})
    same_numbered_case = lead.consultations.doubts.same_number(second_case)
    assert same_numbered_case is not None
    assert same_numbered_case.record == first
    assert lead.consultations.doubts.same_number(second_case, first) is None
    for other_number in ("EOC-2232", "EOC-22311", "2231", "-", " "):
        assert lead.consultations.doubts.same_number(CASE.read({"number": other_number})) is None
    assert lead.consultations.doubts.same_number(CASE.read({})) is None
    assert case(lead) != first
