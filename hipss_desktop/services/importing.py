"""Importing a sheet: every good row becomes a record, the same file twice adds nothing, a changed row is reported.

A row names its record by its key, so what is there already is known. Rows are kept in batches, each one commit. Must not
read a file: it is handed the text.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import kind_named, may_write
from hipss_desktop.records.changes import changed_units
from hipss_desktop.records.fields import Field
from hipss_desktop.records.kind import Kind
from hipss_desktop.services.ports import Store
from hipss_desktop.sheets.reading import LineProblem, Names, Row, read_sheet

BATCH = 500


@dataclass
class Imported:
    """What an import did, or would do.

    ``changed`` names the lines whose record is here with other words; nothing of those is taken over by itself.
    """

    added: int = 0
    known: int = 0
    changed: list[LineProblem] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)


def import_sheet(
    store: Store,
    kind_name: str,
    text: str,
    *,
    clock: times.Clock,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Import a sheet of one kind.

    Raises:
        UserError: this person's role may not write the kind, or the sheet has no columns that the kind knows.
    """
    kind = kind_named(kind_name)
    if not may_write(store.seat.role, kind_name):
        raise UserError(f"Your role may not write this. Ask your manager if you need to. ({kind.label})")
    sheet = read_sheet(kind, text, find=_names(store, kind).find, now=clock())
    done = Imported(problems=list(sheet.problems))
    new: list[Row] = []
    for row in sheet.rows:
        held = store.get(row.record)
        if held is None:
            new.append(row)
        elif changed_units(kind, held.fields, row.fields):
            done.changed.append(
                LineProblem(row.line, "", "This row is here already, with other words. Amend the record to change it.")
            )
        else:
            done.known += 1
    done.added = len(new)
    if dry_run:
        return done
    for start in range(0, len(new), BATCH):
        with store.write() as unit:
            for row in new[start : start + BATCH]:
                unit.append(
                    record=row.record,
                    kind=kind_name,
                    action="finish",
                    fields=row.fields,
                    changed=changed_units(kind, {}, row.fields),
                    parents=(),
                )
        if progress is not None:
            progress(min(start + BATCH, len(new)), len(new))
    return done


def _names(store: Store, kind: Kind) -> Names:
    """What the records are called that a row of this kind may refer to."""
    names = Names()
    for referred in sorted({each.options.refers_to for each in _every_field(kind.fields) if each.options.refers_to}):
        for record in store.records_of(referred):
            if not record.withdrawn:
                names.add(kind_named(referred), record.record, record.fields)
    return names


def _every_field(fields: tuple[Field, ...]) -> list[Field]:
    return [one for each in fields for one in (each, *_every_field(each.rows))]
