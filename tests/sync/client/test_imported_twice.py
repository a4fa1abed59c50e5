"""Two laptops that import one sheet without hearing of each other give its rows other identifiers, and are told of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.ports import Record
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import Status
from hipss_desktop.sheets.keys import is_imported
from hipss_desktop.views.sync_centre import ProblemRow
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.stations import Station
from tests.sync.client.conftest import MakeStation

HEAD = "Service number,First name,Family name,Date of birth\n"
ROWS = "{0}1,Kai,Preece,04/05/{1}\n{0}2,Ty,Preece,04/05/{1}\n"


@pytest.fixture
def own_council(tmp_path: Path) -> Iterator[CouncilServer]:
    """A council that no other test imports into."""
    with serving(tmp_path / "council") as server:
        yield server


def imported(laptop: Station, number: str) -> int:
    """Import two children on a laptop, whose numbers begin so; how many it added. Other numbers are other children."""
    sheet = HEAD + ROWS.format(number, 2005 + int(number[-1]))
    return import_sheet(laptop.opened.store, "child", sheet, clock=laptop.clock).added


def children(laptop: Station, number: str) -> list[Record]:
    return [child for child in laptop.opened.store.records_of("child") if child.fields["local_id"].startswith(number)]


def duplicate_notices(laptop: Station) -> list[ProblemRow]:
    centre = laptop.opened.services.sync_centre
    return [row for row in centre.centre(Status("online")).problems if row.notice == StoreSetting.IMPORTED_TWICE]


def test_two_laptops_that_import_one_sheet_offline_are_told(own_council: CouncilServer, station: MakeStation) -> None:
    bevan, powell = (station(name).join(own_council, role="manager") for name in ("A. Bevan", "C. Powell"))
    clerk = station("D. Clerk").join(own_council, role="administrator")
    assert (imported(bevan, "K-90"), imported(powell, "K-90")) == (2, 2)
    for laptop in (bevan, powell, bevan, clerk):
        laptop.sync()
    for laptop in (bevan, powell):
        records = children(laptop, "K-90")
        assert len(records) == 4
        assert all(is_imported(child.record) for child in records)
        [row] = duplicate_notices(laptop)
        assert row.title == "Here twice: 2 children"
        assert row.words.startswith("A sheet was imported on two laptops. Withdraw one of each two: ")
        assert "Kai P." in row.words
        assert row.record in {child.record for child in records}
    assert duplicate_notices(clerk) == [], "an administrator may not withdraw a child, and is not asked to"
    for child in children(bevan, "K-90"):
        if child.author == bevan.opened.store.seat.person:
            bevan.opened.services.records.withdraw(child.record, "Imported twice.")
    assert duplicate_notices(bevan) == []
    for laptop in (bevan, powell):
        laptop.sync()
    assert duplicate_notices(powell) == [], "it goes with its cause"


def test_who_imports_after_hearing_of_the_others_adds_nothing_and_a_notice_that_was_read_is_taken_down(
    own_council: CouncilServer, station: MakeStation
) -> None:
    bevan, powell = (station(name).join(own_council, role="manager") for name in ("A. Bevan", "C. Powell"))
    imported(bevan, "K-91")
    bevan.sync()
    powell.sync()
    assert (imported(powell, "K-91"), imported(bevan, "K-91")) == (0, 0)
    for laptop in (bevan, powell, bevan):
        laptop.sync()
        assert duplicate_notices(laptop) == []
    for laptop in (bevan, powell):
        imported(laptop, "K-92")
        laptop.sync()
    assert len(duplicate_notices(powell)) == 1
    powell.opened.services.sync_centre.have_read(StoreSetting.IMPORTED_TWICE)
    powell.sync()
    assert duplicate_notices(powell) == []
