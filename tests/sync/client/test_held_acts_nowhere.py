"""What the council holds back acts on no laptop until it is released, its author's own among them."""

from typing import Any

from hipss_desktop.records.revision import Action, Revision
from sync.council.administration import release
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import Station, council_well
from tests.sync.client.conftest import MakeStation

CHILD = {"given_name": "Kai", "family_name": "Marsh"}


def write_anyway(
    laptop: Station, kind: str, fields: dict[str, Any], *, record: str = "", action: Action = "finish"
) -> Revision:
    """Sign what the program itself would refuse: what somebody's own program pushes."""
    store = laptop.opened.store
    known = store.get(record) if record else None
    with store.write() as unit:
        return unit.append(
            record=record or f"{store.seat.seat}-{len(store.chain(store.seat.seat, after=0, limit=99))}",
            kind=kind,
            action=action,
            fields=fields,
            changed=sorted(fields) if action in ("finish", "amend") else [],
            parents=known.heads if known else (),
            why="" if action == "finish" else "For mischief.",
        )


def sync(*laptops: Station) -> None:
    """Everybody syncs, twice."""
    for _ in range(2):
        for laptop in laptops:
            laptop.sync()


def test_a_child_whom_a_commissioner_withdraws_stays_on_every_laptop(
    council: CouncilServer, station: MakeStation
) -> None:
    manager, other = station("L. Okafor").join(council, role="manager"), station().join(council)
    commissioner = station("G. Lloyd").join(council, role="commissioner")
    child = write_anyway(manager, "child", CHILD).envelope.record
    sync(manager, other, commissioner)
    held = write_anyway(commissioner, "child", {}, record=child, action="withdraw")
    sync(commissioner, manager, other)
    for laptop in (manager, other, commissioner):
        assert not laptop.get(child).withdrawn
        assert not laptop.get(child).disputed
        assert laptop.get(child).versions == 1
        assert laptop.findings() == []
    [found] = other.opened.store.search("Kai Marsh", kind="child")
    assert found.record == child
    council_well(council)
    release(council.admin, held.digest, "The service asked for it.")
    sync(commissioner, manager, other)
    for laptop in (manager, other, commissioner):
        assert laptop.get(child).withdrawn
        assert laptop.get(child).versions == 2
        assert laptop.findings() == []
