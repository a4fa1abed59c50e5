"""What a screen reader says of what has the focus, put together as Orca does: who holds it, its name, role, state, hint.

Orca itself is heard in ``tests.helpers.orca`` where it is installed; this needs no display and no other program.
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
"""What Orca calls a role; what is not here is said by its name alone."""
HOLDERS = (Role.Grouping, Role.Dialog, Role.List)
"""What is named when the focus comes into it from outside."""


def labels(interface: QAccessibleInterface) -> list[str]:
    """The words of what labels something; Orca says them in place of its own name."""
    found = interface.relations(QAccessible.RelationFlag.Label)
    return [other.text(Text.Name) for other, _ in found]


def name_said(interface: QAccessibleInterface) -> str:
    """What is said as the name."""
    return " ".join(labels(interface)) or interface.text(Text.Name)


def holders(interface: QAccessibleInterface) -> list[QAccessibleInterface]:
    """The named groups and dialogs that something lies in, the outermost first."""
    found = []
    above = interface.parent()
    while above is not None and above.isValid():
        if above.role() in HOLDERS and above.text(Text.Name):
            found.append(above)
        above = above.parent()
    return found[::-1]


def phrase(interface: QAccessibleInterface) -> str:
    """Name, role, state and description."""
    state, role = interface.state(), interface.role()
    words = [name_said(interface), ROLES.get(role, "")]
    if role == Role.CheckBox:
        words.append("checked" if state.checked else "not checked")
    if role == Role.RadioButton:
        words.append("selected" if state.checked else "not selected")
    if role in (Role.EditableText, Role.ComboBox, Role.SpinBox):
        words.append(interface.text(Text.Value))
    description = interface.text(Text.Description)
    said = " ".join(filter(None, words))
    return f"{said}. {description}" if description else said


class Reader:
    """Says what has the focus, and names what holds it when that is new."""

    def __init__(self) -> None:
        self._inside: list[str] = []

    def says(self) -> str:
        """What is said of what has the focus now."""
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        names = [f"{name_said(holder)} {ROLES[holder.role()]}" for holder in holders(interface)]
        new, self._inside = [name for name in names if name not in self._inside], names
        return ". ".join([*new, phrase(interface)])
