"""The identifiers of imported rows: those of an importer with a secret, and those of before there were secrets."""

from hipss_desktop.records.fields import Fields
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.keys import identifier_before, identify_under, name_of

UNDER_A_SECRET = identify_under(b"the secret of one importer")


def record_for(kind: Kind, fields: Fields, number: int = 1) -> str | None:
    """What anybody can work out, None where the key is empty."""
    name = name_of(kind, fields, number)
    return None if name is None else identifier_before(name)


def secret_record_for(kind: Kind, fields: Fields, number: int = 1) -> str:
    """What this importer alone can work out."""
    name = name_of(kind, fields, number)
    assert name is not None
    return UNDER_A_SECRET(name)
