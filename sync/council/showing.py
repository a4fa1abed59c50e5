"""What makes the council certain of its own chain after a start: a laptop shows how far it holds it, or its people say so.

A laptop shows it where it held the newest link before this council gave it any: one that was behind is given the rest, and
its word after that is the council's own. Until then nothing is written on the chain (``chain.own_chain_on``); what waits for
an order waits on (``holding``). Must not judge a chain that went two ways: ``mending`` does.
"""

from dataclasses import replace
from datetime import timedelta

from hipss_desktop.records.chain import Link
from sync.council import mending, running
from sync.council.chain import Council, Seat, has_certified, is_behind, last_link
from sync.council.holding import catch_up
from sync.council.running import Running

WORD_HOLDS = timedelta(hours=1)
"""How long the people's word holds where no process serves."""


def started(council: Council) -> Council:
    """The same council as a process that serves; one that never certified a seat has nobody to ask."""
    serving = Running(council.home)
    with council.store.reading() as connection:
        if not has_certified(connection):
            serving.confirm()
    return replace(council, running=serving)


def shown(council: Council, caller: Seat, seen: Link) -> None:
    """Hear how far a laptop holds the council's own chain, at the beginning of its exchange."""
    serving = council.running
    if serving is None or serving.confirmed(council.clock()):
        return
    with council.store.reading() as connection:
        last, put_back = last_link(connection, council.seat), is_behind(council, connection)
    if seen.number > last.number:  # it brings the rest in this exchange, and shows it in its next one
        return
    if seen != last or put_back:
        serving.note_behind(caller.seat)
    elif caller.seat not in serving.behind():
        serving.confirm()
        catch_up(council)


def mend(council: Council, by: str) -> mending.Mended:
    """Mend the council's own chain, by a practitioner's hand; the laptops that brought their way of it have shown it.

    Raises:
        UserError, Unavailable: see ``mending.mend``.
    """
    mended = mending.mend(council, by)
    take_word(council)
    return mended


def take_word(council: Council) -> bool:
    """Take the word of the council's people that no laptop holds more; whether it holds as long as the council serves."""
    served = running.take_word(council.home, council.clock() + WORD_HOLDS)
    catch_up(council)
    return served
