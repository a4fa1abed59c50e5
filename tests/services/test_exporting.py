"""What a laptop exports reads back to the same records, in another store and in its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.kind import Kind
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.files import sheet_kinds
from hipss_desktop.views.services import Services
from resources import demo
from tests.helpers.store_fixtures import SetClock, make_store


@pytest.fixture
def elsewhere(tmp_path: Path, clock: SetClock) -> Iterator[LaptopStore]:
    """An empty store of somebody else."""
    other_store = make_store(tmp_path / "elsewhere", clock, name="C. Powell")
    yield other_store
    other_store.close()


def act_as(store: LaptopStore, kind: Kind) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, sorted(kind.writers)[0])


def exported(store: LaptopStore, kind: Kind) -> str:
    act_as(store, kind)
    return "".join(export_sheet(store, kind).lines)


def answers(store: LaptopStore, kind: str) -> dict[str, dict[str, Any]]:
    return {record.record: dict(record.fields) for record in store.records_of(kind) if not record.withdrawn}


def test_the_demo_caseload_exported_and_imported_elsewhere_is_the_same(
    services: Services, store: LaptopStore, elsewhere: LaptopStore, clock: SetClock
) -> None:
    with elsewhere.write() as unit:  # under one secret a row gets one identifier, so that all can be compared
        unit.set(StoreSetting.IMPORT_SECRET, store.setting(StoreSetting.IMPORT_SECRET))
    for kind in sheet_kinds():
        act_as(elsewhere, kind)
        done = import_sheet(elsewhere, kind.name, exported(store, kind), clock=clock)
        assert (done.problems, done.changed) == ([], [])
        assert answers(elsewhere, kind.name) == answers(store, kind.name)
        assert bool(answers(store, kind.name)) == (kind.name in dict(demo.order()))


def test_what_was_exported_changes_nothing_where_it_came_from(
    services: Services, store: LaptopStore, clock: SetClock
) -> None:
    for kind in sheet_kinds():
        act_as(store, kind)
        done = import_sheet(store, kind.name, exported(store, kind), clock=clock)
        assert (done.added, done.changed, done.problems) == (0, [], [])
        assert done.known == store.count(kind.name)


def test_records_written_by_hand_read_back_to_the_same_answers_under_identifiers_of_their_own(
    services: Services, store: LaptopStore, elsewhere: LaptopStore, clock: SetClock
) -> None:
    kind, records = KINDS["child"], services.records
    act_as(store, kind)
    rows = [{"id": "q7k", "who": "Mum; at work", "number": "01632 960174", "note": "=1+1 | nights\nonly"}]
    body = {
        "given_name": "'Zoë", "family_name": "Nash", "local_id": "-017", "born": "2004-02-29", "risks": ["Runs; hides"],
        "who_to_call": rows, "helps": ["+ a walk", "@home"],
    }  # fmt: skip
    zoe = records.finish(records.new_draft("child", body)).envelope.record
    records.finish(records.new_draft("action", {"what": "Ring Mum", "due": "2017-03-14T09:00:00+00:00", "child": zoe}))
    for name in ("child", "action"):
        act_as(elsewhere, KINDS[name])
        problems = import_sheet(elsewhere, name, exported(store, KINDS[name]), clock=clock).problems
        assert all(name == "action" and "called that here" in problem.message for problem in problems)
    [(zoe_elsewhere, fields)] = [
        (record, answer) for record, answer in answers(elsewhere, "child").items() if answer["local_id"] == "-017"
    ]
    assert zoe_elsewhere != zoe
    assert set(fields) == set(body)
    assert all(cells.alike(kind.by_name[name], fields[name], body[name]) for name in body)
    assert [answer["child"] for answer in answers(elsewhere, "action").values() if answer["what"] == "Ring Mum"] == [
        zoe_elsewhere
    ]


def test_a_withdrawn_record_is_left_out_and_counted(services: Services, store: LaptopStore) -> None:
    kind = KINDS["placement"]
    act_as(store, kind)
    before = export_sheet(store, kind)
    services.records.withdraw(store.records_of("placement")[0].record, "Written twice")
    after = export_sheet(store, kind)
    assert (after.records, after.withdrawn) == (before.records - 1, 1)
    assert len("".join(after.lines).splitlines()) == after.records + 1


def test_a_role_that_may_not_read_the_kind_exports_nothing(services: Services, store: LaptopStore) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "commissioner")
    with pytest.raises(UserError, match="Your role may not read this"):
        export_sheet(store, KINDS["child"])
