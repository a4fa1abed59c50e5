"""The laws of reading a record from its revisions."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from hipss_desktop.records.changes import changed_units, differences
from hipss_desktop.records.fields import field
from hipss_desktop.records.fold import State, fold, signed_by_their_authors
from hipss_desktop.records.kind import Kind, Upgrade
from hipss_desktop.records.revision import (
    Action,
    Envelope,
    Revision,
    body_bytes,
    body_digest,
    new_salt,
    signed,
)
from tests.helpers.work import work_of

KEY = OKPKey.generate_key("Ed25519")


class Row(msgspec.Struct):
    id: str
    what: Annotated[str, field("What")] = ""


class Described(msgspec.Struct):
    risk: Annotated[str, field("Risk now", group="risk")] = ""
    risk_why: Annotated[str, field("Why", group="risk")] = ""
    advice: Annotated[str, field("What did you advise?")] = ""
    outcome: Annotated[str, field("Outcome")] = ""
    rows: Annotated[list[Row], field("Follow-ups")] = []
    log: Annotated[list[Row], field("What was done", grows=True)] = []


ROLES = frozenset[Any]({"on_call"})
KIND = Kind(
    name="thing",
    label="Thing",
    plural="Things",
    reference_prefix="T",
    record=Described,
    title_from=lambda thing: "",
    writers=ROLES,
    readers=ROLES,
    upgrades=(Upgrade(renamed={"guidance": "advice", "notes": "log"}, converted={"advice": str.strip}),),
)


def revision(
    fields: dict[str, Any],
    changed: list[str],
    parents: list[Revision],
    number: int,
    *,
    action: Action = "amend",
    schema: int = 2,
    seat: str = "a",
    why: str = "",
    person: str = "p",
) -> Revision:
    salt, body = new_salt(), body_bytes(fields, changed, why)
    parent_digests = sorted(parent.digest for parent in parents)
    envelope = Envelope(
        "r", "thing", schema, parent_digests, person, "d", seat, number, None, "2017-03-14T02:14:00.000+00:00", action,
        body_digest(salt, body),
    )  # fmt: skip
    return signed(envelope, KEY, salt, body)


def first(fields: dict[str, Any]) -> Revision:
    return revision(fields, changed_units(KIND, {}, fields), [], 1, action="finish")


def seen(state: State) -> tuple[Any, ...]:
    return (
        state.fields, state.conflicts, state.heads, state.withdrawn, state.disputed, state.countersigned,
        state.countersignatures, state.incomplete, state.growths, state.latest, state.without_effect, state.newest_held,
    )  # fmt: skip


def growth(row: str, parents: list[Revision], number: int = 2, *, entry: str = "rang", schema: int = 2) -> Revision:
    """A revision that adds one row to the list that grows; in the first schema the list had another name."""
    name = "notes" if schema == 1 else "log"
    return revision({name: [{"id": row, "what": entry}]}, [f"{name}/{row}"], parents, number, schema=schema)


@st.composite
def histories(draw: st.DrawFn) -> list[Revision]:
    history = [first({"advice": "keep calm", "outcome": "open", "rows": [{"id": "1", "what": "ring back"}]})]
    for number in range(2, draw(st.integers(2, 8))):
        parents = draw(st.lists(st.sampled_from(history), min_size=1, max_size=3, unique_by=lambda link: link.digest))
        if draw(st.integers(0, 2)) == 0:
            row, entry = draw(st.sampled_from(["g1", "g2", "g3"])), draw(st.sampled_from(["rang", "wrote"]))
            history.append(growth(row, parents, number, entry=entry, schema=draw(st.sampled_from([1, 2]))))
            continue
        action: Action = draw(st.sampled_from(["amend", "amend", "amend", "withdraw", "countersign"]))
        person = draw(st.sampled_from(["p", "q", "m"]))
        values = {
            "advice": draw(st.sampled_from(["keep calm", "ring 111"])),
            "outcome": draw(st.sampled_from(["open", "closed"])),
            "rows": [
                {"id": row_id, "what": draw(st.sampled_from(["x", "y"]))}
                for row_id in draw(st.sets(st.sampled_from("123")))
            ],
            "log": [{"id": row_id, "what": "amended"} for row_id in draw(st.sets(st.sampled_from(["g1", "g2"])))],
        }
        units = draw(
            st.lists(st.sampled_from(["advice", "outcome", "rows/1", "rows/2", "rows/3", "log/g1"]), unique=True)
        )
        if draw(st.booleans()):
            values["guidance"] = f" {values.pop('advice')} "
            units = ["guidance" if unit == "advice" else unit for unit in units]
            history.append(revision(values, units, parents, number, action=action, schema=1, person=person))
        else:
            history.append(revision(values, units, parents, number, action=action, person=person))
    erased = draw(st.sets(st.integers(0, len(history) - 1), max_size=2))
    return [
        msgspec.structs.replace(revision, body=None, salt=None) if place in erased else revision
        for place, revision in enumerate(history)
    ]


@st.composite
def held_histories(draw: st.DrawFn) -> tuple[list[Revision], frozenset[str]]:
    """A history, and the digests of it that the council holds back."""
    history = draw(histories())
    return history, draw(st.frozensets(st.sampled_from([revision.digest for revision in history]), max_size=3))


@settings(max_examples=150, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_partition_and_repetition_gives_the_same_state(history: list[Revision], random: Any) -> None:
    whole = seen(fold(history, KIND))
    shuffled = list(history)
    random.shuffle(shuffled)
    cut = random.randint(0, len(shuffled))
    assert seen(fold(shuffled[cut:] + shuffled + shuffled[:cut], KIND)) == whole


@settings(max_examples=150, deadline=None)
@given(histories())
def test_a_row_added_to_all_heads_changes_nothing_but_the_list(history: list[Revision]) -> None:
    before = fold(history, KIND)
    parents = [earlier for earlier in history if earlier.digest in before.heads]
    added = growth("new", parents, 99)
    after = fold([*history, added], KIND)
    assert after.growths == before.growths | {added.digest}
    assert after.heads == (added.digest,)
    assert after.fields["log"] == [*before.fields.get("log", []), {"id": "new", "what": "rang"}]
    assert {**after.fields, "log": None} == {**before.fields, "log": None}
    assert (after.conflicts, after.withdrawn, after.disputed) == (before.conflicts, before.withdrawn, before.disputed)
    assert (after.countersigned, after.latest) == (before.countersigned, before.latest)


@settings(max_examples=200, deadline=None)
@given(held_histories(), st.randoms(use_true_random=False))
def test_holds_and_releases_give_one_state_whatever_the_order(
    given_history: tuple[list[Revision], frozenset[str]], random: Any
) -> None:
    history, held = given_history
    whole = seen(fold(history, KIND, held))
    shuffled = list(history)
    random.shuffle(shuffled)
    cut = random.randint(0, len(shuffled))
    assert seen(fold(shuffled[cut:] + shuffled, KIND, [*held, "of another record"])) == whole
    assert seen(fold(shuffled, KIND, ())) == seen(fold(history, KIND))


@settings(max_examples=200, deadline=None)
@given(held_histories())
def test_nothing_that_is_held_back_says_changes_anything(
    given_history: tuple[list[Revision], frozenset[str]],
) -> None:
    """Neither its text, nor what it does, nor who wrote it when."""
    history, held = given_history
    other = revision({"advice": "poison"}, ["advice", "rows/1", "log/g1"], [], 1)

    def poisoned(honest: Revision, action: Action) -> Revision:
        envelope = msgspec.structs.replace(
            honest.envelope, action=action, kind="other", author="m", clock="1999-01-01T00:00:00.000+00:00"
        )
        return msgspec.structs.replace(honest, envelope=envelope, body=other.body, salt=other.salt)

    actions: tuple[Action, ...] = ("amend", "withdraw", "countersign", "finish")
    for action in actions:
        changed = [poisoned(entry, action) if entry.digest in held else entry for entry in history]
        assert seen(fold(changed, KIND, held)) == seen(fold(history, KIND, held))


@settings(max_examples=200, deadline=None)
@given(held_histories())
def test_what_nobody_built_on_and_is_held_back_is_as_if_it_were_not_there(
    given_history: tuple[list[Revision], frozenset[str]],
) -> None:
    history, held = given_history
    newest = {revision.digest for revision in history} - {
        parent for revision in history for parent in revision.envelope.parents
    }
    gone = held & newest
    rest = [revision for revision in history if revision.digest not in gone]
    if rest:
        with_them, without = fold(history, KIND, held), fold(rest, KIND, held - gone)
        assert seen(with_them)[:-2] == seen(without)[:-2]
        assert with_them.without_effect == without.without_effect | gone


def test_an_amendment_of_what_is_held_back_counts_for_what_it_changed_itself() -> None:
    start = first({"advice": "keep calm", "outcome": "open"})
    held = revision({"advice": "poison", "outcome": "open"}, ["advice"], [start], 2)
    later = revision({"advice": "poison", "outcome": "closed"}, ["outcome"], [held], 3)
    state = fold([start, held, later], KIND, {held.digest})
    assert dict(state.fields) == {"advice": "keep calm", "outcome": "closed"}
    assert (state.heads, state.newest_held) == ((later.digest,), ())
    assert dict(fold([start, held, later], KIND).fields) == {"advice": "poison", "outcome": "closed"}


def test_what_amends_nothing_but_what_is_held_back_waits_with_it() -> None:
    begun = first({"advice": "poison"})
    later = revision({"advice": "poison", "outcome": "closed"}, ["outcome"], [begun], 2)
    state = fold([begun, later], KIND, {begun.digest})
    assert (dict(state.fields), state.heads) == ({}, ())
    assert state.without_effect == {begun.digest, later.digest}
    assert state.newest_held == (later.digest,)
    assert fold([begun, later], KIND).heads == (later.digest,)
    other = first({"advice": "keep calm"})
    both = revision({"outcome": "open"}, ["outcome"], [begun, other], 3)
    assert dict(fold([begun, other, both], KIND, {begun.digest}).fields) == {"advice": "keep calm", "outcome": "open"}


def test_a_withdrawal_that_is_held_back_withdraws_nothing_and_one_that_is_not_still_does() -> None:
    start = first({"advice": "keep calm"})
    gone = revision({}, [], [start], 1, action="withdraw", seat="b", person="c")
    alone = revision({}, [], [], 2, action="withdraw", seat="b", person="c")
    state = fold([start, gone, alone], KIND, {gone.digest, alone.digest})
    assert (state.withdrawn, state.disputed, state.heads) == (False, False, (start.digest,))
    assert state.newest_held == tuple(sorted((gone.digest, alone.digest)))
    by_a_manager = revision({}, [], [start], 1, action="withdraw", seat="m", person="m")
    assert fold([start, gone, alone, by_a_manager], KIND, {gone.digest, alone.digest}).withdrawn


def test_nobody_countersigns_what_they_wrote_on_whichever_laptop() -> None:
    """Who wrote what goes before counts as well; who only added a row to a list that grows wrote none of it."""
    start = first({"advice": "keep calm"})
    amended = revision({"advice": "ring 111"}, ["advice"], [start], 1, seat="b", person="m")
    added = growth("g1", [amended])
    history = [start, amended, added]
    for person, signed_by_author in (("p", True), ("m", True), ("q", False)):
        sign = revision({}, [], [added], 1, action="countersign", seat="c", person=person)
        state = fold([*history, sign], KIND)
        assert state.countersigned == (() if signed_by_author else (added.digest,))
        assert state.countersignatures == (() if signed_by_author else (sign.digest,))
        assert signed_by_their_authors([*history, sign], KIND) == ({sign.digest} if signed_by_author else set())
    sign = revision({}, [], [start], 1, action="countersign", seat="c", person="m")
    assert signed_by_their_authors([*history, sign], KIND) == set()
    sign = revision({}, [], [added], 1, action="countersign", seat="c", person="m")
    assert fold([*history, sign], KIND, {amended.digest}).countersigned == (added.digest,)


def test_a_countersignature_of_two_newest_counts_for_both_and_of_what_is_not_here_for_nothing() -> None:
    start = first({"advice": "keep calm", "outcome": "open"})
    ours = revision({"advice": "ring 111"}, ["advice"], [start], 2)
    theirs = revision({"outcome": "closed"}, ["outcome"], [start], 1, seat="b")
    sign = revision({}, [], [ours, theirs], 1, action="countersign", seat="c", person="m")
    assert fold([start, ours, theirs, sign], KIND).countersigned == tuple(sorted((ours.digest, theirs.digest)))
    assert fold([start, ours, sign], KIND).countersigned == ()
    assert fold([start, ours, theirs, sign], KIND, {theirs.digest}).countersigned == ()
    assert fold([start, ours, theirs, sign], KIND, {sign.digest}).countersigned == ()


def test_edits_of_different_fields_are_simply_both_there() -> None:
    start = first({"advice": "keep calm", "outcome": "open"})
    ours = revision({"advice": "ring 111", "outcome": "open"}, ["advice"], [start], 2)
    theirs = revision({"advice": "keep calm", "outcome": "closed"}, ["outcome"], [start], 1, seat="b")
    state = fold([start, ours, theirs], KIND)
    assert dict(state.fields) == {"advice": "ring 111", "outcome": "closed"}
    assert not state.needs_decision
    assert set(state.heads) == {ours.digest, theirs.digest}


def test_edits_of_the_same_field_wait_and_the_next_amendment_decides() -> None:
    start = first({"advice": "keep calm"})
    ours = revision({"advice": "ring 111"}, ["advice"], [start], 2)
    theirs = revision({"advice": "ring 101"}, ["advice"], [start], 1, seat="b")
    state = fold([theirs, ours, start], KIND)
    assert {side.value for side in state.conflicts["advice"]} == {"ring 111", "ring 101"}
    decision = revision({"advice": "both"}, ["advice"], [ours, theirs], 3)
    decided = fold([decision, theirs, ours, start], KIND)
    assert decided.fields["advice"] == "both"
    assert not decided.needs_decision


def test_the_same_words_written_twice_are_no_conflict() -> None:
    start = first({"advice": "keep calm"})
    both = [revision({"advice": "ring 111"}, ["advice"], [start], 2, seat=seat) for seat in "ab"]
    assert not fold([start, *both], KIND).needs_decision


def test_rows_added_on_two_laptops_are_both_there_and_one_row_changed_twice_waits() -> None:
    start = first({"rows": [{"id": "1", "what": "ring back"}]})
    ours = revision({"rows": [{"id": "1", "what": "A"}, {"id": "2", "what": "new"}]}, ["rows/1", "rows/2"], [start], 2)
    theirs = revision(
        {"rows": [{"id": "1", "what": "B"}, {"id": "3", "what": "also"}]}, ["rows/1", "rows/3"], [start], 1
    )
    state = fold([start, ours, theirs], KIND)
    assert [row["id"] for row in state.fields["rows"]] == ["1", "2", "3"]
    assert set(state.conflicts) == {"rows/1"}


def test_withdraw_against_amend_waits_for_a_person() -> None:
    start = first({"advice": "keep calm"})
    gone = revision({"advice": "keep calm"}, [], [start], 2, action="withdraw")
    amended = revision({"advice": "ring 111"}, ["advice"], [start], 1, seat="b")
    assert fold([start, gone], KIND).withdrawn
    state = fold([start, gone, amended], KIND)
    assert state.disputed
    assert state.needs_decision
    decision = revision({"advice": "ring 111"}, [], [gone, amended], 3)
    assert not fold([start, gone, amended, decision], KIND).needs_decision


def test_a_countersignature_counts_for_the_digest_it_names_only() -> None:
    start = first({"advice": "keep calm"})
    sign = revision({}, [], [start], 1, action="countersign", seat="b", person="m")
    assert fold([start, sign], KIND).countersigned == (start.digest,)
    later = revision({"advice": "ring 111"}, ["advice"], [start], 2)
    assert fold([start, sign, later], KIND).countersigned == ()


def test_a_row_that_is_added_after_a_withdrawal_leaves_it_and_one_side_by_side_waits_for_a_person() -> None:
    start = first({"advice": "keep calm"})
    gone = revision({"advice": "keep calm"}, [], [start], 2, action="withdraw")
    assert fold([start, gone, growth("g1", [gone])], KIND).withdrawn
    beside = growth("g1", [start])
    state = fold([start, gone, beside], KIND)
    assert (state.disputed, state.withdrawn) == (True, False)
    assert fold([start, gone, beside, growth("g2", [gone, beside])], KIND).disputed
    withdrawal = revision({"advice": "keep calm"}, [], [gone, beside], 3, action="withdraw")
    assert fold([start, gone, beside, withdrawal], KIND).withdrawn
    assert fold([start, beside, revision({}, [], [beside], 2, action="withdraw")], KIND).withdrawn


def test_a_row_that_is_added_ends_no_dispute_and_settles_no_conflict() -> None:
    start = first({"advice": "keep calm"})
    gone = revision({"advice": "keep calm"}, [], [start], 2, action="withdraw")
    amended = revision({"advice": "ring 111"}, ["advice"], [start], 1, seat="b")
    other_amendment = revision({"advice": "ring 101"}, ["advice"], [start], 1, seat="c")
    added = growth("g1", [gone, amended, other_amendment])
    state = fold([start, gone, amended, other_amendment, added], KIND)
    assert state.disputed
    assert set(state.conflicts) == {"advice"}
    decision = revision({"advice": "both"}, ["advice"], [added], 3)
    assert not fold([start, gone, amended, other_amendment, added, decision], KIND).needs_decision


def test_a_countersignature_stays_valid_whatever_rows_are_added_and_may_name_an_added_row() -> None:
    start = first({"advice": "keep calm"})
    sign = revision({}, [], [start], 1, action="countersign", seat="b", person="m")
    added = growth("g1", [start])
    assert fold([start, sign, added, growth("g2", [added])], KIND).countersigned == (start.digest,)
    signed_later = revision({}, [], [added], 1, action="countersign", seat="b", person="m")
    assert fold([start, added, signed_later], KIND).countersigned == (added.digest,)
    amended = revision({"advice": "ring 111"}, ["advice"], [added], 2)
    assert fold([start, sign, added, signed_later, amended], KIND).countersigned == ()


def test_the_same_row_written_on_two_laptops_in_two_ways_waits_for_a_person() -> None:
    start = first({"advice": "keep calm"})
    state = fold([start, growth("g1", [start], entry="rang"), growth("g1", [start], entry="wrote")], KIND)
    assert len(state.growths) == 2
    assert set(state.conflicts) == {"log/g1"}


START = first({"advice": "keep calm", "log": [{"id": "g1", "what": "rang"}]})
ROW = {"id": "g2", "what": "wrote"}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(revision({"log": [{"id": "g1", "what": "wrote"}]}, ["log/g1"], [START], 2), id="changes a row"),
        pytest.param(revision({"log": []}, ["log/g1"], [START], 2), id="takes a row out"),
        pytest.param(revision({"rows": [ROW]}, ["rows/g2"], [START], 2), id="adds to a list that does not grow"),
        pytest.param(revision({"advice": "x", "log": [ROW]}, ["log/g2"], [START], 2), id="holds more than the row"),
        pytest.param(revision({"log": [ROW, {"id": "g3"}]}, ["log/g2"], [START], 2), id="holds more rows"),
        pytest.param(revision({"log": [ROW, ROW]}, ["log/g2"], [START], 2), id="holds the row twice"),
        pytest.param(revision({"log": [ROW, "x"]}, ["log/g2"], [START], 2), id="holds what is no row"),
        pytest.param(revision({"log": "g2"}, ["log/g2"], [START], 2), id="holds no list"),
        pytest.param(revision({"log": [{"id": 2}]}, ["log/2"], [START], 2), id="holds a row without a name"),
        pytest.param(revision({"log": [ROW]}, ["log"], [START], 2), id="changes the list as a whole"),
        pytest.param(revision({"advice": "x"}, ["advice"], [START], 2), id="changes another field"),
        pytest.param(revision({}, [], [START], 2), id="changes nothing"),
        pytest.param(revision({"log": [ROW]}, ["log/g2"], [START], 2, why="Forgot this."), id="gives a reason"),
        pytest.param(revision({"log": [ROW]}, ["log/g2"], [], 2), id="has no parents"),
        pytest.param(revision({"log": [ROW]}, ["log/g2"], [START], 2, action="withdraw"), id="withdraws"),
        pytest.param(revision({"notes": [ROW]}, ["log/g2"], [START], 2), id="names the row otherwise"),
    ],
)
def test_whatever_else_a_revision_does_makes_it_an_amendment(other: Revision) -> None:
    state = fold([START, other], KIND)
    assert state.growths == frozenset()
    added = growth("g2", [START])
    assert fold([START, added], KIND).growths == {added.digest}


def test_a_list_that_is_known_under_an_older_name_grows_and_a_record_of_an_unknown_kind_does_not() -> None:
    added = growth("g2", [START], schema=1)
    assert fold([START, added], KIND).growths == {added.digest}
    assert fold([START, added], KIND).fields["log"] == [{"id": "g1", "what": "rang"}, {"id": "g2", "what": "rang"}]
    assert fold([START, added], None).growths == frozenset()


def test_a_group_is_changed_as_one() -> None:
    before = {"risk": "low", "risk_why": "settled"}
    assert changed_units(KIND, before, {"risk": "high", "risk_why": "settled"}) == ["risk", "risk_why"]


def test_an_older_body_is_read_through_its_upgrade() -> None:
    old = revision({"guidance": " keep calm ", "later": 1}, ["guidance", "later"], [], 1, action="finish", schema=1)
    assert dict(fold([old], KIND).fields) == {"advice": "keep calm", "later": 1}


def test_an_older_answer_that_its_upgrade_cannot_read_stays_as_it_is() -> None:
    old = revision({"guidance": 5, "outcome": "open"}, ["guidance", "outcome"], [], 1, action="finish", schema=1)
    assert dict(fold([old], KIND).fields) == {"advice": 5, "outcome": "open"}


@pytest.mark.parametrize("name", ["advice", "outcome"])
def test_what_an_older_program_amends_of_a_newer_record_is_what_its_author_typed(name: str) -> None:
    """It carries the newer name along as a field that it does not know, before or after its own in the body's order."""
    kind = replace(KIND, upgrades=(Upgrade(renamed={"guidance": name}),))
    newer = first({name: "newer"})
    body = {name: "newer", "guidance": "older"}
    amended = revision(body, ["guidance"], [newer], 2, schema=1, why="Told on the telephone")
    assert dict(fold([newer, amended], kind).fields) == {name: "older"}


def test_an_unknown_kind_is_folded_all_the_same() -> None:
    assert dict(fold([first({"advice": "x"})], None).fields) == {"advice": "x"}


def test_differences_are_in_the_words_of_the_labels() -> None:
    shown = differences(KIND, ["advice"], {"advice": "was so"}, {"advice": "now so"})
    assert [(difference.label, difference.was, difference.now) for difference in shown] == [
        ("What did you advise?", "was so", "now so")
    ]


def rows_of(count: int, text: str) -> list[dict[str, str]]:
    return [{"id": f"{number:05}", "what": text} for number in range(count)]


def rewritten(count: int) -> list[Revision]:
    """A record with so many rows, each of which two laptops changed differently."""
    start = first({"rows": rows_of(count, "ring back")})
    units = [f"rows/{row['id']}" for row in rows_of(count, "")]
    return [start, *(revision({"rows": rows_of(count, letter)}, units, [start], 2, seat=letter) for letter in "ab")]


def test_seven_times_the_rows_are_seven_times_the_work() -> None:
    thousand, seven_thousand = rewritten(1_000), rewritten(7_000)
    work = work_of(lambda: fold(thousand, KIND))
    assert work_of(lambda: fold(seven_thousand, KIND)) <= 7.1 * work
    assert len(fold(seven_thousand, KIND).conflicts) == 7_000


def test_a_record_that_was_amended_three_thousand_times_folds_in_little_memory() -> None:
    history = [first({"advice": "keep calm"})]
    for number in range(2, 3_001):
        history.append(revision({"advice": str(number)}, ["advice"], [history[-1]], number))
    tracemalloc.start()
    try:
        assert fold(history, KIND).fields["advice"] == "3000"
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_what_changed_in_seven_times_the_rows_is_seven_times_the_work() -> None:
    def compare(count: int) -> int:
        before, after = {"rows": rows_of(count, "x")}, {"rows": rows_of(count, "y")}
        units = changed_units(KIND, before, after)
        assert len(units) == count
        return work_of(lambda: differences(KIND, changed_units(KIND, before, after), before, after))

    assert compare(7_000) <= 7.1 * compare(1_000)


def one_after_another(count: int) -> list[Revision]:
    history = [first({"advice": "0"})]
    for number in range(2, count + 1):
        history.append(revision({"advice": str(number)}, ["advice"], [history[-1]], number))
    return history


def side_by_side(count: int) -> list[Revision]:
    begun = first({"advice": "0"})
    return [begun, *(revision({"outcome": "open"}, ["outcome"], [begun], number) for number in range(2, count + 1))]


def rows_added(count: int) -> list[Revision]:
    history = [first({"advice": "0"})]
    for number in range(2, count + 1):
        history.append(growth(f"row{number}", [history[-1]], number))
    return history


def one_with_rows(count: int) -> list[Revision]:
    rows = {"rows": [{"id": f"row{row}", "what": "rang"} for row in range(count)]}
    begun = first(rows)
    return [begun, revision({"rows": []}, [f"rows/row{row}" for row in range(count)], [begun], 2)]


@pytest.mark.parametrize("history", [one_after_another, side_by_side, rows_added, one_with_rows])
@pytest.mark.parametrize("some_held", [False, True])
def test_twice_the_revisions_or_rows_are_twice_the_steps(
    history: Callable[[int], list[Revision]], some_held: bool
) -> None:
    def steps(count: int) -> int:
        revisions = history(count)
        held = {revisions[-1].digest} if some_held else set[str]()
        return work_of(lambda: fold(revisions, KIND, held))

    assert steps(800) <= 2.2 * steps(400)


@given(
    fields=st.fixed_dictionaries(
        {},
        optional={
            "advice": st.sampled_from(["keep calm", "", None]),
            "guidance": st.just("an older name"),
            "unknown": st.just({"of": "a newer program"}),
            "rows": st.sampled_from(
                [[], [{"id": "1", "what": "x"}], "no list", [{"id": "1"}, {"id": "1", "what": "y"}]]
            ),
            "log": st.sampled_from([[{"id": "g1", "what": "rang"}], "a plain text"]),
        },
    ),
    more_changed=st.sampled_from([[], ["outcome"], ["rows/1"], ["log", "log/g1"], ["advice", "advice"]]),
    schema=st.sampled_from([1, 2]),
    action=st.sampled_from(["finish", "amend", "withdraw", "order"]),
)
@settings(max_examples=200, deadline=None)
def test_a_record_written_once_is_read_as_one_that_somebody_countersigned(
    fields: dict[str, Any], more_changed: list[str], schema: int, action: Action
) -> None:
    alone = revision(fields, [*fields, *more_changed], [], 1, action=action, schema=schema)
    signature = revision({}, [], [alone], 2, action="countersign", person="q")
    unsigned, countersigned = fold([alone], KIND), fold([alone, signature], KIND)
    signed_alone = replace(unsigned, countersigned=(alone.digest,), countersignatures=(signature.digest,))
    assert signed_alone == countersigned
    assert list(unsigned.fields) == list(countersigned.fields)
    without_text = replace_body(alone)
    assert fold([without_text], KIND).incomplete
    assert fold([alone], KIND, {alone.digest}).heads == ()


def replace_body(known: Revision) -> Revision:
    """The same revision where its text is not held."""
    return Revision(known.digest, known.jws, known.envelope, None, None)
