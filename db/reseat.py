"""Going on in a new store file where a seat's chain forked: what both sides hold alike stays, the rest is written again.

The council's copy of a chain and this laptop's hold different revisions at one number when the store was put back to an
older state and written on. The old file is kept aside as evidence. The new one holds every chain as far as it is agreed,
and under a new seat, in order, what only this laptop has: the same words with the same clock, signed anew. What is kept
aside hears of later orders, and is written to for nothing else. Must not need the council.
"""

from dataclasses import replace
from pathlib import Path

from db.store import LaptopStore
from db.unit import PUT_COUNCIL, PUT_RECEIPT, StoreUnit
from hipss_desktop import times
from hipss_desktop.records.chain import NO_LINK, last_alike
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.store_settings import FORMER_NAMES, StoreSetting

BATCH = 1000
_OWN = (
    StoreSetting.SEAT,
    *FORMER_NAMES,
    StoreSetting.GOES_ON_FROM,
    StoreSetting.PROJECTIONS,
    StoreSetting.GUARDS,
    StoreSetting.CERTIFICATE,
    StoreSetting.LAST_ALIKE,
)


def copy_to_new_store(old: LaptopStore, new: LaptopStore, after: int) -> None:
    """Fill a new, empty store from an old one.

    Args:
        old: left as it is.
        new: its seat goes on from the old one's.
        after: the last number of the old seat's chain that the council holds alike; what comes after it is written again.
    """
    seat = old.seat.seat
    _settings(old, new, after)
    council = old.setting(StoreSetting.COUNCIL_SEAT)
    for name, link in sorted(old.have().items(), key=lambda entry: (entry[0] != council, entry[0])):
        _chain(old, new, name, min(link.number, after) if name == seat else link.number)
    _receipts(old, new, after)
    _again(old, new, after)


def bring_orders(store: LaptopStore, aside: Path, key: bytes, clock: times.Clock) -> None:
    """Bring the council's orders to a copy that was kept aside, so that what they erase goes there too.

    Raises:
        Unavailable, Tampered: the copy cannot be opened; it is left as it is.
    """
    anchor = aside.with_name(f"{aside.name}-anchor")
    copy = LaptopStore(aside, key, anchor=anchor, clock=clock)
    try:
        council = store.setting(StoreSetting.COUNCIL_SEAT)
        number = copy.have().get(council, NO_LINK).number
        alike = last_alike(number, lambda at: _digest(copy, council, at) != _digest(store, council, at))
        left = copy.chain(council, after=alike, limit=number - alike)
        if left and store.mended().issuperset(revision.digest for revision in left):
            way = store.chain(council, after=alike, limit=store.have()[council].number - alike)
            with copy.write() as unit:
                unit.take_way(left, way)
            return
        while orders := store.chain(council, after=number, limit=BATCH):
            with copy.write() as unit:
                unit.absorb(orders)
            number = orders[-1].envelope.number
    finally:
        copy.close()
        anchor.unlink(missing_ok=True)


def _digest(store: LaptopStore, seat: str, number: int) -> str:
    """The digest of a link, '' where it is not held."""
    link = store.chain(seat, after=number - 1, limit=1)
    return link[0].digest if link else ""


def _settings(old: LaptopStore, new: LaptopStore, after: int) -> None:
    with old.storage.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name, value FROM setting").fetchall()
    settings = {str(name): str(value) for name, value in rows}
    last = old.chain(old.seat.seat, after=after - 1, limit=1) if after else []
    with new.write() as unit:
        for name, value in settings.items():
            if name not in _OWN:
                unit.set(name, value)
        unit.set(StoreSetting.GOES_ON_FROM, last[0].digest if last else "")
        unit.set(StoreSetting.FORMER_SEATS, " ".join(old.own_seats()))
        if old.seat.enrolled:
            unit.set(StoreSetting.FORMER_SEAT, old.seat.seat)
            for name, former in FORMER_NAMES.items():
                unit.set(former, settings[name])


def _chain(old: LaptopStore, new: LaptopStore, seat: str, through: int) -> None:
    number = 0
    while number < through:
        links = old.chain(seat, after=number, limit=min(BATCH, through - number))
        with new.write() as unit:
            unit.absorb(links)
        number += len(links)


def _receipts(old: LaptopStore, new: LaptopStore, after: int) -> None:
    with old.storage.reading() as connection:
        receipts = connection.exec_driver_sql(
            "SELECT seat, number, digest, jws, at FROM receipt WHERE seat <> ? OR number <= ?", (old.seat.seat, after)
        ).mappings()
        kept = [dict(row) for row in receipts]
        council = [dict(row) for row in connection.exec_driver_sql("SELECT * FROM council").mappings()]
    with new.storage.writing() as connection:
        PUT_RECEIPT.run_many(connection, kept)
        PUT_COUNCIL.run_many(connection, council)


def _again(old: LaptopStore, new: LaptopStore, after: int) -> None:
    became: dict[str, str] = {}
    while links := old.chain(old.seat.seat, after=after, limit=BATCH):
        with new.write() as unit:
            for link in links:
                if link.body is not None:
                    parents = [became.get(parent, parent) for parent in link.envelope.parents]
                    became[link.digest] = unit.append_again(link, parents).digest
        after = links[-1].envelope.number
    with new.write() as unit:
        for draft in old.drafts():
            _draft(unit, draft, became)


def _draft(unit: StoreUnit, draft: Draft, became: dict[str, str]) -> None:
    parents, unseen = (tuple(became.get(digest, digest) for digest in named) for named in (draft.parents, draft.unseen))
    unit.put_draft(replace(draft, parents=parents, unseen=unseen))
