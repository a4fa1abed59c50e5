"""The words for a laptop's clock that differs from the council's, for the window and the command line."""

from datetime import timedelta

from hipss_desktop import times
from hipss_desktop.rules.night_check import CLOCK_WITHIN
from hipss_desktop.services.council_time import FARTHEST

WHAT_TO_DO = "Times that you write are evidence: check each one. Set this laptop’s clock, or ask the office to."


def apart_words(ahead: timedelta | None) -> str:
    """How far a laptop's clock is from the council's, "1 h behind"; '' if they agree or the difference is not known.

    ``ahead`` is by how much the council's clock is ahead.
    """
    if ahead is None or abs(ahead) <= CLOCK_WITHIN:
        return ""
    span = times.duration(abs(ahead) + timedelta(seconds=30))  # to the nearest minute
    return f"{span} {'behind' if ahead > timedelta() else 'ahead'}"


def clock_words(ahead: timedelta | None) -> str:
    """The sentence about the clock of this laptop, '' if there is nothing to say."""
    apart = apart_words(ahead)
    return f"By the council’s time, this laptop’s clock is {apart}." if apart else ""


def written_words(seconds: int | None) -> str:
    """The sentence about the clock by which a revision was dated; ``seconds`` is its ``Envelope.council_ahead``."""
    if seconds is None or abs(seconds) > FARTHEST.total_seconds():  # a program may sign any number
        return ""
    apart = apart_words(timedelta(seconds=seconds))
    return f"By the council’s time, the laptop’s clock was {apart}." if apart else ""
