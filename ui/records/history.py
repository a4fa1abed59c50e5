"""The revision history of a record: for each version a numbered disc, the author, time and reason, and each old and new answer.

Old answers are struck through and new ones underlined, and words say the same. Must not read the store.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.records.changes import Difference
from hipss_desktop.times import written_at
from hipss_desktop.views.record import Version
from ui.parts import Heading, column, grows, label, paint, row
from ui.records.versions import Piece, VersionWords, pieces
from ui.theme import styled, theme_of

DISC, GUTTER = 20, 12
SHORT = 60
"""Characters: a longer text is shown once with its changes inside, a shorter one as old and new text."""


def cut_of(change: Difference) -> list[Piece]:
    """A difference as marked pieces: "Came back 02:05 now 02:02", "..., added ...", or a longer text with its changes inside."""
    if not change.was:
        return [(f"{change.label}, added ", ""), (change.now, "added")]
    if not change.now:
        return [(f"{change.label}, taken out ", ""), (change.was, "taken")]
    if max(len(change.was), len(change.now)) <= SHORT:
        return [(f"{change.label} ", ""), (change.was, "taken"), (" now ", ""), (change.now, "added")]
    return [(f"{change.label}: ", ""), *pieces(change.was, "", change.now)]


def added_cut(change: Difference) -> list[Piece]:
    """A row that was added to a list that grows, as marked pieces: "Who was told: Police, ..."."""
    return [(f"{change.label}: ", ""), (change.now, "added")]


def spoken(change: Difference) -> str:
    """A difference as a screen reader says it: "Back at, was 02:05, now 02:02"."""
    phrases = [change.label]
    if change.was:
        phrases.append(f"was {change.was}")
    phrases.append(f"now {change.now}" if change.now else "taken out")
    return ", ".join(phrases)


class VersionItem(QWidget):
    """One version, with its disc at the left and the line to the version below it."""

    def __init__(self, version: Version, *, last: bool) -> None:
        super().__init__()
        self._disc, self._last = "!" if version.held else str(version.number or "+"), last
        lines: list[QWidget] = [label(version.held, "small_strong", wrap=True)] if version.held else []
        if version.why:
            lines.append(label(f"Why: {version.why}", "small", wrap=True))
        if version.action == "finish":
            lines.append(label("First saved", "small"))
        elif version.action != "amend":
            words = {"add": "Added", "withdraw": "Withdrawn", "countersign": "Countersigned"}
            lines.insert(bool(version.held), label(words.get(version.action, version.action), "small_strong"))
        if version.action in ("amend", "add"):
            cut = added_cut if version.action == "add" else cut_of
            for change in version.differences:
                changed = styled(VersionWords(cut(change)), "small")
                changed.setAccessibleName(spoken(change))
                lines.append(changed)
        if version.clock:
            lines.append(label(version.clock, "small", wrap=True))
        sent = "with the council" if version.with_council else "waiting on this laptop"
        where = f"Laptop {version.laptop}, {sent}" if version.laptop else sent.capitalize()
        self._head = row(
            label(version.author_name, "body_strong"), None, label(written_at(version.at), "small", "muted")
        )
        self._box = column(self._head, *lines, label(where, "small", "muted", wrap=True), gap=2)
        self.setLayout(self._box)
        name = "Held back" if version.held else f"Version {version.number}" if version.number else "Added"
        self.setAccessibleName(f"{name}, {version.author_name}, {written_at(version.at)}")
        grows(self)
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self._indent()

    def _indent(self) -> None:
        self._box.setContentsMargins(theme_of(self).px(DISC) + GUTTER, 0, 0, 12)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_box"):
            self._indent()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        side = theme.px(DISC)
        painter = QPainter(self)
        if not self._last:
            painter.fillRect(QRectF(side / 2, side, 1, self.height() - side), theme.color("control"))
        disc = QRectF(0, 0, side, side)
        paint.frame(painter, disc, fill=theme.surface, edge=theme.accent, radius=side / 2)
        paint.words(painter, disc, self._disc, theme.font("caption", weight=600), theme.accent, align=paint.CENTRE)
        painter.end()


class History(QWidget):
    """All versions, newest first; "Nothing is ever deleted"."""

    def __init__(self, versions: Sequence[Version]) -> None:
        super().__init__()
        heading = Heading("Version history", 3, style="heading")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row(heading, None, label("Nothing is ever deleted", "small", "muted"), gap=8))
        box.addSpacing(10)
        for at, version in enumerate(versions):
            box.addWidget(VersionItem(version, last=at == len(versions) - 1), 0, Qt.AlignmentFlag.AlignTop)
