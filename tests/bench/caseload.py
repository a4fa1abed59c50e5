"""A real laptop's home with a store of a hundred thousand contacts, made once and kept for the next run.

Ten invented years of an on-call log by ``resources.demo.history`` over 60 children and 50 households, a tenth of the contacts
each, then people nobody rings about until there are 500 of each kind, 500 actions of which 40 are open, and what the nights left
behind (``night``). The last night is that of 31 December 2016, when 12 of the children are placed. Must not be read by the program.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.laptop import OpenStore, make_vault
from hipss_desktop.records.changes import changed_units
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.ports import Store
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.sheets.import_plan import NewRow, plan
from hipss_desktop.sheets.names import Names
from resources.demo.history import Caseload, year_log
from tests.bench.night import NOW, append, clock, load_nights

PASSPHRASE = "kettle marble otter Thursday"
YEARS = 10
PEOPLE = 500
"""Of each kind: children, households, colleagues, actions."""
PLACED = 12
"""Children who are placed on the last night; such a service has eight to ten."""
OPEN_ACTIONS = 40
BATCH = 1000
CONTACTS_TO_AN_INCIDENT = 50
"""Of so many contacts one leads to an incident; of all but some seventy everybody was told."""
MADE = "made.json"


@dataclass(frozen=True)
class BenchStore:
    """A store that was made: where, whose, its key, and how many contacts it holds."""

    home: Path
    vault: str
    key: bytes
    contacts: int

    @contextmanager
    def opened(self) -> Iterator[OpenStore]:
        """The store, open, and shut as a lock does."""
        home = Home(self.home)
        opened = OpenStore(home, self.vault, home.hold(self.vault), self.key, clock)
        try:
            yield opened
        finally:
            opened.close()


def existing_or_new_store(folder: Path, contacts: int) -> BenchStore:
    """The store in a folder; made where the folder holds none of this size."""
    folder = folder / f"contacts-{contacts}"
    note = folder / MADE
    if not note.exists():
        details = _make(folder / "home", contacts)
        note.write_text(json.dumps(details))
    saved_details = json.loads(note.read_text())
    return BenchStore(folder / "home", saved_details["vault"], bytes.fromhex(saved_details["key"]), contacts)


def _make(folder: Path, contacts: int) -> dict[str, str]:
    new = make_vault(
        Home(folder), name="A. Bevan", role="manager", passphrase=PASSPHRASE, laptop="HIPSS-LT-04", clock=clock,
        keyring=False, cost=lambda: Cost(FLOOR_KIB),
    )  # fmt: skip
    opened = new.opened
    try:
        load_people(opened.store, a_year(YEARS - 1, contacts))
        names = contact_names(opened.store)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as reader:
            for rows in reader.map(read_year, range(YEARS), repeat(contacts), repeat(names)):
                load_contacts(opened.store, rows)
        _more_people(opened.store)
        _actions(opened.store)
        load_nights(opened.store, settled=contacts // CONTACTS_TO_AN_INCIDENT)
        with opened.store.write() as unit:
            unit.set(StoreSetting.ROLE, "on_call")
    finally:
        opened.close()
    return {"vault": opened.vault_id, "key": opened.key.hex()}


def load_people(store: Store, year: Caseload) -> None:
    """Import a year's sheets, all but its log."""
    for kind, whole in year.sheets.items():
        text = _placed(whole) if kind == "placement" else whole
        with store.write() as unit:
            unit.set(StoreSetting.ROLE, "supervising" if kind == "carer" else "manager")
        done = import_sheet(store, kind, text, clock=clock)
        assert not done.problems, (kind, len(done.problems))


def _placed(sheet: str) -> str:
    """The placements that have ended, and of those that go on the first few children's."""
    rows = list(csv.DictReader(io.StringIO(sheet)))
    child, ends = (KINDS["placement"].by_name[name].label for name in ("child", "end"))
    children = sorted({row[child] for row in rows})[:PLACED]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(row for row in rows if row[ends] or row[child] in children)
    return out.getvalue()


def contact_names(store: Store) -> Names:
    """What children and households are called in a log."""
    names = Names()
    for kind in ("child", "carer"):
        for record in store.records_of(kind):
            names.add(KINDS[kind], record.record, record.fields)
    return names


def a_year(number: int, contacts: int) -> Caseload:
    """One of the years, numbered from 0; the people are the same in all of them."""
    start = date(NOW.year - YEARS + 1 + number, 1, 1)
    return year_log(7, contacts=contacts // YEARS, children=60, households=50, start=start)


def read_year(number: int, contacts: int, names: Names) -> list[NewRow]:
    """A year's log, read as an import reads it."""
    return plan(KINDS["contact"], a_year(number, contacts).log, names=names, held=(), now=clock()).new


def load_contacts(store: Store, rows: Sequence[NewRow]) -> None:
    """Finish every contact, as an import does but for looking whether each is here already."""
    kind = KINDS["contact"]
    for start in range(0, len(rows), BATCH):
        with store.write() as unit:
            for row in rows[start : start + BATCH]:
                unit.append(
                    record=row.record, kind="contact", action="finish", fields=row.fields,
                    changed=changed_units(kind, {}, row.fields), parents=(),
                )  # fmt: skip


def _more_people(store: Store) -> None:
    """People whom nobody rings about, until there are enough of each kind; names repeat as names do."""
    given_names = sorted({str(record.fields.get("given_name")) for record in store.records_of("child")})
    family_names = sorted({str(record.fields.get("family_name")) for record in store.records_of("child")})

    def name(number: int) -> tuple[str, str]:
        return given_names[number % len(given_names)], family_names[
            (number * 7 + number // len(given_names)) % len(family_names)
        ]

    missing = {kind: PEOPLE - store.count(kind) for kind in ("child", "carer", "practitioner")}
    append(
        store, "child",
        ({"given_name": name(number)[0], "family_name": name(number)[1], "local_id": f"HIPSS-{1000 + number}",
          "born": f"{2000 + number % 9}-0{1 + number % 9}-11"} for number in range(missing["child"])),
    )  # fmt: skip
    append(
        store, "carer",
        ({"members": [{"id": "01", "given_name": name(number + 5)[0], "family_name": name(number + 3)[1], "relation": "carer",
                       "phone": f"07700 900{number % 1000:03}"}],
          "phones": [{"id": "01", "number": f"01632 960{number % 1000:03}"}]} for number in range(missing["carer"])),
    )  # fmt: skip
    append(
        store, "practitioner",
        ({"name": f"{name(number)[0]} {name(number + 11)[1]}", "role": "on_call", "phone": f"07700 900{number % 1000:03}"}
         for number in range(missing["practitioner"])),
    )  # fmt: skip


def _actions(store: Store) -> None:
    """Follow-ups of the newest contacts; all but a few were done."""

    def rows() -> Iterator[dict[str, Any]]:
        for place, contact in enumerate(store.records_of("contact", limit=PEOPLE)):
            at = times.stamp(datetime.fromtimestamp(contact.at / 1000 + 3600, UTC))
            about = next(iter(contact.fields.get("children") or []), "")
            fields = {"what": "Ring the school in the morning", "due": at, "owner": "A. Bevan", "child": about,
                      "from_contact": contact.record, "state": "open"}  # fmt: skip
            if place >= OPEN_ACTIONS:
                fields |= {"state": "done", "closed_at": at}
            yield {key: value for key, value in fields.items() if value}

    append(store, "action", rows())
