"""Checks for every page: no words are cut, everything has a name, no target is too small, Tab reaches every stop.

Each check returns its findings as readable lines, so that a failed comparison with [] names the widgets.
"""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QTableView,
    QWidget,
)

from ui.base.announce import signals
from ui.base.focus import following, has_proxy
from ui.parts import CELL_ROLE, Cell, ElidedLabel, PressCard

CELL_SPARE = 4
"""Pixels that a cell requests in addition to its content and the space on either side of it."""


def described(widget: QWidget) -> str:
    """Describe a widget in one line, for the message of a failed assertion."""
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    name = widget.accessibleName() or words or widget.objectName()
    return f"{type(widget).__name__} {name!r} {widget.width()}x{widget.height()}"


def focused(window: QWidget | None = None) -> QWidget:
    """Return the widget with the focus, or ``window`` if no widget has it; fails if both are None."""
    widget = QApplication.focusWidget() or window
    assert widget is not None, "nothing has the focus"
    return widget


def settle() -> None:
    """Process queued events, so that layouts and queued calls are done."""
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def accessible_tree(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Yield a node of the accessibility tree and all nodes below it."""
    yield node
    for number in range(node.childCount()):
        child = node.child(number)
        if child is not None and child.isValid():
            yield from accessible_tree(child)


def texts_seen(window: QWidget) -> set[str]:
    """The names and descriptions of everything that shows in a window, as a screen reader says them, and the words drawn."""
    seen = set()
    for node in accessible_tree(QAccessible.queryAccessibleInterface(window)):
        if not node.state().invisible:
            seen |= {node.text(QAccessible.Text.Name), node.text(QAccessible.Text.Description)}
    for shown in window.findChildren(QWidget):
        if isinstance(shown, QLabel | QAbstractButton) and shown.isVisible():
            seen |= {shown.text(), shown.toolTip()}
    return seen - {""}


def clipped_labels(widget: QWidget) -> list[str]:
    """Find visible labels and buttons that are too small for their words, or extend beyond a widget around them.

    An ElidedLabel may be cut if its whole text is its tooltip and its name. Widgets outside a scroll area's view count as visible,
    because a person can scroll to them; but not sideways if there is no horizontal scroll bar.
    """
    QAccessible.setActive(True)
    findings = []
    for shown in widget.findChildren(QWidget):
        if not shown.isVisible() or not isinstance(shown, QLabel | QAbstractButton):
            continue
        if isinstance(shown, ElidedLabel):
            if shown.whole() not in (shown.text(), shown.toolTip()) or shown.accessibleName() != shown.whole():
                findings.append(f"cut without its whole text at hand: {described(shown)}")
        elif _too_narrow(shown) or _too_low(shown):
            findings.append(f"words need {_wide(shown)}x{_tall(shown)}: {described(shown)}")
        outside = _sticks_out(shown)
        if outside:
            findings.append(f"outside {outside}: {described(shown)}")
    return findings


def cut_cells(widget: QWidget) -> list[str]:
    """Find cells of visible tables whose words, icon and tags need more width than their column has.

    The stretching column may be cut: it contains whole sentences, and a screen reader gets all of a cell's text.
    """
    findings = []
    for view in widget.findChildren(QTableView):
        model, across = view.model(), view.horizontalHeader()
        if not view.isVisible() or model is None:
            continue
        for column in range(across.count()):
            if across.isSectionHidden(column) or across.sectionResizeMode(column) == across.ResizeMode.Stretch:
                continue
            for line in range(min(model.rowCount(), 60)):
                index = model.index(line, column)
                cell = index.data(CELL_ROLE)
                needs = view.sizeHintForIndex(index).width() - CELL_SPARE
                if isinstance(cell, Cell) and not cell.wrap and needs > view.columnWidth(column):
                    heading = model.headerData(column, Qt.Orientation.Horizontal)
                    findings.append(f"{view.accessibleName()}, {heading}: {cell.phrase()!r} needs {needs}")
    return findings


def cut_choices(widget: QWidget) -> list[str]:
    """Find choices of visible drop-down lists that are cut when the list is open, and lists wider than the window."""
    findings = []
    for box in widget.findChildren(QComboBox):
        if not box.isVisible() or not box.isEnabled() or not box.count():
            continue
        box.showPopup()
        QApplication.processEvents()
        needs, width = box.view().sizeHintForColumn(0), box.view().viewport().width()
        popup, window = box.view().window().frameGeometry(), box.window()
        shown = QRect(window.mapToGlobal(QPoint(0, 0)), window.size())
        heights = [box.view().sizeHintForIndex(box.model().index(at, 0)).height() for at in range(box.count())]
        box.hidePopup()
        if needs > width:
            findings.append(f"the choices of {described(box)} need {needs} and have {width}")
        if popup.left() < shown.left() or popup.right() > shown.right():
            findings.append(f"the list of {described(box)} is {popup.width()} wide in a window of {shown.width()}")
        room, line = width - 42, min(heights)
        for at, high in enumerate(heights):
            wide = box.fontMetrics().horizontalAdvance(box.itemText(at))
            if wide > room * (1 + (high - line) // box.fontMetrics().lineSpacing()):
                findings.append(f"{box.itemText(at)!r} is cut in the list of {described(box)}")
    return findings


def _wide(widget: QWidget) -> int:
    shrinks = isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.wordWrap())
    return (widget.minimumSizeHint() if shrinks else widget.sizeHint()).width()


def _tall(widget: QWidget) -> int:
    if isinstance(widget, PressCard):
        return widget.minimumSizeHint().height()
    if widget.hasHeightForWidth():
        return widget.heightForWidth(widget.width())
    return widget.fontMetrics().height() if isinstance(widget, QLabel) else widget.minimumSizeHint().height()


def _too_narrow(widget: QWidget) -> bool:
    return widget.width() < _wide(widget)


def _too_low(widget: QWidget) -> bool:
    return widget.height() < _tall(widget) - 1


def _sticks_out(widget: QWidget) -> str:
    """Describe the widget above that cuts off a part of this one, except a scroll area's view; '' if there is none."""
    step, above = widget, widget.parentWidget()
    area = QRect(QPoint(0, 0), widget.size())
    while above is not None and not step.isWindow():
        area.translate(step.pos())
        view = above.parentWidget()
        if isinstance(view, QAbstractScrollArea) and view.viewport() is above:
            never = view.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            return described(view) if never and not 0 <= area.left() <= area.right() <= above.width() else ""
        if not above.rect().adjusted(-1, -1, 1, 1).contains(area):
            return described(above)
        step, above = above, above.parentWidget()
    return ""


def unnamed_focusables(widget: QWidget) -> list[str]:
    """Find widgets that can take the focus but have no name for a screen reader."""
    QAccessible.setActive(True)
    descriptions = []
    for node in accessible_tree(QAccessible.queryAccessibleInterface(widget)):
        part = node.object()
        if not isinstance(part, QWidget) or not part.isVisible():
            continue
        if node.state().focusable and not node.text(QAccessible.Text.Name).strip():
            descriptions.append(described(part))
    return descriptions


def stops(widget: QWidget) -> list[QWidget]:
    """Return all widgets in ``widget`` that Tab reaches, in the order of Tab."""
    widgets = []
    first = widget.window()
    step = following(first)
    while step is not first:
        inside = (step is widget or widget.isAncestorOf(step)) and not has_proxy(step)
        if inside and step.focusPolicy() & Qt.FocusPolicy.TabFocus and step.isVisible() and step.isEnabled():
            widgets.append(step)
        step = following(step)
    return widgets


def small_targets(widget: QWidget) -> list[str]:
    """Find widgets that Tab reaches and that are less than 24 pixels high or wide."""
    return [described(stop) for stop in stops(widget) if stop.width() < 24 or stop.height() < 24]


def tabbing() -> Iterator[QWidget]:
    """Press Tab until the focus is back at its first widget, at most 300 times; yield each widget while it has the focus."""
    first = now = QApplication.focusWidget()
    for _ in range(300):
        if now is None:
            return
        yield now
        QTest.keyClick(now, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is first:
            return


def tab_round(window: QWidget) -> list[QWidget]:
    """Return the widgets that Tab really reaches until the focus is back at the first one, at most 300."""
    return list(tabbing())


def half_hidden(widget: QWidget) -> bool:
    """Return whether a part of a widget is not visible; of a widget that scrolls or fills half the window, whether all of it is."""
    if isinstance(widget, QAbstractScrollArea) or widget.height() > widget.window().height() // 2:
        return widget.visibleRegion().isEmpty()
    return widget.visibleRegion().boundingRect() != widget.rect()


def announcements() -> tuple[list[str], object]:
    """Return a list that collects every announcement from now on, and the connection, which the caller must not drop."""
    heard: list[str] = []
    return heard, signals.announced.connect(lambda _widget, words, _assertive: heard.append(words))


def grab(widget: QWidget, path: str | Path) -> Path:
    """Save a picture of ``widget`` as PNG at ``path``, create missing folders, and return the path."""
    settle()
    where = Path(path)
    where.parent.mkdir(parents=True, exist_ok=True)
    assert widget.grab().save(str(where)), "the picture could not be written"
    return where
