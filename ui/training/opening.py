"""The pages of training sessions and series, made when one is opened.

Each module is imported then, so that the first screen waits for none of them. Must not show anything.
"""

from collections.abc import Mapping
from typing import Any

from ui.base.page import Context, Page


def training_session(context: Context, what: Mapping[str, Any]) -> Page:
    """The page of one session."""
    from ui.training.session_page import SessionPage

    return SessionPage(context, what["record"], what.get("question", ""))


def series(context: Context, what: Mapping[str, Any]) -> Page:
    """The page of one series."""
    from ui.training.series_page import SeriesPage

    return SeriesPage(context, what["record"], what.get("question", ""))


def sign_in_sheet(context: Context, what: Mapping[str, Any]) -> Page:
    """The sheet that those who come sign, before it is printed."""
    from hipss_desktop.documents.training import sign_in_sheet
    from ui.documents.preview_page import PreviewPage

    record = what["record"]
    return PreviewPage(context, lambda services: sign_in_sheet(services, record), record)


def certificate(context: Context, what: Mapping[str, Any]) -> Page:
    """The certificate of one person, before it is printed."""
    from hipss_desktop.documents.training import certificate
    from ui.documents.preview_page import PreviewPage

    record, row = what["record"], what.get("row", "")
    if not row:  # after an unlock it is not known whose it was
        return training_session(context, what)
    return PreviewPage(context, lambda services: certificate(services, record, row), record)
