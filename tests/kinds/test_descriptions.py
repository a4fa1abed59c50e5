"""What is said of every kind holds together: nothing is invented by reading, and a mistake is named in a sentence."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any, get_args

import msgspec
import pytest

from hipss_desktop.kinds.catalogue import KINDS, listed, mistakes
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.records.access import EVERYONE, ON_CALL_AND_MANAGERS, PRACTITIONERS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Field, Problem, every_field, field, is_nothing
from hipss_desktop.records.kind import Author, Finish, Kind, NewRecord, Role, Section, SheetOptions, Stage
from hipss_desktop.records.revision import Body, body_bytes
from tests.helpers.wrong_values import good

NO_FIELD = ", which is not a field of its record."
READS_AS_ANSWER = "has a default that reads as an answer. What a form starts with is its initial."
NOW = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
FINISH = Finish("0199c0de-0000-7000-8000-0000000000f1", Author("0199c0de-0000-7000-8000-000000000001", "A. Bevan"), NOW)
EVERY_FIELD = [(kind, described) for kind in KINDS.values() for described in every_field(kind.fields)]
EVERY_NAME = [f"{kind.name}.{described.name}" for kind, described in EVERY_FIELD]


def known(kind: str) -> str:
    """A record of a kind; that it is not here does not matter to its description."""
    return f"a-{kind}"


def rows_of(kind: Kind) -> list[tuple[Any, Any, tuple[Field, ...]]]:
    """A kind's struct as read from nothing, and those of its rows."""
    structs: list[tuple[Any, Any, tuple[Field, ...]]] = [(kind.record(), kind.read({}), kind.fields)]
    for described in kind.fields:
        if described.row is not None:
            read = getattr(kind.read({described.name: [{"id": "r"}]}), described.name)
            structs.append((described.row(id="r"), read[0], described.rows))
    return structs


def test_nothing_is_wrong_with_the_descriptions() -> None:
    assert mistakes(KINDS) == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_nothing_is_read_into_an_empty_body_or_an_empty_row(kind: Kind) -> None:
    for described, read, fields in rows_of(kind):
        assert read == described
        assert [described.name for described in fields if not described.is_empty(getattr(read, described.name))] == []
        assert [described.name for described in fields if described.words(getattr(read, described.name))] == []


@pytest.mark.parametrize(("kind", "described"), EVERY_FIELD, ids=EVERY_NAME)
def test_what_a_form_starts_with_can_be_read_and_is_never_read_into_a_record(kind: Kind, described: Field) -> None:
    if described.options.initial is None:
        return
    assert kind.initial()[described.name] == described.options.initial
    assert kind.misfits({described.name: described.options.initial}) == []
    assert described.is_empty(getattr(kind.read({}), described.name))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_body_of_every_kind_goes_round_and_is_read_as_it_was_meant(kind: Kind) -> None:
    body = good(kind, known)
    read_body = msgspec.json.decode(body_bytes(body, sorted(body)), type=Body)
    assert read_body.fields == body
    assert kind.misfits(read_body.fields) == []
    assert kind.problems(read_body.fields, NOW) == []
    written = msgspec.json.decode(msgspec.json.encode(kind.read(read_body.fields)))
    for described in kind.fields:
        assert described.read(written[described.name]) == described.read(body[described.name]), described.name
        assert not is_nothing(written[described.name])


def test_all_who_may_write_a_record_may_write_what_it_makes() -> None:
    kind_pairs: set[tuple[str, str]] = set()
    for kind in KINDS.values():
        makers: list[tuple[Callable[[Any, Finish], Iterable[NewRecord]], frozenset[Any]]] = []
        makers += [(kind.makes, kind.writers)] if kind.makes else []
        makers += [(stage.makes, kind.writers & stage.movers) for stage in kind.stages if stage.makes]
        for makes, writers in makers:
            for new in makes(kind.read(good(kind, known)), FINISH):
                kind_pairs.add((kind.name, new.kind))
                assert writers <= KINDS[new.kind].writers, (kind.name, new.kind)
                assert KINDS[new.kind].problems(new.fields, NOW) == []
    assert ("contact", "action") in kind_pairs


def test_every_reference_prefix_is_one_kinds_own() -> None:
    prefixes = [kind.reference_prefix for kind in KINDS.values() if not kind.restricted]
    assert len(set(prefixes)) == len(prefixes)
    assert all(kind.reference_prefix == "R" for kind in KINDS.values() if kind.restricted)


def test_only_the_council_writes_its_orders() -> None:
    assert {role for order in ORDERS for role in order.writers} == {"council"}


def test_the_roles_of_the_code_list_are_those_that_the_kinds_know() -> None:
    assert {*(code.code for code in code_list("role").codes), "council"} == set(get_args(Role))


# --- mistakes ---


class Note(msgspec.Struct):
    """What the mistakes are made in."""

    words: Annotated[str, field("Words")] = ""
    state: Annotated[str, field("State", choices="action_state")] = ""
    on: Annotated[date | None, field("On")] = None


OPEN = Stage("open", PRACTITIONERS)


def note(**more: Any) -> Kind:
    """A kind that is well described, but for what is given."""
    options = {
        "name": "note", "label": "Note", "plural": "Notes", "reference_prefix": "N", "record": Note,
        "writers": PRACTITIONERS, "readers": EVERYONE, "title_from": lambda note: note.words,
    }  # fmt: skip
    return Kind(**{**options, **more})


def test_the_description_that_the_mistakes_are_made_in_has_none() -> None:
    kind = note(stage="state", stages=(Stage("open", PRACTITIONERS),), unstaged="open", dated_by="on", tags=("state",))
    assert mistakes(listed([*KINDS.values(), kind])) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"columns": ("wrods",)}, f"columns names 'wrods'{NO_FIELD}"),
        ({"dated_by": "of"}, f"dated_by names 'of'{NO_FIELD}"),
        ({"summary": ("words", "x")}, f"summary names 'x'{NO_FIELD}"),
        ({"sections": (Section("One", ("x",)),)}, f"the section 'One' names 'x'{NO_FIELD}"),
        ({"sheet": SheetOptions(key=("x",))}, f"the sheet’s key names 'x'{NO_FIELD}"),
        ({"sheet": SheetOptions(headers={"what": "x"})}, f"a header of the sheet names 'x'{NO_FIELD}"),
        ({"stage": "state", "stages": (Stage("done", PRACTITIONERS, {"x": "Enter x"}),)}, f"the stage 'done' names 'x'{NO_FIELD}"),
        ({"reference_prefix": "note"}, "its reference prefix 'note' is not one to four capital letters."),
        ({"reference_prefix": "NOTES"}, "its reference prefix 'NOTES' is not one to four capital letters."),
        ({"reference_prefix": "R"}, "the reference prefix 'R' is that of restricted kinds, all of them and no other."),
        ({"restricted": True}, "the reference prefix 'R' is that of restricted kinds, all of them and no other."),
        ({"stages": (OPEN,)}, "it has stages and no stage field."),
        ({"stage": "state", "stages": (Stage("", PRACTITIONERS),)}, "a stage has no name of its own."),
        ({"stage": "state", "stages": (OPEN, OPEN)}, "a stage has no name of its own."),
        ({"stage": "state", "stages": (OPEN,), "unstaged": "new"}, "an empty stage means 'new', which is not one of its stages."),
    ],
)  # fmt: skip
def test_a_kind_with_a_mistake_cannot_be_made_and_the_sentence_says_which(more: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the sentence is compared
        note(**more)
    assert str(refused.value) == f"The kind 'note': {words}"


def test_two_kinds_with_one_name_or_one_prefix_are_refused_but_for_the_prefix_of_restricted_kinds() -> None:
    with pytest.raises(ValueError, match=r"^Two kinds are called 'note'\.$"):
        listed([note(), note(reference_prefix="NT")])
    with pytest.raises(ValueError, match=r"^The kinds 'note' and 'letter' have the same prefix, 'N'\.$"):
        listed([note(), note(name="letter")])
    restricted = [note(name=name, reference_prefix="R", restricted=True) for name in ("note", "letter")]
    assert list(listed(restricted)) == ["note", "letter"]


def of(**fields: Any) -> Kind:
    """A kind of which the record has these fields: name to (annotation, default)."""
    described = [(name, annotation, default) for name, (annotation, default) in fields.items()]
    return note(record=msgspec.defstruct("Note", described))


class Unnamed(msgspec.Struct):
    """A row without an id."""

    words: Annotated[str, field("Words")] = ""


class Inner(msgspec.Struct):
    """A row."""

    id: str
    words: Annotated[str, field("Words")] = "said"


class Outer(msgspec.Struct):
    """A row with rows."""

    id: str
    inner: Annotated[list[Inner], field("Inner")] = []


def finds_nowhere(note: Note, now: datetime) -> Iterable[Problem]:
    """A check that names a field there is not."""
    yield Problem("wrods", "Enter words")


PLACE = "The field 'x' of the kind 'note'"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (of(x=(Annotated[str, field("X", refers_to="sheep")], "")), f"{PLACE} refers to 'sheep', which is not a kind."),
        (
            of(x=(Annotated[str, field("X", choices="no_such_list")], "")),
            f"{PLACE} has the code list 'no_such_list', which is empty.",
        ),
        (of(x=(Annotated[str, field("X", subject=True)], "")), f"{PLACE} says whom it is about and refers to no kind."),
        (of(x=(Annotated[str, field("X")], "said")), f"{PLACE} {READS_AS_ANSWER}"),
        (of(x=(Annotated[bool, field("X")], True)), f"{PLACE} {READS_AS_ANSWER}"),
        (of(x=(Annotated[bool | None, field("X")], False)), f"{PLACE} {READS_AS_ANSWER}"),
        (of(x=(Annotated[int | None, field("X")], 0)), f"{PLACE} {READS_AS_ANSWER}"),
        (of(x=(Annotated[list[Inner], field("X")], [])), f"The field 'words' of the kind 'note' {READS_AS_ANSWER}"),
        (
            of(x=(Annotated[int | None, field("X", initial="seven")], None)),
            f"{PLACE} starts in a form with a value that does not fit it.",
        ),
        (
            of(x=(Annotated[list[Unnamed], field("X")], [])),
            "Unnamed of the kind 'note' needs a default for every field, and a row an id.",
        ),
        (
            of(x=(Annotated[list[Outer], field("X")], [])),
            "The field 'inner' of the kind 'note' holds rows inside a row, where nobody can amend one alone.",
        ),
        (note(dated_by="words"), "The kind 'note' names 'words' in dated_by, which is not a day or instant."),
        (note(stage="words"), "The kind 'note' names 'words' in stage, which is not a code."),
        (note(tags=("words",)), "The kind 'note' names 'words' in tags, which is not a code or codes."),
        (note(alerts=("on",)), "The kind 'note' names 'on' in alerts, which is not a code or codes."),
        (
            note(stage="state", unstaged="new"),
            "The kind 'note' reads an empty stage as 'new', which is not in its code list.",
        ),
        (note(unstaged="open"), "The kind 'note' reads an empty stage as 'open', which is not in its code list."),
        (
            note(stage="state", stages=(Stage("signed", PRACTITIONERS),)),
            "The stage 'signed' of the kind 'note' has no label in its code list.",
        ),
        (note(checks=(finds_nowhere,)), "A check of the kind 'note' finds a problem in 'wrods', which is not a field."),
    ],
)
def test_what_a_kind_cannot_see_by_itself_is_found_over_the_catalogue(kind: Kind, words: str) -> None:
    assert words in mistakes(listed([*KINDS.values(), kind]))


def test_a_stage_that_not_every_writer_may_set_is_in_no_group() -> None:
    class Grouped(msgspec.Struct):
        state: Annotated[str, field("State", choices="action_state", group="state")] = ""

    kind = note(record=Grouped, stage="state", stages=(Stage("done", ON_CALL_AND_MANAGERS),))
    words = "Not every writer of the kind 'note' may set 'done', which stands in a group."
    assert words in mistakes(listed([*KINDS.values(), kind]))
