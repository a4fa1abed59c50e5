"""An order to erase reaches every copy of a laptop: what was put aside, and what was kept as evidence."""

from pathlib import Path

import pytest

from db.store import LaptopStore
from hipss_desktop.laptop import COPY_NOT_OPENED
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import ChainStopped
from sync.council.administration import erase
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.decrypted import pages
from tests.helpers.stations import Station
from tests.sync.client.conftest import MakeStation

PHRASE = "The heron stood in the kitchen."


def forked(laptop: Station, copy: Path) -> str:
    """A laptop that begins anew after its store was put back: gives the digest of what stands in the copy aside too."""
    written = laptop.write(PHRASE)
    laptop.sync()
    laptop.copy(copy)
    laptop.write("On one side.")
    laptop.sync()
    laptop.put_back(copy, anchor=True)
    laptop.write("On the other side.")
    with pytest.raises(ChainStopped) as stopped:
        laptop.sync()
    laptop.opened.note_stopped(stopped.value)
    laptop.opened.begin_afresh()
    laptop.sync()
    return written.digest


def text_aside(laptop: Station, digest: str) -> bytes | None:
    """What the copy aside holds of a revision."""
    (aside,) = laptop.folder.glob("store-aside-*.db")
    copy = LaptopStore(aside, laptop.opened.key, anchor=aside.with_name("look-anchor"), clock=laptop.clock)
    try:
        revision = copy.revision(digest)
    finally:
        copy.close()
        aside.with_name("look-anchor").unlink(missing_ok=True)
    assert revision is not None
    return revision.body


def test_what_was_put_aside_obeys_an_erasure(council: CouncilServer, station: MakeStation, tmp_path: Path) -> None:
    laptop = station().join(council)
    digest = forked(laptop, tmp_path / "copy")
    assert PHRASE.encode() in (text_aside(laptop, digest) or b"")
    erase(council.admin, [digest], "Article 17(1)(d)")
    laptop.sync()
    assert text_aside(laptop, digest) is None
    (aside,) = laptop.folder.glob("store-aside-*.db")
    assert not any(PHRASE.encode() in page for page in pages(aside, laptop.opened.key))
    names = sorted(file.name for file in laptop.folder.iterdir())
    assert not [name for name in names if "aside" in name and not name.endswith(".db")]


def test_a_copy_aside_that_cannot_be_opened_is_reported_and_delays_nothing(
    council: CouncilServer, station: MakeStation, tmp_path: Path
) -> None:
    laptop = station().join(council)
    digest = forked(laptop, tmp_path / "copy")
    (aside,) = laptop.folder.glob("store-aside-*.db")
    aside.write_bytes(b"no store" * 1000)
    erase(council.admin, [digest], "Article 17(1)(d)")
    assert laptop.sync().problems == []
    assert laptop.opened.store.setting(StoreSetting.NOTICE) == COPY_NOT_OPENED


def test_evidence_on_a_laptop_obeys_an_erasure_and_its_text_does_not_come_back(
    council: CouncilServer, station: MakeStation
) -> None:
    laptop, writer = station().join(council), council.laptop("C. Powell")
    written = writer.write(fields={"happening": PHRASE})
    writer.push(written)
    laptop.sync()
    store = laptop.opened.store

    def keep() -> None:
        with store.write() as unit:
            unit.keep_evidence("A record's text is not the one that was signed.", written.jws, PHRASE.encode())

    def texts() -> list[bytes]:
        with store.storage.reading() as connection:
            rows = connection.exec_driver_sql("SELECT content FROM evidence WHERE content IS NOT NULL").fetchall()
            return [bytes(row[0]) for row in rows]

    keep()
    assert texts() == [PHRASE.encode()]
    erase(council.admin, [written.digest], "Article 17(1)(d)")
    laptop.sync()
    assert texts() == []
    with store.write() as unit:
        unit.keep_evidence("Again, with another signature.", written.jws[:-4] + "AAAA", PHRASE.encode())
    assert texts() == []
