"""Shows the versions of one record side by side, so that a person can decide between them, with a reason.

For each part the person chooses one version, keeps all additions together, or writes the part again. ``services.records.decide``
saves the decision, and all versions stay in the history. Choices and typed words are a draft until the decision is saved. They
stay on the screen even if another laptop decides meanwhile. Must not decide anything itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError, UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import as_text, is_nothing
from hipss_desktop.records.paragraphs import TEXT
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.services.questions import DECIDE
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
from ui.records.caret import TextField
from ui.records.controls import FieldControl, texts_in
from ui.records.question_draft import QuestionDraft
from ui.records.versions import Option, PartBox, Versions
from ui.theme import set_state

KEEP, WITHDRAW = "keep", "withdraw"
BOTH, AGAIN = "both", "again"
DECIDED = (
    "What you chose and wrote stands here and in Drafts until you discard it. Open the record to read the decision; amend "
    "the record if you would change it."
)
"""What to do if somebody else decided meanwhile."""
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}


class _Part(PartBox):
    """One part of the record, with a choice between its versions, all additions together, and writing it again."""

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
                other=next((side_view.words for side_view in part.sides if side_view is not side), ""),
            )
            for number, side in enumerate(part.sides)
        ]
        below = []
        if part.additive:
            below.append(Option(key=BOTH, title="Keep both additions" if len(options) == 2 else "Keep all additions"))
        if part.rewrite:
            below.append(Option(key=AGAIN, title="Write it again"))
        self.controls: dict[str, FieldControl] = {}
        self._start: Mapping[str, Any] = {}
        self._rewrite_fields: QWidget | None = None
        super().__init__(part.label, options, below, place=place)
        if part.rewrite:
            self._make_controls()
        self.changed.connect(self._open_controls)

    def _open_controls(self) -> None:
        if self._rewrite_fields is not None:
            self._rewrite_fields.setVisible(self.chosen() == AGAIN)

    def _make_controls(self) -> None:
        """Make the fields for writing the part again, hidden at first. Made now, they have their place in the Tab order."""
        kind = KINDS[self._conflict.kind]
        joined = self._context.services.sync_centre.joined
        self._start = joined(self.part) if self.part.additive else self.part.sides[0].values
        fields = []
        for unit in self.part.rewrite:
            field_name, row_name, _ = unit.partition("/")
            described = kind.by_name[field_name]
            name = self.part.label if row_name else described.label
            if row_name:  # a paragraph: its words are written again, its mark stays
                described = next(inner for inner in described.rows if inner.name == TEXT)
                self._start = {**self._start, unit: as_text(self._paragraph(unit).get(TEXT))}
            control = FieldControl(described, self._context, name=f"{name}, written again")
            control.set_value(self._start.get(unit))
            control.changed.connect(self.changed)
            self.controls[unit] = control
            fields.append(control if len(self.part.rewrite) == 1 else Field(name, control))
        self._rewrite_fields = QWidget()
        self._rewrite_fields.setLayout(column(*fields, gap=8))
        self.set_editor(self._rewrite_fields)

    def values(self) -> dict[str, Any] | None:
        """The decided value of each unit, or None while the part is not decided."""
        key = self.chosen()
        if not key:
            return None
        if key == BOTH:
            return self._context.services.sync_centre.joined(self.part)
        if key != AGAIN:
            return dict(self.part.sides[int(key)].values)
        typed = [control.value() for control in self.controls.values()]
        if all(is_nothing(value) and value is not False for value in typed):
            return None
        return {**self.part.sides[0].values, **self._written()}

    def _written(self) -> dict[str, Any]:
        """The values that are written again, a paragraph as its whole row."""
        typed = {unit: control.value() for unit, control in self.controls.items()}
        return {unit: {**self._paragraph(unit), TEXT: value} if "/" in unit else value for unit, value in typed.items()}

    def _paragraph(self, unit: str) -> Mapping[str, Any]:
        """The paragraph's row in the first version that did not remove it."""
        rows = (side.values.get(unit) for side in self.part.sides)
        return next((row for row in rows if isinstance(row, Mapping)), {})

    def problem(self) -> str:
        """Why the part is not decided, '' when it is."""
        if self.values() is None:
            return "Write this part, or choose a version" if self.chosen() else "Choose a version"
        written = self.controls.values() if self.chosen() == AGAIN else ()
        return next((words for field_control in written if (words := field_control.problem())), "")

    def written_again(self) -> dict[str, Any]:
        """The values that were written again, {} if a version was chosen."""
        return self._written() if self.chosen() == AGAIN else {}

    def so_far(self) -> dict[str, Any]:
        """The choice and the words written again so far, {} if there are none."""
        values = {unit: control.value() for unit, control in self.controls.items()}
        rewritten = {unit: value for unit, value in values.items() if value != self._start.get(unit)}
        return {"chosen": self.chosen(), "again": rewritten} if self.chosen() or rewritten else {}

    def go_on(self, so_far: Mapping[str, Any], *, same: bool) -> None:
        """Restore the choice and the words written again.

        The choice of a version is restored only if the versions are the ``same``.
        """
        chosen = str(so_far.get("chosen") or "")
        for unit, value in (so_far.get("again") or {}).items():
            if unit in self.controls:
                self.controls[unit].set_value(value)
        if same or (chosen == AGAIN and self.controls):
            self.choose(chosen)

    def text_fields(self) -> dict[str, TextField]:
        """The text fields in which the part is written again."""
        fields: dict[str, TextField] = {}
        for unit, control in self.controls.items():
            fields |= texts_in(control.stops(), unit)
        return fields


class ConflictView(QFrame):
    """One record that waits for a decision, with what was chosen and typed before.

    Signals:
        decided(str): the decision is on the disk; gives the record.
        put_off(str): decide later; gives the record.
    """

    decided = Signal(str)
    put_off = Signal(str)

    def __init__(self, conflict: sync_centre.ConflictView, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.conflict, self.context = conflict, context
        self.saving = self.saved = False
        self.gone = False
        """Whether the record no longer waits for a decision while somebody is deciding it here."""
        self.before = context.services.questions.draft(conflict.record, conflict.kind, DECIDE)
        self.keeper = QuestionDraft(self, context, self.before, self.typed, self.text_fields)
        self.parts = [_Part(part, conflict, context) for part in conflict.parts]
        self.keep: PartBox | None = _keep_box(conflict) if conflict.withdrawn_against else None
        self.why = TextArea(name="Why did you choose this?", lines=1, most=4)
        self.why_field = Field("Why did you choose this?", self.why)
        self.error = Banner("", tone="risk")
        self.error.hide()
        self.notice = Banner("", tone="amber", icon="merge")
        self.notice.hide()
        self.save_button = PrimaryButton("Save decision")
        self.save_button.setToolTip("Ctrl+Enter")
        self.save_button.setAccessibleDescription("Shortcut Ctrl+Enter")
        self.later_button = Button("Decide later")
        self.count = label("", "small")
        self.open_button = PrimaryButton("Open the record")
        self.discard_button = Button("Discard what I wrote", tone="risk")
        self._lay_out()
        self._go_on()
        for box in self._boxes():
            box.changed.connect(self._count)
            box.changed.connect(self.keeper.note)
        self.why.textChanged.connect(self.keeper.note)
        self.open_button.clicked.connect(lambda: self.context.go("record", record=self.conflict.record))
        self.discard_button.clicked.connect(self._discard)
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
        bar.setLayout(column(self.notice, self.error, self._buttons(), gap=8, margins=(14, 12, 14, 12)))
        card.add_flush(bar)
        self.setLayout(column(card))
        past = bool(self.conflict.decided_by)
        for button in (self.open_button, self.discard_button):
            button.setVisible(past)
        self.later_button.setVisible(not past)
        self.save_button.setVisible(self.conflict.may_decide and not past)
        self.why.setReadOnly(past)
        if past or not self.conflict.may_decide:
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
        past = bool(conflict.decided_by)
        line.addWidget(Tag("check", "Decided", "neutral") if past else Tag("merge", "You need to decide", "amber"))
        subject = "Both versions are" if conflict.laptops == 2 else "All versions are"
        words = f"{conflict.title.rstrip('.')}. {subject} kept in the history, whatever you choose."
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
        if self.conflict.others and self.conflict.may_decide and not self.conflict.decided_by:
            seen = f"{_listed(self.conflict.others)} will see what you chose and why"
        self.seen = IconLabel("history", seen, "small", "muted")
        self.seen.setWordWrap(True)
        if not seen:
            self.seen.hide()
        grows(self.seen)
        line = row(self.save_button, self.later_button, self.open_button, self.discard_button, 4, self.count, gap=12)
        line.addStretch(1)
        line.addWidget(self.seen, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _count(self) -> None:
        done = sum(part.values() is not None for part in self.parts)
        total = len(self.parts)
        if self.keep is not None:
            done, total = done + bool(self.keep.chosen()), total + 1
        self.count.setText(f"{done} of {total} {'part' if total == 1 else 'parts'} decided")
        self.count.setVisible(self.conflict.may_decide and not self.conflict.decided_by)

    def first_focus(self) -> QWidget:
        """The first choice. If the record was decided meanwhile, the reason that was typed, which is then read-only."""
        if self.conflict.decided_by:
            return self.why
        boxes = self._boxes()
        return boxes[0].focus_target() if boxes and self.conflict.may_decide else self.later_button

    def typed(self, draft: Draft) -> Draft:
        """The draft with the present choices and words, for the versions that are shown."""
        parts = {part.part.unit: so_far for part in self.parts if (so_far := part.so_far())}
        keep = self.keep.chosen() if self.keep is not None else ""
        fields = {**({"parts": parts} if parts else {}), **({"keep": keep} if keep else {})}
        return replace(draft, parents=self.conflict.heads, fields=fields, why=self.why.toPlainText())

    def text_fields(self) -> Mapping[str, TextField]:
        """The reason, and the parts that are written again in words."""
        fields: dict[str, TextField] = {"why": self.why}
        for part in self.parts:
            if part.chosen() == AGAIN:
                fields |= part.text_fields()
        return fields

    def is_begun(self) -> bool:
        """Whether something was chosen or typed."""
        return self.keeper.is_begun()

    def _go_on(self) -> None:
        """Restore the draft's choices in parts that still have the same versions, and say which parts have others."""
        before, conflict = self.before, self.conflict
        self.why.setPlainText(before.why)
        if self.keep is not None:
            self.keep.choose(str(before.fields.get("keep") or ""))
        so_far: Mapping[str, Any] = before.fields.get("parts") or {}
        seen = conflict if before.parents == conflict.heads else None
        if seen is None and so_far:
            seen = self.context.services.sync_centre.as_seen(before)
        parts_seen = {part.unit: part for part in seen.parts} if seen is not None else {}
        for part in self.parts:
            if part.part.unit in so_far:
                part.go_on(so_far[part.part.unit], same=parts_seen.get(part.part.unit) == part.part)
        if conflict.decided_by:
            where = "here" if conflict.decided_here else "on another laptop"
            self.notice.set_words(f"Decided {where} while you were writing.", f"By {conflict.decided_by}. {DECIDED}")
            self.notice.show()
        elif words := " ".join(self._changed_since(so_far, parts_seen)):
            self.notice.set_words("Another laptop changed this while you were deciding.", words)
            self.notice.show()

    def _changed_since(self, so_far: Mapping[str, Any], seen: Mapping[str, sync_centre.PartView]) -> Iterator[str]:
        """A sentence for each part to look at again, and for each decided part with the words written for it."""
        parts = {part.part.unit: part.part for part in self.parts}
        for unit, before in so_far.items():
            label = f"‘{seen[unit].label if unit in seen else unit}’"
            rewritten = "; ".join(as_text(value) for value in before.get("again", {}).values())
            if unit not in parts:
                yield f"{label} is decided." + (f" You had written: {rewritten}" if rewritten else "")
            elif parts[unit] != seen.get(unit):
                yield f"Look again at {label}: its versions are not those you chose from."

    def _discard(self) -> None:
        """Discard what was typed, and offer to undo that."""
        draft, context = self.keeper.typed(), self.context
        self.keeper.stop()

        def announce_change(_: object) -> None:
            context.bus.changed.emit(ChangeSet(sync=True))

        def undo() -> None:
            context.runner.write(partial(context.services.questions.save, draft), announce_change, context=context.bus)

        def discarded(_: object) -> None:
            self.saved = True
            context.done(f"What you wrote is discarded: {self.conflict.title}", undo)
            announce_change(None)

        context.runner.write(
            partial(context.services.questions.discard, draft), discarded, context=self, failed=self._failed
        )

    def save(self) -> None:
        """Save the decision, or say what is missing and move the focus there."""
        if self.saving or not self.conflict.may_decide or self.conflict.decided_by:
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
        chosen = {unit: value for part in self.parts for unit, value in (part.values() or {}).items()}
        keep = None if self.keep is None else self.keep.chosen() == KEEP
        rewritten = {unit: value for part in self.parts for unit, value in part.written_again().items()}
        conflict, services = self.conflict, self.context.services
        self.saving = True
        self.error.hide()
        self.keeper.hand_in()

        def decide() -> None:
            wrong = services.sync_centre.problem(conflict, rewritten) if rewritten else ""
            if wrong:
                raise UserError(wrong)
            services.records.decide(conflict.record, chosen, reason, keep=keep, question=DECIDE)

        def done(_: object) -> None:
            self.saved = True
            self.decided.emit(conflict.record)

        self.context.runner.write(decide, done, context=self, failed=self._failed)

    def _failed(self, error: HipssError) -> None:
        self.saving = False
        self.keeper.start()
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
    names = _listed([f"‘{name}’" for name in labels])
    if len(labels) == 1:
        return f"The part {names} was changed on one laptop only, so that change is already in."
    return f"The parts {names} were changed on one laptop only, so those changes are already in."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
