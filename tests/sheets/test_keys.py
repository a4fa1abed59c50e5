"""The identifier of an imported row comes from its key, the same for one importer and for ever, and nobody else knows it."""

import uuid
from typing import Any

import pytest

from hipss_desktop.identity import record_id
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets.keys import identify_under, is_imported, key_of, name_of
from tests.helpers.imported import record_for
from tests.helpers.sheet_kinds import MEETING

PREECE: dict[str, Any] = {"members": [{"id": "01", "given_name": "Joanna", "known_as": "Jo", "family_name": "Preece"}]}
FROM_EARLIER_VERSIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("action", "26708dcf-70f4-5829-8236-1404bf91c045"): {"what": "Ring  Jo back?", "due": "2017-07-01T09:00:00+01:00"},
    ("carer", "df2d9480-f200-5d7e-9366-664dceeecd46"): PREECE,
    ("child", "ec70a558-077c-5577-96fe-80d7112f1b8a"): {"local_id": "HIPSS-017"},
    ("contact", "faeb13e8-a3e3-5ff9-bd71-8ec4aa53cb4a"): {"log_line": "1"},
    ("directory", "3ef714cd-f077-5d67-bc02-6a50014b6cc8"): {"label": "Police"},
    ("placement", "0267ef3b-fdd3-5c21-b5b7-55d1c2e9718f"): {
        "child": "0199C0DE-0000-7000-8000-000000000001", "carer": "x_y", "start": "2016-11-14",
    },
    ("practitioner", "6a11db29-96a9-579b-a917-76c8ed607786"): {"name": "A. Bevan"},
    ("shift", "fd3046bd-8aad-5b23-83e7-f78b50348bb8"): {"planned_start": "2017-03-13T17:30:00+00:00"},
}  # fmt: skip


@pytest.mark.parametrize(("kind", "record"), FROM_EARLIER_VERSIONS)
def test_the_identifiers_of_what_was_imported_before_stay(kind: str, record: str) -> None:
    assert record_for(KINDS[kind], FROM_EARLIER_VERSIONS[kind, record]) == record


def test_a_household_keeps_its_record_when_a_number_or_a_member_is_added() -> None:
    carer = KINDS["carer"]
    grown = {"members": [{**PREECE["members"][0], "phone": "07700 900111"}, {"id": "03"}]}
    assert record_for(carer, PREECE) == record_for(carer, grown) is not None


def test_case_and_spacing_tell_nobody_apart() -> None:
    child = KINDS["child"]
    assert record_for(child, {"local_id": "HIPSS-017"}) == record_for(child, {"local_id": " hipss-017"})


def test_an_accent_typed_as_a_sign_of_its_own_tells_nobody_apart() -> None:
    composed_row, decomposed_row = ({"log_line": name} for name in ("Si\u00e1n/1", "Sia\u0301n/1"))
    assert key_of(KINDS["contact"], composed_row) == key_of(KINDS["contact"], decomposed_row)
    assert record_for(KINDS["contact"], composed_row) == record_for(KINDS["contact"], decomposed_row)


def test_an_empty_key_names_no_record_but_for_the_parts_that_may_be_empty() -> None:
    assert record_for(KINDS["child"], {"local_id": " "}) is None
    assert record_for(KINDS["action"], {"what": "Ring"}) is None
    assert record_for(MEETING, {"room": "Blue"}) is None
    assert record_for(MEETING, {"held_on": "2017-03-14"}) not in (
        None,
        record_for(MEETING, {"held_on": "2017-03-14", "room": "Blue"}),
    )


def test_rows_alike_are_told_apart_by_their_number_and_the_first_has_none() -> None:
    fields = {"held_on": "2017-03-14"}
    identifiers = {record_for(MEETING, fields, number) for number in (1, 2, 3)}
    assert len(identifiers) == 3
    assert record_for(MEETING, fields) in identifiers


@pytest.mark.parametrize("wrong", [5, 1.5, True, [], {}, ["x"], [{"id": 5}], "soon"])
def test_the_key_of_a_row_with_an_unreadable_value_is_none(wrong: object) -> None:
    assert key_of(KINDS["action"], {"what": "Ring", "due": wrong}) is None


def test_only_who_has_the_secret_knows_the_identifier_of_a_row() -> None:
    name = name_of(KINDS["child"], {"local_id": "HIPSS-017"})
    assert name is not None
    identify, identify_otherwise = identify_under(b"one"), identify_under(b"other")
    assert identify(name) == identify_under(b"one")(name)
    assert (
        len(
            {
                identify(name),
                identify_otherwise(name),
                identify(f"{name} "),
                record_for(KINDS["child"], {"local_id": "HIPSS-017"}),
            }
        )
        == 4
    )
    identifier = uuid.UUID(identify(name))
    assert (identifier.variant, identifier.version) == (uuid.RFC_4122, 8)


def test_an_identifier_that_an_import_gave_is_told_from_one_of_a_form() -> None:
    name = name_of(KINDS["child"], {"local_id": "HIPSS-017"})
    assert name is not None
    before = str(record_for(KINDS["child"], {"local_id": "HIPSS-017"}))
    verdicts = [is_imported(record) for record in (identify_under(b"one")(name), before, record_id(), "x", "")]
    assert verdicts == [True, False, False, False, False]
