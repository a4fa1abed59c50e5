"""The page of a case of another team: the record, then what was written about the child. Only its card may write."""

from functools import partial

from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.record import RecordView
from hipss_desktop.views.timeline import Entry
from ui.base.kind_style import style_of
from ui.parts import Button, Heading, LinkButton, column, grows, label, row
from ui.records.record_page import RecordCard, RecordPage, flow

MOST = 50
"""The most records about a case that are shown, newest first."""
ABOUT, NOTHING_YET = "Written about this child", "Nothing is written yet."


class CaseCard(RecordCard):
    """The card; ``about`` are the records about the next case to show, newest first."""

    about: tuple[Entry, ...] = ()
    _last: tuple[Entry, ...] = ()

    def show_view(self, view: RecordView | None, *, anew: bool = False) -> None:
        """Show a case with the records about it."""
        anew, self._last = anew or self.about != self._last, self.about
        super().show_view(view, anew=anew)

    def lines(self, view: RecordView) -> QWidget:
        """The answers of the case, then a link to each record about it."""
        holder = QWidget()
        parts: list[QWidget] = [super().lines(view), Heading(ABOUT, 3, style="body_strong")]
        parts += [self._entry(entry) for entry in self.about] or [label(NOTHING_YET, "small", "muted")]
        box = column(*parts, gap=8)
        if view.counts and not view.withdrawn and may_write(self.context.services.store.seat.role, CONSULTATION.name):
            new = Button(style_of(CONSULTATION.name).new_label, icon=style_of(CONSULTATION.name).icon, size=28)
            new.clicked.connect(partial(self._begin, view.record))
            box.addLayout(row(new, None))
        holder.setLayout(box)
        grows(holder)
        return holder

    def _entry(self, entry: Entry) -> QWidget:
        link = LinkButton(f"{entry.day}, {KINDS[entry.kind].label.lower()}: {entry.title}")
        link.clicked.connect(partial(self.context.open, entry.record, entry.kind))
        return flow([link, *([label("Withdrawn", "small", "muted")] if entry.withdrawn else [])])

    def _begin(self, record: str) -> None:
        case_record = self.context.services.people.record(record)
        team = CASE.of(case_record).team if case_record is not None else ""
        self.context.new(CONSULTATION.name, about="case", case=record, **({"team": team} if team else {}))


class CaseRecordPage(RecordPage):
    """The page of one case."""

    route = "case"
    card_of = CaseCard

    def cares(self, changes: ChangeSet) -> bool:
        """Whether any record changed, because any may be about the case."""
        return bool(changes.records) or super().cares(changes)

    def refresh(self) -> None:
        """Read the case and the records about it again."""
        records, timelines, record = self.services.record_views, self.services.timelines, self.record

        def shown(both: tuple[RecordView | None, tuple[Entry, ...]]) -> None:
            if isinstance(self.view_card, CaseCard):
                self.view_card.about = both[1]
            self._show(both[0])

        def read() -> tuple[RecordView | None, tuple[Entry, ...]]:
            return records.view(record), tuple(timelines.entries(record, limit=MOST))

        self.context.runner.read(read, shown, context=self)
