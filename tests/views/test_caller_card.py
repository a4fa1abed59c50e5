"""The caller card of a household on the night of the demonstration: what it says, and how old its records are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop import times
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.caller_card import CallerCard
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock


def household(services: Services, name: str) -> str:
    """The record of a household by a word of its name."""
    return next(
        carer.record for carer in services.people.of_kind("carer") if name in services.people.name(carer.record)
    )


def card_of(services: Services, name: str) -> CallerCard:
    """The card of a household."""
    card = services.caller_cards.card(household(services, name))
    assert card is not None
    return card


def finish(services: Services, kind: str, **answers: Any) -> str:
    """Finish a record of a kind; return its id."""
    draft = services.records.new_draft(kind)
    return services.records.finish(replace(draft, fields={**draft.fields, **answers})).envelope.record


def test_the_card_says_who_sleeps_there_who_may_decide_and_the_last_calls(services: Services) -> None:
    card = card_of(services, "Preece")
    assert [child.name for child in card.children] == ["Kai M."]
    assert card.adults == ("Jo Preece, carer", "Martin Preece, second carer")
    assert card.deciders == "Jo and Martin"
    assert [call.when for call in card.calls] == ["23:32", "21:52", "Sat 23:50"]
    assert [call.outcome.words for call in card.calls if call.outcome] == ["Follow-up set", "Escalated", "Advice given"]
    assert card.calls_tonight == "2 calls tonight. This is the third."
    assert card.home_number == "01632 960174"


def test_each_of_the_eight_numbers_is_shown_once(services: Services) -> None:
    numbers = [(number.label, number.number) for number in card_of(services, "Preece").numbers]
    assert numbers == [
        ("Home", "01632 960174"),
        ("Jo Preece", "07700 900560"),
        ("Martin Preece", "07700 900561"),
        ("Kai M.", "07700 900633"),
        ("EDT", "01632 960145"),
        ("S. Lloyd", "07700 900312"),
        ("Police", "101"),
        ("Police, danger", "999"),
    ]


def test_both_versions_of_a_childs_number_are_shown(mine: Services, theirs: Services) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"phone": "07700 900634"})
    amend(theirs, kai, {"phone": "07700 900635"})
    exchange(mine, theirs)
    numbers = [number.number for number in card_of(mine, "Preece").numbers]
    assert {"07700 900634", "07700 900635"} <= set(numbers)


def test_a_child_on_respite_is_on_the_card_of_the_respite_carer(services: Services) -> None:
    assert [child.name for child in card_of(services, "Colley").children] == ["Josh W."]
    at_home = card_of(services, "Nash")
    assert at_home.children == ()
    assert [line.title for line in at_home.household.away] == ["Josh W."]


def test_the_alert_of_the_night_says_who_wrote_it_and_when(mine: Services, clock: SetClock) -> None:
    finish(
        mine,
        "alert",
        child=child_named(mine, "Kai"),
        expected="May go out",
        agreed="Text him",
        ends=times.stamp(clock() + timedelta(hours=5)),
    )
    alerts = {alert.words: alert.wrote for alert in card_of(mine, "Preece").alerts}
    assert alerts["May go out. Agreed: Text him."] == "A. Bevan, 02:14"
    clock.pass_time(hours=6)
    assert "May go out. Agreed: Text him." not in [alert.words for alert in card_of(mine, "Preece").alerts]


def test_the_card_of_a_laptop_without_a_council_is_never_old(services: Services) -> None:
    card = card_of(services, "Preece")
    assert (card.as_at, card.is_old) == ("As at 02:14 Tuesday 14 March 2017", False)


@pytest.mark.parametrize(
    ("hours", "words", "is_old"),
    [
        (8, "As at 18:14 Monday 13 March 2017", False),
        (23, "As at 03:14 Monday 13 March 2017", False),
        (24, "As at 02:14 Monday 13 March 2017, 24 h old", True),
        (33, "As at 17:14 Sunday 12 March 2017, 33 h old", True),
    ],
)
def test_the_card_is_as_old_as_the_last_exchange(
    services: Services, store: LaptopStore, clock: SetClock, hours: int, words: str, is_old: bool
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.EXCHANGED, times.stamp(clock() - timedelta(hours=hours)))
    card = card_of(services, "Preece")
    assert (card.as_at, card.is_old) == (words, is_old)


def test_the_age_counts_real_hours_over_the_night_the_clocks_go_forward(
    services: Services, store: LaptopStore, clock: SetClock
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.EXCHANGED, "2017-03-25T12:00:00+00:00")
    clock.now = datetime(2017, 3, 26, 11, 30, tzinfo=UTC)  # 12:30 BST, 23 and a half hours later
    assert not card_of(services, "Preece").is_old


def test_the_age_of_others_records_is_unknown_if_no_exchange_was_noted(mine: Services, theirs: Services) -> None:
    card = card_of(theirs, "Preece")
    assert (card.as_at, card.is_old) == ("Not known when this was received", True)


def test_a_household_that_is_not_here_has_no_card(services: Services) -> None:
    assert services.caller_cards.card("0199c0de-0000-7000-8000-00000000beef") is None
