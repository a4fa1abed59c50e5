"""The page of a series: its progress, counted from the records that name it, above the record. Adds no way to write."""

from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.services.ports import ChangeSet
from ui.base.page import Context
from ui.parts import column, grows, label
from ui.records.record_page import RecordPage


class SeriesPage(RecordPage):
    """The page of one series."""

    route = "series"

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        super().__init__(context, record, question)
        self.far = label("", "body_strong", wrap=True)
        self._above = QWidget()
        self._above.setLayout(column(self.far, margins=(16, 10, 16, 10)))
        grows(self._above)
        self._above.hide()
        self.view_card.put_below_head(self._above)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may alter the page: the series, or any training session or consultation."""
        return super().cares(changes) or bool(changes.kinds & {TRAINING.name, CONSULTATION.name})

    def refresh(self) -> None:
        """Read the series and its count again."""
        super().refresh()
        series, record = self.services.training.series, self.record
        self.context.runner.read(lambda: series.words(record), self._show_words, context=self)

    def _show_words(self, words: str) -> None:
        self.far.setText(words)
        self._above.setVisible(bool(words))
