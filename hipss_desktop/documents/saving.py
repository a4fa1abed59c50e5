"""Saving a page as a PDF only where the person asked for it. Must not name a person in a suggested file name."""

from datetime import datetime
from pathlib import Path

from hipss_desktop import times
from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.tree import Document
from hipss_desktop.files import refuse_existing, write_whole


def file_name(document: Document, now: datetime) -> str:
    """The suggested name of a file: its reference and the day, "C-7K3M9QX 2017-03-14.pdf"."""
    return f"{document.reference or 'page'} {times.local_day(now).isoformat()}.pdf"


def save_pdf(document: Document, file: Path, now: datetime, *, overwrite: bool) -> None:
    """Save a page as a PDF, completely or not at all, readable only by its owner.

    Raises:
        UserError: the file exists and must not be overwritten, or its folder cannot be written to.
        Unavailable: the disk is full, or the page cannot be drawn.
    """
    refuse_existing(file, overwrite=overwrite)
    write_whole(file, (pdf(document, at=int(now.timestamp())),), overwrite=overwrite)
