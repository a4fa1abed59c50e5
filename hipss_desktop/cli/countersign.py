"""Commands for countersigning: list what waits, approve, return with a comment, say that you have read a record."""

from typing import Annotated, Any

import typer

from hipss_desktop import times
from hipss_desktop.cli.context import Json, open_for, say
from hipss_desktop.errors import UserError
from hipss_desktop.laptop import OpenStore
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.countersigning import Waiting, with_comments

app = typer.Typer()
Id = Annotated[str, typer.Argument(metavar="ID")]


@app.command("countersign")
def countersign(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="[ID]")] = "",
    version: Annotated[str, typer.Option(help="The version that you read; by default the one that stands now.")] = "",
    comment: Annotated[list[str] | None, typer.Option(help="Return it with this comment instead.")] = None,
    paragraph: Annotated[str, typer.Option(help="The paragraph that the comment is about, as FIELD/ROW.")] = "",
    as_json: Json = False,
) -> None:
    """Approve a record, or return it with a comment. Without an ID it lists what waits to be countersigned."""
    with open_for(context) as opened:
        countersigning = opened.services.countersigning
        if not record_id:
            rows = [_row(opened, standing) for standing in countersigning.waiting()]
            say(rows, as_json, lambda: "\n".join(map(_words, rows)) or "Nothing waits to be countersigned.")
            return
        standing = countersigning.standing(record_id)
        read = version or standing.digest
        if not comment:
            if paragraph:
                raise UserError("Write the comment on that paragraph with --comment.")
            _say_done(opened, countersigning.approve(record_id, read), "Signed", as_json)
            return
        if read != standing.digest:
            raise UserError("This was changed since you read it. Read it again, then return it.")
        draft = with_comments(countersigning.comments_draft(standing), {paragraph: "\n".join(comment)})
        _say_done(opened, countersigning.give_back(draft), "Returned", as_json)


@app.command("read")
def read(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Say that you have read a record that names you as a reader, as it stands now."""
    with open_for(context) as opened:
        _say_done(opened, opened.services.countersigning.say_read(record_id), "Read", as_json)


@app.command("ask-to-read")
def ask_to_read(
    context: typer.Context,
    record_id: Id,
    name: Annotated[str, typer.Argument(help="The colleague who must read it.")],
    as_json: Json = False,
) -> None:
    """Name a colleague who must read a record."""
    with open_for(context) as opened:
        colleague = opened.services.actions.person_named(name)
        if not colleague:
            raise UserError("There is no colleague of that name here, or there are two. Choose another one.")
        _say_done(opened, opened.services.countersigning.ask_to_read(record_id, colleague), "Asked", as_json)


def _row(opened: OpenStore, standing: Waiting) -> dict[str, Any]:
    """A record that waits to be countersigned, as the command prints it."""
    return {
        "record": standing.record.record,
        "kind": standing.kind.name,
        "name": opened.services.names.name(standing.record.record),
        "about": opened.services.names.about(standing.kind, standing.record.fields),
        "version": standing.digest,
        "since": times.stamp(since) if (since := times.instant_or_none(standing.since)) else None,
        "writers": sorted(opened.services.records.name_of(person) for person in standing.writers),
        "returned": len(standing.returned),
        "may_sign": opened.services.countersigning.may_sign(standing),
        "why_not": opened.services.countersigning.refusal(standing),
    }


def _words(row: dict[str, Any]) -> str:
    returned = ", returned with comments" if row["returned"] else ""
    name = ", ".join(filter(None, (row["name"], row["about"])))
    return f"{row['record']}  {name}, written by {' and '.join(row['writers'])}{returned}. {row['why_not']}".strip()


def _say_done(opened: OpenStore, revision: Revision, done: str, as_json: bool) -> None:
    record = revision.envelope.record
    current = opened.store.get(record)
    value = {"record": record, "digest": revision.digest, "sync": current.state if current else "waiting"}
    say(value, as_json, lambda: f"{done}. Saved on this laptop.")
