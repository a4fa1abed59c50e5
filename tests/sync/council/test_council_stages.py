"""The council holds back a move to a stage that its author's role may not set, however it is written.

Council and laptops are in one process here, so that both know a kind that a test describes.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from hipss_desktop.kinds.action import OPEN
from hipss_desktop.records.kind import Role
from hipss_desktop.records.revision import Action, Revision, body_bytes
from sync.council import enrolment
from sync.council.administration import quarantine, release
from sync.council.chain import Council, Seat, seat_named, state_of
from sync.council.receive import push
from sync.council.send import have, pull
from sync.wire.messages import Pull, Push, PushResult, WireRevision, to_wire
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.kinds_known import also_known
from tests.helpers.staged_kind import DONE, DROPPED, MAY, PLAN, ROLES

WHO: dict[Role, str] = {"on_call": "An on-call practitioner", "lead": "A lead practitioner", "manager": "A manager"}
LABELS = {DROPPED: "No longer needed", DONE: "Done"}


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with also_known(PLAN):
        yield


@pytest.fixture
def council(council_folder: CouncilServer) -> Council:
    return council_folder.in_process()


class Joined:
    """A laptop that speaks to the council in its own process."""

    def __init__(self, council: Council, role: Role) -> None:
        self.council, self.role, self.laptop = council, role, Laptop("")
        code = enrolment.invite(council, "A. Bevan", role, person="new").code
        enrolment.enrol(council, self.laptop.enrol_request(code))

    @property
    def seat(self) -> Seat:
        with self.council.store.reading() as connection:
            seat = seat_named(self.council, connection, self.laptop.seat)
        assert seat is not None
        return seat

    def write(
        self,
        fields: dict[str, Any],
        changed: list[str],
        *,
        after: Revision | None = None,
        beside: Revision | None = None,
        action: Action = "amend",
        schema: int = 2,
        why: str = "Said so.",
    ) -> Revision:
        """Sign the next revision of this seat: of a new record, or after one revision (or two side by side) of another."""
        return self.laptop.write(
            "plan",
            record=after.envelope.record if after else "",
            parents=[revision for revision in (after, beside) if revision],
            action=action if after else "finish",
            body=body_bytes(fields, changed, why if after else ""),
            change=lambda link: msgspec.structs.replace(link, schema=schema),
        )

    def push(self, *revisions: Revision, by: "Joined | None" = None) -> list[PushResult]:
        """Push revisions with their texts, or, by somebody else, the envelopes alone."""
        sent = [WireRevision(revision.jws) if by else to_wire(revision) for revision in revisions]
        return push(self.council, (by or self).seat, Push(self.laptop.seat, sent)).results


def opened_plan(council: Council, stage: str = OPEN) -> Revision:
    """A plan that a manager wrote."""
    manager = Joined(council, "manager")
    written = manager.write({"words": "Talk to school.", "state": stage}, ["words", "state"])
    assert [result.outcome for result in manager.push(written)] == ["stored"]
    return written


def sentence(role: Role, stage: str) -> str:
    return f"{WHO[role]} may not set the state of plans to '{LABELS[stage]}'. Ask a manager to release it."


def check(joined: Joined, stage: str, result: PushResult) -> None:
    """A move is kept where the role may make it, and otherwise held back with the reason."""
    if joined.role in MAY[stage]:
        assert result.outcome == "stored"
    else:
        assert (result.outcome, result.why) == ("held", sentence(joined.role, stage))


@pytest.mark.parametrize("role", ROLES)
def test_a_finish_an_amendment_and_a_decision_move_where_the_role_may(council: Council, role: Role) -> None:
    start, joined, manager = opened_plan(council), Joined(council, role), Joined(council, "manager")
    ours, theirs = (manager.write({"state": stage}, ["state"], after=start) for stage in (DONE, DROPPED))
    manager.push(ours, theirs)
    for stage in MAY:
        body = {"words": "Talk to school.", "state": stage}
        older = {"words": "Talk to school.", "status": stage}
        moves = [
            joined.write(body, ["state", "words"]),
            joined.write(older, ["status", "words"], schema=1),
            joined.write(body, ["state"], after=start),
            joined.write(older, ["status"], after=start, schema=1),
            joined.write(body, ["state"], after=ours, beside=theirs),
            joined.write(older, ["status"], after=ours, beside=theirs, schema=1),
            joined.write(body, ["state"], after=ours, beside=theirs, action="withdraw"),
            joined.write(body, ["state"], after=start, action="order"),
        ]
        for result in joined.push(*moves):
            check(joined, stage, result)


@pytest.mark.parametrize("late", ["finish", "amend", "older"])
@pytest.mark.parametrize("role", ROLES)
def test_a_text_that_comes_late_is_judged_when_it_comes(council: Council, role: Role, late: str) -> None:
    start, joined, reader = opened_plan(council), Joined(council, role), Joined(council, "manager")
    name, schema = ("status", 1) if late == "older" else ("state", 2)
    after = None if late == "finish" else start
    moves = {stage: joined.write({"words": "Talk.", name: stage}, [name], after=after, schema=schema) for stage in MAY}
    assert {result.outcome for result in joined.push(*moves.values(), by=reader)} == {"stored"}
    for _ in range(2):
        for (stage, revision), result in zip(moves.items(), joined.push(*moves.values()), strict=True):
            held = role not in MAY[stage]
            assert (result.outcome, result.why) == (("held", sentence(role, stage)) if held else ("known", ""))
            bodies = pull(council, reader.seat, Pull({}, bodies=[revision.digest])).bodies
            assert (revision.digest in bodies) == (not held)
    assert have(council, joined.seat).lacking == []


def test_a_move_that_was_released_stays_released_when_its_text_comes_late(council: Council) -> None:
    joined, manager = Joined(council, "on_call"), Joined(council, "manager")
    move = joined.write({"words": "Talk.", "state": DONE}, ["state"])
    joined.push(move, by=manager)
    joined.push(move)
    assert [held.digest for held in quarantine(council)] == [move.digest]
    with council.store.reading() as connection:
        assert state_of(connection, "plan", move.envelope.record) is None
    release(council, move.digest, "The manager agreed.")
    assert [result.outcome for result in joined.push(move)] == ["known"]
    assert quarantine(council) == []


def test_what_its_role_may_not_write_is_held_once_and_released_once_when_its_text_comes_late(council: Council) -> None:
    joined, manager = Joined(council, "supervising"), Joined(council, "manager")
    waits, let_through = (joined.write({"words": "Talk."}, ["words"]) for _ in range(2))
    assert [result.outcome for result in joined.push(waits, let_through, by=manager)] == ["held", "held"]
    release(council, let_through.digest, "The manager agreed.")
    assert [result.outcome for result in joined.push(waits, let_through)] == ["held", "known"]
    assert [held.digest for held in quarantine(council)] == [waits.digest]
    bodies = pull(council, manager.seat, Pull({}, bodies=[waits.digest, let_through.digest])).bodies
    assert set(bodies) == {let_through.digest}


def test_what_moves_nothing_is_kept_from_every_role(council: Council) -> None:
    start, joined = opened_plan(council, DONE), Joined(council, "on_call")
    body = {"words": "Talk to both.", "state": DONE}
    row = {"id": "1", "what": "Rang school."}
    results = joined.push(
        joined.write(body, ["words"], after=start),
        joined.write({"steps": [row]}, ["steps/1"], after=start, why=""),
        joined.write(body, [], after=start, action="withdraw"),
        joined.write(body, ["state"], after=start, action="countersign"),
        joined.write({"words": 5, "result": ["x"], "steps": "y"}, ["words", "result", "steps"], after=start),
    )
    assert [result.outcome for result in results] == ["stored"] * 5


@pytest.mark.parametrize("unit", ["state/", "state/x"])
def test_a_stage_that_is_named_in_a_roundabout_way_is_a_move(council: Council, unit: str) -> None:
    joined = Joined(council, "on_call")
    (result,) = joined.push(joined.write({"words": "Talk.", "state": DONE}, [unit], after=opened_plan(council)))
    assert (result.outcome, result.why) == ("held", sentence("on_call", DONE))
