"""The one definition of what travels between a laptop and the council; both ends import it and nothing else of the other.

All times are ISO 8601 with offset. Every statement the council makes is a JWS under its pinned Ed25519 key, so a proxy
that inspects TLS can forge nothing. Must not know Qt, SQL or HTTP.
"""

from typing import Annotated, Any, Literal

import msgspec
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from hipss_desktop.errors import Tampered
from hipss_desktop.records.chain import NO_LINK, Have, Link
from hipss_desktop.records.revision import LARGEST_BODY, LARGEST_NUMBER, Revision, opened

PROTOCOL = 1
"""Sent by both sides; a council answers 426 to one it does not speak, and the laptop goes on working offline."""

PROTOCOL_HEADER = "hipss-protocol"
"""The request header that says which protocol a laptop speaks; a request without it is taken to speak this one."""

NONCE_HEADER = "hipss-nonce"
"""The request header that asks for a signed answer: up to ``LONGEST_NONCE`` printable characters that were never used."""

ANSWER_HEADER = "hipss-answer"
"""The response header with the council's statement of what it answered (``AnswerMark``)."""

SUCCESSION_HEADER = "hipss-new-keys"
"""The response header of a council whose key is not its first: base64url of the JSON of its successions, the oldest first."""

LONGEST_NONCE = 128

LARGEST_BATCH = 500
"""Revisions in one push or pull."""

MOST_UNFINISHED = 200
"""Drafts in one report, and people of one draft: the newest."""

LARGEST_REQUEST = 4 * 1024 * 1024
"""Bytes in one request; a batch is cut where it would grow past this. Holds at least one revision of the largest body."""

TOKEN_PATH = "/v1/token"
LOOK_PATH = "/v1/enrol/look"
ENROL_PATH = "/v1/enrol"
HAVE_PATH = "/v1/have"
PUSH_PATH = "/v1/push"
PULL_PATH = "/v1/pull"
UNFINISHED_PATH = "/v1/unfinished"
DEPOSIT_PATH = "/v1/deposit"
HEALTH_PATH = "/v1/health"

RECEIPT_TYPE = "hipss-receipt"
OFFER_TYPE = "hipss-council-letter"
ANSWER_TYPE = "hipss-answer"
ASSERTION_TYPE = "client-authentication+jwt"
ACCESS_TYPE = "at+jwt"

AUDIENCE = "hipss-council"
"""What a client assertion names as its reader, wherever the council is reached."""

CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""``client_assertion_type`` (RFC 7523 section 2.2)."""

Outcome = Literal["stored", "known", "held"]


class WireRevision(msgspec.Struct, frozen=True, omit_defaults=True):
    """A revision on the wire: the JWS as signed; the body's exact text and its salt (base64url), or neither.

    Without body: erased, held back by the council, or not for this reader's role. The chain still verifies.
    """

    jws: str
    body: str | None = None
    salt: str | None = None


class Look(msgspec.Struct, frozen=True):
    """Step one of enrolment: show the code, use nothing up. ``code`` is the secret half only, normalised."""

    code: str


class Succession(msgspec.Struct, frozen=True):
    """That the council's key ``former`` (``x``) named the next one: the order in the council's chain, the last it signed."""

    former: str
    order: WireRevision


class EnrolmentOffer(msgspec.Struct, frozen=True):
    """What the council says of itself to a laptop that shows a good code (payload of a JWS, ``typ`` OFFER_TYPE).

    ``key`` is the public signing key (Ed25519 ``x``, base64url); the laptop checks it against the fingerprint in the code.
    ``person`` is the identifier that the invitation is for, "" when the laptop may bring its own. ``signs``: this council
    signs its answers, so that none without its mark is believed. ``successions`` lead from its first key to this one.
    """

    council: str
    key: str
    seat: str
    person: str
    name: str
    role: str
    expires: str
    signs: bool = False
    successions: list[Succession] = []


class AnswerMark(msgspec.Struct, frozen=True):
    """What the council says of one answer (payload of a JWS, ``typ`` ANSWER_TYPE), so that a line can alter or repeat none.

    Attributes:
        nonce: what the request asked with; so this answer is no earlier one.
        path: of the request.
        status: of the answer.
        digest: SHA-256 of the answer's body, hexadecimal.
        at: the council's clock.
        challenge: what the laptop's next proof names (``Assertion``).
    """

    nonce: str
    path: str
    status: int
    digest: str
    at: str
    challenge: str


class Signed(msgspec.Struct, frozen=True):
    """A council statement: one compact JWS."""

    jws: str


class Enrol(msgspec.Struct, frozen=True):
    """Step two, once the vault exists: certify this seat. The same request again gives the same certificate.

    ``key`` and ``wire_key`` are Ed25519 ``x`` values, base64url; ``proof`` is a JWS by the signing key over the code's
    SHA-256 (hexadecimal), so nobody enrols a key that is not theirs. ``deposit`` is the recovery key kept by the council.
    Without a code, the seat it continues speaks for it: ``voucher`` is that one's statement (``tokens.voucher``), and the
    proof is over the new seat's name in the code's place.
    """

    code: str
    seat: str
    person: str
    device: str
    laptop: str
    key: str
    wire_key: str
    proof: str
    deposit: str = ""
    continues: str = ""
    voucher: str = ""


class Enrolled(msgspec.Struct, frozen=True):
    """The seat's certificate, as the revision in the council's chain that it is."""

    certificate: WireRevision


class Deposit(msgspec.Struct, frozen=True):
    """The recovery key that the council is to keep for the seat, in place of any that it kept for it or for one before it."""

    recovery: str


class Deposited(msgspec.Struct, frozen=True):
    """That the key is kept, and for which seat."""

    seat: str


class Assertion(msgspec.Struct, frozen=True):
    """What a laptop signs with its wire key to get a token (payload of a JWS, ``typ`` ASSERTION_TYPE; RFC 7523 section 3).

    ``iss`` and ``sub`` are the seat, ``aud`` is AUDIENCE, ``iat`` and ``exp`` seconds since 1970 in the council's time
    and at most 300 apart, ``jti`` never used before. ``challenge`` is one of the last ten minutes from the council
    (``AnswerMark``), so that nobody can draw a proof for a later day; "" from a laptop that knows of none.
    """

    iss: str
    sub: str
    aud: str
    jti: str
    iat: float
    exp: float
    challenge: str = ""


class TokenRequest(msgspec.Struct, frozen=True):
    """The form that asks for a token; ``certificate`` is the JSON of the seat's certificate as a ``WireRevision``, for a
    council that lost it in a restore and knows it again by its own signature."""

    grant_type: str
    client_assertion_type: str
    client_assertion: str
    certificate: str = ""


class Token(msgspec.Struct, frozen=True):
    """An access token (RFC 6749 section 5.1) of the characters of RFC 6750 section 2.1; ``expires_in`` in seconds."""

    access_token: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._~+/=-]+$(?!\n)")]
    expires_in: int
    token_type: Literal["Bearer"] = "Bearer"


class HaveAsked(msgspec.Struct, frozen=True):
    """How far the laptop holds the council's own chain, as its exchange begins: a council that started again hears from it
    whether it was put back to an older state."""

    seen: Link = NO_LINK


class HaveAnswer(msgspec.Struct, frozen=True):
    """What the council holds of every seat's chain, and what it holds back of the asking seat's (digest to reason).

    ``lacking`` names up to a batch of revisions that the council has without their text (its store was restored and
    healed by a laptop that did not have it): a laptop that has one pushes it again, in any batch, and it is filled in.
    """

    have: Have
    held: dict[str, str] = {}
    protocol: int = PROTOCOL
    lacking: list[str] = []


class Push(msgspec.Struct, frozen=True):
    """Revisions of one seat, in chain order, the first being number ``have`` + 1 of what the council holds."""

    seat: str
    revisions: list[WireRevision]


class Receipt(msgspec.Struct, frozen=True):
    """What the council has of a seat (payload of a JWS, ``typ`` RECEIPT_TYPE): all up to ``number``, at ``digest``.

    ``digests`` names those of this batch, in order. ``at`` is the council's clock.
    """

    seat: str
    number: int
    digest: str
    digests: list[str]
    at: str


class PushResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one revision: stored now, known already, or held back with the reason in plain words."""

    digest: str
    outcome: Outcome
    why: str = ""


class PushAnswer(msgspec.Struct, frozen=True):
    """Every revision of the batch by name, and one signed receipt for the batch."""

    results: list[PushResult] = msgspec.field(name="fates")
    receipt: str


class Pull(msgspec.Struct, frozen=True):
    """What the laptop has; the council sends what it lacks, its own chain first. ``bodies``: digests it lacks the body of."""

    have: Have
    bodies: list[str] = []
    most: int = LARGEST_BATCH


class PullAnswer(msgspec.Struct, frozen=True):
    """Revisions in chain order, seat by seat; bodies asked for; how many more there are after these."""

    revisions: list[WireRevision]
    bodies: dict[str, WireRevision] = {}
    more: Annotated[int, msgspec.Meta(ge=0, lt=LARGEST_NUMBER)] = 0


Name = Annotated[str, msgspec.Meta(max_length=64)]
"""An identifier, the name of a kind or a time: never words that somebody typed."""


class UnfinishedWork(msgspec.Struct, frozen=True, omit_defaults=True):
    """A draft, of which nothing is told but that it is there: its kind, whom it is about, when it was begun and last touched.

    ``people`` are identifiers of the children, households and colleagues whom its fields name as those it is about.
    """

    kind: Name
    began: Name
    touched: Name
    people: Annotated[list[Name], msgspec.Meta(max_length=MOST_UNFINISHED)] = []


class UnfinishedHere(msgspec.Struct, frozen=True):
    """What lies unfinished on one laptop now; drafts themselves never travel."""

    drafts: Annotated[list[UnfinishedWork], msgspec.Meta(max_length=MOST_UNFINISHED)]


class UnfinishedReport(msgspec.Struct, frozen=True):
    """The newest report of one seat: whose it is, on which laptop, and when the council received it (its own clock)."""

    seat: str
    person: str
    name: str
    laptop: str
    at: str
    drafts: list[UnfinishedWork]


class UnfinishedAnswer(msgspec.Struct, frozen=True):
    """The newest report of each other seat, with the drafts of those kinds that the asking seat's role may read."""

    reports: list[UnfinishedReport]


class Refusal(msgspec.Struct, frozen=True):
    """A 4xx answer. ``code`` is for programs, ``detail`` is a sentence for people, ``have`` the council's last link.

    Codes: bad_request, too_large, too_fast, too_much, unknown_code, wrong_person, unauthorised, revoked, clock, protocol, gap,
    forked, not_authentic, unknown_seat; not_found, unavailable (503, 507: nothing was kept, try again), failed (a fault).
    """

    code: str
    detail: str
    have: Link | None = None
    more: dict[str, Any] = {}


def to_wire(revision: Revision) -> WireRevision:
    """A revision made ready for the wire."""
    if revision.body is None or revision.salt is None:
        return WireRevision(revision.jws)
    return WireRevision(revision.jws, revision.body.decode("utf-8"), urlsafe_b64encode(revision.salt).decode("ascii"))


def from_wire(wired: WireRevision) -> Revision:
    """Read a revision off the wire, its digest recomputed and its body checked against the envelope.

    Raises:
        Tampered: it is not what was signed, or it is larger than the wire carries.
    """
    try:
        body = None if wired.body is None else wired.body.encode("utf-8")
        salt = None if wired.salt is None else urlsafe_b64decode(wired.salt.encode("ascii"))
    except ValueError as wrong:
        raise Tampered("A record's text did not come as it was sent.") from wrong
    if body is not None and len(body) > LARGEST_BODY:
        raise Tampered("A record's text is larger than the wire carries.")
    return opened(wired.jws, salt, body)
