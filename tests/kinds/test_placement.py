"""Main placements of one child that overlap, or were never ended, are named by import and doctor, with both."""

from typing import Any

import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop import identity
from hipss_desktop.kinds.placement import PLACEMENT
from hipss_desktop.records.doubts import doubts_of
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.records import Records
from tests.helpers.store_fixtures import SetClock

Row = tuple[str, str, str, str]
"""A child, the first day, the last day, the type."""


def pairs(*rows: Row) -> list[tuple[str, ...]]:
    bodies = {
        str(place): {"child": child, "carer": "c", "start": start or None, "end": end or None, "type": kind}
        for place, (child, start, end, kind) in enumerate(rows)
    }
    return [doubt.records for doubt in doubts_of(PLACEMENT, bodies.items())]


@pytest.mark.parametrize(
    ("rows", "doubtful"),
    [
        ([("kai", "2016-01-01", "2016-06-01", "main"), ("kai", "2016-06-01", "", "main")], []),
        ([("kai", "2016-01-01", "", "main"), ("kai", "2016-06-01", "", "main")], [("0", "1")]),
        ([("kai", "2016-06-01", "", "main"), ("kai", "2016-01-01", "2016-06-02", "")], [("1", "0")]),
        ([("kai", "2016-01-01", "", "main"), ("kai", "2016-06-01", "2016-06-09", "respite")], []),
        ([("kai", "2016-01-01", "", "main"), ("kai", "2016-06-01", "", "emergency")], []),
        ([("kai", "2016-01-01", "", "main"), ("josh", "2016-06-01", "", "main")], []),
        ([("kai", "", "", "main"), ("kai", "2016-06-01", "", "main"), ("", "2016-01-01", "", "main")], []),
        (
            [
                ("kai", "2016-01-01", "2016-12-01", "main"), ("kai", "2016-02-01", "2016-03-01", "main"),
                ("kai", "2016-05-01", "2016-06-01", "main"),
            ],
            [("0", "1"), ("0", "2")],
        ),
        (
            [("kai", "2016-01-01", "", "main"), ("kai", "2016-02-01", "2016-03-01", "main"), ("kai", "2016-05-01", "", "main")],
            [("0", "1")],
        ),
    ],
)  # fmt: skip  # a table, read line by line
def test_placements_that_cannot_both_be_true_are_named(rows: list[Row], doubtful: list[tuple[str, ...]]) -> None:
    assert pairs(*rows) == doubtful


def the_child(store: LaptopStore, clock: SetClock) -> None:
    records = Records(store, clock)
    for kind, fields in (
        ("child", {"given_name": "Kai", "local_id": "TST-01", "born": "2004-01-01"}),
        ("carer", {"members": [{"id": "01", "given_name": "Ada", "family_name": "Moss"}]}),
    ):
        with store.write() as unit:
            unit.append(
                record=identity.record_id(),
                kind=kind,
                action="finish",
                fields=fields,
                changed=sorted(fields),
                parents=(),
            )
    assert records.store.count("carer") == 1


def imported(store: LaptopStore, clock: SetClock, *rows: str, **more: Any) -> Any:
    return import_sheet(
        store, "placement", "\n".join(("Child,Carer,Kind of placement,From,To", *rows)), clock=clock, **more
    )


def test_an_import_adds_such_a_placement_and_says_so_and_so_does_doctor(store: LaptopStore, clock: SetClock) -> None:
    the_child(store, clock)
    first = imported(store, clock, "TST-01,Ada Moss,Main,01/02/2016,")
    assert (first.added, first.doubts) == (1, [])
    assert examine(store).doubts == []
    second = imported(store, clock, "TST-01,Ada Moss,Main,01/02/2016,", "TST-01,Ada Moss,Main,01/03/2016,")
    [doubt] = second.doubts
    assert (second.added, second.known, doubt.line) == (1, 1, 3)
    earlier, later = sorted(store.records_of("placement"), key=lambda record: str(record.fields["start"]))
    references = [identity.reference("P", record.record) for record in (earlier, later)]
    assert doubt.message == (
        f"Placement {references[0]} had not ended when {references[1]} began on 1 March 2016, for the same child. "
        f"Enter the day on which {references[0]} ended."
    )
    examined = examine(store)
    assert (examined.doubts, examined.findings) == ([doubt.message], [])


def test_a_placement_that_overlaps_without_being_withdrawn_is_the_only_doubt(
    store: LaptopStore, clock: SetClock
) -> None:
    the_child(store, clock)
    rows = ("TST-01,Ada Moss,Main,01/02/2016,01/06/2016", "TST-01,Ada Moss,Main,01/05/2016,")
    assert [doubt.line for doubt in imported(store, clock, *rows, dry_run=True).doubts] == [3]
    imported(store, clock, *rows)
    assert "ended on 1 June 2016, and had not ended when" in examine(store).doubts[0]
    newest = max(store.records_of("placement"), key=lambda record: str(record.fields["start"]))
    Records(store, clock).withdraw(newest.record, "Entered twice")
    assert examine(store).doubts == []
