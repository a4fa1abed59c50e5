"""What the council holds back acts on no laptop until it is released, its author's own among them."""

import sqlalchemy as sa

from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.fold import fold
from hipss_desktop.services.store_settings import StoreSetting
from sync.council import tables as t
from sync.council.administration import release, revoke
from sync.wire.messages import Push, to_wire
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import Station, council_well, write_anyway
from tests.sync.client.conftest import MakeStation

CHILD = {"given_name": "Kai", "family_name": "Marsh"}


def go_to(laptop: Station, council: CouncilServer) -> None:
    """Ask a council where it is served now."""
    laptop.close()
    with laptop.opened.store.write() as unit:
        unit.set(StoreSetting.SERVER, council.url)
    laptop.close()


def sync(*laptops: Station) -> None:
    """Everybody syncs, twice."""
    for _ in range(2):
        for laptop in laptops:
            laptop.sync()


def test_a_child_whom_a_commissioner_withdraws_stays_on_every_laptop(
    council: CouncilServer, station: MakeStation
) -> None:
    manager, colleague = station("L. Okafor").join(council, role="manager"), station().join(council)
    commissioner = station("G. Lloyd").join(council, role="commissioner")
    child = write_anyway(manager, "child", CHILD).envelope.record
    sync(manager, colleague, commissioner)
    held = write_anyway(commissioner, "child", {}, record=child, action="withdraw")
    sync(commissioner, manager, colleague)
    for laptop in (manager, colleague, commissioner):
        assert not laptop.get(child).withdrawn
        assert not laptop.get(child).disputed
        assert laptop.get(child).versions == 1
        assert laptop.findings() == []
    assert child in {match.record for match in colleague.opened.store.search("Kai Marsh", kind="child")}
    council_well(council)
    release(council.admin, held.digest, "The service asked for it.")
    sync(commissioner, manager, colleague)
    for laptop in (manager, colleague, commissioner):
        assert laptop.get(child).withdrawn
        assert laptop.get(child).versions == 2
        assert laptop.findings() == []


def test_a_withdrawal_by_a_manager_still_withdraws(council: CouncilServer, station: MakeStation) -> None:
    manager, other = station("L. Okafor").join(council, role="manager"), station().join(council)
    child = write_anyway(manager, "child", CHILD).envelope.record
    sync(manager, other)
    manager.opened.services.records.withdraw(child, "Entered twice.")
    sync(manager, other)
    assert [laptop.get(child).withdrawn for laptop in (manager, other)] == [True, True]
    assert manager.opened.store.held_back() == []


def test_a_record_of_which_all_is_held_back_is_listed_nowhere_and_shown_to_its_author(
    council: CouncilServer, station: MakeStation
) -> None:
    author, other = station().join(council), station("C. Powell").join(council, role="manager")
    first = write_anyway(author, "carer", {"address": "1 Mill Lane", "phone": "01632 960145"})
    record = first.envelope.record
    later = write_anyway(author, "carer", {"address": "2 Mill Lane"}, record=record, action="amend")
    sync(author, other)
    for laptop in (author, other):
        store = laptop.opened.store
        assert store.get(record) is None
        assert record not in {carer.record for carer in store.records_of("carer")}
        assert store.search("Mill Lane") == []
        assert store.revisions(record) == []
    assert {revision.digest for revision, _, _ in author.opened.store.held_back()} == {first.digest, later.digest}
    view = author.opened.services.record_views.view(record)
    assert view is not None
    assert (view.counts, view.may_amend, view.may_withdraw, view.versions) == (False, False, False, ())
    assert [line.words for line in view.lines if line.unit == "address"] == ["2 Mill Lane"]
    assert [version.digest for version in view.held] == [later.digest, first.digest]
    assert all("may not write" in version.held for version in view.held)
    assert other.opened.services.record_views.view(record) is None
    assert other.opened.store.held_back() == []
    release(council.admin, first.digest, "Looked at.")
    sync(author, other)
    assert [laptop.get(record).fields["address"] for laptop in (author, other)] == ["1 Mill Lane"] * 2
    view = author.opened.services.record_views.view(record)
    assert view is not None
    assert [difference.now for difference in view.held[0].differences if difference.unit == "address"] == [
        "2 Mill Lane"
    ]
    assert (view.counts, [version.digest for version in view.versions]) == (True, [first.digest])
    release(council.admin, later.digest, "Looked at.")
    sync(author, other)
    assert [laptop.get(record).fields["address"] for laptop in (author, other)] == ["2 Mill Lane"] * 2
    assert author.findings() == other.findings() == []


def test_what_a_revoked_laptop_wrote_later_acts_nowhere_even_when_another_laptop_pushes_it(
    council: CouncilServer, station: MakeStation
) -> None:
    lost, other, third = (
        station("C. Powell").join(council),
        station().join(council),
        station("L. Okafor").join(council, role="manager"),
    )
    before = lost.write("Before it was lost.").envelope.record
    sync(lost, other, third)
    revoke(council.admin, lost.opened.store.seat.seat, "Lost.")
    later = lost.write("After it was lost.")
    lost.opened.services.records.withdraw(before, "For mischief.")
    seat = lost.opened.store.seat.seat
    revisions = lost.opened.store.chain(seat, after=1, limit=9)
    other.opened.council().push(Push(seat, [to_wire(revision) for revision in revisions]))
    sync(other, third)
    for laptop in (other, third):
        assert laptop.opened.store.get(later.envelope.record) is None
        assert not laptop.get(before).withdrawn
        assert laptop.seats()[seat] == (3, revisions[-1].digest)
        assert laptop.findings() == []
    release(council.admin, later.digest, "The manager spoke to her.")
    sync(other, third)
    assert [laptop.get(later.envelope.record).fields["happening"] for laptop in (other, third)] == [
        "After it was lost."
    ] * 2
    assert not other.get(before).withdrawn


def test_what_was_held_back_before_there_were_orders_is_ordered_when_the_council_starts(
    council_server: CouncilServer, station: MakeStation
) -> None:
    """The laptops acted on it until then; what they show is made again."""
    manager = station("L. Okafor").join(council_server, role="manager")
    commissioner = station("G. Lloyd").join(council_server, role="commissioner")
    child = write_anyway(manager, "child", CHILD).envelope.record
    sync(manager, commissioner)
    gone = write_anyway(commissioner, "child", {}, record=child, action="withdraw")
    with council_server.admin.store.writing() as connection:
        connection.execute(sa.insert(t.held).values(digest=gone.digest, reason="Not theirs to write.", at="then"))
        connection.execute(sa.update(t.held).values(code="may_not_write", ordered_by="nobody yet"))
    commissioner.sync()
    with manager.opened.store.write() as unit:
        unit.absorb(commissioner.opened.store.chain(gone.envelope.seat, after=0, limit=9))
    assert manager.get(child).withdrawn
    with council_server.admin.store.writing() as connection:
        connection.execute(sa.update(t.held).values(ordered_by=None))
    assert "no order yet" in str(council_server.json("doctor", expect=1)["findings"])
    council_server.stop()
    council_server.start()
    for laptop in (manager, commissioner):
        go_to(laptop, council_server)
        laptop.sync()
        assert not laptop.get(child).withdrawn
        assert laptop.findings() == []
    council_well(council_server)
    orders = manager.opened.store.records_of("hold")
    assert [row["id"] for order in orders for row in order.fields["revisions"]] == [gone.digest]


def test_nobody_countersigns_their_own_incident_from_another_laptop_through_the_wire(
    council: CouncilServer, station: MakeStation
) -> None:
    worker = station("S. Marsh").join(council, role="supervising")
    person = worker.opened.store.seat.person
    promoted = station("S. Marsh").join(council, role="manager", person=person)
    manager = station("L. Okafor").join(council, role="manager")
    incident = write_anyway(worker, "incident", {"happening": "A window was broken."})
    record = incident.envelope.record
    sync(worker, promoted, manager)
    own = write_anyway(promoted, "incident", {}, record=record, action="countersign")
    by_role = write_anyway(worker, "incident", {}, record=record, action="countersign")
    sync(promoted, worker, manager)
    for laptop in (worker, promoted, manager):
        store = laptop.opened.store
        assert set(store.without_effect(record)) == {own.digest, by_role.digest}
        assert fold(store.all_revisions(record), INCIDENT).countersigned == ()
    assert "wrote or amended" in promoted.opened.store.held_back()[0][2]
    assert "may not countersign" in worker.opened.store.held_back()[0][2]
    write_anyway(manager, "incident", {}, record=record, action="countersign")
    sync(manager, worker, promoted)
    for laptop in (worker, promoted, manager):
        store = laptop.opened.store
        state = fold(store.all_revisions(record), INCIDENT, store.without_effect(record))
        assert state.countersigned == (incident.digest,)
        assert laptop.findings() == []


def held_digests(laptop: Station) -> set[str]:
    """What a laptop shows as held back of its own writing."""
    return {revision.digest for revision, *_ in laptop.opened.store.held_back()}


def test_a_child_whose_identifier_another_kind_took_first_is_back_on_every_laptop_once_it_is_let_through_instead(
    council: CouncilServer, station: MakeStation
) -> None:
    manager, colleague = station("L. Okafor").join(council, role="manager"), station("C. Powell").join(council)
    reader = station().join(council)
    begun = write_anyway(manager, "child", CHILD)
    child = begun.envelope.record
    contact = write_anyway(colleague, "contact", {"happening": "Rang about supper."}, record=child)
    sync(colleague, reader, manager)
    assert begun.digest in held_digests(manager)
    release(council.admin, begun.digest, "This is Kai.", instead=True)
    sync(manager, colleague, reader)
    for laptop in (manager, colleague, reader):
        assert laptop.get(child).fields["given_name"] == "Kai"
        assert laptop.findings() == []
        assert begun.digest not in held_digests(laptop)
        assert child in {match.record for match in laptop.opened.store.search("Kai Marsh", kind="child")}
    assert held_digests(colleague) == {contact.digest}
    assert child not in {match.record for match in colleague.opened.store.search("supper", kind="contact")}
    council_well(council)
