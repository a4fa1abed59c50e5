"""The widgets of a form for one answer, one class for each type of field. Rows of answers are in ``ui.records.controls``.

A part shows a value of any type and returns what is typed, valid or not. Must not know the kind of its record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.records import fields
from hipss_desktop.records.fields import as_text, is_nothing
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.parts import (
    Button,
    CheckBox,
    ChipGroup,
    ComboBox,
    DateField,
    DateTimeField,
    Field,
    FlowLayout,
    LineEdit,
    RadioCards,
    Suggestion,
    TextArea,
    column,
    label,
)
from ui.records.find import finder
from ui.records.paragraph_editor import ParagraphEdit

NOTHING = "Not answered"
HALF_A_DAY = timedelta(hours=12)


class Part(QWidget):
    """The base class of the parts.

    Signals: ``edited`` when the user changed the answer (``typed()`` is the new value), ``rebuilt`` when the Tab stops inside
    changed, ``left`` when a day field lost the focus, so that its ``problem()`` is shown at once.
    """

    edited = Signal()
    rebuilt = Signal()
    left = Signal()

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__()
        self.field, self.context, self.name = field, context, name
        self.lead: QWidget = self  # takes the focus; a focus proxy would be a Tab stop of its own

    def renamed(self) -> None:
        """Apply the part's new name to widgets inside other than the one that takes the focus."""

    def settle(self) -> None:
        """Complete the typed text as if the field lost the focus, because a shortcut may finish the record before that."""

    def show_value(self, value: Any) -> None:
        """Show a value of any type."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def typed(self) -> Any:
        """The present value; '' or [] if it is empty."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def problem(self) -> str:
        """Why the typed text cannot be read, if only the part can tell; else ''."""
        return ""

    def errors(self, path: str, messages: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        """Show the errors of the fields inside; return each error with its widget, in reading order."""
        return []

    def question(self, row: str, name: str) -> Field | None:
        """The question of a row's field inside this part; None if the part has no rows."""
        return None

    def stops(self) -> list[QWidget]:
        """The widgets inside at which Tab stops, in reading order."""
        return [
            widget
            for widget in self.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.focusProxy() is None
            and widget.window() is self.window()
        ]

    def set_parts(self, *items: QWidget) -> None:
        """Lay out the part's widgets one below the other; the first one takes the focus."""
        self.setLayout(column(*items, gap=8))
        self.lead = items[0]


class TextPart(Part):
    """Words in one line or several; also numbers and telephone numbers."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box: LineEdit | TextArea
        if field.options.lines > 1 or field.type == "lines":
            self.box = TextArea(name=name, lines=max(field.options.lines, 2))
        else:
            self.box = LineEdit(name=name)
        self.box.textChanged.connect(lambda *_: self.edited.emit())
        self.set_parts(self.box)

    def show_value(self, value: Any) -> None:
        if self.field.type == "lines" and isinstance(value, list):
            value = "\n".join(as_text(line) for line in value)
        if isinstance(self.box, TextArea):
            self.box.setPlainText(as_text(value))
        else:
            self.box.setText(as_text(value))
            self.box.setCursorPosition(0)

    def typed(self) -> Any:
        text = self.box.toPlainText() if isinstance(self.box, TextArea) else self.box.text()
        if self.field.type == "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        if self.field.type == "number":
            plain = text.strip()
            return int(plain) if plain.removeprefix("-").isdecimal() and len(plain) < 10 else plain
        return text


class ParagraphsPart(Part):
    """A long text by paragraph. A value among its rows that is no row is shown and saved unchanged."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._other_values: list[Any] = []
        self._other_words = label("", "small", "muted", wrap=True)
        self.box = ParagraphEdit(name=name, lines=max(field.options.lines, 2))
        self.box.edited.connect(self.edited)
        self.setLayout(column(self._other_words, self.box, gap=8))
        self.lead = self.box

    def show_value(self, value: Any) -> None:
        listed = value if isinstance(value, list) else [] if is_nothing(value) else [value]
        self._other_values = [entry for entry in listed if not isinstance(entry, Mapping)]
        self._other_words.setText("\n".join(as_text(entry) for entry in self._other_values))
        self._other_words.setVisible(bool(self._other_values))
        self.box.set_rows(entry for entry in listed if isinstance(entry, Mapping))

    def typed(self) -> Any:
        return [*self._other_values, *self.box.rows()]


class CodePart(Part):
    """One choice from a code list; an unknown code is added to the choices unchanged."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._known = [(code.code, code.label) for code in field.choices.codes]
        self.box = ComboBox(name=name)
        self.box.picked.connect(lambda _: self.edited.emit())
        self.set_parts(self.box)

    def show_value(self, value: Any) -> None:
        code = as_text(value)
        options = list(self._known)
        if not self.field.options.required:
            options.insert(0, ("", NOTHING))
        if code and code not in dict(self._known):
            options.append((code, code))
        self.box.set_options(options)
        self.box.choose(code)

    def typed(self) -> Any:
        return self.box.chosen()


class CodesPart(Part):
    """Several choices from a code list, in the order they were first chosen."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._held: list[str] = []
        self._chips = ChipGroup(name, ())
        self._chips.changed.connect(self.edited)
        self.setLayout(column(self._chips))
        self.lead = self._chips
        self.show_value([])

    def show_value(self, value: Any) -> None:
        self._held = [
            as_text(choice) for choice in (value if isinstance(value, list) else [value]) if not is_nothing(choice)
        ]
        known = [(code.code, code.label) for code in self.field.choices.codes]
        known += [(code, code) for code in self._held if code not in dict(known)]
        with QSignalBlocker(self._chips):
            self._chips.set_options(known)
            self._chips.choose(self._held)

    def typed(self) -> Any:
        chosen = self._chips.chosen()
        return [code for code in self._held if code in chosen] + [code for code in chosen if code not in self._held]


class TickPart(Part):
    """Yes or no; the words beside the box are the field's label."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = CheckBox(field.label)
        self.box.setAccessibleName(name)
        self.box.toggled.connect(lambda _: self.edited.emit())
        self.set_parts(self.box)

    def show_value(self, value: Any) -> None:
        self.box.setChecked(value is True)

    def typed(self) -> Any:
        return self.box.isChecked()


class AnswerPart(Part):
    """A question with three answers: yes, no, or not answered."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = ComboBox(name=name)
        self.box.picked.connect(lambda _: self.edited.emit())
        self.set_parts(self.box)

    def show_value(self, value: Any) -> None:
        answers = [("yes", "Yes"), ("no", "No"), ("", NOTHING)]  # N chooses the first label with an N
        if not (is_nothing(value) or isinstance(value, bool)):
            answers.append((as_text(value), as_text(value)))
        self.box.set_options(answers)
        self.box.choose({True: "yes", False: "no"}[value] if isinstance(value, bool) else as_text(value))

    def typed(self) -> Any:
        chosen = self.box.chosen()
        return {"yes": True, "no": False}.get(chosen, chosen)


class CardsPart(Part):
    """One of a few answers, each a card to press: yes and no, or a short code list. An unknown answer gets a card too."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._yes_no = field.type == "yes_no"
        known = (
            [("yes", "Yes"), ("no", "No")]
            if self._yes_no
            else [(code.code, code.label) for code in field.choices.codes]
        )
        self._known, self._unknown_key = known, ""
        self._box = column()
        self.setLayout(self._box)
        self._offer(known)

    def _offer(self, options: list[tuple[str, str]]) -> None:
        self.cards = RadioCards(self.name, [(key, words, "", "neutral") for key, words in options], flow=True)
        self.cards.changed.connect(lambda _: self.edited.emit())
        self._box.addWidget(self.cards)
        self.lead = self.cards
        self.renamed()

    def renamed(self) -> None:
        """Add the question to the name of each card, so that two yes-or-no questions sound different."""
        for card in self.cards.cards():
            card.setAccessibleName(f"{card.text()}, {self.name}")

    def show_value(self, value: Any) -> None:
        key = {True: "yes", False: "no"}[value] if self._yes_no and isinstance(value, bool) else as_text(value)
        unknown_key = key if key and key not in dict(self._known) else ""
        if unknown_key != self._unknown_key:
            self._unknown_key = unknown_key
            before = self.cards
            self._box.removeWidget(before)
            before.hide()
            before.deleteLater()
            self._offer([*self._known, (unknown_key, unknown_key)] if unknown_key else self._known)
            self.rebuilt.emit()
        with QSignalBlocker(self.cards):
            self.cards.choose(key)

    def typed(self) -> Any:
        chosen = self.cards.chosen()
        return {"yes": True, "no": False}.get(chosen, chosen) if self._yes_no else chosen


class DayPart(Part):
    """A day with its full year; text that cannot be read as a day stays as it was typed.

    A birth, an approval or a review may be years away from today, so no year is guessed.
    """

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = DateField(today=_today(context), name=name, whole_year=True)
        self.box.textChanged.connect(lambda *_: self.edited.emit())
        self.box.editingFinished.connect(self.left)
        self.set_parts(self.box)

    def show_value(self, value: Any) -> None:
        try:
            self.box.set_value(times.day(as_text(value)))
        except ValueError:
            self.box.setText(as_text(value))

    def typed(self) -> Any:
        day = self.box.value()
        return day.isoformat() if day else self.box.text().strip()

    def problem(self) -> str:
        return self.box.problem()


class InstantPart(Part):
    """A day and a time, with BST or GMT in the hour that came twice.

    A day alone or an unreadable time is returned as "text of the day, text of the time". ``begins`` returns another answer
    that says when it began: a day or a moment.
    """

    begins: Callable[[], Any] | None = None

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = DateTimeField(times.came_twice, today=_today(context), name=name)
        self.box.changed.connect(self.edited)
        self.box.day.textChanged.connect(lambda *_: self.edited.emit())
        self.box.clock.textChanged.connect(lambda *_: self.edited.emit())
        self.box.day.editingFinished.connect(self.left)
        self.box.clock.editingFinished.connect(self.settle)
        self.set_parts(self.box)
        self.lead = self.box.focus_target()

    def settle(self) -> None:
        """Add the day to a time alone: the day on which it began, or the next day if the time is earlier than the beginning.

        If no answer says when it began, a past event gets the day of ``times.day_of_past_time``. Anything else gets today, or
        tomorrow if the time today is more than half a day ago ("00:30", typed at 23:40).
        """
        clock = self.box.clock.value()
        if clock is None or self.box.day.text().strip():
            return
        if (day := self._day_after_beginning(clock)) is not None:
            self.box.day.set_value(day)
            return
        if self.field.options.past:
            self.box.day.set_value(times.day_of_past_time(clock, self.context.services.latest()))
            return
        now = times.local(self.context.services.clock())
        today = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
        self.box.day.set_value(now.date() + timedelta(days=1 if now - today > HALF_A_DAY else 0))

    def show_value(self, value: Any) -> None:
        text = as_text(value)
        try:
            moment = times.local(times.instant(text))
        except ValueError:
            day, _, clock = text.rpartition(", ") if ", " in text else (text, "", "")
            self.box.set_value(None, None)
            self.box.day.setText(day)
            self.box.clock.setText(clock)
        else:
            self.box.set_value(moment.date(), moment.time().replace(second=0, microsecond=0), moment.fold)

    def typed(self) -> Any:
        moment = self._moment()
        if isinstance(moment, datetime):
            return times.stamp(moment)
        day, clock = self.box.day.text().strip(), self.box.clock.text().strip()
        return f"{day}, {clock}" if day or clock else ""

    def _day_after_beginning(self, clock: time) -> date | None:
        """The day of a time after the beginning, None if no answer says when that was."""
        words = as_text(self.begins()) if self.begins is not None else ""
        moment = times.instant_or_none(words)
        if moment is not None:
            began = times.local(moment)
            return began.date() + timedelta(days=1 if clock < began.time() else 0)
        try:
            return times.day(words)
        except ValueError:
            return None

    def _moment(self) -> datetime | str:
        """The typed moment, or why the text is no moment."""
        day, clock, fold = self.box.value()
        if day is None or clock is None:
            return self.box.day.problem()
        try:
            return times.at_local(day, clock, {0: "BST", 1: "GMT", None: None}[fold])
        except UserError as wrong:
            return str(wrong)

    def problem(self) -> str:
        moment = self._moment()
        return "" if isinstance(moment, datetime) else moment


@dataclass(frozen=True)
class _New:
    """A suggestion that begins a new record with the typed name."""

    typed: str


class ReferencePart(Part):
    """A record of another kind, found by name; only a picked record counts as an answer.

    Signal: ``wanted(str)`` when the user wants to begin a new record with this name.
    """

    wanted = Signal(str)

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = finder(field.options.refers_to, context, name)
        self.box.picked.connect(self._picked)
        self.box.textEdited.connect(lambda _: self.edited.emit())
        self.set_parts(self.box)

    def show_value(self, value: Any) -> None:
        record = as_text(value)
        icon = style_of(self.field.options.refers_to).icon
        name = self.context.services.names.name(record) if record else ""
        self.box.set_value(Suggestion(record, name, icon=icon) if record else None)

    def offer_new(self) -> None:
        """Offer a new record after those that are found, if the kind and the role allow one to be begun here."""
        kind = self.field.options.refers_to
        if style_of(kind).on_the_way and may_write(self.context.services.store.seat.role, kind):
            self.box.last = self._new

    def _new(self, typed: str) -> Suggestion:
        words = style_of(self.field.options.refers_to).new_label
        return Suggestion(_New(typed), f"{words}: {typed}" if typed else words, icon="plus")

    def _picked(self, picked: Suggestion) -> None:
        if isinstance(picked.key, _New):
            self.box.set_value(None)
            self.wanted.emit(picked.key.typed)
        else:
            self.edited.emit()

    def typed(self) -> Any:
        picked = self.box.value()
        return str(picked.key) if picked else ""

    def problem(self) -> str:
        if self.box.value() is None and self.box.text().strip():
            return f"Choose {self.field.label.lower()} from the list that opens as you type"
        return ""


class ReferencesPart(Part):
    """Several records of another kind: the chosen ones, each with a button to remove it, and a field to find more."""

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._chosen: list[str] = []
        self._buttons: list[Button] = []
        self._flow_holder = QWidget()
        self._flow = FlowLayout(self._flow_holder)
        self.box = finder(field.options.refers_to, context, name)
        self.box.picked.connect(self._picked)
        self.box.textEdited.connect(lambda _: self.edited.emit())
        self.setLayout(column(self._flow_holder, self.box, gap=8))
        self.lead = self.box

    def show_value(self, value: Any) -> None:
        self._chosen = [as_text(choice) for choice in value] if isinstance(value, list) else []
        if not isinstance(value, list) and not is_nothing(value):
            self._chosen = [as_text(value)]
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for record in self._chosen:
            name = self.context.services.names.name(record)
            button = Button(name, icon="x", size=28)
            button.setAccessibleName(f"Remove {name}")
            button.clicked.connect(lambda _=False, record=record: self._remove(record))
            self._flow.addWidget(button)
            self._buttons.append(button)
        self._flow_holder.setVisible(bool(self._buttons))
        self.box.set_value(None)

    def typed(self) -> Any:
        return list(self._chosen)

    def problem(self) -> str:
        if self.box.text().strip():
            return f"Choose {self.field.label.lower()} from the list that opens as you type"
        return ""

    def _picked(self, picked: object) -> None:
        if isinstance(picked, Suggestion):
            record = str(picked.key)
            self.show_value(self._chosen if record in self._chosen else [*self._chosen, record])
            self.edited.emit()

    def _remove(self, record: str) -> None:
        self.show_value([chosen for chosen in self._chosen if chosen != record])
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()


def _today(context: Context) -> Callable[[], date]:
    return lambda: times.local_day(context.services.clock())
