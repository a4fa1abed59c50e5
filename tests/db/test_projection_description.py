"""The projections' hash changes with what is derived and with nothing else; what a function derives has a number.

A hash cannot see that a function changed. So the projections of a fixed set of bodies are kept in
``tests/db/kept_projections.json`` and compared with those derived now. ``python -m tests.db.test_projection_description`` keeps
them anew after a number was raised, and adds those of a new kind.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest

from db import projections
from db.store import LaptopStore
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records import codes
from hipss_desktop.records.access import EVERYONE, PRACTITIONERS
from hipss_desktop.records.codes import CodeList
from hipss_desktop.records.fields import field
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Kind, Section
from tests.db.store.seats import OtherSeat, absorb
from tests.helpers.kinds_known import also_known
from tests.helpers.store_fixtures import NIGHT, make_store
from tests.helpers.wrong_values import good

FILE = Path(__file__).parent / "kept_projections.json"
RUN = "run 'python -m tests.db.test_projection_description' to keep the new ones."
KEEP = f"Then {RUN}"


class SavedKind(msgspec.Struct):
    """The bodies of one kind and what was derived of them, under the numbers that stood then."""

    derivation: int
    bodies: list[dict[str, Any]]
    derived: list[dict[str, Any]]


class Projections(msgspec.Struct):
    """All that is kept."""

    version: int
    kinds: dict[str, SavedKind]


def derived(kind: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The projections of these bodies as a real store makes them, but for what names keys and digests."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder), lambda: NIGHT)
        try:
            return [_derived(store, kind, place, body) for place, body in enumerate(bodies)]
        finally:
            store.close()


def _derived(store: LaptopStore, kind: str, place: int, body: dict[str, Any]) -> dict[str, Any]:
    record = f"0199c0de-0000-7000-8000-{place:012}"
    absorb(store, OtherSeat().sign(body, record=record, kind=kind))
    with store.storage.reading() as connection:
        row = connection.exec_driver_sql(
            "SELECT id, fields, withdrawn, due, stage, reference FROM current WHERE record = ?", (record,)
        ).one()
        links = connection.exec_driver_sql(
            "SELECT role, person, subject FROM link WHERE id = ? ORDER BY role, person", (row.id,)
        ).fetchall()
        words = connection.exec_driver_sql("SELECT words FROM search WHERE rowid = ?", (row.id,)).scalar()
    return {
        "id": row.id,
        "fields": msgspec.json.decode(row.fields),
        "withdrawn": row.withdrawn,
        "due": row.due,
        "stage": row.stage,
        "reference": row.reference,
        "links": [list(link) for link in links],
        "words": words,
    }


def saved_projections() -> Projections:
    """What the file holds."""
    return msgspec.json.decode(FILE.read_bytes(), type=Projections)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_derived_of_a_kind_changes_only_with_its_number(name: str) -> None:
    held = saved_projections().kinds.get(name)
    assert held is not None, f"No projections of the kind {name!r} are kept. If the kind is new, {RUN}"
    changed = derived(name, held.bodies) != held.derived
    assert not changed, (
        f"What is derived of the kind {name!r} has changed. Raise its 'derivation' where a function of the kind changed, "
        f"PROJECTION_VERSION where db.projections did. {KEEP}"
    )
    assert KINDS[name].derivation == held.derivation, f"The number of the kind {name!r} was raised. {KEEP}"


def test_the_projections_are_kept_under_the_number_of_today() -> None:
    assert saved_projections().version == projections.PROJECTION_VERSION, f"PROJECTION_VERSION was raised. {KEEP}"
    assert set(saved_projections().kinds) == set(KINDS), f"A kind was added or taken away. If that is meant, {RUN}"


# --- the hash ---


class Person(msgspec.Struct):
    """A row."""

    id: str
    who: Annotated[str, field("Who", refers_to="practitioner")] = ""
    part: Annotated[str, field("Part", choices="caller_role")] = ""
    told: Annotated[date | None, field("Told")] = None


class Note(msgspec.Struct):
    """What is changed below, a thing at a time."""

    on: Annotated[date | None, field("On")] = None
    until: Annotated[datetime | None, field("Until")] = None
    words: Annotated[str, field("Words", "In a line")] = ""
    topics: Annotated[list[str], field("Topics", choices="concern")] = []
    state: Annotated[str, field("State", choices="action_state")] = ""
    outcome: Annotated[str, field("Outcome", choices="contact_outcome")] = ""
    child: Annotated[str, field("Child", refers_to="child", subject=True)] = ""
    people: Annotated[list[Person], field("People")] = []


NOTE: Kind = Kind(
    name="note", label="Note", plural="Notes", reference_prefix="N", record=Note, writers=PRACTITIONERS, readers=EVERYONE,
    title_from=lambda note: note.words, dated_by="on", stage="state", unstaged="open",
)  # fmt: skip


def other(name: str, annotation: Any, default: Any = "", *, row: bool = False) -> Kind:
    """The kind with one field described otherwise, at the top or in its rows."""
    struct = Person if row else Note
    hints = {**struct.__annotations__, name: annotation}
    defaults = {struct_field.name: struct_field for struct_field in msgspec.structs.fields(struct)}
    fields: list[Any] = []
    for attribute, hint in hints.items():
        if attribute == "id":
            fields.append((attribute, hint))
        elif attribute == name:
            fields.append((attribute, hint, default))
        else:
            held = defaults[attribute]
            fields.append((attribute, hint, [] if held.default is msgspec.NODEFAULT else held.default))
    other_struct = msgspec.defstruct("Other", fields)
    if row:
        return other("people", Annotated[list[other_struct], field("People")], [])  # type: ignore[valid-type]  # made a line above
    return replace(NOTE, record=other_struct)


def hash_of(kind: Kind) -> str:
    """The hash with this kind in the catalogue."""
    with also_known(kind):
        return projections.description()


@pytest.mark.parametrize(
    "kind",
    [
        other("words", Annotated[int | None, field("Words")], None),
        other("words", Annotated[list[str], field("Words")], []),
        other("words", Annotated[str, field("Words", searchable=False)]),
        other("wording", Annotated[str, field("Words")]),
        other("child", Annotated[str, field("Child", refers_to="carer", subject=True)]),
        other("child", Annotated[str, field("Child", refers_to="child")]),
        other("child", Annotated[list[str], field("Child", refers_to="child", subject=True)], []),
        other("topics", Annotated[list[str], field("Topics", choices="channel")], []),
        other("who", Annotated[str, field("Who", refers_to="practitioner", subject=True)], row=True),
        other("who", Annotated[str, field("Who")], row=True),
        other("part", Annotated[str, field("Part", choices="told")], row=True),
        replace(NOTE, dated_by="until"),
        replace(NOTE, dated_by=""),
        replace(NOTE, stage="outcome", unstaged=""),
        replace(NOTE, unstaged=""),
        replace(NOTE, derivation=2),
    ],
)  # fmt: skip
def test_the_hash_changes_with_what_is_derived(kind: Kind) -> None:
    assert hash_of(kind) != hash_of(NOTE)


def test_the_hash_changes_with_the_number_of_all_and_with_a_kind_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hash_of(NOTE) != projections.description()
    before = projections.description()
    monkeypatch.setattr(projections, "PROJECTION_VERSION", projections.PROJECTION_VERSION + 1)
    assert projections.description() != before


@pytest.mark.parametrize(
    "kind",
    [
        other("words", Annotated[str, field("In your words")]),
        other("words", Annotated[str, field("Words", "Two lines", lines=2)]),
        other("words", Annotated[str, field("Words", "In a line", required="Enter words", names="child", group="x")]),
        other("words", Annotated[str, field("Words", "In a line", initial="Nothing yet", shown_if=bool)]),
        other("told", Annotated[date | None, field("Was told")], None, row=True),
        replace(NOTE, label="Jotting", plural="Jottings", reference_prefix="J"),
        replace(NOTE, summary=("words",), lead=("words",), columns=("on", "words"), subtitle=("state",), tags=("state",)),
        replace(NOTE, sections=(Section("All", ("words", "on")),)),
    ],
)  # fmt: skip
def test_the_hash_does_not_change_with_words_on_the_screen_and_their_order(kind: Kind) -> None:
    assert hash_of(kind) == hash_of(NOTE)


@pytest.mark.parametrize(
    ("name", "changes"),
    [("concern", True), ("caller_role", True), ("action_state", False), ("contact_outcome", False)],
)
def test_the_hash_changes_with_a_label_that_search_finds_and_with_no_other(
    name: str, changes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Search finds the labels of several codes and those inside rows, not that of a single code such as a state."""
    only_note = {"note": NOTE}
    monkeypatch.setattr(projections, "KINDS", only_note)
    before = projections.description()
    really: Callable[[str], CodeList] = codes.code_list

    def renamed(list_name: str) -> CodeList:
        code_list = really(list_name)
        if list_name != name:
            return code_list
        return replace(
            code_list,
            codes=tuple(replace(code, label=f"{code.label}, as it is called now") for code in code_list.codes),
        )

    monkeypatch.setattr("hipss_desktop.records.fields.code_list", renamed)
    assert (projections.description() != before) == changes


def test_words_of_a_row_are_found_without_its_labels_and_without_what_is_not_searched() -> None:
    body = {
        "words": "Rang", "topics": ["school"], "state": "done",
        "people": [{"id": "r", "who": "0199c0de-0000-7000-8000-0000000000c1", "part": "carer", "told": "2017-03-14"}, "Gran"],
    }  # fmt: skip
    school, carer = (
        codes.code_list(name).label(code) for name, code in (("concern", "school"), ("caller_role", "carer"))
    )
    assert projections.search_words(NOTE, NOTE.read(body), body).split("\n") == [
        folded(words) for words in ("Rang", "Rang", school, carer, "Gran")
    ]


# --- keeping them anew ---


def keep() -> str:
    """Write the file anew; what keeps it from being written, in a sentence, '' where nothing does."""
    before = saved_projections() if FILE.exists() else Projections(projections.PROJECTION_VERSION, {})
    new_kinds: dict[str, SavedKind] = {}
    for name, kind in KINDS.items():
        held = before.kinds.get(name)
        bodies = held.bodies if held else [good(kind, lambda referred: f"a-{referred}"), {}]
        new = SavedKind(kind.derivation, bodies, derived(name, bodies))
        same_numbers = before.version == projections.PROJECTION_VERSION and held and held.derivation == new.derivation
        if held and same_numbers and held.derived != new.derived:
            return f"What is derived of the kind {name!r} has changed, and no number was raised. Nothing was written."
        new_kinds[name] = new
    text = msgspec.json.encode(Projections(projections.PROJECTION_VERSION, new_kinds))
    FILE.write_bytes(msgspec.json.format(text, indent=1) + b"\n")
    return ""


if __name__ == "__main__":
    raise SystemExit(keep() or None)
