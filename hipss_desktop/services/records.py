"""Drafts, finishing, amending, adding rows, withdrawing and deciding: the same steps for every kind of record.

A finish completes the draft with its kind's ``fills_in`` and checks the answers. One commit then appends a signed revision
and the records that the kind ``makes``, and deletes the draft. A row is added to a growing list without a draft or a
reason. Every move to a stage checks who may make it. Nothing is ever overwritten. Changes start from the body, never from
the struct.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS, kind_named, may_write, who_may
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records.agreement import disagreements
from hipss_desktop.records.changes import changed_units, move_explains, unit_label
from hipss_desktop.records.codes import within
from hipss_desktop.records.fields import Field, Fields, Problem, is_nothing
from hipss_desktop.records.fold import behind, body_of, kind_of, row_id, seen, with_rows
from hipss_desktop.records.kind import Author, Finish, Kind, NewRecord, Role, field_problems
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.council_time import CouncilTime
from hipss_desktop.services.held_here import HeldHere
from hipss_desktop.services.locked_numbers import waits_for_this_manager
from hipss_desktop.services.ports import Draft, Record, Store, Unit
from hipss_desktop.services.questions import drop_answered
from hipss_desktop.services.store_settings import StoreSetting


class Unfinished(UserError):
    """A draft could not be finished; ``problems`` lists what is missing, in field order. The draft is unchanged."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"There is a problem. {len(problems)} {'error' if len(problems) == 1 else 'errors'}.")
        self.problems = tuple(problems)
        self.details = tuple(f"  {problem.field}: {problem.message}" for problem in problems)


class Records:
    """The use cases that every kind shares, for one open store."""

    def __init__(self, store: Store, clock: times.Clock) -> None:
        self.store = store
        self.clock = clock
        self.council_time = CouncilTime(store.setting, clock)

    def new_draft(self, kind: str, fields: Mapping[str, Any] | None = None, *, call: bool = False) -> Draft:
        """A draft of a new record, not saved yet; ``call`` starts its call timer."""
        now = times.stamp(self.clock())
        described = kind_named(kind)
        return Draft(
            record=identity.record_id(),
            kind=kind,
            schema=described.version,
            fields=dict(fields or {}),
            began=now,
            call={"started": now} if call else {},
        )

    def amendment(self, record: str) -> Draft:
        """A draft that amends a record: its present fields, and the heads that the author saw; an existing draft if there is one.

        Raises:
            UserError: the record is not here, is withdrawn or disputed, or this person's role may not write its kind.
        """
        saved_draft = self.store.draft(record)
        if saved_draft is not None:
            return saved_draft
        current = self._current(record)
        self._may_write(current.kind)
        _refuse_disputed(current)
        _refuse_withdrawn(current)
        _refuse_to_amend(kind_named(current.kind))
        now = times.stamp(self.clock())
        return Draft(
            record=record,
            kind=current.kind,
            schema=kind_named(current.kind).version,
            fields=dict(current.fields),
            parents=current.heads,
            began=now,
            unseen=tuple(self.store.without_effect(record)),
        )

    def keep_late(self, record: str, fields: Mapping[str, Any]) -> Draft:
        """Save what was typed too late for a finish as a draft that amends the record, for its author to check."""
        draft = self.amendment(record)
        return self.save(replace(draft, fields={**draft.fields, **fields}, why="Typed while it was being finished"))

    def save(self, draft: Draft) -> Draft:
        """Save what was typed, valid or not; return the draft with the time of saving."""
        saved = draft.saved_at(times.stamp(self.clock(), precise=True))
        with self.store.write() as unit:
            unit.put_draft(saved)
        return saved

    def discard(self, record: str) -> None:
        """Delete a draft; the caller has asked the person first."""
        with self.store.write() as unit:
            unit.drop_draft(record)

    def problems(self, draft: Draft) -> list[Problem]:
        """All problems that prevent a draft from being finished, in field order.

        An amendment is checked only for what its author changes. A problem that existed before in an unchanged answer (an
        unreadable answer, a time by a clock that was ahead, a newly required question) does not prevent an amendment. An
        amendment decides no conflict: an answer that has two versions cannot be changed by it.
        """
        kind, now = kind_named(draft.kind), self.council_time.latest()
        before = _seen(self.store, draft)
        changed = changed_units(kind, before, draft.fields)
        problems = kind.problems(draft.fields, now)
        if draft.parents and problems:
            stood = set(kind.problems(before, now))
            problems = [problem for problem in problems if problem not in stood or _concerns(problem, changed)]
        if (marks := kind.sheet.marks) and draft.fields.get(marks) != before.get(marks):
            problems.append(Problem(marks, "Only an import sets this. Leave it as it is."))
        current = self.store.get(draft.record)
        if current is not None:
            undecided = dict.fromkeys(unit.partition("/")[0] for unit in changed if unit in current.conflicts)
            problems = [*(Problem(name, two_versions(kind, name)) for name in undecided), *problems]
        if kind.stage:
            refused = _refused_move(self.store.seat.role, kind, draft.fields, changed)
            problems += [Problem(kind.stage, refused)] if refused else []
        if draft.parents and not draft.why.strip() and not move_explains(kind, before, draft.fields, changed):
            problems.append(Problem("why", "Enter why you are changing this"))
        return problems

    def ready(self, draft: Draft) -> Draft:
        """The draft as it will be finished: a new record gets the questions that apply and what its kind ``fills_in``.

        An amendment is signed as it was answered, with what its kind ``keeps`` of the record before. A move whose answers
        are reason enough gets its reason from ``move_explains``.
        """
        kind = kind_named(draft.kind)
        if draft.parents:
            before = _seen(self.store, draft)
            fields = kind.amended(before, draft.fields, times.local_day(self.clock()))
            why = draft.why.strip() or move_explains(kind, before, fields, changed_units(kind, before, fields))
            return replace(draft, fields=fields, why=why)
        fields = kind.without_hidden(draft.fields)
        if kind.fills_in is not None:
            fields |= kind.fills_in(kind.read(fields), self._finish(draft.record, draft.call))
        return replace(draft, fields=fields)

    def _finish(self, record: str, call: Mapping[str, str]) -> Finish:
        return Finish(
            record=record,
            author=Author(self.store.seat.person, self.store.seat.name),
            now=self.clock(),
            call_started=times.instant_or_none(call.get("started")),
            call_ended=times.instant_or_none(call.get("ended")),
        )

    def finish(self, draft: Draft) -> Revision:
        """Finish a new record, or amend the record of the draft, with all records that its kind makes.

        Raises:
            Unfinished: something is missing, or this person's role may not set the stage; nothing was changed.
            UserError: this person's role may not write the kind, nothing was changed, it was finished before, the draft
                is of a newer version of the kind than this program knows, or it amends a disputed record.
        """
        self._may_write(draft.kind)
        kind = kind_named(draft.kind)
        if draft.schema > kind.version:
            raise UserError(
                "This draft was written with a newer version of the program. Update the program to finish it."
            )
        current = self.store.get(draft.record)
        if current is not None and draft.parents:
            _refuse_disputed(current)
        draft = self.ready(draft)
        before, fields, changed = self._checked(draft)
        with self.store.write() as unit:
            if not draft.parents and self.store.get(draft.record) is not None:
                raise UserError("This was finished already. Open the record and amend it to add something.")
            unit.drop_draft(draft.record)
            return self._append(unit, draft, before, fields, changed)

    def _checked(
        self, draft: Draft, *, restores: bool = False, pressed: bool = False
    ) -> tuple[Fields, Fields, list[str]]:
        """What the draft's author saw, what the record will say once finished, and the units that differ.

        ``pressed``: a press moves the record to its stage. Raises Unfinished; UserError if an amendment changes nothing.
        """
        if draft.parents:
            _refuse_to_amend(kind_named(draft.kind))
        unanswered = [] if restores else _unanswered(self.store, draft, self.council_time.latest(), pressed=pressed)
        problems = [*self.problems(draft), *unanswered]
        problems = problems or _disagreements(self.store, draft.kind, draft.fields)
        if problems:
            raise Unfinished(problems)
        fields = {name: value for name, value in draft.fields.items() if not is_nothing(value)}
        before = _seen(self.store, draft)
        changed = changed_units(kind_named(draft.kind), before, fields)
        if draft.parents and not changed:
            raise UserError("Nothing was changed. Change something, or close without amending.")
        return before, fields, changed

    def _append(self, unit: Unit, draft: Draft, before: Fields, fields: Fields, changed: list[str]) -> Revision:
        """Append a checked draft as a revision, with the records that follow from it."""
        revision = unit.append(
            record=draft.record,
            kind=draft.kind,
            action="amend" if draft.parents else "finish",
            fields=fields,
            changed=changed,
            parents=draft.parents,
            why=draft.why.strip(),
        )
        self._make(unit, kind_named(draft.kind), before, fields, self._finish(draft.record, draft.call))
        return revision

    def move(
        self, record: str, stage: str, answers: Fields, why: str, *, restores: bool = False, question: str = ""
    ) -> Revision:
        """Move a record to a stage at once: an amendment that leaves an open draft of the record unchanged.

        Args:
            record: the record.
            stage: the code of the stage.
            answers: what the move says, nothing for what it empties; the other fields of the stage's group are left empty.
            why: the reason.
            restores: whether this undoes a move; the earlier stage is then not asked for more answers than it had.
            question: the question that this answers, whose draft is deleted; '' if nothing was asked.

        Raises:
            Unfinished: something is missing, or this person's role may not set the stage; nothing was changed.
            UserError: the record is not here, withdrawn or disputed, two versions of its stage stand, or this person's
                role may not write it.
        """
        with self.store.write() as unit:
            current = self._changeable(record)
            kind = kind_named(current.kind)
            group = kind.group_of(kind.stage)
            if undecided := next((name for name in group if name in current.conflicts), ""):
                raise UserError(two_versions(kind, undecided))
            others = {name: value for name, value in current.fields.items() if name not in (*group, *answers)}
            answered_fields = {name: value for name, value in answers.items() if not is_nothing(value)}
            drop_answered(unit, record, question)
            moved = {**others, **answered_fields, kind.stage: stage}
            return self._change(unit, current, moved, why, restores=restores, pressed=True)

    def change_row(self, record: str, name: str, row: str, answers: Fields, why: str) -> Revision:
        """Change answers of one row of a list at once: an amendment that leaves an open draft of the record unchanged.

        Only the changed answers of the row belong to the amendment, so that two laptops may each change a different row.

        Raises:
            Unfinished: something is missing; nothing was changed.
            UserError: the record or the row is not here, it is withdrawn or disputed, two versions of such an answer stand,
                nothing is changed, or this person's role may not write it.
        """
        with self.store.write() as unit:
            current = self._changeable(record)
            listed = current.fields.get(name)
            rows = listed if isinstance(listed, list) else []
            changed = [{**old, **answers} if isinstance(old, dict) and old.get("id") == row else old for old in rows]
            if not any(isinstance(old, dict) and old.get("id") == row for old in rows):
                raise UserError("This row is not in the record any more. Nothing was changed.")
            kind = kind_named(current.kind)
            if any(unit_of == name or unit_of.startswith(f"{name}/{row}") for unit_of in current.conflicts):
                raise UserError(two_versions(kind, name))
            return self._change(unit, current, {**current.fields, name: changed}, why)

    def _change(
        self, unit: Unit, current: Record, fields: Fields, why: str, *, restores: bool = False, pressed: bool = False
    ) -> Revision:
        """Amend a record at once so that it has these fields."""
        draft = Draft(
            record=current.record,
            kind=current.kind,
            schema=kind_named(current.kind).version,
            fields=fields,
            parents=current.heads,
            why=why,
            unseen=tuple(self.store.without_effect(current.record)),
        )
        return self._append(unit, draft, *self._checked(draft, restores=restores, pressed=pressed))

    def add_row(self, record: str, name: str, row: Fields, *, question: str = "") -> Revision:
        """Add a row to a growing list, without a reason; an open draft of the record is unchanged.

        Args:
            record: the record.
            name: the list's field.
            row: the row's answers; a row without an id gets one.
            question: the question that this answers, whose draft is deleted; '' if nothing was asked.

        Raises:
            Unfinished: the row lacks an answer, or has one that cannot be read; nothing was changed.
            UserError: the row is empty, or was in the record before; the list does not grow; the record is not here,
                withdrawn or disputed, or this person's role may not write it.
        """
        with self.store.write() as unit:
            current = self._changeable(record)
            kind = kind_named(current.kind)
            if (described := kind.by_name.get(name)) is None or not described.options.grows:
                raise UserError("Rows cannot be added to this by themselves. Amend the record instead.")
            answers = kind.without_hidden({name: [row]})[name][0].items()
            filled = {inner: value for inner, value in answers if not is_nothing(value)}
            if not filled.keys() - {"id"}:
                raise UserError("This row is empty. Fill it in first.")
            filled.setdefault("id", identity.row_id())
            if record in (reference.record for reference in kind.references({name: [filled]})):
                raise UserError("A record cannot name itself. Choose another one.")
            changed = f"{name}/{filled['id']}"
            after = with_units(current.fields, {changed: filled})
            self._check_row(kind, described, filled, after)
            for earlier in self.store.revisions(record):
                body = body_of(earlier, kind)
                if body is not None and changed in body.changed:
                    raise UserError("This row was added already. Amend the record to change it.")
            revision = unit.append(
                record=record,
                kind=kind.name,
                action="amend",
                fields={name: [filled]},
                changed=[changed],
                parents=current.heads,
            )
            self._make(unit, kind, current.fields, after, self._finish(record, {}))
            drop_answered(unit, record, question)
        return revision

    def _changeable(self, record: str) -> Record:
        """Return a record that can be changed at once, by one press; raises UserError if it cannot."""
        if self.store.get(record) is None and self.store.draft(record) is not None:
            raise UserError("This record is not finished yet. Write it into its draft, or finish it first.")
        current = self._current(record)
        if current.kind not in KINDS:
            raise UserError("This program does not know this kind of record. Update the program to change it.")
        self._may_write(current.kind)
        _refuse_disputed(current)
        _refuse_withdrawn(current)
        return current

    def _check_row(self, kind: Kind, described: Field, row: Fields, after: Fields) -> None:
        """Check only the added row, in the record ``after`` it was added; raises Unfinished."""
        body, now = {described.name: [row]}, self.council_time.latest()
        place = f"{described.name}/{row['id']}"
        problems = kind.unreadable(body)
        for read in getattr(kind.read(body), described.name):
            unread = [problem.field for problem in problems]
            problems += field_problems(described.rows, row, read, now, unread, f"{place}/")
        answered = {problem.field for problem in problems}
        for check in kind.checks:
            complaints = check(kind.read(after), now)
            own = [problem for problem in complaints if f"{problem.field}/".startswith(f"{place}/")]
            problems += [problem for problem in own if problem.field not in answered]
        problems = problems or [
            problem
            for problem in _disagreements(self.store, kind.name, after)
            if f"{problem.field}/".startswith(f"{place}/")
        ]
        if problems:
            raise Unfinished(problems)

    def _make(self, unit: Unit, kind: Kind, before: Fields, after: Fields, finish: Finish) -> None:
        """Make the records that follow from the changes of a record, unless they are here already.

        ``before`` is empty if the record is new.
        """
        new_records: list[NewRecord] = []
        if kind.makes is not None:
            # What the record asked for before was made then, perhaps by an older program under another identifier.
            keys_before = {new.key for new in kind.makes(kind.read(before), finish)} if before else set()
            new_records = [new for new in kind.makes(kind.read(after), finish) if new.key not in keys_before]
        stage = kind.stage_named(kind.stage_of(kind.read(after)))
        if (
            stage is not None
            and stage.makes is not None
            and (not before or kind.stage_of(kind.read(before)) != stage.code)
        ):
            new_records += stage.makes(kind.read(after), finish)
        unique = {identity.made_record_id(finish.record, new.kind, new.key): new for new in new_records}
        for record, new in unique.items():
            if self.store.get(record) is not None:
                continue
            fields = {name: value for name, value in new.fields.items() if not is_nothing(value)}
            unit.append(
                record=record,
                kind=new.kind,
                action="finish",
                fields=fields,
                changed=changed_units(kind_named(new.kind), {}, fields),
                parents=(),
            )

    def withdraw(self, record: str, why: str, *, question: str = "") -> Revision:
        """Withdraw a record; it stays readable, with the reason.

        ``question`` is the question that this answers, whose draft is deleted; '' if nothing was asked.

        Raises:
            UserError: there is no reason, it is withdrawn already or disputed, which waits for a decision, or this person's
                role may not write its kind.
        """
        if not why.strip():
            raise UserError("Enter why this is withdrawn")
        current = self._current(record)
        self._may_write(current.kind)
        _refuse_disputed(current)
        if current.withdrawn and not waits_for_this_manager(self.store, current):
            raise UserError("This record was withdrawn already. Nothing was changed.")
        with self.store.write() as unit:
            drop_answered(unit, record, question)
            return unit.append(
                record=record,
                kind=current.kind,
                action="withdraw",
                fields=current.fields,
                changed=(),
                parents=current.heads,
                why=why.strip(),
            )

    def decide(
        self, record: str, chosen: Mapping[str, Any], why: str, *, keep: bool | None = None, question: str = ""
    ) -> Revision:
        """Settle a conflict: ``chosen`` gives each undecided unit its value; the revision has all heads as parents.

        ``keep`` decides between a withdrawal and an amendment: True keeps the record, False leaves it withdrawn, None if
        nobody withdrew it. A record that everybody withdrew stays withdrawn. ``question`` is the question that this
        answers, whose draft is deleted; '' if nothing was asked.

        Raises:
            UserError: a part is not decided, there is no reason, or this person's role may not set the chosen stage.
        """
        current = self._current(record)
        self._may_write(current.kind)
        missing = set(current.conflicts) - set(chosen)
        if missing:
            raise UserError("Choose a version for every part")
        if current.disputed and keep is None:
            raise UserError("Choose whether to keep this record or leave it withdrawn")
        if not current.needs_decision:
            raise UserError("This was decided already. Nothing was changed.")
        if chosen:
            _refuse_to_amend(kind_named(current.kind))
        if not why.strip():
            raise UserError("Enter why you chose this")
        fields = with_units(current.fields, chosen)
        if refused := _refused_move(self.store.seat.role, kind_named(current.kind), fields, chosen):
            raise UserError(refused)
        with self.store.write() as work:
            drop_answered(work, record, question)
            return work.append(
                record=record,
                kind=current.kind,
                action="withdraw" if current.withdrawn or (current.disputed and not keep) else "amend",
                fields=fields,
                changed=sorted(chosen),
                parents=current.heads,
                why=why.strip(),
            )

    def name_of(self, person: str) -> str:
        """The name of a member of the service by their identifier."""
        if person == self.store.seat.person:
            return self.store.seat.name
        if person == self.store.setting(StoreSetting.COUNCIL_SEAT):
            return self.store.setting(StoreSetting.COUNCIL_NAME) or "The council"
        colleague = self.store.get(person)
        if colleague is not None and colleague.kind == PRACTITIONER.name:
            return KINDS[colleague.kind].title(colleague.fields)
        certificates = self.store.certificates().values()
        return next((certificate.name for certificate in certificates if certificate.person == person), "Somebody")

    def laptop_of(self, seat: str) -> str:
        """The laptop of a seat, from its certificate; '' if the certificate is not here."""
        if seat == self.store.seat.seat:
            return self.store.seat.laptop
        certificate = self.store.certificates().get(seat)
        return certificate.laptop if certificate else ""

    def _current(self, record: str) -> Record:
        current = self.store.get(record)
        if current is None:
            raise UserError("This record is not on this laptop.")
        return current

    def _may_write(self, kind: str) -> None:
        if not may_write(self.store.seat.role, kind):
            raise UserError(f"{who_may(kind_named(kind), writing=True)} Ask your manager if you need it.")


def _refused_move(role: Role, kind: Kind, fields: Fields, changed: Iterable[str]) -> str:
    """The reason why a role may not move a record to its new stage, '' if it may or if the stage does not change."""
    stage = kind.moved_to(fields, changed)
    if stage is None or role in stage.movers:
        return ""
    name = kind.by_name[kind.stage].label.rstrip("?").lower()
    return f"Your role may not set the {name} to '{kind.stage_label(stage.code)}'. Ask your manager."


def _disagreements(store: Store, kind: str, fields: Fields) -> list[Problem]:
    """The problems of a record that says something untrue about other records."""
    untrue_statements = disagreements(kind_named(kind), fields, HeldHere(store), store.seat.person)
    return [Problem(wrong.field, wrong.message) for wrong in untrue_statements]


def _refuse_to_amend(kind: Kind) -> None:
    if not kind.amendable:
        raise UserError(
            f"A {within(kind.label)} stands as it was given, and nobody amends it. Withdraw it, and take a new one."
        )


def _refuse_disputed(current: Record) -> None:
    if current.disputed:
        raise UserError(
            "One laptop withdrew this record while another one changed it. Decide in the sync centre whether to keep "
            "it, then try again."
        )


def _refuse_withdrawn(current: Record) -> None:
    if current.withdrawn:
        raise UserError("This record was withdrawn. Write a new record instead.")


def _seen(store: Store, draft: Draft) -> Mapping[str, Any]:
    """The record as the draft's author saw it: folded from the heads it names and all their ancestors."""
    if not draft.parents:
        return {}
    revisions = {revision.digest: revision for revision in store.all_revisions(draft.record)}
    return seen_from(revisions, draft.parents, draft.unseen)


def _unanswered(store: Store, draft: Draft, now: datetime, *, pressed: bool) -> list[Problem]:
    """Problems of answers that the move to the stage requires; none for an amendment that leaves the stage unchanged."""
    kind = kind_named(draft.kind)
    record, before = kind.read(draft.fields), kind.read(_seen(store, draft))
    stage = kind.stage_named(kind.stage_of(record))
    if stage is None or (draft.parents and not pressed and kind.stage_of(before) == stage.code):
        return []
    return [problem for check in stage.checks for problem in check(record, now)]


def answer_in_draft(records: Records, record: str, name: str, value: str) -> None:
    """Set an answer in a saved draft; do nothing if the draft was finished or discarded meanwhile."""
    draft = records.store.draft(record)
    if draft is not None:
        records.save(replace(draft, fields={**draft.fields, name: value}))


def two_versions(kind: Kind, unit: str) -> str:
    """The reason why an answer or a stage cannot be changed while a unit has two versions."""
    label = unit_label(kind, unit).rstrip("?")
    return f"{label} has two versions. Decide between them first, then amend."


def _concerns(problem: Problem, changed: Collection[str]) -> bool:
    """Whether a problem is about one of the changed units: a field, or one row of a list."""
    name, slash, inner = problem.field.partition("/")
    return name in changed or (bool(slash) and f"{name}/{inner.partition('/')[0]}" in changed)


def seen_from(known: Mapping[str, Revision], heads: Sequence[str], unseen: Collection[str] = ()) -> Mapping[str, Any]:
    """A record's fields as seen by somebody who had these heads and their ancestors, without the ``unseen`` revisions."""
    digests = behind(known, heads)
    kind = KINDS.get(kind_of([known[digest] for digest in digests])) if digests else None
    return seen(known, heads, kind, unseen)


def with_units(fields: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """A body in which these units have these values: fields, or rows of a list, which are sorted by their ids."""
    body = dict(fields)
    rows: dict[str, dict[str, Any]] = {}
    for unit, value in chosen.items():
        name, _, row = unit.partition("/")
        if row:
            rows.setdefault(name, {})[row] = value
        else:
            body[name] = value
    for name, values in rows.items():
        body[name] = sorted(with_rows(body.get(name), values), key=row_id)
    return body
