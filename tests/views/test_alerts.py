"""The alerts that stand on board and cards, until they end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hipss_desktop import times
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock
from tests.views.test_caller_card import finish


def alert(services: Services, given_name: str = "Ellie", *, starts: float = -1, ends: float = 5, **answers: Any) -> str:
    """An alert about a child from so many hours ago to so many ahead."""
    now = services.clock()
    known = {"expected": "May run", "agreed": "Ring 101"} | answers
    span = {name: times.stamp(now + timedelta(hours=by)) for name, by in (("starts", starts), ("ends", ends))}
    return finish(services, "alert", child=child_named(services, given_name), **span, **known)


def words_about(services: Services, given_name: str = "Ellie") -> list[str]:
    """What stands about a child."""
    return [
        standing_alert.words for standing_alert in services.alerts.standing().get(child_named(services, given_name), ())
    ]


def test_an_alert_is_shown_until_its_end(mine: Services, clock: SetClock) -> None:
    alert(mine)
    assert words_about(mine) == ["May run. Agreed: Ring 101."]
    clock.pass_time(hours=4, minutes=59)
    assert words_about(mine) != []
    clock.pass_time(minutes=1)
    assert words_about(mine) == []


def test_an_alert_that_has_not_begun_is_not_shown(mine: Services, clock: SetClock) -> None:
    alert(mine, starts=1)
    assert words_about(mine) == []
    clock.pass_time(hours=1)
    assert words_about(mine) != []


@pytest.mark.parametrize(
    "end",
    [
        lambda services, record: services.records.add_row(
            record, "ended", {"at": times.stamp(services.clock()), "why": "She is asleep"}
        ),
        lambda services, record: services.records.withdraw(record, "The wrong child"),
    ],
    ids=["over", "withdrawn"],
)
def test_an_alert_that_is_over_or_withdrawn_is_shown_nowhere(
    mine: Services, end: Callable[[Services, str], Any]
) -> None:
    record = alert(mine)
    end(mine, record)
    assert words_about(mine) == []
    (card,) = (card for card in mine.on_call.board().children if card.record == child_named(mine, "Ellie"))
    assert not card.alerts


def test_both_versions_of_an_alert_are_shown(mine: Services, theirs: Services) -> None:
    record = alert(mine)
    exchange(mine, theirs)
    amend(mine, record, {"agreed": "Ring Dev first"})
    amend(theirs, record, {"agreed": "Lock the side gate"})
    exchange(mine, theirs)
    assert set(words_about(mine)) == {"May run. Agreed: Ring Dev first.", "May run. Agreed: Lock the side gate."}


def test_a_child_with_an_alert_is_listed_after_the_red_and_before_the_calm(mine: Services) -> None:
    before = [card.name for card in mine.on_call.board().children]
    assert before.index("Kai M.") == 0
    last = mine.on_call.board().children[-1]
    assert last.calm
    alert(mine, str(last.name).split()[0])
    cards = mine.on_call.board().children
    place = next(place for place, card in enumerate(cards) if card.record == last.record)
    assert 0 < place < len(cards) - 1
    assert (cards[place].tone, cards[place].calm) == ("amber", False)
    assert [card_alert.words for card_alert in cards[place].alerts] == ["May run. Agreed: Ring 101."]
    assert cards[0].tone == "risk"


def test_twenty_alerts_are_one_reading_of_the_board(mine: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        alert(mine, expected=f"May run, {number}")
    read_kinds: list[str] = []
    read = mine.store.records_due

    def counted(kind: str, **how: Any) -> Any:
        read_kinds.append(kind)
        return read(kind, **how)

    monkeypatch.setattr(mine.store, "records_due", counted)
    cards = mine.on_call.board().children
    assert max(len(card.alerts) for card in cards) == 20
    assert read_kinds.count("alert") == 1


def test_alerts_that_are_long_over_are_not_read(mine: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    over = alert(mine, starts=-9, ends=-8)
    standing = alert(mine)
    read, taken = mine.store.records_due, list[str]()

    def noted(kind: str, **how: Any) -> Any:
        records = read(kind, **how)
        taken.extend(record.record for record in records)
        return records

    monkeypatch.setattr(mine.store, "records_due", noted)
    assert len(words_about(mine)) == 1
    assert standing in taken
    assert over not in taken
