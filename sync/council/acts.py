"""Record who invited somebody, read a recovery key, replaced the officer's key, or confirmed or mended the council's chain.

Each act is a revision of the council's own chain. It is stored before a key is shown or replaced. A code is shown in the
transaction that makes it and stores the act, so a code that was never shown does not exist. The people who
run the council's command share one account, so an act names the person whom ``--by`` names. An act contains identifiers only:
no code, no key and no name. Only managers read it. Must not decide who may act.
"""

from collections.abc import Callable
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
class ListedAct:
    """An act as the list shows it: the time by the council's clock, the act, and the names of the people in it."""

    at: str
    act: Act
    by: str
    person: str


def invite(
    council: Council,
    by: str,
    name: str,
    role: str,
    *,
    person: str = "",
    hours: float = 24,
    show: Callable[[enrolment.Invitation], None] = lambda invitation: None,
) -> enrolment.Invitation:
    """Make a one-time code, and record who made it.

    Args:
        council: the council that the new laptop will belong to.
        by: who makes the code, by name or identifier.
        name, role, person, hours: see ``enrolment.invite_on``.
        show: shows the code. If that fails, no code is made: nobody could ever see it.

    Raises:
        UserError: ``by`` names nobody, or ``enrolment.invite_on`` refuses the invitation.
        Unavailable: the council cannot add to its own chain now.
    """
    with own_chain(council) as chain:
        who = _who(chain.connection, by)
        invitation = enrolment.invite_on(council, chain.connection, name, role, person=person, hours=hours)
        chain.append(ACT, {"what": "invited", "by": who, "person": invitation.person, "role": invitation.role})
        show(invitation)
    return invitation


def recovery_key(council: Council, by: str, seat: str, passphrase: str) -> str:
    """Return the recovery key that a laptop deposited, after recording who reads it.

    Raises:
        UserError: as ``deposits.recovery_key`` does, or ``by`` names nobody.
        Unavailable: the council cannot add to its own chain now; no key is returned.
    """
    key = deposits.recovery_key(council, seat, passphrase)
    with own_chain(council) as chain:
        chain.append(ACT, {"what": "recovery_shown", "by": _who(chain.connection, by), "seat": seat})
    return key


def rotate_officer(council: Council, by: str, passphrase: str, new: str) -> int:
    """Encrypt every deposited recovery key for a new key of the officer; return how many there were.

    The request, and who made it, is recorded before anything changes.

    Args:
        council: the council of this officer.
        by: who asks, by name or identifier.
        passphrase: the officer's passphrase until now.
        new: the officer's passphrase from then on.

    Raises:
        UserError: as ``deposits.replace_officer`` does, the new passphrase is short, or ``by`` names nobody.
        Unavailable: as ``deposits.replace_officer`` does, or the council cannot add to its own chain now; nothing was changed.
    """
    fresh = fresh_pair(new)
    deposits.open_officer(council, passphrase, new)
    with own_chain(council) as chain:
        chain.append(ACT, {"what": "officer_rotated", "by": _who(chain.connection, by)})
    return deposits.replace_officer(council, (passphrase, new), fresh)


def confirm(council: Council, by: str) -> bool:
    """Accept a statement that the council was not restored from a backup, and record who made it.

    Returns what ``showing.accept_statement`` returns.

    Raises:
        UserError: ``by`` names nobody.
        Unavailable: the store is older than its folder, so it was restored from a backup.
    """
    with council.store.reading() as connection:
        who = _who(connection, by)
        if is_behind(council, connection):
            raise Unavailable(BEHIND)
    is_serving = showing.accept_statement(council)
    with own_chain(council) as chain:
        chain.append(ACT, {"what": "confirmed", "by": who})
    return is_serving


def mend(council: Council, by: str) -> Mended:
    """Mend the council's own chain, and record who did.

    Raises what ``showing.mend`` raises, and UserError if ``by`` names nobody.
    """
    with council.store.reading() as connection:
        who = _who(connection, by)
    return showing.mend(council, who)


def acts(council: Council) -> list[ListedAct]:
    """Return all recorded acts, the oldest first."""
    with council.store.reading() as connection:
        names = {
            record: PRACTITIONER.read(state.fields).name
            for record, state in states(connection, PRACTITIONER.name).items()
        }
        query = sa.select(t.envelope.c.record, t.envelope.c.at).where(t.envelope.c.seat == council.seat)
        own_acts = query.where(t.envelope.c.kind == ACT.name).order_by(t.envelope.c.number)
        written = states(connection, ACT.name, t.envelope.c.seat == council.seat)
        return [
            ListedAct(at, act, names.get(act.by, ""), names.get(act.person, ""))
            for record, at in connection.execute(own_acts)
            if record in written and (act := ACT.read(written[record].fields))
        ]


def _who(connection: Connection, by: str) -> str:
    """Return the identifier of the practitioner who runs the command, or '' if the council has no practitioners yet."""
    known = states(connection, PRACTITIONER.name)
    if not known:
        return ""
    who = by if by in known else enrolment.practitioner_called(connection, by) if by.strip() else ""
    if not who:
        raise UserError("Say who you are with --by: your name as in your practitioner’s record, or your identifier.")
    return who
