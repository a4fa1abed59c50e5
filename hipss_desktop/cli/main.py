"""The command line's application: its options, its commands and its exit codes.

Every command takes ``--json`` and then prints one JSON value on standard output, in the shapes of ``docs/commands.md``.
Errors are printed on standard error. The exit code is 2 if the call is wrong and 1 if the command fails. Must not contain
a use case of its own.
"""

from pathlib import Path
from typing import Annotated

import typer

from db.home import Home
from hipss_desktop import commands
from hipss_desktop.cli import (
    actions,
    clocks,
    consultations,
    countersign,
    due,
    handover,
    missing,
    on_call,
    pages,
    records,
    sheets,
    strain,
    sync,
    timeline,
    training,
    unfinished,
    upkeep,
    visit,
)
from hipss_desktop.cli.context import Call

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="HIPSS Desktop on the command line.",
)
app.add_typer(upkeep.app)
app.add_typer(records.app, name="record")
app.add_typer(actions.app, name="action")
app.add_typer(records.search_app)
app.add_typer(missing.app)
app.add_typer(handover.app, name="handover")
app.add_typer(visit.app, name="visit")
app.add_typer(clocks.app)
app.add_typer(consultations.app)
app.add_typer(countersign.app)
app.add_typer(due.app)
app.add_typer(on_call.app)
app.add_typer(strain.app)
app.add_typer(timeline.app)
app.add_typer(training.app)
app.add_typer(sheets.app)
app.add_typer(pages.app)
app.add_typer(sync.app, name="sync")
app.add_typer(unfinished.app)


@app.callback()
def call(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="The folder that holds everything; the account’s own by default.")
    ] = None,
    as_name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Whose store, where the laptop has several.")
    ] = "",
    passphrase_file: Annotated[Path | None, typer.Option(help="A file whose first line is the passphrase.")] = None,
) -> None:
    """HIPSS Desktop on the command line."""
    context.obj = Call(Home(home), as_name, passphrase_file)


def main() -> None:
    """Run a command; print an expected error as a sentence on standard error, and exit."""
    commands.run(app)
