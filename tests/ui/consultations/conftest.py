"""The afternoon of 14 March 2017 on L. Whitcombe's laptop."""

import pytest

from hipss_desktop.views.services import Services
from tests.helpers.screens_of_consultations import NOW, as_lead
from tests.helpers.store_fixtures import SetClock


@pytest.fixture
def clock() -> SetClock:
    """14:02."""
    return SetClock(NOW)


@pytest.fixture
def lead(services: Services, clock: SetClock) -> Services:
    """The laptop of L. Whitcombe, with the consultations of the pictures."""
    return as_lead(services, clock)
