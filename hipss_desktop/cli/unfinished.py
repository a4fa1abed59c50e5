"""The command that lists unfinished drafts: those on this laptop, and those that other laptops last reported."""

from typing import Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.views.drafts import read_drafts

app = typer.Typer()


@app.command("unfinished")
def unfinished(context: typer.Context, as_json: Json = False) -> None:
    """List what was begun and not finished. Of other laptops: your own work, and for managers what is too old."""
    with open_for(context) as opened:
        services = opened.services
        old = services.unfinished.old_here()
        rows: list[dict[str, Any]] = [
            {
                "laptop": "",
                "words": draft.name,
                "about": "",
                "began": draft.draft.began,
                "too_old": draft.draft.record in old,
                "not_seen": "",
            }
            for draft in read_drafts(services)
        ]
        rows += [
            {
                "laptop": line.laptop,
                "words": line.words,
                "about": line.about,
                "began": times.stamp(line.began),
                "too_old": line.old,
                "not_seen": line.seen,
            }
            for line in services.unfinished.elsewhere()
        ]
        say(rows, as_json, lambda: "\n".join(map(_words, rows)) or "Nothing lies unfinished.")


def _words(row: dict[str, Any]) -> str:
    where = f"on {row['laptop']}" if row["laptop"] else "on this laptop"
    return ". ".join(part for part in (f"{row['words']}, {where}", row["about"], row["not_seen"]) if part)
