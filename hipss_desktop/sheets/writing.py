"""Writing: records as a sheet that reads back to the same answers.

A reference is written as a name that finds the same record, else as an identifier. A value that no plain cell can express
is written as JSON. A cell that a spreadsheet would run is made harmless. Withdrawn records are left out and counted. Any
body can be written. Must not know where records are stored, nor write a file.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hipss_desktop import times
from hipss_desktop.records.fields import Field, Fields
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.names import Held, Names
from hipss_desktop.sheets.reading import columns
from hipss_desktop.sheets.rows_named import numbered


@dataclass(frozen=True)
class Export:
    """A kind's records as a sheet.

    Attributes:
        lines: the text of the sheet: the header, then each record as one piece.
        records: the number of records in it.
        withdrawn: the number left out because they were withdrawn; ``empty`` because none of their answers is here.
        undecided: the number of its records with undecided versions; one version of each is written.
    """

    lines: Iterator[str]
    records: int
    withdrawn: int
    empty: int
    undecided: int


def export(kind: Kind, held: Iterable[Held], names: Names) -> Export:
    """The sheet of these records, oldest first by the field that dates them, else by title.

    Raises:
        UserError: the kind has no sheet.
    """
    columns(kind)
    everything = list(held)
    standing = [entry for entry in everything if not entry.withdrawn]
    answered_entries = [
        entry for entry in standing if any(not field.is_empty(entry.fields.get(field.name)) for field in kind.fields)
    ]
    written = sorted(answered_entries, key=lambda entry: _place(kind, entry))
    return Export(
        lines=write_lines(kind, (entry.fields for entry in written), names=names),
        records=len(written),
        withdrawn=len(everything) - len(standing),
        empty=len(standing) - len(written),
        undecided=sum(entry.needs_decision for entry in written),
    )


def _place(kind: Kind, held: Held) -> tuple[float, str, str]:
    record = kind.read(held.fields)
    dated = getattr(record, kind.dated_by) if kind.dated_by else None
    return times.begins(dated).timestamp() if dated else 0, kind.title_from(record), held.record


def write_sheet(kind: Kind, rows: Iterable[Fields], only: Sequence[str] = (), names: Names | None = None) -> str:
    """The sheet of these bodies (``only``: just these fields); without ``names`` identifiers are written unchanged."""
    return "".join(write_lines(kind, rows, only, names))


def write_lines(
    kind: Kind, rows: Iterable[Fields], only: Sequence[str] = (), names: Names | None = None
) -> Iterator[str]:
    """The sheet of these bodies as a stream: the header, then each row as one piece of text."""
    fields = [field for field in kind.fields if not only or field.name in only]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.label for field in fields])
    for row in rows:
        yield _taken(out)
        writer.writerow([cells.guarded(_cell(kind, field, row, names)) for field in fields])
    yield _taken(out)


def _cell(kind: Kind, field: Field, body: Fields, names: Names | None) -> str:
    """A field's cell; not written as a name if reading the name would add answers that the record does not have."""
    value, named = numbered(field, body.get(field.name), body), kind.sheet.named.get(field.name)
    if named is None or names is None or field.is_empty(value) or not isinstance(value, str):
        return cells.write(field, value, names)

    def is_said(name: str) -> bool:
        return not kind.by_name[name].is_empty(body.get(name))

    if names.find(field.options.refers_to, value) != value or not all(map(is_said, named.fields_if_found)):
        return cells.as_json(value)
    return cells.write(field, value, names if is_said(named.name) else None)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
