"""The parts of the page on which a visit is written: the questions of each part, beside the text of its sections.

Must not save anything. The part with the last visit's actions is in ``ui.visits.last_actions``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.visit import OF_A_CHILD, VISIT, Visit, about, sections_of, was_held
from hipss_desktop.records.fields import Field as Described
from hipss_desktop.records.fields import Problem, as_text, parts_of
from hipss_desktop.services.supervision import Member
from hipss_desktop.views.supervision import COUNTS_FOR_NOTHING, OF_WHAT_YOU_SEE, SinceLine, VisitView
from ui.base.page import Context
from ui.parts import (
    Banner,
    Field,
    Heading,
    IconLabel,
    LinkButton,
    Rule,
    Suggestion,
    column,
    grows,
    label,
    row,
    spoken_label,
    turn,
)
from ui.records.caret import TextField
from ui.records.controls import RowQuestions, texts_in
from ui.records.find import finder
from ui.records.record_page import flow
from ui.theme import theme_of
from ui.visits.part_card import PartCard, Placed, rows_of, with_rows
from ui.visits.people import People
from ui.visits.section_text import SectionText

BESIDE, ASKED = 480, 190
"""Pixels at 100 % text size: the least width for a record and its question side by side, and the question's width then."""
UNLIMITED = 16777215
"""Qt's own greatest width."""
ANOTHER_CHILD = "Another child placed there"


def rows_in(fields: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The rows of a list in a body, without those that have no id."""
    listed = fields.get(name)
    rows = listed if isinstance(listed, list) else []
    return [row for row in rows if isinstance(row, Mapping) and row.get("id")]


def asked_of(name: str, *inner: str) -> tuple[Described, list[Described]]:
    """The field of a visit's list, and the named fields of its rows."""
    field = VISIT.by_name[name]
    return field, [row_field for row_field in field.rows if row_field.name in inner]


class VisitPart(PartCard):
    """Asks when, how and where the visit was, and who was there or that nobody was in."""

    question_names = ("type", "began", "ended", "nobody_in", "where")

    def lay_out(self) -> None:
        seat = self.context.services.store.seat
        self.before = IconLabel("flag", "", "small", "muted")
        self.before.setWordWrap(True)
        self.nobody = Banner("Nobody was in.", COUNTS_FOR_NOTHING, tone="amber", icon="info")
        self.nobody.hide()
        self.people = People(seat.person, seat.name)
        self.people.edited.connect(self.edited)
        super().lay_out()
        self.add(self.nobody, self.before, self.people)

    def set_fields(self, fields: Mapping[str, Any], visit: Visit) -> None:
        """Show a visit's answers, and who of the household may be named."""
        super().set_fields(fields, visit)
        self.set_members(fields, self.context.services.supervision.members(visit.carer))

    def set_members(self, fields: Mapping[str, Any], members: Sequence[Member]) -> None:
        """Offer these members of the household beside those who are named."""
        self.people.set_rows(fields.get("people"), members)

    def show_view(self, view: VisitView) -> None:
        """Say when the last visits were."""
        self.before.setText(view.before)

    def show_asked(self, visit: Visit, fields: Mapping[str, Any]) -> None:
        """If nobody was in, say that the call counts for nothing, and hide the question about the people."""
        super().show_asked(visit, fields)
        self.nobody.setVisible(not was_held(visit))
        self.people.setVisible(was_held(visit))

    def answers(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answers, and who was there."""
        return {**super().answers(body), "people": self.people.rows(body.get("people"))}

    def show_problems(self, problems: Sequence[Problem]) -> Placed:
        """Put each problem beside its question."""
        words = next((problem.message for problem in problems if problem.field.partition("/")[0] == "people"), "")
        self.people.field.set_error(words)
        placed = super().show_problems(problems)
        return [*placed, *([(words, self.people.field)] if words else [])]

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in reading order."""
        return [*super().stops(), *self.people.stops()]


class ChildBlock(QWidget):
    """One child: seen or not, alone or not, and the text of each section."""

    edited = Signal()

    def __init__(self, context: Context, held: Mapping[str, Any], *, alone: bool) -> None:
        super().__init__()
        self.child = as_text(held.get("child"))
        called = context.services.visit_views.child(self.child)
        field, inner_fields = asked_of("children", "seen", "why_not", "seen_alone", "why_not_alone", "where", "minutes")
        self.questions = RowQuestions(field, context, held, inner_fields, cards=True)
        self.questions.set_name(called.name)
        self.questions.edited.connect(self.edited)
        placed = VISIT.by_name["children"].rows[1].words(held.get("placed_as"))
        beside = " · ".join(filter(None, (called.number, placed)))
        head = flow([Heading(called.name, 3, style="body_strong"), label(beside, "small", "muted", ids=True)])
        codes = [section for section in sections_of("children") if about(section) == OF_A_CHILD]
        shown_as = "" if alone else called.name
        self.sections = [
            SectionText(section, self.child, called.given_name, shown_as or called.name) for section in codes
        ]
        self.setLayout(column(head, self.questions, *self.sections, gap=12))
        for section in self.sections:
            section.edited.connect(self.edited)
        grows(self)

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in reading order."""
        return [*self.questions.stops(), *(stop for section in self.sections for stop in section.stops())]


class ChildrenPart(PartCard):
    """A block for each child placed there. A child whose placement is not on this laptop yet is added by name."""

    question_names = ("children_out",)

    def lay_out(self) -> None:
        self.blocks: list[ChildBlock] = []
        super().lay_out()
        self._box = column(gap=16)
        holder = QWidget()
        holder.setLayout(self._box)
        grows(holder)
        self.none = label(
            "No child is placed there on this day, of what is on this laptop.", "small", "muted", wrap=True
        )
        self.other = finder(CHILD.name, self.context, ANOTHER_CHILD)
        self.other.setPlaceholderText(ANOTHER_CHILD)
        self.other.picked.connect(self._add)
        spoken_label(ANOTHER_CHILD, self.other)
        self.add(holder, self.none, self.other)

    def set_fields(self, fields: Mapping[str, Any], visit: Visit) -> None:
        """Show a visit's children."""
        super().set_fields(fields, visit)
        for held in rows_in(fields, "children"):
            self._put(held, fields)

    def add_rows(self, rows: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]) -> None:
        """Add blocks for children whose placement has arrived. Children already shown stay unchanged."""
        shown = {block.child for block in self.blocks}
        for held in rows:
            if as_text(held.get("child")) not in shown:
                self._put(held, fields)

    def _put(self, row: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
        block = ChildBlock(self.context, row, alone=False)
        for section in block.sections:
            section.set_rows(rows_of(fields, section))
        block.edited.connect(self.edited)
        if self.blocks:
            self._box.addWidget(Rule())
        self._box.addWidget(block)
        self.blocks.append(block)
        self.sections += block.sections
        self.none.hide()

    def _add(self, picked: object) -> None:
        if isinstance(picked, Suggestion):
            record = str(picked.key)
            self.other.set_value(None)
            self.add_rows([{"id": f"child-{record}", "child": record}], {})
            self.edited.emit()
            self.blocks[-1].questions.go()

    def show_asked(self, visit: Visit, fields: Mapping[str, Any]) -> None:
        """Show the questions of the visit, and count the children. Their sections are always asked."""
        super().show_asked(visit, fields)
        self.set_count(len(self.blocks))

    def answers(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answers of each child."""
        rows = {block.questions.row_id: block.questions.value() for block in self.blocks}
        return {**super().answers(body), "children": with_rows(body.get("children"), rows)}

    def show_problems(self, problems: Sequence[Problem]) -> Placed:
        """Put each problem beside its question."""
        messages = {problem.field: problem.message for problem in reversed(problems)}
        inside = [placed for block in self.blocks for placed in block.questions.errors("children", messages)]
        return [*super().show_problems(problems), *inside]

    def question(self, path: str) -> Field | None:
        """The question for a path, of a child or of the visit."""
        _, row, name = parts_of(path)
        blocks = (block for block in self.blocks if row and block.questions.row_id == row)
        return next((block.questions.questions.get(name) for block in blocks), None) or super().question(path)

    def settle(self) -> None:
        """Complete what is typed."""
        super().settle()
        for block in self.blocks:
            block.questions.settle()

    def text_fields(self) -> dict[str, TextField]:
        """The fields that words are typed into."""
        fields = super().text_fields()
        for block in self.blocks:
            fields |= texts_in(block.questions.stops(), f"children/{block.questions.row_id}")
        return fields

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in reading order."""
        later = [self.later] if self.later is not None else []
        form_stops = [stop for control in self.form.controls.values() for stop in control.stops()] if self.form else []
        return [*later, *form_stops, *(stop for block in self.blocks for stop in block.stops()), self.other]


class SinceBlock(QWidget):
    """A record since the last visit: what it is called, its line, and whether it was raised."""

    edited = Signal()

    def __init__(self, context: Context, held: Mapping[str, Any]) -> None:
        super().__init__()
        self.context = context
        self.line: SinceLine | None = None
        self.late = held.get("came_later") is True
        self.when = label("", "small", "muted")
        self.link = LinkButton("…")
        self.link.clicked.connect(self._open)
        self.words = label("", "small", wrap=True)
        self.words.hide()
        field, inner_fields = asked_of("since", "raised", "why_not")
        self.questions = RowQuestions(field, context, held, inner_fields, cards=True)
        self.questions.edited.connect(self.edited)
        head: list[QWidget] = [self.when, self.link]
        if self.late:
            head.append(IconLabel("sync", "Added since you began", "small", "accent"))
        record_words = QWidget()
        record_words.setLayout(column(flow(head), self.words, None, gap=2))
        grows(record_words)
        self._across = row(record_words, self.questions, gap=16)
        self._across.setStretch(0, 1)
        self.setLayout(self._across)
        grows(self)
        self._fit()

    def show_line(self, line: SinceLine | None) -> None:
        """Show the record as it reads now."""
        if line is None or line == self.line:
            return
        self.line = line
        self.when.setText(line.when)
        self.when.setVisible(bool(line.when))
        self.link.setText(line.title)
        self.link.setAccessibleName(", ".join(filter(None, (line.title, line.when))))
        self.link.setEnabled(bool(line.kind))
        self.words.setText(line.words)
        self.words.setVisible(bool(line.words))
        self.questions.set_name(f"{line.title}, {line.when}")

    def _fit(self) -> None:
        """Put the question beside the record's words, or below them if there is no room."""
        theme = theme_of(self)
        beside = self.width() >= theme.px(BESIDE)
        self.questions.setMaximumWidth(theme.px(ASKED) if beside else UNLIMITED)
        self.questions.setMinimumWidth(theme.px(ASKED) if beside else 0)
        turn(self._across, beside=beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _open(self) -> None:
        if self.line is not None and self.line.kind:
            self.context.open(self.line.record, self.line.kind)


class SincePart(PartCard):
    """The records since the last visit that this person may see."""

    def lay_out(self) -> None:
        self.blocks: dict[str, SinceBlock] = {}
        self.late = IconLabel("sync", "", "small_strong", "accent")
        self.late.hide()
        self.see = label(OF_WHAT_YOU_SEE, "small", "muted", wrap=True)
        self._box = column(gap=12)
        holder = QWidget()
        holder.setLayout(self._box)
        grows(holder)
        self.add(self.see, self.late, holder)

    def set_fields(self, fields: Mapping[str, Any], visit: Visit) -> None:
        """Show a visit's records, the earliest first."""
        super().set_fields(fields, visit)
        self.add_rows(rows_in(fields, "since"))

    def add_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add blocks for records that have arrived. Records already shown stay unchanged."""
        for held in rows:
            name = as_text(held.get("id"))
            if name not in self.blocks:
                block = SinceBlock(self.context, held)
                block.edited.connect(self.edited)
                self._box.addWidget(block)
                self.blocks[name] = block

    def show_view(self, view: VisitView) -> None:
        """Show the line of each record, and how many records arrived since the visit was begun."""
        for name, block in self.blocks.items():
            block.show_line(view.since.get(name))
        nothing = "" if self.blocks else " Nothing came."
        since = f"Since {view.last}. " if view.last else ""
        self.see.setText(f"{since}{OF_WHAT_YOU_SEE}{nothing}")
        self.late.setText(view.late)
        self.late.setVisible(bool(view.late))

    def show_asked(self, visit: Visit, fields: Mapping[str, Any]) -> None:
        """Say how many there are."""
        super().show_asked(visit, fields)
        self.set_count(len(self.blocks))

    def answers(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Whether each was raised."""
        rows = {name: block.questions.value() for name, block in self.blocks.items()}
        return {**super().answers(body), "since": with_rows(body.get("since"), rows)}

    def show_problems(self, problems: Sequence[Problem]) -> Placed:
        """Put each problem beside its question."""
        messages = {problem.field: problem.message for problem in reversed(problems)}
        return [placed for block in self.blocks.values() for placed in block.questions.errors("since", messages)]

    def question(self, path: str) -> Field | None:
        """The question for a path, of a record or of the visit."""
        _, row, name = parts_of(path)
        return self.blocks[row].questions.questions.get(name) if row in self.blocks else super().question(path)

    def text_fields(self) -> dict[str, TextField]:
        """The fields that words are typed into."""
        fields = super().text_fields()
        for name, block in self.blocks.items():
            fields |= texts_in(block.questions.stops(), f"since/{name}")
        return fields

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in reading order."""
        rows = (stop for block in self.blocks.values() for stop in (block.link, *block.questions.stops()))
        later = [self.later] if self.later is not None else []
        return [*later, *rows, *(stop for section in self.sections for stop in section.stops())]


class GoingPart(PartCard):
    """How it is going, and the daily logs that were read."""

    question_names = ("logs_from", "logs_to")


class HomePart(PartCard):
    """The home: who came and went, the checks made, and the rooms seen on an unannounced visit."""

    question_names = ("rooms_seen", "changes", "checks")


class NewActionsPart(PartCard):
    """What is to be done, and the next visits."""

    question_names = ("repeat_needed", "new_actions", "next_on", "next_unannounced")

    def show_asked(self, visit: Visit, fields: Mapping[str, Any]) -> None:
        """Say how many there are."""
        super().show_asked(visit, fields)
        self.set_count(len(visit.new_actions))
