"""What importing a sheet would do: a row is found again by its key, and only what its cells say is compared or taken."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Field
from hipss_desktop.records.kind import Kind, Role, SheetOptions
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.import_plan import (
    INCOMPLETE,
    KEY_AMENDED,
    MORE_THAN_ONE,
    UNDECIDED,
    WITHDRAWN,
    Plan,
    plan,
)
from hipss_desktop.sheets.keys import key_of
from hipss_desktop.sheets.names import Names
from hipss_desktop.sheets.problems import LineProblem
from hipss_desktop.sheets.reading import columns
from hipss_desktop.sheets.writing import write_sheet
from tests.helpers.imported import UNDER_A_SECRET, record_for, secret_record_for
from tests.helpers.kinds_known import also_known
from tests.helpers.sheet_kinds import MEETING, MINUTES, HeldRecord
from tests.helpers.staged_kind import MAY, PLAN, ROLES

NOW = datetime(2017, 3, 14, 12, 0, tzinfo=UTC)
CHILD = KINDS["child"]
HEADER = "First name,Family name,Service number,Date of birth,School"
KAI = "Kai,Morgan,HIPSS-017,30/09/2002,Park High"
HELD = {
    "given_name": "Kai", "family_name": "Morgan", "local_id": "HIPSS-017", "born": "2002-09-30", "school": "Park High",
    "gp": "Dr Lowe", "from_a_newer_version": 5,
}  # fmt: skip


@pytest.fixture(autouse=True)
def meetings() -> Iterator[None]:
    with also_known(MEETING, MINUTES):
        yield


def children(*lines: str, held: tuple[HeldRecord, ...] = ()) -> Plan[HeldRecord]:
    return plan(CHILD, "\n".join(lines), names=Names(), held=held, now=NOW, identify=UNDER_A_SECRET)


def meeting(*lines: str, held: tuple[HeldRecord, ...] = (), names: Names | None = None) -> Plan[HeldRecord]:
    return plan(MEETING, "\n".join(lines), names=names or Names(), held=held, now=NOW, identify=UNDER_A_SECRET)


def counts(import_plan: Plan[HeldRecord]) -> tuple[int, int, int, int]:
    return len(import_plan.new), len(import_plan.changed), import_plan.known, len(import_plan.problems)


NAMED = pytest.mark.parametrize(
    "name", [secret_record_for(CHILD, HELD), record_for(CHILD, HELD)], ids=["as it is now", "as it was before"]
)
"""The identifiers under which a row finds its record again, whatever that says now."""


def test_a_record_written_by_hand_is_found_by_its_key_whatever_its_identifier() -> None:
    import_plan = children(HEADER, KAI.replace("HIPSS-017", "hipss-017 "), held=(HeldRecord("by-hand", HELD),))
    assert (len(import_plan.new), len(import_plan.changed), import_plan.problems) == (0, 1, [])
    assert import_plan.changed[0].held.record == "by-hand"
    assert counts(children(HEADER, KAI, held=(HeldRecord("by-hand", HELD),))) == (0, 0, 1, 0)


@NAMED
def test_a_row_is_found_under_the_identifier_of_its_key_when_the_key_was_amended(name: str) -> None:
    amended = HeldRecord(name, {**HELD, "local_id": "HIPSS-071"})
    import_plan = children(HEADER, KAI, held=(amended,))
    assert counts(import_plan) == (0, 1, 0, 0)
    assert import_plan.changed[0].held is amended
    both = children(HEADER, KAI, KAI.replace("017", "071"), held=(amended,))
    assert (both.new, both.known) == ([], 1)
    assert both.problems == [LineProblem(2, "Service number", KEY_AMENDED)]


def test_what_a_sheet_does_not_say_is_neither_compared_nor_cleared() -> None:
    held = (HeldRecord("a", HELD),)
    assert counts(children("Service number,GP", "HIPSS-017,", held=held)) == (0, 0, 1, 0)
    import_plan = children("Service number,School,GP", "HIPSS-017,Mill Lane,", held=held)
    assert counts(import_plan) == (0, 1, 0, 0)
    assert import_plan.changed[0].fields == {**HELD, "school": "Mill Lane"}


def test_a_row_of_a_new_record_must_be_fit_to_finish_and_one_of_a_known_record_need_not_repeat_what_is_here() -> None:
    assert [problem.message for problem in children("Service number,School", "HIPSS-017,Mill Lane").problems] == [
        "Enter the child’s first name, or the only name", "Enter the date of birth, or its year, or that it is not known",
    ]  # fmt: skip
    wrong = children("Service number,Date of birth", "HIPSS-017,soon", held=(HeldRecord("a", HELD),))
    assert wrong.problems == [LineProblem(2, "Date of birth", "Enter a date like 14/03/2017")]


def test_a_change_that_does_not_go_with_the_rest_of_the_record_is_a_problem() -> None:
    shift = KINDS["shift"]
    held = HeldRecord(
        "s",
        {"planned_start": "2017-03-13T17:30:00+00:00", "planned_end": "2017-03-14T08:30:00+00:00", "on_call": "p"},
    )
    text = "Planned start,Planned end\n13/03/2017 17:30,13/03/2017 17:00"
    import_plan = plan(shift, text, names=Names(), held=(held,), now=NOW)
    assert import_plan.changed == []
    assert import_plan.problems == [LineProblem(2, "Planned end", "Enter an end after the start")]


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (HeldRecord(secret_record_for(CHILD, HELD), HELD, withdrawn=True), WITHDRAWN),
        (HeldRecord(str(record_for(CHILD, HELD)), HELD, withdrawn=True), WITHDRAWN),
        (HeldRecord("a", HELD, disputed=True), UNDECIDED),
        (HeldRecord("a", HELD, incomplete=True), INCOMPLETE),
    ],
)
def test_a_record_that_cannot_be_amended_is_left_and_named_only_where_the_row_says_something_else(
    held: HeldRecord, message: str
) -> None:
    assert counts(children(HEADER, KAI, held=(held,))) == (0, 0, 1, 0)
    import_plan = children(HEADER, KAI.replace("Park High", "Mill Lane"), held=(held,))
    assert (import_plan.changed, import_plan.problems) == ([], [LineProblem(2, "", message)])


@NAMED
def test_a_valid_record_is_matched_before_a_withdrawn_one_with_the_same_key(name: str) -> None:
    withdrawn = HeldRecord(name, {**HELD, "school": "Elsewhere"}, withdrawn=True)
    assert counts(children(HEADER, KAI, held=(withdrawn, HeldRecord("by-hand", HELD)))) == (0, 0, 1, 0)


@NAMED
def test_a_withdrawn_record_is_matched_with_the_row_it_came_from_and_with_no_other(name: str) -> None:
    withdrawn = HeldRecord(name, {**HELD, "local_id": "HIPSS-071"}, withdrawn=True)
    import_plan = children(HEADER, KAI, KAI.replace("017", "071"), held=(withdrawn,))
    assert [row.line for row in import_plan.new] == [3]
    assert import_plan.problems == [LineProblem(2, "", WITHDRAWN)]


@NAMED
def test_two_records_of_one_key_are_never_guessed_between(name: str) -> None:
    two = HeldRecord("a", {**HELD, "school": "A"}), HeldRecord("b", {**HELD, "school": "B"})
    assert children(HEADER, KAI, held=two).problems == [LineProblem(2, "Service number", MORE_THAN_ONE)]
    assert counts(children(HEADER, KAI, held=(*two, HeldRecord("c", HELD)))) == (0, 0, 1, 0)
    assert counts(children(HEADER, KAI, held=(*two, HeldRecord(name, HELD)))) == (0, 0, 1, 0)


def test_rows_alike_in_every_column_are_the_first_second_and_third_the_same_everywhere() -> None:
    lines = ("Held on,Room,Who came", "14/03/2017,Blue,||Short", "14/03/2017,,||x", "14/03/2017,Blue,||Short")
    import_plan = meeting(*lines, lines[1])
    fields = {"held_on": "2017-03-14", "room": "Blue"}
    assert [(row.line, row.record) for row in import_plan.new] == [
        (2, secret_record_for(MEETING, fields)),
        (3, secret_record_for(MEETING, {"held_on": "2017-03-14"})),
        (4, secret_record_for(MEETING, fields, 2)),
        (5, secret_record_for(MEETING, fields, 3)),
    ]
    held = tuple(HeldRecord(row.record, dict(row.fields)) for row in import_plan.new)
    assert counts(meeting(*lines, lines[1], held=held)) == (0, 0, 4, 0)
    assert counts(meeting(*lines, held=held)) == (0, 0, 3, 0)
    assert counts(meeting(*lines, lines[1], lines[1], held=held)) == (1, 0, 4, 0)


def test_a_row_of_the_same_key_with_other_columns_stays_a_problem() -> None:
    import_plan = meeting("Held on,Room,Who came", "14/03/2017,Blue,||Short", "14/03/2017,Blue,||Long")
    assert import_plan.problems == [LineProblem(3, "Held on", "This is the same meeting as on line 2.")]


def test_a_part_of_the_key_that_may_be_empty_may_have_no_column_and_tells_rows_apart_where_it_stands() -> None:
    assert [column.needed for column in columns(MEETING)][:2] == [True, False]
    assert counts(meeting("Held on", "14/03/2017")) == (1, 0, 0, 0)
    held = HeldRecord("m", {"held_on": "2017-03-14", "room": "Blue"})
    assert counts(meeting("Held on", "14/03/2017", held=(held,))) == (1, 0, 0, 0)
    assert counts(meeting("Held on,Room", "14/03/2017,BLUE", held=(held,))) == (0, 1, 0, 0)


def test_rows_are_compared_by_what_they_say_and_keep_their_identifiers_where_they_say_the_same() -> None:
    rows = [{"id": "q7", "note": "Short", "newer": 1}, {"id": "01", "note": "Long"}]
    held = HeldRecord("m", {"held_on": "2017-03-14", "attendees": rows})
    assert counts(meeting("Held on,Who came", '14/03/2017,"||Short\n||Long"', held=(held,))) == (0, 0, 1, 0)
    import_plan = meeting("Held on,Who came", '14/03/2017,"||New\n||Long\n||Short"', held=(held,))
    assert import_plan.changed[0].fields["attendees"] == [{"note": "New", "id": "04"}, rows[1], rows[0]]


def test_the_body_of_a_record_held_may_hold_anything() -> None:
    wrong: list[Any] = [1, 1.5, True, [], [1], {}, [{}], "x", None, [{"id": 1}], [{"id": "a", "colleague": []}]]
    held = [
        HeldRecord(f"{number}-{field.name}", {**HELD, field.name: value})
        for number, value in enumerate(wrong)
        for field in CHILD.fields
    ]
    for held_record in held:
        looks_alike = key_of(CHILD, held_record.fields) != key_of(CHILD, HELD)  # the same child under no or another key
        assert bool(children(HEADER, KAI, held=(held_record,)).problems) is looks_alike
    people = [HeldRecord("m", {"held_on": "2017-03-14", "attendees": value, "after": value}) for value in wrong]
    for person in people:
        assert meeting("Held on,Who came", "14/03/2017,||x", held=(person,)).problems in (
            [],
            [LineProblem(2, "Goes on from", "Enter goes on from again. It cannot be read.")],
        )


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", ["", "Open", "Done", "No longer needed"])
def test_a_row_in_a_stage_that_the_role_may_not_set_is_a_problem(role: Role, state: str) -> None:
    staged = replace(PLAN, sheet=SheetOptions(key=("words",)))
    code = staged.by_name["state"].choices.read(state) or ""
    text = f"Plan,State,What came of it\nGo out,{state},Well\n"
    with also_known(staged):
        new = plan(staged, text, names=Names(), held=(), now=NOW, role=role)
        before = HeldRecord("p", {"words": "Go out", "state": "open", "result": "Well"})
        moved = plan(staged, text, names=Names(), held=[before], now=NOW, role=role)
        there = HeldRecord("p", {"words": "Go out", "state": code, "result": "Ill"})
        stays = plan(staged, text, names=Names(), held=[there], now=NOW, role=role)
    allowed = role in MAY[code]
    problems = (
        [] if allowed else [LineProblem(2, "State", f"Your role may not set this to '{state}'. Ask your manager.")]
    )
    assert (len(new.new), new.problems) == (int(allowed), problems)
    assert moved.problems == problems
    assert (len(stays.changed), stays.problems) == (1, [])


CALLER = "Ref,Call time,Kind of contact,Who is calling"
LOGGED = {"log_line": "1", "told": "2017-03-13T21:52:00+00:00", "type": "call", "concerns": ["school"], "risk": "low",
          "happening": "Rang", "no_advice": True, "needs_to_know": ["nobody"], "caller": "preece",
          "caller_name": "Jo Preece", "caller_role": "family"}  # fmt: skip


def calls(caller: str, held: dict[str, Any]) -> Plan[HeldRecord]:
    names = Names()
    for record, family in (("preece", "Preece"), ("yeo", "Yeo")):
        members = [{"id": "01", "given_name": "Jo", "family_name": family}]
        names.add(KINDS["carer"], record, {"members": members})
    text = f"{CALLER}\n1,13/03/2017 21:52,,{caller}"
    return plan(KINDS["contact"], text, names=names, held=(HeldRecord("c", held),), now=NOW)


def test_the_same_caller_by_another_name_does_not_count_as_a_change() -> None:
    assert counts(calls("jo preece", LOGGED)) == (0, 0, 1, 0)
    assert counts(calls("preece", LOGGED)) == (0, 0, 1, 0)
    assert counts(calls("PC Ahmed", {**LOGGED, "caller_name": "PC Ahmed"})) == (0, 0, 1, 0)


def test_another_caller_takes_what_follows_from_the_name_along() -> None:
    assert calls("Jo Yeo", LOGGED).changed[0].fields == {
        **LOGGED, "caller": "yeo", "caller_name": "Jo Yeo", "caller_role": "carer",
    }  # fmt: skip
    unknown = calls("PC Ahmed", LOGGED).changed[0].fields
    assert (unknown.get("caller"), unknown["caller_name"]) == (None, "PC Ahmed")


# --- nothing is invented ---

EVERY_SHEET = [kind for kind in KINDS.values() if kind.sheet.key]


def an_answer(field: Field, place: int = 0) -> Any:
    """Some answer that fits a field; of two days or times the one of the later field is later."""
    by_type: dict[str, Any] = {
        "text": "x", "phone": "01632 960174", "tick": True, "yes_no": False, "lines": ["x"],
        "day": f"2016-03-{place % 28 + 1:02}", "instant": f"2017-03-13T21:{place:02}:00+00:00",
        "reference": "r", "references": ["r"],
    }  # fmt: skip
    if field.type in ("code", "codes"):
        code = field.choices.codes[-1].code
        return code if field.type == "code" else [code]
    if field.type == "number":
        return 3 if field.options.least is None else max(field.options.least, 3)
    if field.type == "rows":
        needed = {inner.name: an_answer(inner) for inner in field.rows if inner.options.required}
        needed = needed or {field.rows[0].name: an_answer(field.rows[0])}
        return [{"id": "01", **needed, **({"place": "5", "text": "x"} if field.by_paragraph else {})}]
    return by_type[field.type]


def least(kind: Kind) -> dict[str, Any]:
    """The fewest answers with which a row of a kind can be finished."""
    answers = {field.name: an_answer(field, place) for place, field in enumerate(kind.fields)}
    fields = {column.name: answers[column.name] for column in columns(kind) if column.needed}
    if kind.sheet.marks:  # an old sheet says less
        fields[kind.sheet.marks] = True
    while problems := kind.problems(fields, NOW):
        name = problems[0].field.partition("/")[0]
        assert name not in fields, problems
        fields[name] = answers[name]
    return fields


@pytest.mark.parametrize("kind", EVERY_SHEET, ids=lambda kind: kind.name)
def test_a_sheet_with_only_the_needed_columns_gives_exactly_those_answers(kind: Kind) -> None:
    fields, names = least(kind), Names()
    for field in kind.fields:
        for referred in (field, *field.rows):
            if referred.options.refers_to:
                names.add_identifier(KINDS[referred.options.refers_to], "r")
    only = list(fields)
    import_plan = plan(kind, write_sheet(kind, [fields], only), names=names, held=(), now=NOW)
    assert import_plan.problems == []
    implied = {
        name: value
        for heading in kind.sheet.named
        if heading in fields
        for name, value in kind.sheet.named[heading].fields_if_found.items()
    }
    assert [dict(row.fields) for row in import_plan.new] == [{**implied, **fields}]


@pytest.mark.parametrize("kind", EVERY_SHEET, ids=lambda kind: kind.name)
def test_any_single_answer_of_a_kind_is_compared_and_taken_alone(kind: Kind) -> None:
    names = Names()
    for described in kind.fields:
        for referred in (described, *described.rows):
            if referred.options.refers_to:
                names.add_identifier(KINDS[referred.options.refers_to], "r")
    held = HeldRecord("held", {**least(kind), "from_a_newer_version": [1]})
    for place, field in enumerate(kind.fields):
        if field.name in kind.sheet.key:
            continue
        named = {name: held.fields[name] for name in kind.sheet.key if name in held.fields}
        row = {**named, field.name: an_answer(field, place)}
        import_plan = plan(kind, write_sheet(kind, [row], list(row)), names=names, held=(held,), now=NOW)
        same = cells.alike(field, held.fields.get(field.name), row[field.name])
        for changed in import_plan.changed:
            beside = kind.sheet.named[field.name].fields_if_found if field.name in kind.sheet.named else {}
            assert changed.fields == {**held.fields, **row, **beside}
        assert import_plan.known == same


CONSULTATION = KINDS["consultation"]
OF_A_PLAN = "Date,For which team,About,Theme,Agreed plan,What came of the plan"
HELD_PLAN: dict[str, Any] = {
    "stage": "held",
    "held_on": "2017-03-09",
    "team": "sixteen_plus",
    "about": "theme",
    "theme": "Endings",
    "from_sheet": True,
    "plan": [
        {"id": "a1", "what": "Card", "owner": "J. Tranter", "by": "2017-03-17"},
        {"id": "a2", "what": "Visit", "owner": "M. Iqbal", "by": "2017-03-31"},
    ],
    "plan_answers": [{"id": "b1", "plan": "a2", "asked_on": "2017-03-13", "answer": "done"}],
}  # fmt: skip  a row to a line


@pytest.mark.parametrize(
    ("plan_cell", "answers_cell", "names"),
    [
        ("Card | J. Tranter | 17/03/2017\nVisit | M. Iqbal | 31/03/2017", "2 | 13/03/2017 | Done", None),
        ("Visit | M. Iqbal | 31/03/2017\nCard | J. Tranter | 17/03/2017", "1 | 13/03/2017 | Done", ["a2"]),
        ("Cards | J. Tranter | 17/03/2017\nVisit | M. Iqbal | 31/03/2017", "2 | 13/03/2017 | Done", ["a2"]),
        ("", "2 | 13/03/2017 | Done", None),
        ("", "a2 | 13/03/2017 | Done", None),
        ("", "1 | 13/03/2017 | Done", ["a1"]),
    ],
)
def test_an_answer_in_a_sheet_is_to_the_row_whose_number_it_says_in_the_record(
    plan_cell: str, answers_cell: str, names: list[str] | None
) -> None:
    text = f'{OF_A_PLAN}\n09/03/2017,16+,"A theme, without a child",Endings,"{plan_cell}",{answers_cell}\n'
    import_plan = plan(CONSULTATION, text, names=Names(), held=(HeldRecord("held", HELD_PLAN),), now=NOW)
    assert import_plan.problems == []
    changed = [row["plan"] for change in import_plan.changed for row in change.fields["plan_answers"]]
    assert (import_plan.known, changed) == ((1, []) if names is None else (0, names))


@pytest.mark.parametrize("number", ["0", "3", "-1", "99999999999999999999", "\u0662", "nobody"])
def test_an_answer_to_a_row_that_is_not_there_is_a_problem(number: str) -> None:
    row = f'09/03/2017,16+,"A theme, without a child",Endings,Card | J. Tranter | 17/03/2017,"{number} | 13/03/2017 | Done"'
    text = f"{OF_A_PLAN}\n{row}\n"
    import_plan = plan(CONSULTATION, text, names=Names(), held=(), now=NOW)
    assert (import_plan.new, [problem.column for problem in import_plan.problems]) == ([], ["What came of the plan"])
