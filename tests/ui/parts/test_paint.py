"""Words are measured as Qt measures them, the second time as well as the first, and no measured words are held."""

import gc
import re

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from ui.parts import paint
from ui.theme import current

TEXTS = (
    *(
        "",
        "Kai",
        "Kai came in by the back door at 02:05.",
        "Cut on left palm, Jo has washed it",
        "two\nlines",
        "a\u2028b",
    ),
    *(
        "01632 960174",
        "1111111111",
        "Ünder\u202ewritten 🙂",
        "  spaces at both ends  ",
        "……",
        "wide\u00a0and\u00a0whole",
    ),
)
FONTS = (("body", False), ("body", True), ("title", False), ("small", False))
ROOMS = (0, 37.5, 80, 1000)


@pytest.fixture(autouse=True)
def _program(app: QApplication) -> None:
    """The program with its fonts."""


@pytest.mark.parametrize(("style", "ids"), FONTS)
def test_a_length_is_what_qt_measures_however_often_it_is_asked_for(style: str, ids: bool) -> None:
    font = current().font(style, ids=ids)
    metrics = QFontMetricsF(font)
    for text in (*TEXTS, *TEXTS):
        width = metrics.horizontalAdvance(text)
        assert paint.advance(text, font) == int(width) + (width > int(width)), text
        for room in (*ROOMS, width):
            box = metrics.boundingRect(QRectF(0, 0, room, 10_000), int(Qt.TextFlag.TextWordWrap), text)
            assert paint.wrapped_height(text, font, room) == int(box.height() + 0.999), (text, room)


@pytest.mark.parametrize(("style", "ids"), FONTS)
def test_a_text_is_cut_where_qt_cuts_it(style: str, ids: bool) -> None:
    font = current().font(style, ids=ids)
    metrics = QFontMetricsF(font)
    for text in TEXTS:
        one_line = " ".join(re.split("[ \\t\\n]+", text.strip()))
        for room in (*ROOMS, metrics.horizontalAdvance(text), metrics.horizontalAdvance(one_line)):
            cut = metrics.elidedText(one_line, Qt.TextElideMode.ElideRight, room)
            assert paint.lines(text, font, room, 1) == [cut], (text, room)


def test_a_font_that_is_changed_afterwards_is_measured_anew() -> None:
    font, text = current().font("body"), "Kai came in by the back door"
    before = paint.advance(text, font)
    font.setPixelSize(font.pixelSize() * 2)
    assert paint.advance(text, font) > before
    font.setPixelSize(font.pixelSize() // 2)
    assert paint.advance(text, font) == before
    plain = QFont(font)
    plain.unsetFeature(QFont.Tag("tnum"))
    assert paint.advance("1111111111", plain) < paint.advance("1111111111", font)


def test_no_words_of_a_record_are_held_by_what_was_measured() -> None:
    text = "".join(("Kai came in ", "by the back door"))
    for measure in (paint.advance, lambda words, font: paint.wrapped_height(words, font, 90)):
        measure(text, current().font("body"))
    assert [
        holder for holder in gc.get_referrers(text) if holder is not TEXTS and isinstance(holder, dict | tuple)
    ] == []
