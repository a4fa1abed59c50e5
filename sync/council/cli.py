"""``hipss-council``: the commands of the council's own staff. Each command can print its answer as JSON (``--json``).

Exit code 0: done. 1: failed, or ``doctor`` has findings. 2: the command was not called as it must be. Errors go to standard error.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from joserfc.util import urlsafe_b64encode

from hipss_desktop import commands, times
from hipss_desktop.decoding import NotReadable, text_in
from hipss_desktop.errors import WrongCall
from hipss_desktop.printing import tell
from hipss_desktop.records.codes import code_list
from hipss_desktop.sheets.encodings import ENCODING_HELP, Encoding
from hipss_desktop.sheets.workbooks import PAGE_HELP
from sync.council import home as homes
from sync.council.chain import Council
from sync.council.opening import check_address, opened

if TYPE_CHECKING:
    from sync.council.enrolment import Invitation

app = typer.Typer(
    help="The council server of HIPSS Desktop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
device_app = typer.Typer(help="The laptops that may sync.", no_args_is_help=True)
seat_app = typer.Typer(help="One person's store on one laptop.", no_args_is_help=True)
app.add_typer(device_app, name="device")
chain_app = typer.Typer(help="The council's own record of orders, certificates among them.", no_args_is_help=True)
rotate_app = typer.Typer(help="New keys in place of those that somebody may have seen.", no_args_is_help=True)
app.add_typer(seat_app, name="seat")
app.add_typer(chain_app, name="chain")
app.add_typer(rotate_app, name="rotate")

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it goes into the council's own record of orders.")]
By = Annotated[
    str,
    typer.Option("--by", envvar="HIPSS_COUNCIL_BY", help="Who you are: your name or identifier as a practitioner."),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", exists=True, dir_okay=False, help="A file whose first line is the officer's passphrase."
    ),
]
NewPassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--new-passphrase-file", exists=True, dir_okay=False, help="The same with the officer's new passphrase."
    ),
]


@app.callback()
def _folder(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option("--home", help=f"The council's folder. Else {homes.HOME_VARIABLE}.")
    ] = None,
) -> None:
    context.obj = home or homes.default_folder()


def _council(context: typer.Context) -> Council:
    home = homes.Home(context.obj)
    _ = home.settings
    store = opened(home)
    context.call_on_close(store.close)
    return Council(home, store, times.program_clock(home.folder))


def _passphrase(file: Path | None, *, new: bool = False, prompt: str = "The officer's passphrase") -> str:
    if file is None:
        return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=new))
    try:
        return (text_in(file.read_bytes()).splitlines() or [""])[0]
    except NotReadable as wrong:
        raise WrongCall("The passphrase file must hold the passphrase in its first line, as UTF-8 text.") from wrong


def _say(value: Any, words: str, as_json: bool) -> None:
    tell(msgspec.json.encode(value).decode("utf-8") if as_json else words)


@app.command()
def init(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What the council calls itself.")] = "Council",
    json: Json = False,
) -> None:
    """Make the council's folder, signing key and store."""
    check_address()  # before there is a folder, which could not be made a second time
    home = homes.create(context.obj, name)
    opened(home).close()
    answer = {"name": name, "seat": home.settings.seat, "key": home.public, "folder": str(home.folder)}
    _say(answer, f"Made the council {name} in {home.folder}\nIts identifier: {home.settings.seat}", json)


@app.command()
def serve(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8317,
    certificate: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="PEM file, for HTTPS.")] = None,
    key: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="PEM file, for HTTPS.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
) -> None:
    """Serve laptops until stopped."""
    from sync.council.serving import serve as run

    home = homes.Home(context.obj)
    _ = home.settings
    run(home, host, port, certificate=certificate, key=key, workers=workers)


@app.command()
def invite(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Option(help="The person's name, as colleagues know it.")],
    role: Annotated[str, typer.Option(help="A role's code or label, like on_call.")],
    person: Annotated[str, typer.Option(help="The person's identifier, or new for somebody not known yet.")] = "",
    hours: Annotated[float, typer.Option(help="How long the code holds.")] = 24,
    by: By = "",
    json: Json = False,
) -> None:
    """Make a one-time code that joins one laptop."""
    from sync.council.acts import invite as make

    def show(invitation: "Invitation") -> None:
        _say(asdict(invitation), invitation.code, json)

    make(_council(context), by, name, role, person=person, hours=hours, show=show)


@device_app.command("list")
def device_list(context: typer.Context, json: Json = False) -> None:
    """List the laptops that were certified."""
    from sync.council.administration import devices, waiting_revocations

    council = _council(context)
    seats, waiting = devices(council), waiting_revocations(council)
    roles = code_list("role")
    lines = [
        f"{device.seat}  {device.name}, {roles.label(device.role)}, on {device.laptop or 'a laptop'}"
        + ("" if device.revoked_after is None else f", revoked after number {device.revoked_after}")
        + (", kept out, its order waits" if device.seat in waiting else "")
        for device in seats
    ]
    _say(seats, "\n".join(lines) or "No laptop has enrolled yet.", json)


@device_app.command("revoke")
def device_revoke(
    context: typer.Context,
    seat: str,
    why: Why,
    *,
    since: Annotated[
        str,
        typer.Option(
            metavar="WHEN",
            help="Since when the laptop was in other hands, like 14/03/2017 02:14: what came of it since is held back.",
        ),
    ] = "",
    json: Json = False,
) -> None:
    """End a laptop's right to sync."""
    from hipss_desktop.sheets.cells import moment
    from sync.council.administration import revoke

    order = revoke(_council(context), seat, why, moment(since) if since else None)
    waits = "" if order else " Its order is written once a laptop has shown the council's own record of orders."
    _say({"seat": seat, "digest": order}, f"Laptop {seat} may no longer sync.{waits}", json)


@device_app.command("recovery")
def device_recovery(
    context: typer.Context, seat: str, by: By = "", passphrase_file: PassphraseFile = None, json: Json = False
) -> None:
    """Show the recovery key that a laptop deposited; the officer's passphrase is asked for where there is an officer."""
    from sync.council.acts import recovery_key
    from sync.council.deposits import has_officer

    council = _council(context)
    key = recovery_key(council, by, seat, _passphrase(passphrase_file) if has_officer(council) else "")
    _say({"seat": seat, "recovery": key}, key, json)


@app.command()
def acts(context: typer.Context, json: Json = False) -> None:
    """List who made invitations, looked at recovery keys, replaced the officer's key, or said how its orders go on."""
    from sync.council.acts import acts as all_acts

    entries = all_acts(_council(context))
    lines = [
        f"{times.written_at(entry.at)}  {entry.by or entry.act.by or 'Nobody known'}: "
        f"{code_list('council_act').label(entry.act.what)}"
        + (f", as {code_list('role').label(entry.act.role)}" if entry.act.role else "")
        + (f", for {entry.person or entry.act.person}" if entry.act.person else "")
        + (f", of laptop {entry.act.seat}" if entry.act.seat else "")
        for entry in entries
    ]
    _say([asdict(entry) for entry in entries], "\n".join(lines) or "Nothing yet.", json)


@app.command()
def officer(
    context: typer.Context,
    *,
    passphrase_file: PassphraseFile = None,
    lost: Annotated[
        bool,
        typer.Option("--lost", help="A former key is in no backup: delete the recovery keys that it alone opened."),
    ] = False,
    json: Json = False,
) -> None:
    """Make the officer's key: from now on only its passphrase opens deposited recovery keys."""
    from sync.council.deposits import make_officer

    sealed = make_officer(_council(context), _passphrase(passphrase_file, new=True), lost=lost)
    _say(
        {"sealed": sealed},
        f"Made the officer's key, and sealed {sealed}. Without the passphrase nobody opens them.",
        json,
    )


@app.command("import")
def import_(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="A kind like child, all, or a folder of sheets named by kind.")],
    path: Annotated[
        Path | None, typer.Argument(exists=True, help="A CSV file or a workbook, or a folder that holds KIND.csv.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List every problem, write nothing.")] = False,
    amend: Annotated[bool, typer.Option("--amend", help="Take changed rows as amendments.")] = False,
    encoding: Annotated[Encoding | None, typer.Option(help=ENCODING_HELP)] = None,
    sheet: Annotated[str, typer.Option(help=PAGE_HELP)] = "",
    add_alike: Annotated[
        bool, typer.Option("--add-alike", help="Add rows too that look like somebody who is here.")
    ] = False,
    json: Json = False,
) -> None:
    """Load a caseload from sheets as records that the council writes itself."""
    from hipss_desktop.sheets.files import sheets_meant
    from sync.council.caseload import load

    meant = sheets_meant(kind, path)
    loaded = load(
        _council(context),
        meant.sheets,
        dry_run=dry_run,
        amend=amend,
        encoding=encoding,
        page=sheet,
        add_alike=add_alike,
    )
    lines = [*loaded.notes, *(problem.words for problem in (*loaded.problems, *loaded.changed, *loaded.doubts))]
    lines += [f"{name}: This file was not read, because its name is that of no kind." for name in meant.unread]
    would = "Would add" if dry_run else "Added"
    lines.append(f"{would} {loaded.added}, amended {loaded.amended}, the same {loaded.same}.")
    _say({**asdict(loaded), "unread": meant.unread, "dry_run": dry_run}, "\n".join(lines), json)
    if loaded.problems or loaded.changed or meant.unread:
        raise typer.Exit(1)


@app.command()
def export(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="A kind like child, or all.")],
    to: Annotated[Path | None, typer.Option("--to", help="The CSV file; for all, a folder.")] = None,
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over files of these names.")] = False,
    template: Annotated[
        bool, typer.Option("--template", help="Write an empty workbook with the headings instead, to be filled in.")
    ] = False,
    json: Json = False,
) -> None:
    """Write the records of a kind, or of every kind that has a sheet, as CSV."""
    from hipss_desktop.sheets.files import TO_NEEDED, places_for, words, write_exports, write_templates
    from sync.council.caseload import exporter

    if template:
        templates = write_templates(kind, to, overwrite=overwrite)
        answer = {"files": [{"kind": name, "file": file} for name, file in templates]}
        _say(answer, "\n".join(file for _, file in templates), json)
        return
    if to is None:
        raise WrongCall(TO_NEEDED)
    places = places_for(kind, to)
    with exporter(_council(context)) as export_of:
        written = write_exports(places, export_of, overwrite=overwrite)
    _say({"files": [asdict(file) for file in written]}, words(written), json)


@app.command()
def held(context: typer.Context, json: Json = False) -> None:
    """List what is held back, and why."""
    from sync.council.administration import quarantine

    revisions = quarantine(_council(context))
    lines = [
        f"{quarantined.digest}  {quarantined.kind}, number {quarantined.number} from {quarantined.seat}: {quarantined.reason}"
        for quarantined in revisions
    ]
    _say([asdict(quarantined) for quarantined in revisions], "\n".join(lines) or "Nothing is held back.", json)


@app.command()
def release(
    context: typer.Context,
    digest: str,
    why: Why,
    *,
    instead: Annotated[
        bool, typer.Option("--instead", help="Hold back what was written under its identifier as another kind.")
    ] = False,
    json: Json = False,
) -> None:
    """Let a version that is held back through."""
    from sync.council.administration import release as let_through

    order = let_through(_council(context), digest, why, instead=instead)
    _say({"released": digest, "digest": order.digest}, "Released.", json)


@app.command()
def erase(
    context: typer.Context,
    digests: Annotated[list[str], typer.Argument(help="The versions whose text is erased.")],
    basis: Annotated[str, typer.Option(help="The lawful basis.")],
    json: Json = False,
) -> None:
    """Order the erasure of versions' texts, here and on every laptop."""
    from sync.council.administration import erase as order_erasure

    order = order_erasure(_council(context), digests, basis)
    _say({"erased": sorted(set(digests)), "digest": order.digest}, f"Erased {len(set(digests))}.", json)


@app.command()
def revision(context: typer.Context, digest: str, json: Json = False) -> None:
    """Show one version of a record as it is kept: the compact JWS; with --json also its salt and body."""
    from sync.council.administration import revision as stored_revision

    stored = stored_revision(_council(context), digest)
    answer = {
        "digest": stored.digest,
        "jws": stored.jws,
        "salt": None if stored.salt is None else urlsafe_b64encode(stored.salt).decode("ascii"),
        "body": None if stored.body is None else stored.body.decode("utf-8"),
        "envelope": stored.envelope,
    }
    _say(answer, stored.jws, json)


@chain_app.command("confirm")
def chain_confirm(context: typer.Context, by: By = "", json: Json = False) -> None:
    """Say that nothing was put back: no laptop holds later orders of the council than it does itself."""
    from sync.council.acts import confirm
    from sync.council.showing import STATEMENT_LASTS

    serves = confirm(_council(context), by)
    minutes = int(STATEMENT_LASTS.total_seconds() // 60)
    holds = "until it is stopped" if serves else f"for {minutes} minutes, or until it is started"
    _say({"serves": serves}, f"The council goes on with its own record of orders, {holds}.", json)


@chain_app.command("mend")
def chain_mend(context: typer.Context, by: By = "", json: Json = False) -> None:
    """Take the council's orders that laptops brought, and write again after them what was written meanwhile."""
    from sync.council.acts import mend

    mended = mend(_council(context), by)
    words = f"Took {mended.taken} orders from the laptops after number {mended.alike}, and wrote {mended.again} again."
    _say(asdict(mended), words, json)


@seat_app.command("key")
def seat_key(context: typer.Context, seat: str, json: Json = False) -> None:
    """Show the key that checks the signatures of a laptop's records, as a JWK."""
    from sync.council.administration import seat_key as key_of

    key = key_of(_council(context), seat)
    _say(key, msgspec.json.encode(key).decode("utf-8"), json)  # a JWK is JSON either way


@rotate_app.command("texts")
def rotate_texts(context: typer.Context, json: Json = False) -> None:
    """Encrypt all texts and deposits under fresh keys; open one-time codes end. Laptops may sync meanwhile."""
    from sync.council.rotation import rotate_texts as rotate

    texts, recoveries, codes = rotate(_council(context))
    answer = {"texts": texts, "deposits": recoveries, "codes_ended": codes}
    words = f"Encrypted anew: texts {texts}, deposits {recoveries}. One-time codes that ended: {codes}."
    _say(
        answer,
        f"{words}\nMake a new backup of the folder and the store; an older one opens only with its own keys.json.",
        json,
    )


@rotate_app.command("signing")
def rotate_signing(context: typer.Context, json: Json = False) -> None:
    """Sign with a fresh key from now on. Laptops follow by themselves; open one-time codes end, as they name the former key."""
    from sync.council.rotation import rotate_signing as rotate

    key = rotate(_council(context))
    words = (
        "The council signs with a new key, and laptops follow at their next exchange. Make a new backup of the folder."
    )
    _say({"key": key}, words, json)


@rotate_app.command("officer")
def rotate_officer(
    context: typer.Context,
    *,
    by: By = "",
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: NewPassphraseFile = None,
    json: Json = False,
) -> None:
    """Seal all deposited recovery keys to a new key of the officer. Laptops may sync meanwhile, and learn nothing of it."""
    from sync.council.acts import rotate_officer as rotate

    council = _council(context)
    former = _passphrase(passphrase_file, prompt="The officer's passphrase until now")
    new = _passphrase(new_passphrase_file, new=True, prompt="The officer's new passphrase")
    sealed = rotate(council, by, former, new)
    words = f"Sealed anew: {sealed}. Only the new passphrase opens them. Make a new backup of the folder and the store."
    _say({"sealed": sealed}, words, json)


@rotate_app.command("tokens")
def rotate_tokens(context: typer.Context, json: Json = False) -> None:
    """End every access token; laptops prove themselves again by themselves."""
    from sync.council.rotation import rotate_tokens as rotate

    rotate(_council(context))
    _say({"rotated": "tokens"}, "Every laptop proves itself again at its next request.", json)


@app.command()
def doctor(context: typer.Context, json: Json = False) -> None:
    """Check everything; exit code 1 when there are findings."""
    from sync.council.doctor import examine

    examined = examine(_council(context))
    lines = [
        f"{finding.what} {finding.do}" + (f" (from {finding.seat}, {finding.number})" if finding.seat else "")
        for finding in examined.findings
    ]
    lines = lines or [f"All is well: {len(examined.seats)} series of records."]
    lines += [f"{unread.what} {unread.do}" for unread in examined.unreadable]
    lines += [f"{record.what} {record.do}" for record in examined.held]
    lines += examined.doubts
    _say(examined, "\n".join(lines), json)
    if examined.findings:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    commands.run(app)


if __name__ == "__main__":
    main()
