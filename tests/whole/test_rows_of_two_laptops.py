"""Two laptops add fifty rows each to one incident without a network: over the real wire all hundred are there."""

from pathlib import Path
from typing import Any

import pytest

from hipss_desktop.records.paragraphs import one_paragraph
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.stations import Station

EACH = 50


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with serving(tmp_path_factory.mktemp("rows") / "council") as server:
        yield server


@pytest.mark.parametrize("first", [0, 1])
def test_a_hundred_rows_of_two_laptops_are_all_there_without_a_conflict_or_a_reason(
    council: CouncilServer, tmp_path: Path, first: int
) -> None:
    names = (f"A. Bevan {first}", f"K. Adeyemi {first}")
    laptops = [Station(tmp_path / name, name=name).join(council) for name in names]
    records = laptops[0].opened.services.records
    draft = records.new_draft(
        "incident",
        {"types": ["missing"], "aware": "2017-03-13T22:10:00+00:00", "happening": one_paragraph("He went out")},
    )
    records.finish(draft)
    for laptop in laptops:
        laptop.sync()
    for number in range(EACH):
        for laptop in laptops:
            row = {"recipient": "police", "at": "2017-03-14T01:00:00+00:00", "reference": f"{laptop.name} {number}"}
            laptop.opened.services.records.add_row(draft.record, "notified", row)
    for laptop in (laptops[first], laptops[not first], laptops[first]):
        laptop.sync()
    expected = {f"{name} {number}" for name in names for number in range(EACH)}
    for laptop in laptops:
        store = laptop.opened.store
        incident = store.get(draft.record)
        assert incident is not None
        rows = incident.fields["notified"]
        assert len(rows) == len(expected)
        assert {row["reference"] for row in rows} == expected
        assert (dict(incident.conflicts), incident.needs_decision, incident.disputed) == ({}, False, False)
        assert incident.state == "sent"
        bodies = [revision.content() for revision in store.revisions(draft.record)]
        assert len(bodies) == 1 + len(expected)
        assert {body.why for body in bodies if body is not None} == {""}
        laptop.close()
    assert council.json("doctor")["findings"] == []
