"""No word that was shown on a page is dropped behind its author's back, whatever the writer thread meets."""

import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.errors import Unavailable
from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, CTRL, Opened


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    return Opened(qtbot, context)


def happening(services: Services) -> list[str]:
    return [str(draft.fields.get("happening") or "") for draft in services.store.drafts()]


def test_what_is_typed_while_an_unfinished_contact_is_being_looked_at_is_saved(
    opened: Opened, services: Services
) -> None:
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("Kai came in")
    field = opened.focused()
    held = threading.Event()
    opened.context.runner.write(lambda: held.wait(5), lambda _: None, context=opened.page)
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    QTest.keyClicks(field, " by the back door")
    held.set()
    opened.settle()
    opened.page.save_and_close()
    opened.settle()
    assert happening(services) == ["Kai came in by the back door"]


def test_a_fault_of_the_program_in_a_finish_leaves_a_page_that_saves_and_finishes(
    opened: Opened, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(draft: Any) -> Any:
        raise ZeroDivisionError

    opened.press(Qt.Key.Key_3, ALT)
    opened.type("Kai came in")
    field = opened.focused()
    with monkeypatch.context() as broken:
        broken.setattr(services.records, "finish", fault)
        QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
        opened.settle()
    QTest.keyClicks(field, " late")
    opened.page.save_and_close()
    opened.settle()
    assert happening(services) == ["Kai came in late"]
    opened.page.finish()
    opened.settle()
    assert opened.page.form.summary.isVisible()


def test_save_and_close_stays_where_an_earlier_save_turns_out_to_have_failed(
    opened: Opened, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(draft: Any) -> Any:
        raise Unavailable("This laptop's disk is full.")

    opened.press(Qt.Key.Key_3, ALT)
    opened.type("Kai came in")
    with monkeypatch.context() as full:
        full.setattr(services.records, "save", refused)
        opened.page.autosave.flush()
        opened.page.save_and_close()
        opened.settle()
        assert opened.context.went == []
        assert opened.page.may_leave() is False
        opened.settle()
        assert opened.page.may_leave() is True
        opened.settle()
    QTest.qWait(1300)
    opened.settle()
    assert happening(services) == ["Kai came in"]
    assert opened.page.may_leave() is True
    assert QApplication.instance() is not None


def test_what_is_typed_while_a_finish_succeeds_is_kept_as_an_amendment(opened: Opened, services: Services) -> None:
    opened.answer_all()
    opened.press(Qt.Key.Key_3, ALT)
    field = opened.focused()
    before = services.store.count("contact")
    held = threading.Event()
    opened.context.runner.write(lambda: held.wait(5), lambda _: None, context=opened.page)
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    QTest.keyClicks(field, " and one more thing")
    held.set()
    opened.settle()
    assert services.store.count("contact") == before + 1
    (late,) = services.store.drafts()
    assert late.parents
    assert "and one more thing" in str(late.fields["happening"])
    assert "and one more thing" not in str(services.store.get(late.record).fields["happening"])  # type: ignore[union-attr]  # there
