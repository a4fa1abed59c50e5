"""Where somebody is typing: the caret of a form as a draft keeps it, and the caret put back. Must not move the focus."""

from collections.abc import Mapping

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from hipss_desktop.services.ports import Caret

TextField = QLineEdit | QPlainTextEdit | QTextEdit
"""A field that words are typed into."""


def caret_in(fields: Mapping[str, TextField], focused: QWidget | None) -> Caret:
    """Where somebody is typing in one of these fields; nowhere where none of them has the focus."""
    name = next((name for name, field in fields.items() if field is focused), "")
    if isinstance(focused, QLineEdit) and name:
        return Caret(name, focused.cursorPosition())
    return (
        Caret(name, focused.textCursor().position())
        if isinstance(focused, QPlainTextEdit | QTextEdit) and name
        else Caret()
    )


def put_caret(field: TextField, at: int) -> None:
    """Put the caret at a place in a text, or at its end where the text is shorter."""
    if isinstance(field, QLineEdit):
        field.setCursorPosition(at)
        return
    cursor = field.textCursor()
    cursor.setPosition(min(at, len(field.toPlainText().encode("utf-16-le")) // 2))
    field.setTextCursor(cursor)
