"""An alert: when it stands, and what keeps one from being written."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.alert import ALERT, stands
from hipss_desktop.records.kind import Author, Finish

NOW = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
TONIGHT = {"starts": "2017-03-13T16:20:00+00:00", "ends": "2017-03-14T08:30:00+00:00"}


@pytest.mark.parametrize(
    ("body", "now"),
    [
        (TONIGHT, True),
        ({"ends": "2017-03-14T08:30:00+00:00"}, True),
        ({"starts": "2017-03-14T02:15:00+00:00", "ends": "2017-03-14T08:30:00+00:00"}, False),
        ({"starts": "2017-03-13T16:20:00+00:00", "ends": "2017-03-14T02:14:00+00:00"}, False),
        (TONIGHT | {"ended": [{"id": "e", "at": "2017-03-14T01:00:00+00:00", "why": "Mum rang"}]}, False),
        (TONIGHT | {"ended": [{"id": "e", "at": "2017-03-14T03:00:00+00:00", "why": "Mum rang"}]}, True),
    ],
)
def test_an_alert_is_valid_from_its_start_until_its_end_or_until_somebody_says_it_is_over(
    body: dict[str, Any], *, now: bool
) -> None:
    assert stands(ALERT.read(body), NOW) is now


def test_an_alert_ends_after_it_starts_and_starts_now_where_nothing_is_said() -> None:
    words = {"child": "01", "expected": "Mum may not ring", "agreed": "Text him at 21:00"}
    wrong = {**words, "starts": TONIGHT["ends"], "ends": TONIGHT["starts"]}
    assert [(problem.field, problem.message) for problem in ALERT.problems(wrong, NOW)] == [
        ("ends", "The alert starts at 08:30. Enter a later end.")
    ]
    assert ALERT.problems({**words, **TONIGHT}, NOW) == []
    assert ALERT.fills_in is not None
    assert ALERT.fills_in(ALERT.read(words), Finish("02", Author("03", "K. Adeyemi"), NOW)) == {
        "starts": "2017-03-14T02:14:00+00:00"
    }
