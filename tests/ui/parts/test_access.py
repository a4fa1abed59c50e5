"""What a screen reader hears, where the focus shows, how large targets are, and that text can grow."""

import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import bury
from tests.ui.parts.specimen import Page
from ui import theme
from ui.base import announce
from ui.parts import ElidedLabel, Heading, IconLabel, LinkButton, Table
from ui.theme import ring

Role = QAccessible.Role
Name = QAccessible.Text.Name


def walk(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    for number in range(node.childCount()):
        child = node.child(number)
        if child is not None and child.isValid():
            yield from walk(child)


def stops(page: QWidget) -> list[QWidget]:
    """Everything that Tab reaches, in its order."""
    widgets = []
    step = page.nextInFocusChain()
    while step is not None and step is not page:
        if step.focusPolicy() & Qt.FocusPolicy.TabFocus and step.isVisibleTo(page) and step.isEnabled():
            widgets.append(step)
        step = step.nextInFocusChain()
    return widgets


def role(widget: QWidget) -> Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def test_everything_that_takes_the_focus_has_a_name(page: Page) -> None:
    nameless = [
        type(interface.object()).__name__
        for interface in walk(QAccessible.queryAccessibleInterface(page))
        if interface.state().focusable and not interface.text(Name) and isinstance(interface.object(), QWidget)
    ]
    assert nameless == []


def test_the_words_on_a_button_are_in_its_name(page: Page) -> None:
    for button in page.findChildren(QAbstractButton):
        if button.text():
            name = QAccessible.queryAccessibleInterface(button).text(Name)
            assert button.text().split()[0] in name, button.text()


def test_a_label_belongs_to_its_field(page: Page) -> None:
    for kind in (QLineEdit, QPlainTextEdit, QComboBox):
        for control in page.findChildren(kind):
            if control.accessibleName() in ("Search", "Search "):
                continue
            relations = QAccessible.queryAccessibleInterface(control).relations()
            assert any(flag & QAccessible.RelationFlag.Label for _, flag in relations), control.accessibleName()


def test_parts_have_the_roles_that_screen_readers_know(page: Page) -> None:
    assert role(page.title) == Role.Heading
    assert role(page.chips.chips()[0]) == Role.CheckBox
    assert role(page.risk.cards()[0]) == Role.RadioButton
    assert role(page.table) == Role.Table
    assert role(page.press) == Role.Button
    assert role(page.person) == Role.EditableText
    assert role(page.tabs) == Role.PageTabList


def test_headings_say_their_words_after_garbage_collection_and_a_change(page: Page) -> None:
    page.title.setText("Another title")
    interface = QAccessible.queryAccessibleInterface(page.title)
    assert (interface.role(), interface.text(Name)) == (Role.Heading, "Another title")
    assert [h.text() for h in page.findChildren(Heading) if h.level == 1] == ["Another title"]


def test_a_hint_of_a_card_is_its_description(page: Page) -> None:
    assert page.risk.cards()[1].accessibleDescription() == "Follow up by day"


def test_cells_and_column_headings_are_read_in_words(page: Page) -> None:
    nodes = list(walk(QAccessible.queryAccessibleInterface(page.table)))
    names = [node.text(Name) for node in nodes]
    assert "Jo Preece, carer" in names
    assert "Escalated" in names
    assert [node.text(Name) for node in nodes if node.role() == Role.ColumnHeader] == ["Time", "From", "Outcome"]


def test_a_passphrase_is_marked_as_one_until_it_is_shown(page: Page) -> None:
    field = next(f for f in page.findChildren(QLineEdit) if f.accessibleName() == "Passphrase")
    assert QAccessible.queryAccessibleInterface(field).state().passwordEdit


@pytest.mark.parametrize("name", ["day", "night"])
def test_the_focus_ring_shows_round_whatever_has_the_focus(
    app: QApplication, page: Page, qtbot: QtBot, name: theme.Name
) -> None:
    theme.apply(app, theme.Theme(name))
    focus_colours = {theme.current().focus.name(), theme.current().focus_ink.name()}
    unseen = []
    for widget in stops(page):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        app.processEvents()
        if widget is not app.focusWidget():
            continue
        shape, _ = ring.ring_shape(widget)
        band = shape.toAlignedRect().translated(widget.mapTo(page, QPoint(0, 0))).adjusted(-5, -5, 5, 5)
        inside = isinstance(widget, LinkButton | Table)
        if not focus_colours <= colours(page.grab(band).toImage(), hollow=not inside):
            unseen.append(f"{type(widget).__name__} {widget.accessibleName()}")
    assert unseen == []


def colours(image: QImage, *, hollow: bool) -> set[str]:
    core = QRect(0, 0, image.width(), image.height()).adjusted(5, 5, -5, -5)
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if not (hollow and core.contains(x, y))
    }


def test_tab_reaches_every_stop_and_comes_back(app: QApplication, page: Page) -> None:
    order = stops(page)
    order[0].setFocus(Qt.FocusReason.TabFocusReason)
    seen = []
    for _ in range(len(order) + 1):
        focused = app.focusWidget()
        assert focused is not None
        seen.append(focused)
        QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
        if app.focusWidget() is order[0]:
            break
    assert app.focusWidget() is order[0]
    assert page.table in seen
    assert page.advice.control in seen


def test_the_ring_takes_no_mouse_no_focus_and_leaves_with_the_focus(app: QApplication, page: Page) -> None:
    page.person.setFocus()
    overlay = ring.overlay_of(page)
    assert overlay.isVisible()
    assert overlay.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert overlay.focusPolicy() == Qt.FocusPolicy.NoFocus
    page.person.clearFocus()
    assert not overlay.isVisible()


def test_the_ring_survives_the_death_of_what_it_surrounds(app: QApplication, page: Page) -> None:
    page.press.setFocus()
    page.press.setParent(None)
    page.press.deleteLater()
    app.processEvents()
    page.person.setFocus()
    assert ring.overlay_of(page).target() is page.person


@pytest.mark.parametrize("scale", theme.SCALES)
def test_targets_are_at_least_24_pixels(app: QApplication, page: Page, scale: float) -> None:
    theme.apply(app, theme.Theme("day", scale))
    app.processEvents()
    small = [
        f"{type(w).__name__} {w.accessibleName()} {w.size().toTuple()}"
        for w in stops(page)
        if w.width() < 24 or w.height() < 24
    ]
    assert small == []


def test_text_is_not_cut_at_150_percent(app: QApplication, page: Page) -> None:
    theme.apply(app, theme.Theme("day", 1.5))
    app.processEvents()
    page.resize(page.minimumSizeHint().expandedTo(page.size()))
    app.processEvents()
    cut = []
    for widget in page.findChildren(QWidget):
        if isinstance(widget, ElidedLabel):
            assert widget.whole() in (widget.text(), widget.toolTip())
            assert widget.accessibleName() == widget.whole()
        elif isinstance(widget, QLabel | QAbstractButton) and widget.isVisible():
            tall = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else 0
            wide = widget.minimumSizeHint().width()
            if isinstance(widget, QLabel) and not isinstance(widget, IconLabel) and not widget.wordWrap():
                wide = max(wide, widget.sizeHint().width())
            if widget.width() < wide or widget.height() < tall:
                cut.append(f"{type(widget).__name__} {widget.text()!r} {widget.size().toTuple()} {wide} {tall}")
    assert cut == []


def test_an_announcement_can_be_heard_and_says_how_urgent_it_is(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(announce.signals.announced) as heard:
        announce.announce(page, "Saved on this laptop 02:16")
    assert heard.args[1:] == ["Saved on this laptop 02:16", False]


def test_a_widget_that_a_screen_reader_queried_is_freed_once_it_is_deleted(app: QApplication, qtbot: QtBot) -> None:
    references: list[weakref.ref[QWidget]] = []
    for widget in (Heading("Tonight"), QScrollArea(), QStackedWidget()):
        qtbot.addWidget(widget)
        widget.show()
        assert QAccessible.queryAccessibleInterface(widget).isValid()
        references.append(weakref.ref(widget))
        widget.deleteLater()
    del widget
    bury(app)
    assert [reference() for reference in references] == [None] * 3
