"""The page of any record, made from the words of its page in the window, so that every kind has one.

It has everything that the record says: all undecided versions, unreadable answers unchanged, and the whole history. Must
not read the store.
"""

from collections.abc import Iterator, Mapping, Sequence

from hipss_desktop import times
from hipss_desktop.documents.strokes import picture
from hipss_desktop.documents.tree import Block, Document, Fields, Heading, Pair, Paragraph, Table
from hipss_desktop.errors import UserError
from hipss_desktop.records.changes import Difference
from hipss_desktop.records.paragraphs import marked
from hipss_desktop.views.paragraphs import ParagraphView
from hipss_desktop.views.record import Line, RecordView, RowCell, RowTable, Version
from hipss_desktop.views.services import Services

HANDLING = "Official-sensitive. Keep it safe, and shred it when it is no longer needed."
CANNOT_BE_READ = "cannot be read, shown as it stands"
LONGEST_CELL = 600
"""The most characters of a table's cell: rows with longer answers are not a table, whose columns would be narrow and long."""
ACTIONS = {
    "finish": "First saved",
    "amend": "Amended",
    "add": "Rows added",
    "withdraw": "Withdrawn",
    "countersign": "Countersigned",
}
"""The actions of revisions, in words."""


Beside = Mapping[str, Sequence[Block]]
"""Blocks to add below a paragraph, by the identifier of its row."""


def record_page(services: Services, record: str, beside: Beside | None = None, after: Sequence[Block] = ()) -> Document:
    """The page of a record as it is now.

    Args:
        services: the use cases.
        record: its identifier.
        beside: blocks to add below some of its paragraphs.
        after: blocks to add after the answers.

    Raises:
        UserError: the record is not on this laptop.
    """
    view = services.record_views.view(record)
    current = services.store.get(record)
    if view is None or current is None:
        raise UserError("This record is not on this laptop.")
    return Document(
        title=f"{view.label} {view.reference}".strip(),
        reference=view.reference,
        digests=current.heads,
        handling=HANDLING,
        printed=printed_by(services),
        blocks=tuple(_blocks(view, beside or {}, after)),
    )


def printed_by(services: Services) -> str:
    """When, by whom and on which laptop the page was made."""
    now, seat = services.clock(), services.store.seat
    at = f"{times.full_day(times.local_day(now))}, {times.with_zone(now)}"
    return ", ".join(part for part in (f"Printed {at}", seat.name, seat.laptop) if part)


def _blocks(view: RecordView, beside: Beside, after: Sequence[Block]) -> Iterator[Block]:
    if view.title != view.label:
        yield Paragraph(view.title, strong=True)
    if view.when:
        yield Paragraph(view.when)
    yield from (Paragraph(words, notice=True) for words in _notices(view))
    yield Heading("What was recorded")
    tags = ", ".join(tag.words for tag in view.tags)
    if tags:
        yield Fields((Pair("Marked", tags),))
    for group in view.groups:
        if group.title:
            yield Heading(group.title, 3)
        yield from _answers(group.lines, beside, level=4 if group.title else 3)
    if not view.lines:
        yield Paragraph("Nothing was written here, or what was written is not on this laptop.")
    yield from after
    yield Heading("About this record")
    yield Fields(tuple(Pair(line.label, line.words) for line in view.bookkeeping))
    yield Heading("Version history")
    for version in view.versions:
        yield from _version(version)


def _notices(view: RecordView) -> Iterator[str]:
    if view.withdrawn:
        why = next((version.why for version in view.versions if version.action == "withdraw"), "")
        yield f"Withdrawn. Why: {why}" if why else "Withdrawn."
    if view.needs_decision:
        yield "Two laptops changed the same record. This page shows both versions until somebody decides which is right."
    elif view.state == "needs_you":
        yield "The council holds this back. The sync centre says why."
    if view.unreadable:
        is_single = view.unreadable == 1
        yield (
            f"{'1 answer' if is_single else f'{view.unreadable} answers'} cannot be read. "
            f"{'It is' if is_single else 'They are'} shown as {'it stands' if is_single else 'they stand'}."
        )


def _answers(lines: tuple[Line, ...], beside: Beside, *, level: int) -> Iterator[Block]:
    """Answers in order: those in words together, and rows as separate tables under a heading."""
    pairs: list[Pair] = []
    for line in lines:
        label = f"{line.label} ({CANNOT_BE_READ})" if line.unreadable else line.label
        if line.table is not None or _is_read_apart(line.paragraphs):
            if pairs:
                yield Fields(tuple(pairs))
            pairs = []
            yield Heading(label, level)
            yield from _rows(line.label, line.table) if line.table is not None else _paragraphs(line.paragraphs, beside)
        elif not line.undecided:
            pairs.append(Pair(label, line.words))
        if line.strokes and not line.undecided:
            yield Fields(tuple(pairs))
            pairs = []
            yield picture(line.strokes, line.label)
        for answer in line.undecided:
            for number, version in enumerate(answer.versions, start=1):
                which = f"version {number} of {len(answer.versions)}"
                pairs.append(Pair(f"{answer.label}, {which}", f"{version.words}\n({version.written})"))
    if pairs:
        yield Fields(tuple(pairs))


def _is_read_apart(paragraphs: Sequence[ParagraphView]) -> bool:
    """Whether a text has its own heading; a single paragraph without a mark is beside its label."""
    return len(paragraphs) > 1 or any(shown.mark for shown in paragraphs)


def _paragraphs(paragraphs: Sequence[ParagraphView], beside: Beside) -> Iterator[Block]:
    """A text as paragraphs of the page, each with its mark in words before it."""
    for shown in paragraphs:
        if shown.over:
            yield Paragraph(shown.over, strong=True)
        words = marked(shown.mark, shown.words) + (f" ({shown.more})" if shown.more else "")
        yield Paragraph(f"{words} ({CANNOT_BE_READ})" if shown.unreadable else words)
        yield from beside.get(shown.id, ())


def _rows(name: str, table: RowTable) -> Iterator[Block]:
    rows = tuple(tuple(_cell(cell) for cell in row) for row in table.rows)
    if not table.headings:
        yield Paragraph("Rows without an answer.")
        return
    if all(len(words) <= LONGEST_CELL for row in rows for words in row):
        yield Table(name, table.headings, rows)
        return
    for number, row in enumerate(rows, start=1):
        yield Paragraph(f"{name}, row {number} of {len(rows)}", strong=True)
        yield Fields(tuple(Pair(label, words) for label, words in zip(table.headings, row, strict=True) if words))


def _cell(cell: RowCell) -> str:
    return f"{cell.words} ({CANNOT_BE_READ})" if cell.unreadable else cell.words


def _version(version: Version) -> Iterator[Block]:
    action = ACTIONS.get(version.action, version.action)
    yield Heading(f"Version {version.number}, {action.lower()}" if version.number else action, 3)
    sent = "With the council" if version.with_council else "Waiting on this laptop"
    pairs = [
        Pair("Who", version.author_name),
        Pair("When", f"{times.written_at(version.at)}. {version.clock}".removesuffix(". ")),
    ]
    pairs += [
        Pair("Laptop", f"{version.laptop}. {sent}" if version.laptop else sent),
        Pair("Version ID", version.digest),
    ]
    if version.why:
        pairs.append(Pair("Why", version.why))
    if version.action in ("amend", "add"):
        pairs += [pair for change in version.differences for pair in _change(change)]
    yield Fields(tuple(pairs))


def _change(change: Difference) -> Iterator[Pair]:
    if change.was:
        yield Pair(f"{change.label}, was", change.was)
    yield Pair(f"{change.label}, now", change.now or "Taken out")
