"""Importing into a real store: exactly what the cells say is signed, once, and nothing follows from it."""

import pytest

from db.store import LaptopStore
from hipss_desktop.errors import UserError
from hipss_desktop.records.bounds import MOST_ROWS
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.records import Records
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.sheets.problems import LineProblem
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import SetClock, sign_in_as

CALLS = (
    "Ref,Call time,Caller's name,Concerns,What happened,No advice given,Risk,Who needs to know,Follow-ups\n"
    '1,13/03/2017 21:52,PC Ahmed,Missing or back,Went out,Yes,High,Police; EDT,"Ring back|Day team|14/03/2017 09:00"\n'
)


NUMBERED = "Ref,Call time,Who is calling,What is it about?,What happened,Advice given,Risk now,Who needs to know,Call-back number\n"


def act_as(store: LaptopStore, role: str) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, role)


def test_a_household_without_approval_columns_is_signed_without_an_approval(
    store: LaptopStore, clock: SetClock
) -> None:
    act_as(store, "supervising")
    done = import_sheet(store, "carer", "Household\nJo|Preece\n", clock=clock)
    assert (done.added, done.problems) == (1, [])
    [held] = store.records_of("carer")
    assert held.fields == {"members": [{"id": "01", "given_name": "Jo", "family_name": "Preece"}]}


def test_an_old_log_makes_no_actions(store: LaptopStore, clock: SetClock) -> None:
    assert import_sheet(store, "contact", CALLS, clock=clock).added == 1
    assert (store.count("contact"), store.count("action")) == (1, 0)
    finished = Records(store, clock)
    row = store.records_of("contact")[0].fields
    missing_answers = {"log_line": "", "missing": "still", "last_seen_not_known": True}
    finished.finish(finished.new_draft("contact", {**row, **missing_answers}))
    assert store.count("action") > 0, "the same contact finished by hand makes actions, so the row could have"


def test_the_same_file_twice_adds_nothing_and_a_changed_row_is_reported_and_not_written(
    store: LaptopStore, clock: SetClock
) -> None:
    import_sheet(store, "contact", CALLS, clock=clock)
    second_import = import_sheet(store, "contact", CALLS, clock=clock)
    assert (second_import.added, second_import.known, second_import.changed, second_import.problems) == (0, 1, [], [])
    changed = import_sheet(store, "contact", CALLS.replace("Went out", "Came back"), clock=clock)
    message = "This row is here already, with other words. Amend the record to change it."
    assert (changed.added, changed.known, changed.changed) == (0, 0, [LineProblem(2, "What is happening?", message)])
    assert store.records_of("contact")[0].fields["happening"] == "Went out"


def test_a_child_written_by_hand_is_found_by_the_service_number(store: LaptopStore, clock: SetClock) -> None:
    records = Records(store, clock)
    kai = {"given_name": "Kai", "family_name": "Morgan", "local_id": "HIPSS-017", "born": "2002-09-30", "gp": "Dr Lowe"}
    records.finish(records.new_draft("child", kai))
    header = "First name,Family name,Service number,Date of birth\n"
    done = import_sheet(store, "child", f"{header}Kai,Morgan,HIPSS-017,30/09/2002\n", clock=clock)
    assert (done.added, done.known, done.changed, store.count("child")) == (0, 1, [], 1)


def test_a_withdrawn_record_is_not_brought_back(store: LaptopStore, clock: SetClock) -> None:
    import_sheet(store, "contact", CALLS, clock=clock)
    Records(store, clock).withdraw(store.records_of("contact")[0].record, "Written twice")
    second_import = import_sheet(store, "contact", CALLS, clock=clock)
    assert (second_import.added, second_import.known, second_import.problems) == (0, 1, [])
    other = import_sheet(store, "contact", CALLS.replace("Went out", "Came back"), clock=clock)
    assert (other.added, [problem.message for problem in other.problems]) == (
        0, ["This record was withdrawn, and the row has other answers. The row is not imported."],
    )  # fmt: skip  # a table, read line by line
    assert store.count("contact") == 0


def test_a_dry_run_writes_nothing(store: LaptopStore, clock: SetClock) -> None:
    assert import_sheet(store, "contact", CALLS, clock=clock, dry_run=True).added == 1
    assert store.count("contact") == 0


def test_a_role_that_may_not_write_the_kind_imports_nothing(store: LaptopStore, clock: SetClock) -> None:
    with pytest.raises(UserError, match=r"^Only .* can write .*\. Ask your manager"):
        import_sheet(store, "carer", "Household\nJo|Preece\n", clock=clock)


LOG = "Ref,Call time,Who is calling,Kind of contact,Concerns,What happened,Advice given,Risk,Who needs to know\n"
REST = "Call about a child or carer,School,Would not go in,Leave it tonight,Low,Nobody\n"


def test_a_caller_who_is_written_as_a_number_is_the_household_that_answers_it(
    store: LaptopStore, clock: SetClock
) -> None:
    act_as(store, "supervising")
    import_sheet(store, "carer", "Household,Phones\nPat|O\u2019Hara,Mobile|07700 900301\n", clock=clock)
    act_as(store, "on_call")
    done = import_sheet(store, "contact", f"{LOG}1,13/03/2017 21:52,+44 7700 900301,{REST}", clock=clock)
    assert (done.added, done.problems) == (1, [])
    [contact], [household] = store.records_of("contact"), store.records_of("carer")
    caller_fields = {
        name: contact.fields.get(name) for name in ("caller", "caller_name", "call_back", "caller_not_known")
    }
    assert caller_fields == {
        "caller": household.record,
        "caller_name": "Pat O\u2019Hara",
        "call_back": "+44 7700 900301",
        "caller_not_known": None,
    }


def test_a_number_that_nobody_has_is_called_back_and_is_never_a_name(store: LaptopStore, clock: SetClock) -> None:
    row = f"{LOG}1,13/03/2017 21:52,07700 900399,{REST}"
    done = import_sheet(store, "contact", row, clock=clock)
    assert (done.added, done.problems) == (1, [])
    [contact] = store.records_of("contact")
    caller_fields = {
        name: contact.fields.get(name) for name in ("caller", "caller_name", "call_back", "caller_not_known")
    }
    assert caller_fields == {"caller": None, "caller_name": None, "call_back": "07700 900399", "caller_not_known": True}
    second_import = import_sheet(store, "contact", row.replace("07700 900399", "+447700900399"), clock=clock)
    assert (second_import.added, second_import.known, second_import.changed) == (0, 1, []), (
        "the same number written otherwise changes nothing"
    )


def test_a_number_in_another_grouping_does_not_count_as_a_change(store: LaptopStore, clock: SetClock) -> None:
    act_as(store, "supervising")
    sheet = "Household,Phones\nPat|Brook|||| {0},Mobile|{0}\n"
    import_sheet(store, "carer", sheet.format("07700 900301"), clock=clock)
    second_import = import_sheet(store, "carer", sheet.format("+447700900301"), clock=clock)
    assert (second_import.added, second_import.known, second_import.changed) == (0, 1, [])
    other = import_sheet(store, "carer", sheet.format("07700 900302"), clock=clock)
    assert (other.known, len(other.changed)) == (0, 1)


BROKEN = {
    "P0": "7700900123.0", "P1": '"=""07700900123"""', "P2": "'07700900123", "P4": "447700900123", "P5": "7700900123",
    "P6": "7.700900123E+09",
}  # fmt: skip  # a table, read line by line


def test_a_number_that_a_spreadsheet_broke_is_mended_where_that_is_certain(store: LaptopStore, clock: SetClock) -> None:
    rows = "".join(f"{ref},14/03/2017 02:10,Pat,Other,Rang,None,Low,Nobody,{cell}\n" for ref, cell in BROKEN.items())
    done = import_sheet(store, "contact", NUMBERED + rows, clock=clock)
    assert done.problems == []
    stored = {record.fields["log_line"]: record.fields["call_back"] for record in store.records_of("contact")}
    assert stored == {**dict.fromkeys(BROKEN, "07700900123"), "P4": "447700900123"}
    assert {record.fields["log_line"] for record in store.search("+44 7700 900123")} == BROKEN.keys()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("1,14/03/2017 02:10,Pat,Other,Rang,None,Low,Nobody,+447.7E+09\n", "Call-back number"),
        ("1,14/03/2017 02:10,7.7E+09,Other,Rang,None,Low,Nobody,\n", "Who is calling"),
        ("1,14/03/2017 02:10,Pat,Other,Rang,None,Low,Nobody,########\n", "Call-back number"),
    ],
)
def test_a_number_whose_digits_are_lost_is_reported_with_its_column_and_nothing_is_stored(
    store: LaptopStore, clock: SetClock, row: str, column: str
) -> None:
    done = import_sheet(store, "contact", NUMBERED + row, clock=clock)
    assert [(problem.line, problem.column) for problem in done.problems] == [(2, column)]
    assert "digits are lost" in done.problems[0].message
    assert store.count("contact") == 0


def test_a_member_of_a_household_whose_number_lost_digits_is_reported(store: LaptopStore, clock: SetClock) -> None:
    act_as(store, "supervising")
    sheet = "Household,Phones\nJo|Preece||Carer||7700900123.0,Home|1632960174\nAda|Moss,Home|1.6E+09\n"
    done = import_sheet(store, "carer", sheet, clock=clock)
    assert [(problem.line, problem.column) for problem in done.problems] == [(3, "Phones")]
    [record] = store.records_of("carer")
    assert (record.fields["members"][0]["phone"], record.fields["phones"][0]["number"]) == (
        "07700900123",
        "01632960174",
    )


def test_a_number_pasted_from_a_spreadsheet_that_lost_its_digits_is_not_finished(
    store: LaptopStore, clock: SetClock
) -> None:
    records = Records(store, clock)
    draft = records.new_draft("contact", {"call_back": "+447.7E+09"})
    problems = {problem.field: problem.message for problem in records.problems(draft)}
    assert "digits are lost" in problems["call_back"]


def test_a_row_that_is_too_long_to_send_is_a_problem_of_its_line(
    store: LaptopStore, services: Services, clock: SetClock
) -> None:
    sign_in_as(store, role="manager")
    head = "Service number,First name,Family name,Date of birth,What helps\n"
    text = head + "K-801,Kai,Preece,04/05/2006,Quiet\n" + f"K-802,Ty,Preece,04/05/2006,{'quiet ' * 60_000}\n"
    done = import_sheet(store, "child", text, clock=clock)
    assert done.added == 1
    assert [(problem.line, problem.message.split(".")[0]) for problem in done.problems] == [
        (3, "This record is too long to send")
    ]


def test_more_rows_than_all_can_read_are_refused_before_they_are_signed(store: LaptopStore, clock: SetClock) -> None:
    fields = {"follow_ups": [{"id": f"r{row}"} for row in range(MOST_ROWS + 1)]}
    with pytest.raises(UserError, match="Put part of them in a second record"), store.write() as unit:
        unit.append(record="r", kind="contact", action="finish", fields=fields, changed=["follow_ups"], parents=())
    assert store.chain(store.seat.seat, after=0, limit=9) == []
