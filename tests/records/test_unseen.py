"""Invisible marks go from names, numbers and keys on every way in, and stay in free text."""

from dataclasses import replace
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.records.unseen import on_one_line, without_unseen
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.records import Records
from tests.helpers.store_fixtures import SetClock

FAMILY = "\U0001f469\u200d\U0001f467"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
REZA = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
CALL = {
    "type": "call", "caller_name": "Pat\u200b Moss", "caller_role": "other", "call_back": "\u202a07700 900301\u202c",
    "concerns": ["school"], "happening": f"Sent {FAMILY}\u200b", "advice": "Leave it tonight", "risk": "low",
    "needs_to_know": ["nobody"],
}  # fmt: skip  # a table, read line by line


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Jo\u200b Preece", "Jo Preece"), ("\ufeffHIPSS-017", "HIPSS-017"), ("Jo\u00ad\u200d Preece", "Jo Preece"),
        ("\u202a+44 7700 900301\u202c", "+44 7700 900301"), ("Jo\u200e", "Jo"), (REZA, REZA), (FAMILY, FAMILY),
        (WALES, WALES), ("Zo\u00eb O\u2019Hara", "Zo\u00eb O\u2019Hara"), ("", ""), ("\u200d", ""),
    ],
)  # fmt: skip  # a table, read line by line
def test_marks_that_nobody_sees_go_and_joiners_of_letters_and_pictures_stay(text: str, seen: str) -> None:
    assert without_unseen(text) == seen


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Jo\nPreece", "Jo Preece"), ("Jo \t\r\n Preece", "Jo Preece"), ("Jo\u2028Preece\u2029", "Jo Preece"),
        ("Jo  Preece", "Jo  Preece"), ("Jo\u200b\vPreece", "Jo Preece"), ("07700\u00a0900301", "07700\u00a0900301"),
    ],
)  # fmt: skip  # a table, read line by line
def test_a_name_or_number_stands_on_one_line(text: str, line: str) -> None:
    assert on_one_line(text) == line


def test_a_name_with_line_breaks_is_saved_on_one_line_on_every_way_in(store: LaptopStore, clock: SetClock) -> None:
    call = finished(store, clock, "contact", {**CALL, "caller_name": "Pat\n\tMoss", "happening": "Out\nand back"})
    assert (call["caller_name"], call["happening"]) == ("Pat Moss", "Out\nand back")
    sheet = 'First name,Family name,Known as,Service number,Date of birth\n"Kai\tJo","Moss\nHart","K\nKJ",TST-01,01/01/2004\n'
    import_sheet(store, "child", sheet, clock=clock)
    [child] = store.records_of("child")
    assert (child.fields["given_name"], child.fields["family_name"]) == ("Kai Jo", "Moss Hart")
    assert child.fields["known_as"] == ["K", "KJ"]
    assert import_sheet(store, "child", sheet, clock=clock).known == 1


def finished(store: LaptopStore, clock: SetClock, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    records = Records(store, clock)
    draft = records.new_draft(kind, fields)
    records.finish(draft)
    held = store.get(draft.record)
    assert held is not None
    return dict(held.fields)


def test_what_is_typed_in_the_window_or_given_as_json_has_none_in_names_numbers_and_keys(
    store: LaptopStore, clock: SetClock
) -> None:
    call = finished(store, clock, "contact", CALL)
    assert (call["caller_name"], call["call_back"]) == ("Pat Moss", "07700 900301")
    assert call["happening"] == CALL["happening"]
    child = finished(
        store,
        clock,
        "child",
        {
            "given_name": "Kai\u200b", "local_id": "\ufeffTST-01", "born": "2004-01-01", "known_as": ["K\u200e"],
            "who_to_call": [{"id": "01", "who": "Gran\u200b", "number": "01632\u200b 960301", "note": f"{FAMILY}"}],
            "risks": ["Runs\u200b"],
        },
    )  # fmt: skip  # a table, read line by line
    assert (child["given_name"], child["local_id"], child["known_as"]) == ("Kai", "TST-01", ["K"])
    assert child["who_to_call"] == [{"id": "01", "who": "Gran", "number": "01632 960301", "note": FAMILY}]
    assert child["risks"] == ["Runs\u200b"]


def test_an_amendment_leaves_what_stood_before_as_it_was_signed(store: LaptopStore, clock: SetClock) -> None:
    fields = {"given_name": "Kai\u200b", "local_id": "TST-01", "born": "2004-01-01"}
    with store.write() as unit:
        unit.append(record="kai", kind="child", action="finish", fields=fields, changed=sorted(fields), parents=())
    records = Records(store, clock)
    draft = records.amendment("kai")
    amended = replace(draft, fields={**draft.fields, "family_name": "Moss\u200b"})
    assert dict(records.ready(amended).fields) == {**fields, "family_name": "Moss"}


def test_an_import_takes_them_off_and_says_where_they_changed_a_key(store: LaptopStore, clock: SetClock) -> None:
    sheet = "First name,Service number,Date of birth,Phone\nKai\u200b,\ufeffTST-01\u200b,01/01/2004,\n"
    done = import_sheet(store, "child", sheet.replace(",Phone", "").replace("2004,", "2004"), clock=clock)
    assert [(doubt.line, doubt.column) for doubt in done.doubts] == [(2, "Service number")]
    [child] = store.records_of("child")
    assert (child.fields["given_name"], child.fields["local_id"]) == ("Kai", "TST-01")
    plain = "First name,Service number,Date of birth\nKai,TST-01,01/01/2004\n"
    again = import_sheet(store, "child", plain, clock=clock)
    assert (again.known, again.doubts) == (1, [])


def test_a_row_that_is_added_to_a_growing_list_has_none_either(store: LaptopStore, clock: SetClock) -> None:
    records = Records(store, clock)
    action = records.new_draft("action", {"what": "Ring back", "owner": "Gran", "due": "2017-03-14T09:00:00+00:00"})
    records.finish(action)
    records.add_row(action.record, "handed_over", {"name": "Pat\u200b", "at": "2017-03-14T02:10:00+00:00"})
    held = store.get(action.record)
    assert held is not None
    assert held.fields["handed_over"][0]["name"] == "Pat"
