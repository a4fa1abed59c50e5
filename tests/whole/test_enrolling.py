"""``hipss enrol`` with what people really type and paste."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from hipss_desktop.identity import CROCKFORD
from tests.helpers.command_line import CommandResult, Hipss
from tests.helpers.council_fixtures import CouncilServer, serving

WAYS: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda code: code,
    "with en dashes": lambda code: code.replace("-", "\u2013"),
    "with hyphens that do not break": lambda code: code.replace("-", "\u2011"),
    "with an invisible mark": lambda code: f"{code}\u200b",
    "as the end of a sentence": lambda code: f" {code}. ",
    "in small letters": lambda code: code.lower().replace("-", " "),
}


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CouncilServer]:
    """A council that serves."""
    with serving(tmp_path_factory.mktemp("enrolling") / "council") as server:
        yield server


def enrolled(folder: Path, server: str, code: str) -> CommandResult:
    """What ``hipss enrol`` answers on a new laptop."""
    return Hipss(folder).say("enrol", "--server", server, "--code", code, "--name", "A. Bevan")


@pytest.mark.parametrize("pasting", WAYS)
def test_a_code_is_taken_however_it_was_pasted(tmp_path: Path, council: CouncilServer, pasting: str) -> None:
    answer = enrolled(tmp_path / "laptop", f"{council.url}/\u200b", WAYS[pasting](council.invite("A. Bevan")))
    assert (answer.code, answer.err) == (0, "")
    assert "Enrolled. Recovery key: " in answer.out


@pytest.mark.parametrize("group", range(1, 7))
def test_one_wrong_letter_names_its_group(tmp_path: Path, council: CouncilServer, group: int) -> None:
    groups = council.invite("A. Bevan").split("-")
    slip = groups[group - 1]
    groups[group - 1] = slip[:2] + CROCKFORD[CROCKFORD.index(slip[2]) - 1] + slip[3:]
    answer = enrolled(tmp_path / "laptop", council.url, "-".join(groups))
    assert answer == CommandResult("", f"Group {group} is not right. Check its four characters.\n", 1)
    assert not Hipss(tmp_path / "laptop").say("sync").out
