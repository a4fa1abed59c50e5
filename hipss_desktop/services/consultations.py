"""Consultations: beginning one or writing it up, the one before it, the answers to its plan, and who was given its page.

A new consultation names the last one about the same child or case, or of the same theme and team. The open rows of that
plan can then be answered; an answer is a row of the earlier record. A row about a page given or agreed names the versions
that the page was made from. Must not word anything.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.case import CASE, MOST_CASES
from hipss_desktop.kinds.case import SAME_AS as CASE_SAME_AS
from hipss_desktop.kinds.catalogue import may_write, who_may
from hipss_desktop.kinds.closing_day import CLOSING_DAY
from hipss_desktop.kinds.consultation import (
    AGREED_RECORD,
    ANY,
    BY_BOTH,
    BY_QUARTER,
    BY_TEAM,
    BY_THEME,
    CONSULTATION,
    HELD,
    MAY_OWE,
    PLAN_ANSWERS,
    SENT,
    THEME,
    AgreedRecord,
    Consultation,
    PlanRow,
    Sent,
    both,
    is_open,
    of_theme,
    was_held,
)
from hipss_desktop.kinds.consultation import CASE as ABOUT_A_CASE
from hipss_desktop.kinds.consultation import CHILD as ABOUT_A_CHILD
from hipss_desktop.kinds.value import VALUE
from hipss_desktop.records.codes import within
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules.consultations import GIVE_PAGE, Due, Setting, due
from hipss_desktop.rules.signatures import outdating
from hipss_desktop.rules.twice_written import is_passed_over
from hipss_desktop.services.consultation_doubts import ConsultationDoubts
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Draft, Record, unique
from hipss_desktop.services.records import Records, two_versions


class Consultations:
    """The use cases of consultations, for one open store."""

    def __init__(self, records: Records, people: People, clock: times.Clock) -> None:
        self._records = records
        self._store = records.store
        self._clock = clock
        self.doubts = ConsultationDoubts(people)

    # --- beginning and writing up ---

    def begin(self, stage: str = HELD, **fields: Any) -> Draft:
        """A draft of a new consultation at a stage, not saved yet; a held one names the last consultation about the same.

        One that is asked for or planned names the last one only when it is written up, because another may be held before.

        Args:
            stage: asked for, planned or held.
            fields: what is known of the consultation, as in a body: about whom, which team.

        Raises:
            UserError: this person's role may not write a consultation.
        """
        self._may_write()
        known: dict[str, Any] = {CONSULTATION.stage: stage}
        if stage == HELD:
            known["held_on"] = self.today().isoformat()
        draft = self._records.new_draft(CONSULTATION.name, {**known, **fields})
        return self.naming_the_last(draft) if stage == HELD else draft

    def write_up(self, record: str) -> Draft:
        """A draft in which a consultation asked for or planned becomes held, on its planned day, with what is recorded of it.

        Raises:
            UserError: it was held already, it is not here, withdrawn or disputed, two versions of its stage stand, or this person
                may not write it.
        """
        self._may_write()
        current = self._consultation(record)
        read = CONSULTATION.of(current)
        if was_held(read):
            raise UserError("This was written up already. Amend it to change something.")
        if CONSULTATION.stage in current.conflicts:  # nobody writes a long text that cannot be finished
            raise UserError(two_versions(CONSULTATION, CONSULTATION.stage))
        draft = self._records.amendment(record)
        fields: dict[str, Any] = {**draft.fields, CONSULTATION.stage: HELD}
        planned = read.planned_for
        if planned is not None and planned <= self._clock():
            fields.setdefault("held_on", times.local_day(planned).isoformat())
            fields.setdefault("began", times.stamp(planned))
        return self.naming_the_last(replace(draft, fields=fields))

    def move(self, record: str, stage: str, answers: Mapping[str, Any], *, question: str = "") -> Revision:
        """Move a consultation that was not held to a stage, or to another day, at once; its answers are the reason.

        Args:
            record: the consultation.
            stage: the stage.
            answers: what the stage asks for.
            question: the question that this answers, whose draft is deleted; '' if nothing was asked.

        Raises:
            Unfinished: an answer is missing; nothing was changed.
            UserError: it is there already and has no other day, was held, is not here, or this person may not move it.
        """
        described, now = (
            CONSULTATION.stage_named(stage),
            CONSULTATION.stage_of(CONSULTATION.of(self._consultation(record))),
        )
        if described is None or not described.verb or stage == HELD:
            raise UserError("A consultation is not moved there by a press. Write it up, or amend it.")
        press = described.press(now)
        if now == HELD or not press:
            raise UserError(f"This is {within(CONSULTATION.stage_label(now))} already. Nothing was changed.")
        return self._records.move(record, stage, answers, press, question=question)

    def naming_the_last(self, draft: Draft) -> Draft:
        """Return the draft with the last consultation about the same filled in, if it names none yet."""
        read = CONSULTATION.read(draft.fields)
        last = self.previous(read, draft.record) if not read.previous else None
        return replace(draft, fields={**draft.fields, "previous": last.record}) if last is not None else draft

    def previous(self, consultation: Consultation, record: str = "") -> Record | None:
        """The last held consultation about the same child or case, or of the same theme and team; None if there was none.

        A case and the child who is the same as it count as one. A consultation is not returned if another record of the
        same consultation counts instead of it.

        Args:
            consultation: the one that is written. Consultations held after it are not returned.
            record: its identifier; it is not its own last one.
        """
        until = consultation.held_on or self.today()
        about = unique(
            candidate
            for role, named in self._same(consultation)
            for candidate in self._store.records_about(named, role=role, kind=CONSULTATION.name)
        )
        return next(
            (
                candidate
                for candidate in sorted(about, key=lambda candidate: candidate.id, reverse=True)
                if candidate.record != record
                and not candidate.withdrawn
                and _held_by(CONSULTATION.of(candidate), until)
                and not is_passed_over(candidate, self._store.get)
            ),
            None,
        )

    def _same(self, consultation: Consultation) -> list[tuple[str, str]]:
        """The index roles and values that find consultations about the same; empty if the subject is not known."""
        if consultation.about == THEME:
            theme = of_theme(consultation.team, consultation.theme)
            return [(BY_THEME, theme)] if theme else []
        children: list[str] = []
        cases: list[str] = []
        if consultation.about == ABOUT_A_CHILD and consultation.child:
            children = [consultation.child]
        elif consultation.about == ABOUT_A_CASE and consultation.case:
            cases = [consultation.case]
            case = self._store.get(consultation.case)
            if case is not None and case.kind == CASE.name and not case.withdrawn:
                children = [row.child for row in CASE.of(case).same_as if row.child]
        named = self._store.newest_about(children, role=f"{CASE_SAME_AS}/child", kind=CASE.name, most=MOST_CASES)
        cases += [case.record for cases_of_child in named.values() for case in cases_of_child]
        return [*(("child", child) for child in children), *(("case", case) for case in dict.fromkeys(cases))]

    def open_rows(self, record: str) -> list[PlanRow]:
        """The rows of a plan that are still to be done, by their day."""
        consultation_record = self._store.get(record) if record else None
        if (
            consultation_record is None
            or consultation_record.kind != CONSULTATION.name
            or consultation_record.withdrawn
        ):
            return []
        read = CONSULTATION.of(consultation_record)
        return sorted((row for row in read.plan if is_open(read, row.id)), key=lambda row: (row.by or date.max, row.id))

    # --- what came of the plan, who has the page ---

    def answer(
        self, record: str, row: str, answer: str, *, because: str = "", asked_on: date | None = None, question: str = ""
    ) -> Revision:
        """Record what came of a row of the plan, on the record that has the plan.

        Args:
            record: the consultation that has the row.
            row: the row.
            answer: done, not done, no longer needed (``plan_answer``).
            because: why it was not done.
            asked_on: the day somebody asked; today without one.
            question: the question that this answers, whose draft is deleted; '' if nothing was asked.

        Raises:
            Unfinished: the reason is missing; nothing was changed.
            UserError: the row is answered and closed already, or it is not here.
        """
        read = CONSULTATION.of(self._consultation(record))
        if row not in {planned.id for planned in read.plan}:
            raise UserError("This row of the plan is not on this laptop.")
        if not is_open(read, row):
            raise UserError("This was answered already. Nothing was changed.")
        answer_row = {
            "id": identity.row_id(),
            "plan": row,
            "asked_on": (asked_on or self.today()).isoformat(),
            "answer": answer,
            "because": because.strip(),
        }
        return self._records.add_row(record, PLAN_ANSWERS, answer_row, question=question)

    def give_page(
        self, record: str, to: str, how: str, *, of: Sequence[str] = (), at: str = "", question: str = ""
    ) -> Revision:
        """Record that somebody was given the page.

        Args:
            record: the consultation.
            to: who has it.
            how: how it was sent (``sent_how``).
            of: the versions that the page was made from; by default those of the page made here last.
            at: when, as a stamp; now without it.
            question: as for ``answer``.

        Raises:
            Unfinished: an answer is missing.
            UserError: it is not here, or may not be changed.
        """
        row = {"to": to.strip(), "how": how, "at": at or times.stamp(self._clock())}
        return self._records.add_row(record, SENT, self._with_version(record, SENT, row, of), question=question)

    def agree(
        self, record: str, by: str, *, of: Sequence[str] = (), on: date | None = None, question: str = ""
    ) -> Revision:
        """Record that an attendee agreed that the page is a true record; arguments and errors as for ``give_page``."""
        row = {"by": by.strip(), "on": (on or self.today()).isoformat()}
        return self._records.add_row(
            record, AGREED_RECORD, self._with_version(record, AGREED_RECORD, row, of), question=question
        )

    def page_made(self, record: str, of: Sequence[str]) -> None:
        """Note the versions from which a page was printed, saved or copied here; it is then given to somebody.

        They are noted in the store, because a page is often given after the laptop was locked or restarted.
        """
        with self._store.write() as unit:
            unit.set(_page_of(record), " ".join(of))

    def version_given(self, record: str, unit: str = SENT) -> tuple[str, ...]:
        """The versions of the page that somebody was given.

        They are those of the page made here last. If no page was made here, an attendee who agreed has the page given last.
        Otherwise they are the versions of the present page.
        """
        if of := tuple(self._store.setting(_page_of(record)).split()):
            return of
        current = self._consultation(record)
        sendings = sorted(CONSULTATION.of(current).sent, key=lambda row: row.id) if unit == AGREED_RECORD else []
        return next((tuple(row.of) for row in reversed(sendings) if row.of), current.heads)

    def _with_version(self, record: str, unit: str, row: dict[str, Any], of: Sequence[str]) -> dict[str, Any]:
        return {"id": identity.row_id(), **row, "of": list(of or self.version_given(record, unit))}

    def amended_since(self, record: str) -> Callable[[str, Sent | AgreedRecord], bool]:
        """Return a function that says whether the consultation was amended since the page that a row is about.

        A revision that only adds rows is not such an amendment. A row from the command line or a sheet names no version
        that is here; it is about the page at the moment when the row was added.
        """
        revisions, held = self._store.all_revisions(record), self._store.without_effect(record)
        known: dict[tuple[str, ...], bool] = {}

        def amended(unit: str, row: Sent | AgreedRecord) -> bool:
            digests = {revision.digest for revision in revisions}
            version = tuple(digest for digest in row.of if digest in digests) or _when_added(
                revisions, f"{unit}/{row.id}"
            )
            if version not in known:
                known[version] = bool(version and outdating(revisions, CONSULTATION, version, held))
            return known[version]

        return amended

    # --- what is due ---

    def setting(self) -> Setting:
        """The council's settings from which the due days of a consultation follow."""
        values = [VALUE.of(value) for value in reversed(self._store.records_of(VALUE.name)) if not value.withdrawn]
        records = (record for record in self._store.records_of(CLOSING_DAY.name) if not record.withdrawn)
        return Setting(
            tuple(values),
            frozenset(closed_on for record in records if (closed_on := CLOSING_DAY.of(record).day) is not None),
        )

    def due(self, record: Record, setting: Setting) -> list[Due]:
        """What is due for a consultation as of today; nothing if it was withdrawn.

        If another record of the same consultation counts, those who came are given the page of that record. Telling
        somebody and the agreed steps stay due in the record that says them: nobody decided otherwise.
        """
        if record.withdrawn:
            return []
        rows = due(CONSULTATION.of(record), setting, self.today())
        pages = [row for row in rows if row.due_type == GIVE_PAGE]
        passed_over = bool(pages) and is_passed_over(record, self._store.get)
        return [row for row in rows if row not in pages] if passed_over else rows

    def all_due(self) -> list[tuple[Record, list[Due]]]:
        """All consultations for which something is due as of today, in the future too, earliest day first."""
        setting = self.setting()
        owing = ((record, self.due(record, setting)) for record in self._named(ANY, MAY_OWE))
        return sorted(((record, rows) for record, rows in owing if rows), key=lambda pair: (pair[1][0].by, -pair[0].id))

    def due_now(self) -> list[Record]:
        """The consultations for which something is due today or overdue, earliest day first."""
        today = self.today()
        return [record for record, rows in self.all_due() if rows[0].by <= today]

    def listed(
        self, *, team: str = "", quarter: str = "", before: int | None = None, limit: int | None = None
    ) -> list[Record]:
        """Consultations of a team, of a quarter, or of both, newest first; all without either."""
        if not team and not quarter:
            return self._store.records_of(CONSULTATION.name, before=before, limit=limit)
        role = BY_BOTH if team and quarter else BY_TEAM if team else BY_QUARTER
        named = both(team, quarter) if team and quarter else team or quarter
        return self._named(named, role, before=before, limit=limit)

    def _named(self, named: str, role: str, *, before: int | None = None, limit: int | None = None) -> list[Record]:
        return self._store.records_about(named, role=role, kind=CONSULTATION.name, before=before, limit=limit)

    def today(self) -> date:
        """The local day."""
        return times.local_day(self._clock())

    def _consultation(self, record: str) -> Record:
        consultation_record = self._store.get(record)
        if consultation_record is None or consultation_record.kind != CONSULTATION.name:
            raise UserError("This consultation is not on this laptop.")
        return consultation_record

    def _may_write(self) -> None:
        if not may_write(self._store.seat.role, CONSULTATION.name):
            raise UserError(f"{who_may(CONSULTATION, writing=True)} Ask your manager if you need it.")


def _page_of(record: str) -> str:
    """The name of the setting with the versions from which the last page of a consultation was made."""
    return f"page_of:{record}"


def _when_added(revisions: Iterable[Revision], row: str) -> tuple[str, ...]:
    """The version to which a row (``sent/ID``) was added; () if that revision is not here."""
    unit = row.partition("/")[0]
    for revision in sorted(revisions, key=lambda revision: (revision.envelope.clock, revision.digest)):
        body = body_of(revision, CONSULTATION)
        if body is not None and not {row, unit}.isdisjoint(body.changed):
            was_added = {row} == set(body.changed)
            return tuple(revision.envelope.parents) if was_added else (revision.digest,)
    return ()


def _held_by(consultation: Consultation, day: date) -> bool:
    return was_held(consultation) and consultation.held_on is not None and consultation.held_on <= day
