"""An authentic revision may hold anything in any field: no reader stumbles over it, and no other record is lost from sight.

Every field of every kind, those inside rows too, holds each of some forty wrong values; another seat signed them, a real store
with the demo caseload took them in, and all that reads records is asked about each. What only reads a body is asked in
``tests/kinds``, the council in ``tests/sync/council``, the pages of the window in ``tests/ui``.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.ports import Record
from hipss_desktop.sheets.reading import write_lines
from hipss_desktop.views import names
from hipss_desktop.views.desk import Desk
from hipss_desktop.views.sync_centre import Status
from tests.db.store.seats import OtherSeat, absorb
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock
from tests.helpers.wrong_values import WrongBody, signed_bytes, wrong_bodies
from ui.on_call.on_call_page import read_drafts
from ui.records.listing import LISTS

OWN = "the record itself"


class Faults:
    """What went wrong, told with the reader and the body it stumbled over."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def ask(self, reader: str, about: str, read: Callable[[], Any]) -> Any:
        """Ask a reader; an error is noted and the others are asked all the same."""
        try:
            return read()
        except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
            self.told.append(f"{reader}: {about}: {type(error).__name__}: {error}"[:300])
            return None

    def expect(self, true: object, words: str) -> None:
        """Note what is not as it should be."""
        if not true:
            self.told.append(words[:300])


class Wrongs:
    """The wrong bodies of one kind as records of another seat, by identifier."""

    def __init__(self, kind: Kind, store: LaptopStore) -> None:
        self.kind = kind
        self.bodies: dict[str, WrongBody] = {}
        self.revisions: list[Revision] = []
        seat, ids = OtherSeat(), dict[str, str]()

        def known(name: str) -> str:
            return ids.setdefault(name, next((each.record for each in store.records_of(name)), "none"))

        for number, each in enumerate(wrong_bodies(kind, known, OWN, known("directory"))):
            record = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind.name} {number}"))
            body = {name: itself(value, record) for name, value in each.body.items()}
            made = seat.sign(body, record=record, kind=kind.name, body=signed_bytes(body, sorted(body)))
            self.bodies[record] = each
            self.revisions.append(made)
        self.seat = seat


def itself(value: Any, record: str) -> Any:
    """The value with the record's own identifier in place of the word that stands for it, at any depth."""
    if value == OWN:
        return record
    if isinstance(value, list):
        return [itself(each, record) for each in value]
    return {name: itself(each, record) for name, each in value.items()} if isinstance(value, dict) else value


def lists(desk: Desk) -> Iterator[tuple[str, str, Callable[[], list[str]]]]:
    """Every list with each of its choices: the records in it, page by page."""

    def shown(kind: str, choice: str) -> list[str]:
        found: list[str] = []
        before: int | None = None
        while rows := LISTS[kind].fetch(desk, "", choice, before):
            found += [row.record for row in rows]
            before = rows[-1].after
        return found

    for kind, listing in LISTS.items():
        for choice in [code for code, _ in listing.choices] or [""]:
            yield kind, choice, lambda kind=kind, choice=choice: shown(kind, choice)


def whole_store(desk: Desk, store: LaptopStore, clock: SetClock, faults: Faults, about: str) -> Mapping[str, Any]:
    """Ask all that reads more than one record; what they show of the records that were there before."""
    shown: dict[str, Any] = {}
    for kind, choice, read in lists(desk):
        shown[f"list {kind} {choice}"] = set(faults.ask(f"list {kind}", about, read) or ())
        faults.ask(f"list {kind} found", about, lambda kind=kind, choice=choice: LISTS[kind].fetch(desk, "wo", choice, None))
    board = faults.ask("board", about, desk.on_call.board)
    shown["board"] = {each.name for each in board.children} if board else set()
    faults.ask("overdue", about, desk.on_call.overdue)
    children = [each.record for each in desk.people.of_kind(CHILD.name)]
    shown["cards"] = set(faults.ask("cards", about, lambda: desk.child_cards.cards(children)) or ())
    for typed in ("ka", "Kai M", "words for", "wo", "0174", "no such", "960174", "1"):
        shown[f"people {typed}"] = {
            each.record for each in faults.ask("people", about, lambda typed=typed: desk.people.find(typed, limit=10_000)) or ()
        }
        faults.ask("palette", about, lambda typed=typed: desk.palette.find(typed))
        faults.ask("callers", about, lambda typed=typed: desk.calls.callers(typed))
        faults.ask("search", about, lambda typed=typed: desk.timelines.found(typed, limit=100))
    shown["directory"] = {each.record for each in faults.ask("directory", about, desk.people.directory) or ()}
    kai = child_named(desk, "Kai")
    faults.ask("child header", about, lambda: desk.timelines.header(kai))
    for kind in KINDS:
        entries = faults.ask("timeline of kind", about, lambda kind=kind: desk.timelines.of_kind(kind, limit=100_000))
        shown[f"timeline {kind}"] = {each.record for each in entries or ()}
    shown["Kai"] = {each.record for each in faults.ask("timeline", about, lambda: desk.timelines.entries(kai, limit=100_000)) or ()}
    faults.ask("drafts", about, lambda: read_drafts(desk))
    faults.ask("sync centre", about, lambda: desk.sync_centre.centre(Status("online")))
    for kind in KINDS.values():
        if kind.sheet.key:
            header = ",".join(each.label for each in kind.fields)
            faults.ask("import", about, lambda kind=kind, header=header: import_sheet(
                store, kind.name, f"{header}\nwords\n", clock=clock, dry_run=True))
    return shown


def one_record(desk: Desk, found: Record, faults: Faults, about: str) -> None:
    """Ask all that reads one record."""
    kind = KINDS[found.kind]
    faults.ask("view", about, lambda: desk.record_views.view(found.record))
    faults.ask("title", about, lambda: names.title(found))
    faults.ask("when", about, lambda: names.when_words(desk.names, found))
    faults.ask("name", about, lambda: desk.names.name(found.record))
    faults.ask("about", about, lambda: desk.names.about(kind, found.fields))
    faults.ask("export", about, lambda: list(write_lines(kind, [found.fields])))
    faults.ask("child card", about, lambda: desk.child_cards.card(found.record))
    faults.ask("child header", about, lambda: desk.timelines.header(found.record))
    faults.ask("timeline about it", about, lambda: desk.timelines.entries(found.record))
    if may_write(desk.store.seat.role, found.kind):
        draft = faults.ask("amendment", about, lambda: desk.records.amendment(found.record))
        if draft is not None:
            faults.expect(draft.fields == found.fields, f"amendment: {about}: it does not begin from what is there")
            faults.ask("problems", about, lambda: desk.records.problems(draft))
            faults.ask("draft name", about, lambda: names.draft_name(draft.kind, draft.fields))


@pytest.fixture
def manager(desk: Desk, store: LaptopStore) -> Desk:
    """The use cases of somebody who may write every kind that people write, over the demo caseload."""
    with store.write() as unit:
        unit.set("role", "manager")
    return desk


@pytest.mark.parametrize("name", KINDS)
def test_a_wrong_value_in_any_field_stops_no_reader_and_hides_no_other_record(
    name: str, manager: Desk, store: LaptopStore, clock: SetClock
) -> None:
    kind, faults = KINDS[name], Faults()
    before = whole_store(manager, store, clock, faults, "before")
    wrongs = Wrongs(kind, store)
    faults.ask("absorb", name, lambda: absorb(store, *wrongs.revisions))
    for record, body in wrongs.bodies.items():
        found = store.get(record)
        faults.expect(found is not None, f"{body.name}: it is not there")
        if found is not None:
            one_record(manager, found, faults, body.name)
    after = whole_store(manager, store, clock, faults, f"all of {name}")
    for where, shown in before.items():
        faults.expect(shown <= after[where], f"{where}: {len(shown - after[where])} are no longer shown")
    found = faults.ask("doctor", name, lambda: examine(store, rebuild=True))
    faults.expect(found and {each.what for each in found.findings} <= {"A chain is here without the certificate of its seat."},
                  f"doctor: {found and found.findings[:3]}")
    assert faults.told == [], f"{len(faults.told)}: " + "\n".join(faults.told[:40])
