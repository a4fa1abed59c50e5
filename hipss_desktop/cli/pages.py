"""The command that saves a page as a PDF: the page of a record, or the paper sheet for a night without a laptop."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.files import KEEP_SAFE, refuse_existing
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.views.services import Services

if TYPE_CHECKING:
    from hipss_desktop.documents.tree import Document

app = typer.Typer()

PAPER_SHEET = "paper-sheet"
"""Given instead of a record's identifier, this prints the paper sheet for a night without a laptop."""


@app.command("print")
def print_page(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID|paper-sheet", help="The record.")],
    to: Annotated[Path, typer.Option("--to", help="The PDF file.")],
    whole: Annotated[
        bool,
        typer.Option(
            "--whole", help="A missing episode or a handover as a record with its history, instead of its own page."
        ),
    ] = False,
    carers: Annotated[bool, typer.Option("--carers", help="The carers’ copy of a finished visit.")] = False,
    sign_in: Annotated[bool, typer.Option("--sign-in", help="The sign-in sheet of a training session.")] = False,
    certificate_for: Annotated[
        str,
        typer.Option(
            "--certificate", metavar="NAME", help="The certificate of one person who came to a training session."
        ),
    ] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file of this name.")] = False,
    as_json: Json = False,
) -> None:
    """Save the page of a record, or tonight's paper sheet, as a PDF that screen readers can read.

    The page of a missing episode is the one for the police.
    """
    from hipss_desktop.documents.saving import save_pdf

    refuse_existing(to, overwrite=overwrite)
    with open_for(context) as opened:
        page = _page(
            opened.services, record_id, whole=whole, carers=carers, sign_in=sign_in, certificate_for=certificate_for
        )
        save_pdf(page, to, opened.services.clock(), overwrite=overwrite)
        if record_id == PAPER_SHEET:
            opened.services.night_checks.paper_sheet_made()
    value = {"file": str(to), "reference": page.reference, "digests": list(page.digests)}
    say(value, as_json, lambda: f"{to}: {page.title}.\n{KEEP_SAFE}")


def _page(
    services: Services, record: str, *, whole: bool, carers: bool, sign_in: bool, certificate_for: str
) -> "Document":
    """The page that the options name."""
    from hipss_desktop.documents.carer_copy import carer_copy
    from hipss_desktop.documents.missing_pack import missing_pack
    from hipss_desktop.documents.pages import page_of
    from hipss_desktop.documents.paper_sheet import paper_sheet
    from hipss_desktop.documents.record import record_page
    from hipss_desktop.documents.training import certificate, row_of, sign_in_sheet

    if record == PAPER_SHEET:
        return paper_sheet(services)
    if certificate_for:
        return certificate(services, record, row_of(services, record, certificate_for))
    if sign_in:
        return sign_in_sheet(services, record)
    if carers:
        return carer_copy(services, record)
    if whole:
        return record_page(services, record)
    current = services.store.get(record)
    is_episode = current is not None and current.kind == MISSING_EPISODE.name
    return missing_pack(services, record) if is_episode else page_of(services, record)
