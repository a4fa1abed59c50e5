"""Import a caseload from sheets, as revisions of the council's own seat, and export it to sheets.

``sheets.import_plan`` decides what a row becomes, the same as on a laptop. A dry run does everything in one transaction and
undoes it. Revisions that are held back are neither read nor exported. Must not hold a list of columns or kinds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec
from sqlalchemy.engine import Connection

from hipss_desktop.errors import UserError
from hipss_desktop.records.fold import State
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.content import Content, open_sheet
from hipss_desktop.sheets.encodings import Encoding
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.keys import identify_under
from hipss_desktop.sheets.names import names_for
from hipss_desktop.sheets.problems import LineProblem
from hipss_desktop.sheets.writing import Export, export
from sync.council.chain import Council, OwnChain, is_of_another_kind, own_chain, states

NEWER_SHEET = "Taken from a newer sheet."


class Trouble(msgspec.Struct, frozen=True):
    """Why a row was not imported, or a file not read (line 0): its file, and the rest as in ``LineProblem``."""

    file: str
    line: int
    column: str
    message: str
    value: str = ""

    @property
    def words(self) -> str:
        """The problem as a person reads it, after the name of its file."""
        words = LineProblem(self.line, self.column, self.message, self.value).words
        return f"{self.file}, {words}" if self.line else f"{self.file}: {words}"


@dataclass
class Loaded:
    """What an import did, or would do: counts of new, amended and unchanged rows.

    Attributes:
        changed: changed rows that were not imported, because ``amend`` is off.
        problems: rows with an error, and files that cannot be read.
        notes: what else a person should know, such as a guess; it begins with the name of the file.
        doubts: what is doubtful of rows that were imported all the same.
    """

    added: int = 0
    amended: int = 0
    same: int = 0
    changed: list[Trouble] = field(default_factory=list)
    problems: list[Trouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[Trouble] = field(default_factory=list)


class _Undone(Exception):
    """Ends a dry run's transaction."""


def load(
    council: Council,
    sheets: Sequence[tuple[Kind, Path]],
    *,
    dry_run: bool,
    amend: bool,
    encoding: Encoding | None = None,
    page: str = "",
    add_alike: bool = False,
) -> Loaded:
    """Import sheets, all in one transaction; correct rows are imported even if others have errors.

    Args:
        council: the council whose chain gets the rows.
        sheets: kinds and files, ordered so that no sheet refers to a later one.
        dry_run: undo everything at the end.
        amend: import changed rows as amendments; otherwise changed rows are only reported.
        encoding, page: how the files are read, see ``open_sheet``.
        add_alike: also add rows that look like somebody who is here; otherwise they are only reported.
    """
    loaded = Loaded()
    contents = []
    for kind, file in sheets:
        try:
            opened = open_sheet(file, kind, encoding=encoding, page=page)
        except UserError as unreadable:
            loaded.problems.append(Trouble(file.name, 0, "", str(unreadable)))
            continue
        loaded.notes += [f"{file.name}: {note}" for note in opened.notes]
        contents.append((kind, file.name, opened.content))
    try:
        with own_chain(council) as chain:
            for kind, name, content in contents:
                _load_one(chain, kind, name, content, loaded, amend=amend, add_alike=add_alike)
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    return loaded


def _load_one(
    chain: OwnChain, kind: Kind, file: str, content: Content, loaded: Loaded, *, amend: bool, add_alike: bool
) -> None:
    import_plan = plan(
        kind,
        content,
        names=names_for(kind, lambda name: _held(chain.connection, name)),
        held=_held(chain.connection, kind.name),
        now=chain.council.clock(),
        identify=identify_under(chain.council.home.key_for("imported")),
        add_alike=add_alike,
    )
    loaded.problems += [
        Trouble(file, problem.line, problem.column, problem.message, problem.value) for problem in import_plan.problems
    ]
    loaded.doubts += [
        Trouble(file, doubt.line, doubt.column, doubt.message, doubt.value) for doubt in import_plan.doubts
    ]
    loaded.same += import_plan.known
    loaded.added += len(import_plan.new)
    for row in import_plan.new:
        taken = is_of_another_kind(chain.connection, kind.name, row.record)
        chain.append(kind, row.fields, record="" if taken else row.record)  # the next import finds it by its key
    for changed in import_plan.changed:
        if amend:
            chain.append(kind, changed.fields, record=changed.held.record, before=changed.held, why=NEWER_SHEET)
            loaded.amended += 1
        else:
            message = "This row is not as it was when it was imported. Use --amend to take the change."
            loaded.changed.append(Trouble(file, changed.line, changed.columns, message, changed.value))


def _held(connection: Connection, kind: str) -> Iterable[State]:
    return states(connection, kind).values()


@contextmanager
def exporter(council: Council) -> Iterator[Callable[[Kind], Export]]:
    """Yield a function that exports the sheet of a kind; all its sheets show the same moment."""
    with council.store.reading() as connection:

        @cache
        def held(kind: str) -> tuple[State, ...]:
            return tuple(_held(connection, kind))

        yield lambda kind: export(kind, held(kind.name), names_for(kind, held))
