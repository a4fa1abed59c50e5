"""What one row of a list is called: on the press that adds it, once it is added, and where rows are counted."""

import pytest

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.fields import Field
from tests.helpers.team_consultation import TEAM_CONSULTATION

ROWS = [
    (kind.name, field)
    for kind in KINDS.values()
    for field in kind.fields
    if field.type == "rows" and not field.by_paragraph
]


def test_a_row_is_called_by_its_singular() -> None:
    field = CONTACT.by_name["follow_ups"]
    assert (field.adds, field.added, field.new_row) == ("Add a follow-up", "Added a follow-up", "new follow-up")
    assert field.row_named(2) == "Follow-up 2"


def test_a_list_that_has_none_is_named_by_its_label() -> None:
    field = next(inner for inner in TEAM_CONSULTATION.fields if inner.type == "rows")
    assert (field.adds, field.added) == (f"Add to ‘{field.label}’", f"Added to ‘{field.label}’")
    assert (field.new_row, field.row_named(1)) == (f"new row of {field.label}", f"{field.label}, row 1")


@pytest.mark.parametrize(("kind", "field"), ROWS, ids=lambda value: getattr(value, "name", value))
def test_every_list_of_the_program_has_one(kind: str, field: Field) -> None:
    assert field.options.row_name, kind
