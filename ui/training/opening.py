"""Makes the pages of training sessions and series when somebody opens one.

Each function imports its page's module, so that the first screen does not wait for these imports. Must not show anything.
"""

from collections.abc import Mapping
from typing import Any

from ui.base.page import Context, Page


def training_session(context: Context, arguments: Mapping[str, Any]) -> Page:
    """The page of one session."""
    from ui.training.session_page import SessionPage

    return SessionPage(context, arguments["record"], arguments.get("question", ""))


def series(context: Context, arguments: Mapping[str, Any]) -> Page:
    """The page of one series."""
    from ui.training.series_page import SeriesPage

    return SeriesPage(context, arguments["record"], arguments.get("question", ""))


def sign_in_sheet(context: Context, arguments: Mapping[str, Any]) -> Page:
    """The preview of the sheet that people sign when they come to a session."""
    from hipss_desktop.documents.training import sign_in_sheet
    from ui.documents.preview_page import PreviewPage

    record = arguments["record"]
    return PreviewPage(context, lambda services: sign_in_sheet(services, record), record)


def certificate(context: Context, arguments: Mapping[str, Any]) -> Page:
    """The preview of one person's certificate."""
    from hipss_desktop.documents.training import certificate
    from ui.documents.preview_page import PreviewPage

    record, row = arguments["record"], arguments.get("row", "")
    if not row:  # after an unlock nothing says whose certificate it was
        return training_session(context, arguments)
    return PreviewPage(context, lambda services: certificate(services, record, row), record)
