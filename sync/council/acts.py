"""Who made an invitation, looked at a recovery key, replaced the officer's, or said how the council's own chain goes on.

It stands in that chain before a code or a key is shown or replaced. It says who they said that they are: those who run the
council's command share one account. It holds identifiers alone, no code, key or name, and only managers read it. Must not decide
who may do it.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.kinds.council import ACT, Act
from hipss_desktop.kinds.practitioner import PRACTITIONER
from sync.council import deposits, enrolment, showing
from sync.council import tables as t
from sync.council.chain import BEHIND, Council, is_behind, own_chain, states
from sync.council.mending import Mended
from sync.council.officer import fresh_pair


@dataclass(frozen=True)
class Acted:
    """An act as the list shows it: when (the council's clock), the act, and the names of those whom it names."""

    at: str
    act: Act
    by: str
    person: str


def invite(
    council: Council, by: str, name: str, role: str, *, person: str = "", hours: float = 24
) -> enrolment.Invitation:
    """Make a one-time code, and write down who made it.

    Args:
        council: whose laptop it will be.
        by: who makes it, by name or identifier.
        name, role, person, hours: see ``enrolment.invite_on``.

    Raises:
        UserError: it is not said who makes it, or the invitation cannot be made so.
        Unavailable: the council's own chain cannot be written on now.
    """
    with own_chain(council) as chain:
        who = _who(chain.connection, by)
        invitation = enrolment.invite_on(council, chain.connection, name, role, person=person, hours=hours)
        chain.append(ACT, {"what": "invited", "by": who, "person": invitation.person, "role": invitation.role})
    return invitation


def recovery_key(council: Council, by: str, seat: str, passphrase: str) -> str:
    """The recovery key that a laptop deposited; who looked at it is written down first.

    Raises:
        UserError: as ``deposits.recovery_key`` does, or it is not said who looks.
        Unavailable: the council's own chain cannot be written on now; no key is given.
    """
    key = deposits.recovery_key(council, seat, passphrase)
    with own_chain(council) as chain:
        chain.append(ACT, {"what": "recovery_shown", "by": _who(chain.connection, by), "seat": seat})
    return key


def rotate_officer(council: Council, by: str, passphrase: str, new: str) -> int:
    """Seal every deposited recovery key to a new key of the officer; who asked is written down first. Gives how many there were.

    Args:
        council: whose officer it is.
        by: who asks, by name or identifier.
        passphrase: the officer's until now.
        new: the officer's from then on.

    Raises:
        UserError: as ``deposits.replace_officer`` does, the new passphrase is short, or it is not said who asks.
        Unavailable: the same, or the council's own chain cannot be written on now; nothing was changed.
    """
    fresh = fresh_pair(new)
    deposits.open_officer(council, passphrase, new)
    with own_chain(council) as chain:
        chain.append(ACT, {"what": "officer_rotated", "by": _who(chain.connection, by)})
    return deposits.replace_officer(council, (passphrase, new), fresh)


def confirm(council: Council, by: str) -> bool:
    """Take the word of the council's people that it was not put back, and write down whose; see ``showing.take_word``.

    Raises:
        UserError: it is not said who says so.
        Unavailable: the store is older than its folder, so it was put back.
    """
    with council.store.reading() as connection:
        who = _who(connection, by)
        if is_behind(council, connection):
            raise Unavailable(BEHIND)
    serves = showing.take_word(council)
    with own_chain(council) as chain:
        chain.append(ACT, {"what": "confirmed", "by": who})
    return serves


def mend(council: Council, by: str) -> Mended:
    """Mend the council's own chain, and write down who did; raises what ``showing.mend`` raises, and UserError without ``by``."""
    with council.store.reading() as connection:
        who = _who(connection, by)
    return showing.mend(council, who)


def acts(council: Council) -> list[Acted]:
    """All of them, the oldest first."""
    with council.store.reading() as connection:
        names = {
            record: PRACTITIONER.read(state.fields).name
            for record, state in states(connection, PRACTITIONER.name).items()
        }
        query = sa.select(t.envelope.c.record, t.envelope.c.at).where(t.envelope.c.seat == council.seat)
        of_own = query.where(t.envelope.c.kind == ACT.name).order_by(t.envelope.c.number)
        written = states(connection, ACT.name, t.envelope.c.seat == council.seat)
        return [
            Acted(at, act, names.get(act.by, ""), names.get(act.person, ""))
            for record, at in connection.execute(of_own)
            if record in written and (act := ACT.read(written[record].fields))
        ]


def _who(connection: Connection, by: str) -> str:
    """The practitioner who runs the command; '' where the council knows none yet."""
    known = states(connection, PRACTITIONER.name)
    if not known:
        return ""
    who = by if by in known else enrolment.practitioner_called(connection, by) if by.strip() else ""
    if not who:
        raise UserError(
            "Say who you are with --by: your name as the practitioners' records have it, or your identifier."
        )
    return who
