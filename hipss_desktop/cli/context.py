"""What all commands share: which home, whose store, the passphrase, and how to print an answer.

Must not define a command.
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
from hipss_desktop.decoding import HalfCharacter, NamedTwice, NoNumber, NotReadable, json_in, text_in
from hipss_desktop.errors import UserError, WrongCall
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.laptop import OpenStore, open_store
from hipss_desktop.printing import tell
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Author
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.answers import Answers
from hipss_desktop.views.clock_apart import WHAT_TO_DO, clock_words
from hipss_desktop.views.disk import DISK_WORDS

QUICK_KEYS = "HIPSS_QUICK_KEYS"
"""Environment variable for demonstrations: make keys at the lowest cost allowed, without measuring the machine."""

LONGEST_TIME = len("02:17")
"""A typed moment of at most this many characters is a time of today; a longer one may name its day."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="At most this many, the newest.")]


@dataclass
class Call:
    """The options before the command: which home, whose store, and the file with the passphrase, if any."""

    home: Home
    name: str
    passphrase_file: Path | None


def passphrase_of(call: Call, *, new: bool = False) -> str:
    """Return the passphrase from the file, else from the environment; else ask for it, twice if it is ``new``."""
    if call.passphrase_file is not None:
        return first_line(call.passphrase_file)
    passphrase = memory.take_passphrase()
    if passphrase is not None:
        return passphrase
    return typed_twice("Passphrase") if new else getpass.getpass("Passphrase: ")


def typed_twice(which: str) -> str:
    """Ask for a secret twice and return it; raises UserError if the two differ."""
    typed = getpass.getpass(f"{which}: ")
    if getpass.getpass(f"{which} again: ") != typed:
        raise UserError("The two were not the same. Nothing was changed.")
    return typed


def first_line(file: Path) -> str:
    """The first line of a file, without its line end; raises WrongCall if the file is empty or no text."""
    try:
        return text_in(file.read_bytes()).splitlines()[0]
    except (NotReadable, IndexError) as wrong:
        raise WrongCall("The passphrase file must hold the passphrase in its first line, as UTF-8 text.") from wrong


def vault_of(call: Call) -> str:
    """The identifier of the store that the command works with.

    Raises:
        UserError: nobody has a store on this laptop, the person named has none, or several people have one and none is named.
    """
    people = call.home.people()
    wanted_name = folded(call.name)
    matches = [person for person in people if not wanted_name or folded(person.name) == wanted_name]
    if not people:
        raise UserError("Nobody has a store on this laptop yet. Begin with ‘hipss init’ or ‘hipss enrol’.")
    if len(matches) != 1:
        raise UserError("Say whose store with --as NAME: one of those that have a store on this laptop.")
    return matches[0].vault_id


@contextmanager
def open_for(context: typer.Context, *, mend: bool = True) -> Iterator[OpenStore]:
    """Open the store that a command works with, and close it when the command ends.

    With ``mend``, a store that lost something continues under a new seat; else it is opened unchanged, for the doctor.
    """
    call: Call = context.obj
    opened = open_store(call.home, vault_of(call), passphrase_of(call), times.program_clock(call.home.path), mend=mend)
    if opened.store.disk != "all":
        tell(" ".join(DISK_WORDS[opened.store.disk]), error=True)
    try:
        yield opened
        if mend and (wrong := clock_words(opened.services.records.council_time.ahead())):
            tell(f"{wrong} {WHAT_TO_DO}", error=True)
    finally:
        opened.close()


def object_in(file: str, holds: str) -> dict[str, Any]:
    """The JSON object in a file, or on standard input for "-".

    Args:
        file: the name of the file.
        holds: what the object must contain, for the error message.

    Raises:
        WrongCall: the file does not contain JSON, its value is not an object, or a text or number in it cannot be signed,
            or it names a field twice.
    """
    try:
        value = json_in(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    except HalfCharacter as wrong:
        raise WrongCall("The file holds half of a character, like \\ud83d alone. Write the whole character.") from wrong
    except NoNumber as wrong:
        raise WrongCall("The file holds a number that is too large or is none. Write it as text.") from wrong
    except NamedTwice as wrong:
        raise WrongCall("The file names a field twice. Take one of the two values out.") from wrong
    except NotReadable as wrong:
        raise WrongCall(f"The file is not JSON. It must hold one JSON object: {holds}.") from wrong
    if not isinstance(value, dict):
        raise WrongCall(f"The file must hold one JSON object: {holds}.")
    return value


def answers_for(opened: OpenStore) -> Answers:
    """Return the reader that turns what a person wrote, such as a name or a date, into the fields of a record."""
    store = opened.store
    author = Author(store.seat.person, store.seat.name)
    return Answers(lambda record: store.get(record) or store.draft(record), store.records_of, author)


def child_named(opened: OpenStore, text: str) -> str:
    """The record of the child that an option ``--child`` names, by name, number or identifier; '' if it names none.

    Raises:
        UserError: no child here is called that. An empty answer to a mistyped name would look like "nothing is due".
    """
    child = answers_for(opened).reference(CHILD.name, text) if text else ""
    if child and opened.store.get(child) is None:
        raise UserError("This child is not on this laptop.")
    return child


def person_named(opened: OpenStore, text: str) -> str:
    """The record of the child or household with that name, number or identifier; raises UserError if none is here."""
    person = opened.services.people.record(text)
    if person is not None and person.kind in (CHILD.name, CARER.name):
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
    """Print an answer: ``value`` as JSON, or its ``words``."""
    tell(json.dumps(value, ensure_ascii=False, indent=1) if as_json else words())


def moment_typed(text: str, now: datetime) -> datetime:
    """The moment that somebody typed: a time of today, a day and time in UK local time, or a day, time and offset."""
    instant = times.instant_or_none(text)
    if instant is not None:
        return instant
    names_a_day = len(text.strip()) > LONGEST_TIME and any(sign.isdigit() for sign in text)
    return cells.moment(text) if names_a_day else times.at_local(times.local_day(now), times.typed_time(text))


def keyring_note(used: bool) -> str:
    """A line that says what is less safe without a keyring; '' if a keyring is used."""
    alone = "The passphrase alone protects this store, because the keyring of this account is missing or locked.\n"
    return "" if used else alone


def cost(home: Home) -> Callable[[], Cost]:
    """Return the function that says what the keys of a new vault cost: measured on this machine, or the lowest cost allowed.

    Demonstrations ask for the lowest cost with ``HIPSS_QUICK_KEYS``.

    Raises:
        UserError: the variable is set, but the home does not belong to a demonstration.
    """
    return (lambda: Cost(FLOOR_KIB)) if times.of_demonstration(QUICK_KEYS, "makes the keys", home.path) else calibrate
