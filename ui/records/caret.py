"""Reads the caret of a form so that a draft can save it, and puts the caret back. Must not move the focus."""

from collections.abc import Mapping

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from hipss_desktop.services.ports import Caret

TextField = QLineEdit | QPlainTextEdit | QTextEdit
"""A field that words are typed into."""


def caret_in(fields: Mapping[str, TextField], focused: QWidget | None) -> Caret:
    """The caret in the field that has the focus, or an empty ``Caret`` if none of these fields has it."""
    name = next((name for name, field in fields.items() if field is focused), "")
    if isinstance(focused, QLineEdit) and name:
        return Caret(name, focused.cursorPosition())
    return (
        Caret(name, focused.textCursor().position())
        if isinstance(focused, QPlainTextEdit | QTextEdit) and name
        else Caret()
    )


def put_caret(field: TextField, at: int) -> None:
    """Put the caret at a place in the text, or at the end of a shorter text."""
    if isinstance(field, QLineEdit):
        field.setCursorPosition(at)
        return
    cursor = field.textCursor()
    cursor.setPosition(min(at, len(field.toPlainText().encode("utf-16-le")) // 2))
    field.setTextCursor(cursor)
