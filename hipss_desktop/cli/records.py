"""Commands for records of any kind: add, amend, add a row, withdraw, decide, show, list, search."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any

import typer

from hipss_desktop import identity
from hipss_desktop.cli.context import Json, Limit, answers_for, object_in, open_for, say
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS, kind_named, refuse_reading
from hipss_desktop.laptop import OpenStore
from hipss_desktop.printing import tell
from hipss_desktop.records import paragraphs, telephone
from hipss_desktop.records.fields import Problem
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.records import Unfinished
from hipss_desktop.sheets.answers import Answers
from hipss_desktop.views.names import draft_name
from hipss_desktop.views.paragraphs import ParagraphView
from hipss_desktop.views.record import Line, RecordView, RowCell
from sync.wire.messages import to_wire

app = typer.Typer(no_args_is_help=True, help="Add, amend, show and list records.")
search_app = typer.Typer()

FIELDS = "the record’s fields, as ‘hipss kinds KIND’ shows them"
TWO_VERSIONS = "two versions"
CANNOT_BE_READ = "cannot be read"


def _with_row_ids(kind: Kind, fields: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the fields with an id added to each row that has none, as the window and ``add-row`` do.

    In a field that is written by paragraph, divide a plain text into paragraphs. A line with the words of an earlier
    paragraph in ``before`` remains that paragraph.
    """
    fields_with_ids = dict(fields)
    for field in kind.fields:
        rows = fields.get(field.name)
        if field.by_paragraph and rows is not None:
            fields_with_ids[field.name] = paragraphs.written(rows, (before or {}).get(field.name))
        elif field.type == "rows" and isinstance(rows, list):
            fields_with_ids[field.name] = [
                {"id": identity.row_id(), **row} if row and isinstance(row, dict) else row for row in rows
            ]
    return fields_with_ids


@app.command("add")
def record_add(
    context: typer.Context,
    kind: str,
    file: Annotated[str, typer.Argument(metavar="FILE.json|-")],
    draft: Annotated[bool, typer.Option("--draft", help="Keep it as a draft, finished or not.")] = False,
    as_json: Json = False,
) -> None:
    """Finish a new record from its fields as JSON, or keep it as a draft."""
    described = kind_named(kind)
    written = _with_row_ids(described, object_in(file, FIELDS))
    with open_for(context) as opened:
        services, answers = opened.services, answers_for(opened)
        new = replace(services.records.new_draft(kind), fields=answers.read(described, written))
        _name_unknown(answers, described)
        if draft:
            saved = services.records.save(new)
            problems = _problems(answers, services.records.problems(saved))
            missing = [{"field": problem.field, "message": problem.message} for problem in problems]
            value = {"record": saved.record, "draft": True, "saved": saved.saved, "missing": missing}
            say(value, as_json, lambda: f"Draft {saved.record} saved on this laptop.")
            return
        if answers.problems:
            raise Unfinished(_problems(answers, services.records.problems(new)))
        revision = services.records.finish(new)
        _say_saved(opened, revision, as_json)


def _name_unknown(answers: Answers, kind: Kind) -> None:
    """Print the names that are not fields of the kind: a newer program may know them, or they are mistyped."""
    for name in answers.unknown:
        tell(f"'{name}' is no field of this kind ({kind.label}). It is kept as it stands.", error=True)


def _problems(answers: Answers, others: Iterable[Problem]) -> list[Problem]:
    """The answers that could not be read, then the other problems, of other fields, that prevent a finish."""
    unread = {problem.field for problem in answers.problems}
    return [*answers.problems, *(problem for problem in others if problem.field not in unread)]


def _say_saved(opened: OpenStore, revision: Revision, as_json: bool) -> None:
    state = _state(opened, revision)
    value = {"record": revision.envelope.record, "digest": revision.digest, "sync": state}
    say(value, as_json, lambda: f"{revision.envelope.record} saved on this laptop, {state}.")


def _state(opened: OpenStore, revision: Revision) -> str:
    current = opened.store.get(revision.envelope.record)
    return current.state if current else "waiting"


@app.command("amend")
def record_amend(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID")],
    file: Annotated[str, typer.Argument(metavar="FILE.json|-")],
    why: Annotated[str, typer.Option(help="Why it is changed.")],
    as_json: Json = False,
) -> None:
    """Amend a record: the fields in the file take the place of those there; the others stay."""
    fields = object_in(file, FIELDS)
    with open_for(context) as opened:
        if opened.store.draft(record_id) is not None:  # a finish would sign an unfinished draft and delete it
            raise UserError("There is a draft of this record. Finish or discard it in the window first.")
        draft = opened.services.records.amendment(record_id)
        kind, answers = kind_named(draft.kind), answers_for(opened)
        fields = answers.read(kind, _with_row_ids(kind, fields, draft.fields), draft.fields)
        _name_unknown(answers, kind)
        amended = replace(draft, fields={**draft.fields, **fields}, why=why)
        if answers.problems:
            raise Unfinished(_problems(answers, opened.services.records.problems(amended)))
        revision = opened.services.records.finish(amended)
        _say_saved(opened, revision, as_json)


@app.command("add-row")
def record_add_row(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID")],
    field: str,
    file: Annotated[str, typer.Argument(metavar="FILE.json|-")],
    as_json: Json = False,
) -> None:
    """Add a row to a list of a record that grows: no reason, and beside any draft of it."""
    row = object_in(file, FIELDS)
    with open_for(context) as opened:
        current = opened.store.get(record_id)
        kind = KINDS.get(current.kind) if current is not None else None
        if kind is not None and field in kind.by_name:
            answers = answers_for(opened)
            row = answers.read_row(kind.by_name[field], {"id": identity.row_id(), **row})
            _name_unknown(answers, kind)
            if answers.problems:
                raise Unfinished(answers.problems)
        _say_saved(opened, opened.services.records.add_row(record_id, field, row), as_json)


@app.command("withdraw")
def record_withdraw(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID")],
    why: Annotated[str, typer.Option(help="Why it is withdrawn.")],
    as_json: Json = False,
) -> None:
    """Withdraw a record; it stays readable with its reason."""
    with open_for(context) as opened:
        _say_saved(opened, opened.services.records.withdraw(record_id, why), as_json)


@app.command("decide")
def record_decide(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID")],
    file: Annotated[str, typer.Argument(metavar="FILE.json|-")],
    why: Annotated[str, typer.Option(help="Why it is decided so.")],
    keep: Annotated[
        bool | None,
        typer.Option("--keep/--leave-withdrawn", help="Which holds, where one withdrew what another amended."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Settle a conflict: the file gives each undecided part its value."""
    chosen = object_in(file, FIELDS)
    with open_for(context) as opened:
        _say_saved(opened, opened.services.records.decide(record_id, chosen, why, keep=keep), as_json)


@app.command("show")
def record_show(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID")],
    history: Annotated[
        bool, typer.Option("--history", help="Every version, with what was signed, its signature and its text.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a record as it is now, or with all its versions."""
    with open_for(context) as opened:
        current = opened.store.get(record_id) or opened.store.held_record(record_id)
        if current is None:
            draft = opened.store.draft(record_id)
            if draft is None:
                raise UserError("This record is not on this laptop.")
            say(_draft_value(draft), as_json, lambda: f"Draft. {draft_name(draft.kind, draft.fields)}")
            return
        value: dict[str, Any] = _value(current) | {"held": opened.store.without_effect(record_id)}
        if history:
            value["revisions"] = [_revision(opened, revision) for revision in opened.store.all_revisions(record_id)]
        view = opened.services.record_views.view(record_id)
        say(value, as_json, lambda: _page(view) if view else "")


def _page(view: RecordView) -> str:
    """A record as a page of text."""
    head = f"{view.label} {view.reference}: {view.title}. {view.when}".strip()
    held = [f"Held back by the council: {version.held}" for version in view.held]
    locked = [view.unconfirmed] if view.unconfirmed else []
    return "\n".join([head, *held, *locked, *(text for line in view.lines for text in _line(line))])


def _line(line: Line) -> list[str]:
    marks = [TWO_VERSIONS] if line.undecided else []
    marks += [CANNOT_BE_READ] if line.unreadable else []
    label = f"{line.label} ({', '.join(marks)})" if marks else line.label
    versions = [f"  {version.author}: {version.words}" for answer in line.undecided for version in answer.versions]
    if len(line.paragraphs) > 1:
        written = [text for shown in line.paragraphs for text in _paragraph(shown)]
        return [f"{label}:", *(f"  {text}" for text in written), *versions]
    if line.table is None:
        return [f"{label}:", *versions] if versions else [f"{label}: {line.words}"]
    rows = [line.table.headings, *(tuple(map(_cell, row)) for row in line.table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [f"{label}:", *("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows), *versions]


def _paragraph(shown: ParagraphView) -> list[str]:
    words = paragraphs.marked(shown.mark, shown.words) + (f" ({shown.more})" if shown.more else "")
    first, *others = (f"{words} ({CANNOT_BE_READ})" if shown.unreadable else words).splitlines() or [""]
    return [first, *(f"  {text}" for text in others)]


def _cell(cell: RowCell) -> str:
    words = " ".join(cell.words.split())
    return f"{words} ({CANNOT_BE_READ})" if cell.unreadable else words


def _value(current: Record) -> dict[str, Any]:
    return {
        "record": current.record,
        "kind": current.kind,
        "fields": dict(current.fields),
        "sync": current.state,
        "versions": current.versions,
        "withdrawn": current.withdrawn,
        "disputed": current.disputed,
        "heads": list(current.heads),
        "conflicts": {
            unit: [{"value": side.value, "digests": list(side.digests)} for side in sides]
            for unit, sides in current.conflicts.items()
        },
    }


def _draft_value(draft: Draft) -> dict[str, Any]:
    return {
        "record": draft.record,
        "kind": draft.kind,
        "draft": True,
        "fields": dict(draft.fields),
        "saved": draft.saved,
    }


def _revision(opened: OpenStore, revision: Revision) -> dict[str, Any]:
    sent = to_wire(revision)
    link = revision.envelope
    return {
        "digest": revision.digest,
        "envelope": {name: getattr(link, name) for name in link.__struct_fields__},
        "jws": revision.jws,
        "signature": revision.jws.rpartition(".")[2],
        "body": json.loads(sent.body) if sent.body else None,
        "salt": sent.salt,
        "receipt": opened.store.receipt(revision.digest) or None,
    }


@app.command("list")
def record_list(
    context: typer.Context,
    kind: str,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """List the records of a kind, newest first; 'drafts' lists the drafts."""
    with open_for(context) as opened:
        if kind == "drafts":
            drafts = opened.store.drafts()
            lines = "\n".join(draft.record for draft in drafts) or "No drafts."
            say([_draft_value(draft) for draft in drafts], as_json, lambda: lines)
            return
        kind_named(kind)
        records = opened.store.records_of(kind, limit=limit)
        if not records:
            refuse_reading(opened.store.seat.role, kind)
        title = KINDS[kind].title
        say(
            [_value(record) for record in records],
            as_json,
            lambda: (
                "\n".join(f"{record.record}  {title(record.fields)}  {record.state}" for record in records)
                or f"No {KINDS[kind].plural.lower()}."
            ),
        )


@search_app.command()
def search(
    context: typer.Context,
    text: str,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """Find people by name or number, and records by words, newest first."""
    with open_for(context) as opened:
        people = opened.services.people.find(text)
        records = opened.store.search(text, limit=limit)
        value = {
            "people": [
                {"kind": person.kind, "record": person.record, "name": person.called, "number": person.number}
                for person in people
            ],
            "records": [_value(record) for record in records],
        }
        say(
            value,
            as_json,
            lambda: (
                "\n".join(
                    [f"{person.called}  {telephone.grouped(person.number)}" for person in people]
                    + [
                        f"{record.record}  {KINDS[record.kind].title(record.fields)}"
                        for record in records
                        if record.kind in KINDS
                    ]
                )
                or "Nothing was found."
            ),
        )
