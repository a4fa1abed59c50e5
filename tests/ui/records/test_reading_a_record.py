"""Reading a record: the story first in one grid, people with large numbers, the bookkeeping folded until it is asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.views.record import RowCell, RowTable
from hipss_desktop.views.services import Services
from tests.helpers.open_page import SIZE, open_page
from tests.helpers.several_laptops import child_named
from tests.helpers.walk import clipped_labels, focused, settle, small_targets, unnamed_focusables
from ui import theme
from ui.parts import Heading
from ui.records.fold import Fold
from ui.records.people_rows import PeopleRows
from ui.records.record_lines import RecordLines
from ui.records.record_page import RecordPage

Open = Callable[..., RecordPage]


@pytest.fixture
def open_record(app: QApplication, qtbot: QtBot, context: Any) -> Open:
    """Opens the page of a record as the window does."""

    def opened(record: str, size: tuple[int, int] = SIZE) -> RecordPage:
        page = RecordPage(context, record=record)
        open_page(qtbot, context, page, size)
        return page

    return opened


def contact(services: Services) -> str:
    """A contact about Kai."""
    return services.store.records_about(child_named(services, "Kai"), kind="contact")[0].record


def household(services: Services) -> str:
    """The Preece household."""
    return services.people.find("jo preece", kinds=("carer",))[0].record


def lines_of(page: RecordPage) -> RecordLines:
    """The answers on a page."""
    lines = page.findChild(RecordLines)
    assert lines is not None
    return lines


def labels(page: RecordPage) -> list[QLabel]:
    """The labels of the answers, from top to bottom."""
    line_labels = {line.label for group in page.view_card.view.groups for line in group.lines}  # type: ignore[union-attr]  # open
    lines = lines_of(page)
    words = [label for label in lines.findChildren(QLabel) if not isinstance(label, Heading) and label.isVisible()]
    field_labels = [word for word in words if word.text() in line_labels]
    return sorted(field_labels, key=lambda label: label.mapTo(lines, QPoint(0, 0)).y())


def fold_of(page: RecordPage) -> Fold:
    """What unfolds the bookkeeping."""
    fold = page.findChild(Fold)
    assert fold is not None
    return fold


def test_a_contact_begins_with_what_its_kind_leads_with(open_record: Open, services: Services) -> None:
    page = open_record(contact(services))
    shown = [label.text() for label in labels(page)]
    answered = services.store.get(page.record)
    assert answered is not None
    lead = [CONTACT.by_name[name].label for name in CONTACT.lead if answered.fields.get(name)]
    assert len(lead) >= 2
    assert shown[: len(lead)] == lead


@pytest.mark.parametrize(("size", "scale"), [(SIZE, 1.0), ((840, 584), 1.5), ((360, 712), 1.0)])
def test_every_label_is_at_one_edge_in_one_style_and_nothing_is_cut(
    open_record: Open, app: QApplication, services: Services, size: tuple[int, int], scale: float
) -> None:
    theme.apply(app, theme.Theme("day", scale))
    for record in (contact(services), household(services), child_named(services, "Kai")):
        page = open_record(record, size)
        lines = lines_of(page)
        field_labels = labels(page)
        assert len(field_labels) > 5
        assert {label.mapTo(lines, QPoint(0, 0)).x() for label in field_labels} == {0}
        assert len({label.font().toString() for label in field_labels}) == 1
        assert clipped_labels(page) == []
        assert unnamed_focusables(page) == []
        assert small_targets(page) == []


def test_the_bookkeeping_says_how_much_it_holds_and_opens_by_key(open_record: Open, services: Services) -> None:
    record = contact(services)
    page = open_record(record)
    fold = fold_of(page)
    assert fold.button.accessibleName() == "About this record, 1 version"

    def texts() -> list[str]:
        return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]

    assert not {"Version history", "First written", record} & set(texts())
    while focused() is not fold.button:
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClick(fold.button, Qt.Key.Key_Space)
    settle()
    assert {"Version history", "Nothing is ever deleted", "Reference", "First written", record} <= set(texts())
    assert fold.button.accessibleDescription() == "Open"
    assert focused() is fold.button
    assert fold.button.visibleRegion().boundingRect() == fold.button.rect()


@pytest.mark.parametrize("night", [True, False])
def test_a_pane_that_has_the_focus_has_a_line_inside_its_edge_and_no_ring_round_it(
    open_record: Open, app: QApplication, services: Services, night: bool
) -> None:
    theme.apply(app, theme.Theme("night" if night else "day"))
    page = open_record(contact(services))
    area, now = page.view_card.area, theme.current()
    assert area.hasFocus()
    settle()
    picture = page.grab().toImage()
    corner = area.mapTo(page, QPoint(0, 0))
    middle = corner.y() + area.height() // 2
    across = [picture.pixelColor(corner.x() + step, middle).rgb() for step in range(-5, 5)]
    assert now.focus.rgb() not in across[:5]
    assert {now.focus.rgb(), now.focus_ink.rgb()} <= set(across[5:])


def test_people_are_rows_whose_number_is_large_and_says_who_answers(open_record: Open, services: Services) -> None:
    page = open_record(household(services))
    people = page.findChildren(PeopleRows)
    labels_by_name = {label.accessibleName(): label for rows in people for label in rows.findChildren(QLabel)}
    for name in ("Joanna Preece, 07700 900560", "Martin Preece, 07700 900561", "Home, 01632 960174"):
        number = labels_by_name[name]
        assert number.fontInfo().pixelSize() >= 15
        assert number.font().weight() >= QFont.Weight.DemiBold


def test_a_mark_that_stands_for_no_name_is_not_shown_as_one(app: QApplication, qtbot: QtBot) -> None:
    cells = tuple(RowCell(words) for words in ("Yonas", "-", "07700 900560"))
    rows = PeopleRows(
        "People", RowTable(("First name", "Family name", "Mobile"), (cells,), numbers=(2,), called=(0, 1))
    )
    qtbot.addWidget(rows)
    assert "Yonas, 07700 900560" in {label.accessibleName() for label in rows.findChildren(QLabel)}
