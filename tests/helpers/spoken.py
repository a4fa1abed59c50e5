"""What a screen reader says about the widget with the focus, in Orca's order: groups around it, name, role, state, hint.

This needs no display and no other program. ``tests.helpers.orca`` runs Orca itself if it is installed.
"""

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication

Role, Text = QAccessible.Role, QAccessible.Text
ROLES = {
    Role.Button: "push button",
    Role.CheckBox: "check box",
    Role.ComboBox: "combo box",
    Role.Dialog: "dialog",
    Role.EditableText: "text",
    Role.Grouping: "panel",
    Role.Heading: "heading",
    Role.List: "list",
    Role.ListItem: "",
    Role.PageTab: "page tab",
    Role.PageTabList: "page tab list",
    Role.RadioButton: "radio button",
    Role.Section: "section",
    Role.SpinBox: "spin button",
    Role.Table: "table",
}
"""Orca's words for roles; of a role that is not here, only the widget's name is said."""
HOLDERS = (Role.Grouping, Role.Dialog, Role.List)
"""Roles of widgets that are named when the focus enters them from outside."""


def labels(interface: QAccessibleInterface) -> list[str]:
    """Return the texts of an object's labels; Orca says them in place of the object's own name."""
    relations = interface.relations(QAccessible.RelationFlag.Label)
    return [other.text(Text.Name) for other, _ in relations]


def name_said(interface: QAccessibleInterface) -> str:
    """Return the name that Orca says for an object."""
    return " ".join(labels(interface)) or interface.text(Text.Name)


def holders(interface: QAccessibleInterface) -> list[QAccessibleInterface]:
    """Return the named groups, lists and dialogs around an object, the outermost first."""
    groups = []
    above = interface.parent()
    while above is not None and above.isValid():
        if above.role() in HOLDERS and above.text(Text.Name):
            groups.append(above)
        above = above.parent()
    return groups[::-1]


def phrase(interface: QAccessibleInterface) -> str:
    """Return an object's name, role, state and description as Orca says them."""
    state, role = interface.state(), interface.role()
    words = [name_said(interface), ROLES.get(role, "")]
    if role == Role.CheckBox:
        words.append("checked" if state.checked else "not checked")
    if role == Role.RadioButton:
        words.append("selected" if state.checked else "not selected")
    if role in (Role.EditableText, Role.ComboBox, Role.SpinBox):
        words.append(interface.text(Text.Value))
    description = interface.text(Text.Description)
    sentence = " ".join(filter(None, words))
    return f"{sentence}. {description}" if description else sentence


class Reader:
    """Says the widget with the focus, and names the groups around it if the focus has just entered them."""

    def __init__(self) -> None:
        self._inside: list[str] = []

    def says(self) -> str:
        """Return what is said about the widget that has the focus now."""
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        names = [f"{name_said(holder)} {ROLES[holder.role()]}" for holder in holders(interface)]
        new, self._inside = [name for name in names if name not in self._inside], names
        return ". ".join([*new, phrase(interface)])
