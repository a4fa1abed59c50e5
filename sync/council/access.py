"""Find which laptop sends a request: a laptop proves its identity with its wire key and gets a token for ten minutes.

RFC 7523: the laptop sends an assertion signed with the seat's wire key. That key comes from the seat's certificate, never from
the message. The assertion names the council as its only audience, is valid for at most five minutes, and can be used once. The
access token is a JWS signed with a separate key. A revoked seat's token is refused at once. Must not know what the laptop asks
for.
"""

import secrets
from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from joserfc import jws
from joserfc.errors import JoseError
from sqlalchemy.engine import Connection

from hipss_desktop.decoding import readable
from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.council import CERTIFICATE, Certificate
from hipss_desktop.records.revision import verify
from sync.council import tables as t
from sync.council.answers import Challenges
from sync.council.chain import Council, Seat, certify, is_revoked, seat_named
from sync.council.refusals import Refused, Unproven
from sync.council.store import insert_into
from sync.wire.messages import (
    ACCESS_TYPE,
    ASSERTION_TYPE,
    AUDIENCE,
    CLIENT_ASSERTION,
    Assertion,
    Token,
    TokenRequest,
    WireRevision,
    from_wire,
)
from sync.wire.tokens import public_key, read_statement, statement

TOKEN_SECONDS = 600
LONGEST_ASSERTION = 300
LEEWAY = 60
"""Seconds by which a laptop's time may differ from the council's."""


class Access(msgspec.Struct, frozen=True):
    """What an access token says (payload of a JWS, ``typ`` ACCESS_TYPE)."""

    seat: str
    iat: int
    exp: int
    jti: str


def token(council: Council, request: TokenRequest, challenges: Challenges, count: Callable[[str], None]) -> Token:
    """Exchange an assertion for an access token.

    Args:
        council: the council that issues the token.
        request: the laptop's request.
        challenges: recognises the challenges that this council issued.
        count: called with the seat that proved its identity; raises Refused if the seat asks too often.

    Raises:
        Refused: bad_request, unauthorised, clock (with the council's time), revoked, unknown_seat or too_fast.
    """
    if request.grant_type != "client_credentials" or request.client_assertion_type != CLIENT_ASSERTION:
        raise Refused("bad_request", "Ask for a token with client_credentials and a JWT client assertion.")
    claimed = _claims(request.client_assertion)
    sent_certificate = _certificate(council, request.certificate) if request.certificate else None
    with council.store.reading() as connection:  # a caller without a proof must not lock the store for others
        known = seat_named(council, connection, claimed.sub)
    if known is None and sent_certificate is not None and sent_certificate[0].seat == claimed.sub:
        wire_key = sent_certificate[0].wire_key
    else:
        wire_key = _valid_seat(council, known).wire_key
    try:
        assertion = read_statement(request.client_assertion, ASSERTION_TYPE, public_key(wire_key), Assertion)
    except Tampered as wrong:
        raise _unproven() from wrong
    count(assertion.sub)
    now = council.clock().timestamp()
    _check_time(assertion, now, council.now())
    if assertion.challenge and not challenges.holds(assertion.challenge):
        raise Refused("clock", "The laptop's proof is too old. The laptop sends a new one.", now=council.now())
    with council.store.writing() as connection:
        if sent_certificate is not None:
            certify(connection, *sent_certificate)
        seat = _valid_seat(council, seat_named(council, connection, assertion.sub))
        _check_challenge(connection, assertion)
        _use_up(connection, assertion, int(now))
    access = Access(seat.seat, int(now), int(now) + TOKEN_SECONDS, secrets.token_urlsafe(12))
    return Token(statement(access, ACCESS_TYPE, council.home.token_key), TOKEN_SECONDS)


def caller(council: Council, authorisation: str) -> Seat:
    """Return the seat that a request's Authorization header proves; raises Refused (unauthorised, revoked, unknown_seat)."""
    scheme, _, token_text = authorisation.partition(" ")
    if scheme.lower() != "bearer" or not token_text:
        raise Unproven("unauthorised", "Show an access token.")
    try:
        access = read_statement(token_text.strip(), ACCESS_TYPE, council.home.token_key, Access)
    except Tampered as wrong:
        raise Unproven("unauthorised", "The access token is not ours.") from wrong
    if access.exp <= council.clock().timestamp():
        raise Refused("unauthorised", "The access token has run out. Ask for a new one.")
    with council.store.reading() as connection:
        return _valid_seat(council, seat_named(council, connection, access.seat))


def _valid_seat(council: Council, seat: Seat | None) -> Seat:
    if seat is None or seat.role == "council":
        raise Unproven("unknown_seat", "The council does not know this laptop. Enrol it again.")
    if is_revoked(council, seat):
        raise Refused("revoked", "This laptop may no longer sync. Its records stay on it. Speak to your manager.")
    return seat


def _claims(compact: str) -> Assertion:
    """Read what an assertion claims, without a check of its signature."""
    try:
        claimed = msgspec.json.decode(jws.extract_compact(compact.encode("ascii")).payload, type=readable(Assertion))
    except (JoseError, ValueError, TypeError, RecursionError) as wrong:
        raise _unproven() from wrong
    if claimed.iss != claimed.sub or claimed.aud != AUDIENCE or not 8 <= len(claimed.jti) <= 128:
        raise _unproven()
    if not claimed.jti.isprintable() or not claimed.sub.isprintable():
        raise _unproven()
    return claimed


def _unproven() -> Refused:
    return Unproven("unauthorised", "The laptop did not prove its identity.")


def _check_time(assertion: Assertion, now: float, councils_time: str) -> None:
    if not 0 < assertion.exp - assertion.iat <= LONGEST_ASSERTION:
        raise Refused("unauthorised", "The laptop's proof is valid for longer than five minutes.")
    if assertion.iat > now + LEEWAY or assertion.exp < now - LEEWAY:
        raise Refused("clock", "The laptop's clock is not right. Use the council's time.", now=councils_time)


def _check_challenge(connection: Connection, assertion: Assertion) -> None:
    """Refuse an assertion without a challenge if its seat has answered a challenge before; note a seat's first answer.

    An assertion without a challenge may be an old one, which the seat signed before it knew of challenges.
    """
    if assertion.challenge:
        row = insert_into(connection, t.challenged).values(seat=assertion.sub)
        connection.execute(row.on_conflict_do_nothing())
    elif connection.scalar(sa.select(t.challenged.c.seat).where(t.challenged.c.seat == assertion.sub)) is not None:
        raise _unproven()


def _use_up(connection: Connection, assertion: Assertion, now: int) -> None:
    connection.execute(sa.delete(t.token).where(t.token.c.expires < now - LEEWAY))
    used = sa.select(t.token.c.jti).where(t.token.c.seat == assertion.sub, t.token.c.jti == assertion.jti)
    try:
        if connection.scalar(used) is not None:
            raise _unproven()
        row = {"seat": assertion.sub, "jti": assertion.jti, "expires": int(assertion.exp)}
        connection.execute(sa.insert(t.token).values(row))
    except sa.exc.IntegrityError as twice:
        raise _unproven() from twice


def _certificate(council: Council, text: str) -> tuple[Certificate, str, int]:
    """Verify, with the council's own key, a certificate that the laptop sent; return it with its digest and number."""
    try:
        revision = from_wire(msgspec.json.decode(text, type=readable(WireRevision)))
        link = revision.envelope
        verify(revision, public_key(council.home.signing_keys.of_number(link.number)))
        content = revision.content()
        if link.seat == council.seat and link.kind == CERTIFICATE.name and content is not None:
            return CERTIFICATE.read(content.fields), revision.digest, link.number
    except (Tampered, ValueError, RecursionError) as wrong:
        raise Unproven("unauthorised", "The certificate is not ours.") from wrong
    raise Unproven("unauthorised", "The certificate is not ours.")
