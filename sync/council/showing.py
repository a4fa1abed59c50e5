"""Make the council certain of its own chain after a start: a laptop shows its copy, or the council's people confirm the chain.

A laptop proves the chain complete if it had the newest link before this council sent it any. A laptop with fewer links gets the
rest from the council, so its copy proves nothing afterwards. Until the chain is proved complete, nothing is added to it
(``chain.own_chain_on``), and revisions that need an order wait (``holding``). Must not judge a chain with two branches:
``mending`` does.
"""

from dataclasses import replace
from datetime import timedelta

from hipss_desktop.records.chain import Link
from sync.council import mending, running
from sync.council.chain import Council, Seat, has_certified, is_behind, last_link
from sync.council.holding import catch_up
from sync.council.running import Running

STATEMENT_LASTS = timedelta(hours=1)
"""How long the people's statement is valid if no process serves."""


def started(council: Council) -> Council:
    """Return the council as a serving process; its chain is confirmed at once if it never certified a seat.

    Such a council has no laptop that could have a later part of the chain.
    """
    serving = Running(council.home)
    with council.store.reading() as connection:
        if not has_certified(connection):
            serving.confirm()
    return replace(council, running=serving)


def shown(council: Council, caller: Seat, seen: Link) -> None:
    """Confirm the council's own chain if the last link that a laptop has of it proves the chain complete.

    Args:
        council: the council.
        caller: the laptop's seat.
        seen: the laptop's last link of the council's own chain, at the beginning of its exchange.
    """
    serving = council.running
    if serving is None or serving.confirmed(council.clock()):
        return
    with council.store.reading() as connection:
        last, put_back = last_link(connection, council.seat), is_behind(council, connection)
    if seen.number > last.number:  # the laptop sends the rest in this exchange, and can prove it in its next one
        return
    if seen != last or put_back:
        serving.note_behind(caller.seat)
    elif caller.seat not in serving.behind():
        serving.confirm()
        catch_up(council)


def mend(council: Council, by: str) -> mending.Mended:
    """Mend the council's own chain for a practitioner, and confirm it: the laptops have sent their branch of it.

    Raises:
        UserError, Unavailable: see ``mending.mend``.
    """
    mended = mending.mend(council, by)
    accept_statement(council)
    return mended


def accept_statement(council: Council) -> bool:
    """Accept the people's statement that no laptop has later orders of the council, and write the missing orders.

    Returns whether the statement is valid while the council serves; otherwise it is valid for ``STATEMENT_LASTS``.
    """
    served = running.note_statement(council.home, council.clock() + STATEMENT_LASTS)
    catch_up(council)
    return served
