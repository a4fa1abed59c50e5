"""The consultation before: which one a new one opens with, whatever was written meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.helpers import tiss
from tests.helpers.several_laptops import amend, child_named, close, exchange, joined
from tests.helpers.store_fixtures import SetClock, sign_in_as

ENDINGS: dict[str, Any] = {"about": "theme", "theme": "Endings", "team": "edge_of_care"}
PLAN = [{"id": "r1", "what": "Countdown card", "owner": "J. Tranter", "by": "2017-03-10"}]


@pytest.fixture
def lead(services: Services) -> Services:
    """The laptop of a lead practitioner."""
    sign_in_as(services.store, role="lead")
    return services


@pytest.fixture
def manager(lead: Services, clock: SetClock, tmp_path: Path) -> Iterator[Services]:
    """A manager's laptop that holds what the lead's holds."""
    manager_services = joined(tmp_path / "theirs", clock, lead, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    yield manager_services
    close([manager_services])


def named(services: Services, **about: Any) -> str:
    """The one that a new consultation of today names."""
    return str(services.consultations.begin(**about).fields.get("previous", ""))


@pytest.mark.parametrize("stage", ["asked", "planned"])
def test_one_held_between_the_asking_and_the_writing_up_is_the_one_before(lead: Services, stage: str) -> None:
    tiss.consultation(lead, theme="Endings", held_on="2017-02-01")
    request = {"asked_on": "2017-02-20", "asked_by": "F. Doyle", "planned_for": "2017-03-15T10:00:00+00:00"}
    draft = lead.consultations.begin(stage, **ENDINGS, **request)
    record = lead.records.finish(draft).envelope.record
    between = tiss.consultation(lead, theme="Endings", held_on="2017-03-01")
    written = lead.consultations.write_up(record)
    assert written.fields["previous"] == between
    answers = {**tiss.held(**ENDINGS), **written.fields, "held_on": "2017-03-14"}
    lead.records.finish(replace(written, fields=answers))  # it asks no reason: nothing that stood there is changed


def test_of_one_that_was_written_twice_the_record_that_counts_is_the_one_before(
    lead: Services, manager: Services
) -> None:
    first = tiss.consultation(lead, theme="Endings")
    second = tiss.consultation(manager, theme="Endings", held_on="2017-03-10")  # a slip: it was the day before
    exchange(lead, manager)
    assert named(lead, **ENDINGS) == second
    lead.twice_written.same(first, second)
    exchange(lead, manager)
    assert named(lead, **ENDINGS) == named(manager, **ENDINGS) == first
    lead.records.withdraw(first, "Written by mistake")
    exchange(lead, manager)
    assert named(lead, **ENDINGS) == named(manager, **ENDINGS) == second


def test_a_child_who_was_a_case_before_has_the_consultations_of_both(lead: Services) -> None:
    kai, ellie = child_named(lead, "Kai"), child_named(lead, "Ellie")
    case, other = tiss.case(lead, same_as=kai), tiss.case(lead, number="16P-0001", same_as=kai)
    first = tiss.consultation(lead, case=case, held_on="2017-02-01")
    assert named(lead, about="child", child=kai) == named(lead, about="case", case=other) == first
    second = tiss.consultation(lead, child=kai, held_on="2017-03-01")
    assert named(lead, about="case", case=case) == named(lead, about="child", child=kai) == second
    assert named(lead, about="child", child=ellie) == ""
    lead.records.withdraw(case, "Written by mistake")
    lead.records.withdraw(second, "Written by mistake")
    assert named(lead, about="child", child=kai) == ""


def test_only_the_record_that_counts_owes_the_page_and_both_owe_what_was_agreed_and_who_is_to_be_told(
    lead: Services, clock: SetClock
) -> None:
    to_tell = {"safeguarding": "to_tell", "safeguarding_words": "A bruise", "plan": PLAN}
    first = tiss.consultation(lead, theme="Endings", **to_tell)
    second = tiss.consultation(lead, theme="Endings", **to_tell)
    lead.twice_written.same(first, second)
    clock.pass_time(days=10)
    owed = {record.record: {due_row.due_type for due_row in rows} for record, rows in lead.consultations.all_due()}
    assert owed == {first: {"give_page", "tell", "do_plan"}, second: {"tell", "do_plan"}}


def test_a_series_counts_what_was_written_twice_once(lead: Services) -> None:
    series = tiss.series(lead, sessions=8)
    first, second = (tiss.consultation(lead, theme="Endings", form="series", series=series) for _ in range(2))
    assert lead.training.series.held(series) == 2
    lead.twice_written.same(first, second)
    assert lead.training.series.held(series) == 1
    assert "1 of 8 held" in lead.training.series.words(series)


def test_one_that_was_cancelled_here_and_came_to_nothing_there_is_decided_before_it_is_written_up(
    lead: Services, manager: Services
) -> None:
    planned = {"planned_for": "2017-03-15T10:00:00+00:00", "asked_on": "2017-03-01", "asked_by": "F. Doyle"}
    record = lead.records.finish(lead.consultations.begin("planned", **ENDINGS, **planned)).envelope.record
    exchange(lead, manager)
    lead.consultations.move(record, "cancelled", {"cancelled_by": "F. Doyle", "cancelled_why": "Ill"})
    manager.consultations.move(record, "nobody_came", {})
    exchange(lead, manager)
    with pytest.raises(UserError, match="two versions"):
        lead.consultations.write_up(record)
    lead.records.decide(record, {"stage": "nobody_came"}, "They rang us")
    assert lead.consultations.write_up(record).fields["stage"] == "held"


def test_an_answer_to_a_row_that_was_taken_out_says_how_it_is_mended(lead: Services) -> None:
    record = tiss.consultation(lead, theme="Endings", plan=PLAN)
    lead.consultations.answer(record, "r1", "done")
    with pytest.raises(Unfinished) as refused:
        amend(lead, record, {"plan": []})
    assert [problem.message for problem in refused.value.problems] == [
        "This answers no row of the plan. Put the row back that it answers, or take the answer out."
    ]
    amend(lead, record, {"plan": [], "plan_answers": []})
