"""A caseload as sheets: imported as revisions of the council's own seat, exported as what the council holds of it.

What a row becomes is planned by ``sheets.import_plan``, the same as on a laptop. A dry run does everything in one
transaction and undoes it. What is held back is neither read nor exported. Must not hold a list of columns or kinds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec
from sqlalchemy.engine import Connection

from hipss_desktop.records.fold import State
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.keys import identify_under
from hipss_desktop.sheets.names import names_for
from hipss_desktop.sheets.reading import decode
from hipss_desktop.sheets.writing import Export, export
from sync.council.chain import Council, OwnChain, is_of_another_kind, own_chain, states

NEWER_SHEET = "Taken from a newer sheet."


class Trouble(msgspec.Struct, frozen=True):
    """Why a row was not taken."""

    file: str
    line: int
    column: str
    message: str


@dataclass
class Loaded:
    """What an import did, or would do: rows new, amended, and the same as before; changed ones are left without ``amend``."""

    added: int = 0
    amended: int = 0
    same: int = 0
    changed: list[Trouble] = field(default_factory=list)
    problems: list[Trouble] = field(default_factory=list)


class _Undone(Exception):
    """Ends a dry run's transaction."""


def load(council: Council, sheets: Sequence[tuple[Kind, Path]], *, dry_run: bool, amend: bool) -> Loaded:
    """Load sheets, all in one transaction; good rows go in whatever is wrong with others.

    Args:
        council: whose chain they go into.
        sheets: kinds and files, in an order in which the earlier do not refer to the later.
        dry_run: undo everything in the end.
        amend: write changed rows as amendments; otherwise they are reported and left.
    """
    loaded = Loaded()
    try:
        with own_chain(council) as chain:
            for kind, file in sheets:
                _load_one(chain, kind, file, loaded, amend=amend)
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    return loaded


def _load_one(chain: OwnChain, kind: Kind, file: Path, loaded: Loaded, *, amend: bool) -> None:
    found = plan(
        kind,
        decode(file.read_bytes()),
        names=names_for(kind, lambda name: _held(chain.connection, name)),
        held=_held(chain.connection, kind.name),
        now=chain.council.clock(),
        identify=identify_under(chain.council.home.key_for("imported")),
    )
    loaded.problems += [Trouble(file.name, problem.line, problem.column, problem.message) for problem in found.problems]
    loaded.same += found.known
    loaded.added += len(found.new)
    for row in found.new:
        taken = is_of_another_kind(chain.connection, kind.name, row.record)
        chain.append(kind, row.fields, record="" if taken else row.record)  # its key finds it again
    for changed in found.changed:
        if amend:
            chain.append(kind, changed.fields, record=changed.held.record, before=changed.held, why=NEWER_SHEET)
            loaded.amended += 1
        else:
            said = "This row is not as it was when it was imported. Use --amend to take the change."
            loaded.changed.append(Trouble(file.name, changed.line, "", said))


def _held(connection: Connection, kind: str) -> Iterable[State]:
    return states(connection, kind).values()


@contextmanager
def exporter(council: Council) -> Iterator[Callable[[Kind], Export]]:
    """What gives the sheet of a kind; all that it gives is of one moment."""
    with council.store.reading() as connection:

        @cache
        def held(kind: str) -> tuple[State, ...]:
            return tuple(_held(connection, kind))

        yield lambda kind: export(kind, held(kind.name), names_for(kind, held))
