"""Every reader of bytes, on both ends, takes them or says in one sentence why not: no other error, whatever stands in them.

The files of a laptop and of a council, the settings of a store, what travels and what people hand in are read with pieces cut,
flipped and put in. ``--long`` tries a hundred times as many.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from db.anchor import Anchor, AnchorFile
from db.home import DutyNumber, Home, Laptop, PersonOnLaptop
from db.slots import FLOOR_KIB, Cost, Header, decode_header, encode_header, key_check, passphrase_slot
from db.store import LaptopStore
from db.unit import DraftContent
from db.unlock_throttle import UnlockThrottle
from hipss_desktop.cli.context import object_in
from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.chain import Link
from hipss_desktop.records.revision import ALGORITHM, TYPE, Revision, body_bytes, opened
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.unfinished import work_elsewhere, work_here
from hipss_desktop.sheets.content import sheet_in
from hipss_desktop.views.drafts import read_drafts
from hipss_desktop.views.services import Services
from sync.client.https import HttpsCouncil
from sync.council.access import Access
from sync.council.home import Home as CouncilHome
from sync.council.home import create
from sync.wire import codes
from sync.wire.messages import (
    ACCESS_TYPE,
    DEPOSIT_PATH,
    HAVE_PATH,
    LOOK_PATH,
    PULL_PATH,
    PUSH_PATH,
    TOKEN_PATH,
    UNFINISHED_PATH,
    Deposit,
    Deposited,
    HaveAnswer,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    PushResult,
    Refusal,
    Signed,
    Token,
    UnfinishedAnswer,
    UnfinishedHere,
    WireRevision,
    from_wire,
    to_wire,
)
from sync.wire.tokens import read_statement
from tests.db.store.seats import OtherSeat, contact
from tests.helpers.changed_bytes import TRIED, TRIED_LONG, Reader, text, try_changed
from tests.helpers.store_fixtures import NIGHT, SetClock, make_store
from ui.shell.screens import call_runs, reopened


class Answering:
    """A server in the council's place that answers each path with what it is told."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.date = b""
        place = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                status, body = place.answers[self.path]
                dated = b"date: " + place.date + b"\r\n" if place.date else b""
                self.wfile.write(
                    b"HTTP/1.0 %d Told\r\n%scontent-length: %d\r\n\r\n" % (status, dated, len(body)) + body
                )

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002  the name that http.server calls
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


def signing_readers() -> Mapping[str, Reader]:
    """What is signed: the payload and the header are changed before they are signed, for an insider holds a key."""
    key, revision = OKPKey.generate_key("Ed25519"), OtherSeat().sign(contact())
    salt, body = revision.salt or b"", revision.body or b""
    envelope = jws.extract_compact(revision.jws.encode()).payload
    header = {"alg": ALGORITHM, "kid": revision.envelope.seat, "typ": TYPE}

    def signed_payload(payload: bytes) -> object:
        return opened(jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM]), salt, body)

    def signed_body(content: bytes) -> object:
        held = Revision(revision.digest, revision.jws, revision.envelope, salt, content).content()
        if held is None:
            return None
        return [
            (kind.read(held.fields), kind.unreadable(held.fields), kind.title(held.fields)) for kind in KINDS.values()
        ]

    def statement(payload: bytes) -> object:
        compact = jws.serialize_compact({"alg": ALGORITHM, "typ": ACCESS_TYPE}, payload, key, algorithms=[ALGORITHM])
        return read_statement(compact, ACCESS_TYPE, key, Access)

    access = msgspec.json.encode(Access("seat", 1, 2, "id"))
    wired = msgspec.json.encode(to_wire(revision))
    compact = jws.serialize_compact({"alg": ALGORITHM, "typ": ACCESS_TYPE}, access, key, algorithms=[ALGORITHM])

    def wire_revision_read(content: bytes) -> object:
        try:
            return from_wire(decoded(content, WireRevision))
        except NotReadable:  # both ends catch it for the whole message
            return None

    return {
        "a revision's payload": Reader((envelope,), signed_payload),
        "a revision as it was signed": Reader(
            (revision.jws.encode(),), lambda changed_bytes: opened(text(changed_bytes), salt, body)
        ),
        "a revision that travels": Reader((wired,), wire_revision_read),
        "a body": Reader((body, body_bytes({"happening": [{"id": "1", "text": "a"}]}, [])), signed_body),
        "a statement's payload": Reader((access,), statement),
        "a statement": Reader(
            (compact.encode(),), lambda changed_bytes: read_statement(text(changed_bytes), ACCESS_TYPE, key, Access)
        ),
        "a one-time code": Reader(
            (codes.written(codes.new_secret(), "x" * 43).encode(),),
            lambda changed_bytes: codes.read(text(changed_bytes)),
        ),
    }


def file_readers(folder: Path) -> Mapping[str, Reader]:
    """The files of a laptop and of a council."""
    home = Home(folder / "home")
    home.save_laptop(Laptop("HIPSS-LT-04", duty_numbers=(DutyNumber("Duty", "01632 960174"),), window=(1, 2, 800, 600)))
    with home.new_person("A. Bevan", "on_call") as (vault_id, _):
        pass
    home.save_person(PersonOnLaptop(vault_id, "A. Bevan", "on_call", datetime(2017, 3, 14, 8, 30, tzinfo=UTC)))
    files = home.files(vault_id)
    key, vault = secrets.token_bytes(32), "0" * 32
    slot = passphrase_slot(vault, key, b"herons", Cost(FLOOR_KIB), entry=1, keyring_secret=None)
    anchor_path, tries_path = folder / "anchor", folder / "tries.json"
    anchor_file = AnchorFile(anchor_path)
    anchor_file.write("seat", 7, secrets.token_bytes(32))
    anchor_file.close()
    tries = UnlockThrottle(tries_path, SetClock(NIGHT))
    tries.spend()
    create(folder / "council", "Test council")
    CouncilHome(folder / "council").store_key()
    CouncilHome(folder / "council").write_anchor(Link(1, "0" * 64))

    def in_file(path: Path, read: Callable[[], object]) -> Reader:
        def read_changed(content: bytes) -> object:
            path.write_bytes(content)
            return read()

        return Reader((path.read_bytes(),), read_changed)

    def line_of_an_anchor(content: bytes) -> object:
        try:
            return Anchor.of_text(text(content))
        except ValueError:  # as it says
            return None

    def council(part: str) -> Callable[[], object]:
        def read() -> object:
            value = getattr(CouncilHome(folder / "council"), part)
            return value() if callable(value) else value

        return read

    return {
        "laptop.json": in_file(home.path / "laptop.json", home.laptop),
        "a person's file": in_file(files.person, home.people),
        "header.json": Reader((encode_header(Header(vault, key_check(vault, key), (slot,))),), decode_header),
        "the anchor": in_file(anchor_path, anchor_file.read),
        "the anchor's copy": Reader((Anchor("seat", 7, bytes(32)).text().encode(),), line_of_an_anchor),
        "tries.json": in_file(tries_path, tries.check),
        "anchor.json": in_file(folder / "council" / "anchor.json", council("anchor")),
        "council.json": in_file(folder / "council" / "council.json", council("settings")),
        "signing.key": in_file(folder / "council" / "signing.key", council("key")),
        "store.key": in_file(folder / "council" / "store.key", council("store_key")),
        "keys.json": in_file(folder / "council" / "keys.json", CouncilHome(folder / "council").keys.read),
    }


def stored_readers(store: LaptopStore, clock: SetClock) -> Mapping[str, Reader]:
    """The settings of a store. Its other tables hold what the program itself wrote, and SQLCipher verifies every page."""
    services = Services(store, clock)

    def setting(name: str, read: Callable[[], object], *samples: bytes) -> Reader:
        def setting_read(content: bytes) -> object:
            with store.write() as unit:
                unit.set(name, text(content))
            return read()

        return Reader(samples, setting_read)

    with store.write() as unit:
        services.sittings.note(unit)
    unfinished_work = {
        "reports": [
            {
                "seat": "s",
                "person": "p",
                "name": "K. Adeyemi",
                "laptop": "LT-2",
                "at": "2017-03-14T02:00:00+00:00",
                "drafts": [
                    {
                        "record": "r",
                        "kind": "contact",
                        "subjects": ["c"],
                        "began": "2017-03-14T01:00:00+00:00",
                        "touched": "2017-03-14T01:30:00+00:00",
                    }
                ],
            }
        ]
    }  # fmt: skip  one report a line
    page = msgspec.json.encode({"place": "record.read", "record": "0199c0de", "asked": ["", ""]})
    records = services.records
    draft = records.new_draft("contact", {**contact(), "follow_ups": [{"id": "1", "what": "Ring back"}]})
    begun = DraftContent(dict(draft.fields), began=draft.began, call={"stage": "2"}, unseen=["0" * 64])

    def drafts_read(content: bytes) -> object:
        with store.write() as unit:
            unit.put_draft(draft)
        with store.storage.writing() as connection:
            connection.exec_driver_sql("UPDATE draft SET content = ? WHERE record = ?", (text(content), draft.record))
        read = store.draft(draft.record)
        return [
            (
                records.problems(stored_draft),
                call_runs(stored_draft),
                KINDS[stored_draft.kind].title(stored_draft.fields),
            )
            for stored_draft in (*store.drafts(), read)
            if stored_draft
        ] + [work_here(store), read_drafts(services)]

    return {
        "a draft": Reader((msgspec.json.encode(begun),), drafts_read),
        "the sittings": setting(
            StoreSetting.SINCE, services.sittings.before, store.setting(StoreSetting.SINCE).encode()
        ),
        "the open page": setting(StoreSetting.OPEN_PAGE, lambda: reopened(services), page),
        "work elsewhere": setting(
            StoreSetting.UNFINISHED, lambda: work_elsewhere(store), msgspec.json.encode(unfinished_work)
        ),
    }


def handed_in_readers(folder: Path, store: LaptopStore, clock: SetClock) -> Mapping[str, Reader]:
    """What people hand in: sheets, and JSON for the command line."""
    file = folder / "record.json"

    def command(content: bytes) -> object:
        file.write_bytes(content)
        return object_in(str(file), "the answers")

    def sheet(kind: str) -> Callable[[bytes], object]:
        return lambda content: import_sheet(
            store, kind, sheet_in(content, KINDS[kind]).content, clock=clock, dry_run=True
        )

    children = b"First name,Last name,Service number,Born\nKai,Moss,HIPSS-017,01/02/2004\n"
    return {
        "JSON for the command line": Reader((msgspec.json.encode(contact()),), command),
        "a sheet of children": Reader((children, children.decode().encode("utf-16")), sheet("child")),
        "a sheet of calls": Reader(
            (b'Told;Caller;What is happening\n14/03/2017 02:14;Jo Preece;"Shouting,\nmore"\n',), sheet("contact")
        ),
    }


def answer_readers(server: Answering) -> Mapping[str, Reader]:
    """What answers in the council's place, by each question of the wire."""
    key, revision = OKPKey.generate_key("Ed25519"), OtherSeat().sign(contact())
    token = msgspec.json.encode(Token("token", 600))
    refusal = msgspec.json.encode(Refusal("unavailable", "Later."))
    good: Mapping[str, bytes] = {
        TOKEN_PATH: token,
        LOOK_PATH: msgspec.json.encode(Signed("jws")),
        HAVE_PATH: msgspec.json.encode(HaveAnswer({"seat": Link(1, "0" * 64)})),
        PUSH_PATH: msgspec.json.encode(PushAnswer([PushResult("0" * 64, "stored")], "jws")),
        PULL_PATH: msgspec.json.encode(PullAnswer([to_wire(revision)])),
        UNFINISHED_PATH: msgspec.json.encode(UnfinishedAnswer([])),
        DEPOSIT_PATH: msgspec.json.encode(Deposited("seat")),
    }
    requests: Mapping[str, Callable[[HttpsCouncil], object]] = {
        TOKEN_PATH: lambda council: council.have(),
        LOOK_PATH: lambda council: council.look("secret"),
        HAVE_PATH: lambda council: council.have(),
        PUSH_PATH: lambda council: council.push(Push("seat", [to_wire(revision)])),
        PULL_PATH: lambda council: council.pull(Pull({}, [])),
        UNFINISHED_PATH: lambda council: council.unfinished(UnfinishedHere([])),
        DEPOSIT_PATH: lambda council: council.deposit(Deposit("key")),
    }

    def reader(path: str, status: int, sample: bytes) -> Reader:
        def ask(content: bytes) -> object:
            server.answers = {**{name: (200, body) for name, body in good.items()}, path: (status, content)}
            council = HttpsCouncil(server.url, seat="seat", wire_key=key)
            try:
                return requests[path](council)
            finally:
                council.close()

        return Reader((sample,), ask, refuses=status >= 400)

    def dated(content: bytes) -> object:
        server.answers = {name: (200, body) for name, body in good.items()}
        server.date = content.translate(None, b"\r\n\x00")
        council = HttpsCouncil(server.url, seat="seat", wire_key=key)
        try:
            council.have()
            return council.clock_difference()
        finally:
            council.close()
            server.date = b""

    return {
        **{f"an answer of {path}": reader(path, 200, body) for path, body in good.items()},
        "a refusal": reader(PUSH_PATH, 409, refusal),
        "a failure": reader(PUSH_PATH, 503, refusal),
        "an answer's date": Reader(
            (b"Tue, 14 Mar 2017 02:14:00 GMT", b"Fri, 31 Dec 9999 23:59:59 -2359", b"Mon, 1 Jan 0001 00:00:00 +2359"),
            dated,
        ),
    }


NAMES = (
    "a revision's payload",
    "a revision as it was signed",
    "a revision that travels",
    "a body",
    "a statement's payload",
    "a statement",
    "a one-time code",
    "laptop.json",
    "a person's file",
    "header.json",
    "the anchor",
    "the anchor's copy",
    "tries.json",
    "anchor.json",
    "council.json",
    "signing.key",
    "store.key",
    "keys.json",
    "a draft",
    "the sittings",
    "the open page",
    "work elsewhere",
    "JSON for the command line",
    "a sheet of children",
    "a sheet of calls",
    f"an answer of {TOKEN_PATH}",
    f"an answer of {LOOK_PATH}",
    f"an answer of {HAVE_PATH}",
    f"an answer of {PUSH_PATH}",
    f"an answer of {PULL_PATH}",
    f"an answer of {UNFINISHED_PATH}",
    f"an answer of {DEPOSIT_PATH}",
    "a refusal",
    "a failure",
    "an answer's date",
)


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Reader]]:
    """Every reader by its name."""
    folder, clock, server = tmp_path_factory.mktemp("changed"), SetClock(NIGHT), Answering()
    store = make_store(folder / "laptop", clock, role="manager")
    every = {
        **signing_readers(),
        **file_readers(folder),
        **stored_readers(store, clock),
        **handed_in_readers(folder, store, clock),
        **answer_readers(server),
    }
    assert sorted(every) == sorted(NAMES)
    yield every
    server.close()
    store.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_takes_changed_bytes_or_says_why_not(readers: Mapping[str, Reader], name: str) -> None:
    try_changed(readers[name], TRIED)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_a_reader_takes_many_changed_bytes_or_says_why_not(readers: Mapping[str, Reader], name: str) -> None:
    try_changed(readers[name], TRIED_LONG)
