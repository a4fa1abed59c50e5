"""A council that is put back from a backup, whole again after one sync."""

from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from hipss_desktop.errors import Unavailable
from hipss_desktop.records.chain import NO_LINK, Link, link_of
from hipss_desktop.records.revision import Revision
from sync.council import tables as t
from sync.council.administration import erase, release, revoke
from sync.wire.messages import WireRevision, from_wire, to_wire
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer


def newest(laptop: Laptop, everything: list[WireRevision]) -> Link:
    """The newest link of the council's own chain among these."""
    assert laptop.offer is not None
    links = [
        link_of(revision) for revision in map(from_wire, everything) if revision.envelope.seat == laptop.offer.seat
    ]
    return max(links, key=lambda link: link.number)


def heal(laptop: Laptop, url: str, everything: list[WireRevision]) -> None:
    """One sync: prove oneself, ask what the council has, push all it lacks, its own chain first."""
    laptop.url, laptop.token = url, ""
    assert laptop.certificate is not None
    laptop.ask_token(certificate=msgspec.json.encode(laptop.certificate).decode())
    have = laptop.have(newest(laptop, everything)).have
    by_seat: dict[str, list[WireRevision]] = {}
    for wired in everything:
        link = from_wire(wired).envelope
        if link.number > have.get(link.seat, NO_LINK).number:
            by_seat.setdefault(link.seat, []).append(wired)
    for seat, missing in by_seat.items():
        laptop.push_wired(missing, seat)


def test_one_sync_brings_back_all_seats_and_the_councils_own_chain(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    old = council_server.laptop("A. Bevan")
    old.push(old.write(), old.write())
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    admin = council_server.admin
    old.url, late, lost = council_server.url, council_server.laptop("C. Powell", "lead"), council_server.laptop()
    written = [late.write(), late.write("steering_group", {"a": 1}), late.write("certificate", {"seat": "x"})]
    late.push(*written)
    gone = old.write()
    old.push(gone)
    erase(admin, [gone.digest], "Article 17(1)(d)")
    release(admin, written[2].digest, "Looked at.")
    revoke(admin, lost.seat, "Lost.")
    everything, before = late.pull_all(), council_server.json("doctor")
    council_server.stop()

    backup.start()
    try:
        late.url = backup.url
        with pytest.raises(Refused) as unknown:
            late.ask_token()
        assert unknown.value.refusal.code == "unknown_seat"
        own = [to_wire(revision) for revision in late.chain]
        mine = {wired.jws: wired for wired in own}
        heal(late, backup.url, [mine.get(wired.jws, wired) for wired in everything])
        after = backup.json("doctor")
        assert after == before
        assert after["findings"] == []
        with backup.admin.store.reading() as connection:
            assert connection.scalar(sa.select(t.body.c.digest).where(t.body.c.digest == gone.digest)) is None
            assert connection.scalars(sa.select(t.held.c.digest)).all() == []
        lost.url = backup.url
        with pytest.raises(Refused) as revoked:
            lost.ask_token()
        assert revoked.value.refusal.code == "revoked"
        old.url = backup.url
        old.ask_token()
        assert old.push(gone).results[0].outcome == "known"
        assert backup.json("doctor")["findings"] == []
    finally:
        backup.stop()


def test_a_store_older_than_its_folder_waits_with_its_own_chain(council_folder: CouncilServer, tmp_path: Path) -> None:
    backup = council_folder.copy(tmp_path / "backup")
    council_folder.start()
    laptop = council_folder.laptop()
    everything = laptop.pull_all()
    council_folder.stop()
    (backup.folder / "anchor.json").write_bytes((council_folder.folder / "anchor.json").read_bytes())
    backup.start()
    try:
        code = backup.invite()
        assert backup.json("doctor", expect=1)["findings"][0]["what"].startswith("The store is older")
        with pytest.raises(Unavailable, match="older than its folder"):
            erase(backup.admin, [laptop.seat], "Article 17(1)(d)")
        with pytest.raises(Refused) as waiting:
            Laptop(backup.url).enrol(code)
        assert waiting.value.status == 503
        heal(laptop, backup.url, everything)
        Laptop(backup.url).enrol(code)
        assert backup.json("doctor")["findings"] == []
    finally:
        backup.stop()


def test_text_that_nobody_brought_is_asked_for_and_filled_in(shared_council: CouncilServer) -> None:
    author, commissioner = shared_council.laptop(), shared_council.laptop("G. Lloyd", "commissioner")
    written: list[Revision] = [author.write(), author.write()]
    answer = commissioner.push_wired([WireRevision(revision.jws) for revision in written], author.seat)
    assert [result.outcome for result in answer.results] == ["stored", "stored"]
    digests = [revision.digest for revision in written]
    assert set(author.have().lacking) >= set(digests)
    assert not set(commissioner.have().lacking) & set(digests)
    author.push(*written)
    assert not set(author.have().lacking) & set(digests)
    reader = shared_council.laptop()
    assert set(reader.pull(reader.have().have, bodies=digests).bodies) == set(digests)
