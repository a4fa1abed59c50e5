"""Recording who came to a training session with one press for each person: an ordinary amendment of one row.

If two laptops each mark a different person, both marks count. If they mark one person differently, both versions remain
until somebody decides. An open draft of the session is not changed.
"""

from datetime import datetime

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.training import CAME, DID_NOT_COME, HELD, PLANNED, TRAINING, Training
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.records import Records

MARKED, HELD_WORDS = "Marked who came", "It was held"
"""The reasons that are recorded with these amendments."""


def has_begun(session: Training, now: datetime) -> bool:
    """Whether people may have come to a session by now."""
    return TRAINING.stage_of(session) in (PLANNED, HELD) and session.began is not None and session.began <= now


class Attendance:
    """Records who came to a session, for one open store."""

    def __init__(self, records: Records, clock: times.Clock) -> None:
        self._records = records
        self._clock = clock

    def mark(self, session: str, row: str, *, came: bool) -> Revision:
        """Record that somebody came, or that they did not.

        Raises:
            Unfinished: the session lacks an answer; nothing was changed.
            UserError: the session or the row is not here, it has not begun, or this person may not write it.
        """
        current = self._records.store.get(session)
        if current is None or current.kind != TRAINING.name:
            raise UserError("This session is not on this laptop.")
        if not has_begun(TRAINING.of(current), self._clock()):
            raise UserError("Nobody has come to this session: it has not begun, or was cancelled.")
        answers = {"was": CAME} if came else {"was": DID_NOT_COME, "minutes": None}
        return self._records.change_row(session, "people", row, answers, MARKED)

    def hold(self, session: str) -> Revision:
        """Record that a planned session was held.

        Raises:
            Unfinished: the session lacks an answer, or is to come; nothing was changed.
            UserError: the session is not here, or this person may not write it.
        """
        return self._records.move(session, HELD, {}, HELD_WORDS)
