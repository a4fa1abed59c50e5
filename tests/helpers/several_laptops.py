"""Several laptops of one service that exchange their revisions without a council between them.

``joined`` makes another person's real store with everything that the first store has. ``exchange`` gives every laptop the others'
revisions. The first laptop acts as the council: it writes the certificates that name the others. The fixtures ``mine``,
``theirs`` and ``third`` are three such laptops.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as replace_struct

from db.store import LaptopStore
from hipss_desktop import identity
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import SetClock, make_store


def exchange(*desks: Services) -> None:
    """Give every laptop the revisions of all others."""
    for giver in desks:
        for taker in desks:
            if giver is not taker:
                _give(giver, taker)


def _give(giver: Services, taker: Services) -> None:
    for seat, link in giver.store.have().items():
        after = taker.store.have().get(seat)
        number = after.number if after else 0
        if number < link.number:
            with taker.store.write() as unit:
                unit.absorb(giver.store.chain(seat, after=number, limit=100_000))


def give_without_text(giver: Services, taker: Services, digest: str) -> None:
    """Give a laptop the revisions of another, without the text of one revision."""
    for seat in giver.store.have():
        after = taker.store.have().get(seat)
        chain = giver.store.chain(seat, after=after.number if after else 0, limit=100_000)
        bare = [
            replace_struct(revision, body=None, salt=None) if revision.digest == digest else revision
            for revision in chain
        ]
        with taker.store.write() as unit:
            unit.absorb(bare)


def joined(
    folder: Path, clock: SetClock, first: Services, *, name: str, laptop: str, role: str = "on_call"
) -> Services:
    """Make the laptop of a practitioner whom the first laptop knows, with everything that the first laptop has."""
    store = make_store(folder, clock, name=name, role=role)
    person = next(record.record for record in first.people.of_kind("practitioner") if record.fields.get("name") == name)
    with store.write() as unit:
        unit.set(StoreSetting.PERSON, person)
        unit.set(StoreSetting.LAPTOP, laptop)
        unit.set(StoreSetting.COUNCIL_SEAT, first.store.seat.seat)
    with first.store.write() as unit:
        unit.set(StoreSetting.COUNCIL_SEAT, first.store.seat.seat)
    services = Services(store, clock)
    fields = {"seat": store.seat.seat, "person": person, "name": name, "role": role, "laptop": laptop}
    with first.store.write() as unit:
        unit.append(
            record=identity.record_id(),
            kind="certificate",
            action="finish",
            fields=fields,
            changed=sorted(fields),
            parents=(),
        )
    exchange(first, services)
    return services


def amend(services: Services, record: str, changes: Mapping[str, Any], why: str = "Told on the telephone") -> None:
    """Amend a record on one laptop, as its own role allows."""
    draft = services.records.amendment(record)
    services.records.finish(replace(draft, fields={**draft.fields, **changes}, why=why))


def child_named(services: Services, given_name: str) -> str:
    """Return the record of a child by first name."""
    return next(
        record.record for record in services.people.of_kind("child") if record.fields.get("given_name") == given_name
    )


def close(desks: Sequence[Services]) -> None:
    """Close the stores that ``joined`` made."""
    for services in desks:
        store = services.store
        assert isinstance(store, LaptopStore)
        store.close()


@pytest.fixture
def mine(services: Services, store: LaptopStore) -> Services:
    """The first laptop, of a manager, who may write the kinds in these tests."""
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    return services


@pytest.fixture
def theirs(mine: Services, tmp_path: Path, clock: SetClock) -> Iterator[Services]:
    """K. Adeyemi's laptop."""
    services = joined(tmp_path / "theirs", clock, mine, name="K. Adeyemi", laptop="HIPSS-LT-02", role="manager")
    yield services
    close([services])


@pytest.fixture
def third(mine: Services, theirs: Services, tmp_path: Path, clock: SetClock) -> Iterator[Services]:
    """S. Lloyd's laptop."""
    services = joined(tmp_path / "third", clock, mine, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    exchange(mine, theirs, services)
    yield services
    close([services])
