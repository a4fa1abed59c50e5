"""The labels of codes: they are shown as answers, so each begins as a sentence does, and stands without its capital inside one.

The icon and the tone that a list names exist: a row of the window would fail when it is drawn.
"""

from pathlib import Path

import pytest

from hipss_desktop.records.codes import code_list, within

CODES = Path(__file__).parents[2] / "resources" / "codes"
ICONS = {"", *(icon.stem for icon in (CODES.parent / "icons").glob("*.svg"))}
TONES = {"", "neutral", "accent", "amber", "risk"}
LISTS = sorted(file.stem for file in CODES.glob("*.csv") if "label" in file.read_text().partition("\n")[0].split(","))
"""The lists; a table of rules has codes without labels."""


@pytest.mark.parametrize("name", LISTS)
def test_every_label_begins_with_a_capital_or_a_figure(name: str) -> None:
    assert [code.label for code in code_list(name).codes if code.label[:1].islower()] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_icon_and_tone_of_a_code_exists(name: str) -> None:
    codes = code_list(name).codes
    assert {code.more.get("icon") or "" for code in codes} <= ICONS
    assert {code.more.get("tone") or "" for code in codes} <= TONES


def test_a_label_inside_a_sentence_loses_its_capital_but_an_abbreviation_keeps_it() -> None:
    assert (within("Medium"), within("CAMHS crisis team"), within("")) == ("medium", "CAMHS crisis team", "")
