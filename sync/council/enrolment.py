"""Joins a laptop to the council: an invitation, a check of the code, and a certificate once the laptop's vault exists.

The store has a keyed hash of each code. The hash key is not in the database, because 50 bits alone can be searched in a
day. A code expires. The first seat that enrols with it uses it up; if that seat asks again, it gets the same certificate.
A seat that begins again after a loss needs no code. The valid seat that it continues has signed for it, and it gets the
person, role and laptop of that seat. Must not trust a key that its owner has not signed with.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hipss_desktop import times
from hipss_desktop.errors import Tampered, UserError
from hipss_desktop.kinds.council import CERTIFICATE
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.folding import folded
from sync.council import bodies, deposits
from sync.council import tables as t
from sync.council.chain import (
    LONGEST_TEXT,
    Council,
    OwnChain,
    Seat,
    is_of_another_kind,
    is_one_line,
    is_revoked,
    own_chain,
    plain_name,
    seat_named,
    state_of,
    states,
)
from sync.council.refusals import Refused, Unproven
from sync.wire import codes
from sync.wire.messages import OFFER_TYPE, Enrol, Enrolled, EnrolmentOffer, Look, Signed, WireRevision, to_wire
from sync.wire.tokens import VOUCHER_TYPE, Voucher, check_enrolment_proof, public_key, read_statement, statement


@dataclass(frozen=True)
class Invitation:
    """A code as it is handed over, and whom it is for (``person`` is '' if the laptop makes the identifier)."""

    code: str
    name: str
    role: str
    person: str
    expires: str


def invite(council: Council, name: str, role: str, *, person: str = "", hours: float = 24) -> Invitation:
    """Make a one-time code in a transaction of its own, without a note of who made it; see ``invite_on``."""
    with council.store.writing() as connection:
        return invite_on(council, connection, name, role, person=person, hours=hours)


def invite_on(
    council: Council, connection: Connection, name: str, role: str, *, person: str = "", hours: float = 24
) -> Invitation:
    """Make a one-time code.

    Args:
        council: the council that the laptop joins.
        connection: a transaction that has begun.
        name: the person's name, as colleagues know it.
        role: a role's code or label.
        person: the person's identifier, or "new" for somebody whose laptop makes one. Without it, the identifier of the
            only practitioner of this name, if there is one.
        hours: how long the code is valid.

    Raises:
        UserError: the role is unknown, the name is empty or too long, several practitioners have this name, or ``person``
            or ``hours`` is not valid.
    """
    known_role = code_list("role").read(role)
    if known_role is None:
        labels = ", ".join(code.label for code in code_list("role").codes)
        raise UserError(f"There is no such role. Use one of: {labels}.")
    name = name.strip()
    if not name or not is_one_line(name):
        raise UserError(f"Enter the person's name, {LONGEST_TEXT} characters at most.")
    if person and plain_name(person) != person:
        raise UserError("That is no person's identifier.")
    if not 0 < hours <= 24 * 90:
        raise UserError("Let the code hold for between a moment and 90 days.")
    expires = council.clock() + timedelta(hours=hours)
    secret = codes.new_secret()
    person = "" if person == "new" else person or practitioner_called(connection, name)
    connection.execute(
        sa.insert(t.invite).values(
            secret=_keyed_secret(council, secret),
            person=person,
            name=name,
            role=known_role,
            expires=int(expires.timestamp()),
        )
    )
    return Invitation(codes.written(secret, council.home.public), name, known_role, person, times.stamp(expires))


def practitioner_called(connection: Connection, name: str) -> str:
    """The identifier of the only practitioner of that name, or ''. Raises UserError if several have that name."""
    wanted_name = folded(name)
    matches = [
        record
        for record, state in states(connection, PRACTITIONER.name).items()
        if folded(PRACTITIONER.read(state.fields).name) == wanted_name and not state.withdrawn
    ]
    if len(matches) > 1:
        raise UserError("More than one practitioner is called that. Give the identifier instead of the name.")
    return matches[0] if matches else ""


def look(council: Council, shown: Look) -> Signed:
    """The council's signed offer to a laptop that shows a valid code. The code is not used up.

    Raises:
        Refused: unknown_code.
    """
    with council.store.reading() as connection:
        invited = _good_code(council, connection, shown.code, "")
    settings = council.home.settings
    offer = EnrolmentOffer(
        council=settings.name,
        key=council.home.public,
        seat=settings.seat,
        person=invited.person,
        name=invited.name,
        role=invited.role,
        expires=times.stamp(datetime.fromtimestamp(invited.expires, UTC)),
        signs=True,
        successions=council.home.successions,
    )
    return Signed(statement(offer, OFFER_TYPE, council.home.key))


def enrol(council: Council, request: Enrol) -> Enrolled:
    """Certify a seat and use the code up, in one transaction.

    Raises:
        Refused: bad_request, unknown_code, wrong_person or not_authentic; the code can be used again. Without a code
            also unknown_seat and revoked, about the seat that it continues, and too_fast.
        Unavailable: the store failed; the code can be used again.
    """
    _check_form(request)
    with council.store.reading() as connection:  # an unproven request makes nobody wait for the chain
        if request.code:
            _good_code(council, connection, request.code, request.seat)
        else:
            _former(council, connection, request)
    with own_chain(council) as chain:
        if not request.code:
            return Enrolled(_vouched(chain, request))
        invited = _good_code(council, chain.connection, request.code, request.seat)
        known = seat_named(council, chain.connection, request.seat)
        if invited.used_by == request.seat and known is not None:
            if (known.key, known.wire_key, known.person) != (request.key, request.wire_key, request.person):
                raise Unproven("unknown_code", "This code has been used. Ask for a new one.")
            return Enrolled(_certificate(chain, known))
        if known is not None:
            raise Refused("bad_request", "This store is enrolled already. Begin a new one.")
        before = seat_named(council, chain.connection, request.continues) if request.continues else None
        if request.person == council.seat:
            raise Refused("wrong_person", "A laptop cannot be the council.")
        if not invited.person and _known_person(chain.connection, request.person):
            raise Refused("wrong_person", "This code is for somebody new. Ask for one that is for you.")
        if (invited.person and invited.person != request.person) or (before and before.person != request.person):
            raise Refused("wrong_person", "This code is for somebody else.")
        if is_of_another_kind(chain.connection, PRACTITIONER.name, request.person):
            raise Refused("wrong_person", "This identifier is another record's. Set this laptop up again.")
        if state_of(chain.connection, PRACTITIONER.name, request.person) is None:
            person = {"name": invited.name, "role": invited.role, "active": True}
            chain.append(PRACTITIONER, person, record=request.person)
        used = sa.update(t.invite).where(t.invite.c.secret == invited.secret).values(used_by=request.seat)
        chain.connection.execute(used)
        if request.deposit:
            deposits.keep(council, chain.connection, request.seat, request.deposit)
        return Enrolled(_certify(chain, request, invited.name, invited.role))


def _known_person(connection: Connection, person: str) -> bool:
    """Whether this identifier belongs to somebody already, so that a new laptop may not take it."""
    seat = connection.scalar(sa.select(t.seat.c.seat).where(t.seat.c.person == person).limit(1))
    return seat is not None or state_of(connection, PRACTITIONER.name, person) is not None


def _former(council: Council, connection: Connection, request: Enrol) -> Seat:
    """The valid seat that the requested seat continues and that has signed for it."""
    former = seat_named(council, connection, request.continues) if request.continues else None
    if former is None or former.role == "council":
        raise Unproven(
            "unknown_seat", "The council does not know the store that this laptop goes on from. Enrol it again."
        )
    if is_revoked(council, former):
        raise Refused("revoked", "This laptop may no longer sync. Its records stay on it. Speak to your manager.")
    try:
        vouched = read_statement(request.voucher, VOUCHER_TYPE, former.verifying, Voucher)
    except Tampered as error:
        raise Unproven("not_authentic", "The laptop did not show that it goes on from this store.") from error
    if (vouched.seat, vouched.key, vouched.wire_key) != (request.seat, request.key, request.wire_key):
        raise Unproven("not_authentic", "The laptop did not show that it goes on from this store.")
    if (request.person, request.device) != (former.person, former.device):
        raise Refused("wrong_person", "A store goes on for the same person on the same laptop.")
    return former


def _vouched(chain: OwnChain, request: Enrol) -> WireRevision:
    """Certify a seat that the seat it continues has signed for. The same request again gives the same certificate."""
    former = _former(chain.council, chain.connection, request)
    known = seat_named(chain.council, chain.connection, request.seat)
    if known is None:
        _count_vouchers(chain, former)
        return _certify(chain, request, former.name, former.role)
    if (known.key, known.wire_key, known.continues) != (request.key, request.wire_key, request.continues):
        raise Refused("bad_request", "This store is enrolled already. Begin a new one.")
    return _certificate(chain, known)


def _count_vouchers(chain: OwnChain, former: Seat) -> None:
    """Refuse the seat if the person got as many seats without a code in the last 24 hours as the settings allow."""
    since = chain.council.clock() - timedelta(days=1)
    query = (
        sa.select(t.envelope.c.at)
        .join(t.seat, t.seat.c.certificate == t.envelope.c.digest)
        .where(t.seat.c.person == former.person, t.seat.c.continues != "")
    )
    newest = [at for at in chain.connection.scalars(query) if times.instant(at) > since]
    if len(newest) >= chain.council.home.settings.a_day.vouchers:
        words = "This person's laptops began anew too often today. Try again tomorrow, or ask your manager for a code."
        raise Refused("too_fast", words, seconds=3600)


def _certify(chain: OwnChain, request: Enrol, name: str, role: str) -> WireRevision:
    certificate = chain.append(
        CERTIFICATE,
        {
            "seat": request.seat,
            "person": request.person,
            "name": name,
            "role": role,
            "device": request.device,
            "laptop": request.laptop,
            "key": request.key,
            "wire_key": request.wire_key,
            "continues": request.continues,
        },
    )
    return to_wire(certificate)


def _certificate(chain: OwnChain, seat: Seat) -> WireRevision:
    query = (
        sa.select(t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
        .join(t.body, t.body.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.digest == seat.certificate)
    )
    return to_wire(bodies.revision(chain.connection, *chain.connection.execute(query).one()))


def _good_code(council: Council, connection: Connection, secret: str, seat: str) -> sa.Row[tuple[str, ...]]:
    invited = connection.execute(
        sa.select(t.invite).where(t.invite.c.secret == _keyed_secret(council, secret))
    ).one_or_none()
    if invited is None:
        raise Unproven("unknown_code", "The council does not know this code. Check the address, or ask for a new code.")
    if invited.used_by is not None and invited.used_by != seat:
        raise Unproven("unknown_code", "This code has been used. Ask for a new one.")
    if invited.expires <= council.clock().timestamp() and invited.used_by is None:
        raise Unproven("unknown_code", "This code has run out. Ask for a new one.")
    return invited


def _check_form(request: Enrol) -> None:
    names = (request.seat, request.person, request.device)
    if (
        any(not name or plain_name(name) != name for name in names)
        or plain_name(request.continues) != request.continues
    ):
        raise Refused("bad_request", "Name store, person and device by identifiers that this program made.")
    if not is_one_line(request.laptop) or not is_one_line(request.deposit):
        raise Refused("bad_request", f"The laptop's name has {LONGEST_TEXT} characters at most.")
    try:
        public_key(request.wire_key)
        check_enrolment_proof(request.proof, request.code or request.seat, public_key(request.key))
    except Tampered as error:
        raise Unproven("not_authentic", "The laptop did not prove that the keys are its own.") from error


KEYED = "k:"


def key_codes(council: Council) -> None:
    """Replace the plain hashes of codes, which an older program stored, by hashes with the council's key."""
    plain = sa.select(t.invite.c.secret).where(t.invite.c.secret.not_like(f"{KEYED}%"))
    with council.store.writing() as connection:
        for digest in connection.scalars(plain).all():
            change = sa.update(t.invite).where(t.invite.c.secret == digest)
            connection.execute(change.values(secret=_keyed(council, digest)))


def _keyed_secret(council: Council, secret: str) -> str:
    """The keyed hash of a code's secret, as the store has it."""
    return _keyed(council, hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest())


def _keyed(council: Council, digest: str) -> str:
    return KEYED + hmac.new(council.home.key_for("codes"), digest.encode("ascii"), hashlib.sha256).hexdigest()
