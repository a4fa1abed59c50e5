"""A description with a mistake is refused with a sentence that says which."""

from dataclasses import replace

import pytest

from hipss_desktop.records.kind import Section
from tests.helpers.meetings import MEETING


def test_a_question_that_stands_in_two_sections_is_refused() -> None:
    twice = (*MEETING.sections, Section("Once more", ("review",)))
    with pytest.raises(ValueError, match=r"The kind .meeting.: two of its sections ask for the same field\."):
        replace(MEETING, sections=twice)
