"""Commands that exchange records with the council, and that show what still waits."""

from typing import Annotated, Any

import typer

from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.errors import Unavailable
from hipss_desktop.laptop import OpenStore
from hipss_desktop.services.enrolment import Unreachable
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import ChainStopped

app = typer.Typer(invoke_without_command=True, help="Exchange with the council.")


@app.callback(invoke_without_command=True)
def sync_now(context: typer.Context, as_json: Json = False) -> None:
    """Exchange with the council now."""
    if context.invoked_subcommand is not None:
        return
    with open_for(context) as opened:
        afresh = False
        try:
            done = opened.exchange()
        except ChainStopped as stopped:
            opened.note_stopped(stopped)
            opened.begin_afresh()
            afresh = True
            done = opened.exchange()
        except Unreachable as away:
            raise Unavailable(f"{away} What waits stays on this laptop. Run this again when it is online.") from away
        value = {"sent": done.sent, "fetched": done.fetched, "bodies": done.bodies, "problems": done.problems}
        value |= {"begun_afresh": afresh, **_status(opened)}
        new = (
            "This laptop was put back to an older state. It has joined the council anew; nothing is lost. "
            if afresh
            else ""
        )
        sentence = f"Sent {done.sent}, fetched {done.fetched}. {value['waiting']} waiting."
        say(value, as_json, lambda: new + sentence)


@app.command("status")
def sync_status(context: typer.Context, as_json: Json = False) -> None:
    """How this laptop stands with the council."""
    with open_for(context) as opened:
        value = _status(opened)
        sentence = f"{value['waiting']} waiting, {value['needs_you']} need you. {value['notice']}"
        say(value, as_json, sentence.strip)


@app.command("address")
def sync_address(
    context: typer.Context,
    address: Annotated[
        str, typer.Argument(help="The council’s new address; leave it out to see the present one.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Say where the council is now, if it has moved. It must prove there that it is the same council."""
    with open_for(context) as opened:
        if address:
            opened.use_address(address)
        present = opened.store.setting(StoreSetting.SERVER)
        waiting = opened.store.waiting().waiting
        words = present if present else "This laptop has not joined a council yet."
        moved = f"The council answers at {present}. {waiting} waiting: run ‘hipss sync’ to send it there."
        say({"address": present, "waiting": waiting}, as_json, lambda: moved if address else words)


def _status(opened: OpenStore) -> dict[str, Any]:
    stand = opened.store.waiting()
    return {
        "enrolled": opened.store.seat.enrolled,
        "seat": opened.store.seat.seat,
        "own": stand.own,
        "with_council": stand.council,
        "waiting": stand.waiting,
        "held": stand.held,
        "needs_you": stand.held + stand.conflicts,
        "notice": opened.notice,
    }
