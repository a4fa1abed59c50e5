"""Answers that wait for a decision, for reading: both versions, each under its author, and the tag that opens the decision.

Must not decide: the sync centre does.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop.views.undecided import Undecided
from ui.base.page import Context, Page
from ui.parts import Tag, TagButton, TagSpec, column, grows, label, row
from ui.records.versions import VersionWords, pieces


class DecideTag(TagButton):
    """A tag to press, "You need to decide", which opens the decision about ``question``."""

    def __init__(self, question: str, words: str = "You need to decide") -> None:
        super().__init__(words, icon="merge", size=28, tone="amber")
        self.setToolTip("Open in the sync centre")
        self.ask(question, words)

    def ask(self, question: str, words: str = "You need to decide") -> None:
        """Set what must be decided, for a screen reader, and the ``words`` on the tag."""
        self.setText(words)
        self.setAccessibleName(f"{words}: {question}")
        self.updateGeometry()


TWO_VERSIONS = TagSpec("merge", "Two versions", "amber")
"""The tag that stands beside an undecided answer."""


def two_versions() -> Tag:
    """Return a widget of the tag beside an undecided answer."""
    return Tag(TWO_VERSIONS.icon, TWO_VERSIONS.words, TWO_VERSIONS.tone)


class UndecidedAnswers(QWidget):
    """Why a question cannot be amended now, both versions of its undecided answers, and a button to decide.

    Signals:
        asked(): the user wants to decide.
    """

    asked = Signal()

    def __init__(self, sentence: str, answers: Sequence[Undecided]) -> None:
        super().__init__()
        self.decide = DecideTag(", ".join(dict.fromkeys(answer.label for answer in answers)))
        self.decide.clicked.connect(self.asked)
        words = label(sentence, "small", "muted", wrap=True)
        self.setLayout(column(words, *map(BothVersions, answers), row(self.decide, None), gap=8))
        grows(self)


def read_undecided(page: Page, context: Context, record: str, show: Callable[[Sequence[Undecided]], None]) -> None:
    """Read the undecided answers of the present record and call ``show`` with them; with () if it was never finished."""
    services = context.services

    def read() -> Sequence[Undecided]:
        current = services.store.get(record)
        return services.undecided.of(current) if current is not None else ()

    context.runner.read(read, show, context=page)


class BothVersions(QWidget):
    """The versions of one answer, one below the other, with their differences underlined."""

    def __init__(self, answer: Undecided) -> None:
        super().__init__()
        box = column(gap=2)
        for version in answer.versions:
            others = "\n".join(
                answer_version.words for answer_version in answer.versions if answer_version is not version
            )
            whose = "Your version" if version.mine else "Other version"
            words = VersionWords(pieces("", others, version.words))
            words.setAccessibleName(f"{answer.label}, {whose.lower()}: {words.accessibleName()}")
            if box.count():
                box.addSpacing(6)
            box.addWidget(label(f"{whose}, {version.author}", "small_strong", "ink", wrap=True))
            box.addWidget(words)
        self.setLayout(box)
        self.setAccessibleName(f"{answer.label}, two versions")
        grows(self)
