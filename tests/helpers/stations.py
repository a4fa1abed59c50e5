"""A person's real laptop in a test's own process: home, vault, store and connection, which a test opens, syncs and closes."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from db.doctor import examine
from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop import times
from hipss_desktop.laptop import OpenStore, make_vault, open_store
from hipss_desktop.records.chain import NO_LINK
from hipss_desktop.records.revision import Action, Revision
from hipss_desktop.services import enrolment as joining
from hipss_desktop.services.ports import Record
from hipss_desktop.services.sync_cycle import Exchanged
from sync.client.https import HttpsCouncil
from sync.council.doctor import examine as examine_council
from sync.council.send import chains
from tests.helpers.council_fixtures import CouncilServer

PASSPHRASE = "seven grey herons at dusk"


def contact(words: str, **more: Any) -> dict[str, Any]:
    """Return the fields of a contact that can be finished."""
    return {
        "type": "call",
        "caller_name": "Jo Preece",
        "concerns": ["school"],
        "happening": words,
        "advice": "Ring again at eight.",
        "risk": "low",
        "needs_to_know": ["nobody"],
        **more,
    }


class Station:
    """One person on one laptop."""

    def __init__(self, folder: Path, clock: times.Clock = times.system_clock, *, name: str = "A. Bevan") -> None:
        self.home = Home(folder)
        self.name = name
        self.clock = clock
        self._opened: OpenStore | None = None

    @property
    def opened(self) -> OpenStore:
        """The open store; it is opened if it is closed."""
        if self._opened is None:
            self._opened = open_store(self.home, self.home.people()[0].vault_id, PASSPHRASE, self.clock)
        return self._opened

    def enrol(self, server: str, code: str, *, laptop: str = "LT-1") -> None:
        """Create the vault and join a council; ``server`` is the council's address from now on."""
        asking = HttpsCouncil(server, clock=self.clock)
        invited = joining.look(asking, server, code)
        asking.close()
        new_vault = make_vault(
            self.home,
            name=self.name,
            role=invited.offer.role,
            passphrase=PASSPHRASE,
            laptop=laptop,
            person=invited.offer.person,
            clock=self.clock,
            keyring=False,
            cost=lambda: Cost(FLOOR_KIB),
            invited=invited,
        )
        self._opened = new_vault.opened
        new_vault.opened.recovery_key_seen()
        new_vault.opened.exchange()

    def join(self, council: CouncilServer, through: str = "", role: str = "on_call", **more: Any) -> "Station":
        """Enrol with a new code; ``through`` is an address to use instead of the council's own."""
        self.enrol(through or council.url, council.invite(self.name, role, **more))
        return self

    def close(self) -> None:
        """Close the store, as a lock does."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def shorten_timeout(self, seconds: float = 1.0) -> None:
        """End an attempt after this many seconds without a byte."""
        self.opened.council()._line._way.client.timeout = seconds

    def sync(self) -> Exchanged:
        """Run one exchange with the council."""
        return self.opened.exchange()

    def write(self, words: str, **more: Any) -> Revision:
        """Finish a contact, and return its revision."""
        records = self.opened.services.records
        return records.finish(replace(records.new_draft("contact"), fields=contact(words, **more)))

    def amend(self, record: str, why: str = "Told on the telephone", **changes: Any) -> Revision:
        """Amend a record."""
        records = self.opened.services.records
        draft = records.amendment(record)
        return records.finish(replace(draft, fields={**draft.fields, **changes}, why=why))

    def get(self, record: str) -> Record:
        """Return a record as this laptop has it."""
        stored_record = self.opened.store.get(record)
        assert stored_record is not None
        return stored_record

    def states(self) -> dict[str, tuple[Any, ...]]:
        """Return, for every contact, all that must be the same on every laptop."""
        return {
            record.record: (
                record.fields,
                record.conflicts,
                record.heads,
                record.withdrawn,
                record.disputed,
                record.versions,
            )
            for record in self.opened.store.records_of("contact")
        }

    def seats(self) -> dict[str, tuple[int, str]]:
        """Return each seat's last link on this laptop."""
        return {seat: (link.number, link.digest) for seat, link in self.opened.store.have().items()}

    def findings(self) -> list[str]:
        """Return what ``doctor`` finds."""
        return [finding.problem for finding in examine(self.opened.store).findings]

    @property
    def folder(self) -> Path:
        """The folder with this person's files."""
        return self.home.files(self.home.people()[0].vault_id).folder

    def copy(self, to: Path) -> None:
        """Make a backup of the whole home, after closing the store."""
        self.close()
        shutil.copytree(self.home.path, to)

    def put_back(self, copy: Path, *, anchor: bool) -> None:
        """Restore the store from a backup; with ``anchor`` restore the anchor file too."""
        self.close()
        old = Station(copy).folder
        for file in self.folder.glob("store.db*"):
            file.unlink()
        shutil.copy2(old / "store.db", self.folder / "store.db")
        if anchor:
            shutil.copy2(old / "anchor", self.folder / "anchor")


def write_anyway(
    laptop: Station, kind: str, fields: dict[str, Any], *, record: str = "", action: Action = "finish"
) -> Revision:
    """Sign a revision that this program would refuse, as another program might."""
    store = laptop.opened.store
    known, signed = store.get(record), store.all_revisions(record)  # for unreadable records, the envelopes are here
    with store.write() as unit:
        return unit.append(
            record=record or f"{store.seat.seat}-{store.have().get(store.seat.seat, NO_LINK).number}",
            kind=kind,
            action=action,
            fields=fields,
            changed=sorted(fields) if action in ("finish", "amend") else [],
            parents=known.heads if known else [revision.digest for revision in signed[-1:]],
            why="" if action == "finish" else "For mischief.",
        )


def council_seats(council: CouncilServer) -> dict[str, tuple[int, str]]:
    """Return each seat's last link at the council."""
    with council.admin.store.reading() as connection:
        return {seat: (link.number, link.digest) for seat, link in chains(connection).items()}


def council_well(council: CouncilServer) -> None:
    """Check that the council's ``doctor`` finds nothing except evidence of refused revisions."""
    examined = examine_council(council.admin)
    assert examined.seats == council_seats(council)
    assert [
        finding for finding in examined.findings if not finding.what.startswith("Something came that was not taken")
    ] == []


def told_true(station: Station, council: CouncilServer) -> None:
    """Check that laptop and council agree, and that every contact shown as sent is at the council with a receipt."""
    store = station.opened.store
    theirs = council_seats(council)
    for seat in store.own_seats():
        number = theirs.get(seat, (0, ""))[0]
        ours = store.chain(seat, after=number - 1, limit=1) if number else []
        if ours:
            assert ours[0].digest == theirs[seat][1]
    own = store.seat.seat
    for record in store.records_of("contact"):
        if record.own_number and record.state == "sent":
            assert record.own_number <= theirs.get(own, (0, ""))[0]
            assert all(store.receipt(digest) for digest in record.heads if _own(station, digest))


def _own(station: Station, digest: str) -> bool:
    revision = station.opened.store.revision(digest)
    return revision is not None and revision.envelope.seat in station.opened.store.own_seats()
