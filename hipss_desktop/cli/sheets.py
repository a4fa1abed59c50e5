"""Commands for sheets: importing and exporting the records of a kind as CSV."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hipss_desktop.cli import missing
from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.kinds.catalogue import may_read
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.sheets import files
from hipss_desktop.sheets.reading import decode

app = typer.Typer()


@app.command("import")
def import_file(
    context: typer.Context,
    kind: str,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")] = False,
    add_alike: Annotated[
        bool, typer.Option("--add-alike", help="Add rows too that look like somebody who is here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Import a sheet: good rows go in, bad rows are reported by line, the same file twice adds nothing."""
    described, text = files.kind_meant(kind), decode(file.read_bytes())
    with open_for(context) as opened:
        clock = opened.services.clock
        done = import_sheet(opened.store, described.name, text, clock=clock, dry_run=dry_run, add_alike=add_alike)
    lines = [{"line": problem.line, "column": problem.column, "message": problem.message} for problem in done.problems]
    changed = [{"line": line_problem.line, "message": line_problem.message} for line_problem in done.changed]
    doubts = [{"line": doubt.line, "message": doubt.message} for doubt in done.doubts]
    value = {
        "added": done.added,
        "known": done.known,
        "changed": changed,
        "problems": lines,
        "doubts": doubts,
        "dry_run": dry_run,
    }

    def words() -> str:
        sentences = [f"{done.added} added, {done.known} here already, {len(changed)} changed, {len(lines)} problems"]
        sentences += [f"Line {problem['line']}: {problem['message']}" for problem in [*changed, *lines, *doubts]]
        return "\n".join(sentences)

    say(value, as_json, words)
    if lines or changed:
        raise typer.Exit(1)


@app.command("export")
def export_file(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="A kind like child, all, or missing for the national return.")],
    to: Annotated[Path, typer.Option("--to", help="The CSV file; for all, a folder.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over files of these names.")] = False,
    as_json: Json = False,
) -> None:
    """Write the records of a kind, or of every kind that has a sheet, as CSV; missing is the national return."""
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
