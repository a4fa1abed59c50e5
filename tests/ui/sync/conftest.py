"""What the tests of the sync centre share."""

from datetime import UTC, datetime

import pytest

from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock


@pytest.fixture
def conflict(mine: Services, theirs: Services, clock: SetClock) -> str:
    """The picture's conflict: what helps Kai and his school's number, each changed on two laptops."""
    kai = child_named(mine, "Kai")
    helps = list(mine.people.record(kai).fields["helps"])  # type: ignore[union-attr]  # it is there
    clock.now = datetime(2017, 3, 14, 2, 40, tzinfo=UTC)
    amend(mine, kai, {"helps": [*helps, "Toast works at night"], "school_phone": "01632 960270"})
    clock.now = datetime(2017, 3, 14, 7, 55, tzinfo=UTC)
    amend(theirs, kai, {"helps": [*helps, "Text his brother first"], "school_phone": "01632 960279", "gp": "Dr Hale"})
    exchange(mine, theirs)
    return kai
