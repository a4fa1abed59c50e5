"""A laptop whose clock is years out over HTTPS: certificates are checked at the council's own time, and at no other."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hipss_desktop import times
from hipss_desktop.errors import Tampered
from hipss_desktop.services.enrolment import Unreachable
from hipss_desktop.services.store_settings import StoreSetting
from sync.client import line
from sync.client.https import HttpsCouncil
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.https_council import certificate_for_this_machine
from tests.helpers.stations import Station

YEARS = timedelta(days=9 * 365)
NOW = times.system_clock()


class MovedCouncil:
    """A council over HTTPS with its own clock, and a laptop that joined it when all clocks agreed."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch = folder, patch
        self.server = CouncilServer(folder / "council")
        self.server.init()
        (self.server.folder / times.DEMONSTRATION).touch()
        self.server.start()
        self.laptop = Station(folder / "home").join(self.server)
        self.laptop.close()
        self.server.stop()

    def serve(self, *, clock: timedelta, certificate_at: datetime, trusted: bool = True) -> None:
        """Serve with a clock that runs ahead of this machine's, under a certificate that is valid around a day."""
        folder = self._folder / "certificate"
        folder.mkdir()
        certificate, key = certificate_for_this_machine(folder, certificate_at)
        self._patch.setenv(
            "SSL_CERT_FILE", str(certificate if trusted else certificate_for_this_machine(self._folder)[0])
        )
        self._patch.setenv(times.CLOCK_OFFSET, str(clock.total_seconds()))
        self.server.start("--certificate", str(certificate), "--key", str(key))
        self._patch.delenv(times.CLOCK_OFFSET)
        with self.laptop.opened.store.write() as unit:
            unit.set(StoreSetting.SERVER, self.server.url)
        self.laptop.close()


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MovedCouncil]:
    """A council that does not serve yet."""
    moved = MovedCouncil(tmp_path, monkeypatch)
    yield moved
    moved.laptop.close()
    moved.server.stop()


@pytest.mark.parametrize("years", [YEARS, -YEARS], ids=["laptop behind", "laptop ahead"])
def test_a_laptop_whose_clock_is_years_out_syncs_over_https(council: MovedCouncil, years: timedelta) -> None:
    council.serve(clock=years, certificate_at=NOW + years)
    record = council.laptop.write("Rang about supper.").envelope.record
    council.laptop.sync()
    assert council.laptop.get(record).state == "sent"
    ahead = council.laptop.opened.services.records.council_time.ahead()
    assert ahead is not None
    assert abs(ahead - years) < timedelta(minutes=1)


def test_a_certificate_that_is_out_of_date_by_the_councils_time_is_refused(council: MovedCouncil) -> None:
    council.serve(clock=timedelta(), certificate_at=NOW - YEARS)
    council.laptop.write("Rang about supper.")
    with pytest.raises(Unreachable, match="is not valid by the council’s own time"):
        council.laptop.sync()
    assert council.laptop.opened.store.waiting().waiting == 1


def test_a_probe_that_goes_wrong_leaves_no_line_that_is_not_checked(
    council: MovedCouncil, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.serve(clock=timedelta(), certificate_at=NOW - YEARS)
    council.laptop.write("Rang about supper.")
    with monkeypatch.context() as patch:
        patch.setattr(line, "LARGEST_ANSWER", 10)
        with pytest.raises(Tampered):
            council.laptop.sync()
    with pytest.raises(Unreachable, match="is not valid by the council’s own time"):
        council.laptop.sync()
    assert council.laptop.opened.store.waiting().waiting == 1


def test_a_stranger_with_an_old_certificate_cannot_pass_on_the_councils_time(
    council: MovedCouncil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thief of the key of an old certificate can only answer as somebody else."""
    council.serve(clock=timedelta(), certificate_at=NOW - YEARS)
    stranger = CouncilServer(tmp_path / "stranger")
    stranger.init()
    certificate, key = tmp_path / "certificate" / "certificate.pem", tmp_path / "certificate" / "key.pem"
    stranger.start("--certificate", str(certificate), "--key", str(key))
    with council.laptop.opened.store.write() as unit:
        unit.set(StoreSetting.SERVER, stranger.url)
    council.laptop.close()
    try:
        with pytest.raises(Unreachable, match="Something else answered"):
            council.laptop.sync()
    finally:
        stranger.stop()


def test_a_certificate_that_is_not_trusted_stays_refused_whatever_the_clock_says(council: MovedCouncil) -> None:
    council.serve(clock=YEARS, certificate_at=NOW + YEARS, trusted=False)
    with pytest.raises(Unreachable, match="does not trust the certificate"):
        council.laptop.sync()


def test_a_laptop_that_has_not_joined_is_told_that_its_clock_may_be_wrong(council: MovedCouncil) -> None:
    council.serve(clock=YEARS, certificate_at=NOW + YEARS)
    asking = HttpsCouncil(council.server.url)
    today = times.long_day(times.local_day(times.system_clock()))
    with pytest.raises(Unreachable, match=f"is not valid on {today}, which is today by this laptop’s clock"):
        asking.look("7KQ40M2X91")
    asking.close()


def test_a_certificate_for_another_name_is_said(council: MovedCouncil) -> None:
    council.serve(clock=timedelta(), certificate_at=NOW)
    asking = HttpsCouncil(council.server.url.replace("127.0.0.1", "127.1"))
    with pytest.raises(Unreachable, match="The certificate that came is for another name"):
        asking.look("7KQ40M2X91")
    asking.close()
