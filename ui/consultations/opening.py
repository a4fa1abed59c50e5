"""Functions that make the pages of consultations and cases when they are opened.

Each imports its page's module only then, so that the first screen does not wait for the import. Must not show anything.
"""

from collections.abc import Mapping
from typing import Any

from hipss_desktop.documents.tree import Document
from hipss_desktop.kinds.case import CASE
from hipss_desktop.views.services import Services
from ui.base.page import Context, Page


def consultation(context: Context, arguments: Mapping[str, Any]) -> Page:
    """Return the page of one consultation."""
    from ui.consultations.record_page import ConsultationRecordPage

    return ConsultationRecordPage(context, record=arguments["record"], question=arguments.get("question") or "")


def consultations(context: Context, arguments: Mapping[str, Any]) -> Page:
    """Return the list of consultations."""
    from ui.consultations.list_page import ConsultationsPage

    return ConsultationsPage(context)


def consultation_form(context: Context, arguments: Mapping[str, Any]) -> Page:
    """Return the form of a draft, or of a new consultation with some known answers."""
    from ui.consultations.form_page import ConsultationFormPage

    draft = arguments.get("draft") or context.services.consultations.begin(**_known(arguments))
    page = ConsultationFormPage(context, draft, at=arguments.get("at") or "")
    page.back = arguments.get("back")
    return page


def consultation_page(context: Context, arguments: Mapping[str, Any]) -> Page:
    """Return the preview of the written page for those who came.

    When it is printed or saved, the store notes the versions from which the page was made.
    """
    from hipss_desktop.documents.consultation import consultation_page as page_of
    from ui.consultations.card import PAGE
    from ui.documents.preview_page import PreviewPage

    record = arguments["record"]

    def make(services: Services) -> Document:
        return page_of(services, record)

    def on_paper(document: Document) -> None:
        context.services.consultations.page_made(record, document.digests)

    other = ("The record with its history", "print")
    return PreviewPage(context, make, record=record, on_paper=on_paper, title=PAGE, other=other)


def case(context: Context, arguments: Mapping[str, Any]) -> Page:
    """Return the page of one case."""
    from ui.consultations.case_page import CaseRecordPage

    return CaseRecordPage(context, record=arguments["record"], question=arguments.get("question") or "")


def case_form(context: Context, arguments: Mapping[str, Any]) -> Page:
    """Return the form of a draft, or of a new case with some known answers."""
    from ui.consultations.form_page import CaseFormPage

    draft = arguments.get("draft") or context.services.records.new_draft(CASE.name, _known(arguments))
    page = CaseFormPage(context, draft, at=arguments.get("at") or "")
    page.back, page.answers = arguments.get("back"), arguments.get("answers")
    return page


def _known(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name not in ("draft", "at", "back", "answers")}
