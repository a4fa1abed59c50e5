"""Functions for the keyboard focus: the Tab stops in a part of a window, their order, and focusing a widget.

Must not know the contents of a part.
"""

from collections.abc import Iterator
from itertools import pairwise

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLayout, QScrollArea, QWidget


def following(widget: QWidget) -> QWidget:
    """The next widget in the Tab order.

    PySide treats the results of ``nextInFocusChain`` and ``focusProxy`` as children of the queried widget, and destroys them
    with it. (A header and its table then refer only to each other, and are collected.) Setting the true parent again undoes
    this and changes nothing else.
    """
    step = widget.nextInFocusChain()
    return _with_true_parent(step) if step is not None else widget


def has_proxy(widget: QWidget) -> bool:
    """Whether another widget takes the focus for this one."""
    proxy = widget.focusProxy()
    return proxy is not None and _with_true_parent(proxy) is proxy


def _with_true_parent(widget: QWidget) -> QWidget:
    widget.setParent(widget.parentWidget())
    return widget


def stops(part: QWidget) -> list[QWidget]:
    """The widgets inside a part of a window that Tab reaches, in Tab order."""
    widgets: list[QWidget] = []
    step = following(part)
    while step is not None and step is not part:
        reached = step.focusPolicy() & Qt.FocusPolicy.TabFocus and step.isVisible() and step.isEnabled()
        if reached and part.isAncestorOf(step):
            widgets.append(step)
        step = following(step)
    return widgets


def focus(widget: QWidget | None) -> bool:
    """Focus a widget if it still exists and is visible and enabled; return whether it was focused."""
    if widget is None or not shiboken6.isValid(widget) or not (widget.isVisible() and widget.isEnabled()):
        return False
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    return True


def holds_focus(widget: QWidget) -> bool:
    """Whether a widget has the focus, or will have it when its window is active again."""
    return widget.window().focusWidget() is widget


def tab_in_reading_order(window: QWidget) -> None:
    """Set the Tab order of a window to the order of its layouts, instead of the order in which widgets were made."""
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
    else:  # buttons inside an input, such as Show
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
