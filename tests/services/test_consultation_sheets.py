"""The consultations of 2016 as a sheet: every row is a record, once, and says whether it is from a sheet.

They are counted by a second route, in plain Python over the file.
"""

import csv
import io
from collections import Counter
from datetime import date

import pytest

from db.store import LaptopStore
from hipss_desktop.figures.periods import between
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from resources import demo
from tests.helpers import tiss
from tests.helpers.several_laptops import amend
from tests.helpers.store_fixtures import SetClock, sign_in_as

SHEET = demo.sheet("consultations.csv")
CHILD_HEAD = "Date,Recipient team,Subject,Theme"


@pytest.fixture
def lead(store: LaptopStore, clock: SetClock) -> Services:
    """An empty laptop of a lead practitioner."""
    sign_in_as(store, role="lead")
    return Services(store, clock)


def load(services: Services, text: str) -> tuple[int, int, int, list[tuple[int, str, str]]]:
    """Import consultations: how many are new, changed and known, and the problems as line, column and sentence."""
    done = import_sheet(services.store, "consultation", text, clock=services.clock)
    return (
        done.added,
        len(done.changed),
        done.known,
        [(problem.line, problem.column, problem.message) for problem in done.problems],
    )


def test_110_rows_imported_twice_are_110_records_and_74_35_and_1_by_subject_and_team(lead: Services) -> None:
    assert load(lead, SHEET) == (110, 0, 0, [])
    assert load(lead, SHEET) == (0, 0, 110, [])
    assert lead.store.count("consultation") == 110
    table = lead.consultation_tables.of(between(date(2016, 1, 1), date(2016, 12, 31)))
    children = table.of_subject("child") + table.of_subject("case")
    themes = {team: table.cells.get(("theme", team), 0) for team in ("edge_of_care", "sixteen_plus")}
    assert (table.total, children, themes) == (110, 74, {"edge_of_care": 35, "sixteen_plus": 1})
    assert table.of_team("edge_of_care") > 35  # it also asked about children: one field would have counted those twice


def test_the_same_counts_come_from_the_file_itself(lead: Services) -> None:
    load(lead, SHEET)
    rows = list(csv.DictReader(io.StringIO(SHEET)))
    by_file = Counter((row["Subject"], row["Recipient team"]) for row in rows if row["Date"].endswith("/2016"))
    table = lead.consultation_tables.of(between(date(2016, 1, 1), date(2016, 12, 31)))
    labels = CONSULTATION.by_name["about"].choices, CONSULTATION.by_name["team"].choices
    assert by_file == Counter(
        {(labels[0].label(about), labels[1].label(team)): count for (about, team), count in table.cells.items()}
    )
    alike = [count for count in Counter(tuple(row.items()) for row in rows).values() if count > 1]
    assert len(alike) >= 2  # rows alike in every column are as many consultations


def test_a_row_that_can_be_finished_is_not_marked_and_every_other_one_is(lead: Services) -> None:
    load(lead, SHEET)
    records = lead.store.records_of("consultation")
    whole = [record for record in records if not CONSULTATION.of(record).from_sheet]
    rows_with_text = sum(bool(row["Text"]) for row in csv.DictReader(io.StringIO(SHEET)))
    assert len(whole) == rows_with_text == 4
    assert all(CONSULTATION.problems(record.fields, lead.clock()) == [] for record in records)
    assert all(
        CONSULTATION.problems({**finished_record.fields, "from_sheet": True}, lead.clock()) == []
        for finished_record in whole
    )


def test_the_mark_is_in_words_on_the_page_and_in_the_export_and_the_export_is_read_again(
    lead: Services, store: LaptopStore
) -> None:
    load(lead, SHEET)
    marked = next(record for record in store.records_of("consultation") if CONSULTATION.of(record).from_sheet)
    view = lead.record_views.view(marked.record)
    assert view is not None
    assert [line.words for line in view.lines if line.label == "From a sheet"] == ["Yes"]
    text = "".join(export_sheet(store, CONSULTATION).lines)
    written = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert Counter(row["From a sheet"] for row in written) == {"Yes": 106, "": 4}
    assert load(lead, text) == (0, 0, 110, [])


def test_nobody_can_type_the_mark(lead: Services) -> None:
    record = tiss.consultation(lead, theme="Endings", from_sheet=True)
    written = lead.store.get(record)
    assert written is not None
    assert "from_sheet" not in written.fields
    with pytest.raises(Unfinished) as refused:
        amend(lead, record, {"from_sheet": True})
    assert [problem.field for problem in refused.value.problems] == ["from_sheet"]
    load(lead, f"{CHILD_HEAD},From a sheet\n09/03/2017,16+,A child or family of another team,,\n")
    marked = next(
        stored_record
        for stored_record in lead.store.records_of("consultation")
        if CONSULTATION.of(stored_record).from_sheet
    )
    with pytest.raises(Unfinished):
        amend(lead, marked.record, {"from_sheet": False})
    amend(lead, marked.record, {"mode": "phone"})


def test_a_cell_that_says_it_is_from_a_sheet_marks_no_row_that_is_whole(lead: Services) -> None:
    full = next(row for row in csv.DictReader(io.StringIO(SHEET)) if row["Text"])
    text = io.StringIO()
    writer = csv.DictWriter(text, [*full, "From a sheet"])
    writer.writeheader()
    writer.writerow({**full, "From a sheet": "Yes"})
    assert load(lead, text.getvalue())[0] == 1
    [record] = lead.store.records_of("consultation")
    assert not CONSULTATION.of(record).from_sheet
    assert load(lead, text.getvalue()) == (0, 0, 1, [])


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        ("09/03/2016,Choir,A child placed with HIPSS,,,", "For which team", "Use one of"),
        ("09/03/2016,,A child placed with HIPSS,,,", "For which team", "Choose the team"),
        ("09/03/2016,16+,,,,", "About", "Choose what it is about"),
        (",16+,A child placed with HIPSS,,,", "Held on", "Enter the day it was held"),
        ('09/03/2016,16+,"A theme, without a child",,,', "Theme", "Enter the theme"),
        ("09/03/2016,16+,A child placed with HIPSS,,09/03/2016 10:00,09/03/2016 09:00", "End", "later time"),
        ("31/02/2016,16+,A child placed with HIPSS,,,", "Held on", ""),
    ],
)  # fmt: skip  a row to a line
def test_what_is_wrong_is_said_by_line_and_the_other_rows_go_in(
    lead: Services, row: str, column: str, part: str
) -> None:
    text = f"{CHILD_HEAD},Start,End\n08/03/2016,16+,A child placed with HIPSS,,,\n{row}\n"
    added, _, _, problems = load(lead, text)
    assert added == 1
    assert [(line, where) for line, where, _ in problems] == [(3, column)]
    assert part in problems[0][2]


def test_what_is_asked_for_planned_and_cancelled_is_exported_and_read_again(lead: Services) -> None:
    rows = (
        "Stage,About,Theme,Team,Asked for on,Asked for by,Planned for,Cancelled by,Why it was cancelled\n"
        'Asked for,"A theme, without a child",Endings,16+,01/03/2017,R. Penn,,,\n'
        'Planned,"A theme, without a child",Sleep,16+,01/03/2017,R. Penn,20/03/2017 10:00,,\n'
        'Cancelled,"A theme, without a child",Anger,16+,01/03/2017,R. Penn,10/03/2017 10:00,R. Penn,Ill\n'
        'Nobody came,"A theme, without a child",Loss,16+,01/03/2017,R. Penn,13/03/2017 10:00,,\n'
    ).replace("Team,", "For which team,", 1)  # fmt: skip  a row to a line
    assert load(lead, rows) == (4, 0, 0, [])
    assert not [record for record in lead.store.records_of("consultation") if CONSULTATION.of(record).from_sheet]
    assert load(lead, "".join(export_sheet(lead.store, CONSULTATION).lines)) == (0, 0, 4, [])


def test_the_other_sheets_of_a_lead_are_read_twice_to_the_same_records(lead: Services) -> None:
    counts = []
    for _ in range(2):
        for kind, file in demo.TISS:
            done = import_sheet(lead.store, kind, demo.sheet(file), clock=lead.clock)
            assert done.problems == []
        counts.append({kind: lead.store.count(kind) for kind, _ in demo.TISS})
    assert counts[0] == counts[1] == {"case": 3, "series": 1, "consultation": 110, "training": 1, "direct_work": 1}
    assert all(
        KINDS[kind].misfits(record.fields) == [] for kind, _ in demo.TISS for record in lead.store.records_of(kind)
    )
