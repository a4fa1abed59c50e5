"""The laptop loses power at a random moment while somebody types: nothing that was promised is gone."""

import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop import times
from hipss_desktop.laptop import OpenStore, make_vault, open_store
from hipss_desktop.services import enrolment as joining
from sync.client.https import HttpsCouncil
from tests.helpers import forked
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.store_fixtures import load_demo
from ui.contacts.log_contact import draft_digest

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "kettle marble otter Thursday"
NIGHT = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
LAST_SECOND = 1.2
"""Seconds of keys that may be missing: one second, and the machine's own time to deliver a key and to kill."""


@dataclass
class Witness:
    """What the typist printed before it was killed."""

    saved: list[tuple[float, str]] = field(default_factory=list)
    keys: list[tuple[float, str]] = field(default_factory=list)
    finished: int = 0
    ended: float = 0.0


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory, council_home: CouncilServer) -> Path:
    """An enrolled laptop's home with the demo caseload, the same for every seed: a copy would fork the chain."""
    folder = tmp_path_factory.mktemp("enrolled")
    (folder / times.DEMONSTRATION).touch()
    offset = NIGHT.timestamp() - time.time()

    def clock() -> datetime:
        return datetime.fromtimestamp(time.time() + offset, UTC)

    asking = HttpsCouncil(council_home.url)
    invited = joining.look(asking, council_home.url, council_home.invite("A. Bevan", "on_call"))
    asking.close()
    opened = make_vault(
        Home(folder),
        name="A. Bevan",
        role="on_call",
        passphrase=PASSPHRASE,
        laptop="HIPSS-LT-04",
        clock=clock,
        cost=lambda: Cost(FLOOR_KIB),
    ).opened
    load_demo(opened.store, clock)
    joining.accept(opened.store, invited, laptop="HIPSS-LT-04")
    opened.exchange()
    opened.close()
    return folder


@pytest.fixture(scope="module")
def council_home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A council with its embedded store."""
    with serving(tmp_path_factory.mktemp("council")) as server:
        yield server
    server.close()


def type_and_kill(home: Path, seed: int) -> Witness:
    """Let the typist type, and kill it at a moment that the seed decides."""
    offset = NIGHT.timestamp() - time.time()
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"},
        "HIPSS_PASSPHRASE": PASSPHRASE,
        "HIPSS_CLOCK_OFFSET": str(offset),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
    }
    typist = forked.Popen(
        [sys.executable, "-m", "tests.faults.typist", str(home), str(seed)],
        env=environment,
        stdout=forked.PIPE,
        stderr=forked.PIPE,
        cwd=ROOT,
    )
    assert typist.stdout is not None
    assert typist.stderr is not None
    first = json.loads(typist.stdout.readline() or "{}")
    assert first.get("ready"), typist.stderr.read().decode()
    lives_until = time.monotonic() + random.Random(seed).uniform(0.3, 5.0)
    output = b""
    while (seconds_left := lives_until - time.monotonic()) > 0:
        if select.select([typist.stdout], [], [], seconds_left)[0]:
            output += os.read(typist.stdout.fileno(), 65536)
    witness = Witness(ended=time.monotonic())
    typist.send_signal(signal.SIGKILL)
    typist.wait()
    output += typist.stdout.read()
    typist.stdout.close()
    typist.stderr.close()
    for line in output.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue  # the kill cut off the last line
        if "saved" in event:
            witness.saved.append((event["at"], event["saved"]))
        elif "key" in event:
            witness.keys.append((event["at"], event["key"]))
        elif "finished" in event:
            # The draft that was shown as saved is a contact now; the next draft begins a new list.
            witness.finished += 1
            witness.saved.clear()
            witness.keys.clear()
    return witness


def check(home: Path, seed: int, council: CouncilServer) -> None:
    """Check that everything shown as saved before the kill exists after it, and once at the council."""
    before = reopened(home)
    there_before = before.store.count("contact")
    before.close()
    witness = type_and_kill(home, seed)
    opened = reopened(home)
    try:
        drafts = opened.store.drafts()
        # The kill may have interrupted the last finish; another call followed every earlier one.
        finished = opened.store.count("contact") - there_before
        assert finished >= witness.finished - 1, seed
        promised = [digest for _, digest in witness.saved]
        if promised and not drafts:
            # A finish begins with a save. The typist may read "Saved" after the key; then the contact contains that save.
            # The kill may also come after a finish and before the typist tells of it.
            untold = finished - witness.finished
            assert finished > 0, (seed, "a draft that was said to be saved is gone")
            assert untold in (0, 1), (seed, "a draft that was said to be saved is gone")
        elif promised:
            digest = draft_digest(drafts[0])
            # No draft older than the last one shown as saved is acceptable. A later save may have reached the disk. It
            # contains at least every key typed before the save shown last began.
            assert digest == promised[-1] or digest not in promised, (seed, "an older draft came back")
        if drafts and witness.keys:
            certain = keys_before(witness, witness.ended - LAST_SECOND)
            assert len(typed(drafts)) >= certain, (seed, len(typed(drafts)), certain)
        opened.exchange()
        assert opened.store.waiting().waiting == 0
        opened.store.check_anchor()
        mine = {record.record for record in opened.store.records_of("contact")}
        for draft in drafts:
            opened.services.records.discard(draft.record)
    finally:
        opened.close()
    held = Counter(contacts_at(council))
    assert {record: held[record] for record in mine} == dict.fromkeys(mine, 1), seed


def contacts_at(council: CouncilServer) -> list[str]:
    """Return the record of every contact revision at the council: one for each contact, as no contact is amended here."""
    from sqlalchemy import select as query

    from sync.council import tables

    with council.admin.store.reading() as connection:
        rows = connection.execute(query(tables.envelope.c.record).where(tables.envelope.c.kind == "contact"))
        return [row[0] for row in rows]


def typed(drafts: list[Any]) -> str:
    """Return the letters in the two long answers of the newest draft."""
    return "".join(str(drafts[0].fields.get(name) or "") for name in ("happening", "advice")) if drafts else ""


def keys_before(witness: Witness, moment: float) -> int:
    """Return how many letters were typed until a moment."""
    return sum(at <= moment for at, _ in witness.keys)


def reopened(home: Path) -> OpenStore:
    """Open the store after the kill."""
    offset = NIGHT.timestamp() - time.time()
    laptop_home = Home(home)
    return open_store(
        laptop_home,
        laptop_home.people()[0].vault_id,
        PASSPHRASE,
        lambda: datetime.fromtimestamp(time.time() + offset, UTC),
    )


@pytest.mark.parametrize("seed", range(1, 21))
def test_what_was_saved_survives_the_end(seed: int, enrolled: Path, council_home: CouncilServer) -> None:
    check(enrolled, seed, council_home)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(21, 201))
def test_what_was_saved_survives_the_end_for_long(seed: int, enrolled: Path, council_home: CouncilServer) -> None:
    check(enrolled, seed, council_home)
