"""The identifiers of imported rows: those made with an importer's secret, and older ones made without a secret."""

from hipss_desktop.records.fields import Fields
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.keys import identifier_before, identify_under, name_of

UNDER_A_SECRET = identify_under(b"the secret of one importer")


def record_for(kind: Kind, fields: Fields, number: int = 1) -> str | None:
    """Return the older identifier of a row, which anybody can compute; None if the row's key is empty."""
    name = name_of(kind, fields, number)
    return None if name is None else identifier_before(name)


def secret_record_for(kind: Kind, fields: Fields, number: int = 1) -> str:
    """Return the identifier of a row that only this importer can compute."""
    name = name_of(kind, fields, number)
    assert name is not None
    return UNDER_A_SECRET(name)
