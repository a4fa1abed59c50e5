"""The messages between a laptop and the council; both sides import this module, and nothing else of each other.

All times are ISO 8601 with offset. The council signs every statement as a JWS with its pinned Ed25519 key, so a proxy that
inspects TLS can forge nothing. Must not know Qt, SQL or HTTP.
"""

from typing import Annotated, Any, Literal

import msgspec
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from hipss_desktop.errors import Tampered
from hipss_desktop.records.chain import NO_LINK, Have, Link
from hipss_desktop.records.revision import LARGEST_BODY, LARGEST_NUMBER, Revision, opened

PROTOCOL = 1
"""The version of the protocol, which both sides send.

A council answers 426 to a version that it does not support; the laptop can still be used offline.
"""

PROTOCOL_HEADER = "hipss-protocol"
"""The request header with the laptop's version of the protocol; a request without it counts as this version."""

NONCE_HEADER = "hipss-nonce"
"""The request header that asks for a signed answer: up to ``LONGEST_NONCE`` printable characters, never used before."""

ANSWER_HEADER = "hipss-answer"
"""The response header with the council's signed statement of its answer (``AnswerMark``)."""

SUCCESSION_HEADER = "hipss-new-keys"
"""The response header of a council that has replaced its first key: base64url of the JSON of its successions, oldest first."""

LONGEST_NONCE = 128

LARGEST_BATCH = 500
"""Revisions in one push or pull."""

MOST_UNFINISHED = 200
"""The largest number of drafts in one report, and of people of one draft; the newest are reported."""

LARGEST_REQUEST = 4 * 1024 * 1024
"""Bytes in one request; a batch ends before it would exceed this. One revision with the largest body always fits."""

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
"""The audience of a client assertion, whatever the council's address is."""

CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""``client_assertion_type`` (RFC 7523 section 2.2)."""

Outcome = Literal["stored", "known", "held"]


class WireRevision(msgspec.Struct, frozen=True, omit_defaults=True):
    """A revision as it is sent: the JWS as signed; the body's exact text and its salt (base64url), or neither.

    A body is absent if it was erased, is held back by the council, or this reader's role may not read it. The chain can be
    verified without it.
    """

    jws: str
    body: str | None = None
    salt: str | None = None


class Look(msgspec.Struct, frozen=True):
    """Step one of enrolment: show the code, which stays unused. ``code`` is the secret part only, normalised."""

    code: str


class Succession(msgspec.Struct, frozen=True):
    """Proof that the council's key ``former`` (``x``) named the next key: the last order in the council's chain it signed."""

    former: str
    order: WireRevision


class EnrolmentOffer(msgspec.Struct, frozen=True):
    """The council's statement about itself for a laptop that shows a valid code (payload of a JWS, ``typ`` OFFER_TYPE).

    ``key`` is the public signing key (Ed25519 ``x``, base64url); the laptop checks it against the fingerprint in the code.
    ``person`` is the identifier of the invited person, "" if the laptop may choose one. ``signs``: this council signs its
    answers, so the laptop must not trust an unsigned one. ``successions`` lead from the council's first key to this one.
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
    """The council's statement about one answer (payload of a JWS, ``typ`` ANSWER_TYPE).

    With it, nobody on the line can change an answer or repeat an earlier one unnoticed.

    Attributes:
        nonce: the request's nonce, which proves that this is not an earlier answer.
        path: the request's path.
        status: the answer's status.
        digest: SHA-256 of the answer's body, hexadecimal.
        at: the council's time.
        challenge: the challenge for the laptop's next proof (``Assertion``).
    """

    nonce: str
    path: str
    status: int
    digest: str
    at: str
    challenge: str


class Signed(msgspec.Struct, frozen=True):
    """A statement that the council signed: one compact JWS."""

    jws: str


class Enrol(msgspec.Struct, frozen=True):
    """Step two of enrolment, once the vault exists: certify this seat. The same request again gives the same certificate.

    ``key`` and ``wire_key`` are Ed25519 ``x`` values, base64url. ``proof`` is a JWS by the signing key over the code's SHA-256
    (hexadecimal), so that nobody can enrol somebody else's key. ``deposit`` is the recovery key for the council to store. A seat
    without a code continues a former seat: ``voucher`` is the former seat's statement (``tokens.voucher``), and the proof is
    over the new seat's name instead of the code.
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
    """The seat's certificate, which is a revision in the council's chain."""

    certificate: WireRevision


class Deposit(msgspec.Struct, frozen=True):
    """The recovery key that the council stores for the seat, in place of earlier ones of this seat or its former seats."""

    recovery: str


class Deposited(msgspec.Struct, frozen=True):
    """Confirms that the recovery key of this seat is stored."""

    seat: str


class Assertion(msgspec.Struct, frozen=True):
    """A statement that a laptop signs with its wire key to get a token.

    It is the payload of a JWS, ``typ`` ASSERTION_TYPE (RFC 7523 section 3). ``iss`` and ``sub`` are the seat, ``aud`` is
    AUDIENCE. ``iat`` and ``exp`` are seconds since 1970 in the council's time, at most 300 apart. ``jti`` was never used before.
    ``challenge`` comes from the council's answers of the last ten minutes (``AnswerMark``), so that nobody can prepare a proof
    for a later day; "" if the laptop has no challenge yet.
    """

    iss: str
    sub: str
    aud: str
    jti: str
    iat: float
    exp: float
    challenge: str = ""


class TokenRequest(msgspec.Struct, frozen=True):
    """The form that asks for a token.

    ``certificate`` is the JSON of the seat's certificate as a ``WireRevision``. A council that lost the certificate in a restore
    recognises it by its own signature.
    """

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
    """The laptop's last link of the council's own chain, at the beginning of its exchange.

    After a start, the council can see from it whether it was restored to an older state.
    """

    seen: Link = NO_LINK


class HaveAnswer(msgspec.Struct, frozen=True):
    """The last link that the council has of every seat's chain, and the asking seat's revisions that it holds back.

    ``held`` gives the reason for each digest. ``lacking`` names up to a batch of revisions that the council has without their
    text, because after a restore a laptop without the text sent them. A laptop that has such a text pushes the revision again,
    in any batch, and the council stores the text.
    """

    have: Have
    held: dict[str, str] = {}
    protocol: int = PROTOCOL
    lacking: list[str] = []


class Push(msgspec.Struct, frozen=True):
    """Revisions of one seat, in chain order; the first normally follows the last one that the council has."""

    seat: str
    revisions: list[WireRevision]


class Receipt(msgspec.Struct, frozen=True):
    """A receipt that the council has a seat's chain up to ``number``, whose revision is ``digest``.

    It is the payload of a JWS, ``typ`` RECEIPT_TYPE. ``digests`` names the revisions of this batch, in order. ``at`` is the
    council's time when it stored the last one.
    """

    seat: str
    number: int
    digest: str
    digests: list[str]
    at: str


class PushResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The outcome of one revision: stored now, known already, or held back with the reason in plain words."""

    digest: str
    outcome: Outcome
    why: str = ""


class PushAnswer(msgspec.Struct, frozen=True):
    """The outcome of every revision of the batch, and one signed receipt for the batch."""

    results: list[PushResult] = msgspec.field(name="fates")
    receipt: str


class Pull(msgspec.Struct, frozen=True):
    """The last links that the laptop has; the council sends the later revisions, its own chain first.

    ``bodies`` are digests of revisions whose bodies the laptop needs. ``most`` limits the number of revisions in the answer.
    """

    have: Have
    bodies: list[str] = []
    most: int = LARGEST_BATCH


class PullAnswer(msgspec.Struct, frozen=True):
    """Revisions in chain order, seat by seat; the requested bodies; and how many more revisions there are after these."""

    revisions: list[WireRevision]
    bodies: dict[str, WireRevision] = {}
    more: Annotated[int, msgspec.Meta(ge=0, lt=LARGEST_NUMBER)] = 0


Name = Annotated[str, msgspec.Meta(max_length=64)]
"""An identifier, the name of a kind, or a time; never words that somebody typed."""


class UnfinishedWork(msgspec.Struct, frozen=True, omit_defaults=True):
    """A draft without its content: its kind, the people it is about, when it was begun and when it was last changed.

    ``people`` are identifiers of the children, households and colleagues whom the draft's fields name as its subjects.
    """

    kind: Name
    began: Name
    touched: Name
    people: Annotated[list[Name], msgspec.Meta(max_length=MOST_UNFINISHED)] = []


class UnfinishedHere(msgspec.Struct, frozen=True):
    """The drafts on one laptop now; their content is never sent."""

    drafts: Annotated[list[UnfinishedWork], msgspec.Meta(max_length=MOST_UNFINISHED)]


class UnfinishedReport(msgspec.Struct, frozen=True):
    """The newest report of one seat: the person, the laptop, and when the council received it (by its own clock)."""

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
    """An answer with an error. ``code`` is for programs, ``detail`` is a sentence for people, ``have`` the council's last link.

    Codes: bad_request, too_large, too_fast, too_much, unknown_code, wrong_person, unauthorised, revoked, clock, protocol, gap,
    forked, not_authentic, unknown_seat; not_found, unavailable (503, 507: nothing was stored, try again), failed (a fault).
    """

    code: str
    detail: str
    have: Link | None = None
    more: dict[str, Any] = {}


def to_wire(revision: Revision) -> WireRevision:
    """Return a revision as it is sent."""
    if revision.body is None or revision.salt is None:
        return WireRevision(revision.jws)
    return WireRevision(revision.jws, revision.body.decode("utf-8"), urlsafe_b64encode(revision.salt).decode("ascii"))


def from_wire(wired: WireRevision) -> Revision:
    """Read a received revision; compute its digest again and check its body against the envelope.

    Raises:
        Tampered: the revision is not what was signed, or its body is too large.
    """
    try:
        body = None if wired.body is None else wired.body.encode("utf-8")
        salt = None if wired.salt is None else urlsafe_b64decode(wired.salt.encode("ascii"))
    except ValueError as wrong:
        raise Tampered("A record's text did not come as it was sent.") from wrong
    if body is not None and len(body) > LARGEST_BODY:
        raise Tampered("A record's text is larger than the wire carries.")
    return opened(wired.jws, salt, body)
