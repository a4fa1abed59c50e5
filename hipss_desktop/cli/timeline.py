"""The command that lists the records about a child or a household, as the timeline on their page does."""

from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, Limit, open_for, person_named, say
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import kind_named
from hipss_desktop.views.timeline import Entry, between

app = typer.Typer()


@app.command()
def timeline(
    context: typer.Context,
    person: Annotated[str, typer.Argument(metavar="CHILD|HOUSEHOLD", help="A name, number or identifier.")],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="Records dated from that day on.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Records dated to the end of that day.")] = "",
    kind: Annotated[str, typer.Option(help="Records of this kind alone.")] = "",
    find: Annotated[str, typer.Option(metavar="WORDS", help="Records in which these words occur.")] = "",
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """List the records about a child or a household, the newest first."""
    days = [times.typed_day(text) if text else None for text in (first, last)]
    if days[0] and days[1] and days[1] < days[0]:
        raise UserError("Enter a last day that is not before the first.")
    if kind:
        kind_named(kind)
    with open_for(context) as opened:
        timelines, record, period = opened.services.timelines, person_named(opened, person), between(*days)
        if find.strip():
            entries = timelines.search(find, kind=kind, about=record, period=period, limit=limit)
        else:
            entries, _ = timelines.page(record, kind=kind, period=period, limit=limit)
        say([_value(entry) for entry in entries], as_json, lambda: "\n".join(map(_line, entries)) or "No records.")


def _value(entry: Entry) -> dict[str, Any]:
    return {
        "record": entry.record,
        "kind": entry.kind,
        "at": times.stamp(times.of_ms(entry.at)),
        "day": entry.day,
        "time": entry.time,
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "tags": [tag.words for tag in entry.tags],
        "sync": entry.state,
        "withdrawn": entry.withdrawn,
    }


def _line(entry: Entry) -> str:
    when = " ".join(filter(None, (entry.day, entry.time)))
    tags = f" [{', '.join(tag.words for tag in entry.tags)}]" if entry.tags else ""
    return f"{when}  {entry.title}{tags}{f': {entry.summary}' if entry.summary else ''}"
