"""The keyboard focus: what Tab reaches inside a part of a window, in its order, and giving the focus to a widget.

Must not know what a part shows.
"""

from collections.abc import Iterator
from itertools import pairwise

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLayout, QScrollArea, QWidget


def following(widget: QWidget) -> QWidget:
    """The next widget in the order of Tab.

    PySide takes what ``nextInFocusChain`` and ``focusProxy`` give for a child of the widget that was asked, and destroys
    it with that one (a header and its table then keep each other only, and are collected). To say its true parent again
    undoes that and changes nothing else.
    """
    step = widget.nextInFocusChain()
    return _with_true_parent(step) if step is not None else widget


def has_proxy(widget: QWidget) -> bool:
    """Whether another widget takes the focus for this one."""
    proxy = widget.focusProxy()
    return proxy is not None and _with_true_parent(proxy) is proxy


def _with_true_parent(found: QWidget) -> QWidget:
    found.setParent(found.parentWidget())
    return found


def stops(part: QWidget) -> list[QWidget]:
    """What Tab reaches inside a part of a window, in the order of Tab."""
    found: list[QWidget] = []
    step = following(part)
    while step is not None and step is not part:
        reached = step.focusPolicy() & Qt.FocusPolicy.TabFocus and step.isVisible() and step.isEnabled()
        if reached and part.isAncestorOf(step):
            found.append(step)
        step = following(step)
    return found


def focus(widget: QWidget | None) -> bool:
    """Gives the focus to a widget if it still lives and shows; says whether it did."""
    if widget is None or not shiboken6.isValid(widget) or not (widget.isVisible() and widget.isEnabled()):
        return False
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    return True


def holds_focus(widget: QWidget) -> bool:
    """Whether a widget has the keyboard, or will have it as soon as its window is in front again."""
    return widget.window().focusWidget() is widget


def tab_in_reading_order(window: QWidget) -> None:
    """Have Tab go as the eye does: the order of the layouts, not the order in which widgets were made."""
    stops = [widget for widget in _as_read(window) if widget.focusPolicy() != Qt.FocusPolicy.NoFocus]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _as_read(widget: QWidget) -> Iterator[QWidget]:
    yield widget
    layout = widget.layout()
    inside = widget.widget() if isinstance(widget, QScrollArea) else None
    if inside is not None:
        yield from _as_read(inside)
    elif layout is not None:
        yield from _laid_out(layout)
    else:  # what stands inside an input, such as Show
        for child in widget.findChildren(QAbstractButton, options=Qt.FindChildOption.FindDirectChildrenOnly):
            yield from _as_read(child)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner, widget = (item.layout(), item.widget()) if item is not None else (None, None)
        if widget is not None:
            yield from _as_read(widget)
        elif inner is not None:
            yield from _laid_out(inner)
