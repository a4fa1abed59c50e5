"""Two spellings of a name that look alike are compared as one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipss_desktop.records.folding import folded
from tests.helpers.spellings import NAMES, spellings


@pytest.mark.parametrize(
    ("spelling", "other_spelling"),
    [
        ("Zo\u00eb", "Zoe\u0308"), ("Zo\u00eb", "ZOE"), ("Sián", "sian"), ("O\u2019Hara", "o'hara"), ("Łukasz", "lukasz"),
        ("Anne\u2011Marie", "anne-marie"), ("Jo\u200b Preece", "jo  preece"), ("Jo\u00a0Preece", " Jo Preece "),
        ("Weiß", "WEISS"), ("ﬁona", "fiona"), ("Søren", "soren"), ("Þóra", "thora"), ("Ægir", "aegir"), ("ʻIolani", "'iolani"),
        ("O`Hara", "o'hara"), ("O\uff07Hara", "o'hara"), ("Anne\u05beMarie", "anne-marie"), ("Işıl", "isil"),
    ],
)  # fmt: skip
def test_spellings_that_look_alike_are_one(spelling: str, other_spelling: str) -> None:
    assert folded(spelling) == folded(other_spelling)


def test_different_names_stay_different() -> None:
    assert folded("Jo Preece") != folded("Jo Preese")
    assert folded("") == folded(" \u200b ") == ""


@given(spellings(st.sampled_from(NAMES)))
@settings(deadline=None)
def test_any_spelling_of_one_name_is_folded_alike(spelling: tuple[str, str]) -> None:
    name, spelled = spelling
    assert folded(spelled) == folded(name)


@given(st.text())
@settings(deadline=None)
def test_what_is_folded_is_folded_already(text: str) -> None:
    assert folded(folded(text)) == folded(text)
