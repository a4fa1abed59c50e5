"""An authentic revision may hold anything in any field: no reader stumbles over it, and no other record is lost from sight.

Every field of every kind, those inside rows too, holds each of some forty wrong values; another seat signed them, a real store
with the demo caseload took them in, and all that reads records is asked about each. What only reads a body is asked in
``tests/kinds``, the council in ``tests/sync/council``, the pages of the window in ``tests/ui``.
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records.fields import Field
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.ports import Record
from hipss_desktop.services.records import Unfinished
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views import names
from hipss_desktop.views.drafts import read_drafts
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb, contact
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import NIGHT, SetClock, copy_laptop, sign_in_as
from tests.helpers.wrong_values import ALL, WrongBody, good, places, signed_bytes, wrong_bodies
from ui.records.listing import MOST_FOUND
from ui.records.listings_by_hand import listing_of

OWN = "the record itself"
LISTED = [kind.name for kind in KINDS.values() if kind.columns]
UNCERTIFIED = "Records are here without the certificate of their laptop."


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

    def __init__(
        self, kind: Kind, store: LaptopStore, *, only: Collection[str] = (), part: int = 0, of: int = 1
    ) -> None:
        """``only`` these values, and of the fields every ``of``-th from the ``part``-th one on."""
        self.kind = kind
        self.bodies: dict[str, WrongBody] = {}
        self.revisions: list[Revision] = []
        seat, ids = OtherSeat(), dict[str, str]()

        def known(name: str) -> str:
            return ids.setdefault(name, next((record.record for record in store.records_of(name)), "none"))

        for number, wrong in enumerate(wrong_bodies(kind, known, OWN, known("directory"))):
            if (only and wrong.value not in only) or place_of(kind, wrong) % of != part:
                continue
            record = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind.name} {number}"))
            body = {name: itself(value, record) for name, value in wrong.body.items()}
            revision = seat.sign(body, record=record, kind=kind.name, body=signed_bytes(body, sorted(body)))
            self.bodies[record] = wrong
            self.revisions.append(revision)
        self.known = known


def place_of(kind: Kind, wrong: WrongBody) -> int:
    """The place of the field that holds the wrong value, or 0 where every field does."""
    field = wrong.field.partition("/")[0]
    return list(kind.by_name).index(field) if field in kind.by_name else 0


def itself(value: Any, record: str) -> Any:
    """The value with the record's own identifier in place of the word that stands for it, at any depth."""
    if value == OWN:
        return record
    if isinstance(value, list):
        return [itself(part, record) for part in value]
    return {name: itself(part, record) for name, part in value.items()} if isinstance(value, dict) else value


def lists(services: Services) -> Iterator[tuple[str, str, Callable[[], list[str]]]]:
    """Every list with each of its choices: the records in it, page by page."""

    def shown(kind: str, choice: str) -> list[str]:
        records: list[str] = []
        before: int | None = None
        while rows := listing_of(kind).fetch(services, "", choice, before):
            records += [row.record for row in rows]
            before = rows[-1].after
        return records

    for kind in LISTED:
        for choice in [code for code, _ in listing_of(kind).choices] or [""]:
            yield kind, choice, partial(shown, kind, choice)


def whole_store(
    services: Services, store: LaptopStore, clock: SetClock, faults: Faults, about: str
) -> Mapping[str, Any]:
    """Ask all that reads more than one record; what they show of the records that were there before."""
    shown: dict[str, Any] = {}
    for kind, choice, read in lists(services):
        shown[f"list {kind} {choice}"] = set(faults.ask(f"list {kind}", about, read) or ())
        faults.ask(f"list {kind} found", about, partial(listing_of(kind).fetch, services, "wo", choice, None))
    board = faults.ask("board", about, services.on_call.board)
    shown["board"] = {child.record for child in board.children} if board else set()
    shown["shift"] = {board.shift.record} if board and board.shift else set()
    faults.ask("overdue", about, services.on_call.overdue)
    children = [record.record for record in services.people.of_kind(CHILD.name)]
    shown["cards"] = set(faults.ask("cards", about, lambda: services.child_cards.cards(children)) or ())
    for typed in ("ka", "Kai M", "words for", "wo", "0174", "no such", "960174", "1"):
        people = faults.ask("people", about, partial(services.people.find, typed, limit=10_000))
        shown[f"people {typed}"] = {person.record for person in people or ()}
        faults.ask("palette", about, partial(services.palette.find, typed))
        faults.ask("callers", about, partial(services.calls.callers, typed))
        faults.ask("search", about, partial(services.timelines.search, typed, limit=100))
    shown["directory"] = {entry.record for entry in faults.ask("directory", about, services.people.directory) or ()}
    kai = child_named(services, "Kai")
    faults.ask("child header", about, lambda: services.timelines.header(kai))
    for kind in KINDS:
        entries = faults.ask("timeline of kind", about, partial(services.timelines.of_kind, kind, limit=100_000))
        shown[f"timeline {kind}"] = {entry.record for entry in entries or ()}
    entries = faults.ask("timeline", about, partial(services.timelines.entries, kai, limit=100_000))
    shown["Kai"] = {entry.record for entry in entries or ()}
    due = faults.ask("due", about, lambda: {row.record: row for row in services.due_views.table().rows})
    shown["due"] = set(due or ())
    faults.ask("due on a past day", about, lambda: services.due_dates.all(clock().date() - timedelta(days=400)))
    faults.ask("due now", about, services.due_counts.now)
    waiting = faults.ask("to countersign", about, services.countersigning_views.rows)
    shown["to countersign"] = {row.record for row in waiting or ()}
    shown["strain"] = {view.person for view in faults.ask("strain", about, services.strain_views.placed) or ()}
    faults.ask("unfinished", about, services.unfinished.too_old)
    for call in store.records_of("contact", limit=3):
        faults.ask("closed by a call", about, partial(services.action_views.open_about, call.record))
    visit = services.visit_views.view(VISIT.read({"carer": services.people.of_kind(CARER.name)[0].record}), "none")
    faults.expect(visit, f"visit: {about}")
    faults.ask("visit", about, partial(services.supervision.start, services.people.of_kind(CARER.name)[0].record))
    faults.ask("drafts", about, lambda: read_drafts(services))
    faults.ask("sync centre", about, lambda: services.sync_centre.centre(Status("online")))
    for known_kind in KINDS.values():
        if known_kind.sheet.key:
            text = ",".join(field.label for field in known_kind.fields) + "\nwords\n"
            sheet = partial(import_sheet, store, known_kind.name, text, clock=clock, dry_run=True)
            faults.ask("import", about, sheet)
            faults.ask("export", about, partial(exported, store, known_kind))
    return shown


def exported(store: LaptopStore, kind: Kind) -> bytes:
    """The file that an export of a kind would write."""
    return "".join(export_sheet(store, kind).lines).encode()


def one_record(services: Services, record: Record, faults: Faults, about: str) -> None:
    """Ask all that reads one record."""
    kind = KINDS[record.kind]
    faults.ask("view", about, lambda: services.record_views.view(record.record))
    faults.ask("title", about, lambda: names.title(record))
    faults.ask("when", about, lambda: names.when_words(services.names, record))
    faults.ask("name", about, lambda: services.names.name(record.record))
    faults.ask("about", about, lambda: services.names.about(kind, record.fields))
    faults.ask("child card", about, lambda: services.child_cards.card(record.record))
    faults.ask("child header", about, lambda: services.timelines.header(record.record))
    faults.ask("timeline about it", about, lambda: services.timelines.entries(record.record))
    if kind.countersigned_by:
        faults.ask("countersigning", about, lambda: services.countersigning_views.view(record.record))
    if record.kind in (CHILD.name, CARER.name):
        faults.ask("strain", about, lambda: services.strain_views.view(record.record))
    if record.kind == CARER.name:
        faults.ask(
            "due", about, lambda: (services.due_views.card(record.record), services.households.household(record.record))
        )
    if record.kind == ACTION.name:
        faults.ask("action", about, lambda: services.action_views.view(record.record))
    if record.kind == VISIT.name:
        faults.ask("signed", about, lambda: services.signed_views.view(record.record))
    if may_write(services.store.seat.role, record.kind) and kind.amendable:
        draft = faults.ask("amendment", about, lambda: services.records.amendment(record.record))
        if draft is not None:
            faults.expect(draft.fields == record.fields, f"amendment: {about}: it does not begin from what is there")
            faults.ask("problems", about, lambda: services.records.problems(draft))
            faults.ask("draft name", about, lambda: names.draft_name(draft.kind, draft.fields))


@pytest.fixture
def manager(services: Services, store: LaptopStore) -> Services:
    """The use cases of somebody who may write every kind that people write, over the demo caseload."""
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    return services


@pytest.fixture(scope="session")
def shown_before(demo_laptop: tuple[Path, bytes], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What is shown of the demo caseload alone, to a manager: every test begins with a copy of the same store."""
    template, key = demo_laptop
    folder, faults = tmp_path_factory.mktemp("before") / "laptop", Faults()
    copy_laptop(template, folder)
    clock = SetClock(NIGHT)
    store = LaptopStore(folder / "store.db", key, anchor=folder / "anchor", clock=clock)
    sign_in_as(store, role="manager")
    shown = whole_store(Services(store, clock), store, clock, faults, "before")
    store.close()
    assert faults.told == []
    return shown


PARTS = [(name, part, of) for name in KINDS for of in [1 + len(places(KINDS[name])) // 25] for part in range(of)]
"""A kind of many fields in several parts, as one store with all its wrong bodies would take minutes."""


@pytest.mark.parametrize(("name", "part", "of"), PARTS, ids=[f"{name}-{part + 1} of {of}" for name, part, of in PARTS])
def test_a_wrong_value_in_any_field_stops_no_reader_and_hides_no_other_record(
    name: str,
    part: int,
    of: int,
    manager: Services,
    store: LaptopStore,
    clock: SetClock,
    shown_before: Mapping[str, Any],
) -> None:
    kind, faults = KINDS[name], Faults()
    wrongs = Wrongs(kind, store, part=part, of=of)
    faults.ask("absorb", name, lambda: absorb(store, *wrongs.revisions))
    for record, body in wrongs.bodies.items():
        stored_record = store.get(record)
        faults.expect(stored_record is not None, f"{body.name}: it is not there")
        if stored_record is not None:
            one_record(manager, stored_record, faults, body.name)
    after = whole_store(manager, store, clock, faults, f"all of {name}")
    for where, shown in shown_before.items():
        full = len(after[where]) >= MOST_FOUND  # a list that shows the first hundred alone, and says so
        faults.expect(shown <= after[where] or full, f"{where}: {len(shown - after[where])} are no longer shown")
    doctor_report = faults.ask("doctor", name, lambda: examine(store, rebuild=True))
    sentences = [finding.problem for finding in doctor_report.findings] if doctor_report else []
    if KINDS[name].agrees:  # what it says of another record that is not here is rightly named
        sentences = [sentence for sentence in sentences if "does not agree with the record it is for" not in sentence]
    faults.expect(sentences == [UNCERTIFIED], f"doctor: {sentences}")
    assert faults.told == [], f"{len(faults.told)}: " + "\n".join(faults.told[:40])


@pytest.mark.parametrize("clock_said", ["", "yesterday", "0001-01-01T00:00:00+14:00"])
def test_a_laptop_whose_clock_says_no_time_stops_no_reader_and_hides_no_record(
    manager: Services, store: LaptopStore, clock: SetClock, clock_said: str
) -> None:
    faults, seat = Faults(), OtherSeat()
    before = whole_store(manager, store, clock, faults, "before")

    def known(name: str) -> str:
        return next((listed_record.record for listed_record in store.records_of(name)), "none")

    revisions = [seat.sign(good(kind, known), kind=name, clock=clock_said) for name, kind in KINDS.items()]
    for first in list(revisions):
        kind, record = KINDS[first.envelope.kind], first.envelope.record
        if kind.countersigned_by:
            signed = seat.sign(
                {}, record=record, kind=kind.name, action="countersign", parents=[first], changed=[], clock=clock_said
            )
            revisions.append(signed)
    absorb(store, *seat.chain)
    for revision in revisions:
        stored_record = store.get(revision.envelope.record)
        if stored_record is not None and stored_record.kind not in [order.name for order in ORDERS]:
            one_record(manager, stored_record, faults, f"{stored_record.kind} {clock_said!r}")
    after = whole_store(manager, store, clock, faults, f"clock {clock_said!r}")
    for where, shown in before.items():
        faults.expect(shown <= after[where], f"{where}: {len(shown - after[where])} are no longer shown")
    assert faults.told == [], f"{len(faults.told)}: " + "\n".join(faults.told[:40])


OWN_KINDS = [name for name, kind in KINDS.items() if kind not in ORDERS]
AMENDED_KINDS = [name for name in OWN_KINDS if KINDS[name].amendable]


def amend(services: Services, record: str, **changes: Any) -> Revision:
    """Amend some answers of a record."""
    draft = services.records.amendment(record)
    return services.records.finish(replace(draft, fields={**draft.fields, **changes}, why="Told on the telephone"))


OTHER_ANSWERS: Mapping[str, Any] = {
    "text": "Other words, 01632 960111",
    "lines": ["Another line"],
    "tick": False,
    "phone": "01632 960112",
    "day": "2017-02-03",
    "instant": "2017-03-12T07:10:00+00:00",
}
"""By type of field, the likeliest to stand alone first."""


def elsewhere(kind: Kind, name: str) -> Field:
    """Another field than this one, and of another group, for which there is another answer.

    No name, whose change is kept, and no day that another one must follow.
    """
    together = (*kind.group_of(name), "given_name", "family_name", "name", "logs_from", "logs_to")
    return next(
        field
        for answer in OTHER_ANSWERS
        for field in kind.fields
        if field.type == answer and field.name not in together
    )


def _set_by_no_amendment(kind: Kind, sane: Mapping[str, Any]) -> set[str]:
    """The mark that an import alone sets, and a stage whose press asks for more than the record says."""
    stage = kind.stage_named(sane.get(kind.stage, ""))
    return {kind.sheet.marks, kind.stage if stage is not None and stage.checks else ""}


@pytest.mark.parametrize("name", AMENDED_KINDS)
def test_amending_another_answer_leaves_what_cannot_be_read_as_it_was_and_it_can_be_amended_back_to_sense(
    name: str, manager: Services, store: LaptopStore
) -> None:
    kind = KINDS[name]
    wrongs = Wrongs(kind, store, only=("a fraction", "object", "rows among other things", "list of text and number"))
    absorb(store, *wrongs.revisions)
    sane = good(kind, wrongs.known)
    for record, wrong in wrongs.bodies.items():
        current = store.get(record)
        assert current is not None
        if wrong.field.startswith(ALL) or not (unread := kind.misfits(current.fields)):
            continue
        field = wrong.field.partition("/")[0]
        if field in _set_by_no_amendment(kind, sane):
            continue
        other_field = elsewhere(kind, field)
        new_answer = OTHER_ANSWERS[other_field.type]
        content = amend(manager, record, **{other_field.name: new_answer}).content()
        assert content is not None
        assert content.fields == {**current.fields, other_field.name: new_answer}, wrong.name
        assert content.changed == sorted(kind.group_of(other_field.name)), wrong.name
        assert kind.misfits(content.fields) == unread, wrong.name
        mended = amend(manager, record, **{field: sane[field]}).content()
        assert mended is not None
        assert {unit.partition("/")[0] for unit in mended.changed} == set(kind.group_of(field)), wrong.name
        now = store.get(record)
        assert now is not None
        assert now.fields == {**sane, other_field.name: new_answer}, wrong.name
        assert kind.misfits(now.fields) == [], wrong.name


def test_an_answer_that_cannot_be_read_keeps_an_amendment_from_being_finished_where_its_author_changed_it(
    manager: Services, store: LaptopStore
) -> None:
    seat = OtherSeat()
    revision = seat.sign({**good(CHILD, lambda _: ""), "born": "2017-13-45"}, kind="child")
    absorb(store, revision)
    record = revision.envelope.record
    with pytest.raises(Unfinished) as refused:
        amend(manager, record, born="2017-13-46")
    assert [problem.field for problem in refused.value.problems] == ["born"]
    with pytest.raises(Unfinished):
        amend(manager, record, plan_reviewed="soon")
    content = revision.content()
    assert content is not None
    with pytest.raises(Unfinished) as new:
        manager.records.finish(replace(manager.records.new_draft("child"), fields=content.fields))
    assert [problem.field for problem in new.value.problems] == ["born"]
    amend(manager, record, school="Priory Hill")


def test_a_problem_that_follows_from_an_answer_that_cannot_be_read_is_not_the_next_authors_to_mend(
    manager: Services, store: LaptopStore
) -> None:
    """No advice was given, says a program in words of its own: that advice is missing follows from it."""
    seat = OtherSeat()
    revision = seat.sign(contact(advice="", no_advice="none needed"), kind="contact")
    absorb(store, revision)
    amend(manager, revision.envelope.record, outcome="settled")
    with pytest.raises(Unfinished):
        amend(manager, revision.envelope.record, risk="")


@pytest.mark.parametrize("name", AMENDED_KINDS)
def test_two_versions_of_which_one_cannot_be_read_are_shown_and_decided(
    name: str, manager: Services, store: LaptopStore
) -> None:
    """A record that can be read; one seat puts a wrong value into a field while another amends the same field."""
    kind, faults = KINDS[name], Faults()
    known = Wrongs(kind, store, only=("none of them",)).known
    seat, sane = OtherSeat(), good(kind, known)
    values = ("a fraction", "rows among other things", "no such day")
    wrongs = [
        wrong_body for wrong_body in wrong_bodies(kind, known, OWN, known("directory")) if wrong_body.value in values
    ]
    for wrong in wrongs:
        if wrong.field.startswith(ALL):
            continue
        field = kind.by_name[wrong.field.partition("/")[0]]
        first = seat.sign(sane, kind=name)
        record, parents = first.envelope.record, [first]
        units = [field.name] if field.type != "rows" else [field.name, f"{field.name}/r1", f"{field.name}/r2"]
        readable_body = {
            **sane,
            field.name: OTHER_ANSWERS.get(field.type, sane[field.name] if field.type == "rows" else "other"),
        }
        amended = [
            seat.sign(body, kind=name, record=record, action="amend", parents=parents, changed=units,
                      body=signed_bytes(body, units))
            for body in (wrong.body, readable_body)
        ]  # fmt: skip
        absorb(store, first, *amended)
        stored_record = store.get(record)
        assert stored_record is not None
        faults.expect(stored_record.conflicts, f"{wrong.name}: no conflict")
        conflict = faults.ask("conflict", wrong.name, partial(manager.sync_centre.conflict, stored_record))
        faults.ask("history", wrong.name, partial(manager.record_views.view, record))
        if conflict is None:
            continue
        chosen: dict[str, Any] = {}
        for part in conflict.parts:
            if part.additive:
                faults.ask("joined", wrong.name, partial(manager.sync_centre.joined, part))
            faults.ask("problem", wrong.name, partial(manager.sync_centre.problem, conflict, part.sides[0].values))
            chosen |= part.sides[0].values
        faults.ask("decide", wrong.name, partial(manager.records.decide, record, chosen, "Looked at both"))
        decided = store.get(record)
        faults.expect(decided and not decided.needs_decision, f"{wrong.name}: not decided")
    faults.ask("sync centre", name, partial(manager.sync_centre.centre, Status("online")))
    assert faults.told == [], f"{len(faults.told)}: " + "\n".join(faults.told[:40])
