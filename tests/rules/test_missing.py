"""Whether a child is missing, since when, and in which words: the time of a call is never when a child was last seen."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.rules.missing import Episode, episode
from hipss_desktop.views.tags import missing_tag

NOW = datetime(2017, 3, 14, 3, 40, tzinfo=UTC)


@dataclass
class Written:
    """A record as the rule reads it."""

    fields: dict[str, Any]
    kind: str = CONTACT.name
    withdrawn: bool = False
    read: dict[str, Any] = field(default_factory=dict)


def at(clock: str) -> str:
    return f"2017-03-{'13' if clock > '12' else '14'}T{clock}:00+00:00"


def contact(told: str, missing: str, since: str = "", *, withdrawn: bool = False) -> Written:
    fields = {"told": at(told), "concerns": ["missing"], "missing": missing}
    return Written(fields | ({"missing_since": at(since)} if since else {}), withdrawn=withdrawn)


@pytest.mark.parametrize(
    ("newest_first", "words"),
    [
        ([], None),
        ([contact("02:39", "still", "23:10")], "Missing since 23:10"),
        ([contact("02:39", "still")], "Reported missing 02:39"),
        ([contact("03:30", "still"), contact("02:39", "still")], "Reported missing 02:39"),
        ([contact("03:30", "still", "23:10"), contact("02:39", "still")], "Missing since 23:10"),
        ([contact("03:30", "still"), contact("02:39", "still", "23:10")], "Missing since 23:10"),
        ([contact("03:30", "still", "22:50"), contact("02:39", "still", "23:10")], "Missing since 22:50"),
        ([contact("03:30", "back"), contact("02:39", "still")], None),
        ([contact("03:30", "still"), contact("01:00", "back"), contact("00:10", "still", "23:10")],
         "Reported missing 03:30"),
        ([contact("03:30", "back", withdrawn=True), contact("02:39", "still")], "Reported missing 02:39"),
        ([contact("03:30", ""), contact("02:39", "still")], "Reported missing 02:39"),
        # An older program copied the time of the first call into the contacts after it.
        ([contact("03:30", "still", "02:39"), contact("02:39", "still")], "Reported missing 02:39"),
    ],
)  # fmt: skip
def test_a_child_is_missing_since_last_seen_and_else_reported_missing(
    newest_first: list[Written], words: str | None
) -> None:
    tag = missing_tag(episode(newest_first), NOW)
    assert (tag.words if tag else None) == words


def test_an_episode_without_any_time_says_only_that_the_child_is_missing() -> None:
    tag = missing_tag(Episode(None, None), NOW)
    assert tag is not None
    assert tag.words == "Missing"
