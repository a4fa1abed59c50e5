"""The card with the signatures of a finished visit, and the answers below its paragraphs. Must not write."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from hipss_desktop.views.signed import AnswerLine, SignatureLine, SignedView
from ui.base.access import spoken_as
from ui.parts import Button, Card, EmptyState, IconLabel, LinkButton, column, emptied, grows, label, row
from ui.parts.strokes import DrawnStrokes
from ui.theme import styled, theme_of


class SignedCard(Card):
    """The signatures.

    Signals:
        turning(): the user wants to turn the screen.
        copying(): the user wants to print the household's copy.
        opened(str): the user wants to open the record of a signature.
    """

    turning = Signal()
    copying = Signal()
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__("Signatures")
        self.turn = Button("Turn the screen", icon="turn")
        self.turn.setToolTip("Read the visit back, and have it signed")
        self.turn.clicked.connect(self.turning)
        self.copy_button = Button("Their copy", icon="printer")
        self.copy_button.setToolTip("Print what was read back, for the household")
        self.copy_button.clicked.connect(self.copying)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(14)
        inside = QWidget()
        inside.setLayout(column(row(self.turn, self.copy_button, None), self._lines, gap=12))
        self.add(inside)
        self.show_view(SignedView())

    def show_view(self, view: SignedView) -> None:
        """Show the signatures of a visit."""
        self.turn.setVisible(view.may_turn)
        self.copy_button.setVisible(view.may_turn)
        emptied(self._lines)
        for line in view.signatures:
            self._lines.addWidget(self._line(line))
        if not view.signatures:
            words = "Turn the screen to read it back and have it signed." if view.may_turn else "Nobody has signed it."
            self._lines.addWidget(EmptyState("Not signed", words, icon="pen"))

    def _line(self, line: SignatureLine) -> QWidget:
        holder = QWidget()
        spoken_as(holder, QAccessible.Role.Grouping, line.spoken)
        name = LinkButton(line.name, style="body_strong")
        name.setAccessibleName(f"Signature of {line.name}. {line.version}")
        name.clicked.connect(lambda: self.opened.emit(line.record))
        parts: list[QWidget] = []
        if line.strokes:
            parts.append(DrawnStrokes(line.strokes, f"{line.name}. {line.drawn}"))
        if line.typed:
            parts.append(label(line.typed, "title"))
        parts += [label(words, "small", "muted", wrap=True) for words in (line.how, line.version)]
        if line.outdated:
            outdated = IconLabel("history", line.outdated, "small_strong", "amber")
            outdated.setWordWrap(True)
            parts.append(outdated)
        holder.setLayout(column(row(name, label(line.capacity, "small", "muted"), None, gap=8), *parts, gap=4))
        grows(holder)
        return holder


class AnswerBelow(QFrame):
    """An answer to a paragraph, shown below it."""

    def __init__(self, line: AnswerLine) -> None:
        super().__init__()
        self._disagrees = line.disagrees
        parts: list[QWidget] = [label(line.says, "small_strong", wrap=True)]
        if line.words:
            parts.append(label(f"‘{line.words}’", "body", wrap=True))
        if line.seen:
            parts.append(
                label(f"Said to other words than those that stand now: ‘{line.seen}’", "small", "muted", wrap=True)
            )
        styled(parts[0], "small_strong", "amber" if line.disagrees else "muted")
        self.setLayout(column(*parts, gap=2, margins=(12, 2, 0, 2)))
        grows(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = theme_of(self), QPainter(self)
        painter.fillRect(QRectF(0, 0, 3, self.height()), theme.amber_line if self._disagrees else theme.line)
        painter.end()
