"""The laws of reading a text by paragraph from revisions of two versions of its kind: nothing that a latest author left is lost."""

from typing import Annotated, Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from hipss_desktop.records.fields import field
from hipss_desktop.records.fold import ABSENT, fold
from hipss_desktop.records.kind import Kind, Upgrade
from hipss_desktop.records.paragraphs import WHOLE, Paragraph, one_paragraph
from hipss_desktop.records.revision import (
    Action,
    Revision,
)
from tests.records.test_fold_laws import ROLES, revision, seen

# --- long text by paragraph: plain in the first schema, rows in the second ---


class Text(msgspec.Struct):
    happening: Annotated[list[Paragraph], field("What happened")] = []
    risk: Annotated[str, field("Risk now")] = ""


TEXT = Kind(
    name="thing",
    label="Thing",
    plural="Things",
    reference_prefix="T",
    record=Text,
    title_from=lambda text: "",
    writers=ROLES,
    readers=ROLES,
    upgrades=(Upgrade(converted={"happening": one_paragraph}),),
)


def paragraph(name: str, words: str, mark: str = "", place: str = "") -> dict[str, str]:
    return {"id": name, "place": place or f"{name[-1]}5", "mark": mark, "text": words}


def plain(words: str, parents: list[Revision], seat: str = "old") -> Revision:
    """What an older program makes of a change of the text: the whole, under the first schema."""
    action: Action = "amend" if parents else "finish"
    return revision({"happening": words}, ["happening"], parents, 1, schema=1, seat=seat, action=action)


def weighed(rows: list[dict[str, str]], changed: list[str], parents: list[Revision], seat: str = "new") -> Revision:
    units = [f"happening/{name}" for name in changed]
    return revision({"happening": rows}, units, parents, 1, seat=seat, action="amend" if parents else "finish")


def read(*revisions: Revision) -> list[str]:
    return TEXT.by_name["happening"].words(fold(revisions, TEXT).fields.get("happening")).split("\n")


def test_an_older_plain_text_is_one_paragraph_and_the_same_one_everywhere() -> None:
    old = plain("Came in by the back door.\nWashed his hand.", [])
    state = fold([old], TEXT)
    assert [row["id"] for row in state.fields["happening"]] == [WHOLE]
    assert TEXT.read(state.fields).happening[0].text == "Came in by the back door.\nWashed his hand."
    ours, theirs = (weighed([paragraph(WHOLE, words)], [WHOLE], [old], words) for words in "ab")
    assert set(fold([old, ours, theirs], TEXT).conflicts) == {f"happening/{WHOLE}"}


ROWS = [paragraph("p1", "He came in.", "fact"), paragraph("p2", "He was upset.", "opinion")]


def test_a_change_of_the_whole_by_an_older_program_replaces_the_paragraphs_it_saw_and_what_comes_after_goes_on_from_it() -> (
    None
):
    start = weighed(ROWS, ["p1", "p2"], [])
    amended = weighed([ROWS[0], paragraph("p2", "He shouted.", "fact")], ["p2"], [start])
    whole = plain("He came in and shouted.", [amended])
    assert read(start, amended) == ["Fact: He came in.", "Fact: He shouted."]
    assert read(start, amended, whole) == ["He came in and shouted."]
    assert not fold([start, amended, whole], TEXT).needs_decision
    held = fold([start, amended, whole], TEXT).fields["happening"]
    after = weighed([*held, paragraph("p9", "Jo said so.", "said")], ["p9"], [whole])
    assert read(start, amended, whole, after) == ["He came in and shouted.", "Said: Jo said so."]
    taken = weighed([paragraph("p9", "Jo said so.", "said")], [WHOLE], [after])
    assert read(start, amended, whole, after, taken) == ["Said: Jo said so."]


def test_a_change_of_the_whole_side_by_side_with_one_of_a_paragraph_waits_for_a_person_and_loses_nothing() -> None:
    start = weighed(ROWS, ["p1", "p2"], [])
    amended = weighed([ROWS[0], paragraph("p2", "He shouted.", "fact")], ["p2"], [start])
    whole = plain("He came in and shouted.", [start])
    state = fold([start, amended, whole], TEXT)
    assert set(state.conflicts) == {"happening/p2"}
    sides = [side.value for side in state.conflicts["happening/p2"]]
    assert ABSENT in sides
    assert paragraph("p2", "He shouted.", "fact") in sides
    assert {"id": WHOLE, "place": "5", "text": "He came in and shouted."} in state.fields["happening"]
    assert "He came in." not in str(
        state.fields
    )  # nobody kept it: the older program replaced it, and nobody amended it


def test_a_paragraph_that_was_added_beside_a_change_of_the_whole_waits_for_a_person() -> None:
    start = weighed(ROWS, ["p1", "p2"], [])
    added = weighed([*ROWS, paragraph("p3", "Jo rang.")], ["p3"], [start])
    state = fold([start, added, plain("Shorter.", [start])], TEXT)
    assert set(state.conflicts) == {"happening/p3"}


def test_two_older_programs_that_change_the_whole_differ_in_its_one_paragraph() -> None:
    start = plain("As it was.", [])
    state = fold([start, plain("One way.", [start], "a"), plain("The other way.", [start], "b")], TEXT)
    assert set(state.conflicts) == {f"happening/{WHOLE}"}
    assert {side.value["text"] for side in state.conflicts[f"happening/{WHOLE}"]} == {"One way.", "The other way."}
    alike = fold([start, plain("One way.", [start], "a"), plain("One way.", [start], "b")], TEXT)
    assert not alike.needs_decision


def test_two_laptops_that_amend_different_paragraphs_both_survive_and_the_same_one_waits() -> None:
    start = weighed(ROWS, ["p1", "p2"], [])
    ours = weighed([paragraph("p1", "He came in at two.", "fact"), ROWS[1]], ["p1"], [start], "a")
    theirs = weighed([ROWS[0], paragraph("p2", "He was upset.", "third_party")], ["p2"], [start], "b")
    assert read(start, ours, theirs) == ["Fact: He came in at two.", "Third party: He was upset."]
    assert not fold([start, ours, theirs], TEXT).needs_decision
    third = weighed([ROWS[0], paragraph("p2", "He was upset.", "said")], ["p2"], [start], "c")
    assert set(fold([start, ours, theirs, third], TEXT).conflicts) == {"happening/p2"}


def test_an_older_value_that_is_not_a_text_stays_unchanged_until_a_paragraph_is_written() -> None:
    old = revision({"happening": 5}, ["happening"], [], 1, schema=1, action="finish")
    assert fold([old], TEXT).fields == {"happening": 5}
    written = weighed([ROWS[0]], ["p1"], [old])
    assert read(old, written) == ["Fact: He came in."]
    back = revision({"happening": 6}, ["happening"], [written], 1, schema=1)
    assert fold([old, written, back], TEXT).fields == {"happening": 6}


@st.composite
def texts(draw: st.DrawFn) -> list[Revision]:
    """A history of one text that older and newer programs change, each from what its author saw, some bodies erased."""
    history: list[Revision] = [
        plain("As it was.", []) if draw(st.booleans()) else weighed(ROWS, ["p1", "p2"], []),
    ]
    for number in range(draw(st.integers(1, 6))):
        parents = draw(st.lists(st.sampled_from(history), min_size=1, max_size=3, unique_by=lambda entry: entry.digest))
        if draw(st.booleans()):
            history.append(plain(draw(st.sampled_from(["Shorter.", "Longer.", "", " "])), parents, str(number)))
            continue
        names = draw(st.sets(st.sampled_from([WHOLE, "p1", "p2", "p3"]), min_size=1))
        row_names = draw(st.sets(st.sampled_from(sorted(names))))
        rows = [paragraph(name, draw(st.sampled_from(["x", "y"])), "fact", "5") for name in sorted(row_names)]
        history.append(weighed(rows, sorted(names), parents, str(number)))
    erased = draw(st.sets(st.integers(0, len(history) - 1), max_size=2))
    return [
        msgspec.structs.replace(entry, body=None, salt=None) if place in erased else entry
        for place, entry in enumerate(history)
    ]


@settings(max_examples=300, deadline=None)
@given(texts(), st.randoms(use_true_random=False))
def test_a_text_of_two_schemas_reads_the_same_in_any_order_partition_and_repetition(
    history: list[Revision], random: Any
) -> None:
    whole = seen(fold(history, TEXT))
    shuffled = list(history)
    random.shuffle(shuffled)
    cut = random.randint(0, len(shuffled))
    assert seen(fold(shuffled[cut:] + shuffled + shuffled[:cut], TEXT)) == whole


def ancestors(history: list[Revision]) -> dict[str, set[str]]:
    """Which revisions each comes after, worked out without the fold."""
    parents = {entry.digest: set(entry.envelope.parents) for entry in history}
    earlier_digests: dict[str, set[str]] = {}
    for digest, own in parents.items():
        waiting, behind = list(own), set[str]()
        while waiting:
            parent = waiting.pop()
            if parent not in behind:
                behind.add(parent)
                waiting += parents[parent]
        earlier_digests[digest] = behind
    return earlier_digests


@settings(max_examples=300, deadline=None)
@given(texts())
def test_no_paragraph_that_a_latest_author_left_is_lost(history: list[Revision]) -> None:
    """Worked out apart: for each paragraph, what the latest of those say who changed it, or the whole, stands or is a side."""
    behind = ancestors(history)
    state = fold(history, TEXT)
    rows_by_digest: dict[str, dict[str, Any]] = {}
    for link in history:
        content = link.content()
        if content is None:
            continue
        value = content.fields["happening"]
        if link.envelope.schema == 1:
            rows = {WHOLE: {"id": WHOLE, "place": "5", "text": value}} if value.strip() else {}
            rows_by_digest[link.digest] = {name: rows.get(name) for name in (WHOLE, "p1", "p2", "p3")}
        else:
            rows = {row["id"]: row for row in value}
            rows_by_digest[link.digest] = {
                unit.partition("/")[2]: rows.get(unit.partition("/")[2]) for unit in content.changed
            }
    stands = {row["id"]: row for row in state.fields.get("happening", [])}
    for name in (WHOLE, "p1", "p2", "p3"):
        spoke = [digest for digest, rows in rows_by_digest.items() if name in rows]
        latest = [digest for digest in spoke if not any(digest in behind[other] for other in spoke)]
        expected_rows = {str(rows_by_digest[digest][name]) for digest in latest}
        sides = state.conflicts.get(f"happening/{name}")
        if sides is None:
            assert expected_rows <= {str(stands.get(name))}
        else:
            assert {str(None if side.value == ABSENT else side.value) for side in sides} == expected_rows
            assert len(expected_rows) > 1
