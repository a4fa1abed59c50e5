"""A council that tells two laptops different things: they find out from each other's records, and name it."""

from pathlib import Path

from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import TWO_STORIES, Status
from sync.council.administration import revoke
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.stations import Station
from tests.sync.client.conftest import MakeStation


def named(laptop: Station) -> list[str]:
    """What this laptop keeps of it."""
    with laptop.opened.store.storage.reading() as connection:
        rows = connection.exec_driver_sql("SELECT what FROM evidence WHERE what = ?", (TWO_STORIES,)).fetchall()
    return [str(row[0]) for row in rows]


def test_an_honest_council_is_not_accused(council: CouncilServer, station: MakeStation) -> None:
    bevan, powell = station().join(council), station("C. Powell").join(council)
    for _ in range(2):
        for laptop in (bevan, powell):
            laptop.write("Rang about supper.")
            assert laptop.sync().problems == []
        council.laptop("H. Newcomer")  # the council's chain goes on
    written = bevan.write("Rang about school.")
    link = bevan.opened.store.have()[council.admin.seat]
    assert (written.envelope.council_number, written.envelope.council_digest) == (link.number, link.digest)
    assert (
        bevan.opened.store.setting(StoreSetting.COUNCIL_SPLIT)
        == powell.opened.store.setting(StoreSetting.COUNCIL_SPLIT)
        == ""
    )


def test_a_council_of_two_stories_is_named_on_the_laptop_that_hears_the_other(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation
) -> None:
    with CutProxy(council_server.url) as to_bevan, CutProxy(council_server.url) as to_powell:
        bevan, powell = (
            station().join(council_server, to_bevan.url),
            station("C. Powell").join(council_server, to_powell.url),
        )
        lost, stolen = council_server.laptop("D. Lost"), council_server.laptop("E. Stolen")
        for laptop in (bevan, powell, bevan):
            laptop.sync()
        council_server.stop()
        other = council_server.copy(tmp_path / "other")
        council_server.start()
        to_bevan.target = council_server.url
        other.start()
        to_powell.target = other.url
        try:
            revoke(council_server.admin, lost.seat, "Lost.")
            revoke(other.admin, stolen.seat, "Stolen.")
            bevan.sync()
            powell.sync()
            bevan.write("Written where one laptop was revoked.")
            bevan.sync()
            to_bevan.target = other.url  # the same council, so this laptop thinks: it tells the others what it wrote
            to_bevan.hang_up()
            assert TWO_STORIES in bevan.sync().problems
            assert bevan.opened.store.setting(StoreSetting.COUNCIL_SPLIT) == TWO_STORIES
            findings = other.json("doctor", expect=1)["findings"]
            assert [other.admin.seat in str(finding) for finding in findings] == [True]
            done = powell.sync()
            assert TWO_STORIES in done.problems
            assert powell.opened.store.setting(StoreSetting.COUNCIL_SPLIT) == TWO_STORIES
            assert len(named(powell)) == 2
            powell.sync()
            assert len(named(powell)) == 2
        finally:
            other.stop()


def test_a_laptop_that_joins_in_somebodys_name_is_named_on_their_other_laptop_until_they_have_read_it(
    council: CouncilServer, station: MakeStation
) -> None:
    mine, other = station().join(council), station("C. Powell").join(council)
    for laptop in (mine, other, mine):
        laptop.sync()
    person = mine.opened.store.seat.person
    second = Station(mine.home.path.parent / "second", name="A. Bevan")
    second.enrol(council.url, council.invite("A. Bevan", person=person), laptop="HIPSS-LT-07")
    for laptop in (second, mine, other):
        laptop.sync()
    assert second.opened.store.setting(StoreSetting.JOINED) == ""  # it knows of the first one from the start
    assert other.opened.store.setting(StoreSetting.JOINED) == ""
    centre = mine.opened.services.sync_centre
    rows = [row for row in centre.centre(Status("online")).problems if row.notice]
    assert [(row.title, row.notice) for row in rows] == [
        ("Another laptop has joined in your name", StoreSetting.JOINED)
    ]
    assert rows[0].words.startswith("HIPSS-LT-07. If you did not set it up, ring your manager")
    centre.have_read(StoreSetting.JOINED)
    mine.sync()
    assert [row for row in centre.centre(Status("online")).problems if row.notice] == []
    second.close()
