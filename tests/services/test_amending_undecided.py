"""An amendment of what two laptops changed differently: it decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.records.fields import Fields, Problem
from hipss_desktop.services.ports import Record
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.helpers.kinds_known import also_known
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.staged_kind import DONE, DROPPED, PLAN
from tests.helpers.stations import contact

DUE = "2017-03-14T09:00:00+00:00"
HELPS = "What helps has two versions. Decide between them first, then amend."
RUNG = "Who to call has two versions. Decide between them first, then amend."


def current(services: Services, record: str) -> Record:
    """A record as a laptop has it."""
    stored_record = services.store.get(record)
    assert stored_record is not None
    return stored_record


def versions(services: Services, record: str) -> dict[str, list[Any]]:
    """The values that stand beside each other, by unit."""
    return {unit: [side.value for side in sides] for unit, sides in current(services, record).conflicts.items()}


def kai_changed(mine: Services, theirs: Services) -> str:
    """Kai, to whose plan each of two laptops added a line and in which each changed the first number; not exchanged yet."""
    kai = child_named(mine, "Kai")
    fields = current(mine, kai).fields
    first, *others = fields["who_to_call"]
    for services, line, number in (
        (mine, "Toast works at night", "01632 960175"),
        (theirs, "Text his brother first", "01632 960176"),
    ):
        rung = [{**first, "number": number}, *others]
        amend(services, kai, {"helps": [*fields["helps"], line], "who_to_call": rung})
    return kai


@pytest.fixture
def kai(mine: Services, theirs: Services) -> str:
    """Kai, whose plan and first number have two versions each."""
    kai = kai_changed(mine, theirs)
    exchange(mine, theirs)
    return kai


def refused(services: Services, record: str, changes: Mapping[str, Any]) -> list[Problem]:
    """Why an amendment is refused; it changed nothing."""
    before, stood = services.store.have(), versions(services, record)
    with pytest.raises(Unfinished) as refusal:
        amend(services, record, changes)
    assert (services.store.have(), versions(services, record)) == (before, stood)
    return list(refusal.value.problems)


def without_first(fields: Fields) -> list[Any]:
    """The rows of who to call but for the first."""
    return list(fields["who_to_call"][1:])


def test_an_amendment_of_an_undecided_answer_is_refused(mine: Services, theirs: Services, kai: str) -> None:
    for services in (mine, theirs):
        helps = current(services, kai).fields["helps"]
        assert refused(services, kai, {"helps": [*helps, "Quiet lamp"]}) == [Problem("helps", HELPS)]


def test_every_undecided_answer_that_is_changed_is_told_once(mine: Services, kai: str) -> None:
    fields = current(mine, kai).fields
    first, *others = fields["who_to_call"]
    for rows in ([{**first, "number": "01632 960177"}, *others], without_first(fields)):
        changes = {"helps": [], "who_to_call": rows, "risks": ["Runs to the river"]}
        assert sorted(refused(mine, kai, changes), key=lambda problem: problem.field) == [
            Problem("helps", HELPS),
            Problem("who_to_call", RUNG),
        ]


def test_an_amendment_of_another_answer_leaves_both_versions(mine: Services, theirs: Services, kai: str) -> None:
    fields, before = current(mine, kai).fields, versions(mine, kai)
    first, second, *others = fields["who_to_call"]
    rows = [first, {**second, "number": "01632 960178"}, *others]
    amend(mine, kai, {"risks": ["Runs to the river"], "who_to_call": rows})
    exchange(mine, theirs)
    for services in (mine, theirs):
        assert versions(services, kai) == before
        assert current(services, kai).fields["risks"] == ["Runs to the river"]
        assert "01632 960178" in str(current(services, kai).fields["who_to_call"])


def test_a_draft_that_is_older_than_the_second_version_is_refused_until_it_is_decided(
    mine: Services, theirs: Services
) -> None:
    kai = kai_changed(mine, theirs)
    draft = mine.records.amendment(kai)
    helps = [*draft.fields["helps"], "Quiet lamp"]
    draft = mine.records.save(replace(draft, fields={**draft.fields, "helps": helps}, why="Told on the telephone"))
    exchange(mine, theirs)
    assert [problem.message for problem in mine.records.problems(draft)] == [HELPS]
    with pytest.raises(Unfinished):
        mine.records.finish(draft)
    assert mine.store.draft(kai) == draft
    chosen = {unit: sides[0] for unit, sides in versions(mine, kai).items()}
    mine.records.decide(kai, chosen, "Both rang")
    assert mine.records.problems(draft) == []
    mine.records.finish(draft)


def test_advice_of_a_contact_behaves_alike(mine: Services, theirs: Services) -> None:
    draft = mine.records.new_draft("contact", contact("Rang about supper.", outcome="advice"))
    mine.records.finish(draft)
    exchange(mine, theirs)
    amend(mine, draft.record, {"advice": "Take her in."})
    amend(theirs, draft.record, {"advice": "Ring the duty team."})
    exchange(mine, theirs)
    [problem] = refused(mine, draft.record, {"advice": "Ring at nine."})
    assert problem.field == "advice"
    assert problem.message.endswith(" has two versions. Decide between them first, then amend.")


def test_what_one_laptop_withdrew_and_another_changed_is_decided_first(mine: Services, theirs: Services) -> None:
    kai = child_named(mine, "Kai")
    mine.records.withdraw(kai, "Entered twice")
    amend(theirs, kai, {"helps": ["Toast works at night"]})
    exchange(mine, theirs)
    assert current(mine, kai).disputed
    with pytest.raises(UserError, match="Decide in the sync centre whether to keep it"):
        amend(mine, kai, {"risks": ["Runs to the river"]})
    assert current(mine, kai).disputed


def test_what_one_laptop_withdrew_and_another_changed_is_not_withdrawn_before_it_is_decided(
    mine: Services, theirs: Services
) -> None:
    kai = child_named(mine, "Kai")
    mine.records.withdraw(kai, "Entered twice")
    amend(theirs, kai, {"helps": ["Toast works at night"]})
    exchange(mine, theirs)
    for services in (mine, theirs):
        with pytest.raises(UserError, match="Decide in the sync centre whether to keep it"):
            services.records.withdraw(kai, "Entered twice, I say")
        with pytest.raises(UserError, match="Decide in the sync centre whether to keep it"):
            services.records.amendment(kai)
        view = services.record_views.view(kai)
        assert view is not None
        assert (view.may_amend, view.may_withdraw) == (True, False)
    exchange(mine, theirs)
    assert current(theirs, kai).disputed
    theirs.records.decide(kai, {}, "She is real", keep=True)
    exchange(mine, theirs)
    assert not current(mine, kai).needs_decision
    mine.records.withdraw(kai, "Entered twice after all")
    assert current(mine, kai).withdrawn


def test_a_decision_between_two_versions_of_a_withdrawn_record_brings_it_not_back(
    mine: Services, theirs: Services, kai: str
) -> None:
    mine.records.withdraw(kai, "Entered twice")
    exchange(mine, theirs)
    assert current(theirs, kai).withdrawn
    chosen = {unit: sides[0] for unit, sides in versions(theirs, kai).items()}
    theirs.records.decide(kai, chosen, "Both rang")
    exchange(mine, theirs)
    for services in (mine, theirs):
        assert (current(services, kai).withdrawn, current(services, kai).needs_decision) == (True, False)


def test_a_withdrawn_record_is_neither_amended_nor_withdrawn_again(mine: Services) -> None:
    kai = child_named(mine, "Kai")
    mine.records.withdraw(kai, "Entered twice")
    with pytest.raises(UserError, match="This record was withdrawn"):
        mine.records.amendment(kai)
    with pytest.raises(UserError, match="was withdrawn already"):
        mine.records.withdraw(kai, "Entered twice")
    assert current(mine, kai).withdrawn
    assert current(mine, kai).versions == 2


@pytest.fixture
def staged() -> Iterator[None]:
    with also_known(PLAN):
        yield


def test_a_stage_that_two_laptops_set_differently_is_not_moved(mine: Services, theirs: Services, staged: None) -> None:
    draft = mine.records.new_draft("plan", {"words": "Talk to school.", "state": OPEN, "result": "-"})
    mine.records.finish(draft)
    exchange(mine, theirs)
    mine.records.move(draft.record, DONE, {"result": "They rang back"}, "Done")
    theirs.records.move(draft.record, DROPPED, {}, "Not needed")
    exchange(mine, theirs)
    stood = versions(mine, draft.record)
    assert "state" in stood
    with pytest.raises(UserError, match=r"^State has two versions\. Decide between them first, then amend\.$"):
        mine.records.move(draft.record, OPEN, {}, "Opened again")
    assert versions(mine, draft.record) == stood


def test_handing_over_conflicts_with_nothing(mine: Services, theirs: Services) -> None:
    action = mine.records.new_draft(ACTION.name, {"what": "Ring school", "due": DUE, "state": OPEN})
    mine.records.finish(action)
    exchange(mine, theirs)
    amend(mine, action.record, {"what": "Ring school at nine"})
    amend(theirs, action.record, {"what": "Ring the school nurse"})
    exchange(mine, theirs)
    stood = versions(mine, action.record)
    mine.actions.hand_over(action.record, "Duty team")
    assert versions(mine, action.record) == stood != {}
