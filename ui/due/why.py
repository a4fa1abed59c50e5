"""Explains the due days of the household in focus: the rule, the last record, the arithmetic, and a button for each day.

Must not work anything out: ``views.due_dates`` gives the words.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop.views.due_dates import NOT_SHOWN_TO_CARERS, Why
from ui.parts import (
    Button,
    Card,
    LinkButton,
    PrimaryButton,
    arranged_once_at_a_time,
    column,
    emptied,
    grows,
    label,
    row,
    turn,
)
from ui.records.record_page import flow, tag_of
from ui.theme import theme_of

BESIDE = 760
"""Pixels at 100 % text size: the least width for the explanations side by side."""


class WhyCard(Card):
    """The card with the explanations.

    Signals:
        pressed(Why): the button of an explanation was pressed.
        explained(): somebody asks how days are worked out.
    """

    pressed = Signal(object)
    explained = Signal()

    def __init__(self) -> None:
        link = LinkButton("How each date is worked out")
        super().__init__("Why", aside=(link,))
        self.link = link
        self.link.clicked.connect(self.explained)
        self.buttons: list[Button] = []
        self._shown: tuple[str, tuple[Why, ...], bool] = ("", (), False)
        self._inside = QWidget()
        self._line = row(gap=24, margins=(16, 12, 16, 12))
        self._inside.setLayout(self._line)
        grows(self._inside)
        self.add_flush(self._inside)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_why(self, household: str, whys: Sequence[Why], *, writes: bool) -> None:
        """Show the explanations of a household. If they are unchanged, they and the focus stay."""
        if self._shown == (household, tuple(whys), writes):
            return
        self._shown = household, tuple(whys), writes
        if self.heading is not None:
            self.heading.setText(f"Why, for {household}")
        emptied(self._line)
        self.buttons = []
        for why in whys:
            self._line.addWidget(self._part(why, household, writes=writes), 1)
        self._arrange()

    def _part(self, why: Why, household: str, *, writes: bool) -> QWidget:
        beside = [label(why.beside, "small", "muted")] if why.beside else []
        tags = [tag_of(why.tag.words, why.tag.tone, why.tag.icon)] if why.tag else []
        head = flow([label(why.title, "body_strong"), *tags, *beside])
        lines: list[QWidget] = [label(why.words, "small", wrap=True)] if why.words else []
        lines += [label(why.source, "small", "muted", wrap=True)] if why.source else []
        may_press = writes or why.press in ("household", "training")
        if may_press:
            button = (Button if self.buttons else PrimaryButton)(why.press_words, size=28)
            about = ", ".join(part for part in (why.title, household) if part)
            button.setAccessibleName(f"{why.press_words}, {about}")
            button.clicked.connect(partial(self.pressed.emit, why))
            self.buttons.append(button)
        secret = [label(NOT_SHOWN_TO_CARERS, "small", "muted")] if why.secret else []
        foot = [flow([*(self.buttons[-1:] if may_press else []), *secret])] if may_press or secret else []
        part = QWidget()
        box: QVBoxLayout = column(head, *lines, None, *foot, gap=6)
        part.setLayout(box)
        grows(part)
        return part

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        turn(self._line, beside=self.width() >= theme_of(self).px(BESIDE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._arrange)
