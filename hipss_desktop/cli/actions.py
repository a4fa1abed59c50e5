"""Commands for actions: done, hand over, accept, give back, not needed, reopen. Each saves one revision, as one button does."""

from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, moment_typed, open_for, say
from hipss_desktop.laptop import OpenStore
from hipss_desktop.records.revision import Revision
from hipss_desktop.views.actions import words_of_press

app = typer.Typer(no_args_is_help=True, help="Close, reopen, hand over and accept actions.")

Id = Annotated[str, typer.Argument(metavar="ID")]
Why = Annotated[str, typer.Option(help="Why.")]


@app.command("done")
def action_done(
    context: typer.Context,
    record_id: Id,
    spoke_to: Annotated[str, typer.Option(help="Whom you spoke to.")] = "",
    at: Annotated[str, typer.Option(metavar="TIME", help="When it was done: 02:17 today, or with its day.")] = "",
    log_number: Annotated[str, typer.Option(help="The log number, of an action that tells a service.")] = "",
    note: Annotated[str, typer.Option(help="What came of it.")] = "",
    as_json: Json = False,
) -> None:
    """Say that an action is done; without a time it was done now."""
    with open_for(context) as opened:
        closed_at = times.stamp(moment_typed(at, opened.services.latest())) if at else ""
        options = {"spoke_to": spoke_to, "closed_at": closed_at, "log_number": log_number, "closing_note": note}
        answers: dict[str, Any] = {name: value for name, value in options.items() if value}
        _say_saved(opened, opened.services.actions.done(record_id, answers), as_json)


@app.command("hand-over")
def action_hand_over(
    context: typer.Context,
    record_id: Id,
    name: Annotated[str, typer.Argument(help="Who takes it over: a colleague or a team.")] = "",
    as_json: Json = False,
) -> None:
    """Hand an action over. It stays with its owner until it is accepted."""
    with open_for(context) as opened:
        actions = opened.services.actions
        _say_saved(opened, actions.hand_over(record_id, name, to=actions.person_named(name)), as_json)


@app.command("accept")
def action_accept(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Take an action on: it is yours from now on."""
    with open_for(context) as opened:
        _say_saved(opened, opened.services.actions.accept(record_id), as_json)


@app.command("give-back")
def action_give_back(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Give back an action that was handed to you, or that you accepted."""
    with open_for(context) as opened:
        _say_saved(opened, opened.services.actions.give_back(record_id), as_json)


@app.command("not-needed")
def action_not_needed(context: typer.Context, record_id: Id, why: Why = "", as_json: Json = False) -> None:
    """Say that an action is no longer needed, and why."""
    with open_for(context) as opened:
        _say_saved(opened, opened.services.actions.not_needed(record_id, why), as_json)


@app.command("reopen")
def action_reopen(context: typer.Context, record_id: Id, why: Why = "", as_json: Json = False) -> None:
    """Open an action again, and say why."""
    with open_for(context) as opened:
        _say_saved(opened, opened.services.actions.reopen(record_id, why), as_json)


def _say_saved(opened: OpenStore, revision: Revision, as_json: bool) -> None:
    record = revision.envelope.record
    current = opened.store.get(record)
    state = current.state if current else "waiting"
    title = opened.services.names.name(record)
    value = {"record": record, "digest": revision.digest, "sync": state}
    say(value, as_json, lambda: f"{words_of_press(title, revision)}. Saved on this laptop, {state}.")
