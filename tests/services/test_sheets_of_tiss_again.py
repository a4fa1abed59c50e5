"""Sheets of TISS read again: in another order, with more rows, on two laptops, and into a store that holds nothing of them."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.consultation import CONSULTATION, is_open
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.imported_twice import records_twice
from hipss_desktop.services.importing import Imported, import_sheet
from hipss_desktop.views.services import Services
from tests.helpers import tiss
from tests.helpers.several_laptops import close, exchange, joined
from tests.helpers.store_fixtures import SetClock, make_store, sign_in_as

HEAD = "Date,Recipient team,Subject,Minutes,Theme\n"
DAY = '09/03/2017,16+,"A theme, without a child"'
ROWS = (f"{DAY},60,Endings\n", f"{DAY},90,Endings\n", f"{DAY},,Endings\n", f"{DAY},60,Endings\n")
"""Of one day, team and theme, and so of one key; the first and the last are alike in every column."""


@pytest.fixture
def lead(services: Services) -> Services:
    """The laptop of a lead practitioner."""
    sign_in_as(services.store, role="lead")
    return services


@pytest.fixture
def manager(lead: Services, clock: SetClock, tmp_path: Path) -> Iterator[Services]:
    """A manager's laptop that holds what the lead's holds."""
    manager_services = joined(tmp_path / "theirs", clock, lead, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    yield manager_services
    close([manager_services])


@pytest.fixture
def fresh(clock: SetClock, tmp_path: Path) -> Iterator[Services]:
    """The laptop of a lead practitioner that holds nothing."""
    store = make_store(tmp_path / "fresh", clock, role="lead", name="M. Iqbal")
    yield Services(store, clock)
    store.close()


def load(services: Services, *rows: str) -> tuple[int, int, int, int]:
    """Import rows of consultations: how many are new, changed, known, and how many problems there are."""
    return counts(import_sheet(services.store, "consultation", HEAD + "".join(rows), clock=services.clock))


def counts(done: Imported) -> tuple[int, int, int, int]:
    return done.added, len(done.changed), done.known, len(done.problems)


def minutes(services: Services) -> list[int]:
    """The minutes of all consultations of the day, 0 where none are recorded."""
    consultations = [CONSULTATION.of(record) for record in services.store.records_of("consultation")]
    return sorted(consultation.minutes or 0 for consultation in consultations if consultation.theme == "Endings")


def test_rows_of_one_day_team_and_theme_that_differ_in_one_column_are_as_many_consultations(lead: Services) -> None:
    assert load(lead, *ROWS) == (4, 0, 0, 0)
    assert minutes(lead) == [0, 60, 60, 90]
    for order in itertools.permutations(ROWS):
        assert load(lead, *order) == (0, 0, 4, 0)


def test_in_whatever_order_a_laptop_reads_what_another_one_read_they_are_the_same_records(
    lead: Services, manager: Services
) -> None:
    assert load(lead, *ROWS) == (4, 0, 0, 0)
    exchange(lead, manager)
    assert load(manager, *reversed(ROWS)) == (0, 0, 4, 0)
    exchange(lead, manager)
    for services in (lead, manager):
        assert minutes(services) == [0, 60, 60, 90]
        assert records_twice(services.store, "consultation") == []
        assert load(services, *ROWS) == (0, 0, 4, 0)


def test_what_two_laptops_read_offline_is_there_twice_and_is_named(lead: Services, manager: Services) -> None:
    assert load(lead, *ROWS) == load(manager, *reversed(ROWS)) == (4, 0, 0, 0)
    exchange(lead, manager)
    for services in (lead, manager):
        assert minutes(services) == [0, 0, 60, 60, 60, 60, 90, 90]
        assert sorted(len(alike) for alike in records_twice(services.store, "consultation")) == [2, 2, 4]
        assert load(services, *ROWS) == (0, 0, 4, 0)


def test_a_sheet_that_grew_adds_what_it_grew_by(lead: Services) -> None:
    for held in range(len(ROWS)):
        assert load(lead, *reversed(ROWS[: held + 1])) == (1, 0, held, 0)
    assert minutes(lead) == [0, 60, 60, 90]


def test_a_row_that_was_corrected_is_reported_and_adds_nothing(lead: Services) -> None:
    load(lead, *ROWS[:2])
    assert load(lead, f"{DAY},65,Endings\n", ROWS[1]) == (0, 1, 1, 0)
    assert load(lead, ROWS[1]) == (0, 0, 1, 0)
    assert minutes(lead) == [60, 90]


def test_an_answer_to_a_plan_is_to_the_same_row_in_another_store(lead: Services, fresh: Services) -> None:
    plan = [
        tiss.row(what="Bedtime plan", owner="M. Iqbal", by="2017-03-31"),
        tiss.row(what="Countdown card", owner="J. Tranter", by="2017-03-17"),
    ]
    record = tiss.consultation(lead, theme="Endings", plan=plan)
    lead.consultations.answer(record, plan[1]["id"], "done")
    lead.consultations.answer(record, plan[0]["id"], "not_done", because="The school was closed")
    sheet = "".join(export_sheet(lead.store, CONSULTATION).lines)
    for _ in range(2):
        done = import_sheet(fresh.store, CONSULTATION.name, sheet, clock=fresh.clock)
        assert (done.changed, done.problems) == ([], [])
    [copy] = fresh.store.records_of(CONSULTATION.name)
    read = CONSULTATION.of(copy)
    assert {row.what: is_open(read, row.id) for row in read.plan} == {"Countdown card": False, "Bedtime plan": True}
    second_import = import_sheet(lead.store, CONSULTATION.name, sheet, clock=lead.clock)
    assert counts(second_import) == (0, 0, 1, 0)


def written_of_every_kind(services: Services) -> None:
    """A record or two of each kind of TISS, in which every field that can hold words does."""
    series = tiss.series(services)
    case = tiss.case(services, members=[tiss.row(name="R.", relation="Mother; aunt | guardian")])
    words: dict[str, Any] = {
        **tiss.full_of(CONSULTATION, "Wombat | ; \\ \u202b עברית 🦘"),
        "team": "other",
        "same_as": [],
    }
    words |= {"stage": "held", "ended": "2017-03-09T11:00:00+00:00", "about": "case", "case": case, "child": ""}
    words |= {"text": tiss.question("One.\n\nTwo \\\n[sic]\n'=1+1"), "series": series, "form": "series"}
    plan = [
        tiss.row(what=task, owner="M. Iqbal", by="2017-03-31") for task in ("Ring; then write", "Ring | write", "3")
    ]
    answers = [tiss.row(plan=row["id"], asked_on="2017-03-13", answer="done") for row in reversed(plan)]
    sent_rows = [tiss.row(to="F. Doyle", how="hand", at="2017-03-10T10:00:00+00:00", of=["0" * 64, "1" * 64])]
    tiss.written(services, "consultation", {**words, "plan": plan, "plan_answers": answers, "sent": sent_rows})
    tiss.consultation(services, theme="=Endings")
    tiss.direct_work(services, case=case, childs_words=[tiss.row(place="5", text="-Not again", mark="said")])
    people = [
        tiss.row(name="C. Hale", role="Foster carer", was="came", minutes=60),
        tiss.row(role="Teacher", was="apologies"),
    ]
    times = {"began": "2017-03-10T09:30:00+00:00", "ended": "2017-03-10T12:30:00+00:00"}
    tiss.training(services, stage="held", people=people, handouts=["One; two", "Three"], series=series, **times)


def test_every_kind_of_tiss_comes_back_equal_from_its_sheet_in_another_store(lead: Services, fresh: Services) -> None:
    written_of_every_kind(lead)
    for kind in map(KINDS.__getitem__, ("series", "case", "consultation", "direct_work", "training")):
        sheet = "".join(export_sheet(lead.store, kind).lines)
        done = import_sheet(fresh.store, kind.name, sheet, clock=fresh.clock)
        assert (done.changed, done.problems) == ([], []), kind.name
        assert done.added > 0
        assert "".join(export_sheet(fresh.store, kind).lines) == sheet
        assert counts(import_sheet(fresh.store, kind.name, sheet, clock=fresh.clock)) == (0, 0, done.added, 0)
