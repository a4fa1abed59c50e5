"""Loading a caseload that a service kept in spreadsheets: sheets become revisions of the council's own seat.

Reading is ``sheets.reading``; a row's record has the same name on any machine, so the same file twice adds nothing. A dry
run does everything in one transaction and undoes it. Must not hold a list of columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS, kind_named
from hipss_desktop.records.changes import changed_units
from hipss_desktop.records.fold import State
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets import reading as sheets
from sync.council.chain import Council, OwnChain, own_chain, states

SHEETS = {
    "practitioner": ("practitioners", "practitioner"),
    "carer": ("carers", "carer"),
    "child": ("children", "child"),
    "placement": ("placements", "placement"),
    "shift": ("shifts", "shift", "rota"),
    "directory": ("directory",),
}
"""A caseload's kinds, in the order in which their sheets refer to each other, and what a sheet of each may be called."""


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


def files(what: str, path: Path | None) -> list[tuple[Kind, Path]]:
    """The sheets that are meant: one of a kind, that kind's in a folder, or a folder's whole caseload.

    Args:
        what: a kind ("child", "children"), "all", or a folder.
        path: the file or the folder; None where ``what`` is the folder.

    Raises:
        UserError: no such kind or file, or a folder without sheets.
    """
    if path is None:
        what, path = "all", Path(what)
    if what == "all":
        found = [(KINDS[name], file) for name in SHEETS if (file := _sheet(path, name)) is not None]
        if not found:
            raise UserError("There are no sheets in this folder. Call them children.csv, carers.csv and so on.")
        return found
    kind = kind_named(next((name for name, called in SHEETS.items() if what in called), what))
    file = _sheet(path, kind.name) if path.is_dir() else path
    if file is None:
        raise UserError("There is no sheet of that kind in this folder.")
    return [(kind, file)]


def _sheet(folder: Path, name: str) -> Path | None:
    called = SHEETS.get(name, (name,))
    return next((folder / f"{each}.csv" for each in called if (folder / f"{each}.csv").is_file()), None)


def load(council: Council, found: Sequence[tuple[Kind, Path]], *, dry_run: bool, amend: bool) -> Loaded:
    """Load sheets, all in one transaction; good rows go in whatever is wrong with others.

    Args:
        found: kinds and files, in an order in which the earlier do not refer to the later.
        dry_run: undo everything in the end.
        amend: write changed rows as amendments; otherwise they are reported and left.
    """
    loaded = Loaded()
    try:
        with own_chain(council) as chain:
            for kind, file in found:
                _load_one(chain, kind, file, loaded, amend=amend)
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    return loaded


def _load_one(chain: OwnChain, kind: Kind, file: Path, loaded: Loaded, *, amend: bool) -> None:
    known: dict[str, dict[str, State]] = {name: states(chain.connection, name) for name in KINDS}
    names = sheets.Names()
    for name, records in known.items():
        for record, state in records.items():
            names.add(KINDS[name], record, state.fields)
    text = sheets.decode(file.read_bytes())
    sheet = sheets.read_sheet(kind, text, find=names.find, now=chain.council.clock())
    loaded.problems += [Trouble(file.name, each.line, each.column, each.message) for each in sheet.problems]
    for row in sheet.rows:
        before = known[kind.name].get(row.record)
        if before is None:
            chain.append(kind, row.fields, record=row.record)
            loaded.added += 1
        elif not changed_units(kind, before.fields, {**before.fields, **row.fields}):
            loaded.same += 1
        elif amend:
            chain.append(
                kind,
                {**before.fields, **row.fields},
                record=row.record,
                before=before,
                why="Taken from a newer sheet.",
            )
            loaded.amended += 1
        else:
            said = "This row is not as it was when it was imported. Use --amend to take the change."
            loaded.changed.append(Trouble(file.name, row.line, "", said))
