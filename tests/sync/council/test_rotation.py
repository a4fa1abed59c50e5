"""Keys that somebody may have seen are replaced by a command, and what was signed and kept before still verifies."""

import sys
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
import sqlalchemy as sa

from hipss_desktop.errors import Tampered, Unavailable
from sync.council import bodies, deposits, rotation
from sync.council import tables as t
from sync.council.administration import erase
from sync.council.doctor import examine
from sync.council.home import Home
from sync.council.keys import FolderKeys
from sync.council.opening import opened
from sync.council.store import Store
from sync.wire import codes
from tests.helpers import forked
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import ROOT, CouncilServer
from tests.sync.council.test_texts_encrypted import OTHER, PHRASE, fork, texts, written

KILLED = """
import os, signal, sys
from sync.council import bodies, cli
bodies.BATCH = 2
left, begin = [int(sys.argv.pop())], bodies.Store.writing
def counted(store):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return begin(store)
bodies.Store.writing = counted
cli.main()
"""


def numbers(council: CouncilServer) -> set[int]:
    """The trees under which texts lie."""
    with council.admin.store.reading() as connection:
        rows = [*connection.scalars(sa.select(t.body.c.sealed)), *connection.scalars(sa.select(t.evidence.c.sealed))]
    return {int.from_bytes(bytes(row)[: bodies.NUMBER_BYTES]) for row in rows if row is not None}


def test_all_texts_come_under_a_fresh_key_and_the_former_opens_none_of_them(council_server: CouncilServer) -> None:
    laptop, other = council_server.laptop(), council_server.laptop("C. Powell")
    erased, *_ = written(laptop, PHRASE, OTHER)
    side = fork(laptop, PHRASE)
    erase(council_server.admin, [erased.digest], "Article 17(1)(d)")
    before, former = texts(council_server), council_server.admin.home.keys.read()
    code = council_server.invite()
    answer = council_server.json("rotate", "texts")
    assert answer == {"texts": len(before) + 1, "deposits": 2, "codes_ended": 1}
    now = council_server.admin.home.keys.read()
    assert texts(council_server) == before
    assert len(now.texts) == 1
    assert numbers(council_server) == {now.texts[0].number}
    assert [set(tree.nodes) for tree in now.texts] == [{""}]  # what was destroyed needs no trace any more
    assert not set(former.texts[0].nodes.values()) & set(now.texts[0].nodes.values())
    assert set(former.purposes["deposits"]).isdisjoint(now.purposes["deposits"])
    assert council_server.json("device", "recovery", other.seat, "--by", other.person)["recovery"] == "ABCDE-FGHJK"
    assert [finding.digest for finding in examine(council_server.admin).findings] == [side.digest]
    with pytest.raises(Refused) as refused:  # somebody with the former key could have found the code
        laptop.look(code)
    assert refused.value.refusal.code == "unknown_code"
    assert laptop.have().have[laptop.seat].number == 2
    later = council_server.laptop("B. Rees")
    assert (
        len([wired for wired in later.pull_all() if wired.body]) == len(before) + 2
    )  # with its own certificate and name
    council_server.close()
    council_server.admin.home.keys.replace(FolderKeys(former.texts, now.purposes))
    assert set(texts(council_server).values()) == {None}


def test_keys_of_another_time_are_named_and_are_no_tampering(council_server: CouncilServer) -> None:
    (revision,) = written(council_server.laptop(), PHRASE)
    file = council_server.folder / "keys.json"
    before = file.read_bytes()
    council_server.run("rotate", "texts")
    after = file.read_bytes()
    file.write_bytes(before)
    findings = [finding for finding in examine(council_server.admin).findings if finding.digest == revision.digest]
    assert [finding.what for finding in findings] == ["The key of a text is not in the council's folder."]
    assert "keys.json" in findings[0].do
    file.write_bytes(after)
    assert examine(council_server.admin).findings == []
    file.unlink()
    assert "keys.json" in council_server.run("doctor", expect=1)
    with pytest.raises(Unavailable, match=r"keys\.json"):
        opened(Home(council_server.folder), council_server.database_url)
    assert not file.exists()
    file.write_bytes(b"{}")
    with pytest.raises(Tampered, match=r"keys\.json"):
        council_server.admin.home.keys.read()


def test_a_rotation_that_is_killed_at_any_step_loses_no_text_and_goes_on(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    written(laptop, *(f"{PHRASE} {number}" for number in range(5)))
    fork(laptop, OTHER)
    texts_before = texts(council_server)
    ended = -9
    for step in range(1, 20):
        program = [sys.executable, "-c", KILLED, "rotate", "texts", str(step)]
        ran = forked.run(
            program, imported="sync.council.cli", env=council_server.environment, cwd=ROOT, capture_output=True
        )
        assert ran.returncode in (-9, 0), ran.stderr
        assert texts(council_server) == texts_before
        ended = ran.returncode
        if ended == 0:
            break
        trees = [tree.number for tree in council_server.admin.home.keys.read().texts]
        named = any("not rotated to the end" in finding.what for finding in examine(council_server.admin).findings)
        assert named == (len(trees) == 2)
    assert ended == 0
    assert len(council_server.admin.home.keys.read().texts) == 1


def test_what_laptops_push_while_texts_are_encrypted_anew_is_kept_and_opens(
    council_server: CouncilServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, reader = council_server.laptop(), council_server.laptop("C. Powell", "lead")
    first = written(laptop, *(f"{PHRASE} {number}" for number in range(20)))
    monkeypatch.setattr(bodies, "BATCH", 2)
    pushed = list(first)
    going = True

    def push() -> None:
        while going:
            pushed.extend(written(laptop, OTHER))

    pushing = Thread(target=push)
    pushing.start()
    try:
        for _ in range(3):
            rotation.rotate_texts(council_server.admin)
    finally:
        going = False
        pushing.join()
    assert len(pushed) > len(first)
    read = texts(council_server)
    assert {revision.digest: revision.body for revision in pushed} == {
        revision.digest: read[revision.digest] for revision in pushed
    }
    assert numbers(council_server) == {council_server.admin.home.keys.read().texts[-1].number}
    came = {text.jws for text in reader.pull_all() if text.body is not None}
    assert {revision.jws for revision in pushed} <= came


def test_laptops_bring_back_the_texts_of_a_store_that_was_put_back_to_before_a_rotation(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    laptop = council_server.laptop()
    lost = written(laptop, PHRASE, OTHER)
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    rotation.rotate_texts(council_server.admin)
    (backup.folder / "keys.json").write_bytes((council_server.folder / "keys.json").read_bytes())
    backup.start()
    try:
        laptop.url = backup.url
        assert laptop.pull({}, bodies=[lost[0].digest]).bodies == {}
        assert {revision.digest for revision in lost} <= set(laptop.have().lacking)
        assert [result.outcome for result in laptop.push(*lost).results] == ["known", "known"]
        assert not {revision.digest for revision in lost} & set(laptop.have().lacking)
        read = texts(backup)
        assert [read[revision.digest] for revision in lost] == [revision.body for revision in lost]
        named = {finding.digest for finding in examine(backup.admin).findings}
        assert not {revision.digest for revision in lost} & named
    finally:
        backup.stop()


def test_a_rotation_waits_for_what_was_encrypted_before_it_and_is_not_kept_yet(council_folder: CouncilServer) -> None:
    admin, revision = council_folder.admin, Laptop("").write()
    other = CouncilServer(council_folder.folder, council_folder.database_url)
    rotating = Thread(target=rotation.rotate_texts, args=(other.admin,))
    with admin.store.writing() as connection:
        bodies.keep(connection, [revision])
        rotating.start()
        while admin.store.embedded is False and rotating.is_alive() and not waits_for_a_lock(admin.store):
            sleep(0.01)
    rotating.join()
    assert texts(council_folder) == {revision.digest: revision.body}
    other.close()


def waits_for_a_lock(store: Store) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with store.reading() as connection:
        return bool(connection.scalar(sa.text(waiting)))


def test_a_deposit_that_is_sealed_while_keys_are_rotated_opens(council_server: CouncilServer) -> None:
    admin = council_server.admin
    keys = admin.home.keys.read()
    laptop = council_server.laptop()
    fresh = {"deposits": [*keys.purposes["deposits"], b"1" * 32]}
    admin.home.keys.replace(FolderKeys(keys.texts, keys.purposes | fresh))  # as a rotation that was killed leaves them
    late = council_server.laptop("C. Powell")
    for seat in (laptop.seat, late.seat):
        assert deposits.recovery_key(admin, seat, "") == "ABCDE-FGHJK"


def test_new_token_keys_end_every_token_and_challenge_and_a_laptop_goes_on(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    (revision,) = written(laptop, PHRASE)
    certificate = laptop.certificate
    council_server.run("rotate", "tokens")
    for request in (laptop.have, laptop.pull):
        with pytest.raises(Refused) as refused:
            request()
        assert refused.value.refusal.code == "unauthorised"
    laptop.ask_token()
    assert laptop.push(revision).results[0].outcome == "known"
    assert certificate in laptop.pull_all()
    assert council_server.json("doctor")["findings"] == []


def test_a_token_signed_with_the_councils_signing_key_is_refused(council_server: CouncilServer) -> None:
    from sync.council.access import Access
    from sync.wire.messages import ACCESS_TYPE
    from sync.wire.tokens import statement

    laptop = council_server.laptop()
    now = int(council_server.admin.clock().timestamp())
    access = Access(laptop.seat, now, now + 600, "another")
    laptop.token = statement(access, ACCESS_TYPE, council_server.admin.home.key)
    with pytest.raises(Refused) as refused:
        laptop.have()
    assert refused.value.refusal.code == "unauthorised"
    laptop.token = statement(access, ACCESS_TYPE, council_server.admin.home.token_key)
    assert laptop.have()


def test_a_code_made_after_a_rotation_joins_a_laptop(council_server: CouncilServer) -> None:
    council_server.run("rotate", "texts")
    assert codes.read(council_server.invite())
    assert council_server.laptop().have()
