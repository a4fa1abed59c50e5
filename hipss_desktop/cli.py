"""``hipss``: the same work as the window's, from a command line, for scripts and checks.

Every command takes ``--json`` and then prints one JSON value on standard output, in the shapes of ``docs/commands.md``.
Errors go to standard error; exit code 2 for a wrong call, 1 for a failure. Must not hold a use case of its own.
"""

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from db import vault
from db.doctor import examine
from db.home import Home
from db.slots import FLOOR_KIB, Cost, calibrate
from hipss_desktop import times
from hipss_desktop.errors import HipssError, UserError
from hipss_desktop.kinds.catalogue import KINDS, kind_named
from hipss_desktop.laptop import OpenStore, make_vault, open_store
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.revision import Revision
from hipss_desktop.services import enrolment as joining
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.records import Unfinished
from hipss_desktop.services.sync_cycle import ChainStopped
from hipss_desktop.sheets.reading import decode
from sync.client.https import HttpsCouncil
from sync.wire.messages import travelling

PASSPHRASE = "HIPSS_PASSPHRASE"
QUICK_KEYS = "HIPSS_QUICK_KEYS"
"""Environment variable for tests: make vaults at the floor of their cost instead of measuring the machine."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="HIPSS Desktop on the command line.",
)
record = typer.Typer(no_args_is_help=True, help="Add, amend, show and list records.")
sync = typer.Typer(invoke_without_command=True, help="Exchange with the council.")
app.add_typer(record, name="record")
app.add_typer(sync, name="sync")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@dataclass
class Call:
    """What stands before the command: which home, who, and how the passphrase comes."""

    home: Home
    name: str
    passphrase_file: Path | None


@app.callback()
def call(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="The folder that holds everything; the account's own by default.")
    ] = None,
    as_name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Whose store, where the laptop has several.")
    ] = "",
    passphrase_file: Annotated[Path | None, typer.Option(help="A file whose first line is the passphrase.")] = None,
) -> None:
    """HIPSS Desktop on the command line."""
    context.obj = Call(Home(home), as_name, passphrase_file)


def _passphrase(call: Call, *, new: bool = False) -> str:
    if call.passphrase_file is not None:
        return _first_line(call.passphrase_file)
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    return _typed_twice("Passphrase") if new else getpass.getpass("Passphrase: ")


def _typed_twice(which: str) -> str:
    typed = getpass.getpass(f"{which}: ")
    if getpass.getpass(f"{which} again: ") != typed:
        raise UserError("The two were not the same. Nothing was changed.")
    return typed


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()[0]
    except (UnicodeDecodeError, IndexError) as wrong:
        raise UserError("The passphrase file must hold the passphrase in its first line, as UTF-8 text.") from wrong


def _vault_of(call: Call) -> str:
    people = call.home.people()
    wanted = " ".join(call.name.split()).casefold()
    found = [each for each in people if not wanted or each.name.casefold() == wanted]
    if not people:
        raise UserError("Nobody has a store on this laptop yet. Begin with 'hipss init' or 'hipss enrol'.")
    if len(found) != 1:
        raise UserError("Say whose store with --as NAME: one of those that have a store on this laptop.")
    return found[0].vault_id


@contextmanager
def _open(context: typer.Context) -> Iterator[OpenStore]:
    call: Call = context.obj
    opened = open_store(call.home, _vault_of(call), _passphrase(call), times.program_clock())
    try:
        yield opened
    finally:
        opened.close()


def _say(value: Any, as_json: bool, words: Callable[[], str]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1) if as_json else words())


def _cost() -> Callable[[], Cost]:
    return (lambda: Cost(FLOOR_KIB)) if os.environ.get(QUICK_KEYS) else calibrate


@app.command()
def init(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="As colleagues know it, like 'A. Bevan'.")],
    role: Annotated[str, typer.Option(help="One of: " + ", ".join(each.label for each in code_list("role").codes))],
    laptop: Annotated[str, typer.Option(help="What the laptop is called.")] = "",
    as_json: Json = False,
) -> None:
    """Make a store on this laptop that has not joined a council yet."""
    call: Call = context.obj
    made = make_vault(
        call.home,
        name=name,
        role=_role(role),
        passphrase=_passphrase(call, new=True),
        laptop=laptop,
        clock=times.program_clock(),
        cost=_cost(),
    )
    seat = made.opened.store.seat
    made.opened.close()
    value = {
        "vault": made.opened.vault_id,
        "seat": seat.seat,
        "recovery_key": made.recovery_key,
        "keyring": made.keyring_used,
    }
    _say(value, as_json, lambda: f"Made. Recovery key, to be written down and kept elsewhere:\n{made.recovery_key}")


def _role(text: str) -> str:
    code = code_list("role").read(text)
    if code is None:
        raise UserError(
            "There is no such role. Use one of: " + ", ".join(each.label for each in code_list("role").codes)
        )
    return code


@app.command()
def enrol(
    context: typer.Context,
    server: Annotated[str, typer.Option(help="The council's address.")],
    code: Annotated[str, typer.Option(help="The one-time code.")],
    name: Annotated[str, typer.Option(help="The name in the invitation.")],
    laptop: Annotated[str, typer.Option(help="What the laptop is called.")] = "",
    as_json: Json = False,
) -> None:
    """Join a council: make the store where there is none for this name, then use the code up."""
    call: Call = context.obj
    now = times.program_clock()
    asking = HttpsCouncil(server, clock=now)
    try:
        invited = joining.look(asking, server, code)
    finally:
        asking.close()
    if " ".join(name.split()).casefold() != invited.letter.name.casefold():
        raise UserError("This code is for somebody else. Check the name, or ask for a new code.")
    named = [each for each in call.home.people() if each.name.casefold() == invited.letter.name.casefold()]
    recovery = ""
    if named:
        opened = open_store(call.home, named[0].vault_id, _passphrase(call), now)
        deposit = ""
    else:
        made = make_vault(
            call.home,
            name=invited.letter.name,
            role=invited.letter.role,
            passphrase=_passphrase(call, new=True),
            laptop=laptop,
            person=invited.letter.person,
            clock=now,
            cost=_cost(),
        )
        opened, deposit, recovery = made.opened, made.council_recovery_key, made.recovery_key
    try:
        joining.accept(
            opened.store, invited, laptop=laptop or call.home.laptop().name or opened.store.seat.laptop, deposit=deposit
        )
        opened.exchange()
        seat = opened.store.seat
    finally:
        opened.close()
    value = {
        "vault": opened.vault_id,
        "seat": seat.seat,
        "person": seat.person,
        "role": seat.role,
        "recovery_key": recovery,
    }
    _say(value, as_json, lambda: f"Enrolled. Recovery key: {recovery}" if recovery else "Enrolled.")


def _fields(file: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        value = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise UserError("The file is not JSON. See 'hipss kinds KIND' for what it holds.") from wrong
    if not isinstance(value, dict):
        raise UserError("The file must hold one JSON object: the record's fields.")
    return value


@record.command("add")
def record_add(
    context: typer.Context,
    kind: str,
    file: Annotated[str, typer.Argument(metavar="FILE.json|-")],
    draft: Annotated[bool, typer.Option("--draft", help="Keep it as a draft, finished or not.")] = False,
    as_json: Json = False,
) -> None:
    """Finish a new record from its fields as JSON, or keep it as a draft."""
    kind_named(kind)
    fields = _fields(file)
    with _open(context) as opened:
        desk = opened.desk
        new = replace(desk.records.new_draft(kind), fields=fields)
        if draft:
            saved = desk.records.save(new)
            missing = [{"field": each.field, "message": each.message} for each in desk.records.problems(saved)]
            value = {"record": saved.record, "draft": True, "saved": saved.saved, "missing": missing}
            _say(value, as_json, lambda: f"Draft {saved.record} saved on this laptop.")
            return
        revision = desk.records.finish(new)
        _said(opened, revision, as_json)


def _said(opened: OpenStore, revision: Revision, as_json: bool) -> None:
    state = _state(opened, revision)
    value = {"record": revision.envelope.record, "digest": revision.digest, "sync": state}
    _say(value, as_json, lambda: f"{revision.envelope.record} saved on this laptop, {state}.")


def _state(opened: OpenStore, revision: Revision) -> str:
    current = opened.store.get(revision.envelope.record)
    return current.state if current else "waiting"


@record.command("amend")
def record_amend(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID")],
    file: Annotated[str, typer.Argument(metavar="FILE.json|-")],
    why: Annotated[str, typer.Option(help="Why it is changed.")],
    as_json: Json = False,
) -> None:
    """Amend a record: the fields in the file take the place of those there; the others stay."""
    fields = _fields(file)
    with _open(context) as opened:
        draft = opened.desk.records.amendment(record_id)
        amended = replace(draft, fields={**draft.fields, **fields}, why=why)
        revision = opened.desk.records.finish(amended)
        _said(opened, revision, as_json)


@record.command("withdraw")
def record_withdraw(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID")],
    why: Annotated[str, typer.Option(help="Why it is withdrawn.")],
    as_json: Json = False,
) -> None:
    """Withdraw a record; it stays readable with its reason."""
    with _open(context) as opened:
        _said(opened, opened.desk.records.withdraw(record_id, why), as_json)


@record.command("decide")
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
    chosen = _fields(file)
    with _open(context) as opened:
        _said(opened, opened.desk.records.decide(record_id, chosen, why, keep=keep), as_json)


@record.command("show")
def record_show(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID")],
    history: Annotated[
        bool, typer.Option("--history", help="Every revision, with envelope, signature and body.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a record as it is now, or with all its revisions."""
    with _open(context) as opened:
        current = opened.store.get(record_id)
        if current is None:
            draft = opened.store.draft(record_id)
            if draft is None:
                raise UserError("This record is not on this laptop.")
            _say(_draft_value(draft), as_json, lambda: f"Draft of {KINDS[draft.kind].label.lower()}")
            return
        value: dict[str, Any] = _value(current)
        if history:
            value["revisions"] = [_revision(opened, each) for each in opened.store.revisions(record_id)]
        view = opened.desk.record_views.view(record_id)
        _say(value, as_json, lambda: "\n".join(f"{line.label}: {line.words}" for line in (view.lines if view else ())))


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
    sent = travelling(revision)
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


@record.command("list")
def record_list(
    context: typer.Context,
    kind: str,
    limit: Annotated[int, typer.Option(help="At most this many, newest first.")] = 100,
    as_json: Json = False,
) -> None:
    """List the records of a kind, newest first; 'drafts' lists the drafts."""
    with _open(context) as opened:
        if kind == "drafts":
            drafts = opened.store.drafts()
            _say([_draft_value(each) for each in drafts], as_json, lambda: "\n".join(each.record for each in drafts))
            return
        kind_named(kind)
        found = opened.store.records_of(kind, limit=limit)
        title = KINDS[kind].title
        _say(
            [_value(each) for each in found],
            as_json,
            lambda: "\n".join(f"{each.record}  {title(each.fields)}  {each.state}" for each in found),
        )


@app.command("import")
def import_file(
    context: typer.Context,
    kind: str,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Import a sheet: good rows go in, bad rows are reported by line, the same file twice adds nothing."""
    text = decode(file.read_bytes())
    with _open(context) as opened:
        done = import_sheet(opened.store, kind, text, clock=times.program_clock(), dry_run=dry_run)
    lines = [{"line": each.line, "column": each.column, "message": each.message} for each in done.problems]
    changed = [{"line": each.line, "message": each.message} for each in done.changed]
    value = {"added": done.added, "known": done.known, "changed": changed, "problems": lines, "dry_run": dry_run}

    def words() -> str:
        said = [f"{done.added} added, {done.known} here already, {len(changed)} changed, {len(lines)} problems"]
        said += [f"Line {each['line']}: {each['message']}" for each in [*changed, *lines]]
        return "\n".join(said)

    _say(value, as_json, words)
    if lines or changed:
        raise typer.Exit(1)


@app.command()
def search(
    context: typer.Context,
    text: str,
    limit: Annotated[int, typer.Option(help="At most this many.")] = 50,
    as_json: Json = False,
) -> None:
    """Find people by name or number, and records by words, newest first."""
    with _open(context) as opened:
        people = opened.desk.people.find(text)
        found = opened.store.search(text, limit=limit)
        value = {
            "people": [
                {"kind": each.kind, "record": each.record, "name": each.name, "number": each.number} for each in people
            ],
            "records": [_value(each) for each in found],
        }
        _say(
            value,
            as_json,
            lambda: "\n".join(
                [f"{each.name}  {each.number}" for each in people]
                + [f"{each.record}  {KINDS[each.kind].title(each.fields)}" for each in found if each.kind in KINDS]
            ),
        )


@sync.callback(invoke_without_command=True)
def sync_now(context: typer.Context, as_json: Json = False) -> None:
    """Exchange with the council now."""
    if context.invoked_subcommand is not None:
        return
    with _open(context) as opened:
        afresh = False
        try:
            done = opened.exchange()
        except ChainStopped as stopped:
            opened.note_stopped(stopped)
            opened.begin_afresh()
            afresh = True
            done = opened.exchange()
        value = {"sent": done.sent, "fetched": done.fetched, "bodies": done.bodies, "problems": done.problems}
        value |= {"begun_afresh": afresh, **_status(opened)}
        new = (
            "This laptop was put back to an older state. It goes on under a new seat; nothing is lost. "
            if afresh
            else ""
        )
        said = f"Sent {done.sent}, fetched {done.fetched}. {value['waiting']} waiting."
        _say(value, as_json, lambda: new + said)


@sync.command("status")
def sync_status(context: typer.Context, as_json: Json = False) -> None:
    """How this laptop stands with the council."""
    with _open(context) as opened:
        value = _status(opened)
        said = f"{value['waiting']} waiting, {value['needs_you']} need you. {value['notice']}"
        _say(value, as_json, said.strip)


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
        "notice": opened.store.setting("notice"),
    }


@app.command()
def passwd(
    context: typer.Context,
    new_passphrase_file: Annotated[
        Path | None, typer.Option(help="A file whose first line is the new passphrase.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Change the passphrase; the old one opens nothing from then on."""
    call: Call = context.obj
    vault_id = _vault_of(call)
    with call.home.hold(vault_id):
        key = vault.unlock(call.home, vault_id, _passphrase(call), clock=times.program_clock())
        new = _first_line(new_passphrase_file) if new_passphrase_file else _typed_twice("New passphrase")
        used = vault.change_passphrase(call.home, vault_id, key, new, calibrate=_cost())
    _say({"changed": True, "keyring": used}, as_json, lambda: "Changed.")


@app.command()
def doctor(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Derive everything that can be derived again.")] = False,
    as_json: Json = False,
) -> None:
    """Check everything on this laptop and say what to do about each finding."""
    with _open(context) as opened:
        found = examine(opened.store, rebuild=rebuild)
    findings = [{"what": each.what, "do": each.do} for each in found.findings]
    unreadable = [asdict(each) for each in found.unreadable]
    seats = {seat: [link.number, link.digest] for seat, link in found.seats.items()}
    lines = [f"{each.what} {each.do}" for each in found.findings] or ["All is well."]
    lines += [f"{each.what} {each.do}" for each in found.unreadable]
    _say(
        {"seats": seats, "findings": findings, "unreadable": unreadable, "checked": found.checked},
        as_json,
        lambda: "\n".join(lines),
    )
    if findings:
        raise typer.Exit(1)


@app.command()
def kinds(kind: Annotated[str, typer.Argument()] = "", as_json: Json = False) -> None:
    """The kinds of record, or the JSON Schema of one kind's body."""
    if kind:
        typer.echo(json.dumps(kind_named(kind).schema(), ensure_ascii=False, indent=1))
        return
    value = [{"kind": each.name, "label": each.label, "version": each.version} for each in KINDS.values()]
    _say(value, as_json, lambda: "\n".join(f"{each.name:14}{each.label}" for each in KINDS.values()))


def main() -> None:
    """Run a command; an expected error is a sentence on standard error, a wrong call exits 2."""
    try:
        app(standalone_mode=True)
    except Unfinished as unfinished:
        typer.echo(str(unfinished), err=True)
        for each in unfinished.problems:
            typer.echo(f"  {each.field}: {each.message}", err=True)
        raise SystemExit(1) from None
    except (HipssError, OSError) as error:
        words = str(error) if isinstance(error, HipssError) else "A file cannot be read."
        typer.echo(words, err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
