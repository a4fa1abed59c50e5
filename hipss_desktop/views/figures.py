"""The figures of consultations in words: the table by subject and team, and the sentences beside it. Must not write.

For people who may read consultations: other code checks what leaves the service.
"""

from collections.abc import Iterator

from hipss_desktop.figures.consultations import NOT_RECORDED, Consultations, consultations_of
from hipss_desktop.figures.periods import Period
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.direct_work import DIRECT_WORK
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.twice_written import TwiceWritten

SUBJECTS, TEAMS = "consultation_about", "tiss_team"
SAYS_NOTHING = "Not recorded"
TOTAL = "Total"
INSIDE = "Contains small numbers, not for publication."


class ConsultationTables:
    """Counts the consultations of one open store."""

    def __init__(self, store: Store, twice_written: TwiceWritten) -> None:
        self._store = store
        self._twice_written = twice_written

    def standing(self) -> list[Record]:
        """The consultations that count, newest first: not withdrawn, and only the first record of one written up twice."""
        records = [record for record in self._store.records_of(CONSULTATION.name) if not record.withdrawn]
        return [
            record
            for record in records
            if not CONSULTATION.of(record).same_as or not self._twice_written.is_passed_over(record)
        ]

    def of(self, period: Period) -> Consultations:
        """The figures of a period."""
        work = (record for record in self._store.records_of(DIRECT_WORK.name) if not record.withdrawn)
        return consultations_of(map(CONSULTATION.of, self.standing()), map(DIRECT_WORK.of, work), period)


def rows(figures: Consultations) -> list[tuple[str, ...]]:
    """The table with headings and totals: a row for each subject, a column for each team that occurs."""
    subjects = _listed(SUBJECTS, {about for about, _ in figures.cells})
    teams = _listed(TEAMS, {team for _, team in figures.cells})
    head = ("About", *(_label(TEAMS, team) for team in teams), TOTAL)
    body = [
        (
            _label(SUBJECTS, about),
            *(str(figures.cells.get((about, team), 0)) for team in teams),
            str(figures.of_subject(about)),
        )
        for about in subjects
    ]
    return [head, *body, (TOTAL, *(str(figures.of_team(team)) for team in teams), str(figures.total))]


def beside(figures: Consultations) -> Iterator[str]:
    """The sentences beside the table."""
    yield f"TISS {figures.total}, of them form not recorded {figures.form_not_recorded}."
    yield f"Before a HIPSS referral {figures.before_referral}. Both together {figures.both}."
    stages = code_list("consultation_stage")
    counts = ", ".join(f"{within(stages.label(stage))} {count}" for stage, count in figures.not_held.items())
    yield f"Not counted: {counts}. No day recorded {figures.undated}."
    yield f"Direct work, apart: {figures.direct_work}."
    yield INSIDE


def _listed(codes: str, present_codes: set[str]) -> list[str]:
    """The codes that occur, in the order of their list; unknown codes and "not recorded" last."""
    order = [code.code for code in code_list(codes).codes if code.code in present_codes]
    return [*order, *sorted(present_codes - {*order, NOT_RECORDED}), *sorted(present_codes & {NOT_RECORDED})]


def _label(codes: str, code: str) -> str:
    return code_list(codes).label(code) if code else SAYS_NOTHING
