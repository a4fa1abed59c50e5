"""How long a team waited for a consultation, in words."""

from datetime import date

import pytest

from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.views.consultations import waited_words

TODAY = date(2017, 3, 14)


@pytest.mark.parametrize(
    ("stage", "asked_on", "held_on", "words"),
    [
        ("asked", "2017-03-01", "", "Waiting for 13 days"),
        ("planned", "2017-03-13", "", "Waiting for 1 day"),
        ("asked", "2017-03-14", "", "Waiting since today"),
        ("held", "2017-02-20", "2017-03-08", "Waited 16 days"),
        ("held", "2017-03-08", "2017-03-08", "Held on the day it was asked for"),
        ("held", "", "2017-03-08", ""),
        ("cancelled", "2017-03-01", "", ""),
    ],
)
def test_it_is_said_how_long_it_was_waited_for(stage: str, asked_on: str, held_on: str, words: str) -> None:
    answers = {"stage": stage, "asked_on": asked_on, "held_on": held_on}
    read = CONSULTATION.read({name: value for name, value in answers.items() if value})
    assert waited_words(read, TODAY) == words
