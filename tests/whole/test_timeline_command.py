"""The records about a child or a household on the command line, between two days."""

from typing import Any

import pytest

from tests.helpers.command_line import Hipss
from tests.whole.test_commands import assert_like, examples

CALL = {
    "caller_not_known": True,
    "concerns": ["other"],
    "no_advice": True,
    "risk": "low",
    "needs_to_know": ["nobody"],
}
TOLD = (
    "2017-03-12T23:59:00+00:00",
    "2017-03-13T00:00:00+00:00",
    "2017-03-13T23:59:00+00:00",
    "2017-03-14T00:00:00+00:00",
)


@pytest.fixture(scope="module")
def kai(home: Hipss) -> str:
    """A child about whom four calls came, two of them on Monday 13 March: its first minute and its last."""
    child = home.add(
        {"given_name": "Kai", "family_name": "Merrick", "local_id": "HIPSS-017", "born": "2002-06-03"}, "child"
    )
    for number, told_at in enumerate(TOLD, start=1):
        home.add({**CALL, "children": [child["record"]], "told": told_at, "happening": f"Shouting number{number}"})
    return str(child["record"])


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    """Which of the calls these are."""
    return [next(number for number, told_at in enumerate(TOLD, start=1) if told_at == row["at"]) for row in rows]


@pytest.mark.parametrize(
    ("options", "expected_numbers"),
    [
        ((), [4, 3, 2, 1]),
        (("--from", "2017-03-13"), [4, 3, 2]),
        (("--to", "13/03/2017"), [3, 2, 1]),
        (("--from", "2017-03-13", "--to", "2017-03-13"), [3, 2]),
        (("--from", "2017-03-13", "--to", "2017-03-13", "--find", "shouting"), [3, 2]),
        (("--to", "2017-03-12", "--find", "shouting", "--limit", "1"), [1]),
        (("--to", "2017-03-13", "--limit", "1"), [3]),
        (("--kind", "placement"), []),
    ],
)
def test_the_records_of_the_days_that_are_asked_for_are_listed(
    home: Hipss, kai: str, options: tuple[str, ...], expected_numbers: list[int]
) -> None:
    rows = home.json("timeline", "Kai Merrick", *options)
    assert_like(rows, examples("hipss timeline")[0], "timeline")
    assert numbers(rows) == expected_numbers


def test_what_is_listed_reads_as_the_timeline_of_the_page(home: Hipss, kai: str) -> None:
    words = home.say("timeline", kai, "--from", "2017-03-14").out
    assert words.startswith("Tuesday 14 March 2017 00:00  ")
    assert words.count("\n") == 1
    assert home.say("timeline", kai, "--from", "2017-03-20").out == "No records.\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("Kai Merrick", "--from", "soon"), "Enter a date like 14/03/2017"),
        (
            ("Kai Merrick", "--from", "2017-03-14", "--to", "2017-03-13"),
            "Enter a last day that is not before the first.",
        ),
        (
            ("Nobody Known",),
            "No child and no household is called that here, or more than one is. Write the whole name, or the identifier.",
        ),
    ],
)
def test_a_day_or_a_name_that_cannot_be_read_is_refused(
    home: Hipss, kai: str, options: tuple[str, ...], sentence: str
) -> None:
    refused = home.say("timeline", *options)
    assert (refused.code, refused.err) == (1, f"{sentence}\n")


@pytest.mark.parametrize("limit", ["0", "-1", "999999999999999999999999"])
def test_a_number_of_lines_that_no_list_has_is_refused(home: Hipss, kai: str, limit: str) -> None:
    for command in (("timeline", kai), ("record", "list", "child"), ("search", "Kai")):
        refused = home.say(*command, "--limit", limit)
        assert (refused.code, refused.out) == (2, "")
        assert "--limit" in refused.err
