"""A laptop's side of the protocol, for tests: keys, a chain, and the requests, without automatic retries."""

import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx2
import msgspec
from joserfc.jwk import OKPKey

from hipss_desktop.identity import record_id
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.chain import NO_LINK, Have, Link, link_of
from hipss_desktop.records.changes import changed_units
from hipss_desktop.records.revision import (
    Action,
    Envelope,
    Revision,
    body_bytes,
    body_digest,
    new_salt,
    signed,
)
from sync.wire import codes
from sync.wire.messages import (
    ASSERTION_TYPE,
    AUDIENCE,
    CLIENT_ASSERTION,
    ENROL_PATH,
    HAVE_PATH,
    LOOK_PATH,
    OFFER_TYPE,
    PULL_PATH,
    PUSH_PATH,
    RECEIPT_TYPE,
    TOKEN_PATH,
    Assertion,
    Enrol,
    Enrolled,
    EnrolmentOffer,
    HaveAnswer,
    HaveAsked,
    Look,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    Receipt,
    Refusal,
    Signed,
    Token,
    WireRevision,
    to_wire,
)
from sync.wire.tokens import enrolment_proof, public_key, public_x, read_statement, statement

Answer = TypeVar("Answer")


class Refused(Exception):
    """The council's refusal, with its HTTP status."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(f"{status} {refusal.code}: {refusal.detail}")
        self.status = status
        self.refusal = refusal


_lines: dict[str, httpx2.Client] = {}


def line_to(url: str) -> httpx2.Client:
    """Return the HTTP client that all laptops of a test share for one council."""
    if url not in _lines:
        _lines[url] = httpx2.Client(base_url=url, timeout=30, trust_env=False)
    return _lines[url]


def hang_up(url: str) -> None:
    """Close the HTTP client of a council that stops."""
    if url in _lines:
        _lines.pop(url).close()


class Laptop:
    """One seat that talks to one council."""

    def __init__(self, url: str, *, person: str = "", continues: str = "") -> None:
        self.url = url
        self.key = OKPKey.generate_key("Ed25519")
        self.wire_key = OKPKey.generate_key("Ed25519")
        self.seat, self.device = record_id(), record_id()
        self.person = person or record_id()
        self.continues = continues
        self.chain: list[Revision] = []
        self.offer: EnrolmentOffer | None = None
        self.certificate: WireRevision | None = None
        self.token = ""

    @property
    def http(self) -> httpx2.Client:
        """The connection to the council."""
        return line_to(self.url)

    # --- joining ---

    def look(self, code: str) -> EnrolmentOffer:
        """Show a code and check the council against its fingerprint."""
        secret, fingerprint = codes.read(code)
        answer = self.post(LOOK_PATH, Look(secret), Signed)
        payload = answer.jws.split(".")[1]
        from joserfc.util import urlsafe_b64decode

        claimed = msgspec.json.decode(urlsafe_b64decode(payload.encode()), type=EnrolmentOffer)
        assert codes.fingerprint(claimed.key) == fingerprint
        self.offer = read_statement(answer.jws, OFFER_TYPE, public_key(claimed.key), EnrolmentOffer)
        return self.offer

    def enrol_request(self, code: str, **changes: str) -> Enrol:
        """Return the request that enrols this seat."""
        secret = codes.read(code)[0]
        request = Enrol(
            code=secret,
            seat=self.seat,
            person=self.person,
            device=self.device,
            laptop="On-call laptop 1",
            key=public_x(self.key),
            wire_key=public_x(self.wire_key),
            proof=enrolment_proof(secret, self.key),
            deposit="ABCDE-FGHJK",
            continues=self.continues,
        )
        return msgspec.structs.replace(request, **changes)

    def enrol(self, code: str) -> WireRevision:
        """Look at the council's offer, then enrol; return the certificate."""
        self.look(code)
        self.certificate = self.post(ENROL_PATH, self.enrol_request(code), Enrolled).certificate
        return self.certificate

    # --- asking ---

    def assertion(self, **changes: Any) -> str:
        """Return a new client assertion."""
        now = time.time()
        claims = Assertion(self.seat, self.seat, AUDIENCE, secrets.token_urlsafe(12), now, now + 120)
        return statement(msgspec.structs.replace(claims, **changes), ASSERTION_TYPE, self.wire_key)

    def ask_token(self, assertion: str = "", **more: str) -> Token:
        """Exchange an assertion for a token."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": CLIENT_ASSERTION,
            "client_assertion": assertion or self.assertion(),
            **more,
        }
        token = _read(self.http.post(TOKEN_PATH, data=form), Token)
        self.token = token.access_token
        return token

    def post(self, path: str, message: Any, answer: type[Answer]) -> Answer:
        """Send one request and return the decoded answer."""
        headers = {"content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        return _read(self.http.post(path, content=msgspec.json.encode(message), headers=headers), answer)

    def have(self, seen: Link = NO_LINK) -> HaveAnswer:
        """Ask what the council has; ``seen`` is the last link of the council's own chain that this laptop claims to have."""
        return self.post(HAVE_PATH, HaveAsked(seen), HaveAnswer)

    def push(self, *revisions: Revision, seat: str = "") -> PushAnswer:
        """Push revisions unchanged."""
        return self.push_wired([to_wire(revision) for revision in revisions], seat)

    def push_wired(self, revisions: list[WireRevision], seat: str = "") -> PushAnswer:
        """Push revisions in the form in which they are sent."""
        return self.post(PUSH_PATH, Push(seat or self.seat, revisions), PushAnswer)

    def receipt(self, answer: PushAnswer) -> Receipt:
        """Return the receipt, verified with the council's pinned key."""
        assert self.offer is not None
        return read_statement(answer.receipt, RECEIPT_TYPE, public_key(self.offer.key), Receipt)

    def pull(self, have: Have | None = None, **more: Any) -> PullAnswer:
        """Send one pull request."""
        return self.post(PULL_PATH, Pull(have or {}, **more), PullAnswer)

    def pull_all(self) -> list[WireRevision]:
        """Pull everything, from the first link of every seat."""
        from sync.wire.messages import from_wire

        have: Have = {}
        revisions: list[WireRevision] = []
        while True:
            answer = self.pull(have)
            revisions += answer.revisions
            for revision in map(from_wire, answer.revisions):
                have[revision.envelope.seat] = link_of(revision)
            if not answer.more:
                return revisions

    # --- writing ---

    def write(
        self,
        kind: str = "contact",
        fields: dict[str, Any] | None = None,
        *,
        record: str = "",
        parents: list[Revision] | None = None,
        action: Action = "finish",
        body: bytes | None = None,
        change: Callable[[Envelope], Envelope] = lambda envelope: envelope,
    ) -> Revision:
        """Sign the next revision of this seat's chain."""
        fields = fields if fields is not None else {"happening": "Rang about supper.", "risk": "low"}
        known = KINDS.get(kind)
        changed = changed_units(known, {}, fields) if known else sorted(fields)
        body = body if body is not None else body_bytes(fields, changed)
        salt = new_salt()
        last = self.chain[-1] if self.chain else None
        envelope = Envelope(
            record=record or record_id(),
            kind=kind,
            schema=known.version if known else 1,
            parents=sorted(parent.digest for parent in parents or []),
            author=self.person,
            device=self.device,
            seat=self.seat,
            number=last.envelope.number + 1 if last else 1,
            previous=last.digest if last else None,
            clock="2017-03-14T02:16:41.000+00:00",
            action=action,
            body=body_digest(salt, body),
        )
        revision = signed(change(envelope), self.key, salt, body)
        self.chain.append(revision)
        return revision


def _read(response: httpx2.Response, answer: type[Answer]) -> Answer:
    if response.status_code != 200:
        raise Refused(response.status_code, msgspec.json.decode(response.content, type=Refusal))
    return msgspec.json.decode(response.content, type=answer)
