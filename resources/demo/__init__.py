"""The demo caseload: five children on the night of 13 to 14 March 2017, as sheets that a council could have written.

All people, numbers and stories are invented. Only the demo and the tests may read it.
"""

import csv
import io
from importlib.resources import files

LATE = frozenset({"2017/043", "2017/044"})
"""The lines of the old log that were written after the network failed at 22:10."""
TONIGHT = frozenset({"2017/040", "2017/041", "2017/042"}) | LATE
"""The lines of the old log that belong to the night of 13 to 14 March."""
SUPERVISION = (("visit", "visits.csv"), ("carer_check", "checks.csv"))
"""Visits and checks of two years, which a supervising social worker's laptop has: each kind and its file."""
TISS = (
    ("case", "cases.csv"),
    ("series", "series.csv"),
    ("consultation", "consultations.csv"),
    ("training", "training.csv"),
    ("direct_work", "direct_work.csv"),
)
"""A lead practitioner's sheets, among them the 110 consultations of 2016: each kind and its file, in the order of import."""
BEGUN_TONIGHT = frozenset({"13/03/2017 17:30", "13/03/2017 16:30"})
"""The rota's times of that night once it has begun: when the shift started and when the night pack was checked."""


def order() -> tuple[tuple[str, str], ...]:
    """Return each kind and its file, in the order of import: a record is imported before the records that refer to it."""
    return (
        ("practitioner", "practitioners.csv"),
        ("directory", "directory.csv"),
        ("child", "children.csv"),
        ("carer", "carers.csv"),
        ("placement", "placements.csv"),
        ("shift", "shifts.csv"),
        ("contact", "contacts.csv"),
        ("action", "actions.csv"),
        ("missing_pack", "packs.csv"),
        ("missing_episode", "episodes.csv"),
        ("alert", "alerts.csv"),
    )


def sheet(file: str) -> str:
    """Return the text of one of the files."""
    return files("resources").joinpath("demo", file).read_text(encoding="utf-8")


def before_and_after(file: str) -> tuple[str, str]:
    """Divide one of the files in two: rows sent before the network failed, and rows written or caused after that."""
    rows = list(csv.reader(io.StringIO(sheet(file))))
    return _written(rows[0], [row for row in rows[1:] if not LATE & set(row)]), _written(
        rows[0], [row for row in rows[1:] if LATE & set(row)]
    )


def before_the_night(file: str) -> str:
    """Return one of the files as it was in the afternoon of 13 March, before anything of that night happened."""
    rows = list(csv.reader(io.StringIO(sheet(file))))
    begun = [place for place, name in enumerate(rows[0]) if name in ("Started", "Night pack checked")]
    remaining_rows = [
        ["" if place in begun and value in BEGUN_TONIGHT else value for place, value in enumerate(row)]
        for row in rows[1:]
        if not TONIGHT & set(row)
    ]
    return _written(rows[0], remaining_rows)


def _written(header: list[str], rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()
