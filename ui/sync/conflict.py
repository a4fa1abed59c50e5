"""Deciding between versions of one record: part by part, side by side, with a reason.

One version of each part is chosen, versions that only add are kept together, or the part is written again. What is chosen
goes through ``desk.records.decide``; whatever it is, all versions stay in the history. Must not decide anything itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError, UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import is_nothing
from hipss_desktop.views import sync_centre
from ui.base.announce import announce
from ui.base.page import Context
from ui.parts import (
    Banner,
    Button,
    Field,
    FlowLayout,
    Heading,
    IconLabel,
    LinkButton,
    PrimaryButton,
    Rule,
    Tag,
    TextArea,
    column,
    grows,
    label,
    row,
)
from ui.parts.cards import Card
from ui.records.controls import FieldControl
from ui.records.versions import Option, PartBox, Versions
from ui.theme import set_state

KEEP, WITHDRAW = "keep", "withdraw"
BOTH, AGAIN = "both", "again"
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}


@dataclass(frozen=True)
class _Decided:
    """What was chosen of one part so far: which option, and the fields as they were written again."""

    key: str
    again: Mapping[str, Any]


class _Part(PartBox):
    """One part of the record: its versions, all additions together, or written again."""

    def __init__(self, part: sync_centre.PartView, conflict: sync_centre.ConflictView, context: Context) -> None:
        self.part, self._conflict, self._context = part, conflict, context
        place = f"part {conflict.parts.index(part) + 1} of {len(conflict.parts)}"
        mine_and_other = len(part.sides) == 2 and part.sides[0].mine and not part.sides[1].mine
        options = [
            Option(
                key=str(number),
                title="",
                who=("Your version" if side.mine else "Other version" if mine_and_other else f"Version {number + 1}"),
                author=side.author,
                words=side.words or "Nothing",
                before=part.before,
                other=next((each.words for each in part.sides if each is not side), ""),
            )
            for number, side in enumerate(part.sides)
        ]
        below = []
        if part.additive:
            below.append(Option(key=BOTH, title="Keep both additions" if len(options) == 2 else "Keep all additions"))
        if part.rewrite:
            below.append(Option(key=AGAIN, title="Write it again"))
        self.controls: dict[str, FieldControl] = {}
        self._again: QWidget | None = None
        super().__init__(part.label, options, below, place=place)
        if part.rewrite:
            self._make_controls()
        self.changed.connect(self._open_controls)

    def _open_controls(self) -> None:
        if self._again is not None:
            self._again.setVisible(self.chosen() == AGAIN)

    def _make_controls(self) -> None:
        """Made with the rest, though hidden, so that Tab finds them where they stand."""
        kind = KINDS[self._conflict.kind]
        start = self._context.desk.sync_centre.joined(self.part) if self.part.additive else self.part.sides[0].values
        fields = []
        for unit in self.part.rewrite:
            name = kind.by_name[unit].label
            control = FieldControl(kind.by_name[unit], self._context, name=f"{name}, written again")
            control.set_value(start.get(unit))
            control.changed.connect(self.changed)
            self.controls[unit] = control
            fields.append(control if len(self.part.rewrite) == 1 else Field(name, control))
        self._again = QWidget()
        self._again.setLayout(column(*fields, gap=8))
        self.set_editor(self._again)

    def values(self) -> dict[str, Any] | None:
        """Each unit's value as decided, None while nothing is."""
        key = self.chosen()
        if not key:
            return None
        if key == BOTH:
            return self._context.desk.sync_centre.joined(self.part)
        if key != AGAIN:
            return dict(self.part.sides[int(key)].values)
        again = {unit: control.value() for unit, control in self.controls.items()}
        if all(is_nothing(value) and value is not False for value in again.values()):
            return None
        return {**self.part.sides[0].values, **again}

    def problem(self) -> str:
        """Why the part is not decided, '' when it is."""
        if self.values() is None:
            return "Write this part, or choose a version" if self.chosen() else "Choose a version"
        written = self.controls.values() if self.chosen() == AGAIN else ()
        return next((found for each in written if (found := each.problem())), "")

    def written_again(self) -> dict[str, Any]:
        """The fields as they were written again, {} when a version was chosen."""
        again = self.controls if self.chosen() == AGAIN else {}
        return {unit: each.value() for unit, each in again.items()}

    def decided(self) -> _Decided:
        """What was chosen so far."""
        return _Decided(self.chosen(), {unit: each.value() for unit, each in self.controls.items()})

    def decide(self, decided: _Decided) -> None:
        """Choose as before."""
        self.choose(decided.key)
        for unit, value in decided.again.items():
            if unit in self.controls:
                self.controls[unit].set_value(value)


class ConflictView(QFrame):
    """One record that waits for a decision.

    Signals:
        decided(str): the decision is on the disk; gives the record.
        put_off(str): decide later; gives the record. What was chosen so far is in ``so_far``.
    """

    decided = Signal(str)
    put_off = Signal(str)

    def __init__(self, conflict: sync_centre.ConflictView, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.conflict, self.context = conflict, context
        self._saving = False
        self.parts = [_Part(each, conflict, context) for each in conflict.parts]
        self.keep: PartBox | None = _keep_box(conflict) if conflict.withdrawn_against else None
        self.why = TextArea(name="Why did you choose this?", lines=1, most=4)
        self.why_field = Field("Why did you choose this?", self.why)
        self.error = Banner("", tone="risk")
        self.error.hide()
        self.save_button = PrimaryButton("Save decision")
        self.save_button.setToolTip("Ctrl+Enter")
        self.save_button.setAccessibleDescription("Shortcut Ctrl+Enter")
        self.later_button = Button("Decide later")
        self.count = label("", "small")
        self._lay_out()
        for box in self._boxes():
            box.changed.connect(self._count)
        self.save_button.clicked.connect(self.save)
        self.later_button.clicked.connect(lambda: self.put_off.emit(self.conflict.record))
        self._count()

    def _boxes(self) -> list[PartBox]:
        return [*([self.keep] if self.keep else []), *self.parts]

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addLayout(self._head())
        body.addWidget(Rule())
        if self.keep is not None:
            body.addWidget(Versions([self.keep]))
        if self.parts:
            body.addWidget(Versions(self.parts))
        body.addLayout(column(*self._below(), gap=10, margins=(14, 10, 14, 12)))
        body.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        card = Card(pad=0)
        card.add_flush(self.area, 1)
        card.add_rule()
        bar = QWidget()
        set_state(bar, "surface", "canvas")
        bar.setLayout(column(self.error, self._buttons(), gap=8, margins=(14, 12, 14, 12)))
        card.add_flush(bar)
        self.setLayout(column(card))
        if not self.conflict.may_decide:
            self.save_button.hide()
            for box in self._boxes():
                box.setEnabled(False)

    def _head(self) -> QVBoxLayout:
        conflict = self.conflict
        number = NUMBERS.get(conflict.laptops, str(conflict.laptops))
        title = f"{number} laptops changed the same record"
        if conflict.laptops < 2:
            title = "This record was changed twice at the same time"
        self.heading = Heading(title, 2)
        line = FlowLayout(gap=10, line_gap=4)
        line.addWidget(self.heading)
        line.addWidget(Tag("merge", "You need to decide", "amber"))
        kept = "Both versions are" if conflict.laptops == 2 else "All versions are"
        words = f"{conflict.title.rstrip('.')}. {kept} kept in the history, whatever you choose."
        return column(line, label(words, "body", "muted", wrap=True), gap=2, margins=(16, 12, 16, 12))

    def _below(self) -> list[QWidget]:
        conflict = self.conflict
        if not conflict.may_decide:
            rest = "Nothing is lost. Ask your manager to decide it."
            return [Banner("Your role may not decide this.", rest, tone="amber", icon="lock")]
        if not conflict.already_in:
            return [self.why_field]
        already = IconLabel("check", _already(conflict.already_in), "small", "ink", icon_tone="accent")
        already.setWordWrap(True)
        it = "it" if len(conflict.already_in) == 1 else "them"
        see = LinkButton(f"See {it}", style="small")
        see.setAccessibleName(f"See {it}, what is already in")
        see.clicked.connect(lambda: self.context.go("record", record=conflict.record))
        line = row(already, see, gap=12)
        line.setStretch(0, 1)
        holder = QWidget()
        holder.setLayout(line)
        return [self.why_field, Rule(), holder]

    def _buttons(self) -> QHBoxLayout:
        seen = ""
        if self.conflict.others and self.conflict.may_decide:
            seen = f"{_listed(self.conflict.others)} will see what you chose and why"
        self.seen = IconLabel("history", seen, "small", "muted")
        self.seen.setWordWrap(True)
        if not seen:
            self.seen.hide()
        grows(self.seen)
        line = row(self.save_button, self.later_button, 4, self.count, gap=12)
        line.addStretch(1)
        line.addWidget(self.seen, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _count(self) -> None:
        done = sum(each.values() is not None for each in self.parts)
        total = len(self.parts)
        if self.keep is not None:
            done, total = done + bool(self.keep.chosen()), total + 1
        self.count.setText(f"{done} of {total} {'part' if total == 1 else 'parts'} decided")
        self.count.setVisible(self.conflict.may_decide)

    def first_focus(self) -> QWidget:
        """Where deciding begins."""
        boxes = self._boxes()
        return boxes[0].focus_target() if boxes and self.conflict.may_decide else self.later_button

    def so_far(self) -> dict[sync_centre.PartView | str, Any]:
        """What was chosen and typed, to go on with in a view of the same record that was made anew."""
        found: dict[sync_centre.PartView | str, Any] = {
            each.part.unit: (each.part, each.decided()) for each in self.parts
        }
        return {**found, "why": self.why.toPlainText(), "keep": self.keep.chosen() if self.keep else ""}

    def is_begun(self) -> bool:
        """Whether something was chosen or typed."""
        chosen = [each.chosen() for each in self.parts] + [self.keep.chosen() if self.keep else ""]
        return any(chosen) or bool(self.why.toPlainText())

    def go_on(self, so_far: Mapping[Any, Any]) -> None:
        """Choose as before wherever a part still has the same versions."""
        for each in self.parts:
            part, decided = so_far.get(each.part.unit, (None, None))
            if part == each.part and decided.key:
                each.decide(decided)
        self.why.setPlainText(so_far.get("why", ""))
        if self.keep is not None:
            self.keep.choose(so_far.get("keep", ""))
        self._count()

    def save(self) -> None:
        """Save the decision, or say what is missing and go there."""
        if self._saving or not self.conflict.may_decide:
            return
        wrong: list[tuple[str, QWidget]] = []
        for box in self._boxes():
            words = box.problem() if isinstance(box, _Part) else "" if box.chosen() else "Choose one"
            box.set_error(words)
            if words:
                wrong.append((words, box.focus_target()))
        reason = self.why.toPlainText().strip()
        self.why_field.set_error("" if reason else "Enter why you chose this")
        if not reason:
            wrong.append(("Enter why you chose this", self.why))
        if wrong:
            words, target = wrong[0]
            errors = "1 error" if len(wrong) == 1 else f"{len(wrong)} errors"
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.area.ensureWidgetVisible(target)
            announce(self, f"There is a problem. {errors}. {words}.", assertive=True)
            return
        self._write(reason)

    def _write(self, reason: str) -> None:
        chosen = {unit: value for each in self.parts for unit, value in (each.values() or {}).items()}
        keep = None if self.keep is None else self.keep.chosen() == KEEP
        again = {unit: value for each in self.parts for unit, value in each.written_again().items()}
        conflict, desk = self.conflict, self.context.desk
        self._saving = True
        self.error.hide()

        def decide() -> None:
            wrong = desk.sync_centre.problem(conflict, again) if again else ""
            if wrong:
                raise UserError(wrong)
            desk.records.decide(conflict.record, chosen, reason, keep=keep)

        self.context.runner.write(
            decide, lambda _: self.decided.emit(conflict.record), context=self, failed=self._failed
        )

    def _failed(self, error: HipssError) -> None:
        self._saving = False
        self.error.set_words("Not saved.", str(error))
        self.error.show()
        announce(self, f"Not saved. {error}", assertive=True)


def _keep_box(conflict: sync_centre.ConflictView) -> PartBox:
    why = f" Reason: {conflict.withdrawn_why}" if conflict.withdrawn_why else ""
    options = [
        Option(key=KEEP, title="Keep it", author=f"Amended by {conflict.amended_by}"),
        Option(key=WITHDRAW, title="Leave it withdrawn", author=f"Withdrawn by {conflict.withdrawn_by}.{why}"),
    ]
    return PartBox("Withdrawn or kept", options, [], place="one version withdraws the record, another amends it")


def _already(labels: Sequence[str]) -> str:
    names = _listed([f"‘{each}’" for each in labels])
    if len(labels) == 1:
        return f"The part {names} was changed on one laptop only, so that change is already in."
    return f"The parts {names} were changed on one laptop only, so those changes are already in."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
