"""The seven questions, arranged by hand from the described fields, and the group of all others below them.

The screen, the Tab order and the error summary follow the order of a call. Must not save or finish.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.kinds.contact import CONTACT, NOBODY
from hipss_desktop.records.fields import Problem, as_text, is_nothing
from hipss_desktop.services.records import two_versions
from hipss_desktop.views.child_card import ChildCard
from hipss_desktop.views.undecided import Undecided
from ui.base.focus import stops
from ui.base.page import Context
from ui.contacts.advice import Advice
from ui.contacts.answers import DESCRIBED, Answers
from ui.contacts.before_finish import BeforeFinish
from ui.contacts.caller import CallerQuestion
from ui.contacts.follow_ups import FollowUps
from ui.contacts.missing import MissingRow
from ui.contacts.more import More
from ui.contacts.told import ToldAlready
from ui.parts import (
    CardTone,
    CheckBox,
    ChipGroup,
    ErrorSummary,
    Field,
    RadioCards,
    TextArea,
    Ticks,
    column,
    reveal,
    row,
    turn,
)
from ui.records.caret import TextField
from ui.records.controls import FieldControl, texts_in, wrapped
from ui.records.undecided import UndecidedAnswers
from ui.theme import theme_of

ASKED_WITH = {
    **dict.fromkeys(("type", "caller_name", "caller_not_known", "call_back", "children", "channel"), "caller"),
    **dict.fromkeys(("missing", "missing_since", "last_seen_not_known", "back_at"), "concerns"),
    "no_advice": "advice",
}
"""The name of the question that asks for a field, for fields without a question of their own."""


class _Words:
    """An answer of several lines. Its value, of whatever type, is not changed until the user types."""

    def __init__(self, name: str, area: TextArea, answers: Answers, typed: Callable[[str], None]) -> None:
        self._name, self._area, self._answers, self._typed = name, area, answers, typed
        self._shown: Any = None
        self._filling = False
        area.textChanged.connect(self._changed)

    def show(self) -> None:
        """Show the present answer; leave the text alone if the user typed it."""
        held = self._answers.get(self._name)
        if held == self._shown or (is_nothing(held) and is_nothing(self._shown)):
            return
        self._shown, self._filling = held, True
        self._area.setPlainText(as_text(held))
        self._filling = False

    def _changed(self) -> None:
        if not self._filling:
            self._shown = self._area.toPlainText()
            self._typed(self._shown)


class ContactForm(QScrollArea):
    """The form in its scroll area.

    Signals:
        left(): a field lost the focus.
        decide(): the user wants to decide between two versions of an answer.
    """

    left = Signal()
    decide = Signal()

    def __init__(self, answers: Answers, context: Context, *, amending: bool, why: str) -> None:
        super().__init__()
        self._answers, self._context = answers, context
        self.summary = ErrorSummary()
        self.why = TextArea(why, lines=1)
        self.why_field = Field("Why are you changing this?", self.why)
        if not amending:
            self.why_field.hide()  # only hide it: ``setVisible(True)`` without a parent would open a window
        self.caller = CallerQuestion(answers, context)
        self.call_back = FieldControl(DESCRIBED["call_back"], context)
        self.number = wrapped(self.call_back)
        self.number.hide()
        self.chips = ChipGroup(DESCRIBED["concerns"].label, _options("concerns"))
        self.missing = MissingRow(answers, context.services.latest, self.child_name, amending=amending)
        self.happening = TextArea(lines=DESCRIBED["happening"].options.lines)
        self.information = TextArea(lines=DESCRIBED["information"].options.lines)
        self.advising = Advice(answers, context, self)
        self.advice, self.plan = self.advising.area, self.advising.plan
        self.from_plan, self.no_advice = self.advising.from_plan, self.advising.no_advice
        self._words = (
            _Words("happening", self.happening, answers, lambda words: answers.put(happening=words)),
            _Words("information", self.information, answers, lambda words: answers.put(information=words)),
            _Words("advice", self.advice, answers, self.advising.typed),
        )
        self.risk = RadioCards(DESCRIBED["risk"].label, _cards("risk"))
        self.know = [CheckBox(words, key=key) for key, words in _options("needs_to_know")]
        self.told = ToldAlready(answers, context.services.latest)
        self.follow_ups = FollowUps(answers, context.services.clock, is_typing=self.caller.is_typing)
        self.before_finish = BeforeFinish(answers, context.services.clock, self.child_name)
        self._undecided: set[Field] = set()
        self.more = More(answers, context)
        self._build()
        self._connect()
        self.show_answers(frozenset(DESCRIBED))

    def _build(self) -> None:
        self.fields = {
            "caller": self.caller.field(),
            "concerns": _question("concerns", _stack(self.chips, self.missing), 2),
            "information": _question("information", self.information, 2),
            "happening": _question("happening", self.happening, 3),
            "advice": _question("advice", self.advice, 4, [self.from_plan, self.no_advice]),
            "risk": _question("risk", self.risk, 5),
            "needs_to_know": _question(
                "needs_to_know", _stack(Ticks(DESCRIBED["needs_to_know"].label, self.know), self.told), 6
            ),
            "follow_ups": _question("follow_ups", self.follow_ups, 7),
        }
        self.fields["caller"].marks = (self.caller.caller,)
        self._last = row()
        self._last.addWidget(self.fields["needs_to_know"], 39, Qt.AlignmentFlag.AlignTop)
        self._last.addWidget(self.fields["follow_ups"], 26, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        self._box = QVBoxLayout(content)
        self._box.setSpacing(6)
        self._box.addWidget(self.summary)
        self._box.addWidget(self.why_field)
        self._box.addWidget(self.fields["caller"])
        self._box.addWidget(self.number)
        for name in ("concerns", "information", "happening", "advice", "risk"):
            self._box.addWidget(self.fields[name])
            if name == "advice":
                self._box.addLayout(row(16, self.plan))
        self._box.addLayout(self._last)
        self._box.addWidget(self.before_finish)
        self._box.addWidget(self.more)
        self._box.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("The call")
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._make_room())
        self._make_room()

    def _make_room(self) -> None:
        """Set the margins so that the questions have the same width with and without the scroll bar."""
        bar = 0 if self.verticalScrollBar().maximum() else self.verticalScrollBar().sizeHint().width()
        self._box.setContentsMargins(6, 5, 12 + bar, 12)

    def _connect(self) -> None:
        answers = self._answers
        answers.changed.connect(self.show_answers)
        self.chips.changed.connect(self._concerns_chosen)
        self.advising.offered.connect(lambda: reveal(self, self.plan))
        self.risk.changed.connect(lambda key: answers.put(risk=key))
        for box in self.know:
            box.toggled.connect(lambda on, box=box: self._know_ticked(box.key, on=on))
        for area in (self.why, self.information, self.happening, self.advice):
            area.left.connect(self.left)
        self.caller.number_asked.connect(self._ask_number)
        self.caller.caller.editingFinished.connect(self.follow_ups.show_answers)
        self.call_back.changed.connect(lambda: answers.put(call_back=self.call_back.value()))
        self.more.opened.connect(lambda: reveal(self, self.more))
        self.summary.gone_to.connect(lambda goal: reveal(self, goal))

    def child_name(self) -> str:
        """The first name of the call's child, '' if no child or several children are known."""
        return self._child()[0]

    def _child(self) -> tuple[str, str]:
        """The name and pronoun of the call's only child; ('', 'they') for no child or several."""
        children = self._answers.read().children
        return self._context.services.calls.child_pronoun(children[0]) if len(children) == 1 else ("", "they")

    def show_answers(self, changed: frozenset[str]) -> None:
        """Show the present answers, whatever set them; text that the user is typing stays as typed."""
        answers = self._answers
        self.caller.show_answers()
        if set(self.chips.chosen()) != set(answers.read().concerns):
            self.chips.choose(answers.read().concerns)
        if "children" in changed:  # ``show_card`` brings what is known of the new child
            self.missing.show_episode(None)
        else:
            self.missing.show_answers()
        if self.call_back.value() != answers.get("call_back"):
            self.call_back.set_value(answers.get("call_back"))
        for words in self._words:
            words.show()
        self.advising.show_no_advice()
        if self.risk.chosen() != answers.text("risk"):
            self.risk.choose(answers.text("risk"))
        for box in self.know:
            with QSignalBlocker(box):
                box.setChecked(box.key in answers.read().needs_to_know)
        self.told.show_answers()
        if changed & {"follow_ups", "caller_name"}:
            self.follow_ups.show_answers()
        for name, field in self.fields.items():
            field.setVisible(name == "caller" or answers.shown(name))
        self.plan.setVisible(not self.plan.isHidden() and answers.shown("advice"))
        self.more.show_answers(changed)

    def show_card(self, card: ChildCard) -> None:
        """Show in the missing row what the card of the call's only child says."""
        self.missing.show_episode(card.missing if self._answers.read().children == [card.record] else None)

    def _concerns_chosen(self) -> None:
        """Save the chosen concerns in the order of choosing; keep codes that have no chip."""
        held, chosen = self._answers.listed("concerns"), self.chips.chosen()
        chips = [chip.key for chip in self.chips.chips()]
        concerns = [concern for concern in held if concern in chosen or concern not in chips]
        self._answers.put(concerns=[*concerns, *(concern for concern in chosen if concern not in concerns)])

    def _know_ticked(self, key: str, *, on: bool) -> None:
        """Save a tick of "Who needs to know"; "nobody" clears the others, and any other clears "nobody"."""
        held = self._answers.listed("needs_to_know")
        ticked = [concern for concern in held if concern != key] + ([key] if on else [])
        if on:
            ticked = [key] if key == NOBODY else [concern for concern in ticked if concern != NOBODY]
        self._answers.put(needs_to_know=ticked)

    def go(self, number: int) -> None:
        """Focus question 1 to 7, or open the group below them with 8; in the concerns, 2 moves on to the missing row."""
        numbered_fields = [field for field in self.fields.values() if field.number == number]
        if not numbered_fields:
            self.more.set_open(True)
            self.more.button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            reveal(self, self.more)
            return
        field = next((candidate for candidate in numbered_fields if not candidate.isHidden()), numbered_fields[0])
        if not self.missing.isHidden() and self.fields["concerns"] is field and self._is_in(field):
            self._answers.when_all_here(self.missing.go)  # the caller's child may be known to be missing
        elif not field.isHidden():
            field.go()
            reveal(self, field)

    def _is_in(self, field: Field) -> bool:
        focused_widget = self.focusWidget()
        return focused_widget is not None and field.isAncestorOf(focused_widget)

    def _ask_number(self) -> None:
        self.number.show()
        self.call_back.go()
        reveal(self, self.number)

    def text_fields(self) -> dict[str, TextField]:
        """The text fields, by names that stay the same when the draft is opened again."""
        fields: dict[str, TextField] = {
            "why": self.why,
            "caller": self.caller.caller,
            "child": self.caller.child,
            **texts_in(self.call_back.stops(), "call_back"),
            "missing_since": self.missing.since.box,
            "back_at": self.missing.back_at.box,
            "information": self.information,
            "happening": self.happening,
            "advice": self.advice,
        }
        for place, follow_up in enumerate(self.follow_ups.rows):
            fields |= {f"follow_ups/{place}/what": follow_up.what, f"follow_ups/{place}/due": follow_up.due.box}
        return fields | self.told.text_fields() | self.more.text_fields()

    def text_field(self, name: str) -> TextField | None:
        """A text field by its name, None if there is none; opens the group below the questions if the field is in it."""
        if self.more.asks(name.partition("/")[0]):
            self.more.set_open(True)
        if name.startswith("call_back"):
            self.number.show()
        if name == "missing_since":
            self.missing.ask()
        return self.text_fields().get(name)

    def first_unanswered(self, problems: Sequence[Problem]) -> QWidget:
        """The widget to focus in a reopened draft: the first question that needs an answer, else the form."""
        name = next((problem.field.split("/")[0] for problem in problems), "")
        return self.fields[name].focus_target() if name in self.fields else self

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show why the contact cannot be finished: a summary, and the same words beside each answer."""
        messages = {"": ""}
        name, pronoun = self._child()
        for problem in problems:
            messages.setdefault(problem.field, _about(problem.message, name, pronoun))
        for unread in (self.missing.problems(), self.follow_ups.problems(), self.told.problems(), self.more.problems()):
            messages.update({path: words for path, words in unread.items() if path in messages})
        errors: list[tuple[str, QWidget]] = []
        first, *rest = self.fields.items()
        self.number.setVisible(not self.number.isHidden() or "call_back" in messages)
        children, number = ("children", self.caller.children_field), ("call_back", self.number)
        for name, field in (("why", self.why_field), first, children, number, *rest):
            words = "" if name == "follow_ups" else messages.get(name, "")
            field.set_error(words)
            if words:
                errors.append((words, field))
            if name == "concerns":
                errors += self.missing.set_errors(messages)
            if name == "needs_to_know":
                errors += self.told.errors(messages)
            if name == "follow_ups":
                errors += self.follow_ups.errors(messages)
        shown = {words for words, _ in errors}
        errors += self.more.errors(
            {
                path: words
                for path, words in messages.items()
                if not path.startswith("follow_ups") and words not in shown
            }
        )
        shown = {words for words, _ in errors}
        errors += [
            (words, self.fields.get(name, self.fields["caller"]))
            for name, words in messages.items()
            if words and words not in shown
        ]
        self.verticalScrollBar().setValue(0)
        self.summary.show_errors(errors)

    def show_undecided(self, answers: Sequence[Undecided]) -> None:
        """Show below each question its undecided versions, why it cannot be amended now, and a button to decide."""
        undecided_by_question: dict[Field, list[Undecided]] = {}
        for answer in answers:
            undecided_by_question.setdefault(self._question_of(answer.field), []).append(answer)
        for question in self._undecided - undecided_by_question.keys():
            question.show_below(None)
        self._undecided = set(undecided_by_question)
        for question, of_question in undecided_by_question.items():
            sentences = dict.fromkeys(two_versions(CONTACT, answer.field) for answer in of_question)
            shown = UndecidedAnswers(" ".join(sentences), of_question)
            shown.asked.connect(self.decide)
            before = stops(question)
            question.show_below(shown)
            for last in before[-1:]:
                QWidget.setTabOrder(last, shown.decide)

    def _question_of(self, name: str) -> Field:
        """The question that asks for a field; opens the group below the questions if the field is in it."""
        if self.more.asks(name):
            return self.more.question(name)
        return self.fields[ASKED_WITH.get(name, name)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._last, beside=self.width() >= theme_of(self).px(640))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_of(self).px(320), theme_of(self).px(120))


def _about(message: str, name: str, pronoun: str) -> str:
    """Return an error sentence with the child's name and pronoun in it."""
    if not name:
        return message
    named = message.replace("The child was", f"{name} was")
    for verb in ("was", "came"):
        named = named.replace(f"the child {verb}", f"{name} {verb}")
    return named.replace("for coming back", f"for when {pronoun} came back")


def _options(name: str) -> list[tuple[str, str]]:
    return [(code.code, code.label) for code in DESCRIBED[name].choices.codes]


def _cards(name: str) -> list[tuple[str, str, str, CardTone]]:
    return [
        (code.code, code.label, code.more["hint"], cast(CardTone, code.more["tone"]))
        for code in DESCRIBED[name].choices.codes
    ]


def _question(name: str, control: QWidget, number: int, actions: Sequence[QWidget] = ()) -> Field:
    described = DESCRIBED[name]
    required = bool(described.options.required)
    return Field(described.label, control, number=number, hint=described.hint, required=required, actions=actions)


def _stack(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    holder.setLayout(column(*widgets, gap=8))
    holder.setFocusProxy(widgets[0])
    return holder
