"""Numbers to ring: in the usual grouping wherever they are read, as typed wherever they are kept, and both of two versions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.carer import CARER, main_phone
from hipss_desktop.views.numbers import Number, one_or_other, shown_locked
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock
from ui.children.child_tabs import people_of
from ui.records.listing import ListRow
from ui.records.listings_by_hand import action_row, carer_rows, child_rows

TYPED, SHOWN = "+441632960174", "01632 960174"
DIGITS = "01632960174"
MINE, THEIRS = "01632 960175", "01632 960176"


def household(services: Services) -> str:
    """The record of Jo and Martin Preece, with whom Kai lives."""
    return next(
        carer.record for carer in services.people.of_kind("carer") if "Preece" in services.people.name(carer.record)
    )


def fields(services: Services, record: str) -> dict[str, Any]:
    held = services.store.get(record)
    assert held is not None
    return dict(held.fields)


def rang(services: Services, record: str, number: str) -> None:
    """Write another number into a household's first line."""
    first, *others = fields(services, record)["phones"]
    amend(services, record, {"phones": [{**first, "number": number}, *others]})


def cells(rows: Iterable[ListRow]) -> str:
    return "\n".join(cell.phrase() for row in rows for cell in row.cells)


def test_a_number_is_grouped_on_every_screen_and_kept_as_it_was_typed(mine: Services, clock: SetClock) -> None:
    jo, kai = household(mine), child_named(mine, "Kai")
    rang(mine, jo, TYPED)
    amend(mine, kai, {"who_to_call": [], "phone": "07700900391", "school_phone": "(01632) 960189"})
    board = mine.on_call.board()
    card, page = mine.child_cards.card(kai), mine.households.household(jo)
    assert card is not None
    assert page is not None
    shown = "\n".join(
        (
            *(number.number for child in board.children for number in child.numbers),
            *(number.number for number in card.numbers),
            *(number.number for number in page.numbers),
            *(f"{result.right} {result.number}" for result in mine.palette.find("preece").results),
            *(number.number for number in people_of(mine.people.record(kai), card.numbers)),  # type: ignore[arg-type]  # is there
            cells(child_rows(mine, "", "", None)),
            cells(carer_rows(mine, "", "", None)),
            *(cells([action_row(mine, action, clock())]) for action in mine.store.records_due("action")),
        )
    )
    assert TYPED not in shown
    assert DIGITS not in shown
    assert "07700900391" not in shown
    assert shown.count(SHOWN) >= 8
    assert "07700 900391" in shown
    assert "01632 960189" in shown
    assert fields(mine, jo)["phones"][0]["number"] == TYPED
    call = mine.calls.begin(caller=next(person for person in mine.people.find("jo preece") if person.kind == "carer"))
    assert call.fields["call_back"] == TYPED, "what is stored stays as it was typed"


def test_the_numbers_of_the_service_are_grouped_on_the_board_and_on_the_locked_screen(
    mine: Services, clock: SetClock
) -> None:
    for entry in mine.people.directory():
        if len(entry.fields["number"]) > 3:
            amend(mine, entry.record, {"number": entry.fields["number"].replace(" ", "")})
    for colleague in mine.people.of_kind("practitioner"):
        if colleague.fields.get("phone"):
            amend(mine, colleague.record, {"phone": colleague.fields["phone"].replace(" ", "")})
    board = mine.on_call.board()
    assert board.edt is not None
    assert board.backup is not None
    assert board.shift is not None
    numbers = [
        board.edt.number,
        board.backup.number,
        board.shift.on_call_number,
        board.shift.backup_number,
        *(phone.number for phone in shown_locked(mine.people)),
    ]
    assert [number for number in numbers if len(number) > 3 and " " not in number] == []


@pytest.fixture
def undecided(mine: Services, theirs: Services, clock: SetClock) -> str:
    """The household of the Preeces, whose number two laptops wrote differently."""
    jo = household(mine)
    clock.now = datetime(2017, 3, 14, 2, 40, tzinfo=UTC)
    rang(mine, jo, MINE)
    clock.now = datetime(2017, 3, 14, 2, 55, tzinfo=UTC)
    rang(theirs, jo, THEIRS)
    exchange(mine, theirs)
    return jo


VERSIONS = {MINE: "A. Bevan, 02:40, HIPSS-LT-04", THEIRS: "K. Adeyemi, 02:55, HIPSS-LT-02"}


def test_board_palette_lists_and_actions_have_both_versions_of_an_undecided_number(
    mine: Services, theirs: Services, undecided: str, clock: SetClock
) -> None:
    kai = child_named(mine, "Kai")
    for services in (mine, theirs):
        child = next(child for child in services.on_call.board().children if child.record == kai)
        results = services.palette.find("preece").results
        copied = {result.number: result.more for result in results if result.does == "copy_number"}
        assert {phone.number for phone in child.numbers} == copied.keys() == VERSIONS.keys()
        if services is mine:
            assert {phone.number: phone.author for phone in child.numbers} == copied == VERSIONS
        both = one_or_other(services.household_numbers.first(services.people.record(undecided)))  # type: ignore[arg-type]  # is there
        assert both in (f"{MINE} or {THEIRS}", f"{THEIRS} or {MINE}")
        assert both in [result.right for result in results if result.group == "Carers"]
        assert both in cells(child_rows(services, "", "", None))
        assert both in cells(carer_rows(services, "", "", None))
        actions = (action_row(services, action, clock()) for action in services.store.records_due("action"))
        assert both in cells(actions)


def test_a_number_typed_differently_on_two_laptops_is_one_number(mine: Services, theirs: Services) -> None:
    jo = household(mine)
    rang(mine, jo, "01632 960175")
    rang(theirs, jo, "+44 1632 960175")
    exchange(mine, theirs)
    record = mine.people.record(jo)
    assert record is not None
    assert record.conflicts
    assert [phone.number for phone in mine.household_numbers.first(record)] == ["01632 960175"]


def test_a_number_that_one_laptop_removed_is_listed_with_the_one_that_is_rung_instead(
    mine: Services, theirs: Services
) -> None:
    jo = household(mine)
    rang(mine, jo, MINE)
    amend(theirs, jo, {"phones": fields(theirs, jo)["phones"][1:]})
    exchange(mine, theirs)
    record = mine.people.record(jo)
    assert record is not None
    assert record.conflicts
    instead = main_phone(CARER.read(fields(theirs, jo) | {"phones": fields(theirs, jo)["phones"][1:]}))
    assert {phone.number for phone in mine.household_numbers.first(record)} == {MINE, instead} - {""}


def test_text_that_is_not_a_number_is_shown_unchanged() -> None:
    assert Number("School", "ring the office").number == "ring the office"
    assert Number("Police", "101").number == "101"
