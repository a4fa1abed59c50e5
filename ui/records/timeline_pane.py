"""The timeline of a child or household with its filters and search, and the open record with its history.

Arrows move in the timeline and show the record at the right; Enter moves the focus to the record, Esc back. If there is no
room for both, the record replaces the timeline. Must not write: the form amends, and the record's card withdraws.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.views.record import RecordView
from hipss_desktop.views.services import Services
from hipss_desktop.views.timeline import Entry, Period, between
from hipss_desktop.views.unfinished import UnfinishedLine
from ui.base.focus import focus
from ui.base.page import Page
from ui.parts import Button, Card, ChipGroup, ComboBox, EmptyState, Field, column, row, spoken_label
from ui.parts.moment import DateField
from ui.records.list_page import FilterEdit
from ui.records.record_page import RecordCard
from ui.records.timeline import TimelineList
from ui.records.unfinished_lines import UnfinishedLines
from ui.theme import theme_of

PAGE = 60
"""The number of records fetched at a time."""
MOST_FOUND = 200
"""The most records that a search for words shows, newest first."""
ALL = "all"
MOST_CHIPS = 4
"""The most kinds of record with a chip, the most frequent first; the others are in a drop-down list."""
BETWEEN = "between"
PERIODS = (("91", "Last 3 months"), ("365", "Last 12 months"), (BETWEEN, "From and to"), (ALL, "All"))
SIDE_BY_SIDE = 720
"""From this width on (pixels at 100 % text size) timeline and record are side by side."""
FIND = "Find words"


@dataclass(frozen=True)
class TimelineFilters:
    """The filters of the timeline: a number of days until now, or else a first and a last day, either of which may be None."""

    kind: str = ""
    days: int | None = 91
    words: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Place:
    """The user's place on a page: the open tab, the filters of the timeline, and how many entries were loaded."""

    tab: str = ""
    filters: TimelineFilters = TimelineFilters()
    loaded: int = 0


@dataclass(frozen=True)
class TimelineContents:
    """The result of a reading: entries, whether these are all, the number of records (None if too many), and their kinds.

    ``unfinished`` are records about this person that others have begun and not finished.
    """

    entries: tuple[Entry, ...]
    ended: bool
    count: int | None
    kinds: tuple[str, ...]
    unfinished: tuple[UnfinishedLine, ...] = ()


def read_page(
    services: Services, person: str, filters: TimelineFilters, before: int | None, limit: int
) -> tuple[tuple[Entry, ...], bool]:
    """Read the next entries of the timeline, and whether they are the last."""
    period = _period(services, filters)
    if not filters.words:
        entries, ended = services.timelines.page(person, kind=filters.kind, before=before, period=period, limit=limit)
        return tuple(entries), ended
    if before is not None:
        return (), True
    matches = services.timelines.search(filters.words, kind=filters.kind, about=person, period=period, limit=MOST_FOUND)
    return tuple(matches), True


def read_timeline(services: Services, person: str, filters: TimelineFilters, limit: int) -> TimelineContents:
    """Read the timeline of a person from its newest entry."""
    entries, ended = read_page(services, person, filters, None, limit)
    unfinished = tuple(services.unfinished.about(person, also=services.timelines.cases_of([person]).get(person, ())))
    return TimelineContents(
        entries, ended, _count(services, person, filters), tuple(services.timelines.kinds(person)), unfinished
    )


def _period(services: Services, filters: TimelineFilters) -> Period:
    if filters.days is None:
        return between(filters.first, filters.last)
    return Period(times.ms(services.clock() - timedelta(days=filters.days)))


def _count(services: Services, person: str, filters: TimelineFilters) -> int | None:
    if not filters.words:
        return services.timelines.count(person, period=_period(services, filters))
    matches, _ = read_page(services, person, replace(filters, kind=""), None, MOST_FOUND)
    return len(matches) if len(matches) < MOST_FOUND else None


class PeriodFields(QWidget):
    """The fields of the first and the last day; either may be empty. Signal: ``changed()`` when a day changed.

    Text that cannot be read as a day is reported when the field loses the focus, and does not limit the timeline.
    """

    changed = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.first, self.last = DateField(today=today, name="From"), DateField(today=today, name="To")
        self.fields = (Field("From", self.first), Field("To", self.last))
        line = row(*self.fields, gap=8)
        for field in self.fields:
            line.setAlignment(field, Qt.AlignmentFlag.AlignBottom)  # one field may have an error above it
        self.setLayout(line)
        for day in (self.first, self.last):
            day.changed.connect(self._changed)
            day.editingFinished.connect(self._say_what_is_wrong)

    def set_days(self, first: date | None, last: date | None) -> None:
        """Show two days without a signal."""
        for field, day in ((self.first, first), (self.last, last)):
            with QSignalBlocker(field):
                field.set_value(day)

    def _changed(self) -> None:
        for field in self.fields:
            field.set_error("")
        self.changed.emit()

    def _say_what_is_wrong(self) -> None:
        for field, day in zip(self.fields, (self.first, self.last), strict=True):
            is_read = not day.text().strip() or day.value() is not None
            field.set_error("" if is_read else day.problem() or "Enter a date like 14 March 2017")
        first, last = self.first.value(), self.last.value()
        if first is not None and last is not None and last < first:
            self.fields[1].set_error("Enter a day that is not before the first")


class TimelinePanel(Card):
    """The timeline with its filters. Signal: ``chosen()`` when the kind of record, the words or the period changed."""

    chosen = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        """``today`` returns the present day, for days that are typed without a year."""
        super().__init__()
        self._records: int | None = None
        self._coming = ""
        self._kinds: tuple[str, ...] = ()
        self.chips = ChipGroup("Show", [(ALL, "All")], chosen=[ALL], exclusive=True)
        self.search = FilterEdit(FIND)
        spoken_label(FIND, self.search)
        self.others = ComboBox(name="Other records", placeholder="More", icon="filter")
        self.others.hide()
        spoken_label("Other records", self.others)
        self.period = ComboBox(PERIODS, name="Period", chosen="91", icon="calendar")
        spoken_label("Period", self.period)
        self.chips.changed.connect(self._chip_chosen)
        self.others.picked.connect(self._other_chosen)
        self.period.picked.connect(self._period_chosen)
        self.dates = PeriodFields(today)
        self.dates.changed.connect(self.chosen)
        self.dates.hide()
        self.search.textChanged.connect(lambda _: self.chosen.emit())
        second = row(self.search, self.others, self.period, gap=8)
        second.setStretch(0, 1)
        self.box.addLayout(column(self.chips, second, self.dates, gap=8, margins=(14, 12, 14, 12)))
        self.add_rule()
        self.unfinished = UnfinishedLines()
        self.add_flush(self.unfinished)
        self.list = TimelineList("Timeline")
        self.search.below = self.list
        self.add_flush(self.list, 1)
        self.empty = EmptyState("No records yet", "Choose another filter or a longer period.", icon="inbox")
        self.empty.hide()
        self.no_match = EmptyState("No match", "No record has these words in this period.", icon="search")
        self.no_match.hide()
        self.add_flush(self.empty, 1)
        self.add_flush(self.no_match, 1)

    def set_filters(self, filters: TimelineFilters) -> None:
        """Set the filters; the kind is chosen later, when it is known that the person has such records."""
        dated = filters.days is None and (filters.first or filters.last)
        self.period.choose(BETWEEN if dated else ALL if filters.days is None else str(filters.days))
        self.dates.setVisible(bool(dated))
        self.dates.set_days(filters.first, filters.last)
        with QSignalBlocker(self.search):
            self.search.setText(filters.words)
        self._coming = filters.kind

    def filters(self) -> TimelineFilters:
        """The present filters."""
        kind, days = next(iter(self.chips.chosen()), ALL), self.period.chosen()
        kind = self._coming or self.others.chosen() or kind
        filters = TimelineFilters("" if kind == ALL else kind, None, self.search.text().strip())
        if days == BETWEEN:
            return replace(filters, first=self.dates.first.value(), last=self.dates.last.value())
        return filters if days == ALL else replace(filters, days=int(days))

    def show_contents(self, reading: TimelineContents, chosen: str) -> None:
        """Show entries, standing on ``chosen`` or else on the first."""
        self._show_kinds(reading.kinds)
        self._set_count(reading.count)
        self.unfinished.show_lines(reading.unfinished)
        self.list.show_entries(reading.entries, chosen=chosen)
        words = bool(self.filters().words)
        self.list.setVisible(bool(reading.entries))
        self.empty.setVisible(not reading.entries and not words)
        self.no_match.setVisible(not reading.entries and words)

    def _show_kinds(self, kinds: Sequence[str]) -> None:
        """Offer the kinds of record that the person has, the most frequent first."""
        known = tuple(kind for kind in kinds if kind in KINDS)
        if known == self._kinds:
            return
        kind_before, self._kinds, self._coming = self.filters().kind, known, ""
        named = [(kind, KINDS[kind].many) for kind in known]
        chosen = kind_before if kind_before in known else ALL
        many = len(known) > MOST_CHIPS
        shown = named[: MOST_CHIPS - 1 if many else MOST_CHIPS]  # fewer chips and a box stay on one line
        with QSignalBlocker(self.chips):
            self.chips.set_options([(ALL, "All"), *shown])
            self.chips.choose([chosen])
        self.others.set_options(named[len(shown) :])
        self.others.choose(chosen if chosen in known[len(shown) :] else "")
        self.others.setVisible(many)
        self._set_count(self._records)

    def _period_chosen(self, period: str) -> None:
        self.dates.setVisible(period == BETWEEN)
        if period == BETWEEN:
            focus(self.dates.first)
        self.chosen.emit()

    def _chip_chosen(self) -> None:
        self.others.choose("")
        self.chosen.emit()

    def _other_chosen(self, _kind: str) -> None:
        with QSignalBlocker(self.chips):
            self.chips.choose([])
        self.chosen.emit()

    def _set_count(self, count: int | None) -> None:
        """Show the number of records in the period; None leaves it out."""
        self._records = count
        chip = self.chips.chips()[0]
        chip.setText("All" if count is None else f"All {count}")
        chip.updateGeometry()


class TimelinePane(QWidget):
    """The timeline and the open record, for a page that reads them with the rest of its content.

    Args:
        page: the page that contains it.
        person: the child or household.
        filters: the first filters.
        loaded: how many entries to read at first, if the user had loaded more than one page before.
        at: the first current record, '' for the newest.
        back: the arguments with which ``go`` returns to the user's present place.

    Signals:
        stale(): the filters changed, or a record was withdrawn, so the page must read again.
    """

    stale = Signal()

    def __init__(
        self,
        page: Page,
        person: str,
        *,
        filters: TimelineFilters,
        loaded: int,
        at: str,
        back: Callable[[], dict[str, Any]],
    ) -> None:
        super().__init__(page)
        self._page, self._person, self._loaded, self._at = page, person, loaded, at
        self._read_number = 0
        self._ended = True
        self._fetching = False
        self._reading = False
        self.panel = TimelinePanel(lambda: times.local_day(page.services.clock()))
        self.back = Button("Timeline", icon="left", size=28)
        self.back.clicked.connect(self.to_list)
        self.card = RecordCard(page.context, aside=[self.back], back=back)
        line = row(self.panel, self.card, gap=16)
        line.setStretch(0, 6)
        line.setStretch(1, 5)
        self.setLayout(line)
        self.panel.set_filters(filters)
        self.panel.chosen.connect(self.stale)
        self.panel.list.moved.connect(self._show_record)
        self.panel.list.opened.connect(lambda _: self._to_record())
        self.panel.list.wants_more.connect(self._more)
        self.card.withdrawn.connect(self.stale)

    def reading(self) -> Callable[[Services], TimelineContents]:
        """Return the function that reads the timeline in the background, with as many entries as were loaded."""
        self._read_number += 1
        person, filters, limit = self._person, self.panel.filters(), max(PAGE, self.loaded(), self._loaded)
        return lambda services: read_timeline(services, person, filters, limit)

    def loaded(self) -> int:
        """The number of entries shown."""
        return sum(1 for entry in self.panel.list.entries.items if isinstance(entry, Entry))

    def current_record(self) -> str:
        """The current record of the timeline, '' if it is empty."""
        entry = self.panel.list.entry()
        return entry.record if entry is not None else ""

    def show_contents(self, reading: TimelineContents) -> None:
        """Show what was read; the current record stays current."""
        chosen = self.current_record() or self._at
        self._loaded = 0
        self._ended, self._fetching = reading.ended, False
        self.panel.show_contents(reading, chosen)
        if not reading.entries:
            self.card.show_view(None)
        elif record := self.current_record():
            self._show_record(record)
        self.fit()

    def _show_record(self, record: str) -> None:
        views = self._page.services.record_views

        def done(view: RecordView | None) -> None:
            if self.current_record() == record:
                self.card.show_view(view)

        self._page.context.runner.read(lambda: views.view(record), done, context=self._page)

    def _more(self) -> None:
        entries = [entry for entry in self.panel.list.entries.items if isinstance(entry, Entry)]
        if self._ended or self._fetching or not entries:
            return
        self._fetching = True
        read_number, services, person, filters = (
            self._read_number,
            self._page.services,
            self._person,
            self.panel.filters(),
        )

        def done(page: tuple[tuple[Entry, ...], bool]) -> None:
            if read_number == self._read_number:
                self._fetching = False
                self._ended = page[1]
                self.panel.list.append(page[0])

        runner = self._page.context.runner
        runner.read(lambda: read_page(services, person, filters, entries[-1].id, PAGE), done, context=self._page)

    def to_search(self) -> None:
        """Focus the search field."""
        self._reading = False
        self.fit()
        self.panel.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _to_record(self) -> None:
        self._reading = True
        self.fit()
        self.card.focus_record()

    def to_list(self) -> None:
        """Focus the timeline, and show it if the record had replaced it."""
        self._reading = False
        self.fit()
        self.panel.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self) -> None:
        """Show timeline and record side by side, or only one of them if there is no room."""
        wide = self.width() >= theme_of(self).px(SIDE_BY_SIDE)
        self.panel.setVisible(wide or not self._reading)
        self.card.setVisible(wide or self._reading)
        self.back.setVisible(not wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        inside = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape and inside is not None and self.card.isAncestorOf(inside):
            self.to_list()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
