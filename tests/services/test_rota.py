"""The rota over real stores: a swap is signed by three people on three laptops, each as themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.store import LaptopStore
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.rules import rota
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import close, exchange, joined
from tests.helpers.store_fixtures import SetClock


@dataclass
class Laptops:
    """A. Bevan and K. Adeyemi are on call, S. Lloyd manages."""

    bevan: Services
    adeyemi: Services
    lloyd: Services

    def exchange(self) -> None:
        exchange(self.bevan, self.adeyemi, self.lloyd)


@pytest.fixture
def laptops(services: Services, store: LaptopStore, clock: SetClock, tmp_path: Path) -> Iterator[Laptops]:
    with store.write() as unit:
        unit.set(StoreSetting.PERSON, person(services, "A. Bevan"))
    adeyemi = joined(tmp_path / "adeyemi", clock, services, name="K. Adeyemi", laptop="HIPSS-LT-02")
    lloyd = joined(tmp_path / "lloyd", clock, services, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    all_three = Laptops(services, adeyemi, lloyd)
    all_three.exchange()
    yield all_three
    close([adeyemi, lloyd])


def person(services: Services, name: str) -> str:
    return next(record.record for record in services.people.of_kind("practitioner") if record.fields["name"] == name)


def shift(services: Services, day: int) -> str:
    """The night that begins on a day of March 2017."""
    start = f"2017-03-{day}T17:30:00+00:00"
    return next(
        record.record for record in services.store.records_of("shift") if record.fields["planned_start"] == start
    )


def on_call(services: Services, day: int) -> str:
    """Who is on call at 20:00 of a day."""
    at = datetime(2017, 3, day, 20, tzinfo=UTC)
    now = rota.on_now(services.rota.duties(at.replace(hour=12), at), at)
    return services.people.name(now.person) if now else ""


def answers(services: Services, day: int) -> tuple[str, ...]:
    """The steps that are open to the person signed in, in the swap of the night that begins on a day."""
    lines = services.rota_views.fortnight().shifts
    swap = next(line.swap for line in lines if line.start.day == day and line.part == "night")
    return swap.answers if swap else ()


def test_a_swap_agreed_by_a_manager_changes_who_is_on_call_in_both_shifts(laptops: Laptops, clock: SetClock) -> None:
    thursday, friday = shift(laptops.bevan, 16), shift(laptops.bevan, 17)
    laptops.bevan.rota.step(thursday, "asked", in_return=friday)
    laptops.exchange()
    clock.pass_time(minutes=5)
    laptops.adeyemi.rota.step(thursday, "taken")
    laptops.exchange()
    assert [on_call(services, 16) for services in (laptops.bevan, laptops.lloyd)] == ["A. Bevan", "A. Bevan"]
    clock.pass_time(minutes=5)
    laptops.lloyd.rota.step(thursday, "agreed")
    laptops.exchange()
    for services in (laptops.bevan, laptops.adeyemi, laptops.lloyd):
        assert (on_call(services, 16), on_call(services, 17)) == ("K. Adeyemi", "A. Bevan")
        board = services.on_call.shift(datetime(2017, 3, 16, 20, tzinfo=UTC))
        assert board is not None
        assert (board.on_call, board.on_call_number) == ("K. Adeyemi", "07700 900241")
        planned = services.store.get(thursday)
        assert planned is not None
        assert services.people.name(SHIFT.of(planned).on_call) == "A. Bevan"
        assert not planned.conflicts


def test_nobody_takes_a_step_that_is_somebody_elses(laptops: Laptops, clock: SetClock) -> None:
    thursday, friday = shift(laptops.bevan, 16), shift(laptops.bevan, 17)
    with pytest.raises(UserError, match="Only the person on call in this shift"):
        laptops.adeyemi.rota.step(thursday, "asked")
    with pytest.raises(UserError, match="There is no swap here"):
        laptops.lloyd.rota.step(thursday, "refused")
    laptops.bevan.rota.step(thursday, "asked", in_return=friday)
    laptops.exchange()
    clock.pass_time(minutes=5)
    open_to = [answers(services, 16) for services in (laptops.bevan, laptops.adeyemi, laptops.lloyd)]
    assert open_to == [("refused",), ("taken", "refused"), ("refused",)]
    with pytest.raises(UserError, match="Only the colleague who was asked"):
        laptops.lloyd.rota.step(thursday, "taken")
    laptops.adeyemi.rota.step(thursday, "taken")
    laptops.exchange()
    clock.pass_time(minutes=5)
    with pytest.raises(UserError, match="agreed by a manager who is neither"):
        laptops.adeyemi.rota.step(thursday, "agreed")


def test_only_a_certificate_of_a_manager_agrees_whatever_a_row_says(laptops: Laptops, clock: SetClock) -> None:
    thursday = shift(laptops.bevan, 16)
    laptops.bevan.rota.step(thursday, "asked")
    laptops.exchange()
    clock.pass_time(minutes=5)
    laptops.lloyd.rota.step(thursday, "taken")
    laptops.exchange()
    laptops.adeyemi.records.add_row(thursday, "swaps", {"step": "agreed", "at": "2017-03-14T03:00:00+00:00"})
    laptops.exchange()
    assert [on_call(services, 16) for services in (laptops.bevan, laptops.adeyemi, laptops.lloyd)] == ["A. Bevan"] * 3


def test_a_row_that_somebody_else_wrote_or_changed_counts_for_nothing(laptops: Laptops, clock: SetClock) -> None:
    thursday = shift(laptops.bevan, 16)
    laptops.bevan.rota.step(thursday, "asked")
    laptops.exchange()
    for minute, code in enumerate(("taken", "agreed")):
        clock.pass_time(minutes=5)
        laptops.adeyemi.records.add_row(thursday, "swaps", {"step": code, "at": f"2017-03-14T03:0{minute}:00+00:00"})
    laptops.exchange()
    assert on_call(laptops.lloyd, 16) == "A. Bevan"
    record = laptops.lloyd.store.get(thursday)
    assert record is not None
    agreed = next(row for row in record.fields["swaps"] if row["step"] == "agreed")
    draft = laptops.lloyd.records.amendment(thursday)
    rows = [{**row, "step": "refused"} if row is agreed else row for row in record.fields["swaps"]]
    draft = type(draft)(**{**vars(draft), "fields": {**draft.fields, "swaps": rows}, "why": "Not agreed"})
    laptops.lloyd.records.finish(draft)
    duties = {duty.record: duty for duty in laptops.lloyd.rota.duties(clock(), datetime(2017, 3, 17, tzinfo=UTC))}
    current = rota.swap(duties[thursday], duties)
    assert current is not None
    assert current.state == "taken"


def test_a_shift_that_was_withdrawn_is_a_gap(laptops: Laptops, clock: SetClock) -> None:
    laptops.lloyd.records.withdraw(shift(laptops.lloyd, 16), "Nobody can")
    laptops.exchange()
    day = datetime(2017, 3, 16, 20, tzinfo=UTC)
    duties = laptops.bevan.rota.duties(clock(), day)
    is_office_day = laptops.bevan.clocks.is_office_day()
    gaps = rota.gaps(duties, day.date(), day.date(), clock(), is_office_day)
    assert [gap.slot.day.day for gap in gaps] == [16]
