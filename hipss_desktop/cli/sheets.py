"""Commands for sheets: importing and exporting the records of a kind as CSV."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hipss_desktop.cli import missing
from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.errors import WrongCall
from hipss_desktop.kinds.catalogue import may_read
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.sheets import files
from hipss_desktop.sheets.content import open_sheet
from hipss_desktop.sheets.encodings import ENCODING_HELP, Encoding
from hipss_desktop.sheets.workbooks import PAGE_HELP

app = typer.Typer()


@app.command("import")
def import_file(
    context: typer.Context,
    kind: str,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv|FILE.xlsx")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")] = False,
    encoding: Annotated[Encoding | None, typer.Option(help=ENCODING_HELP)] = None,
    sheet: Annotated[str, typer.Option(help=PAGE_HELP)] = "",
    add_alike: Annotated[
        bool, typer.Option("--add-alike", help="Add rows too that look like somebody who is here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Import a sheet: good rows go in, bad rows are reported by line, the same file twice adds nothing."""
    described = files.kind_meant(kind)
    opened_file = open_sheet(file, described, encoding=encoding, page=sheet)
    with open_for(context) as opened:
        done = import_sheet(
            opened.store,
            described.name,
            opened_file.content,
            clock=opened.services.clock,
            dry_run=dry_run,
            add_alike=add_alike,
        )
    value = {
        "added": done.added,
        "known": done.known,
        "changed": [asdict(problem) for problem in done.changed],
        "problems": [asdict(problem) for problem in done.problems],
        "doubts": [asdict(doubt) for doubt in done.doubts],
        "encoding": opened_file.encoding,
        "notes": list(opened_file.notes),
        "dry_run": dry_run,
    }

    def words() -> str:
        counts = (
            f"{done.added} added, {done.known} here already, {len(done.changed)} changed, {len(done.problems)} problems"
        )
        problems = [problem.words for problem in (*done.changed, *done.problems, *done.doubts)]
        return "\n".join([counts, *opened_file.notes, *(f"{words[0].upper()}{words[1:]}" for words in problems)])

    say(value, as_json, words)
    if done.problems or done.changed:
        raise typer.Exit(1)


@app.command("export")
def export_file(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="A kind like child, all, or missing for the national return.")],
    to: Annotated[Path | None, typer.Option("--to", help="The CSV file; for all, a folder.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over files of these names.")] = False,
    template: Annotated[bool, typer.Option("--template", help=files.TEMPLATE_HELP)] = False,
    as_json: Json = False,
) -> None:
    """Write the records of a kind, or of every kind that has a sheet, as CSV; missing is the national return."""
    if template:
        templates = files.write_templates(kind, to, overwrite=overwrite)
        value = {"files": [{"kind": name, "file": file} for name, file in templates]}
        say(value, as_json, lambda: "\n".join(file for _, file in templates))
        return
    if to is None:
        raise WrongCall(files.TO_NEEDED)
    if kind == missing.RETURN:
        missing.export_return(context, to, overwrite=overwrite, as_json=as_json)
        return
    places = files.places_for(kind, to)
    with open_for(context) as opened:
        if kind == files.ALL:
            role = opened.store.seat.role
            places = [(described, file) for described, file in places if may_read(role, described.name)]
        written = files.write_exports(
            places, lambda described: export_sheet(opened.store, described), overwrite=overwrite
        )
    say({"files": [asdict(file) for file in written]}, as_json, lambda: files.words(written))
