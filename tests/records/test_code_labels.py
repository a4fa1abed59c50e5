"""The labels of codes: they are shown as answers, so each begins as a sentence does, and stands without its capital inside one."""

from pathlib import Path

import pytest

from hipss_desktop.records.codes import code_list, within

LISTS = sorted(each.stem for each in (Path(__file__).parents[2] / "resources" / "codes").glob("*.csv"))


@pytest.mark.parametrize("name", LISTS)
def test_every_label_begins_with_a_capital_or_a_figure(name: str) -> None:
    assert [each.label for each in code_list(name).codes if each.label[:1].islower()] == []


def test_a_label_inside_a_sentence_loses_its_capital_but_an_abbreviation_keeps_it() -> None:
    assert (within("Medium"), within("CAMHS crisis team"), within("")) == ("medium", "CAMHS crisis team", "")
