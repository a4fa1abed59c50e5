"""The night pack check over a real store: what it measured is kept, with what was agreed for each line that is left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from db.store import LaptopStore
from hipss_desktop.kinds.night_check import NIGHT_CHECK
from hipss_desktop.machine import Machine
from hipss_desktop.rules.night_check import Line
from hipss_desktop.services.night_check import note_exchange, note_unlock_offline, row_of
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.numbers import Number
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import MACHINE, SetClock

AFTERNOON = datetime(2017, 3, 13, 16, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    """16:30 on Monday 13 March 2017."""
    return SetClock(AFTERNOON)


def line(services: Services, item: str, machine: Machine = MACHINE) -> Line:
    return next(line for line in services.night_checks.check(machine) if line.item == item)


def line_of(services: Services, child: str) -> Line | None:
    """The line of one child's plan."""
    lines = services.night_checks.check(MACHINE)
    return next((line for line in lines if (line.item, line.child) == ("plan", child)), None)


def packs_left(services: Services) -> list[tuple[str, str]]:
    """What is to be put right of the packs: the title and what was measured."""
    lines = services.night_checks.check(MACHINE)
    return [(line.title, line.figure) for line in lines if line.item == "pack" and line.state != "ready"]


def test_nothing_is_ready_that_was_never_measured(services: Services) -> None:
    nothing = Machine(free=None, encrypted=None, percent=None, plugged_in=None)
    states = {line.item: line.state for line in services.night_checks.check(nothing)}
    assert {item for item, state in states.items() if state == "ready"} == {"rota"}
    assert {states[item] for item in ("clock", "disk", "encryption", "battery")} == {"not_checked"}
    assert {states[item] for item in ("pack", "paper")} == {"amber"}
    assert (states["caseload"], states["unlock"]) == ("amber", "red")


def test_an_exchange_and_an_unlock_without_network_are_measured(services: Services, store: LaptopStore) -> None:
    with store.write() as unit:
        note_exchange(unit, AFTERNOON - timedelta(minutes=2))
        unit.set(StoreSetting.CLOCK_AHEAD, "-1.4")
        note_unlock_offline(unit, AFTERNOON - timedelta(hours=5))
    assert (line(services, "caseload").state, line(services, "caseload").figure) == ("ready", "Received 16:28")
    assert (line(services, "clock").state, line(services, "clock").figure) == ("ready", "1 second apart at 16:28")
    assert (line(services, "unlock").state, line(services, "unlock").figure) == ("ready", "Unlocked offline 11:30")


def test_the_rota_of_the_coming_night_is_looked_at_and_of_the_night_that_runs(
    services: Services, clock: SetClock
) -> None:
    assert line(services, "rota").figure == "On call A. Bevan, backup S. Lloyd"
    clock.pass_time(hours=10)
    assert line(services, "rota").figure == "On call A. Bevan, backup S. Lloyd"
    clock.pass_time(hours=6, minutes=15)  # 08:45, after the night
    assert line(services, "rota").figure == "On call K. Adeyemi, backup S. Lloyd"


def test_the_plan_of_each_child_placed_tonight_is_looked_at(services: Services, store: LaptopStore) -> None:
    placed = {placement.child for placement in services.people.placements(AFTERNOON.date())}
    child = next(child for child in placed if services.people.name(child) == "Tyler B.")
    assert line_of(services, child) is None
    draft = services.records.amendment(child)
    emptied = {**draft.fields, "risks": [], "triggers": [], "helps": [], "do_not": []}
    services.records.finish(type(draft)(**{**vars(draft), "fields": emptied, "why": "Written for another child"}))
    emptied_plan = line_of(services, child)
    assert emptied_plan is not None
    assert (emptied_plan.state, emptied_plan.title) == ("red", "Tyler B. has no safety plan")
    assert {plan.child for plan in services.night_checks.measured(MACHINE).plans} == placed


def test_the_pack_of_each_child_placed_tonight_is_looked_at(services: Services, clock: SetClock) -> None:
    no_pack = ("Amara O. has no missing-person pack", "No pack")
    assert packs_left(services) == [no_pack, ("Tyler B.’s missing-person pack is not complete", "Not answered: online")]
    named = {line.title: line for line in services.night_checks.check(MACHINE)}
    tyler = named["Tyler B.’s missing-person pack is not complete"]
    draft = services.records.amendment(tyler.record)
    services.records.finish(replace(draft, fields={**draft.fields, "online": "None"}, why="Carol rang"))
    assert packs_left(services) == [no_pack]
    clock.pass_time(days=(date(2017, 4, 20) - AFTERNOON.date()).days)  # the day on which Josh's is to be checked again
    assert packs_left(services) == [
        no_pack,
        ("Josh W.’s missing-person pack is to be checked again", "Checked 20 January 2017"),
    ]


def test_the_paper_sheet_counts_for_the_night_before_which_it_was_made(services: Services, clock: SetClock) -> None:
    assert (line(services, "paper").state, line(services, "paper").figure) == ("amber", "Not printed today")
    services.night_checks.paper_sheet_made()
    assert (line(services, "paper").state, line(services, "paper").figure) == ("ready", "16:30, shred by 09:00")
    clock.pass_time(hours=10)
    assert (line(services, "paper").state, line(services, "paper").figure) == (
        "ready",
        "yesterday 16:30, shred by 09:00",
    )
    clock.pass_time(hours=14)
    assert line(services, "paper").state == "amber"


def test_what_was_agreed_so_far_is_a_draft_of_this_night_and_the_finish_ends_it(
    services: Services, store: LaptopStore, clock: SetClock
) -> None:
    lines = services.night_checks.check(MACHINE)
    unready_lines = [line for line in lines if line.state != "ready"]
    agreed = {(line.item, line.child): "S. Lloyd knows" for line in unready_lines}
    draft = services.night_checks.draft()
    begun = replace(draft, fields={**draft.fields, "lines": [row_of(unready_lines[0], agreed)]})
    services.night_checks.save(begun)
    assert (services.night_checks.draft().record, len(store.drafts())) == (draft.record, 1)
    clock.pass_time(days=1)
    assert services.night_checks.draft().record != draft.record
    clock.pass_time(days=-1)
    revision = services.night_checks.finish(lines, agreed)
    assert revision.envelope.record == draft.record
    assert not store.drafts()
    draft = services.night_checks.draft()
    services.night_checks.save(replace(draft, fields={**draft.fields, "lines": [row_of(unready_lines[0], agreed)]}))
    services.night_checks.save(draft)  # nothing is typed any more
    assert not store.drafts()


def test_a_check_is_kept_with_what_was_agreed_for_each_line_that_is_left(
    services: Services, store: LaptopStore
) -> None:
    lines = services.night_checks.check(MACHINE)
    unready_lines = [line for line in lines if line.state != "ready"]
    agreed = {(line.item, line.child): f"S. Lloyd knows of {line.item}" for line in unready_lines}
    agreed[("battery", "")] = ""  # nobody said anything of it; it stops nothing
    revision = services.night_checks.finish(lines, agreed)
    record = store.get(revision.envelope.record)
    assert record is not None
    check = NIGHT_CHECK.of(record)
    assert (check.night, check.checked_at, services.people.name(check.backup)) == (
        AFTERNOON.date(),
        AFTERNOON,
        "S. Lloyd",
    )
    written = {(row.item, row.child): (row.state, row.figure, row.agreed) for row in check.lines}
    assert written == {
        (line.item, line.child): (line.state, line.figure, agreed.get((line.item, line.child), "")) for line in lines
    }
    names = [services.people.name(child) for child in {line.child for line in lines if line.child}]
    assert not any(name in str(record.fields) for name in names)


def test_the_person_who_can_help_is_named_beside_the_line_with_a_number(services: Services) -> None:
    view = services.night_check_views.check(MACHINE)
    can_help = {checked.line.item: checked.help_from for checked in view.lines_left}
    assert can_help["battery"] == Number("J. Tanner", "01632 960110")
    assert can_help["paper"] == Number("S. Lloyd", "07700 900312")
    packs = [(checked.line.title, checked.help_from) for checked in view.lines_left if checked.line.item == "pack"]
    assert packs[0] == (
        "Amara O. has no missing-person pack",
        Number("Pauline & Tom Griffin", "01632 960388"),
    )
    assert view.words == f"{len(view.lines_left)} to put right, {len(view.ready)} ready."
    plans = [checked for checked in view.lines_left if checked.line.item == "plan"]
    assert all(checked.help_from and checked.help_from.number for checked in plans)
