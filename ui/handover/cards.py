"""The cards beside a handover: its state, what happens if nobody accepts, and what the person who was on call sees.

Must not read the store.
"""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from hipss_desktop.views.handovers import HandoverView
from ui.base.focus import stops
from ui.parts import Banner, Bar, Card, IconLabel, LinkButton, PrimaryButton, column, grows, label, row

FIXED = "Published is fixed. Later calls are added below, with the time."
NOT_ASKED = "You are not asked to chase anybody. If you remember something, press Ctrl+N. It is added with the time."


class FilledCard(Card):
    """A card whose contents are replaced each time."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._inside: QWidget | None = None

    def fill(self, box: QVBoxLayout) -> None:
        """Show a layout below the title, in place of the earlier one."""
        inside = QWidget()
        inside.setLayout(box)
        grows(inside)
        if self._inside is None:
            self.add(inside)
        else:
            self.body.replaceWidget(self._inside, inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = inside
        inside.show()


class StandingCard(FilledCard):
    """How many items are accepted, and by whom."""

    def __init__(self) -> None:
        super().__init__("Where it stands")

    def show_view(self, view: HandoverView) -> None:
        """Show the state of a handover."""
        bar = Bar("Accepted")
        bar.set_value(view.accepted, view.items)
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(8)
        for place, standing in enumerate(view.standings):
            done = standing.accepted == standing.items
            style = "small" if done else "small_strong"
            grid.addWidget(label(standing.name, style, wrap=True), place, 0)
            count = str(standing.items) if done else f"{standing.accepted} of {standing.items}"
            tone = "ink" if done else "amber"
            words = IconLabel("check" if done else "clock", count, style, "ink", icon_tone=tone)
            words.setAccessibleName(f"{standing.accepted} of {standing.items} accepted")
            grid.addWidget(words, place, 1)
        counted = row(
            label(str(view.accepted), "display"), label(f"of {view.items} accepted", "body", "muted"), None, gap=8
        )
        self.fill(column(counted, bar, grid, gap=8))


class PairsCard(FilledCard):
    """Short words beside longer ones, such as times beside what happens then; ``strong`` says which ones are bold."""

    def __init__(self, title: str, *, strong_last: bool = False) -> None:
        super().__init__(title)
        self._strong_last = strong_last

    def show_pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Show the pairs in their order."""
        grid = QGridLayout()
        grid.setColumnStretch(0 if self._strong_last else 1, 1)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for place, (first, second) in enumerate(pairs):
            last = self._strong_last
            grid.addWidget(label(first, "small" if last else "small_strong", wrap=last), place, 0)
            grid.addWidget(label(second, "small_strong" if last else "small", wrap=not last), place, 1)
        box = column(gap=0)
        box.addLayout(grid)
        self.fill(box)


class WordsCard(FilledCard):
    """Messages, each with its author and time below it."""

    def show_words(self, words: Iterable[tuple[str, str]]) -> None:
        """Show messages in their order, as (words, author and time)."""
        box = column(gap=2)
        for message, by in words:
            box.addWidget(label(f"‘{message}’", "small", wrap=True))
            if by:
                box.addWidget(label(by, "caption", "muted", wrap=True))
        self.fill(box)


class SideCards(QWidget):
    """All cards beside the items. ``tell`` is the place for the message line to the person who was on call."""

    def __init__(self) -> None:
        super().__init__()
        self.standing, self.louder = StandingCard(), PairsCard("If nobody accepts")
        self.sees, self.from_day_team = WordsCard("Who was on call sees"), WordsCard("From the day team")
        self.worked = PairsCard("Your night", strong_last=True)
        self.tell = column(gap=0)
        self.note = IconLabel("history", FIXED, "small", "muted")
        self.note.setWordWrap(True)
        self.whole = LinkButton("The record and its history")
        cards = (self.standing, self.worked, self.louder, self.sees, self.from_day_team)
        self.setLayout(column(*cards, self.tell, self.note, row(self.whole, None), None, gap=12))

    def show_view(self, view: HandoverView) -> None:
        """Show the cards for a reader of the day, or for the person who was on call (``view.own``)."""
        for card in (self.standing, self.sees):
            card.setVisible(not view.own)
        self.louder.setVisible(not view.own and bool(view.waiting))
        self.worked.setVisible(view.own)
        self.from_day_team.setVisible(bool(view.messages))
        self.note.set_look("info" if view.own else "history", NOT_ASKED if view.own else FIXED, "muted")
        self.standing.show_view(view)
        self.louder.show_pairs(view.louder)
        if self.sees.heading is not None:
            self.sees.heading.setText(f"{view.worker} sees")
        self.sees.show_words([(" ".join(filter(None, view.off_shift)), "")])
        self.from_day_team.show_words(view.messages)
        night = view.worked
        self.worked.show_pairs(
            (
                ("Contacts", str(night.contacts)),
                ("Incidents", str(night.incidents)),
                ("On the phone", night.on_the_phone),
                ("Worked" if night.ended else "Worked so far", night.worked),
            )
        )


class Notices(QWidget):
    """Notices above the items: that the person who was on call may go, and other handovers of the same night."""

    def __init__(self, end: Callable[[], None], opens: Callable[[str], None]) -> None:
        super().__init__()
        self.end = PrimaryButton("End my shift", icon="moon")
        self.end.clicked.connect(end)
        self._opens = opens
        self._shown: object = None
        self._box = column(gap=8)
        self.setLayout(self._box)
        grows(self)

    def show_view(self, view: HandoverView) -> None:
        """Show the notices of a handover."""
        ended, off_shift = view.worked.ended, (view.off_shift if view.own else ("", ""))
        if (off_shift, ended, view.beside) == self._shown:
            return
        self._shown = (off_shift, ended, view.beside)
        may_end = view.own and bool(view.worked.shift) and not ended
        self.end.setParent(self)
        while (item := self._box.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if view.own:
            rest = f"Your shift ended {ended}. {off_shift[1]}" if ended else off_shift[1]
            end = (self.end,) if may_end else ()
            self._put(Banner(off_shift[0], rest, tone="accent", icon="checkc", actions=end))
        self.end.setVisible(may_end)
        for other in view.beside:
            link = LinkButton("Open it")
            link.setAccessibleName(f"Open it: {other.words}")
            link.clicked.connect(partial(self._opens, other.record))
            self._put(Banner("", other.words, icon="users", actions=(link,)))
        self.setVisible(self._box.count() > 0)

    def _put(self, banner: Banner) -> None:
        self._box.addWidget(banner)
        banner.show()  # now, so that it can get the focus

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops."""
        return stops(self)
