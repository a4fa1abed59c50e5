"""A laptop whose clock is wrong: the difference from the council's clock is known, said and signed, and refuses no true time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from joserfc import jws

from db.store import LaptopStore
from hipss_desktop import times
from hipss_desktop.records.revision import Envelope, Revision
from hipss_desktop.services.council_time import CouncilTime
from hipss_desktop.services.records import Unfinished
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.clock_apart import WHAT_TO_DO, apart_words, clock_words, written_words
from hipss_desktop.views.services import Services
from sync.client.https import certain_difference
from tests.helpers.stations import contact
from tests.helpers.store_fixtures import SetClock

NOON = datetime(2017, 3, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def answered(services: Services, ahead: timedelta) -> None:
    """Let the council have answered just now, with a clock that is ahead of this laptop's."""
    with services.store.write() as unit:
        services.records.council_time.note(unit, ahead)


def told_at(services: Services, moment: datetime) -> Revision:
    """Finish a contact about a call at a moment."""
    fields = contact("Rang about supper.", told=times.stamp(moment))
    return services.records.finish(replace(services.records.new_draft("contact"), fields=fields))


def test_a_time_that_has_passed_by_the_councils_clock_is_taken(services: Services, clock: SetClock) -> None:
    with pytest.raises(Unfinished):
        told_at(services, clock() + 40 * MINUTE)
    answered(services, HOUR)
    revision = told_at(services, clock() + 40 * MINUTE)
    assert (revision.envelope.clock, revision.envelope.council_ahead) == (times.stamp(clock(), precise=True), 3600)
    with pytest.raises(Unfinished):
        told_at(services, clock() + 62 * MINUTE)


def test_a_time_that_has_passed_by_this_laptops_clock_is_taken_still(services: Services, clock: SetClock) -> None:
    answered(services, -HOUR)
    assert told_at(services, clock() - MINUTE).envelope.council_ahead == -3600


def test_an_older_program_reads_a_revision_that_says_how_far_its_clock_was_off(services: Services) -> None:
    class EarlierEnvelope(msgspec.Struct):
        record: str
        clock: str
        council_digest: str = ""

    answered(services, HOUR)
    signed = jws.extract_compact(told_at(services, services.clock()).jws.encode()).payload
    assert msgspec.json.decode(signed, type=EarlierEnvelope).clock
    assert msgspec.json.decode(signed, type=Envelope).council_ahead == 3600


def test_nothing_is_signed_of_a_difference_that_is_not_known(services: Services) -> None:
    revision = told_at(services, services.clock())
    assert revision.envelope.council_ahead is None
    assert b"council_ahead" not in jws.extract_compact(revision.jws.encode()).payload


def test_pill_sync_centre_and_history_say_that_the_clock_is_wrong(services: Services) -> None:
    answered(services, 30 * MINUTE)
    record = told_at(services, services.clock()).envelope.record
    pill = services.sync_centre.pill(Status("online"))
    assert pill.words.endswith(" · Clock 30 min behind")
    assert pill.short.endswith(" · Clock wrong")
    words = "By the council’s time, this laptop’s clock is 30 min behind."
    (problem,) = [row for row in services.sync_centre.centre(Status("online")).problems if "clock" in row.title]
    assert (problem.title, problem.words) == (words, WHAT_TO_DO)
    view = services.record_views.view(record)
    assert view is not None
    (version,) = view.versions
    assert version.clock == "By the council’s time, the laptop’s clock was 30 min behind."
    answered(services, timedelta(seconds=119))
    assert "Clock" not in services.sync_centre.pill(Status("online")).words


@pytest.mark.parametrize(
    ("ahead", "apart"),
    [
        (None, ""),
        (timedelta(), ""),
        (timedelta(minutes=-2), ""),
        (timedelta(minutes=2, seconds=1), "2 min behind"),
        (timedelta(seconds=3599.9), "1 h behind"),
        (timedelta(hours=-25), "25 h ahead"),
        (timedelta(days=3650), "3650 days behind"),
    ],
)
def test_a_difference_in_words(ahead: timedelta | None, apart: str) -> None:
    assert apart_words(ahead) == apart
    assert clock_words(ahead) == (f"By the council’s time, this laptop’s clock is {apart}." if apart else "")


@pytest.mark.parametrize("signed", [None, 0, 2**53 - 1, 1 - 2**53])
def test_a_signed_difference_that_no_clock_has_is_passed_over(signed: int | None) -> None:
    assert written_words(signed) == ""


class MachineClocks:
    """A laptop's clock that a person can set, and the machine's own, which nobody can set."""

    def __init__(self) -> None:
        self.now, self.ran, self.boot = NOON, 3 * HOUR, b"the first run"

    def __call__(self) -> datetime:
        return self.now

    def since_boot(self) -> tuple[bytes, timedelta]:
        return self.boot, self.ran

    def pass_time(self, span: timedelta) -> None:
        self.now, self.ran = self.now + span, self.ran + span


def test_a_clock_that_was_set_right_since_the_exchange_is_right(store: LaptopStore) -> None:
    clocks = MachineClocks()
    council_time = CouncilTime(store.setting, clocks, clocks.since_boot)
    with store.write() as unit:
        council_time.note(unit, HOUR)
    clocks.pass_time(5 * HOUR)
    assert council_time.ahead() == HOUR
    assert council_time.latest() == clocks.now + HOUR
    clocks.now += HOUR
    assert council_time.ahead() == timedelta()
    clocks.now += 2 * HOUR
    assert council_time.ahead() == -2 * HOUR
    assert council_time.latest() == clocks.now
    clocks.boot = b"the next run"  # nobody knows what happened between two runs: the last known difference stands
    assert council_time.ahead() == HOUR


def test_an_answer_that_is_held_back_on_the_line_makes_up_no_difference() -> None:
    asked, signed = NOON, NOON + MINUTE
    assert certain_difference(signed, asked, signed + 5 * MINUTE) == timedelta()
    assert certain_difference(signed + HOUR, asked, signed) == HOUR
    assert certain_difference(signed - HOUR, asked, signed) == -59 * MINUTE
