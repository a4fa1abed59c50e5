"""Collect every word that somebody could see, hear or reach in this process, from all widgets and accessible objects.

Hidden widgets count, because they can be shown. ``words_of_others`` returns the words that name other households than the one at
the table.
"""

import re
from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSystemTrayIcon,
    QTableView,
    QTextEdit,
)

from hipss_desktop.views.services import Services
from tests.helpers.read_back_visit import household
from tests.helpers.walk import accessible_tree

NAMES = (
    "given_name",
    "family_name",
    "known_as",
    "name",
    "caller_name",
    "address",
    "postcode",
    "local_id",
    "supervisor",
)
OWN = "Jo Joanna Martin Preece Kai Marsh Jo and Martin"
"""The names of the people at the table."""
LEAST = 4
"""The fewest letters of a word that can name somebody."""


def of_widgets() -> Iterator[str]:
    """Yield the words of every existing widget, visible or not."""
    for widget in QApplication.allWidgets():
        yield from (widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
        yield from (widget.statusTip(), widget.whatsThis())
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            yield widget.text()
        if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
            yield widget.placeholderText()
        if isinstance(widget, QPlainTextEdit | QTextEdit):
            yield widget.toPlainText()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(at) for at in range(widget.count()))
        if isinstance(widget, QTableView) and (model := widget.model()) is not None:
            yield from (
                str(model.index(row, column).data() or "")
                for row in range(min(model.rowCount(), 40))
                for column in range(model.columnCount())
            )
    for icon in QApplication.instance().findChildren(QSystemTrayIcon):  # type: ignore[union-attr]  # there is one
        yield icon.toolTip()


def interfaces() -> Iterator[QAccessibleInterface]:
    """Yield every accessible object in every window."""
    for window in QApplication.topLevelWidgets():
        root = QAccessible.queryAccessibleInterface(window)
        if root is not None and root.isValid():
            yield from accessible_tree(root)


def of_accessible_objects() -> Iterator[str]:
    """Yield all texts that a screen reader could get."""
    text = QAccessible.Text
    for interface in interfaces():
        yield from (
            interface.text(kind) for kind in (text.Name, text.Description, text.Value, text.Help, text.Accelerator)
        )
        inside = interface.textInterface()
        if inside is not None:
            yield inside.text(0, inside.characterCount())


def in_reach() -> str:
    """Return all words of widgets and accessible objects in one text."""
    return "\n".join(filter(None, (*of_widgets(), *of_accessible_objects())))


def others_found(others: frozenset[str]) -> list[str]:
    """Return the words of other households that somebody could reach."""
    return sorted(others & words(in_reach()))


def words(text: str) -> set[str]:
    """Return the words of a text that are long enough to name somebody."""
    return {word for word in re.findall(r"[^\W_]+", text) if len(word) >= LEAST}


def words_of_others(services: Services, own: str) -> frozenset[str]:
    """Return the names, places and numbers of all other households, children and colleagues, without words in ``own``."""
    preece = household(services)
    other_words: set[str] = set()
    for kind in ("carer", "child", "placement", "contact", "action", "alert", "handover", "incident"):
        for record in services.store.records_of(kind):
            if record.record != preece:
                other_words |= set().union(*(words(text) for text in _named(record.fields)))
    return frozenset(other_words - words(own) - {"HIPSS"})


def _named(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _named(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, name)
    elif isinstance(value, str) and name in NAMES:
        yield value
