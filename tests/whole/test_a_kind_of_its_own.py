"""A kind of record that only this module describes, followed from its form to another laptop and back.

Nothing but the description is given. Laptops and council are in one process, so that all of them know it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.kinds.catalogue import KINDS, mistakes
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Finish, Kind, NewRecord, Role, Section, SheetOptions, Stage
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from sync.council.administration import quarantine
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.council_in_process import CouncilInProcess
from tests.helpers.kinds_known import also_known
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession, SetClock, load_demo, make_store
from tests.helpers.walk import focused, settle
from ui.records.form_page import RecordFormPage
from ui.records.list_page import ListPage
from ui.records.record_page import RecordPage
from ui.shell.window import MainWindow

MANAGERS: frozenset[Role] = frozenset({"manager", "council"})


class Companion(msgspec.Struct):
    """Somebody who came along."""

    id: str
    colleague: Annotated[str, field("Colleague", refers_to="practitioner")] = ""
    name: Annotated[str, field("Name", names="third")] = ""
    child: Annotated[str, field("Child", refers_to="child", subject=True)] = ""


class StepDone(msgspec.Struct):
    """A step that was done."""

    id: str
    what: Annotated[str, field("What was done", required="Enter what was done")] = ""
    by: Annotated[str, field("By", refers_to="practitioner")] = ""


class Outing(msgspec.Struct):
    """An outing with a child."""

    on: Annotated[date | None, field("Day", required="Enter the day")] = None
    child: Annotated[str, field("Child", refers_to="child", subject=True, required="Choose the child")] = ""
    risk: Annotated[str, field("Risk", choices="risk")] = ""
    where: Annotated[str, field("Where to", required="Enter where you went")] = ""
    companions: Annotated[list[Companion], field("Who came along")] = []
    steps: Annotated[list[StepDone], field("Steps done", grows=True)] = []
    state: Annotated[str, field("State", choices="action_state", initial=OPEN)] = ""
    thank: Annotated[bool, field("Somebody is to be thanked")] = False


def goes_somewhere(outing: Outing, now: datetime) -> Iterable[Problem]:
    """Nowhere is no place to go."""
    if outing.where.casefold() == "nowhere":
        yield Problem("where", "Enter a place")


def makes(outing: Outing, finish: Finish) -> Iterable[NewRecord]:
    """Thanks are an action, due on the day."""
    if outing.thank and outing.on:
        due = times.stamp(times.begins(outing.on))
        yield NewRecord(
            ACTION.name, "thank", {"what": "Thank them", "due": due, "child": outing.child, "owner": finish.author.name}
        )


OUTING = Kind(
    name="outing",
    label="Outing",
    plural="Outings",
    reference_prefix="OUT",
    record=Outing,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda outing: f"To {outing.where}" if outing.where else "Outing",
    dated_by="on",
    summary=("where",),
    lead=("where",),
    tags=("risk",),
    columns=("on", "child", "where", "state"),
    sections=(Section("The day", ("on", "child", "where", "risk")), Section("Who and what", ("companions", "steps"))),
    stage="state",
    stages=(Stage(OPEN, PRACTITIONERS), Stage("done", PRACTITIONERS), Stage("not_needed", MANAGERS)),
    unstaged=OPEN,
    checks=(goes_somewhere,),
    makes=makes,
    sheet=SheetOptions(key=("on", "where")),
)


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    """Have the program know outings."""
    with also_known(OUTING):
        yield


def colleague(services: Services, name: str) -> str:
    """A practitioner's record by name."""
    return next(record.record for record in services.people.of_kind("practitioner") if record.fields["name"] == name)


def answers(services: Services, **more: Any) -> dict[str, Any]:
    """The answers of an outing that can be finished."""
    return {
        "on": "2017-03-12",
        "child": child_named(services, "Kai"),
        "where": "the otter pool",
        "risk": "high",
        "companions": [
            {"id": "c1", "colleague": colleague(services, "K. Adeyemi"), "child": child_named(services, "Ellie")},
            {"id": "c2", "name": "A ranger"},
        ],
        "state": OPEN,
        **more,
    }


def finished(services: Services, **more: Any) -> str:
    """Finish an outing; returns its record."""
    return services.records.finish(services.records.new_draft(OUTING.name, answers(services, **more))).envelope.record


def test_its_description_has_no_mistake() -> None:
    assert mistakes(KINDS) == []


def test_it_is_written_by_keys_and_shown_in_its_list_its_page_and_the_childs_timeline(
    qapp: QApplication, session: RecordingSession, services: Services, qtbot: QtBot
) -> None:
    window = MainWindow(session)
    window.resize(1366, 768)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()

    def rest() -> None:
        for _ in range(3):
            settle()
            qtbot.waitUntil(lambda: window.runner.idle)
        settle()

    def command(typed: str) -> None:
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(focused(), typed)
        rest()
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        rest()

    rest()
    command("new outing")
    form = window.page
    assert isinstance(form, RecordFormPage)
    QTest.keyClicks(focused(), "12/03/2017")
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "kai")
    rest()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    rest()
    form.form.go("where")
    QTest.keyClicks(focused(), "the otter pool")
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest()
    page = window.page
    assert isinstance(page, RecordPage)
    record = page.record
    stored_record = services.store.get(record)
    assert stored_record is not None
    child = child_named(services, "Kai")
    assert stored_record.fields == {"on": "2017-03-12", "child": child, "where": "the otter pool", "state": OPEN}
    command("go to outings")
    listed = window.page
    assert isinstance(listed, ListPage)
    assert [row.record for row in listed.model.rows] == [record]
    line = next(entry for entry in services.timelines.entries(child) if entry.record == record)
    assert (line.day, line.time, line.title, line.summary) == (
        "Sunday 12 March 2017", "", "To the otter pool", "the otter pool",
    )  # fmt: skip
    window.close()
    window.deleteLater()


def test_its_rows_are_a_table_with_names_and_it_is_about_the_people_in_them(services: Services) -> None:
    record = finished(services)
    view = services.record_views.view(record)
    assert view is not None
    table = next(line.table for line in view.lines if line.unit == "companions")
    assert table is not None
    assert table.headings == ("Colleague", "Name", "Child")
    assert [[cell.words for cell in row] for row in table.rows] == [
        ["K. Adeyemi", "", "Ellie R."],
        ["", "A ranger", ""],
    ]
    assert view.when == "Sunday 12 March 2017"
    assert [tag.words for tag in view.tags] == ["High risk"]
    assert record in [entry.record for entry in services.timelines.entries(child_named(services, "Ellie"))]
    assert record not in [entry.record for entry in services.timelines.entries(colleague(services, "K. Adeyemi"))]


def test_it_is_found_by_words_by_its_reference_and_by_its_stage(services: Services, store: LaptopStore) -> None:
    record, other = finished(services), finished(services, where="the mill", state="done")
    view = services.record_views.view(record)
    assert view is not None
    assert view.reference.startswith("OUT-")
    assert [listed.record for listed in store.search("otter")] == [record]
    assert [listed.record for listed in store.search(view.reference.lower().replace("-", " "))] == [record]
    assert [listed.record for listed in store.records_of(OUTING.name, stage="done")] == [other]
    assert [listed.record for listed in store.records_of(OUTING.name, stage=OPEN)] == [record]


def test_it_is_finished_with_its_checks_and_makes_what_follows_once(services: Services, store: LaptopStore) -> None:
    with pytest.raises(Unfinished) as missing:
        services.records.finish(services.records.new_draft(OUTING.name, answers(services, where="Nowhere", on="")))
    assert [problem.field for problem in missing.value.problems] == ["on", "where"]
    record = finished(services, thank=True)
    thanks = [listed for listed in store.records_of(ACTION.name) if listed.fields["what"] == "Thank them"]
    assert [ACTION.of(thank).owner for thank in thanks] == ["A. Bevan"]
    draft = services.records.amendment(record)
    services.records.finish(replace(draft, fields={**draft.fields, "where": "the weir"}, why="Said so"))
    assert len([listed for listed in store.records_of(ACTION.name) if listed.fields["what"] == "Thank them"]) == 1


def test_its_sheet_goes_out_with_names_and_reads_back_on_another_laptop(
    services: Services, store: LaptopStore, tmp_path: Path, clock: SetClock
) -> None:
    record = finished(services, thank=True)
    text = "".join(export_sheet(store, OUTING).lines)
    assert "HIPSS-017" in text
    assert "K. Adeyemi" in text
    other = make_store(tmp_path / "other", clock)
    try:
        load_demo(other, clock)
        actions = other.count(ACTION.name)
        done = import_sheet(other, OUTING.name, text, clock=clock)
        assert (done.added, done.problems) == (1, [])
        read = other.records_of(OUTING.name)[0].fields
        held = store.get(record)
        assert held is not None
        companions, there = OUTING.by_name["companions"], Services(other, clock)
        came = companions.words(held.fields["companions"], services.names.name)
        assert companions.words(read["companions"], there.names.name) == came
        assert (read["on"], read["where"], read["risk"]) == ("2017-03-12", "the otter pool", "high")
        assert other.count(ACTION.name) == actions
        assert import_sheet(other, OUTING.name, text, clock=clock).known == 1
    finally:
        other.close()


def test_it_goes_to_the_council_and_to_another_laptop_with_its_rows_and_its_stage_is_judged_there(
    services: Services, store: LaptopStore, council_folder: CouncilServer, tmp_path: Path, clock: SetClock
) -> None:
    council = council_folder.in_process()
    own_laptop = CouncilInProcess(council, services)
    own_laptop.join("on_call")
    other_store = make_store(tmp_path / "other", clock, name="K. Adeyemi")
    other_laptop = CouncilInProcess(council, Services(other_store, clock))
    other_laptop.join("on_call")
    try:
        record = finished(services)
        own_laptop.exchange()
        other_laptop.exchange()
        for side in (own_laptop, other_laptop):
            side.services.records.add_row(record, "steps", {"what": f"Step of {side.services.store.seat.name}"})
        with pytest.raises(Unfinished) as refused:
            finished(services, where="the mill", state="not_needed")
        [problem] = refused.value.problems
        assert (problem.field, "may not set the state" in problem.message) == ("state", True)
        fields = answers(services, where="the mill", state="not_needed")
        with store.write() as unit:  # a program that was changed does not ask
            forced = unit.append(
                record="0199c0de-0000-7000-8000-00000000f0ce", kind=OUTING.name, action="finish", fields=fields,
                changed=sorted(fields), parents=(),
            )  # fmt: skip
        for side in (own_laptop, other_laptop, own_laptop):
            side.exchange()
        for side in (own_laptop, other_laptop):
            stored_record = side.services.store.get(record)
            assert stored_record is not None
            assert len(OUTING.of(stored_record).steps) == 2
            assert not stored_record.conflicts
            assert stored_record.versions == 1
        assert [held.digest for held in quarantine(council) if held.kind == OUTING.name] == [forced.digest]
        whole = [listed.record for listed in other_store.records_of(OUTING.name) if not listed.incomplete]
        assert whole == [record]
        for checked in (store, other_store):
            assert examine(checked).findings == []
            assert examine(checked).unreadable == []
    finally:
        other_store.close()
