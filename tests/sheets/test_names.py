"""Who is called what: a name is read in any case and spacing, is never guessed, and is written only where it leads back."""

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets.names import Names, names_for
from tests.helpers.kinds_known import also_known
from tests.helpers.sheet_kinds import MEETING, MINUTES, HeldRecord

CHILD, CARER = KINDS["child"], KINDS["carer"]
KAI = {"given_name": "Kai", "family_name": "Morgan", "local_id": "HIPSS-017"}


def household(*given_names: str) -> dict[str, object]:
    return {"members": [{"id": name, "given_name": name, "family_name": "Preece"} for name in given_names]}


def test_a_record_goes_out_as_its_first_name_that_is_its_own_alone() -> None:
    names = Names()
    names.add(CHILD, "kai", KAI)
    names.add(CHILD, "twin", {**KAI, "known_as": ["Bear"]})
    names.add(CARER, "preece", household("Jo", "Martin"))
    assert names.text("child", "twin") == "Bear Morgan"
    assert names.text("child", "kai") == "kai"
    assert names.text("carer", "preece") == "Jo & Martin Preece"
    for kind, record in (("child", "twin"), ("child", "kai"), ("carer", "preece")):
        assert names.find(kind, names.text(kind, record)) == record


def test_a_name_that_is_another_records_identifier_is_not_written() -> None:
    names = Names()
    names.add(CHILD, "kai", KAI)
    names.add(CHILD, "hipss-017", {"given_name": "Ann", "family_name": "Other", "local_id": "HIPSS-001"})
    assert names.text("child", "kai") == "Kai M."
    with pytest.raises(UserError, match="More than one child"):
        names.find("child", "HIPSS-017")


@pytest.mark.parametrize("written", ["07700 900301", "+44 7700 900301", "tel:07700900301", "0044 (0)7700 900301"])
def test_a_household_is_found_by_a_number_that_it_answers(written: str) -> None:
    names = Names()
    names.add(CARER, "preece", {**household("Jo"), "phones": [{"id": "1", "number": "+447700 900301"}]})
    assert names.find("carer", written) == "preece"
    assert names.text("carer", "preece") == "Jo Preece"
    names.add(CARER, "other", {**household("Ann"), "phones": [{"id": "1", "number": "07700900301"}]})
    with pytest.raises(UserError, match="More than one carer household"):
        names.find("carer", written)


def test_a_service_number_is_not_read_as_a_telephone_number() -> None:
    names = Names()
    names.add(CHILD, "kai", KAI)
    assert names.find("child", "017") is None


def test_a_name_is_found_in_every_spelling_that_looks_alike() -> None:
    names = Names()
    names.add(CHILD, "zoe", {"given_name": "Zo\u00eb", "family_name": "O\u2019Hara", "local_id": "HIPSS-002"})
    for text in ("Zoe\u0308 O'Hara", "ZOE O\u2019HARA", "zo\u00eb  o'hara"):
        assert names.find("child", text) == "zoe"


def test_a_record_of_another_kind_or_not_here_is_called_by_its_identifier() -> None:
    names = Names()
    names.add(CHILD, "kai", KAI)
    assert names.text("carer", "kai") == "kai"
    assert names.text("child", "nowhere") == "nowhere"


def test_what_rows_refer_to_is_loaded_and_nothing_else_and_withdrawn_records_go_by_identifier_alone() -> None:
    loaded_kinds = []

    def records_of(kind: str) -> list[HeldRecord]:
        loaded_kinds.append(kind)
        return {
            "child": [HeldRecord("kai", KAI), HeldRecord("gone", {**KAI, "local_id": "HIPSS-9"}, withdrawn=True)]
        }.get(kind, [])

    with also_known(MEETING, MINUTES):
        names = names_for(MEETING, records_of)
    assert loaded_kinds == ["child", "meeting", "minutes", "practitioner"]
    assert names.find("child", "Kai Morgan") == "kai"
    assert names.find("child", "HIPSS-9") is None
    assert names.find("child", "gone") == "gone"
