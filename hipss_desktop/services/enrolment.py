"""The council at the far end of the wire, as the use cases see it, and joining it.

``sync.client`` implements ``Council`` over HTTPS. Enrolment shows the code first and uses it up only when the vault is on the
disk; until then, and after a lost answer, the same step is simply taken again. Must not open a connection.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from hipss_desktop.decoding import decoded
from hipss_desktop.errors import HipssError, Tampered, Unavailable, UserError
from hipss_desktop.kinds.council import CERTIFICATE
from hipss_desktop.records.chain import NO_LINK, Link
from hipss_desktop.records.revision import verify
from hipss_desktop.rules.council_keys import CouncilKeys, FormerKey, keys_in
from hipss_desktop.services.ports import Store
from hipss_desktop.services.store_settings import StoreSetting
from sync.wire import codes
from sync.wire.messages import (
    OFFER_TYPE,
    Deposit,
    Deposited,
    Enrol,
    EnrolmentOffer,
    HaveAnswer,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    Refusal,
    Succession,
    UnfinishedAnswer,
    UnfinishedHere,
    WireRevision,
    from_wire,
)
from sync.wire.tokens import enrolment_proof, public_key, public_x, read_statement, voucher


def council_keys(store: Store) -> CouncilKeys:
    """The keys of the council that a store has joined."""
    former = store.setting(StoreSetting.COUNCIL_FORMER_KEYS)
    return CouncilKeys(store.setting(StoreSetting.COUNCIL_KEY), decoded(former, list[FormerKey]) if former else [])


def follow(store: Store, header: str) -> OKPKey | None:
    """Move on to the key that the trusted one has named, once and for good; None where nothing of it goes on from that.

    Args:
        store: what trusts the council.
        header: how the council says that it came to its key (``SUCCESSION_HEADER``).
    """
    keys = council_keys(store)
    try:
        successions = decoded(urlsafe_b64decode(header.encode("ascii")), list[Succession])
        followed = keys.followed(store.setting(StoreSetting.COUNCIL_SEAT), successions)
    except (Tampered, ValueError, RecursionError):
        return None
    if followed == keys:
        return None
    with store.write() as unit:
        unit.set(StoreSetting.COUNCIL_KEY, followed.key)
        unit.set(StoreSetting.COUNCIL_FORMER_KEYS, msgspec.json.encode(followed.former).decode())
    return public_key(followed.key)


class Unreachable(Unavailable):
    """No answer came from the council; the sentence says what was asked, and not what happens next."""


class Refused(HipssError):
    """The council answered no; ``refusal`` says why, for programs and for people."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


class Council(Protocol):
    """What can be asked of the council. Raises Unreachable, Refused, or Tampered for an answer that is not the council's."""

    def look(self, secret: str) -> str:
        """The council's offer (JWS) for the secret half of a one-time code."""
        ...

    def enrol(self, request: Enrol) -> WireRevision:
        """The seat's certificate."""
        ...

    def have(self, seen: Link = NO_LINK) -> HaveAnswer:
        """What the council holds of every chain; ``seen`` is how far its own is held here."""
        ...

    def push(self, batch: Push) -> PushAnswer:
        """Send one batch of one seat's chain."""
        ...

    def pull(self, request: Pull) -> PullAnswer:
        """Fetch what this laptop lacks."""
        ...

    def unfinished(self, report: UnfinishedHere) -> UnfinishedAnswer:
        """Say what lies unfinished on this laptop, and learn what does on the others."""
        ...

    def deposit(self, key: Deposit) -> Deposited:
        """Have a recovery key kept in place of the one before."""
        ...


@dataclass(frozen=True)
class Invited:
    """A good code, shown to the council: what the invitation says, and what the laptop now trusts."""

    server: str
    secret: str
    offer: EnrolmentOffer


def look(council: Council, server: str, code: str, *, then: str = "try again") -> Invited:
    """Show a one-time code to the council; nothing is used up.

    Args:
        council: whom to ask.
        server: the council's address.
        code: as it was typed or pasted.
        then: what the person does next where no answer comes, as the message says it.

    Raises:
        UserError: the code is not right or the council does not know it (field "code"); no answer came (field "server").
        Tampered: the server that answered is not the council that the code names.
        Unavailable: the council cannot answer now.
    """
    secret, fingerprint = codes.read(code)
    try:
        answer = council.look(secret)
    except Refused as refused:
        raise UserError(refused.refusal.detail, "code" if refused.refusal.code == "unknown_code" else "") from refused
    except Unreachable as away:
        raise UserError(f"{away} Check the address and your network, then {then}.", "server") from away
    stranger = Tampered(
        "The server at this address is not the council that made the code. "
        "Check the address. If it is right, ring your manager."
    )
    try:
        unproved = decoded(jws.extract_compact(answer.encode()).payload, EnrolmentOffer)
        shown = codes.fingerprint(unproved.key)
    except (JoseError, ValueError, TypeError, RecursionError) as strange:
        raise stranger from strange
    if shown != fingerprint:
        raise stranger
    offer = read_statement(answer, OFFER_TYPE, public_key(unproved.key), EnrolmentOffer)
    return Invited(server, secret, offer)


def accept(store: Store, invited: Invited, *, laptop: str) -> None:
    """Note an invitation in a store, before the code is used up: whom to join, and what is trusted from now on.

    Raises:
        UserError: the store belongs to another council or person, or has joined already; nothing was written, and the
            code is as good as before.
        Tampered: the council's former keys do not lead to the one that the code names; nothing was written.
    """
    offer, seat = invited.offer, store.seat
    keys = keys_in(offer.key, offer.seat, offer.successions)
    trusted = council_keys(store)
    if trusted.key and trusted.followed(offer.seat, offer.successions).key != offer.key:
        raise UserError("This store belongs to another council. Set up a new person on this laptop for this code.")
    if seat.enrolled:
        raise UserError("This store has joined the council already. The code was not used.")
    was_certified = bool(store.setting(StoreSetting.FORMER_SEAT))
    if offer.person != seat.person and (was_certified or (offer.person and seat.person and store.waiting().own)):
        raise UserError("This store already holds records under another name. Set up a new person on this laptop.")
    with store.write() as unit:
        for name, value in (
            (StoreSetting.SERVER, invited.server),
            (StoreSetting.ENROL_SECRET, invited.secret),
            (StoreSetting.COUNCIL_KEY, keys.key),
            (StoreSetting.COUNCIL_FORMER_KEYS, msgspec.json.encode(keys.former).decode()),
            (StoreSetting.COUNCIL_SEAT, offer.seat),
            (StoreSetting.COUNCIL_NAME, offer.council),
            (StoreSetting.COUNCIL_SIGNS, "yes" if offer.signs else ""),
            (StoreSetting.NAME, offer.name),
            (StoreSetting.ROLE, offer.role),
            (StoreSetting.LAPTOP, laptop),
            *(((StoreSetting.PERSON, offer.person),) if offer.person else ()),
        ):
            unit.set(name, value)


def certify(
    store: Store, council: Council, signing_key: OKPKey, wire_key: OKPKey, former: OKPKey | None = None
) -> None:
    """Ask the council for the seat's certificate and keep it; the same request again gives the same one.

    Args:
        store: holds the invitation, or the name of the seat that this one goes on from.
        council: whom to ask.
        signing_key, wire_key: the seat's own.
        former: the signing key of the seat that this one goes on from, which speaks for it where there is no code.

    Raises:
        UserError: the council does not know the code any more, or lets the former seat in no more.
        Tampered: the certificate is not the council's, or not for this seat.
    """
    secret = store.setting(StoreSetting.ENROL_SECRET)
    seat = store.seat
    request = Enrol(
        code=secret,
        seat=seat.seat,
        person=seat.person,
        device=seat.device,
        laptop=seat.laptop,
        key=public_x(signing_key),
        wire_key=public_x(wire_key),
        proof=enrolment_proof(secret or seat.seat, signing_key),
        deposit=store.setting(StoreSetting.DEPOSIT) if secret else "",
        continues=store.setting(StoreSetting.FORMER_SEAT),
        voucher="" if secret or former is None else voucher(seat.seat, signing_key, wire_key, former),
    )
    try:
        answer = council.enrol(request)
    except Refused as refused:
        raise UserError(refused.refusal.detail) from refused
    certificate = from_wire(answer)
    verify(certificate, public_key(council_keys(store).of_number(certificate.envelope.number)))
    content = certificate.content()
    named = CERTIFICATE.read(content.fields if content else {})
    link = certificate.envelope
    if (link.seat, link.kind, named.seat) != (store.setting(StoreSetting.COUNCIL_SEAT), CERTIFICATE.name, seat.seat):
        raise Tampered("The certificate that came is not for this laptop.")
    with store.write() as unit:
        unit.set(StoreSetting.CERTIFICATE, msgspec.json.encode(answer).decode())
        unit.set(StoreSetting.PERSON, named.person)
        unit.set(StoreSetting.ROLE, named.role)
        unit.set(StoreSetting.NAME, named.name)
        if secret:
            unit.set(StoreSetting.ENROL_SECRET, "")
            unit.set(StoreSetting.DEPOSIT, "")


def deposit(store: Store, council: Council) -> None:
    """Deposit the recovery key that is the council's since the keys were changed, where one waits.

    A council of before knows nothing of it, and the key waits on; so it does where no answer comes. Where the disk takes nothing
    it is deposited again the next time.
    """
    key = store.setting(StoreSetting.DEPOSIT)
    if not key:
        return
    with suppress(Refused, Unavailable):
        council.deposit(Deposit(key))
        with store.write() as unit:
            unit.set(StoreSetting.DEPOSIT, "")
