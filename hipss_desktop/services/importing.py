"""Importing a sheet: every valid row becomes a record, importing a file again adds nothing, a changed row is reported.

``sheets.import_plan`` plans what each row becomes; here the new rows are saved in batches, each in one commit. An import
makes no records that follow from others: an old log would become thousands of overdue actions. Must not read a file: it
gets the content.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import kind_named, may_write, who_may
from hipss_desktop.records.changes import changed_units
from hipss_desktop.services.council_time import CouncilTime
from hipss_desktop.services.ports import Store
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.sheets.content import Content
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.keys import identify_under
from hipss_desktop.sheets.names import names_for
from hipss_desktop.sheets.problems import LineProblem

BATCH = 500


@dataclass
class Imported:
    """What an import did, or would do.

    ``changed`` lists the lines whose record exists with different answers; those answers are not imported.
    ``doubts`` are said of rows that were added all the same.
    """

    added: int = 0
    known: int = 0
    changed: list[LineProblem] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)
    doubts: list[LineProblem] = field(default_factory=list)


def import_sheet(
    store: Store,
    kind_name: str,
    content: Content,
    *,
    clock: times.Clock,
    dry_run: bool = False,
    add_alike: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Import a sheet of one kind; with ``add_alike`` also the rows that look like a record under another key.

    Raises:
        UserError: the kind has no sheet, or this person's role may not write it.
    """
    kind = kind_named(kind_name)
    if not may_write(store.seat.role, kind_name):
        raise UserError(f"{who_may(kind, writing=True)} Ask your manager if you need it.")
    secret = store.setting(StoreSetting.IMPORT_SECRET) or secrets.token_hex(32)
    import_plan = plan(
        kind,
        content,
        names=names_for(kind, store.records_of),
        held=store.records_of(kind_name),
        now=CouncilTime(store.setting, clock).latest(),
        role=store.seat.role,
        identify=identify_under(bytes.fromhex(secret)),
        add_alike=add_alike,
    )
    message = "This row is here already, with other words. Amend the record to change it."
    done = Imported(
        added=len(import_plan.new),
        known=import_plan.known,
        changed=[LineProblem(row.line, row.columns, message, row.value) for row in import_plan.changed],
        problems=import_plan.problems,
        doubts=import_plan.doubts,
    )
    if dry_run:
        return done
    for start in range(0, len(import_plan.new), BATCH):
        with store.write() as unit:
            unit.set(StoreSetting.IMPORT_SECRET, secret)
            for row in import_plan.new[start : start + BATCH]:
                unit.append(
                    record=row.record,
                    kind=kind_name,
                    action="finish",
                    fields=row.fields,
                    changed=changed_units(kind, {}, row.fields),
                    parents=(),
                )
        if progress is not None:
            progress(min(start + BATCH, len(import_plan.new)), len(import_plan.new))
    return done
