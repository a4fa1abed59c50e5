"""The page of one consultation. Only its card may write."""

from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.consultations import ConsultationView
from hipss_desktop.views.record import RecordView
from ui.consultations.card import ConsultationCard
from ui.records.record_page import RecordPage


class ConsultationRecordPage(RecordPage):
    """The page of one consultation."""

    route = "consultation"
    card_of = ConsultationCard
    changes_by_itself = True

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may alter the page: the consultation, or the name of its case or child."""
        return super().cares(changes) or bool(changes.kinds & {CASE.name, CHILD.name})

    def refresh(self) -> None:
        """Read the consultation again."""
        records, consultations, record = self.services.record_views, self.services.consultation_views, self.record

        def shown(both: tuple[RecordView | None, ConsultationView | None]) -> None:
            if isinstance(self.view_card, ConsultationCard):
                self.view_card.consultation = both[1]
            self._show(both[0])

        self.context.runner.read(lambda: (records.view(record), consultations.view(record)), shown, context=self)
