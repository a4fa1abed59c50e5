"""A theme reaches what is on screen, what is made later, and one subtree alone."""

import sys

import pytest
from PySide6.QtGui import QColor, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.walk import settle
from tests.ui.parts.specimen import Page, show
from ui import theme
from ui.parts import Chip, PrimaryButton, column, gallery, label
from ui.theme import icons


def test_a_void_qt_call_does_not_use_up_references_to_none(app: QApplication, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(200):
        widget.update()
    assert abs(sys.getrefcount(None) - before) < 100, "this PySide6 and this Python do not go together"


def test_text_size_changes_what_is_on_screen_and_borders_stay(app: QApplication, page: Page, qtbot: QtBot) -> None:
    button, chip, title = page.finish, page.chips.chips()[0], page.title
    small = (button.sizeHint().height(), chip.height(), title.font().pixelSize())
    with qtbot.waitSignal(theme.signals.theme_changed):
        theme.apply(app, theme.Theme("day", 1.5))
    qtbot.wait(1)
    assert small == (36, 28, 20)
    assert (button.height(), chip.height(), title.font().pixelSize()) == (54, 42, 30)


def test_night_reaches_widgets_that_are_on_screen(app: QApplication, page: Page) -> None:
    theme.apply(app, theme.Theme("night"))
    corner = page.grab().toImage().pixelColor(2, 2)
    assert corner == theme.Theme("night").canvas


class CountsPaint(QWidget):
    """A widget that counts how often it is drawn."""

    drawn = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.drawn += 1


def test_a_state_that_is_set_again_is_not_drawn_again(app: QApplication, qtbot: QtBot) -> None:
    """A form that shows a draft takes the error from each of its fields, and nearly none of them had one."""
    widget = CountsPaint()
    qtbot.addWidget(widget)
    theme.set_state(widget, "problem", "true")
    show(qtbot, widget)
    before = widget.drawn
    theme.set_state(widget, "problem", "true")
    settle()
    assert widget.drawn == before
    theme.set_state(widget, "problem", None)
    settle()
    assert widget.drawn > before


def test_a_subtree_keeps_its_own_theme(app: QApplication, qtbot: QtBot) -> None:
    outer, inner = QWidget(), QWidget()
    words, button = label("Night", "title"), PrimaryButton("Finish")
    inner.setLayout(column(words, button))
    outer.setLayout(column(label("Day"), inner))
    qtbot.addWidget(outer)
    theme.apply_to(inner, theme.Theme("night", 1.3))
    outer.show()
    later = Chip("Later", parent=inner)
    assert theme.theme_of(later).name == "night"
    assert theme.theme_of(outer).name == "day"
    assert words.font().pixelSize() == 26
    assert button.sizeHint().height() == 47
    assert words.palette().color(words.foregroundRole()) == theme.Theme("night").ink


def test_figures_are_tabular_and_record_numbers_have_a_slashed_zero(app: QApplication) -> None:
    tags = {str(tag.toString().data(), "ascii") for tag in theme.Theme().font("body", ids=True).featureTags()}
    assert tags == {"tnum", "zero"}


def test_high_contrast_drops_our_colours_for_the_systems(app: QApplication) -> None:
    system = QPalette()
    for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Link):
        system.setColor(role, QColor("yellow"))
    system.setColor(QPalette.ColorRole.Text, QColor("white"))
    system.setColor(QPalette.ColorRole.Base, QColor("black"))
    system.setColor(QPalette.ColorRole.Highlight, QColor("cyan"))
    contrast_theme = theme.Theme("day", system=system)
    assert contrast_theme.contrast
    assert contrast_theme.ink == QColor("white")
    assert contrast_theme.surface == contrast_theme.accent_tint == QColor("black")
    assert contrast_theme.fill == QColor("cyan")
    ours = set(theme.tokens()["color"]["day"].values())
    assert not {value.upper() for value in contrast_theme.colours.values()} & ours - {"#FFFFFF"}
    theme.apply(app, contrast_theme)


@pytest.mark.parametrize("size", [16, 20])
def test_an_icon_has_the_colour_and_the_resolution_asked_for(app: QApplication, size: int) -> None:
    picture = icons.pixmap("check", theme.Theme("day").accent, size, 2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (size * 2, 2.0)
    image = picture.toImage()
    solid = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert solid == {theme.Theme("day").accent.name()}
    assert icons.pixmap("check", theme.Theme("day").accent, size, 2.0).cacheKey() == picture.cacheKey()


def test_the_gallery_shows_day_and_night_side_by_side(app: QApplication, qtbot: QtBot) -> None:
    window = gallery.build_gallery()
    qtbot.addWidget(window)
    window.show()
    picture = window.grab().toImage()
    assert (picture.width(), picture.height()) == (1600, 1200)
    assert picture.pixelColor(2, 2) == theme.Theme("day").canvas
    assert picture.pixelColor(1597, 2) == theme.Theme("night").canvas
