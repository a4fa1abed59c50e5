"""Make the page of any record: the page written for its kind, else a general page with every field of the kind."""

from collections.abc import Callable, Mapping

from hipss_desktop.documents.carer import carer_page
from hipss_desktop.documents.handover import handover_page
from hipss_desktop.documents.record import record_page
from hipss_desktop.documents.training import series_page
from hipss_desktop.documents.tree import Document
from hipss_desktop.documents.visit import visit_page
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.kinds.series import SERIES
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.views.services import Services

OWN_PAGES: Mapping[str, Callable[[Services, str], Document]] = {
    HANDOVER.name: handover_page,
    CARER.name: carer_page,
    SERIES.name: series_page,
    VISIT.name: visit_page,
}


def page_of(services: Services, record: str) -> Document:
    """The page of a record as it is now.

    Raises:
        UserError: the record is not on this laptop.
    """
    stored = services.store.get(record)
    make = OWN_PAGES.get(stored.kind, record_page) if stored is not None else record_page
    return make(services, record)
