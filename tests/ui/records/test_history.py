"""The history of a record on the screen."""

import pytest
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel

from hipss_desktop.records.changes import Difference
from hipss_desktop.views.record import Version
from ui.records.history import History, VersionItem


def version(action: str, number: int, *differences: Difference) -> Version:
    at = "2017-03-14T02:14:00+00:00"
    return Version(number, "d", action, "p", "K. Adeyemi", "HIPSS-LT-02", at, "", differences, with_council=True)


def plain_texts(item: VersionItem) -> list[str]:
    """The texts of a version, without their marks."""
    texts = [label.text() for label in item.findChildren(QLabel)]
    return [QTextDocumentFragment.fromHtml(text).toPlainText() for text in texts]


def test_an_added_row_is_said_to_be_added_with_its_list_and_its_words(qapp: object) -> None:
    row = Difference("steps/1", "What was done", "", "Rang the police.")
    shown = History([version("add", 0, row), version("finish", 1)])
    added, first = shown.findChildren(VersionItem)
    assert added.accessibleName() == "Added, K. Adeyemi, 14 March 2017, 02:14"
    assert first.accessibleName() == "Version 1, K. Adeyemi, 14 March 2017, 02:14"
    words = plain_texts(added)
    assert "Added" in words
    assert "What was done: Rang the police." in words


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ("", "02:05", "Back at, added 02:05"),
        ("02:05", "", "Back at, taken out 02:05"),
        ("02:05", "02:02", "Back at 02:05 now 02:02"),
    ],
)
def test_former_and_present_answers_are_set_apart_from_their_label(
    qapp: object, before: str, now: str, words: str
) -> None:
    assert words in plain_texts(
        VersionItem(version("amend", 2, Difference("back_at", "Back at", before, now)), last=True)
    )
