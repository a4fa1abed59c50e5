"""Rows that are added to a record by themselves, on several laptops, whatever else happens to the record."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import msgspec
import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop import identity
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.records.access import ON_CALL_AND_MANAGERS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.fold import ABSENT, State, fold
from hipss_desktop.records.kind import Finish, Kind, NewRecord
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.records import Unfinished, with_units
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.kinds_known import also_known
from tests.helpers.several_laptops import exchange
from tests.helpers.store_fixtures import SetClock
from tests.helpers.work import work_of


class Step(msgspec.Struct):
    id: str
    what: Annotated[str, field("What", required="Enter what was done")] = ""
    told: Annotated[str, field("Told", choices="told")] = ""
    minutes: Annotated[int | None, field("Minutes")] = None
    follow_up: Annotated[bool, field("To be followed up")] = False


class Search(msgspec.Struct):
    words: Annotated[str, field("What happened", lines=3, required="Enter what happened")] = ""
    place: Annotated[str, field("Where")] = ""
    people: Annotated[int | None, field("How many people")] = None
    steps: Annotated[list[Step], field("What was done", grows=True)] = []
    plan: Annotated[list[Step], field("What is planned")] = []


def makes(search: Search, finish: Finish) -> Iterator[NewRecord]:
    """An action for each step that is to be followed up."""
    for step in search.steps:
        if step.follow_up:
            yield NewRecord(ACTION.name, step.id, {"what": step.what, "state": OPEN})


def steps_are_short(search: Search, now: datetime) -> Iterator[Problem]:
    """A step takes less than a day, and a search has a place once it has people."""
    for step in search.steps:
        if step.minutes is not None and step.minutes >= 24 * 60:
            yield Problem(f"steps/{step.id}/minutes", "Enter fewer minutes than a day has")
    if search.people and not search.place:
        yield Problem("place", "Enter where it was")


SEARCH = Kind(
    name="search", label="Search", plural="Searches", reference_prefix="SRCH", record=Search,
    writers=ON_CALL_AND_MANAGERS, readers=ON_CALL_AND_MANAGERS, title_from=lambda search: search.place or "Search",
    makes=makes, checks=(steps_are_short,),
)  # fmt: skip


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with also_known(SEARCH):
        yield


@pytest.fixture
def record(mine: Services, theirs: Services) -> str:
    """A search that both laptops hold."""
    search = finished(mine, words="The park was searched.")
    exchange(mine, theirs)
    return search


Exchange = Callable[[Services, Services], None]


@pytest.fixture(params=["mine first", "theirs first"])
def swap(request: pytest.FixtureRequest) -> Exchange:
    """Exchange what both wrote, in one order and in the other."""

    def either(mine: Services, theirs: Services) -> None:
        exchange(*((mine, theirs) if request.param == "mine first" else (theirs, mine)))
        assert seen(mine) == seen(theirs)

    return either


def finished(services: Services, **fields: Any) -> str:
    draft = services.records.new_draft("search", fields)
    services.records.finish(draft)
    return draft.record


def amend(services: Services, record: str, **changes: Any) -> None:
    draft = services.records.amendment(record)
    services.records.finish(replace(draft, fields={**draft.fields, **changes}, why="Told on the telephone"))


def step(words: str, **more: Any) -> dict[str, Any]:
    return {"what": words, **more}


def add(services: Services, record: str, words: str) -> Revision:
    return services.records.add_row(record, "steps", step(words))


def state_of(services: Services, record: str) -> State:
    return fold(services.store.revisions(record), SEARCH)


def seen(services: Services) -> list[tuple[Any, ...]]:
    """What a laptop makes of all searches it holds."""
    return [
        (
            listed.record,
            dict(listed.fields),
            set(listed.conflicts),
            listed.heads,
            listed.withdrawn,
            listed.disputed,
            listed.versions,
        )
        for listed in sorted(services.store.records_of("search"), key=lambda listed: listed.record)
    ]


def steps(services: Services, record: str) -> list[str]:
    stored_record = services.store.get(record)
    assert stored_record is not None
    return [step["what"] if isinstance(step, Mapping) else step for step in stored_record.fields.get("steps", [])]


def refusal(services: Services, record: str, name: str = "steps", row: Mapping[str, Any] | None = None) -> str:
    """The sentence with which a row is refused; nothing is written then."""
    before = len(services.store.revisions(record))
    with pytest.raises(UserError) as refused:
        services.records.add_row(record, name, step("Rang the police.") if row is None else row)
    assert len(services.store.revisions(record)) == before
    return str(refused.value)


def added_by_another_program(services: Services, record: str) -> None:
    """Add a row to all heads without asking whether it may be added."""
    row = {"id": identity.row_id(), "what": "By another program."}
    with services.store.write() as unit:
        unit.append(
            record=record, kind="search", action="amend", fields={"steps": [row]}, changed=[f"steps/{row['id']}"],
            parents=state_of(services, record).heads,
        )  # fmt: skip


def test_two_laptops_add_fifty_rows_each_and_both_have_all_hundred(
    mine: Services, theirs: Services, record: str, swap: Exchange
) -> None:
    for services, who in ((mine, "A. Bevan"), (theirs, "K. Adeyemi")):
        for number in range(50):
            add(services, record, f"{who} {number}")
    swap(mine, theirs)
    for services in (mine, theirs):
        stored_record = services.store.get(record)
        assert stored_record is not None
        assert sorted(steps(services, record)) == sorted(
            f"{who} {number}" for who in ("A. Bevan", "K. Adeyemi") for number in range(50)
        )
        assert (stored_record.needs_decision, stored_record.versions, len(stored_record.heads)) == (False, 1, 2)
        assert isinstance(services.store, LaptopStore)
        examine(services.store, rebuild=True)
        assert services.store.get(record) == stored_record
    add(mine, record, "the last")
    swap(mine, theirs)
    assert len(steps(theirs, record)) == 101


def test_the_chain_grows_with_the_row_and_not_with_its_record(mine: Services) -> None:
    sizes = []
    for words in ("Short.", "Long. " * 2_000):
        record = finished(mine, words=words)
        bodies = [add(mine, record, "Rang the police.").body for _ in range(20)]
        sizes.append([len(body or b"") for body in bodies])
    assert sizes[0] == sizes[1]
    assert len(set(sizes[0])) == 1
    assert sizes[0][0] < 200


def test_a_row_beside_an_open_draft_leaves_the_draft_and_is_there_when_it_is_finished(
    mine: Services, theirs: Services, record: str, swap: Exchange
) -> None:
    add(theirs, record, "Rang the police.")
    swap(mine, theirs)
    draft = mine.records.amendment(record)
    draft = mine.records.save(replace(draft, fields={**draft.fields, "place": "The park"}, why="Forgotten"))
    add(theirs, record, "Rang the carer.")
    add(mine, record, "Rang the hospital.")
    swap(mine, theirs)
    assert mine.store.draft(record) == draft
    row = {**draft.fields["steps"][0], "minutes": 5}
    mine.records.finish(replace(draft, fields={**draft.fields, "steps": [row]}))
    swap(mine, theirs)
    stored_record = theirs.store.get(record)
    assert stored_record is not None
    assert (stored_record.fields["place"], stored_record.needs_decision, stored_record.versions) == (
        "The park",
        False,
        2,
    )
    assert sorted(steps(theirs, record)) == ["Rang the carer.", "Rang the hospital.", "Rang the police."]
    assert {step["what"]: step.get("minutes") for step in stored_record.fields["steps"]}["Rang the police."] == 5


def test_a_row_in_a_record_in_conflict_leaves_the_conflict_until_somebody_decides(
    mine: Services, theirs: Services, record: str, swap: Exchange
) -> None:
    amend(mine, record, place="The park")
    amend(theirs, record, place="The station")
    add(theirs, record, "Before the exchange.")
    swap(mine, theirs)
    sides = {services: services.store.undecided()[0].conflicts for services in (mine, theirs)}
    for services in (mine, theirs):
        add(services, record, "In conflict.")
    swap(mine, theirs)
    for services in (mine, theirs):
        assert [listed.conflicts for listed in services.store.undecided()] == [sides[services]]
        conflict = services.sync_centre.conflict(services.store.undecided()[0])
        assert {side.words for side in conflict.parts[0].sides} == {"The park", "The station"}
    theirs.records.decide(record, {"place": "The park"}, "Rang both.")
    swap(mine, theirs)
    assert mine.store.undecided() == []
    assert sorted(steps(mine, record)) == ["Before the exchange.", "In conflict.", "In conflict."]


def test_rows_that_were_decided_are_in_the_body_in_the_order_of_their_ids(
    mine: Services, theirs: Services, swap: Exchange
) -> None:
    record = finished(mine, words="The park", plan=[{"id": row_id, "what": row_id} for row_id in ("1", "2", "3")])
    swap(mine, theirs)
    for services, words in ((mine, "here"), (theirs, "there")):
        amend(services, record, plan=[{"id": "1", "what": words}, {"id": "2", "what": words}, {"id": "3", "what": "3"}])
    swap(mine, theirs)
    (undecided,) = mine.store.undecided()
    chosen = {unit: sides[0].value for unit, sides in undecided.conflicts.items()}
    body = mine.records.decide(record, {**chosen, "plan/2": ABSENT}, "Asked both.").content()
    assert body is not None
    assert [row["id"] for row in body.fields["plan"]] == ["1", "3"]


def test_seven_times_the_rows_are_seven_times_the_work_to_decide() -> None:
    def decide(count: int) -> int:
        fields = {"plan": [{"id": f"{number:05}", "what": "x"} for number in range(count)]}
        chosen = {f"plan/{number:05}": {"id": f"{number:05}", "what": "y"} for number in range(count)}
        assert len(with_units(fields, chosen)["plan"]) == count
        return work_of(lambda: with_units(fields, chosen))

    assert decide(7_000) <= 7.1 * decide(1_000)


def test_a_row_in_a_record_whose_answers_do_not_fit_leaves_them_as_they_are(
    mine: Services, theirs: Services, swap: Exchange
) -> None:
    record = identity.record_id()
    odd = {"words": 1.5, "people": "many", "steps": ["by word of mouth"], "plan": {"a": 1}, "unknown": [None]}
    with theirs.store.write() as unit:
        unit.append(record=record, kind="search", action="finish", fields=odd, changed=sorted(odd), parents=())
    swap(mine, theirs)
    added = {add(services, record, words).digest for services, words in ((mine, "Rang."), (theirs, "Wrote."))}
    swap(mine, theirs)
    stored_record = mine.store.get(record)
    assert stored_record is not None
    assert {**stored_record.fields, "steps": None} == {**odd, "steps": None}
    assert sorted(steps(mine, record)) == ["Rang.", "Wrote.", "by word of mouth"]
    assert state_of(mine, record).growths == added


def test_a_row_in_a_countersigned_record_leaves_it_countersigned_and_an_amendment_does_not(
    mine: Services, theirs: Services, record: str, swap: Exchange
) -> None:
    add(mine, record, "Rang the police.")
    stored_record = theirs.store.get(record)
    assert stored_record is not None
    with theirs.store.write() as unit:
        unit.append(
            record=record, kind="search", action="countersign", fields={}, changed=(), parents=stored_record.heads
        )  # fmt: skip
    add(theirs, record, "Rang the carer.")
    swap(mine, theirs)
    for services in (mine, theirs):
        add(services, record, "Rang the hospital.")
        assert state_of(services, record).countersigned == stored_record.heads
    amend(mine, record, place="The park")
    swap(mine, theirs)
    assert state_of(theirs, record).countersigned == ()


def test_a_withdrawn_record_takes_no_row_and_one_that_comes_all_the_same_leaves_it_withdrawn(
    mine: Services, theirs: Services, record: str, swap: Exchange
) -> None:
    theirs.records.withdraw(record, "Written twice.")
    swap(mine, theirs)
    assert refusal(mine, record) == "This record was withdrawn. Write a new record instead."
    added_by_another_program(mine, record)
    swap(mine, theirs)
    stored_record = theirs.store.get(record)
    assert stored_record is not None
    assert (stored_record.withdrawn, stored_record.disputed) == (True, False)


@pytest.mark.parametrize("keep", [True, False])
def test_a_row_side_by_side_with_a_withdrawal_waits_for_a_person(
    mine: Services, theirs: Services, record: str, swap: Exchange, keep: bool
) -> None:
    add(theirs, record, "Rang the police.")
    mine.records.withdraw(record, "Written twice.")
    swap(mine, theirs)
    for services in (mine, theirs):
        assert refusal(services, record).startswith(
            "One laptop withdrew this record while another one changed it. Decide"
        )
        conflict = services.sync_centre.conflict(services.store.undecided()[0])
        assert (conflict.withdrawn_why, conflict.amended_by) == ("Written twice.", "K. Adeyemi, 02:14, HIPSS-LT-02")
    theirs.records.decide(record, {}, "Asked around.", keep=keep)
    swap(mine, theirs)
    stored_record = mine.store.get(record)
    assert stored_record is not None
    assert (stored_record.withdrawn, stored_record.disputed) == (not keep, False)
    assert steps(mine, record) == ["Rang the police."]


def test_a_disputed_record_takes_no_row_and_one_that_comes_all_the_same_does_not_end_the_dispute(
    mine: Services, theirs: Services, record: str, swap: Exchange
) -> None:
    amend(theirs, record, place="The park")
    mine.records.withdraw(record, "Written twice.")
    swap(mine, theirs)
    assert refusal(theirs, record).startswith("One laptop withdrew this record while another one changed it. Decide")
    added_by_another_program(mine, record)
    swap(mine, theirs)
    for services in (mine, theirs):
        (undecided,) = services.store.undecided()
        assert undecided.disputed
        conflict = services.sync_centre.conflict(undecided)
        assert conflict.withdrawn_why == "Written twice."


def test_a_record_that_is_not_finished_takes_no_row_and_its_draft_stays(mine: Services) -> None:
    draft = mine.records.save(mine.records.new_draft("search", {"words": "The park"}))
    assert refusal(mine, draft.record).startswith("This record is not finished yet.")
    assert mine.store.draft(draft.record) == draft


def test_a_row_of_a_record_that_is_not_here_is_refused(mine: Services) -> None:
    assert refusal(mine, identity.record_id()) == "This record is not on this laptop."


def test_a_row_of_an_unknown_kind_is_refused(mine: Services, record: str) -> None:
    strange = identity.record_id()
    with mine.store.write() as unit:
        unit.append(record=strange, kind="steering", action="finish", fields={"a": 1}, changed=["a"], parents=())
    assert refusal(mine, strange).startswith("This program does not know this kind of record.")


@pytest.mark.parametrize("name", ["plan", "place", "nowhere"])
def test_only_lists_that_grow_take_rows(mine: Services, record: str, name: str) -> None:
    assert refusal(mine, record, name) == "Rows cannot be added to this by themselves. Amend the record instead."


def test_a_role_that_may_not_write_the_kind_adds_no_row(mine: Services, store: LaptopStore, record: str) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "supervising")
    assert refusal(mine, record).startswith("Only ")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"minutes": 5}, "Enter what was done"),
        ({"what": "Rang.", "minutes": "five"}, "Enter minutes as a whole number"),
        ({"what": 5}, "Enter what again. It cannot be read."),
        ({"what": "Rang.", "id": 7}, "Enter what was done again. It cannot be read."),
    ],
)
def test_only_the_row_is_checked_and_every_problem_of_it_is_named(
    mine: Services, record: str, row: dict[str, Any], sentence: str
) -> None:
    amend(mine, record, place="The park")
    with pytest.raises(Unfinished) as refused:
        mine.records.add_row(record, "steps", row)
    assert [problem.message for problem in refused.value.problems] == [sentence]
    assert refusal(mine, record, row={"what": " ", "id": "x"}) == "This row is empty. Fill it in first."


def test_a_row_answers_for_the_checks_of_its_kind_and_not_for_the_answers_of_others(
    mine: Services, record: str
) -> None:
    with mine.store.write() as unit:  # an older program did not ask for a place
        fields = {"people": 4, "steps": [{"id": "a", "what": "Slept.", "minutes": 2000}]}
        unit.append(
            record=record, kind="search", action="amend", fields={"words": "The park was searched.", **fields},
            changed=["people", "steps/a"], parents=mine.store.get(record).heads,  # type: ignore[union-attr]  # there
        )  # fmt: skip
    row = {"id": "b", "what": "Rang.", "minutes": 1440}
    with pytest.raises(Unfinished) as refused:
        mine.records.add_row(record, "steps", row)
    assert refused.value.problems == (Problem("steps/b/minutes", "Enter fewer minutes than a day has"),)
    mine.records.add_row(record, "steps", {**row, "minutes": 3})
    assert steps(mine, record) == ["Slept.", "Rang."]


def test_a_row_that_was_there_before_is_not_added_again(mine: Services, record: str) -> None:
    row = {"id": identity.row_id(), "what": "Rang the police."}
    mine.records.add_row(record, "steps", row)
    assert refusal(mine, record, row=row).startswith("This row was added already.")
    amend(mine, record, steps=[])
    assert steps(mine, record) == []
    assert refusal(mine, record, row=row).startswith("This row was added already.")


def made_of(services: Services, search: str, rows: Iterable[str]) -> list[str]:
    actions = (services.store.get(identity.made_record_id(search, ACTION.name, row)) for row in rows)
    return [str(action.fields["what"]) for action in actions if action is not None]


def test_what_follows_from_a_row_is_made_with_it_once_on_all_laptops(
    mine: Services, theirs: Services, record: str, swap: Exchange
) -> None:
    rows = [identity.row_id() for _ in range(3)]
    actions = len(mine.store.records_of("action"))
    mine.records.add_row(record, "steps", {"id": rows[0], **step("Ring back.", follow_up=True)})
    theirs.records.add_row(record, "steps", {"id": rows[1], **step("Rang.")})
    swap(mine, theirs)
    theirs.records.add_row(record, "steps", {"id": rows[2], **step("Write to school.", follow_up=True)})
    swap(mine, theirs)
    for services in (mine, theirs):
        assert made_of(services, record, rows) == ["Ring back.", "Write to school."]
        assert len(services.store.records_of("action")) == actions + 2
        assert services.store.undecided() == []


def test_a_row_is_not_kept_when_what_follows_from_it_cannot_be_made(mine: Services, record: str) -> None:
    def broken(search: Search, finish: Finish) -> list[NewRecord]:
        raise RuntimeError

    with also_known(replace(SEARCH, makes=broken)), pytest.raises(RuntimeError):
        add(mine, record, "Rang the police.")
    assert len(mine.store.revisions(record)) == 1


def test_the_history_names_an_added_row_and_counts_it_as_no_version(
    mine: Services, theirs: Services, record: str, swap: Exchange, clock: SetClock
) -> None:
    clock.pass_time(minutes=1)
    add(theirs, record, "Rang the police.")
    swap(mine, theirs)
    clock.pass_time(minutes=1)
    amend(mine, record, place="The park")
    clock.pass_time(minutes=1)
    add(mine, record, "Rang the carer.")
    view = mine.record_views.view(record)
    assert view is not None
    assert [(version.action, version.number) for version in view.versions] == [
        ("add", 0), ("amend", 2), ("add", 0), ("finish", 1),
    ]  # fmt: skip
    (added,) = view.versions[2].differences
    assert (added.label, added.was, added.now) == ("What was done", "", "Rang the police.")
    assert view.versions[2].author_name == "K. Adeyemi"
