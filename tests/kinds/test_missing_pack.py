"""A missing-person pack: which of the eight things police ask are not answered, and when it is to be checked again."""

from datetime import date
from typing import Any

import pytest

from hipss_desktop.kinds.missing_pack import ASKED, MISSING_PACK, is_to_check, not_answered

TODAY = date(2017, 3, 14)


def test_what_is_not_answered_is_named_in_the_order_in_which_police_ask() -> None:
    assert not_answered(MISSING_PACK.read({})) == ASKED
    answered = {
        "looks": "5 feet 7, slim",
        "places": ["Bus station"],
        "friends": [{"id": "f", "name": "The Hollis family"}],
    }
    assert not_answered(MISSING_PACK.read(answered)) == ("phone", "health", "risk", "online", "travel")


@pytest.mark.parametrize(
    ("body", "to_check"),
    [
        ({}, True),
        ({"checked": "2017-03-02"}, False),
        ({"checked": "2016-09-15"}, False),
        ({"checked": "2016-09-14"}, True),
        ({"checked": "2017-03-02", "review": "2017-03-14"}, True),
        ({"checked": "2017-03-02", "review": "2017-03-15"}, False),
    ],
)
def test_a_pack_is_to_be_checked_again_after_six_months_or_on_its_own_day(
    body: dict[str, Any], *, to_check: bool
) -> None:
    assert is_to_check(MISSING_PACK.read(body), TODAY) is to_check
