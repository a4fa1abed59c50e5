"""Commands for missing children: list who is not home, and write the national return of missing episodes."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, child_named, open_for, say
from hipss_desktop.files import KEEP_SAFE
from hipss_desktop.kinds.catalogue import refuse_reading
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.missing_episode import (
    MISSING_EPISODE,
    POLICE,
    MissingEpisode,
    began,
    done_at,
    interview_due,
    next_call,
    step_done,
)
from hipss_desktop.laptop import OpenStore
from hipss_desktop.services.missing_guide import missing_by_calls
from hipss_desktop.sheets import files
from hipss_desktop.sheets.missing_return import missing_return

app = typer.Typer()
RETURN = "missing"
"""The name that ``hipss export`` uses for the national return of missing episodes."""


@app.command("missing")
def missing_list(
    context: typer.Context,
    child: Annotated[str, typer.Option(metavar="CHILD", help="One child alone.")] = "",
    as_json: Json = False,
) -> None:
    """List the children who are not home, with what the guide knows of each."""
    with open_for(context) as opened:
        refuse_reading(opened.store.seat.role, MISSING_EPISODE.name)
        named_child = child_named(opened, child)
        rows = [
            _row(opened, MISSING_EPISODE.of(episode), episode.record)
            for episode in opened.services.missing_guides.episodes(named_child)
        ]
        children = (
            [named_child] if named_child else [known.record for known in opened.services.people.of_kind(CHILD.name)]
        )
        for missing_child, *_ in missing_by_calls(opened.store, children):
            rows.append(_row(opened, MISSING_EPISODE.read(opened.services.missing.draft(missing_child).fields), ""))
    say(rows, as_json, lambda: "\n".join(_words(row) for row in rows) or "No guide for a missing child goes on.")


def _row(opened: OpenStore, episode: MissingEpisode, record: str) -> dict[str, Any]:
    """A child who is not home, as a JSON object; ``record`` is that of the child's guide, '' if no guide was begun."""
    police = step_done(episode, POLICE)
    moments = {
        "last_seen": episode.last_seen,
        "began": began(episode),
        "due_back": episode.due_back,
        "reported": episode.reported,
        "police_told": done_at(police) if police is not None else None,
        "next_call": next_call(episode),
        "interview_due": interview_due(episode),
    }
    return {
        "record": record,
        "child": episode.child,
        "name": opened.services.people.name(episode.child),
        "type": episode.type,
        "log_number": police.log_number if police is not None else "",
        "grade": police.grade if police is not None else "",
        "steps": sorted({row.step for row in episode.steps}),
        **{name: times.stamp(moment) if moment is not None else None for name, moment in moments.items()},
    }


def _words(row: dict[str, Any]) -> str:
    seen = row["last_seen"]
    since = f"last seen {times.written_at(seen)}" if seen else "last seen not known"
    log = f"police log {row['log_number']}" if row["log_number"] else "no police log number"
    steps = f"{len(row['steps'])} steps done ({row['record']})" if row["record"] else "no guide was begun"
    return f"{row['name']}: {since}, {log}, {steps}"


def export_return(context: typer.Context, to: Path, *, overwrite: bool, as_json: bool) -> None:
    """Write the national return of missing episodes; exit with code 1 if an episode had to be left out."""
    with open_for(context) as opened:
        refuse_reading(opened.store.seat.role, MISSING_EPISODE.name)
        episodes = opened.store.records_of(MISSING_EPISODE.name)
        missing = missing_return(episodes, opened.store.get)
    files.write_file(to, missing.lines(), overwrite=overwrite)
    problems = [{"reference": reference, "message": message} for reference, message in missing.problems]
    lines = [
        f"{to}: {len(missing.rows)} episodes.",
        *(f"{problem['reference']}: {problem['message']}" for problem in problems),
    ]
    value = {"file": str(to), "rows": len(missing.rows), "problems": problems}
    say(value, as_json, lambda: "\n".join([*lines, KEEP_SAFE]))
    if problems:
        raise typer.Exit(1)
