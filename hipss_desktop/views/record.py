"""One record in words, with its history: every answer, rows as small tables, and unreadable answers unchanged.

Must not write; amending goes through ``services.records``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.kinds.person_names import PARTS
from hipss_desktop.records import telephone
from hipss_desktop.records.changes import Difference, differences, unit_label
from hipss_desktop.records.fields import Field, Fields, as_text, is_nothing
from hipss_desktop.records.fold import Units, body_of, fold, kind_of
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.references import references, referred
from hipss_desktop.records.revision import Revision
from hipss_desktop.records.strokes import Stroke
from hipss_desktop.records.strokes import read as read_strokes
from hipss_desktop.services.locked_numbers import Unconfirmed, unconfirmed, waits_for_this_manager
from hipss_desktop.services.ports import Record, Store, SyncState
from hipss_desktop.services.records import Records, seen_from
from hipss_desktop.views import names
from hipss_desktop.views.clock_apart import written_words
from hipss_desktop.views.names import Names
from hipss_desktop.views.paragraphs import ParagraphView, paragraph_views
from hipss_desktop.views.tags import Tag
from hipss_desktop.views.undecided import Undecided, UndecidedAnswers


@dataclass(frozen=True)
class Version:
    """One revision in the history.

    ``number`` counts from 1, and is 0 for one that only adds rows, whose ``action`` is "add"; ``at`` is the author's clock.
    ``differences`` compares it with what its author saw. ``held`` is why it has no effect on the record, '' if it has; it
    is then not counted. ``mine`` is whether this person wrote it on this laptop.
    """

    number: int
    digest: str
    action: str
    author: str
    author_name: str
    laptop: str
    at: str
    why: str
    differences: tuple[Difference, ...]
    with_council: bool
    held: str = ""
    mine: bool = False
    clock: str = ""
    """A sentence if the author's clock was wrong by the council's time, as far as their laptop knew; else ''."""


@dataclass(frozen=True)
class Reference:
    """A reference from one record to another.

    Attributes:
        unit: the place of the reference: a field, or "<field>/<row id>/<field of the row>".
        label: the label of the field with the reference.
        record, kind, name: the record referred to, its kind and its name; ``kind`` is '' if it is not here.
    """

    unit: str
    label: str
    record: str
    kind: str
    name: str


@dataclass(frozen=True)
class RowCell:
    """One answer of a row.

    Attributes:
        words: the answer in words.
        references: the records that it refers to, in the order of the words; empty if there are none.
        changed: whether the newest amendment gave the answer.
        unreadable: whether it does not fit its field and is shown unchanged.
    """

    words: str
    references: tuple[Reference, ...] = ()
    changed: bool = False
    unreadable: bool = False


@dataclass(frozen=True)
class RowTable:
    """The rows of a list field: the headings of the columns that have any answer, and the cells of each row.

    ``numbers`` are the columns with telephone numbers, ``called`` those that say who answers; both are empty if the rows
    are not people to ring. ``amounts`` are the columns with amounts, ``total`` is whether the last row adds them up.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[RowCell, ...], ...]
    numbers: tuple[int, ...] = ()
    called: tuple[int, ...] = ()
    amounts: tuple[int, ...] = ()
    total: bool = False


@dataclass(frozen=True)
class Line:
    """One field of a record in words.

    Attributes:
        unit: the field's name.
        label, words: the question and the answer; ``table`` is the answer if it is a list of rows.
        undecided: the answer, or its rows, that have two versions until somebody decides.
        unreadable: whether part of the answer does not fit and is shown unchanged, outside a cell that would say so.
        phone: whether the answer is a number to ring.
        paragraphs: the answer if it is a text by paragraph; ``words`` has them too, each after its mark.
        strokes: the answer if it was drawn by hand.
    """

    unit: str
    label: str
    words: str
    undecided: tuple[Undecided, ...] = ()
    unreadable: bool = False
    table: RowTable | None = None
    phone: bool = False
    paragraphs: tuple[ParagraphView, ...] = ()
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True)
class LineGroup:
    """Lines that are shown together, under a title ('' for none)."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Growing:
    """A list of rows to which this person may add one: its field, its label, and the words of the button."""

    unit: str
    label: str
    adds: str


@dataclass(frozen=True)
class RecordView:
    """One record with its history.

    Attributes:
        when: the moment that dates it, '' if its kind has none.
        about: the references at the top, which can be opened; references inside rows are in the rows.
        lines: all answers in the order of the fields; ``groups`` are the lines in reading order: what the kind leads
            with, then its sections, without what the head already shows (``said_above``).
        bookkeeping: who wrote it and when, and its reference and identifier.
        may_withdraw: whether this person may withdraw it; False while a withdrawal is undecided.
        versions: the revisions with effect; ``held`` are those that this person wrote on this laptop and that have none.
        counts: False if all of it is held back: nobody else has it, and this is what this person wrote.
        growing: the lists to which this person may add a row.
        unreadable: the number of answers that do not fit their fields.
        unconfirmed: for a phone directory entry, what lock screens show instead, and who changed it when; '' if
            they show this entry.
    """

    record: str
    kind: str
    label: str
    reference: str
    when: str
    title: str
    tags: tuple[Tag, ...]
    about: tuple[Reference, ...]
    lines: tuple[Line, ...]
    groups: tuple[LineGroup, ...]
    bookkeeping: tuple[Line, ...]
    said_above: frozenset[str]
    growing: tuple[Growing, ...]
    unreadable: int
    versions: tuple[Version, ...]
    state: SyncState
    withdrawn: bool
    needs_decision: bool
    may_amend: bool
    may_withdraw: bool
    held: tuple[Version, ...] = ()
    counts: bool = True
    unconfirmed: str = ""


class RecordViews:
    """Reads records for one open store."""

    def __init__(self, store: Store, records: Records, named: Names, undecided: UndecidedAnswers) -> None:
        self._store = store
        self._records = records
        self._names = named
        self._undecided = undecided

    def view(self, record: str) -> RecordView | None:
        """One record with its history, None if it is not here.

        If all of a record is held back, it is shown as this person wrote it on this laptop.
        """
        current = self._store.get(record)
        shown_record = current or self._store.held_record(record)
        if shown_record is None:
            return None
        kind = KINDS.get(shown_record.kind)
        withdrawn = [Tag("Withdrawn", "neutral", "xc")] if shown_record.withdrawn else []
        history = self.history(record)
        versions = tuple(version for version in history if not version.held)
        may_write_it = may_write(self._store.seat.role, shown_record.kind)
        may_change = current is not None and may_write_it and not shown_record.withdrawn
        may_amend = may_change and (kind is None or kind.amendable)
        change = unconfirmed(self._store, shown_record)
        may_withdraw = may_change or (shown_record.withdrawn and waits_for_this_manager(self._store, shown_record))
        lines = tuple(self._lines(shown_record, kind, self._rows_before(record, versions)))
        return RecordView(
            record=record,
            kind=shown_record.kind,
            label=kind.label if kind else shown_record.kind,
            reference=names.reference(shown_record),
            when=names.when_words(self._names, shown_record) if kind is None or kind.dated_by else "",
            title=names.title(shown_record),
            tags=(*withdrawn, *(names.tags(kind, shown_record, kind.tags) if kind else ())),
            about=tuple(self._about(shown_record, kind)) if kind else (),
            lines=lines,
            groups=_groups(kind, lines),
            bookkeeping=tuple(self._bookkeeping(shown_record, versions)),
            said_above=_said_above(kind) if kind else frozenset(),
            growing=_growing(kind, shown_record) if kind and may_amend and not shown_record.disputed else (),
            unreadable=len(kind.misfits(shown_record.fields)) if kind else 0,
            versions=versions,
            state=shown_record.state,
            withdrawn=shown_record.withdrawn,
            needs_decision=shown_record.needs_decision,
            may_amend=may_amend,
            may_withdraw=may_withdraw and not shown_record.disputed,
            held=tuple(version for version in history if version.held and version.mine),
            counts=current is not None,
            unconfirmed=_unconfirmed_words(change, history) if change else "",
        )

    def _lines(self, record: Record, kind: Kind | None, before: Mapping[str, Fields]) -> Iterator[Line]:
        order = {ordered.name: place for place, ordered in enumerate(kind.fields)} if kind else {}
        undecided: dict[str, list[Undecided]] = {}
        for answer in self._undecided.of(record):
            undecided.setdefault(answer.field, []).append(answer)
        unread = {field.path for field in kind.misfits(record.fields)} if kind else set()
        for name in sorted({*record.fields, *undecided}, key=lambda name: (order.get(name, len(order)), name)):
            value = record.fields.get(name)
            field = kind.by_name.get(name) if kind else None
            empty = field.is_empty(value) if field else is_nothing(value)
            if empty and name not in undecided and name not in unread:
                continue
            table, paragraphs = None, None
            if field is not None and field.by_paragraph:
                over = (
                    kind.over(kind.of(record), self._names.name) if kind is not None and kind.over is not None else None
                )
                paragraphs = paragraph_views(field, value, self._names.name, unread=unread, before=before, over=over)
            elif field is not None and field.type == "rows":
                table = self._table(field, value, unread, before)
            linked = field.options.refers_to if field is not None and field.type == "reference" else ""
            words = (
                self._names.linked(linked, value)
                if linked and isinstance(value, str)
                else self._names.words(record.kind, name, value)
            )
            inside = any(path.startswith(f"{name}/") for path in unread)
            misfit = name in unread or (table is None and paragraphs is None and inside)
            answers = tuple(undecided.get(name, ()))
            phone = field is not None and field.type == "phone"
            drawn = read_strokes(str(value)) if field is not None and field.type == "strokes" else None
            label = unit_label(kind, name)
            yield Line(name, label, words, answers, misfit, table, phone, paragraphs or (), drawn or ())

    def _bookkeeping(self, record: Record, versions: Sequence[Version]) -> Iterator[Line]:
        """Who wrote the record first and last, its reference and its identifier."""
        yield Line("", "Reference", names.reference(record))
        if versions:
            first, last = versions[-1], versions[0]
            yield Line("", "First written", _written(first))
            if last is not first:
                yield Line("", "Last changed", _written(last))
        schemas = [revision.envelope.schema for revision in self._store.revisions(record.record)]
        if schemas:
            yield Line("", "Version of the form", str(max(schemas)))
        yield Line("", "Identifier", record.record)

    def _table(self, field: Field, value: Any, unread: Set[str], before: Mapping[str, Fields]) -> RowTable | None:
        """Rows as a table, None if any of them is not a row: the value is then shown unchanged."""
        rows = value if isinstance(value, list) else []
        if not rows or not all(isinstance(row, Mapping) for row in rows):
            return None
        rows = self._in_order(field, rows)
        held = [inner for inner in field.rows if any(not inner.is_empty(row.get(inner.name)) for row in rows)]
        named = any(inner.options.names for inner in held)  # with a name, a row needs no identifier of the person
        held = [inner for inner in held if not (named and _is_identifier(inner))]
        known = {"id", *(inner.name for inner in field.rows)}
        more = sorted({name for row in rows for name in row if name not in known})
        return RowTable(
            headings=(*(inner.label for inner in held), *(unit_label(None, name) for name in more)),
            rows=tuple(
                (
                    *(self._cell(inner, row, f"{field.name}/{row.get('id')}", unread, before) for inner in held),
                    *(RowCell(as_text(row.get(name))) for name in more),
                )
                for row in rows
            ),
            numbers=tuple(at for at, inner in enumerate(held) if inner.type == "phone"),
            called=_called(held),
        )

    def _cell(self, field: Field, row: Fields, unit: str, unread: Set[str], before: Mapping[str, Fields]) -> RowCell:
        value, path = row.get(field.name), f"{unit}/{field.name}"
        return RowCell(
            words=field.words(value, self._names.dated),
            references=tuple(self._dated(path, field, named) for named in referred(field, value)),
            changed=unit in before and not field.is_empty(value) and value != before[unit].get(field.name),
            unreadable=path in unread or any(unread_path.startswith(f"{path}/") for unread_path in unread),
        )

    def _rows_before(self, record: str, versions: Sequence[Version]) -> Mapping[str, Fields]:
        """The rows that the newest amendment changed, or that were added last, by unit: as their author saw them before.

        A new row has no fields.
        """
        newest = next((version for version in versions if version.action != "add"), None)
        amended = _rows_of(newest) if newest is not None and newest.action == "amend" else []
        before: dict[str, Fields] = {}
        if newest is not None and amended:
            known = {revision.digest: revision for revision in self._store.all_revisions(record)}
            seen = Units(seen_from(known, known[newest.digest].envelope.parents))
            rows = {unit: seen.value(unit) for unit in amended}
            before = {unit: row if isinstance(row, Mapping) else {} for unit, row in rows.items()}
        if versions and versions[0].action == "add":
            before.update({unit: {} for unit in _rows_of(versions[0])})
        return before

    def _named(self, unit: str, field: Field, record: str) -> Reference:
        named_record, name = self._store.get(record), self._names.linked(field.options.refers_to, record)
        return Reference(unit, field.label, record, named_record.kind if named_record else "", name)

    def _dated(self, unit: str, field: Field, record: str) -> Reference:
        name = self._names.dated(record, field.options.refers_to)
        return replace(self._named(unit, field, record), name=name)

    def _in_order(self, field: Field, rows: list[Any]) -> list[Any]:
        """Rows in the order of the records that they refer to, if each refers to one that has a moment."""
        if any(inner.type in ("day", "instant") for inner in field.rows):
            return rows
        moments = [self._moment(field, row) for row in rows]
        known = [at for at in moments if at is not None]
        if len(known) < len(rows):
            return rows
        return [rows[at] for at in sorted(range(len(rows)), key=lambda at: known[at])]

    def _moment(self, field: Field, row: Fields) -> datetime | None:
        named = (reference for inner in field.rows for reference in referred(inner, row.get(inner.name)))
        return next((at for reference in named if (at := self._names.moment_of(reference)) is not None), None)

    def _about(self, record: Record, kind: Kind) -> Iterator[Reference]:
        for named in references(kind.fields, kind.of(record)):
            if "/" not in named.path:
                yield self._named(named.path, named.field, named.record)

    def history(self, record: str) -> list[Version]:
        """Every revision of a record, newest first, with its changes and whether the council has it."""
        revisions, held = self._store.all_revisions(record), self._store.without_effect(record)
        known = {revision.digest: revision for revision in revisions}
        part = [revision for revision in revisions if revision.digest not in held] or revisions
        kind = KINDS.get(kind_of(part)) if part else None
        growths = fold(revisions, kind, held).growths if revisions else frozenset[str]()
        own = self._store.own_seats()
        versions: list[Version] = []
        number = 0
        for revision in revisions:
            body = body_of(revision, kind)
            added = revision.digest in growths
            counted = not added and revision.digest not in held
            number += counted
            changes: list[Difference] = []
            if body is not None:
                before = {} if added else seen_from(known, revision.envelope.parents)
                changes = differences(kind, body.changed, before, body.fields, self._names.name)
            versions.append(
                Version(
                    number=number if counted else 0,
                    digest=revision.digest,
                    action="add" if added else revision.envelope.action,
                    author=revision.envelope.author,
                    author_name=self._records.name_of(revision.envelope.author),
                    laptop=self._records.laptop_of(revision.envelope.seat),
                    at=revision.envelope.clock,
                    why=body.why if body else "",
                    differences=tuple(changes),
                    with_council=self._with_council(revision),
                    held=held.get(revision.digest, ""),
                    mine=revision.envelope.seat in own,
                    clock=written_words(revision.envelope.council_ahead),
                )
            )
        return versions[::-1]

    def _with_council(self, revision: Revision) -> bool:
        if revision.envelope.seat not in self._store.own_seats():
            return True
        return bool(self._store.receipt(revision.digest))


def _called(held: Sequence[Field]) -> tuple[int, ...]:
    """The columns that say who answers a number: the name, else required texts, else the first text; () without a number."""
    if not any(field.type == "phone" for field in held):
        return ()
    texts = [at for at, field in enumerate(held) if field.type == "text"]
    name = tuple(at for at in texts if held[at].name in PARTS)
    return name or tuple(at for at in texts if held[at].options.required) or tuple(texts[:1])


def _groups(kind: Kind | None, lines: Sequence[Line]) -> tuple[LineGroup, ...]:
    """The lines in reading order: what the kind leads with, its sections, then the rest."""
    lines_by_unit = {line.unit: line for line in lines}
    sections = [("", kind.lead), *((section.title, section.fields) for section in kind.sections)] if kind else []
    groups = [
        LineGroup(title, tuple(lines_by_unit.pop(name) for name in fields if name in lines_by_unit))
        for title, fields in sections
    ]
    rest = LineGroup("Other answers" if kind and kind.sections else "", tuple(lines_by_unit.values()))
    return tuple(group for group in (*groups, rest) if group.lines)


def _is_identifier(field: Field) -> bool:
    """Whether a field contains the identifier of a row in another record, which nobody types or reads."""
    return field.type == "text" and not field.options.searchable and field.options.shown_if is not None


def _written(version: Version) -> str:
    """Who wrote a version, when and on which laptop."""
    return ", ".join(part for part in (version.author_name, times.written_at(version.at), version.laptop) if part)


def _unconfirmed_words(change: Unconfirmed, history: Iterable[Version]) -> str:
    """What lock screens show instead of a phone directory entry, who changed it and when, and what a manager must do."""
    newest = next(version for version in history if version.digest in change.since)
    entry = change.shown
    shown = f"still shows {entry.label}, {telephone.grouped(entry.number)}" if entry else "does not show this number"
    mend = "withdrawn it too" if newest.action == "withdraw" else "amended the entry"
    return (
        f"The locked screen {shown}. {newest.author_name} changed this on {times.written_at(newest.at)}. "
        f"Locked screens follow once a manager has {mend}."
    )


def _said_above(kind: Kind) -> frozenset[str]:
    """The fields that the date, the tags and the title already show."""
    return frozenset({kind.dated_by, kind.ends_at, *kind.subtitle, *kind.tags, *kind.told_by_title})


def _rows_of(version: Version) -> list[str]:
    """The units of the rows that a version gave."""
    return [difference.unit for difference in version.differences if "/" in difference.unit and difference.now]


def _growing(kind: Kind, record: Record) -> tuple[Growing, ...]:
    read = kind.of(record)
    return tuple(
        Growing(field.name, field.label, field.adds)
        for field in kind.fields
        if field.options.grows and field.shown(read)
    )
