"""Going on in a new store file where a seat's chain forked: what both sides hold alike stays, the rest is written again.

The council's copy of a chain and this laptop's hold different revisions at one number when the store was put back to an
older state and written on. The old file is kept aside as evidence. The new one holds every chain as far as it is agreed,
and under a new seat, in order, what only this laptop has: the same words with the same clock, signed anew. Must not touch
the old store, nor need the council.
"""

from dataclasses import replace

from db.store import ENROLLED, FORMER, LaptopStore
from db.unit import PUT_COUNCIL, PUT_RECEIPT, StoreUnit
from hipss_desktop.services.ports import Draft

BATCH = 1000
LAST_ALIKE = "begin_afresh"
"""The setting that asks for this: the last number of the seat's chain that the council holds alike."""

_OWN = ("seat", "signing_key", "wire_key", "goes_on_from", "projections", "guards", ENROLLED, LAST_ALIKE)


def carry_over(old: LaptopStore, new: LaptopStore, after: int) -> None:
    """Fill a new, empty store from an old one.

    Args:
        old: left as it is.
        new: its seat goes on from the old one's.
        after: the last number of the old seat's chain that the council holds alike; what comes after it is written again.
    """
    seat = old.seat.seat
    _settings(old, new, after)
    council = old.setting("council_seat")
    for name, link in sorted(old.have().items(), key=lambda each: (each[0] != council, each[0])):
        _chain(old, new, name, min(link.number, after) if name == seat else link.number)
    _receipts(old, new, after)
    _again(old, new, after)


def _settings(old: LaptopStore, new: LaptopStore, after: int) -> None:
    with old.storage.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name, value FROM setting").fetchall()
    settings = {str(name): str(value) for name, value in rows}
    last = old.chain(old.seat.seat, after=after - 1, limit=1) if after else []
    with new.write() as unit:
        for name, value in settings.items():
            if name not in _OWN:
                unit.set(name, value)
        unit.set("goes_on_from", last[0].digest if last else "")
        unit.set(FORMER, " ".join(old.own_seats()))
        if old.seat.enrolled:
            unit.set("former_seat", old.seat.seat)
            for name in ("signing_key", "wire_key"):
                unit.set(f"former_{name}", settings[name])


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
            for each in links:
                if each.body is not None:
                    parents = [became.get(parent, parent) for parent in each.envelope.parents]
                    became[each.digest] = unit.append_again(each, parents).digest
        after = links[-1].envelope.number
    with new.write() as unit:
        for draft in old.drafts():
            _draft(unit, draft, became)


def _draft(unit: StoreUnit, draft: Draft, became: dict[str, str]) -> None:
    parents, unseen = (tuple(became.get(digest, digest) for digest in named) for named in (draft.parents, draft.unseen))
    unit.put_draft(replace(draft, parents=parents, unseen=unseen))
