"""Commands for the laptop itself: make a store, join a council, change keys, check everything, list the kinds of record."""

import getpass
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from db.doctor import examine
from hipss_desktop import times
from hipss_desktop.cli.context import (
    Call,
    Json,
    cost,
    first_line,
    keyring_note,
    open_for,
    passphrase_of,
    say,
    typed_twice,
    vault_of,
)
from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.kinds.catalogue import KINDS, kind_named
from hipss_desktop.laptop import (
    Rekeyed,
    change_passphrase,
    make_vault,
    new_recovery_key,
    open_by_recovery,
    open_store,
)
from hipss_desktop.printing import refuse_unseen, tell
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.folding import folded
from hipss_desktop.services import enrolment as joining
from hipss_desktop.views.clock_apart import WHAT_TO_DO, clock_words
from sync.client.https import HttpsCouncil

app = typer.Typer()


@app.command()
def init(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="As colleagues know it, like ‘A. Bevan’.")],
    role: Annotated[str, typer.Option(help="One of: " + ", ".join(code.label for code in code_list("role").codes))],
    laptop: Annotated[str, typer.Option(help="What the laptop is called.")] = "",
    as_json: Json = False,
) -> None:
    """Make a store on this laptop that has not joined a council yet."""
    call: Call = context.obj
    refuse_unseen()
    new_vault = make_vault(
        call.home,
        name=name,
        role=_role(role),
        passphrase=passphrase_of(call, new=True),
        laptop=laptop,
        clock=times.program_clock(call.home.path),
        cost=cost(call.home),
    )
    seat = new_vault.opened.store.seat
    value = {
        "vault": new_vault.opened.vault_id,
        "seat": seat.seat,
        "recovery_key": new_vault.recovery_key,
        "keyring": new_vault.keyring_used,
    }
    note = keyring_note(new_vault.keyring_used)
    say(
        value,
        as_json,
        lambda: f"{note}Made. Recovery key, to be written down and kept elsewhere:\n{new_vault.recovery_key}",
    )
    new_vault.opened.recovery_key_seen()
    new_vault.opened.close()


def _role(text: str) -> str:
    code = code_list("role").read(text)
    if code is None:
        raise UserError(
            "There is no such role. Use one of: "
            + ", ".join(known_role.label for known_role in code_list("role").codes)
        )
    return code


@app.command()
def enrol(
    context: typer.Context,
    server: Annotated[str, typer.Option(help="The council’s address.")],
    code: Annotated[str, typer.Option(help="The one-time code.")],
    name: Annotated[str, typer.Option(help="The name in the invitation.")],
    laptop: Annotated[str, typer.Option(help="What the laptop is called.")] = "",
    as_json: Json = False,
) -> None:
    """Join a council: make the store where there is none for this name, then use the code up."""
    call: Call = context.obj
    refuse_unseen()
    now = times.program_clock(call.home.path)
    asking = HttpsCouncil(server, clock=now)
    try:
        invited = joining.look(asking, asking.server, code)
    finally:
        asking.close()
    if folded(name) != folded(invited.offer.name):
        raise UserError("This code is for somebody else. Check the name, or ask for a new code.")
    named = [person for person in call.home.people() if folded(person.name) == folded(invited.offer.name)]
    recovery = note = ""
    if named:
        opened = open_store(call.home, named[0].vault_id, passphrase_of(call), now)
    else:
        new_vault = make_vault(
            call.home,
            name=invited.offer.name,
            role=invited.offer.role,
            passphrase=passphrase_of(call, new=True),
            laptop=laptop,
            person=invited.offer.person,
            clock=now,
            cost=cost(call.home),
            invited=invited,
        )
        opened, recovery = new_vault.opened, new_vault.recovery_key
        note = keyring_note(new_vault.keyring_used)
    try:
        if named:
            opened.join(invited, laptop=laptop or call.home.laptop().name or opened.store.seat.laptop)
        with suppress(Unavailable):  # the store has saved the invitation, and the next exchange uses the code
            opened.exchange()
        seat = opened.store.seat
        value = {
            "vault": opened.vault_id,
            "seat": seat.seat,
            "person": seat.person,
            "role": seat.role,
            "recovery_key": recovery,
            "enrolled": seat.enrolled,
        }
        joined = (
            "Enrolled." if seat.enrolled else "The council has not answered yet. ‘hipss sync’ goes on when it does."
        )
        say(value, as_json, lambda: f"{note}{joined} Recovery key: {recovery}" if recovery else joined)
        if recovery:
            opened.recovery_key_seen()
    finally:
        opened.close()


@app.command("recovery-key")
def recovery_key(context: typer.Context, as_json: Json = False) -> None:
    """Make a new recovery key, to be written down; the one before opens nothing any more."""
    call: Call = context.obj
    refuse_unseen()
    clock = times.program_clock(call.home.path)
    rekeyed = new_recovery_key(call.home, vault_of(call), passphrase_of(call), clock, cost=cost(call.home))
    _tell(rekeyed, {"recovery_key": rekeyed.recovery_key}, as_json, "Made.")


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
    refuse_unseen()
    vault_id, old = vault_of(call), passphrase_of(call)
    new = first_line(new_passphrase_file) if new_passphrase_file else typed_twice("New passphrase")
    rekeyed = change_passphrase(
        call.home, vault_id, old, new, times.program_clock(call.home.path), cost=cost(call.home)
    )
    value = {"changed": True, "keyring": rekeyed.keyring_used, "recovery_key": rekeyed.recovery_key}
    _tell(rekeyed, value, as_json, "Changed.")


@app.command()
def recover(
    context: typer.Context,
    recovery_key_file: Annotated[Path | None, typer.Option(help="A file whose first line is the recovery key.")] = None,
    new_passphrase_file: Annotated[
        Path | None, typer.Option(help="A file whose first line is the new passphrase.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Open a store by its recovery key, and give it a new passphrase."""
    call: Call = context.obj
    refuse_unseen()
    vault_id = vault_of(call)
    key = first_line(recovery_key_file) if recovery_key_file else getpass.getpass("Recovery key: ")
    new = first_line(new_passphrase_file) if new_passphrase_file else typed_twice("New passphrase")
    rekeyed = open_by_recovery(call.home, vault_id, key, new, times.program_clock(call.home.path), cost=cost(call.home))
    value = {"recovered": True, "keyring": rekeyed.keyring_used, "recovery_key": rekeyed.recovery_key}
    _tell(rekeyed, value, as_json, "Changed.")


def _tell(rekeyed: Rekeyed, value: dict[str, object], as_json: bool, done: str) -> None:
    """Print that the keys were changed, print a new recovery key once, and close the store."""
    new = rekeyed.recovery_key
    words = f"{done} Recovery key, to be written down and kept elsewhere:\n{new}" if new else done
    try:
        say(value, as_json, lambda: f"{keyring_note(rekeyed.keyring_used)}{words}")
        if new:
            rekeyed.opened.recovery_key_seen()
    finally:
        rekeyed.opened.close()


@app.command()
def doctor(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Derive everything that can be derived again.")] = False,
    as_json: Json = False,
) -> None:
    """Check everything on this laptop and say what to do about each finding."""
    with open_for(context, mend=False) as opened:  # a repair would hide what it repairs from the doctor
        examination = examine(opened.store, rebuild=rebuild)
        clock = clock_words(opened.services.records.council_time.ahead())
    findings = [{"what": finding.problem, "do": finding.do} for finding in examination.findings]
    findings += [{"what": clock, "do": WHAT_TO_DO}] if clock else []
    unreadable, held = ([asdict(digest) for digest in named] for named in (examination.unreadable, examination.held))
    seats = {seat: [link.number, link.digest] for seat, link in examination.seats.items()}
    lines = [f"{finding['what']} {finding['do']}" for finding in findings] or ["All is well."]
    lines += [f"{unread.what} {unread.do}" for unread in examination.unreadable]
    lines += [f"{digest.what} {digest.do}" for digest in examination.held]
    lines += examination.doubts
    say(
        {
            "seats": seats,
            "findings": findings,
            "unreadable": unreadable,
            "held": held,
            "doubts": examination.doubts,
            "checked": examination.checked,
        },
        as_json,
        lambda: "\n".join(lines),
    )
    if findings:
        raise typer.Exit(1)


@app.command()
def kinds(kind: Annotated[str, typer.Argument()] = "", as_json: Json = False) -> None:
    """The kinds of record, or the JSON Schema of one kind's body."""
    if kind:
        tell(json.dumps(kind_named(kind).schema(), ensure_ascii=False, indent=1))
        return
    value = [
        {"kind": known_kind.name, "label": known_kind.label, "version": known_kind.version}
        for known_kind in KINDS.values()
    ]
    width = max(map(len, KINDS)) + 2
    say(value, as_json, lambda: "\n".join(f"{kind.name:{width}}{kind.label}" for kind in KINDS.values()))
