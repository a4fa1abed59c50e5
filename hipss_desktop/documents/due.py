"""What is due, as a page on paper for the worker, and a page that explains how each date is computed.

The list has the days of unannounced visits, and says that carers must not see it. Must not decide what is due.
"""

from collections.abc import Iterator

from hipss_desktop import times
from hipss_desktop.documents.record import printed_by
from hipss_desktop.documents.tree import Block, BulletList, Document, Heading, Paragraph, Table
from hipss_desktop.kinds.value import CHILDREN_OUT, COUNT_AS_VISITS, FOR_NOTHING, UNANNOUNCED_VISITS, in_force
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.due_rules import Rule, Settings
from hipss_desktop.rules.training_rules import TrainingRule, shipped
from hipss_desktop.views.due_dates import COLUMNS, Cell, HouseholdRow
from hipss_desktop.views.services import Services

TITLE = "What is due for carer households"
HANDLING = (
    "Official-sensitive. It holds days of unannounced visits: carers must not see it. Shred it when it is done with."
)
WHAT_COUNTS = (
    "Planned and unannounced visits count. A visit when nobody was in counts for nothing.",
    "Visits by telephone or by video do not count, unless this council lists them.",
    "An unannounced visit that found the children out counts only as this council sets.",
    "The look at the home is met by an unannounced visit whose rooms were seen.",
    "A time counts from the last one that counted, late or not. The due day itself is in time, to its end.",
    "29 February falls on 28 February in other years. A month after the 31st ends on the last day of the month.",
    "A changed frequency counts from its own day, and nothing is due before that day.",
    "Never recorded: approval and the same time. It is amber until that day. A DBS check is due on the day of approval.",
    "The first annual review goes to panel. One that was not at panel counts as a review, and panel stays due.",
    "New terms change no date. An approval after an end begins everything again.",
    "Training standards are each carer’s own. Where it is not said as what a carer is approved, the shorter time counts.",
    "Training counts from a session that was held and to which the carer came, also where they left early.",
    "In assessment, and after approval ended, nothing is due. On hold, everything goes on.",
)
AMBER = (
    "Amber begins 3 days before a supervision visit is due, 60 days before training, and 30 days before anything else."
)


def due_page(services: Services) -> Document:
    """The list of all households, as on the page in the window."""
    table = services.due_views.table()
    listed = code_list("due_what")
    head = ("Carers", *(code.more["short"] for column in COLUMNS if (code := listed.get(column)) is not None))
    blocks: list[Block] = [Paragraph(table.words, strong=True)]
    blocks += [Paragraph(sentence, notice=True) for sentence in table.problems]
    workers = sorted({row.supervisor for row in table.rows}, key=lambda name: (not name, name.casefold()))
    for worker in workers:
        rows = [row for row in table.rows if row.supervisor == worker]
        name = worker or "No supervising social worker"
        blocks += [Heading(name), Table(name, head, tuple(_row(row) for row in rows))]
    if not table.rows:
        blocks.append(Paragraph("No carer household is on this laptop."))
    return Document(title=TITLE, handling=HANDLING, printed=printed_by(services), blocks=tuple(blocks))


def _row(row: HouseholdRow) -> tuple[str, ...]:
    return (", ".join(part for part in (row.name, row.beside) if part), *(_words(cell) for cell in row.cells))


def _words(cell: Cell) -> str:
    return ", ".join(part for part in (cell.day, cell.note) if part)


def explained(services: Services) -> Document:
    """The rules in force today, the council's own settings, and what counts."""
    return Document(title="How each date is worked out", blocks=tuple(_explained(services)))


def _explained(services: Services) -> Iterator[Block]:
    today, settings = services.due_dates.today(), services.due_dates.settings()
    yield Paragraph(f"As on {times.full_day(today)}. {AMBER}")
    for sentence in settings.table.problems:
        yield Paragraph(sentence, notice=True)
    yield Heading("What counts")
    yield BulletList(WHAT_COUNTS)
    yield Heading("The rules")
    rules = [
        settings.rule(rule.due_type, today, approved_as=rule.approved_as) or rule
        for rule in settings.table.rules
        if rule.in_force(today)
    ]
    yield Table("The rules", ("What", "At most", "Set by", "Source", "Last checked"), tuple(map(_rule, rules)))
    yield Heading("How long training counts")
    for sentence in shipped().problems:
        yield Paragraph(sentence, notice=True)
    head = ("Topic", "For whom", "At most", "Set by", "Source", "Last checked")
    yield Table("How long training counts", head, tuple(map(_training_rule, shipped().on(today))))
    yield Heading("What this council has set")
    yield BulletList(tuple(_set_here(settings, services)))


def _rule(rule: Rule) -> tuple[str, ...]:
    label = code_list("due_what").label(rule.due_type)
    kind = code_list("approved_as").label(rule.approved_as) if rule.approved_as else ""
    set_by = "This council" if rule.set_here else rule.basis_words
    checked = times.long_day(rule.last_checked) if rule.last_checked else ""
    return (", ".join(part for part in (label, kind) if part), rule.interval.words, set_by, rule.source, checked)


def _training_rule(row: TrainingRule) -> tuple[str, ...]:
    _, at_most, *rest = _rule(row.rule)
    topic, whom = code_list("training_topic").label(row.topic), code_list("training_for_whom").label(row.for_whom)
    return (topic, whom, at_most, *rest)


def _set_here(settings: Settings, services: Services) -> Iterator[str]:
    today = services.due_dates.today()
    for name, otherwise in ((UNANNOUNCED_VISITS, "1"), (COUNT_AS_VISITS, "nothing"), (CHILDREN_OUT, FOR_NOTHING)):
        value = in_force(settings.values, name, today)
        words = value or f"{otherwise}, as nothing is set"
        yield f"{code_list('value_name').label(name)}: {words}."
    yield "A household’s own frequency stands in its record, with the day from which it holds."
