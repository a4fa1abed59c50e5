"""The missing episodes for the national return (SSDA903): one row an episode, by local days.

Columns: CHILD, DOB, MISSING (M or A), MIS_START (the later of leaving and being last seen by a responsible adult), MIS_END
(empty while the child is missing). Times of day are only in the records. Must not know where records are stored, nor write
a file.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from hipss_desktop import identity, times
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, back, began
from hipss_desktop.rules.missing import Find, Withdrawable, is_passed_over

COLUMNS = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
LONGEST_ID = 20
"""The most letters and digits that CHILD may have."""


@dataclass(frozen=True)
class MissingReturn:
    """The rows of the return, and why further episodes are left out: (reference, sentence)."""

    rows: tuple[tuple[str, ...], ...]
    problems: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[str]:
        """The text of the file, one row at a time."""
        for row in (COLUMNS, *self.rows):
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerow(row)
            yield out.getvalue()


def missing_return(episodes: Iterable[Withdrawable], find: Find) -> MissingReturn:
    """The return for these episodes, earliest first; withdrawn ones, and ones that are the same as another, have no row.

    Args:
        episodes: the missing episodes.
        find: returns a record by its identifier, None if it is not here.
    """
    rows: list[tuple[date, tuple[str, ...]]] = []
    problems = []
    for held in episodes:
        episode = MISSING_EPISODE.read(held.fields)
        if held.withdrawn or is_passed_over(held, find):
            continue
        record = find(episode.child)
        child = CHILD.read(record.fields) if record is not None else None
        start, end = began(episode), back(episode)
        number = "".join(sign for sign in child.local_id if sign.isalnum())[:LONGEST_ID] if child is not None else ""
        lacking = [
            words
            for is_there, words in (
                (child is not None, "the child is not on this laptop"),
                (bool(number), "the child has no service number"),
                (child is None or child.born is not None, "the child’s date of birth is not recorded"),
                (bool(episode.type), "it is not said whether the child was missing or away without authorisation"),
                (start is not None, "it is not known when the child left or was last seen"),
            )
            if not is_there
        ]
        if lacking or child is None or child.born is None or start is None:
            reference = identity.reference(MISSING_EPISODE.reference_prefix, held.record)
            problems.append((reference, f"Left out, because {'; '.join(lacking)}."))
            continue
        day = times.local_day(start)
        rows.append(
            (day, (number, _day(child.born), episode.type, _day(day), _local(end.at) if end is not None else ""))
        )
    return MissingReturn(tuple(row for _, row in sorted(rows)), tuple(sorted(problems)))


def _day(when: date) -> str:
    return f"{when:%d/%m/%Y}"


def _local(moment: datetime | None) -> str:
    return _day(times.local_day(moment)) if moment is not None else ""
