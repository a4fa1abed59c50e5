"""Two spellings of a name that look alike are compared as one."""

import pytest

from hipss_desktop.records.folding import folded


@pytest.mark.parametrize(
    ("spelling", "other_spelling"),
    [
        ("Zo\u00eb", "Zoe\u0308"), ("Zo\u00eb", "ZOE"), ("Sián", "sian"), ("O\u2019Hara", "o'hara"), ("Łukasz", "lukasz"),
        ("Anne\u2011Marie", "anne-marie"), ("Jo\u200b Preece", "jo  preece"), ("Jo\u00a0Preece", " Jo Preece "),
        ("Weiß", "WEISS"), ("ﬁona", "fiona"),
    ],
)  # fmt: skip
def test_spellings_that_look_alike_are_one(spelling: str, other_spelling: str) -> None:
    assert folded(spelling) == folded(other_spelling)


def test_different_names_stay_different() -> None:
    assert folded("Jo Preece") != folded("Jo Preese")
    assert folded("") == folded(" \u200b ") == ""
