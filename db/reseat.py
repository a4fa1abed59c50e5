"""Copies a store into a new file after its seat's chain forked.

A chain has forked if the council's copy and this laptop's have different revisions at one number. That happens when the store
was restored to an older state and then written to. The old file is set aside as evidence. The new file gets every chain up to the
last revision that both copies share. Under a new seat, it gets the revisions that only this laptop has, in order: the same
words with the same clock, signed anew. The file set aside gets later orders of the council and is not written to otherwise.
Must not need the council.
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
        old: the store that forked; it is not changed.
        new: the empty store; its seat continues the old seat.
        after: the last number at which the council has the same chain of the old seat. Later revisions are written again.
    """
    seat = old.seat.seat
    _settings(old, new, after)
    council = old.setting(StoreSetting.COUNCIL_SEAT)
    for name, link in sorted(old.have().items(), key=lambda entry: (entry[0] != council, entry[0])):
        _chain(old, new, name, min(link.number, after) if name == seat else link.number)
    _receipts(old, new, after)
    _write_again(old, new, after)


def bring_orders(store: LaptopStore, aside: Path, key: bytes, clock: times.Clock) -> None:
    """Copy the council's orders to a store file that was set aside, so that its erased texts are erased there too.

    Raises:
        Unavailable, Tampered: the file cannot be opened; it is not changed.
    """
    anchor = aside.with_name(f"{aside.name}-anchor")
    copy = LaptopStore(aside, key, anchor=anchor, clock=clock)
    try:
        council = store.setting(StoreSetting.COUNCIL_SEAT)
        number = copy.have().get(council, NO_LINK).number
        alike = last_alike(number, lambda at: _digest(copy, council, at) != _digest(store, council, at))
        dropped_revisions = copy.chain(council, after=alike, limit=number - alike)
        if dropped_revisions and store.mended().issuperset(revision.digest for revision in dropped_revisions):
            branch = store.chain(council, after=alike, limit=store.have()[council].number - alike)
            with copy.write() as unit:
                unit.take_way(dropped_revisions, branch)
            return
        while orders := store.chain(council, after=number, limit=BATCH):
            with copy.write() as unit:
                unit.absorb(orders)
            number = orders[-1].envelope.number
    finally:
        copy.close()
        anchor.unlink(missing_ok=True)


def _digest(store: LaptopStore, seat: str, number: int) -> str:
    """The digest of the revision at a number of a chain, or '' if the store does not have it."""
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
        receipts_to_copy = [dict(row) for row in receipts]
        council = [dict(row) for row in connection.exec_driver_sql("SELECT * FROM council").mappings()]
    with new.storage.writing() as connection:
        PUT_RECEIPT.run_many(connection, receipts_to_copy)
        PUT_COUNCIL.run_many(connection, council)


def _write_again(old: LaptopStore, new: LaptopStore, after: int) -> None:
    new_digests: dict[str, str] = {}
    while links := old.chain(old.seat.seat, after=after, limit=BATCH):
        with new.write() as unit:
            for link in links:
                if link.body is not None:
                    parents = [new_digests.get(parent, parent) for parent in link.envelope.parents]
                    new_digests[link.digest] = unit.append_again(link, parents).digest
        after = links[-1].envelope.number
    with new.write() as unit:
        for draft in old.drafts():
            _draft(unit, draft, new_digests)


def _draft(unit: StoreUnit, draft: Draft, new_digests: dict[str, str]) -> None:
    parents, unseen = (
        tuple(new_digests.get(digest, digest) for digest in named) for named in (draft.parents, draft.unseen)
    )
    unit.put_draft(replace(draft, parents=parents, unseen=unseen))
