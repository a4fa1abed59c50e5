"""Who may move a record to a stage, checked on the laptop wherever a record is moved."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hipss_desktop import identity
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.kinds.catalogue import KINDS, mistakes
from hipss_desktop.records.kind import Role, Stage
from hipss_desktop.services.records import Unfinished
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.kinds_known import also_known
from tests.helpers.several_laptops import amend, exchange
from tests.helpers.staged_kind import DONE, DROPPED, MAY, PLAN, ROLES

LABELS = {OPEN: "Open", DROPPED: "No longer needed", DONE: "Done"}
EVERY_MOVE = [(role, stage) for role in ROLES for stage in MAY]


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with also_known(PLAN):
        yield


def sign_in(services: Services, role: Role) -> None:
    with services.store.write() as unit:
        unit.set(StoreSetting.ROLE, role)


def plan(services: Services, state: str = "", **fields: Any) -> str:
    draft = services.records.new_draft("plan", {"words": "Talk to school.", "state": state, "result": "-", **fields})
    services.records.finish(draft)
    return draft.record


def state_of(services: Services, record: str) -> str:
    stored_record = services.store.get(record)
    assert stored_record is not None
    return str(stored_record.fields.get("state") or "")


def links(services: Services) -> int:
    return services.store.have()[services.store.seat.seat].number


def attempt(services: Services, role: Role, stage: str, move: Any) -> bool:
    """Whether a move goes through; one that is refused says why and writes nothing."""
    sign_in(services, role)
    before = links(services)
    try:
        move()
    except Unfinished as refused:  # by the stage's question, where a form shows it
        [(field, message)] = [(problem.field, problem.message) for problem in refused.problems]
        assert field == PLAN.stage
    except UserError as refused:
        message = str(refused)
    else:
        return True
    assert (message, links(services)) == (
        f"Your role may not set the state to '{LABELS[stage]}'. Ask your manager.",
        before,
    )
    return False


@pytest.mark.parametrize(("role", "stage"), EVERY_MOVE)
def test_a_finish_moves_where_the_role_may(mine: Services, role: Role, stage: str) -> None:
    assert attempt(mine, role, stage, lambda: plan(mine, stage)) == (role in MAY[stage])


@pytest.mark.parametrize(("role", "stage"), EVERY_MOVE)
def test_an_amendment_moves_where_the_role_may_and_a_refused_one_keeps_its_draft(
    mine: Services, role: Role, stage: str
) -> None:
    record = plan(mine, DONE if stage in (OPEN, "") else OPEN)
    draft = mine.records.amendment(record)
    draft = mine.records.save(replace(draft, fields={**draft.fields, "state": stage}, why="Said so."))
    moved = attempt(mine, role, stage, lambda: mine.records.finish(draft))
    assert moved == (role in MAY[stage])
    assert (state_of(mine, record) == stage) == moved
    assert mine.store.draft(record) == (None if moved else draft)


@pytest.mark.parametrize(("role", "stage"), EVERY_MOVE)
def test_a_decision_moves_where_the_role_may(mine: Services, theirs: Services, role: Role, stage: str) -> None:
    record = plan(mine, OPEN)
    exchange(mine, theirs)
    amend(mine, record, {"state": DONE})
    amend(theirs, record, {"state": DROPPED})
    exchange(mine, theirs)
    moved = attempt(mine, role, stage, lambda: mine.records.decide(record, {"state": stage}, "Asked both."))
    assert moved == (role in MAY[stage])
    assert bool(mine.store.undecided()) != moved


def test_a_person_who_leaves_the_stage_as_it_was_moves_nothing(mine: Services, theirs: Services) -> None:
    record = plan(mine, DONE)
    exchange(mine, theirs)
    sign_in(mine, "on_call")
    draft = mine.records.amendment(record)
    amend(theirs, record, {"state": DROPPED})
    exchange(mine, theirs)
    mine.records.finish(replace(draft, fields={**draft.fields, "words": "Talk to both."}, why="Said so."))
    assert state_of(mine, record) == DROPPED
    mine.records.add_row(record, "steps", {"what": "Rang school."})
    mine.records.withdraw(record, "Written twice.")
    stored_record = mine.store.get(record)
    assert stored_record is not None
    assert stored_record.withdrawn


def test_a_stage_needs_its_answers(mine: Services) -> None:
    with pytest.raises(Unfinished) as refused:
        plan(mine, DONE, result="")
    assert [(problem.field, problem.message) for problem in refused.value.problems] == [
        ("result", "Enter what came of it")
    ]


def made_of(services: Services, record: str) -> int:
    action_record = identity.made_record_id(record, ACTION.name, "look")
    return len(services.store.revisions(action_record))


def test_a_stage_makes_what_follows_when_it_is_entered_and_once(mine: Services, theirs: Services) -> None:
    record, at_once = plan(mine, OPEN), plan(mine, DONE)
    assert (made_of(mine, record), made_of(mine, at_once)) == (0, 1)
    exchange(mine, theirs)
    for services in (mine, theirs):
        amend(services, record, {"state": DONE})
        assert made_of(services, record) == 1
    exchange(mine, theirs)
    assert mine.store.undecided() == theirs.store.undecided() == []
    versions = made_of(mine, record)
    amend(mine, record, {"words": "Talk to both."})
    amend(mine, record, {"state": OPEN})
    amend(mine, record, {"state": DONE})
    mine.records.add_row(record, "steps", {"what": "Rang school."})
    assert made_of(mine, record) == versions


def test_what_a_stage_makes_is_not_made_by_a_person_who_finds_the_record_there(mine: Services) -> None:
    with also_known(replace(PLAN, stages=tuple(replace(stage, makes=None) for stage in PLAN.stages))):
        record = plan(mine, DONE)
    amend(mine, record, {"words": "Talk to both."})
    mine.records.add_row(record, "steps", {"what": "Rang school."})
    assert made_of(mine, record) == 0


def test_a_description_whose_stages_cannot_be_kept_is_named() -> None:
    assert mistakes(KINDS) == []
    council_left_out = replace(PLAN, name="other", stages=(Stage(OPEN, frozenset(ROLES)),))
    assert mistakes({**KINDS, "other": council_left_out}) == [
        "The council imports the kind 'other' and may not set 'open'."
    ]
