"""The command that saves a page: a record's, or the paper sheet for a night without a laptop."""

from pathlib import Path
from typing import Annotated

import typer

from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.files import KEEP_SAFE, refuse_existing

app = typer.Typer()

PAPER_SHEET = "paper-sheet"
"""Stands where a record would, for the sheet for a night without a laptop."""


@app.command("print")
def print_page(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID|paper-sheet", help="The record.")],
    to: Annotated[Path, typer.Option("--to", help="The PDF file.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file of this name.")] = False,
    as_json: Json = False,
) -> None:
    """Save the page of a record, or tonight's paper sheet, as a PDF that screen readers can read."""
    from hipss_desktop.documents.paper_sheet import paper_sheet
    from hipss_desktop.documents.record import record_page
    from hipss_desktop.documents.saving import save_pdf

    refuse_existing(to, overwrite=overwrite)
    with open_for(context) as opened:
        page = paper_sheet(opened.desk) if record_id == PAPER_SHEET else record_page(opened.desk, record_id)
        save_pdf(page, to, opened.desk.clock(), overwrite=overwrite)
        if record_id == PAPER_SHEET:
            opened.desk.night_checks.paper_sheet_made()
    value = {"file": str(to), "reference": page.reference, "digests": list(page.digests)}
    say(value, as_json, lambda: f"{to}: {page.title}.\n{KEEP_SAFE}")
