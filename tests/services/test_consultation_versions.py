"""Which version of a consultation somebody has on paper: after a lock, from the command line, from a sheet, after two laptops."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.kinds.consultation import CONSULTATION, AgreedRecord, Consultation, Sent
from hipss_desktop.services.exporting import export_sheet
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.views.services import Services
from tests.helpers import tiss
from tests.helpers.several_laptops import amend, close, exchange, joined
from tests.helpers.store_fixtures import SetClock, make_store, sign_in_as

KEY = b"7" * 32


@pytest.fixture
def reopened(tmp_path: Path, clock: SetClock) -> Iterator[Callable[[], Services]]:
    """Opens the store of a lead, as often as it is asked: what was open before is closed, as a lock does."""
    make_store(tmp_path / "lead", clock, role="lead", name="L. Whitcombe", key=KEY).close()
    opened: list[LaptopStore] = []

    def open_it() -> Services:
        for store in opened:
            store.close()
        opened[:] = [LaptopStore(tmp_path / "lead" / "store.db", KEY, anchor=tmp_path / "lead" / "anchor", clock=clock)]
        return Services(opened[0], clock)

    yield open_it
    for store in opened:
        store.close()


def heads(services: Services, record: str) -> tuple[str, ...]:
    """The version of a record as it is now."""
    stored_record = services.store.get(record)
    assert stored_record is not None
    return stored_record.heads


def read(services: Services, record: str) -> Consultation:
    stored_record = services.store.get(record)
    assert stored_record is not None
    return CONSULTATION.of(stored_record)


def sent_row(services: Services, record: str, to: str) -> Sent:
    """The row of somebody who has the page."""
    return next(row for row in read(services, record).sent if row.to == to)


def is_old(services: Services, record: str, row: Sent | AgreedRecord) -> bool:
    """Whether the consultation was amended since the page that a row is about."""
    return services.consultations.amended_since(record)("sent" if isinstance(row, Sent) else "agreed", row)


def test_the_version_that_was_printed_is_known_after_a_lock_and_an_amendment(reopened: Callable[[], Services]) -> None:
    lead = reopened()
    record = tiss.consultation(lead, theme="Endings")
    printed = heads(lead, record)
    lead.consultations.page_made(record, printed)
    lead = reopened()
    amend(lead, record, {"mode": "video"})
    lead.consultations.give_page(record, "F. Doyle", "hand")
    lead.consultations.agree(record, "F. Doyle")
    [agreed] = read(lead, record).agreed
    assert tuple(sent_row(lead, record, "F. Doyle").of) == tuple(agreed.of) == printed
    assert is_old(lead, record, sent_row(lead, record, "F. Doyle"))
    assert is_old(lead, record, agreed), "nobody agreed to what was written after they had the page"


def test_a_page_that_is_printed_again_is_the_one_that_is_given_next(reopened: Callable[[], Services]) -> None:
    lead = reopened()
    record, other = tiss.consultation(lead, theme="Endings"), tiss.consultation(lead, theme="Sleep")
    lead.consultations.page_made(record, heads(lead, record))
    amend(lead, record, {"mode": "video"})
    lead.consultations.page_made(record, heads(lead, record))
    lead.consultations.page_made(other, heads(lead, other))
    lead = reopened()
    lead.consultations.give_page(record, "F. Doyle", "hand")
    assert not is_old(lead, record, sent_row(lead, record, "F. Doyle"))


def test_who_agrees_on_another_laptop_agrees_to_the_page_that_was_given_last(
    services: Services, clock: SetClock, tmp_path: Path
) -> None:
    sign_in_as(services.store, role="lead")
    manager = joined(tmp_path / "theirs", clock, services, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    record = tiss.consultation(services, theme="Endings")
    services.consultations.give_page(record, "F. Doyle", "hand")
    exchange(services, manager)
    amend(manager, record, {"mode": "video"})
    manager.consultations.agree(record, "F. Doyle")
    [agreed] = read(manager, record).agreed
    assert is_old(manager, record, agreed)
    close([manager])


@pytest.mark.parametrize("of", [{}, {"of": ["0" * 64]}], ids=["none", "one that is not here"])
def test_a_row_that_names_no_version_is_about_the_page_of_the_moment_it_was_added(
    reopened: Callable[[], Services], of: dict[str, Any]
) -> None:
    """As one from the command line, which asks for no version."""
    lead = reopened()
    record = tiss.consultation(lead, theme="Endings")
    lead.records.add_row(record, "sent", {"to": "F. Doyle", "how": "hand", "at": "2017-03-10T10:00:00+00:00", **of})
    lead.records.add_row(record, "told", {"to": "EDT", "at": "2017-03-10T10:00:00+00:00"})
    assert not is_old(lead, record, sent_row(lead, record, "F. Doyle"))
    amend(lead, record, {"mode": "video"})
    assert is_old(lead, record, sent_row(lead, record, "F. Doyle"))


def test_who_has_a_page_in_an_export_has_that_of_the_record_as_it_was_imported(
    reopened: Callable[[], Services], tmp_path: Path, clock: SetClock
) -> None:
    lead = reopened()
    record = tiss.consultation(lead, theme="Endings")
    lead.consultations.give_page(record, "F. Doyle", "hand")
    sheet = "".join(export_sheet(lead.store, CONSULTATION).lines)
    store = make_store(tmp_path / "fresh", clock, role="lead", name="M. Iqbal")
    other = Services(store, clock)
    assert import_sheet(store, CONSULTATION.name, sheet, clock=clock).added == 1
    [imported] = store.records_of(CONSULTATION.name)
    assert not is_old(other, imported.record, sent_row(other, imported.record, "F. Doyle"))
    amend(other, imported.record, {"mode": "video"})
    assert is_old(other, imported.record, sent_row(other, imported.record, "F. Doyle"))
    store.close()
