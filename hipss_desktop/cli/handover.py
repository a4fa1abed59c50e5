"""Commands for the morning handover: show a handover, publish one's own, accept an item, or pass an item to somebody else."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import typer

from hipss_desktop.cli.context import Json, moment_typed, open_for, say
from hipss_desktop.errors import UserError
from hipss_desktop.laptop import OpenStore
from hipss_desktop.services.handovers import Night
from hipss_desktop.views.handovers import HandoverView, ItemView

app = typer.Typer(no_args_is_help=True, help="Hand over the night, and accept the items of a handover.")

Id = Annotated[str, typer.Argument(metavar="ID")]
ItemId = Annotated[str, typer.Argument(metavar="ITEM", help="An item’s id, as ‘handover show’ prints it.")]


@app.command("show")
def handover_show(
    context: typer.Context,
    record_id: Annotated[
        str, typer.Argument(metavar="ID", help="A handover’s id; without it, the newest handovers.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show a handover, or those of the last three days, and who has each item."""
    with open_for(context) as opened:
        records = [record_id] if record_id else [record.record for record in opened.services.handovers.recent()]
        shown = [_view(opened, record) for record in records]
    say(
        [_value(view) for view in shown],
        as_json,
        lambda: "\n\n".join(map(_words, shown)) or "No handover was published.",
    )


@app.command("publish")
def handover_publish(
    context: typer.Context,
    quiet: Annotated[str, typer.Option(help="What was done in a night without items.")] = "",
    since: Annotated[str, typer.Option(metavar="TIME", help="When the night began, if no shift was entered.")] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help="When it ended.")] = "",
    as_json: Json = False,
) -> None:
    """Publish this person's handover of the shift that runs now or ended last, or of the hours that are given."""
    with open_for(context) as opened:
        draft = opened.services.handovers.draft(_night(opened, since, until))
        if quiet:
            draft = replace(draft, fields={**draft.fields, "quiet": quiet})
        record = opened.services.handovers.publish(draft).envelope.record
        view = _view(opened, record)
    say(_value(view), as_json, lambda: _words(view))


@app.command("accept")
def handover_accept(context: typer.Context, record_id: Id, item: ItemId, as_json: Json = False) -> None:
    """Accept an item: this person has read it and is responsible for it now."""
    with open_for(context) as opened:
        opened.services.handovers.accept(record_id, item)
        view = _view(opened, record_id)
    say(_value(view), as_json, lambda: f"Accepted. {view.waiting} of {view.items} items wait.")


@app.command("hand-to")
def handover_hand_to(
    context: typer.Context,
    record_id: Id,
    item: ItemId,
    name: Annotated[str, typer.Argument(help="A colleague or a team.")],
    as_json: Json = False,
) -> None:
    """Hand an item to another colleague, or to a team."""
    with open_for(context) as opened:
        opened.services.handovers.hand_to(record_id, item, name)
        view = _view(opened, record_id)
    say(
        _value(view), as_json, lambda: f"Handed to {' '.join(name.split())}. {view.waiting} of {view.items} items wait."
    )


def _night(opened: OpenStore, since: str, until: str) -> Night:
    now = opened.services.clock()
    if since or until:
        if not (since and until):
            raise UserError("Enter both times with their day, like 2017-03-13T17:30.")
        return Night("", moment_typed(since, now), moment_typed(until, now))
    for moment in (now, now - timedelta(hours=4)):
        shift = opened.services.on_call.shift(moment)
        if shift is not None:
            return Night(shift.record, shift.start, shift.end)
    raise UserError("No shift is entered for this night. Enter its hours with --since and --until.")


def _view(opened: OpenStore, record: str) -> HandoverView:
    view = opened.services.handover_views.view(record)
    if view is None:
        raise UserError("This handover is not on this laptop.")
    return view


def _value(view: HandoverView) -> dict[str, Any]:
    return {
        "record": view.record,
        "title": view.title,
        "worker": view.worker,
        "quiet": view.quiet,
        "accepted": view.accepted,
        "waiting": view.waiting,
        "items": [_item(item) for _, rows in view.parts for item in rows],
        "added": [_item(item) for item in view.added],
    }


def _item(item: ItemView) -> dict[str, str]:
    return {
        "item": item.id,
        "part": item.part,
        "record": item.record,
        "kind": item.kind,
        "title": item.title,
        "words": item.words,
        "who": item.who,
        "accepted": item.accepted,
        "waiting": item.waiting,
    }


def _words(view: HandoverView) -> str:
    lines = [f"{view.title}, {view.worker}. {view.published}. {view.accepted} of {view.items} accepted."]
    for label, rows in (*view.parts, *((("Added since", view.added),) if view.added else ())):
        lines += ["", label, *(f"  {_line(item)}" for item in rows)]
    return "\n".join(lines)


def _line(item: ItemView) -> str:
    status = item.accepted or item.waiting
    who = f", {item.who}" if item.who else ""
    return f"{' '.join(filter(None, (item.at, item.title)))}: {item.words} [{status}{who}] ({item.id})"
