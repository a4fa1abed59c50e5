"""Work off the window's thread: what was asked later is never shown before, and then replaced by, what was asked earlier."""

import threading

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.base.runner import TaskRunner


class Shown(QObject):
    """What shows readings, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def show(self, words: str) -> None:
        self.words.append(words)


def test_a_method_never_gets_an_older_reading_after_a_newer_one(app: QApplication, qtbot: QtBot) -> None:
    runner, page, other, let_go = TaskRunner(), Shown(), Shown(), threading.Event()

    def held() -> str:
        assert let_go.wait(10)
        return "older"

    runner.read(held, page.show, context=page)
    runner.read(lambda: "newer", page.show, context=page)
    runner.read(lambda: "another page's", other.show, context=other)
    qtbot.waitUntil(lambda: bool(page.words and other.words))
    let_go.set()
    qtbot.waitUntil(lambda: runner.idle)
    assert (page.words, other.words) == (["newer"], ["another page's"])
    runner.close()


def test_what_is_made_for_one_reading_gets_it_whenever_it_comes(app: QApplication, qtbot: QtBot) -> None:
    runner, page, let_go = TaskRunner(), Shown(), threading.Event()

    def held() -> str:
        assert let_go.wait(10)
        return "first"

    runner.read(held, page.words.append, context=page)
    runner.read(lambda: "second", page.words.append, context=page)
    qtbot.waitUntil(lambda: page.words == ["second"])
    let_go.set()
    qtbot.waitUntil(lambda: page.words == ["second", "first"])
    runner.close()
