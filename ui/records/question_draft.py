"""What is typed into one question of a record, kept like any other draft while it is typed.

A question makes ``QuestionDraft(self, context, draft, typed, text_fields)``, calls ``note`` when an answer changes,
``hand_in`` before its answer is written and ``start`` again where it was refused. Must not know what is asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hipss_desktop.services.ports import Draft
from ui.base.page import Context
from ui.records.autosave import Autosave
from ui.records.caret import TextField, caret_in, put_caret


class QuestionDraft(Autosave):
    """The draft of an open question.

    Args:
        question: the widget that asks.
        context: of the page that it stands on.
        draft: what was typed into it before.
        typed: that draft with what is typed now; without ``fields`` and ``why`` nothing is.
        text_fields: the fields that words are typed into, by names that stay the same when it is asked again.
    """

    def __init__(
        self,
        question: QWidget,
        context: Context,
        draft: Draft,
        typed: Callable[[Draft], Draft],
        text_fields: Callable[[], Mapping[str, TextField]],
    ) -> None:
        super().__init__(question, context, self._with_caret)
        self.failed.connect(context.say)
        self._question, self._draft, self._typed, self._text_fields = question, draft, typed, text_fields

    def _with_caret(self) -> Draft:
        return replace(self._typed(self._draft), caret=caret_in(self._text_fields(), self._question.focusWidget()))

    def is_begun(self) -> bool:
        """Whether something is typed."""
        draft = self._typed(self._draft)
        return bool(draft.fields or draft.why)

    def may_leave(self) -> bool:
        """Save what is typed, and where."""
        if self.is_begun():
            self.note()
        return super().may_leave()

    def hand_in(self) -> None:
        """Save what is typed, and nothing after it: the commit that gives the answer removes it."""
        self.flush()
        self.stop()

    def type_on(self) -> bool:
        """Put the focus and the caret where somebody was typing; False where that was in no field of words."""
        field = self._text_fields().get(self._draft.caret.field)
        if field is None or not field.isVisibleTo(self._question):
            return False
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        put_caret(field, self._draft.caret.at)
        return True

    def will_save(self, draft: Draft) -> None:
        """Have the same question show it wherever it is asked again, also before it is on the disk."""
        self._context.services.questions.will_save(draft)

    def work_of(self, draft: Draft) -> Callable[[], Draft]:
        """What the writer does to keep the draft."""
        return partial(self._context.services.questions.save, draft)
