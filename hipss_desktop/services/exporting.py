"""Exporting a kind's records as a sheet. Must not write a file: it returns the text."""

from hipss_desktop.kinds.catalogue import refuse_reading
from hipss_desktop.records.kind import Kind
from hipss_desktop.services.ports import Store
from hipss_desktop.sheets.names import names_for
from hipss_desktop.sheets.writing import Export, export


def export_sheet(store: Store, kind: Kind) -> Export:
    """The sheet of all records of a kind on this laptop.

    Raises:
        UserError: the kind has no sheet, or this person's role may not read it.
    """
    refuse_reading(store.seat.role, kind.name)
    return export(kind, store.records_of(kind.name), names_for(kind, store.records_of))
