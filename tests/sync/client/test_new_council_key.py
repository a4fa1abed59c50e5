"""The council signs with a new key: laptops follow it forward, what was signed before verifies, the former key counts no more."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from joserfc.jwk import OKPKey

from db.doctor import examine as examine_laptop
from hipss_desktop.errors import Tampered, Unavailable, UserError
from hipss_desktop.kinds.council import NEW_KEY, RELEASE
from hipss_desktop.records.revision import verify
from hipss_desktop.services.enrolment import Unreachable, council_keys
from hipss_desktop.services.store_settings import StoreSetting
from sync.council import rotation, showing
from sync.council import tables as t
from sync.council.administration import devices, erase, revoke, seat_key
from sync.council.chain import last_link, own_chain
from sync.council.doctor import examine
from sync.council.home import Home, create
from sync.council.rotation import rotate_signing
from sync.wire.messages import Succession, from_wire, to_wire
from sync.wire.tokens import NEW_KEY_TYPE, NewKeyProof, public_key, public_x, statement
from tests.helpers.council_client import Refused
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import Station
from tests.sync.client.conftest import MakeStation
from tests.sync.council.test_council_restore import heal

OTHER_ANSWERED = "Something else answered"


@pytest.fixture
def laptop(council_server: CouncilServer, station: MakeStation) -> Iterator[Station]:
    joined = station().join(council_server)
    joined.write("Rang about supper.")
    joined.sync()
    yield joined
    joined.close()


def trusted(laptop: Station) -> str:
    return council_keys(laptop.opened.store).key


def test_a_laptop_follows_to_the_new_key_and_all_that_was_signed_before_verifies(
    council_server: CouncilServer, laptop: Station, station: MakeStation
) -> None:
    first = council_server.admin.home.public
    reader = station("C. Powell").join(council_server, role="lead")
    stays, erased = laptop.write("Rang again."), laptop.write("The heron stood in the kitchen.")
    laptop.sync()
    reader.sync()
    keys = [rotate_signing(council_server.admin) for _ in range(2)]
    assert trusted(laptop) == first
    laptop.write("After the second key.")
    done = laptop.sync()
    assert (done.problems, done.sent) == ([], 1)
    assert trusted(laptop) == keys[-1]
    assert [former.key for former in council_keys(laptop.opened.store).former] == [first, keys[0]]
    erase(council_server.admin, [erased.digest], "Article 17(1)(d)")
    revoke(council_server.admin, reader.opened.store.seat.seat, "Stolen.")
    assert laptop.sync().problems == []
    bare = laptop.opened.store.revision(erased.digest)
    assert bare is not None
    assert bare.body is None
    assert examine_laptop(laptop.opened.store).findings == []
    assert examine(council_server.admin).findings == []
    new = station("B. Rees").join(
        council_server, role="lead"
    )  # the code names the newest key, and it vouches for the others
    assert new.sync().problems == []
    assert new.opened.store.revision(stays.digest) is not None
    assert examine_laptop(new.opened.store).findings == []
    assert council_keys(new.opened.store) == council_keys(laptop.opened.store)
    orders = laptop.opened.store.chain(council_server.admin.seat, after=0, limit=100)
    printed = seat_key(council_server.admin, council_server.admin.seat)
    for order in orders:  # as an auditor would, with what 'seat key' prints
        signed_by = next(
            (key["x"] for key in printed["former"] if order.envelope.number <= key["through"]), printed["x"]
        )
        verify(order, public_key(signed_by))
    assert [order.envelope.kind for order in orders].count(NEW_KEY.name) == 2


def stolen(council: CouncilServer, folder: Path) -> CouncilServer:
    """A copy of the council of now, as a thief of its folder and store has it."""
    council.stop()
    copy = council.copy(folder)
    council.start()
    copy.start()
    return copy


def test_a_thief_of_the_former_key_is_nobody_to_a_laptop_that_has_followed(
    council_server: CouncilServer, laptop: Station, tmp_path: Path
) -> None:
    thief = stolen(council_server, tmp_path / "stolen")
    try:
        laptop.close()
        move(laptop, council_server.url)
        key = rotate_signing(council_server.admin)
        assert laptop.sync().problems == []
        assert trusted(laptop) == key
        with own_chain(thief.admin) as chain:
            chain.append(RELEASE, {"digest": "0" * 64, "why": "By a thief."})
        rotate_signing(thief.admin)  # with the former key, to one of the thief's own
        laptop.close()
        move(laptop, thief.url)
        with pytest.raises(Unreachable, match=OTHER_ANSWERED):
            laptop.sync()
        assert trusted(laptop) == key
        laptop.close()
        move(laptop, council_server.url)
        assert laptop.sync().problems == []
        assert examine_laptop(laptop.opened.store).findings == []
    finally:
        thief.stop()


def move(laptop: Station, url: str) -> None:
    """Let a laptop ask at another address, as somebody on the line would."""
    with laptop.opened.store.write() as unit:
        unit.set(StoreSetting.SERVER, url)
    laptop.close()


def test_a_link_that_the_former_key_signed_after_it_ended_is_not_taken(
    council_server: CouncilServer, laptop: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = council_server.admin
    former = admin.home.key
    rotate_signing(admin)
    assert laptop.sync().problems == []
    with monkeypatch.context() as patch:
        patch.setattr(Home, "key", former)
        with own_chain(admin) as chain:
            forged = chain.append(RELEASE, {"digest": "0" * 64, "why": "By a thief."})
    assert forged.digest in [finding.digest for finding in examine(admin).findings]
    assert "A record\u2019s signature does not match." in laptop.sync().problems
    assert laptop.opened.store.revision(forged.digest) is None


@pytest.mark.parametrize("lie", ["no proof", "another number", "another seat", "signed by another"])
def test_an_order_that_does_not_hold_is_not_followed(council_server: CouncilServer, laptop: Station, lie: str) -> None:
    admin, key = council_server.admin, OKPKey.generate_key("Ed25519")
    keys = council_keys(laptop.opened.store)
    with own_chain(admin) as chain:
        claimed = NewKeyProof(
            "another" if lie == "another seat" else admin.seat,
            chain.link.number + (2 if lie == "another number" else 1),
            admin.home.public,
        )
        prover = OKPKey.generate_key("Ed25519") if lie == "no proof" else key
        fields = {"key": public_x(key), "proof": statement(claimed, NEW_KEY_TYPE, prover)}
        if lie == "signed by another":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Home, "key", key)
                order = chain.sign(NEW_KEY, fields, "r", (), "finish", [])
        else:
            order = chain.sign(NEW_KEY, fields, "r", (), "finish", [])
    with pytest.raises(Tampered):
        keys.followed(admin.seat, [Succession(admin.home.public, to_wire(order))])


def test_a_council_that_is_killed_between_its_key_and_its_order_goes_on(
    council_server: CouncilServer, laptop: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = council_server.admin

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "end_codes", killed)
        with pytest.raises(KeyboardInterrupt):
            rotate_signing(admin)
    with admin.store.reading() as connection:
        query = sa.select(t.envelope.c.digest).where(t.envelope.c.kind == NEW_KEY.name)
        assert connection.execute(query).all() == []
    assert laptop.sync().problems == []
    assert trusted(laptop) == admin.home.public
    council_server.stop()
    council_server.start()
    laptop.close()
    move(laptop, council_server.url)
    assert laptop.sync().problems == []
    admin = council_server.admin
    with admin.store.reading() as connection:
        order = from_wire(admin.home.successions[-1].order)
        assert connection.execute(query).all() == [(order.digest,)]
        assert last_link(connection, admin.seat).digest == order.digest
    assert examine(admin).findings == []
    assert examine_laptop(laptop.opened.store).findings == []


def test_a_store_that_was_put_back_to_before_the_new_key_is_healed_by_laptops(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    reader = council_server.laptop("C. Powell", "lead")
    reader.push(reader.write())
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    reader.url = council_server.url
    council_server.invite()
    laptop = council_server.laptop()
    rotate_signing(council_server.admin)
    revoke(council_server.admin, laptop.seat, "Stolen.")
    everything = reader.pull_all()
    council_server.stop()
    for name in ("signing.key", "keys.json", "anchor.json", "revoked.json"):
        shutil.copy(council_server.folder / name, backup.folder / name)
    backup.start()
    try:
        reader.url = backup.url
        heal(reader, backup.url, everything)
        assert examine(backup.admin).findings == []
    finally:
        backup.stop()


def test_a_folder_and_store_put_back_beside_the_newest_signing_key_write_nothing_until_they_hold_its_order(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    reader = council_server.laptop("C. Powell", "lead")
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    reader.url = council_server.url
    laptop = council_server.laptop()
    rotate_signing(council_server.admin)
    everything = reader.pull_all()
    council_server.stop()
    shutil.copy(council_server.folder / "signing.key", backup.folder / "signing.key")
    backup.start()  # its people say, wrongly, that nothing was put back
    try:
        with pytest.raises(Unavailable, match="older than its folder"):
            erase(backup.admin, [laptop.seat], "Article 17(1)(d)")
        reader.url = backup.url
        heal(reader, backup.url, everything)
        assert examine(backup.admin).findings == []
        revoke(backup.admin, laptop.seat, "Stolen.")
        assert examine(backup.admin).findings == []
    finally:
        backup.stop()


def test_a_signing_key_of_before_writes_nothing_beside_a_store_that_knows_the_next(
    council_server: CouncilServer,
) -> None:
    laptop = council_server.laptop()
    file = council_server.folder / "signing.key"
    former = file.read_bytes()
    rotate_signing(council_server.admin)
    now = file.read_bytes()
    file.write_bytes(former)
    with pytest.raises(Unavailable, match="another time than its store"):
        revoke(council_server.admin, laptop.seat, "Stolen.")
    council_server.stop()
    assert "another time than its store" in council_server.run("serve", "--port", "0", expect=1)
    file.write_bytes(now)
    showing.accept_statement(council_server.admin)  # the laptop was kept out at once, and its order follows
    assert [device.revoked_after for device in devices(council_server.admin)] == [0]
    assert examine(council_server.admin).findings == []


def test_the_former_key_is_overwritten_and_codes_that_name_it_end(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    code = council_server.invite()
    file = council_server.folder / "signing.key"
    former = json.loads(file.read_bytes())
    (council_server.folder / "former").hardlink_to(file)
    answer = council_server.json("rotate", "signing")
    assert answer["key"] == council_server.admin.home.public
    assert not (council_server.folder / "former").read_bytes().strip(b"\0")
    assert former["d"].encode() not in file.read_bytes()
    assert former["x"] in json.dumps(json.loads(file.read_bytes()))
    asking = council_server.laptop("C. Powell")
    with pytest.raises(Refused) as refused:
        asking.look(code)
    assert refused.value.refusal.code == "unknown_code"
    assert file.stat().st_mode & 0o077 == 0


def test_a_code_of_another_council_that_calls_itself_the_next_tears_no_store_away(
    council_server: CouncilServer, laptop: Station, tmp_path: Path
) -> None:
    from hipss_desktop.services.enrolment import accept, look
    from sync.client.https import HttpsCouncil

    other = CouncilServer(tmp_path / "other")
    other.init()
    rotate_signing(other.admin)
    other.start()
    try:
        asking = HttpsCouncil(other.url)
        invited = look(asking, other.url, other.invite("A. Bevan", "lead"))
        asking.close()
        before = trusted(laptop)
        with pytest.raises(UserError, match="another council"):
            accept(laptop.opened.store, invited, laptop="LT-1")
        assert trusted(laptop) == before
    finally:
        other.stop()


@pytest.mark.parametrize("successions", [7, [{}], ["x"], [{"former": "x", "order": {"jws": "x"}}]])
def test_a_signing_key_with_damaged_successions_is_a_sentence(tmp_path: Path, successions: object) -> None:
    home = create(tmp_path / "council", "Test council")
    file = home.folder / "signing.key"
    file.write_bytes(json.dumps({**json.loads(file.read_bytes()), "successions": successions}).encode())
    with pytest.raises(Tampered):
        _ = Home(home.folder).key
