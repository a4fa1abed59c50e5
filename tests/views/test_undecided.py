"""What two laptops changed differently: everybody who reads the record sees both, until somebody decides."""

from datetime import UTC, datetime

import pytest

from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock


@pytest.fixture
def kai(mine: Services, theirs: Services, clock: SetClock) -> str:
    """Kai, whose plan, allergies, school's number and number to ring were changed on two laptops."""
    kai = child_named(mine, "Kai")
    fields = mine.store.get(kai).fields  # type: ignore[union-attr]  # it is there
    first, *others = fields["who_to_call"]
    clock.now = datetime(2017, 3, 14, 2, 40, tzinfo=UTC)
    rung = [{**first, "number": "01632 960175"}, *others]
    amend(mine, kai, {"helps": [*fields["helps"], "Toast works at night"], "who_to_call": rung})
    clock.now = datetime(2017, 3, 14, 2, 55, tzinfo=UTC)
    rung = [{**first, "number": "01632 960176"}, *others]
    changes = {"helps": [*fields["helps"], "Text his brother first"], "who_to_call": rung}
    amend(theirs, kai, changes)
    exchange(mine, theirs)
    return kai


def test_each_version_is_told_with_who_wrote_it_ones_own_first(mine: Services, kai: str) -> None:
    record = mine.store.get(kai)
    assert record is not None
    helps, called = sorted(mine.undecided.of(record), key=lambda answer: answer.field)
    assert helps.label == "What helps"
    assert [(version.author, version.mine) for version in helps.versions] == [
        ("A. Bevan, 02:40, HIPSS-LT-04", True),
        ("K. Adeyemi, 02:55, HIPSS-LT-02", False),
    ]
    assert [version.words.splitlines()[-1] for version in helps.versions] == [
        "Toast works at night",
        "Text his brother first",
    ]
    assert called.field == "who_to_call"


def test_the_card_beside_a_call_has_both_versions_and_both_numbers(mine: Services, theirs: Services, kai: str) -> None:
    for services in (mine, theirs):
        card = services.child_cards.card(kai)
        assert card is not None
        assert {undecided.field for undecided in card.undecided} == {"helps", "who_to_call"}
        numbers = {number.number: number.author for number in card.numbers}
        assert "02:40" in numbers["01632 960175"]
        assert numbers["01632 960176"] == "K. Adeyemi, 02:55, HIPSS-LT-02"


def test_a_warning_that_either_laptop_wrote_is_shown_until_it_is_decided(mine: Services, theirs: Services) -> None:
    ellie = child_named(mine, "Ellie")
    amend(mine, ellie, {"allergies": ["Latex"]})
    amend(theirs, ellie, {"allergies": ["Wasp stings"]})
    exchange(mine, theirs)
    for services in (mine, theirs):
        card, header = services.child_cards.card(ellie), services.timelines.header(ellie)
        assert card is not None
        assert header is not None
        for tags in (card.tags, header.tags):
            assert {"Allergy: latex", "Allergy: wasp stings"} <= {tag.words for tag in tags}
        assert header.undecided == ("Allergies",)


def test_what_was_decided_is_one_version_again(mine: Services, kai: str) -> None:
    record = mine.store.get(kai)
    assert record is not None
    chosen = {unit: sides[0].value for unit, sides in record.conflicts.items()}
    mine.records.decide(kai, chosen, "Both laptops agreed on the telephone")
    card = mine.child_cards.card(kai)
    assert card is not None
    assert card.undecided == ()
    assert not any(number.author for number in card.numbers)
