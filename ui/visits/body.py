"""The body of the page that writes a visit: its parts at the left, their cards in the middle, reading back at the right.

In a narrow window the parts are a drop-down, and reading back is the last card. It returns the present answers and shows
problems. Must not save or read anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.kinds.visit import PARTS, VISIT, was_held
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Problem, is_nothing
from hipss_desktop.services.ports import Draft
from hipss_desktop.views.supervision import SIGN, SIGN_WORDS, WHERE_NOBODY_IS_IN, ActionLine, VisitView, parts
from ui.base.page import Context
from ui.parts import column, reveal, row
from ui.records.caret import TextField
from ui.records.controls import chain
from ui.theme import theme_of
from ui.visits.finish_panel import FinishPanel
from ui.visits.last_actions import LastActionsPart
from ui.visits.part_card import PartCard, Placed
from ui.visits.parts_list import PartsChoice, PartsList
from ui.visits.training_part import TrainingPart
from ui.visits.visit_parts import ChildrenPart, GoingPart, HomePart, NewActionsPart, SincePart, VisitPart

WIDE = 900
"""The width in pixels (at 100 % text size) from which all three columns are side by side."""
LIST, PANEL = 196, 290
"""The widths of the list of parts and of the panel, in pixels at 100 % text size."""
KINDS_OF_PART: Mapping[str, type[PartCard]] = {
    "visit": VisitPart,
    "children": ChildrenPart,
    "since": SincePart,
    "going": GoingPart,
    "training": TrainingPart,
    "home": HomePart,
    "new_actions": NewActionsPart,
}


class VisitBody(QWidget):
    """The parts of one draft; ``above`` are widgets over the cards that scroll with them.

    Signals:
        edited(): the user changed something.
        moved(): an action of an earlier visit was pressed.
        asked(): the user wants to finish the visit and then read it back.
    """

    edited = Signal()
    moved = Signal()
    asked = Signal()

    def __init__(self, context: Context, draft: Draft, above: Sequence[QWidget]) -> None:
        super().__init__()
        visit = VISIT.read(draft.fields)
        self.now = "visit"
        self._wide: bool | None = None
        self._actions: Sequence[ActionLine] = ()
        self.cards: dict[str, PartCard] = {}
        for code in code_list(PARTS).codes:
            if code.code == "last_actions":
                self.last_actions = LastActionsPart(context, code.code, code.label, draft.record)
                self.cards[code.code] = self.last_actions
            else:
                make = KINDS_OF_PART.get(code.code, PartCard)
                self.cards[code.code] = make(context, code.code, code.label, may_wait=code.code != "visit")
        listed = parts(visit, ())
        self.list, self.choice = PartsList(listed), PartsChoice(listed)
        self.panel, self.last = FinishPanel(), FinishPanel()
        self._lay_out(above)
        for card in self.cards.values():
            card.set_fields(draft.fields, visit)
            card.edited.connect(self.edited)
        self.last_actions.moved.connect(self.moved)
        self.list.chosen.connect(self.go_to)
        self.choice.chosen.connect(self.go_to)
        for panel in (self.panel, self.last):
            panel.asked.connect(self.asked)
            panel.gone_to.connect(self.go_to_field)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]  # there is a program

    def _lay_out(self, above: Sequence[QWidget]) -> None:
        inside = QWidget()
        inside.setLayout(column(*above, *self.cards.values(), self.last, None, gap=12, margins=(6, 6, 14, 24)))
        self.area = _scrolled(inside, "The visit")
        self.left = _scrolled(self.list, "Parts of the visit")
        self.right = _scrolled(self.panel, SIGN_WORDS)
        across = row(self.left, self.area, self.right, gap=10)
        across.setStretch(1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.choice)
        box.addLayout(across, 1)
        self.fit()

    # --- Answers ---

    def add_rows(self, more: Mapping[str, Sequence[Mapping[str, Any]]], fields: Mapping[str, Any]) -> None:
        """Add rows for children and records that arrived; the earlier rows stay unchanged."""
        children, since = self.cards["children"], self.cards["since"]
        if isinstance(children, ChildrenPart) and isinstance(since, SincePart):
            children.add_rows(more.get("children", ()), fields)
            since.add_rows(more.get("since", ()))

    def show_view(self, view: VisitView) -> None:
        """Show in every part what is known besides the answers."""
        self._actions = view.actions
        for card in self.cards.values():
            card.show_view(view)

    def tell(self, fields: Mapping[str, Any], missing: Sequence[Problem], *, amends: bool) -> None:
        """Show the questions that these answers require, the progress of the parts, and what is missing."""
        visit = VISIT.read(fields)
        held = was_held(visit)
        for code, card in self.cards.items():
            card.setVisible(held or code in WHERE_NOBODY_IS_IN)
            card.show_asked(visit, fields)
        listed = [
            replace(part, done=part.done and not self._lacks(part.code, missing))
            for part in parts(visit, self._actions)
        ]
        for shown in (self.list, self.choice):
            shown.show_parts(listed)
            shown.choose(self.now)
        for panel in (self.panel, self.last):
            panel.show_state(visit, missing, amends=amends)
        self.chain()

    def _lacks(self, code: str, missing: Sequence[Problem]) -> bool:
        """Whether a part contains the question of a missing answer."""
        card = self.cards.get(code)
        return card is not None and any(card.question(problem.field) is not None for problem in missing)

    def answers(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """The answers of the draft ``held`` with only the user's changes."""
        answers = dict(held)
        for card in self.cards.values():
            for name, value in card.answers(held).items():
                if is_nothing(value) and value is not False and name not in held:
                    answers.pop(name, None)
                else:
                    answers[name] = value
        return answers | self._note(held) | self._left_for_later(held)

    def _note(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """The note, put together from the paragraphs of each part; paragraphs of unknown sections stay."""
        sections = [section for card in self.cards.values() for section in card.sections]
        shown = {(section.section, section.child) for section in sections}
        rows = {str(entry["id"]): entry for section in sections for entry in section.rows()}
        note = held.get("note")
        listed = note if isinstance(note, list) else []
        note_entries = [
            rows.pop(str(entry.get("id")), None) if isinstance(entry, Mapping) and _place(entry) in shown else entry
            for entry in listed
        ]
        changed = [*(entry for entry in note_entries if entry is not None), *rows.values()]
        return {"note": changed} if changed != listed and (changed or "note" in held) else {}

    def _left_for_later(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """The parts that are left for later; unknown codes stay."""
        left_parts = held.get("left")
        before = left_parts if isinstance(left_parts, list) else []
        ticked = [code for code, card in self.cards.items() if card.later is not None and card.later.isChecked()]
        stay = [code for code in before if not isinstance(code, str) or code in ticked or code not in self.cards]
        codes = [*stay, *(code for code in ticked if code not in before)]
        return {"left": codes} if codes != before and (codes or "left" in held) else {}

    def text_fields(self) -> dict[str, TextField]:
        """The text fields, by name."""
        fields: dict[str, TextField] = {}
        for card in self.cards.values():
            fields |= card.text_fields()
        return fields

    # --- Parts ---

    def side(self) -> FinishPanel:
        """The visible panel with what is needed and reading back."""
        return self.panel if self._wide else self.last

    def chain(self) -> None:
        """Set the Tab order to the reading order: the parts, their cards, the panel."""
        cards = [stop for card in self.cards.values() if not card.isHidden() for stop in card.stops()]
        lead = list(self.list.items.values()) if self._wide else [self.choice.box]
        chain([*lead, *cards, *self.side().stops()])

    def rests_at(self) -> QWidget:
        """The list of the parts, where no key changes an answer."""
        return self.list.items.get(self.now, self.choice.box) if self._wide else self.choice.box

    def go_to(self, code: str) -> None:
        """Show a part and focus its first answer."""
        card: QWidget = self.side() if code == SIGN else self.cards[code]
        goal = self.side().button if code == SIGN else self.cards[code].first_focus()
        if goal is not None and not goal.isHidden():
            goal.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._choose(code)
        if self.area.isAncestorOf(card):
            self.area.verticalScrollBar().setValue(card.y() - 6)

    def step_part(self, by: int) -> None:
        """Go to the next part (1) or the previous one (-1)."""
        shown_parts = [*(code for code, card in self.cards.items() if not card.isHidden()), SIGN]
        current_place = shown_parts.index(self.now) if self.now in shown_parts else 0
        self.go_to(shown_parts[(current_place + by) % len(shown_parts)])

    def go_to_field(self, field: str) -> None:
        """Focus the question of a field."""
        for code, card in self.cards.items():
            question = card.question(field)
            if question is not None:
                self._choose(code)
                question.go()
                reveal(self.area, question)
                return
        self.go_to("visit")

    def _choose(self, code: str) -> None:
        self.now = code
        self.list.choose(code)
        self.choice.choose(code)

    def _focus_moved(self, old: object, new: object) -> None:
        if isinstance(new, QWidget) and self.isAncestorOf(new):
            focused_part = next((code for code, card in self.cards.items() if card.isAncestorOf(new)), "")
            if self.side().isAncestorOf(new):
                focused_part = SIGN
            if focused_part and focused_part != self.now:
                self._choose(focused_part)

    # --- Problems ---

    def settle(self) -> None:
        """Complete the typed texts as if each field lost the focus."""
        for card in self.cards.values():
            card.settle()

    def has_unreadable(self) -> bool:
        """Whether a typed text cannot be read."""
        return any(card.own_problems() for card in self.cards.values())

    def show_problems(self, problems: Sequence[Problem]) -> Placed:
        """Show each problem beside its question; return (words, widget) pairs, those without a question last."""
        placed = [placed for card in self.cards.values() for placed in card.show_problems(problems)]
        shown_messages = {words for words, _ in placed}
        rest = [
            (problem.message, self.cards["visit"])
            for problem in problems
            if problem.message not in shown_messages and problem.field != "why"
        ]
        return [*placed, *rest]

    # --- Columns ---

    def fit(self) -> None:
        """Arrange three columns if there is room, else one."""
        theme = theme_of(self)
        wide = self.width() >= theme.px(WIDE)
        self.left.setFixedWidth(theme.px(LIST))
        self.right.setFixedWidth(theme.px(PANEL))
        if wide == self._wide:
            return
        self._wide = wide
        self.left.setVisible(wide)
        self.right.setVisible(wide)
        self.choice.setVisible(not wide)
        self.last.setVisible(not wide)
        self.chain()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.fit)


def _scrolled(inside: QWidget, name: str) -> QScrollArea:
    """Return a part of the page that scrolls down and takes no focus itself."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    area.setWidget(inside)
    return area


def _place(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """The section of a paragraph and the child it is about; None if these cannot be read."""
    section, child = entry.get("section") or "", entry.get("child") or ""
    return (section, child) if isinstance(section, str) and isinstance(child, str) else None
