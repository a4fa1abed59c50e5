"""A question with its answer, number, label, hint, actions and error; and the summary of all errors.

An error is shown in four ways at once: a 4 px bar, an icon, words, and a 2 px border; for a screen reader the field's
description then starts with 'Error:'.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.base.access import describe, spoken_as
from ui.base.announce import announce
from ui.parts import paint
from ui.parts.buttons import LinkButton
from ui.parts.group import Group
from ui.parts.headings import Heading
from ui.parts.words import IconLabel, label, whole_words
from ui.theme import set_state, theme_of

_BAR = 4
_INDENT = 16
_SPOKEN = "spoken label"


class Field(QWidget):
    """A control with its question.

    ``number`` is to the left of the label in a column of 16 px, ``hint`` beside the label, ``note`` below the control, and
    ``actions`` to the right of the label. ``set_error('')`` removes an error. Words say if an answer is ``required`` or
    wrong, because Qt has no state for either.
    """

    def __init__(
        self,
        text: str,
        control: QWidget,
        *,
        number: int | None = None,
        hint: str = "",
        note: str = "",
        required: bool = False,
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.control = control
        self.marks: Sequence[QWidget] | None = None
        """The widgets that an error marks, if only some of the question's widgets are its answer; None for all of them."""
        self._hint, self._error = " ".join(_sentences(hint, note, "Required" if required else "")), ""
        self.label = label(whole_words(text), "body_strong")
        self._hint_label = label(hint, "small", "muted")
        self._hint_label.setParent(self)  # without a parent it would open as a window
        self._hint_label.setVisible(bool(hint))
        self._problem = IconLabel("alert", "", "body_strong", "risk")
        self._problem.setWordWrap(True)
        self._problem.hide()
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self.label)
        if hint:
            head.addWidget(self._hint_label)
        head.addStretch(1)
        for action in actions:
            head.addWidget(action)
        self.note = label(note, "small", "muted", wrap=True)
        if not note:
            self.note.hide()  # only hide it: ``setVisible(True)`` without a parent would open a window
        self._box = QGridLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setHorizontalSpacing(0)
        self._box.setVerticalSpacing(4)
        self._box.setColumnStretch(1, 1)
        self.number = number
        if number is not None:
            self._box.setColumnMinimumWidth(0, _INDENT)
            self._box.addWidget(label(str(number), "caption", "muted"), 0, 0)
        self._box.addLayout(head, 0, 1)
        for line, widget in enumerate((self._problem, control, self.note), 1):
            self._box.addWidget(widget, line, 1)
        self._below: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        if not control.accessibleName():
            control.setAccessibleName(text)
        answer = self._named()
        if answer is control or answer.accessibleName() in ("", text):
            self.label.setBuddy(answer)
        else:  # one of several answers, with a name of its own
            spoken_as(control, QAccessible.Role.Grouping, text)
            self.label.setBuddy(control)
            spoken_label(answer.accessibleName(), answer)
        self._describe()

    def focus_target(self) -> QWidget:
        """The widget that takes the focus for the question."""
        own = getattr(self.control, "focus_target", None)
        target: QWidget = own() if own is not None else self.control
        while (proxy := target.focusProxy()) is not None:
            target = proxy
        return target

    def _named(self) -> QWidget:
        """The widget that gets the question's name: for choices their group, not one of them."""
        target = self.focus_target()
        return Group.of(target) or target

    def go(self) -> None:
        """Move the focus to the answer."""
        self.focus_target().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def error(self) -> str:
        """The shown error, '' if there is none."""
        return self._error

    def set_error(self, words: str) -> None:
        """Show ``words`` as the error of this answer; '' removes the error."""
        before, self._error = self._error, words
        if words or before:  # a form removes all errors whenever it shows a record, and usually there is none
            self._problem.setText(words)
            self._problem.setVisible(bool(words))
            self._box.setContentsMargins(_INDENT if words else 0, 0, 0, 0)
            for widget in self._answers():
                set_state(widget, "problem", "true" if words else None)
            self.update()
        self._describe()

    def show_below(self, widget: QWidget | None) -> None:
        """Show a widget below the control and its note, in place of the earlier one; None removes it."""
        if self._below is not None:
            self._below.hide()
            self._below.deleteLater()
        self._below = widget
        if widget is not None:
            self._box.addWidget(widget, self._box.rowCount(), 1)

    def _answers(self) -> Sequence[QWidget]:
        if self.marks is not None:
            return self.marks
        inside = [w for w in self.control.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
        return [self.control, *inside]

    def _describe(self) -> None:
        problem = f"Error: {self._error.rstrip('.')}." if self._error else ""
        words = " ".join(filter(None, (problem, self._hint)))
        for widget in {self.control, self._named()}:
            if isinstance(widget, Group):
                widget.describe(words)
            else:
                describe(widget, words)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._error:
            return
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 0, _BAR, self.height()), theme_of(self).risk)
        painter.end()


def _sentences(*words: str) -> list[str]:
    """The words that are not empty; all but the last end with a full stop."""
    sentences = [word for word in words if word]
    return [*(f"{sentence.rstrip('.')}." for sentence in sentences[:-1]), *sentences[-1:]]


class ErrorSummary(QFrame):
    """'There is a problem', with one link for each error in the order of the form.

    ``show_errors`` fills and shows it. It takes the focus, so that a screen reader says it, or is announced at once.
    Enter on a link moves to that answer.
    """

    gone_to = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._targets: list[QWidget] = []
        self._links: list[LinkButton] = []
        self._title = Heading("There is a problem", 2)
        spoken_as(self, QAccessible.Role.Grouping, self._title.text())
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(17, 10, 17, 10)
        self._box.setSpacing(0)
        self._box.addWidget(self._title)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def links(self) -> list[LinkButton]:
        """The links in order."""
        return list(self._links)

    def show_errors(self, errors: Sequence[tuple[str, QWidget]], *, take_focus: bool = True) -> None:
        """Show ``errors`` as (words, Field or other widget to focus); an empty sequence hides the summary."""
        for link in self._links:
            self._box.removeWidget(link)
            link.hide()
            link.deleteLater()
        self._links = []
        self._targets = [target for _, target in errors]
        for number, (words, _) in enumerate(errors):
            link = LinkButton(words, tone="risk", style="body_strong")
            link.clicked.connect(lambda _=False, number=number: self.go(number))
            self._box.addWidget(link)
            QWidget.setTabOrder(self._links[-1] if self._links else self, link)
            self._links.append(link)
        self.setVisible(bool(errors))
        if not errors:
            return
        count = len(errors)
        name = f"There is a problem. {count} error{'' if count == 1 else 's'}."
        self.setAccessibleName(name)
        self.setAccessibleDescription(" ".join(f"{words.rstrip('.')}." for words, _ in errors))
        if take_focus:  # then a screen reader says the name and the errors
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            announce(self, name, assertive=True)

    def go(self, number: int) -> None:
        """Move the focus to the answer of error ``number``, counted from 0."""
        target = self._targets[number]
        goal = target.focus_target() if isinstance(target, Field) else target
        goal.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.gone_to.emit(goal)

    def step(self, by: int = 1) -> None:
        """Move the focus to the next error (1, F8) or the previous one (-1, Shift+F8)."""
        if not self._targets:
            return
        now = self.window().focusWidget()
        focused_place = next(
            (i for i, t in enumerate(self._targets) if now is not None and (t is now or t.isAncestorOf(now))), None
        )
        start = (-1 if by > 0 else len(self._targets)) if focused_place is None else focused_place
        self.go((start + by) % len(self._targets))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            focused = [n for n, link in enumerate(self._links) if link.hasFocus()]
            self.go(focused[0] if focused else 0)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=theme.surface, edge=theme.risk, width=3)
        painter.end()


def buddy_label(text: str, control: QWidget) -> QLabel:
    """Return a label of ``control``, for places without room for a Field."""
    text_label = label(whole_words(text), "body_strong")
    text_label.setBuddy(control)
    return text_label


def spoken_label(text: str, control: QWidget) -> None:
    """Give a control without a visible label a hidden label for screen readers."""
    hidden_label = buddy_label(text, control)
    hidden_label.setParent(control)
    hidden_label.setObjectName(_SPOKEN)
    hidden_label.hide()


def rename(control: QWidget, name: str) -> None:
    """Change the name of a control and its hidden label for screen readers."""
    control.setAccessibleName(name)
    spoken = control.findChild(QLabel, _SPOKEN)
    if isinstance(spoken, QLabel):
        spoken.setText(whole_words(name))
