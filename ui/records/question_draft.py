"""The draft of one question of a record, saved while it is typed like any other draft.

A question makes ``QuestionDraft(self, context, draft, typed, text_fields)``, calls ``note`` when an answer changes,
``hand_in`` before its answer is written, and ``start`` if the answer was refused. Must not know what is asked.
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
        question: the widget of the question.
        context: the context of its page.
        draft: the draft as it was saved earlier.
        typed: returns that draft with the present text; empty ``fields`` and ``why`` mean that nothing is typed.
        text_fields: returns the text fields, by names that stay the same when the question opens again.
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
        """Save what is typed and the place of the caret; see ``Autosave.may_leave``."""
        if self.is_begun():
            self.note()
        return super().may_leave()

    def hand_in(self) -> None:
        """Save what is typed, and then stop saving, because the commit of the answer deletes the draft."""
        self.flush()
        self.stop()

    def type_on(self) -> bool:
        """Put the focus and the caret where the user was typing; return False if that was not in a text field."""
        field = self._text_fields().get(self._draft.caret.field)
        if field is None or not field.isVisibleTo(self._question):
            return False
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        put_caret(field, self._draft.caret.at)
        return True

    def will_save(self, draft: Draft) -> None:
        """Tell the service about the draft, so that the same question shows it before it is on the disk."""
        self._context.services.questions.will_save(draft)

    def work_of(self, draft: Draft) -> Callable[[], Draft]:
        """The call with which the writer saves the draft."""
        return partial(self._context.services.questions.save, draft)
