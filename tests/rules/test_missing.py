"""Whether a child is missing, since when, and in which words: the time of a call is never when a child was last seen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.rules.missing import Episode, Find, episode, goes_on_as
from hipss_desktop.views.tags import missing_tag

NOW = datetime(2017, 3, 14, 3, 40, tzinfo=UTC)


@dataclass
class Written:
    """A record as the rule reads it."""

    fields: dict[str, Any]
    kind: str = CONTACT.name
    record: str = "01"
    withdrawn: bool = False
    read: dict[str, Any] = field(default_factory=dict)


def among(records: Iterable[Written]) -> Find:
    """Finds these records by their identifiers."""
    return {record.record: record for record in records}.get


def at(clock: str) -> str:
    return f"2017-03-{'13' if clock > '12' else '14'}T{clock}:00+00:00"


def contact(told_at: str, missing: str, since: str = "", *, withdrawn: bool = False) -> Written:
    fields = {"told": at(told_at), "concerns": ["missing"], "missing": missing}
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
    tag = missing_tag(episode(newest_first, among(newest_first)), NOW)
    assert (tag.words if tag else None) == words


def test_an_episode_without_any_time_says_only_that_the_child_is_missing() -> None:
    tag = missing_tag(Episode(None, None), NOW)
    assert tag is not None
    assert tag.words == "Missing"


def guide(reported: str, last_seen: str = "", back: str = "", record: str = "02", **more: Any) -> Written:
    """A missing episode, begun with the guide."""
    fields: dict[str, Any] = {"reported": at(reported), "last_seen": at(last_seen) if last_seen else ""}
    if back:
        fields["returned"] = [{"id": "r", "at": at(back), "seen_by": "Jo Preece", "injuries": "None seen"}]
    return Written(fields | more, MISSING_EPISODE.name, record)


@pytest.mark.parametrize(
    ("newest_first", "words", "record"),
    [
        ([guide("21:52", "20:15")], "Missing since 20:15", "02"),
        ([guide("21:52")], "Reported missing 21:52", "02"),
        # The contact before the guide, and those during it, are covered by it.
        (
            [contact("23:30", "still", "19:00"), guide("21:52", "20:15"), contact("21:40", "still", "19:00")],
            "Missing since 20:15",
            "02",
        ),
        # The return that the guide knows ends the episode, whatever earlier calls said.
        ([guide("21:52", "20:15", "02:05"), contact("21:40", "still", "19:00")], None, ""),
        ([contact("01:10", "still", "19:00"), guide("21:52", "20:15", "02:05")], None, ""),
        # Back, then out again: told by a call alone, then by a second episode.
        ([contact("03:00", "still", "02:50"), guide("21:52", "20:15", "02:05")], "Missing since 02:50", ""),
        (
            [guide("03:05", "02:50", record="03"), contact("03:00", "still"), guide("21:52", "20:15", "02:05")],
            "Missing since 02:50",
            "03",
        ),
        # A call that says the child is back does not end the guide: who saw the child and injuries are asked there.
        ([contact("02:10", "back"), guide("21:52", "20:15")], "Missing since 20:15", "02"),
        # Two laptops started one episode each; one of them was said to be the same as the other.
        (
            [guide("21:55", "20:20", record="03", same_as=[{"id": "s", "episode": "02"}]), guide("21:52", "20:15")],
            "Missing since 20:15",
            "02",
        ),
    ],
)
def test_an_episode_of_the_guide_is_believed_and_contacts_only_where_none_covers_them(
    newest_first: list[Written], words: str | None, record: str
) -> None:
    known = episode(newest_first, among(newest_first))
    tag = missing_tag(known, NOW)
    assert (tag.words if tag else None) == words
    assert (known.record if known else "") == record


def test_a_call_that_says_the_child_is_back_while_the_guide_goes_on_is_named() -> None:
    back = contact("02:10", "back")
    back.fields["back_at"] = at("02:05")
    known = episode([back, guide("21:52", "20:15")], among([]))
    assert known is not None
    assert known.said_back == datetime(2017, 3, 14, 2, 5, tzinfo=UTC)
    known = episode([contact("02:40", "still"), back, guide("21:52", "20:15")], among([]))
    assert known is not None
    assert known.said_back is None


def same(record: str, *others: str, child: str = "kai", withdrawn: bool = False) -> Written:
    """A missing episode with a row for each record that it was said to be the same as."""
    rows = [{"id": f"s{other}", "episode": other} for other in others]
    body = guide("21:52", "20:15", record=record, child=child, same_as=rows)
    body.withdrawn = withdrawn
    return body


@pytest.mark.parametrize(
    ("records", "who_speaks"),
    [
        # Each record that is not withdrawn, and the one that speaks for it.
        ([same("01"), same("02")], {"01": "01", "02": "02"}),
        ([same("01"), same("02", "01")], {"01": "01", "02": "01"}),
        ([same("01", "02"), same("02")], {"01": "02", "02": "02"}),
        ([same("01"), same("02", "01"), same("03", "02")], {"01": "01", "02": "01", "03": "01"}),
        # Two that name each other, and three in a ring: the one begun first goes on, and one alone.
        ([same("01", "02"), same("02", "01")], {"01": "01", "02": "01"}),
        ([same("01", "02"), same("02", "03"), same("03", "01")], {"01": "01", "02": "01", "03": "01"}),
        ([same("01"), same("02", "03"), same("03", "02")], {"01": "01", "02": "02", "03": "02"}),
        ([same("01", "02", "03"), same("02", "01"), same("03")], {"01": "03", "02": "03", "03": "03"}),
        # The one that went on was withdrawn: the other is back, also out of a ring.
        ([same("01", withdrawn=True), same("02", "01")], {"02": "02"}),
        ([same("01", "02", withdrawn=True), same("02", "01")], {"02": "02"}),
        ([same("01", "02", withdrawn=True), same("02", "03"), same("03", "01")], {"02": "03", "03": "03"}),
        ([same("01"), same("02", "01", withdrawn=True), same("03", "02")], {"01": "01", "03": "03"}),
        # What is not here, is about another child or is itself passes over nothing.
        ([same("02", "01")], {"02": "02"}),
        ([same("01", child="ellie"), same("02", "01")], {"01": "01", "02": "02"}),
        ([same("02", "02")], {"02": "02"}),
    ],
)
def test_of_records_of_one_episode_exactly_one_speaks_and_it_matters_not_who_named_whom(
    records: list[Written], who_speaks: dict[str, str]
) -> None:
    find = among(records)
    assert {call.record: goes_on_as(call, find) for call in records if not call.withdrawn} == who_speaks
    shown = episode(records, find)
    assert shown is not None
    assert shown.record in {record for record, speaks in who_speaks.items() if record == speaks}
