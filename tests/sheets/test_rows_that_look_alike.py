"""A new row that looks like somebody who is here under another key is reported with both, and added only if asked for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets.import_plan import Plan, plan
from hipss_desktop.sheets.names import Names
from tests.helpers.sheet_kinds import HeldRecord

NOW = datetime(2017, 3, 14, 12, 0, tzinfo=UTC)
HOUSEHOLD = {
    "members": [
        {
            "id": "01", "given_name": "Br\u00edd", "family_name": "O\u2019Hara", "known_as": "Bridie", "relation": "carer",
            "born": "1970-02-01", "phone": "07700 900301",
        },
        {
            "id": "02", "given_name": "Se\u00e1n", "family_name": "O\u2019Hara", "relation": "second_carer",
            "born": "1969-02-01", "phone": "07700 900302",
        },
    ],
    "phones": [{"id": "01", "label": "Home", "number": "01632 960301"}],
    "status": "approved",
}  # fmt: skip  # a table, read line by line
MARRIED = (
    "Household,Phones,Status\n"
    '"Br\u00edd|Keane|Bridie|Carer|01/02/1970|07700 900301\nSe\u00e1n|O\'Hara||Second carer|01/02/1969|07700 900302",'
    "Home|01632 960301,Approved\n"
)
SWAPPED = (
    "Household,Phones,Status\n"
    "\"Se\u00e1n|O'Hara||Carer|01/02/1969|+44 7700 900302\nBr\u00edd|O'Hara|Bridie|Second carer|01/02/1970|07700 900301\","
    "Home|01632 960301,Approved\n"
)
KAI = {"given_name": "Kai", "family_name": "Moss Hart", "local_id": "HIPSS-017", "born": "2002-06-03"}


def planned(kind: str, sheet: str, held: dict[str, Any], *, withdrawn: bool = False, **more: Any) -> Plan[HeldRecord]:
    return plan(KINDS[kind], sheet, names=Names(), held=(HeldRecord("a", held, withdrawn=withdrawn),), now=NOW, **more)


@pytest.mark.parametrize(
    ("sheet", "row"), [(MARRIED, "Bridie Keane & Se\u00e1n O'Hara"), (SWAPPED, "Se\u00e1n & Bridie O'Hara")]
)
def test_a_household_whose_first_person_changed_is_reported_with_both_and_not_added(sheet: str, row: str) -> None:
    import_plan = planned("carer", sheet, HOUSEHOLD)
    assert import_plan.new == []
    [problem] = import_plan.problems
    assert problem.line == 2
    assert problem.message.startswith(f"{row} looks like Bridie & Se\u00e1n O\u2019Hara (H-")
    assert "the same telephone number" in problem.message
    assert "the same member" in problem.message
    assert len(planned("carer", sheet, HOUSEHOLD, add_alike=True).new) == 1


@pytest.mark.parametrize(
    ("cells", "same"),
    [
        ("Moss Hart,Kai,TST-09,03/06/2002,", "the same name and date of birth"),
        ("KAI,Hart-Moss,TST-09,03/06/2002,", "the same name and date of birth"),
        ("Kai,Moss Hart,TST-09,04/06/2002,", ""), ("Kay,Moss Hart,TST-09,03/06/2002,", ""),
    ],
)  # fmt: skip  # a table, read line by line
def test_a_child_with_the_name_in_another_order_and_the_same_birth_is_reported(cells: str, same: str) -> None:
    sheet = f"First name,Family name,Service number,Date of birth,Phone\n{cells}\n"
    import_plan = planned("child", sheet.replace(",Phone", "").replace("2002,", "2002"), KAI)
    assert bool(import_plan.new) is not bool(same)
    assert [same in problem.message for problem in import_plan.problems] == ([True] if same else [])


def test_a_colleague_with_the_name_in_another_order_is_reported() -> None:
    [problem] = planned(
        "practitioner", 'Name,Role\n"Bevan, Alun",On-call practitioner\n', {"name": "Alun Bevan"}
    ).problems
    assert problem.message.startswith("Bevan, Alun looks like Alun Bevan (")


def test_a_withdrawn_record_looks_like_nobody_and_a_known_row_is_not_compared() -> None:
    assert len(planned("carer", SWAPPED, HOUSEHOLD, withdrawn=True).new) == 1
    known = "Household,Phones\nBr\u00edd|O'Hara,Home|01632 960301\n"
    assert planned("carer", known, {**HOUSEHOLD, "members": HOUSEHOLD["members"][:1]}).problems == []


def test_two_new_rows_of_one_sheet_that_look_alike_are_reported_and_the_first_is_added() -> None:
    sheet = (
        "First name,Family name,Service number,Date of birth\nKai,Moss,TST-01,03/06/2002\nEllis,Ray,TST-02,01/01/2003\n"
        "Moss,Kai,TST-03,03/06/2002\n"
    )
    import_plan = plan(KINDS["child"], sheet, names=Names(), held=(), now=NOW)
    assert [row.line for row in import_plan.new] == [2, 3]
    [problem] = import_plan.problems
    assert problem.line == 4
    assert "looks like Kai M. on line 2: the same name and date of birth" in problem.message
    assert "--add-alike" in problem.message
    everybody = plan(KINDS["child"], sheet, names=Names(), held=(), now=NOW, add_alike=True)
    assert [row.line for row in everybody.new] == [2, 3, 4]
