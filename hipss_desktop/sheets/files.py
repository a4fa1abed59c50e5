"""Files of sheets: which kinds have one, in which order, what the files are called, and how exports are written.

An exported file has personal data of children, so only its owner can read it, from its first byte on. An existing file is replaced
only on request. Must not know how a row is read or where records are stored.
"""

import codecs
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from hipss_desktop.errors import UserError
from hipss_desktop.files import KEEP_SAFE, refuse_existing, write_whole
from hipss_desktop.kinds.catalogue import KINDS, kind_named
from hipss_desktop.records.fields import every_field
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.names import is_called, plain
from hipss_desktop.sheets.reading import columns
from hipss_desktop.sheets.workbooks import new_workbook
from hipss_desktop.sheets.writing import Export

TEMPLATE_HELP = "Write an empty workbook with the headings instead, to be filled in."
TO_NEEDED = "Say with --to where to write."
ALL = "all"
"""The word for every kind that has a sheet."""
MARK = codecs.BOM_UTF8
SUFFIXES = (".csv", ".xlsx")
"""The endings of files that are read from a folder."""


def sheet_kinds() -> list[Kind]:
    """The kinds that have a sheet. A kind comes after the kinds that it refers to, unless they refer to each other."""
    ordered: dict[str, Kind] = {}
    seen: set[str] = set()

    def add(kind: Kind) -> None:
        if kind.name in seen:
            return
        seen.add(kind.name)
        for field in every_field(kind.fields):
            if field.options.refers_to in KINDS:
                add(KINDS[field.options.refers_to])
        if kind.sheet.key:
            ordered[kind.name] = kind

    for kind in KINDS.values():
        add(kind)
    return list(ordered.values())


def file_name(kind: Kind) -> str:
    """The file name of a kind's exported sheet: "on-call-contacts.csv"."""
    return f"{'-'.join(plain(kind.plural).split())}.csv"


def kind_meant(text: str) -> Kind:
    """The kind that a name, a plural or a sheet's other name means. Raises UserError if it means no kind."""
    return next((kind for kind in sheet_kinds() if is_called(kind, text)), None) or kind_named(text)


@dataclass(frozen=True)
class Meant:
    """The sheets that a command names, and the other files of the folder, which are not read."""

    sheets: list[tuple[Kind, Path]]
    unread: list[str]


def sheets_meant(kind_or_folder: str, path: Path | None) -> Meant:
    """The sheets that a command names: one file, a kind's sheet in a folder, or all sheets in a folder.

    A kind's sheet comes after the sheets of the kinds that it refers to.

    Args:
        kind_or_folder: a kind ("child", "children"), "all", or a folder.
        path: the file or the folder; None if ``kind_or_folder`` is the folder.

    Raises:
        UserError: the kind is unknown, or the folder has no sheet for it, no sheets at all, or two sheets for one kind.
    """
    if path is None:
        kind_or_folder, path = ALL, Path(kind_or_folder)
    if kind_or_folder == ALL:
        sheets = [(kind, file) for kind in sheet_kinds() if (file := _sheet_in(path, kind)) is not None]
        if not sheets:
            raise UserError("There are no sheets in this folder. Call them children.csv, carers.csv and so on.")
        read = {file for _, file in sheets}
        return Meant(sheets, [file.name for file in _files_in(path) if file not in read])
    kind = kind_meant(kind_or_folder)
    sheet = _sheet_in(path, kind) if path.is_dir() else path
    if sheet is None:
        raise UserError("There is no sheet of that kind in this folder.")
    return Meant([(kind, sheet)], [])


def _files_in(folder: Path) -> list[Path]:
    """What is in a folder, without what systems and spreadsheets keep there for themselves."""
    own = (".", "~$", "Thumbs.db", "desktop.ini")
    return sorted(file for file in folder.iterdir() if not file.name.startswith(own)) if folder.is_dir() else []


def _sheet_in(folder: Path, kind: Kind) -> Path | None:
    matches = [file for file in _files_in(folder) if file.suffix.casefold() in SUFFIXES and is_called(kind, file.stem)]
    if len(matches) > 1:
        raise UserError(f"This folder holds more than one sheet of {kind.plural.lower()}. Leave one of them there.")
    return matches[0] if matches else None


def places_for(kind_or_all: str, to: Path | None, suffix: str = ".csv") -> list[tuple[Kind, Path]]:
    """The files to export to: one for the kind, or one in a folder for each kind that has a sheet.

    Args:
        kind_or_all: a kind, or "all".
        to: the file or the folder; None for a file of the kind's name in this folder, or for this folder.
        suffix: the ending of the files that are named by kind.

    Raises:
        UserError: the kind is unknown, or ``to`` is a file and must be a folder.
    """
    if kind_or_all != ALL:
        kind = kind_meant(kind_or_all)
        return [(kind, to or Path(file_name(kind)).with_suffix(suffix))]
    to = to or Path()
    if to.exists() and not to.is_dir():
        raise UserError("This is a file. Say a folder with --to, a new one or one that is there.")
    return [(kind, (to / file_name(kind)).with_suffix(suffix)) for kind in sheet_kinds()]


@dataclass(frozen=True)
class Written:
    """A file that was written: the kind, how many records it holds, and how many were left out or wait for a person."""

    kind: str
    file: str
    records: int
    withdrawn: int
    empty: int
    undecided: int


def write_exports(
    places: Sequence[tuple[Kind, Path]], export_of: Callable[[Kind], Export], *, overwrite: bool
) -> list[Written]:
    """Write the sheets of these kinds to these files. If one of the files may not be replaced, none is written.

    Raises:
        UserError: as ``write_file``, or as ``export_of``.
    """
    for _, file in places:
        refuse_existing(file, overwrite=overwrite)
    written = []
    for kind, file in places:
        export = export_of(kind)
        write_file(file, export.lines, overwrite=overwrite)
        written.append(Written(kind.name, str(file), export.records, export.withdrawn, export.empty, export.undecided))
    return written


def write_templates(kind_or_all: str, to: Path | None, *, overwrite: bool) -> list[tuple[str, str]]:
    """Write an empty workbook with the headings of a kind, or of every kind that has a sheet; return each kind and file.

    Raises:
        UserError: the kind is unknown or has no sheet, or as ``write_file``.
    """
    places = places_for(kind_or_all, to, ".xlsx")
    workbooks = [(kind, file, new_workbook(kind.plural, _headings(kind))) for kind, file in places]
    for _, file in places:
        refuse_existing(file, overwrite=overwrite)
    for _, file, content in workbooks:
        write_whole(file, [content], overwrite=overwrite)
    return [(kind.name, str(file)) for kind, file in places]


def _headings(kind: Kind) -> list[tuple[str, str]]:
    """The columns that a person may fill in, each with what to write there."""
    return [
        (column.label, f"{column.words} Needed." if column.needed else column.words)
        for column in columns(kind)
        if column.name != kind.sheet.marks
    ]


def words(written: Iterable[Written]) -> str:
    """A sentence for each file that was written, and the sentence about keeping the files safe."""
    lines = []
    for file in written:
        line = f"{file.file}: {_counted(file.records, 'record')}."
        if file.withdrawn:
            line += f" Left out: {_counted(file.withdrawn, 'withdrawn record')}."
        if file.empty:
            line += f" Left out: {_counted(file.empty, 'record')} without any answer here."
        if file.undecided:
            line += f" Waiting for a decision, with one version written: {_counted(file.undecided, 'record')}."
        lines.append(line)
    return "\n".join([*lines, KEEP_SAFE])


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def write_file(file: Path, pieces: Iterable[str], *, overwrite: bool) -> None:
    """Write a sheet with ``write_whole``, in UTF-8 with a byte order mark, by which spreadsheets recognise UTF-8."""
    write_whole(file, chain((MARK,), (piece.encode() for piece in pieces)), overwrite=overwrite)
