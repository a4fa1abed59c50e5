"""The page of a restraint: its three clocks, the marks on the child, the child's own account, and what happened.

Must write only when the user presses something.
"""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.views.restraints import HoldParts
from ui.base.focus import focus
from ui.incidents.body_map import FRONT, BodyMap, BodyMark, middle_of
from ui.incidents.incident_page import IncidentPage
from ui.parts import Card, Heading, IconLabel, column, emptied, grows, label, row

MARKS = "Marks and the child’s own account"
RIGHT_IS = "Left and right are the child’s."


class RestraintPage(IncidentPage):
    """The page of one restraint."""

    kind = RESTRAINT.name
    hint = ""
    clocks_words = "Clocks and marks"
    has_tiles = True
    shares = (5, 4)
    shown_elsewhere = frozenset({"child", "carer", "from_contact", "incident", "marks", "looked", "accounts"})

    band: Card | None = None
    """The card of the clocks at the top of a wide window."""

    def fit(self, *, wide: bool, shown: bool) -> None:
        """Put the clocks above facts and marks in a wide window; in a narrow window they scroll with the marks."""
        if self.band is None:
            self.band = Card(pad=0)
            self.rule = label("", "small", "muted", wrap=True)
            self.band.box.addLayout(column(self.rule, margins=(16, 0, 16, 10)))
            self.above.addWidget(self.band)
        rules = dict.fromkeys(line.row.basis for line in self.lines.lines)
        self.rule.setText(". ".join(filter(None, (*rules, self.checked.text()))))
        self.band.setVisible(wide and shown)
        self.checked.setVisible(not wide)
        self.counts.setVisible(not wide)
        self.clocks_title.setText(MARKS if wide else self.clocks_words)
        QTimer.singleShot(0, self, self._put_lines)  # later: Qt crashes if a running layout loses a part

    def _put_lines(self) -> None:
        """Move the clocks into the band, or into the scroll area; the focus stays."""
        if self.band is None:
            return
        wide = not self.band.isHidden()
        held = self.band if wide else self.area.widget()
        if self.lines.parentWidget() is held:
            return
        had = self.lines.focusWidget()
        if wide:
            self.band.box.insertWidget(0, self.lines)
        else:
            self.scrolled.insertWidget(1, self.lines)
        self.lines.show()
        if had is not None:
            focus(had)

    def parts(self) -> list[QWidget]:
        """The widgets of the pattern, the drawing with the marks in words, who looked, and the child's account."""
        self.map = BodyMap()
        self.marks = column(gap=8)
        self.account = column(gap=6)
        self.pattern = IconLabel("chart", "", "body", "ink")
        self.pattern.setWordWrap(True)
        beside, tellings, drawing = QWidget(), QWidget(), QWidget()
        beside.setLayout(column(self.marks, None))
        tellings.setLayout(self.account)
        across = row(self.map, beside, gap=16)
        drawing.setLayout(across)
        across.setStretch(1, 1)
        for part in (beside, tellings, drawing):
            grows(part)
        marks, account = (
            Heading("Marks", 3, style="body_strong"),
            Heading("The child’s own account", 3, style="body_strong"),
        )
        return [self.pattern, marks, drawing, account, tellings]

    def stops_of_parts(self) -> list[QWidget]:
        """The dots of the marks."""
        return list(self.map.dots)

    def read_parts(self) -> HoldParts | None:
        """Read marks, account and pattern, off the window's thread."""
        return self.services.hold_views.parts(self.record)

    def show_parts(self, parts: object) -> None:
        """Show marks, account and pattern."""
        if not isinstance(parts, HoldParts):
            return
        emptied(self.marks)
        dots = []
        for number, seen in enumerate(parts.marks, start=1):
            line = f"{seen.words}. Seen {seen.seen}." if seen.seen else f"{seen.words}."
            self.marks.addWidget(label(line, "small", wrap=True))
            across, down = middle_of(seen.mark.place, seen.mark.side)
            if seen.mark.across is not None and seen.mark.down is not None:
                across, down = seen.mark.across, seen.mark.down
            dots.append(BodyMark(number, seen.mark.side or FRONT, across, down, seen.words))
        for words in (*parts.looks, RIGHT_IS):
            self.marks.addWidget(label(words, "small", wrap=True))
        self.map.show_marks(dots)
        emptied(self.account)
        for words in parts.tellings:
            self.account.addWidget(label(words, "body", wrap=True))
        self.pattern.setText(parts.pattern)
