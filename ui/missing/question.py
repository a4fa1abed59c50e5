"""The questions of each step of the guide: the time, which starts with the present time, and who did it.

If the time is cleared, the question asks for it or for "not known". Typed answers are saved as a draft for each step. Must
not decide what follows from an answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.kinds.missing_episode import EDT, IN_TOUCH, MISSING_EPISODE, PACK, POLICE
from hipss_desktop.records.fields import Fields
from hipss_desktop.services.questions import ADD, add_to, parted, row_asked
from hipss_desktop.views.missing_guide import INTERVIEW, RETURN, GuideView
from ui.base.page import Context
from ui.parts import Button, CheckBox
from ui.records.card_questions import RowAsked, RowQuestion

STEPS, RETURNED, HOUSE = "steps", "returned", "in_the_house"
"""Lists of the episode; ``HOUSE`` also names its question, which belongs to no step."""
ASKED: Mapping[str, Mapping[str, str]] = {
    POLICE: {"at": "", "at_not_known": "", "by": "", "log_number": "", "grade": "", "spoke_to": "", "words": ""},
    EDT: {"at": "", "at_not_known": "", "by": "", "spoke_to": "", "words": ""},
    PACK: {"spoke_to": "Given to, name or number"},
    IN_TOUCH: {"at": "", "at_not_known": "", "by": "", "spoke_to": "", "next_call": "", "words": ""},
}
"""The fields that a step asks for, each with its label, or '' for the field's own label."""
OF_ANY_STEP = {"at": "", "at_not_known": "", "by": "", "words": ""}


@dataclass(frozen=True)
class Words:
    """The words on the button of a step's question, and the confirmation afterwards."""

    confirm: str
    done: str


def question_name(step: str) -> str:
    """The name of a step's question, under which its draft is saved."""
    lists = {RETURN: add_to(RETURNED), INTERVIEW: add_to(INTERVIEW), HOUSE: add_to(HOUSE)}
    return lists.get(step) or add_to(STEPS, step)


def step_of(question: str) -> str:
    """The step that a question belongs to, '' if it is not a question of the guide."""
    does, to = parted(question)
    if does != ADD:
        return ""
    return row_asked(question) if to == STEPS else {RETURNED: RETURN, INTERVIEW: INTERVIEW, HOUSE: HOUSE}.get(to, "")


def read_out(*, seat: str) -> RowAsked:
    """The question while the pack is read out: what else the police asked, and who took it."""
    row_form = _row_form(PACK, {"words": "They ask for something else?", "spoke_to": "Who took it, name or number"})
    return replace(row_form, row="the reading", begins_with={"step": PACK, "by": seat}, confirm="All read")


def _row_form(step: str, labels: Mapping[str, str]) -> RowAsked:
    described = MISSING_EPISODE.by_name[parted(question_name(step))[1]]
    rows = {inner.name: inner for inner in described.rows}
    fields = [replace(rows[name], label=words or rows[name].label) for name, words in labels.items()]
    return RowAsked("", described.label, "Write it down", "Written down", fields)


def asked_of(step: str, view: GuideView, *, seat: str, now: datetime) -> RowAsked:
    """Return what the question of a step asks."""
    begins: dict[str, Any] = {"at": times.stamp(now)}
    if step == RETURN:
        labels = dict.fromkeys(("at", "seen_by", "injuries", "how", "where"), "")
        begins = {"at": view.back_at} if view.back_at else {}
        words = Words(
            f"{view.name} is back", f"{view.name} is back. Tell those who were told, and offer the interview."
        )
    elif step == INTERVIEW:
        labels = dict.fromkeys(("step", "at", "by", "independent", "why"), "")
        words = Words("Write it down", "Return home interview written down")
    elif step == HOUSE:
        labels, words = dict.fromkeys(("name", "safe"), ""), Words("Add", "Added to who is in the house")
    else:
        labels, begins = dict(ASKED.get(step, OF_ANY_STEP)), {"step": step, "by": seat, **begins}
        title = next(listed.title for listed in view.steps if listed.code == step)
        words = Words("Write it down", f"Written down: {title}")
    return replace(
        _row_form(step, labels),
        begins_with=begins,
        confirm=words.confirm,
        done=words.done,
        filled=step not in (PACK, HOUSE),
    )


class GuideQuestion(RowQuestion):
    """The question of one step, with the widgets ``above`` over it."""

    def __init__(
        self, context: Context, view: GuideView, step: str, row_form: RowAsked, above: Sequence[QWidget] = ()
    ) -> None:
        self.step, self._above = step, tuple(above)
        both = step not in (RETURN, INTERVIEW)
        self.also = {record: CheckBox(f"Also for {name}") for record, name in (view.together if both else ())}
        before = context.services.questions.draft(view.record, MISSING_EPISODE.name, question_name(step))
        self._was_begun = bool(before.fields)
        super().__init__(context, before, row_form, tuple(self.also.values()), above=above)
        self.close_button.setAccessibleName("Close, nothing is written down")

    def tab_stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        above = [button for part in self._above for button in part.findChildren(Button)]
        return [*above, *self.row.stops(), *self.also.values(), self.confirm, self.close_button]

    def begins_at(self) -> QWidget:
        """The first widget to focus: a question without an answer, else the button that saves the answers."""
        return self.row.first_open() or self.confirm

    def pass_time(self, now: datetime) -> None:
        """Set the time to the present, unless the user has typed one."""
        if "at" in self.row_form.begins_with and not self._was_begun and self.step != RETURN:
            at = times.stamp(now)
            self.row_form = replace(self.row_form, begins_with={**self.row_form.begins_with, "at": at})
            self.row.begin_with("at", at)

    def give(self) -> None:
        """Save the answers, or show what is missing."""
        self.pass_time(self.context.services.clock())
        super().give()

    def work(self, answers: Fields) -> Callable[[], object]:
        """The call with which the writer saves the row."""
        missing, record, question = self.context.services.missing, self.record, self.before.question
        if answers.get("at_not_known"):
            answers = {**answers, "at": ""}  # a day beside the cleared time does not count
        also = [other for other, box in self.also.items() if box.isChecked()]
        if self.step == RETURN:
            return partial(missing.returned, record, answers, question=question)
        if self.step == INTERVIEW:
            return partial(missing.interview, record, answers, question=question)
        if self.step == HOUSE:
            return partial(missing.in_the_house, record, answers, also=also, question=question)
        return partial(missing.step, record, answers, also=also, question=question)
