"""Long forms in parts: what stands under which title, in which order, by eye and by Tab."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated, Any, cast

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind, Section
from tests.helpers.kinds_known import also_known
from tests.helpers.meetings import MEETING
from tests.helpers.open_page import show
from tests.helpers.walk import clipped_labels, focused, settle, small_targets
from ui import theme
from ui.base.page import Context
from ui.parts import Heading
from ui.records.form import RecordForm
from ui.records.form_page import RecordFormPage

Make = Callable[..., RecordForm]


def has_ended(stay: "Stay") -> bool:
    """Whether the stay has ended."""
    return stay.ended is True


class Stay(msgspec.Struct):
    """A stay."""

    where: Annotated[str, field("Where")] = ""
    ended: Annotated[bool | None, field("It has ended")] = None
    why: Annotated[str, field("Why it ended", lines=2, shown_if=has_ended)] = ""
    words: Annotated[str, field("The child's own words", lines=2, shown_if=has_ended)] = ""


STAY: Kind[Stay] = replace(
    cast(Any, MEETING),
    name="stay",
    reference_prefix="ST",
    record=Stay,
    title_from=lambda stay: stay.where,
    dated_by="",
    summary=(),
    lead=(),
    sections=(Section("The ending", ("words", "why")), Section("The stay", ("where", "ended"))),
)


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """The program knows meetings and stays."""
    with also_known(MEETING, STAY):
        yield


@pytest.fixture
def make(app: QApplication, qtbot: QtBot, context: Context) -> Make:
    """Makes a form of a kind and shows it in a window."""

    def form_of(kind: Kind, fields: dict[str, Any] | None = None, width: int = 900) -> RecordForm:
        form = RecordForm(kind, context)
        form.set_fields(fields or {})
        show(qtbot, form, (width, 700))
        settle()
        return form

    return form_of


def top(form: RecordForm, widget: QWidget) -> int:
    """How far down a widget stands."""
    return widget.mapTo(form, QPoint(0, 0)).y()


def titles(form: RecordForm) -> list[str]:
    """The titles that can be seen, from top to bottom."""
    seen = [heading for heading in form.findChildren(Heading) if heading.isVisible()]
    assert [heading.level for heading in seen] == [2] * len(seen)
    return [heading.text() for heading in sorted(seen, key=lambda heading: top(form, heading))]


@pytest.mark.parametrize("width", [900, 420])
def test_questions_are_under_the_titles_of_their_sections_and_the_rest_at_the_end(make: Make, width: int) -> None:
    form = make(MEETING, width=width)
    assert titles(form) == ["What it is about", "What came of it", "People", "Other answers"]
    headings = {heading.text(): top(form, heading) for heading in form.findChildren(Heading)}
    ends = [*list(headings.values())[1:], form.height()]
    for section, end in zip(MEETING.sections, ends, strict=False):
        for name in (name for name in section.fields if name != "told"):  # it grows, and holds no row yet
            assert headings[section.title] < top(form, form.questions[name]) < end, name
    assert top(form, form.questions["notes"]) > headings["Other answers"]


def test_a_kind_without_sections_has_no_titles_in_its_form(make: Make) -> None:
    assert titles(make(replace(MEETING, sections=()))) == []


def test_tab_goes_through_the_sections_from_top_to_bottom(make: Make) -> None:
    form = make(MEETING)
    first = form.first_focus()
    assert first is not None
    first.setFocus()
    seen = []
    for _ in range(8):
        seen.append(next(name for name, question in form.questions.items() if question.isAncestorOf(focused())))
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert seen == ["held_on", "question", "about", "child", "agreed", "review", "present", "notes"]


def test_a_section_is_hidden_while_none_of_its_questions_is_asked(make: Make) -> None:
    form = make(STAY, {"where": "Moor Street"})
    assert titles(form) == ["The stay"]
    form.go("ended")
    QTest.keyClick(focused(), Qt.Key.Key_Y)
    settle()
    assert form.fields() == {"where": "Moor Street", "ended": True}
    assert titles(form) == ["The ending", "The stay"]
    assert [name for name, question in form.questions.items() if question.isVisible()] == [
        "words", "why", "where", "ended",
    ]  # fmt: skip
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    settle()
    assert form.fields() == {"where": "Moor Street", "ended": False}
    assert titles(form) == ["The stay"]


def test_problems_are_listed_in_the_order_of_the_sections(make: Make) -> None:
    form = make(MEETING)
    problems = [Problem(name, f"Mend {name}") for name in ("notes", "question", "held_on")]
    assert [words for words, _ in form.show_problems(problems)] == ["Mend held_on", "Mend question", "Mend notes"]


@pytest.mark.parametrize(("size", "scale"), [((1182, 712), 1.0), ((840, 584), 1.5), ((420, 584), 1.0)])
def test_nothing_is_cut_in_a_form_with_sections(
    app: QApplication, qtbot: QtBot, context: Context, size: tuple[int, int], scale: float
) -> None:
    told_rows = [{"id": "d", "who": "other", "which": "The neighbour"}]
    page = RecordFormPage(context, context.services.records.new_draft("meeting", {"told": told_rows, "agreed": False}))
    qtbot.addWidget(page)
    page.show()
    theme.apply(app, theme.Theme("night", scale))
    page.resize(*size)
    settle()
    assert clipped_labels(page) == []
    assert small_targets(page) == []
