"""What a newer, a foreign or a faulty program wrote is shown as far as it can be read, and holds nothing else up."""

from dataclasses import replace
from typing import Any

import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.records.revision import LARGEST_BODY, Revision, body_bytes
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.names import NOT_HERE
from hipss_desktop.views.record import Line, RecordView
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb, contact
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.wrong_values import NOT_HERE as NO_RECORD
from tests.helpers.wrong_values import good

MOST_ROWS = 7000
"""About what the wire carries in one body."""


@pytest.fixture
def seat() -> OtherSeat:
    """A seat whose program is not ours."""
    return OtherSeat()


@pytest.fixture
def manager(services: Services, store: LaptopStore) -> Services:
    """The use cases of somebody who may write what they read."""
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    return services


def view_of(services: Services, revision: Revision) -> RecordView:
    """The page of a record."""
    record_view = services.record_views.view(revision.envelope.record)
    assert record_view is not None
    return record_view


def line(view: RecordView, unit: str) -> Line:
    """One answer of it."""
    return next(shown_line for shown_line in view.lines if shown_line.unit == unit)


def shown(services: Services) -> tuple[Any, ...]:
    """What the screens show of what was there before."""
    board = services.on_call.board()
    kai = child_named(services, "Kai")
    return (
        board.children, board.shift, board.contacts, board.follow_ups, services.people.directory(), services.child_cards.card(kai),
        services.timelines.entries(kai), services.timelines.of_kind("contact"), services.palette.find("preece"),
        services.sync_centre.centre(Status("online")).waiting_count,
    )  # fmt: skip


def test_a_record_of_a_newer_version_is_shown_and_amended_as_far_as_it_is_known(
    manager: Services, store: LaptopStore, seat: OtherSeat
) -> None:
    fields = contact(
        "Rang about supper.", weather="Snow", risk={"level": 3}, told_others=[{"id": "r1", "who": "police", "badge": 7}]
    )
    revision = seat.sign(fields, schema=9)
    absorb(store, revision)
    view = view_of(manager, revision)
    assert view.title == "Jo Preece rang"
    assert (line(view, "weather").label, line(view, "weather").words) == ("Weather", "Snow")
    assert (line(view, "risk").unreadable, line(view, "risk").words) == (True, '{"level":3}')
    table = line(view, "told_others").table
    assert table is not None
    assert table.headings == ("Who", "Badge")
    assert [cell.words for cell in table.rows[0]] == ["Police", "7"]
    amend(manager, revision.envelope.record, {"advice": "Ring at nine."})
    current = store.get(revision.envelope.record)
    assert current is not None
    assert current.fields == fields | {"advice": "Ring at nine."}
    assert [record.record for record in store.search("supper")] == [revision.envelope.record]


def test_a_record_of_an_unknown_kind_is_shown_unchanged_and_amended_by_nobody(
    manager: Services, store: LaptopStore, seat: OtherSeat
) -> None:
    before = shown(manager)
    revision = seat.sign(
        {"minutes": "All came.", "apologies": ["S. Lloyd"], "next": None}, kind="steering_group", schema=4
    )
    absorb(store, revision)
    view = view_of(manager, revision)
    assert (view.label, view.title, view.reference, view.may_amend) == ("steering_group", "steering_group", "", False)
    assert [(shown_line.label, shown_line.words) for shown_line in view.lines] == [
        ("Apologies", '["S. Lloyd"]'),
        ("Minutes", "All came."),
    ]
    assert [entry.record for entry in manager.timelines.of_kind("steering_group")] == [revision.envelope.record]
    with pytest.raises(UserError):
        manager.records.amendment(revision.envelope.record)
    assert shown(manager) == before
    assert examine(store).unreadable == []


def test_as_many_rows_as_the_wire_carries_are_shown_found_and_amended(
    manager: Services, store: LaptopStore, seat: OtherSeat
) -> None:
    rows = [{"id": f"{number:04}", "who": f"Aunt{number}"} for number in range(MOST_ROWS)]
    fields = good(CHILD, lambda _: "") | {"who_to_call": rows}
    changed = [*sorted(set(fields) - {"who_to_call"}), *(f"who_to_call/{row['id']}" for row in rows)]
    assert LARGEST_BODY / 2 < len(body_bytes(fields, [])) <= LARGEST_BODY
    revision = seat.sign(fields, kind="child", changed=changed)
    absorb(store, revision)
    record = revision.envelope.record
    table = line(view_of(manager, revision), "who_to_call").table
    assert table is not None
    assert len(table.rows) == MOST_ROWS
    assert [listed.record for listed in store.search(f"aunt{MOST_ROWS - 1}")] == [record]
    assert manager.child_cards.card(record) is not None
    manager.records.save(replace(manager.records.amendment(record), why="Told on the telephone"))
    assert manager.on_call.board().children


def test_a_record_that_is_named_and_not_here_says_so(manager: Services, store: LaptopStore, seat: OtherSeat) -> None:
    before = shown(manager)
    revision = seat.sign({"what": "Ring the school", "child": NO_RECORD, "from_contact": NO_RECORD}, kind="action")
    absorb(store, revision)
    view = view_of(manager, revision)
    assert {(reference.unit, reference.kind, reference.name) for reference in view.about} == {
        ("child", "", NOT_HERE),
        ("from_contact", "", NOT_HERE),
    }
    assert line(view, "child").words == NOT_HERE
    assert [entry.record for entry in manager.timelines.entries(NO_RECORD)] == [revision.envelope.record]
    assert shown(manager) == before


def test_a_reference_to_a_record_of_the_wrong_kind_is_shown_and_stops_nothing(
    manager: Services, store: LaptopStore, seat: OtherSeat
) -> None:
    household, kai = manager.people.of_kind("carer")[0].record, child_named(manager, "Kai")
    before = {child.record for child in manager.on_call.board().children}
    rang = seat.sign(
        contact("Wrong way round", children=[household, kai], caller=kai, concerns=["missing"], missing="back")
    )
    placed = {"type": "main", "start": "2017-03-01", "child": household, "carer": kai}
    absorb(store, rang, seat.sign(placed, kind="placement"))
    assert {(reference.record, reference.kind) for reference in view_of(manager, rang).about} == {
        (household, "carer"), (kai, "child"),
    }  # fmt: skip
    assert {child.record for child in manager.on_call.board().children} == before
    assert rang.envelope.record in {entry.record for entry in manager.timelines.entries(kai)}
    assert rang.envelope.record in {entry.record for entry in manager.timelines.entries(household)}


def test_a_record_that_names_itself_is_shown_once(manager: Services, store: LaptopStore, seat: OtherSeat) -> None:
    record = "0199c0de-0000-7000-8000-0000000000f7"
    revision = seat.sign(contact("About itself", children=[record, record], caller=record), record=record)
    absorb(store, revision)
    view = view_of(manager, revision)
    assert line(view, "children").words == f"{view.title}, {view.title}"
    assert [entry.record for entry in manager.timelines.entries(record)] == [record]
