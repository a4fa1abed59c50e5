"""The training of a household on its page: hours this year, the last sessions as links, and what is due. Must not read anything."""

from functools import partial

from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.views.due_dates import DueLine
from hipss_desktop.views.training import NOBODY_CAME, HouseholdTraining
from ui.base.page import Context
from ui.parts import Card, LinkButton, column, grows, label, row
from ui.records.record_page import flow, tag_of


def due_line(line: DueLine) -> QWidget:
    """A line for something due: its title, its state, the words about it, and the day at the right."""
    holder = QWidget()
    tag = [tag_of(line.tag.words, line.tag.tone, line.tag.icon)] if line.tag else []
    day = [label(line.day, "body_strong")] if line.day else []
    head = flow([label(line.title, "body_strong", wrap=True), *tag])
    shown = row(column(head, label(line.words, "small", "muted", wrap=True), gap=0), *day, gap=16)
    shown.setStretch(0, 1)
    holder.setLayout(shown)
    grows(holder)
    return holder


def training_card(context: Context, training: HouseholdTraining) -> Card:
    """The card with a household's training."""
    card = Card("Training")
    for words in training.hours:
        card.add(label(words, "body", wrap=True))
    for session in training.sessions:
        link = LinkButton(session.title)
        link.clicked.connect(partial(context.open, session.record, TRAINING.name))
        holder = QWidget()
        holder.setLayout(column(flow([link]), label(session.words, "small", "muted", wrap=True), gap=0))
        grows(holder)
        card.add(holder)
    if not training.sessions:
        card.add(label(NOBODY_CAME, "small", "muted", wrap=True))
    card.add(*map(due_line, training.due))
    card.body.addStretch(1)
    return card
