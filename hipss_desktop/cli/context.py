"""What every command shares: which home, whose store, the passphrase, and how an answer is printed.

Must not hold a command.
"""

import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from db.home import Home
from db.slots import FLOOR_KIB, Cost, calibrate
from hipss_desktop import memory, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.laptop import OpenStore, open_store
from hipss_desktop.printing import tell
from hipss_desktop.records.kind import Author
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.answers import Answers
from hipss_desktop.views.disk import DISK_WORDS

QUICK_KEYS = "HIPSS_QUICK_KEYS"
"""Environment variable for demonstrations: make keys at the floor of their cost instead of measuring the machine."""

LONGEST_TIME = len("02:17")
"""What is longer than a time of today names its day too."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="At most this many, the newest.")]


@dataclass
class Call:
    """What stands before the command: which home, who, and how the passphrase comes."""

    home: Home
    name: str
    passphrase_file: Path | None


def passphrase_of(call: Call, *, new: bool = False) -> str:
    """The passphrase: from the file, else from the environment, else typed; a ``new`` one is typed twice."""
    if call.passphrase_file is not None:
        return first_line(call.passphrase_file)
    given = memory.take_passphrase()
    if given is not None:
        return given
    return typed_twice("Passphrase") if new else getpass.getpass("Passphrase: ")


def typed_twice(which: str) -> str:
    """What somebody typed twice alike; raises UserError where the two differ."""
    typed = getpass.getpass(f"{which}: ")
    if getpass.getpass(f"{which} again: ") != typed:
        raise UserError("The two were not the same. Nothing was changed.")
    return typed


def first_line(file: Path) -> str:
    """The passphrase in a file; raises UserError where it holds none."""
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()[0]
    except (UnicodeDecodeError, IndexError) as wrong:
        raise UserError("The passphrase file must hold the passphrase in its first line, as UTF-8 text.") from wrong


def vault_of(call: Call) -> str:
    """Whose store is meant; raises UserError where that is not said."""
    people = call.home.people()
    wanted = " ".join(call.name.split()).casefold()
    found = [person for person in people if not wanted or person.name.casefold() == wanted]
    if not people:
        raise UserError("Nobody has a store on this laptop yet. Begin with ‘hipss init’ or ‘hipss enrol’.")
    if len(found) != 1:
        raise UserError("Say whose store with --as NAME: one of those that have a store on this laptop.")
    return found[0].vault_id


@contextmanager
def open_for(context: typer.Context, *, mend: bool = True) -> Iterator[OpenStore]:
    """The store that a command works with, open as long as it does.

    ``mend``: go on under a new seat where something was lost.
    """
    call: Call = context.obj
    opened = open_store(call.home, vault_of(call), passphrase_of(call), times.program_clock(call.home.path), mend=mend)
    if opened.store.disk != "all":
        tell(" ".join(DISK_WORDS[opened.store.disk]), error=True)
    try:
        yield opened
    finally:
        opened.close()


def object_in(file: str, holds: str) -> dict[str, Any]:
    """The JSON object in a file, or on standard input for "-".

    Args:
        file: its name.
        holds: what the object is, for the sentence of an error.

    Raises:
        UserError: the file is no JSON, or no object.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()  # no body holds half a surrogate pair, or NaN
    except (ValueError, RecursionError) as wrong:
        raise UserError(f"The file is not JSON. It must hold one JSON object: {holds}.") from wrong
    if not isinstance(value, dict):
        raise UserError(f"The file must hold one JSON object: {holds}.")
    return value


def answers_for(opened: OpenStore) -> Answers:
    """Reads what a person wrote about the records of a store."""
    store = opened.store
    author = Author(store.seat.person, store.seat.name)
    return Answers(lambda record: store.get(record) or store.draft(record), store.records_of, author)


def child_named(opened: OpenStore, text: str) -> str:
    """The child of an option ``--child``, by name, number or identifier; '' where none is named.

    Raises:
        UserError: no child is called that here, so that a slip of the pen does not read as "nothing is due".
    """
    child = answers_for(opened).reference(CHILD.name, text) if text else ""
    if child and opened.store.get(child) is None:
        raise UserError("This child is not on this laptop.")
    return child


def person_named(opened: OpenStore, text: str) -> str:
    """The child or household of that name, number or identifier; raises UserError where there is none here."""
    found = opened.services.people.record(text)
    if found is not None and found.kind in (CHILD.name, CARER.name):
        return text
    answers = answers_for(opened)
    for kind in (CHILD.name, CARER.name):
        try:
            record = answers.reference(kind, text)
        except UserError:
            continue
        if opened.services.people.record(record) is not None:
            return record
    raise UserError(
        "No child and no household is called that here, or more than one is. Write the whole name, or the identifier."
    )


def say(value: Any, as_json: bool, words: Callable[[], str]) -> None:
    """Print an answer, as JSON or in words."""
    tell(json.dumps(value, ensure_ascii=False, indent=1) if as_json else words())


def moment_typed(text: str, now: datetime) -> datetime:
    """A typed moment: a time of today, a moment with its day and offset, or with its day by the clock on the wall."""
    instant = times.instant_or_none(text)
    if instant is not None:
        return instant
    names_a_day = len(text.strip()) > LONGEST_TIME and any(sign.isdigit() for sign in text)
    return cells.moment(text) if names_a_day else times.at_local(times.local_day(now), times.typed_time(text))


def keyring_note(used: bool) -> str:
    """A line that says what is weaker without a keyring; '' where one is used."""
    alone = "The passphrase alone protects this store, because the keyring of this account is missing or locked.\n"
    return "" if used else alone


def cost(home: Home) -> Callable[[], Cost]:
    """How costly a new vault's keys are: measured on this machine, or the floor where a demonstration asks for it.

    Raises:
        UserError: the floor is asked for in a home that is no demonstration's.
    """
    return (lambda: Cost(FLOOR_KIB)) if times.of_demonstration(QUICK_KEYS, "makes the keys", home.path) else calibrate
