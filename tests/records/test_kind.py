"""A description with a mistake is refused with a sentence that says which; what does not fit is named and read as nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.fields import Problem
from hipss_desktop.records.kind import Section
from tests.helpers.meetings import MEETING


def test_a_question_in_two_sections_is_refused() -> None:
    twice = (*MEETING.sections, Section("Once more", ("review",)))
    with pytest.raises(ValueError, match=r"The kind .meeting.: two of its sections ask for the same field\."):
        replace(MEETING, sections=twice)


def test_of_two_rows_with_one_id_the_first_is_read_and_the_other_one_is_named() -> None:
    """A record is folded row by row, so the other one would be signed and shown nowhere."""
    rows = [{"id": "1", "who": "police", "name": "PC Hale"}, {"id": "1", "who": "edt", "name": "Dee"}]
    body = {"told_others": rows}
    assert [row.name for row in CONTACT.read(body).told_others] == ["PC Hale"]
    assert [misfit.path for misfit in CONTACT.misfits(body)] == ["told_others"]
    words = "Enter who was told again. It cannot be read."
    assert Problem("told_others", words) in CONTACT.problems(body, datetime(2017, 3, 14, tzinfo=UTC))
