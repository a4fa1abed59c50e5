"""Labels that only a screen reader finds, for controls whose place on the screen says what they are."""

from PySide6.QtWidgets import QWidget

from ui.parts import buddy_label


def tell_label(control: QWidget, words: str) -> None:
    """Give a control without a label of its own on the screen one that a screen reader finds."""
    made = buddy_label(words, control)
    made.setParent(control)
    made.hide()
