"""A store that does not say which role its person has shows and takes nothing, and doctor names it."""

import pytest

from db.doctor import NO_ROLE, REPORT, Finding, examine
from hipss_desktop.errors import UserError
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.db.store.conftest import Place
from tests.db.store.seats import OtherSeat, absorb, bare, contact


@pytest.mark.parametrize("role", ["", "night", None])
def test_it_takes_nothing_and_lists_nothing_that_has_no_text(place: Place, role: str | None) -> None:
    store = place.open()
    store.close()
    raw = place.raw()
    raw.execute("DELETE FROM setting WHERE name = ?", (StoreSetting.ROLE,))
    if role is not None:
        raw.execute("INSERT INTO setting(name, value) VALUES (?, ?)", (StoreSetting.ROLE, role))
    raw.close()
    store = place.open()
    absorb(store, bare(OtherSeat().sign(contact())))
    assert store.records_of("contact") == []
    records = Services(store, place.clock).records
    with pytest.raises(UserError, match="can write"):
        records.finish(records.new_draft("contact", contact()))
    assert Finding(NO_ROLE, REPORT) in examine(store).findings
