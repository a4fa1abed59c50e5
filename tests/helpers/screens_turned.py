"""The turned screen in the pictures: Jo answers the second part in her own words, and Martin has typed his name."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from hipss_desktop.services.reading_back import ReadBack
from tests.helpers.demo_laptop import DemoLaptop, at, key, settle, shown, write
from tests.helpers.read_back_visit import DRAWN, amend_paragraph, as_worker, finished_visit, member
from tests.helpers.store_fixtures import RecordingSession
from ui.supervision.sign_box import SignBox
from ui.supervision.turned_window import TurnedWindow


def half_read(demo: DemoLaptop) -> ReadBack:
    """Return a reading in which Jo has answered the first part, and Martin has answered all parts and typed his name."""
    services = as_worker(demo.services, demo.clock)
    visit, reading = finished_visit(services), services.reading_back
    back = reading.answer(reading.read(visit), member(services, "Jo"), "p1", "agree", "")
    for paragraph in ("p1", "p2", "p5"):
        back = reading.answer(back, member(services, "Martin"), paragraph, "agree", "")
    demo.clock.pass_time(minutes=11)
    return reading.sign(back, member(services, "Martin"), "typed", typed="Martin Preece")


def turned_window(demo: DemoLaptop, back: ReadBack) -> TurnedWindow:
    """Return the window of the turned screen."""
    session = RecordingSession(as_worker(demo.services, demo.clock))
    window = TurnedWindow(session, back, lambda: None)
    demo.keep(window)
    return window


def turned(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the turned screen in the middle of reading."""
    window = turned_window(demo, half_read(demo))
    shown(demo, window, size)
    for _ in range(2):
        key(window, Qt.Key.Key_Right)
    window.reading.part.text.setFocus()
    write(window, "He is not kept out. We agreed it, because shouting sets Kai off. But he wants to be told why.")
    settle(window)
    return window


def turned_and_signed(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the turned screen at the end: all is answered, Jo has drawn her signature, and the worker draws."""
    services = as_worker(demo.services, demo.clock)
    back, reading = half_read(demo), services.reading_back
    for paragraph, answer in (("p2", "disagree"), ("p5", "agree")):
        back = reading.answer(back, member(services, "Jo"), paragraph, answer, "")
    back = reading.sign(back, member(services, "Jo"), "drawn", strokes=DRAWN)
    window = turned_window(demo, back)
    shown(demo, window, size)
    draw(window.reading.signing.panels[-1].box)
    window.reading.signing.go(back)
    settle(window)
    return window


def signed_visit(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of the finished visit: an amendment has outdated Jo's signature, and Martin has signed again."""
    services = as_worker(demo.services, demo.clock)
    back, reading = half_read(demo), services.reading_back
    back = reading.answer(back, member(services, "Jo"), "p2", "disagree", "He is not kept out. We agreed it.")
    back = reading.answer(back, member(services, "Jo"), "p5", "agree", "")
    reading.sign(back, member(services, "Jo"), "drawn", strokes=DRAWN)
    demo.clock.pass_time(minutes=9)
    amend_paragraph(services, back.visit, "p5", "Respite in April is booked from the 7th to the 9th.")
    reading.sign(reading.read(back.visit), member(services, "Martin"), "typed", typed="Martin Preece")
    return at("visit", record=back.visit)(demo, size)


def waiting(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the turned screen while it asks for the worker."""
    window = turned_window(demo, half_read(demo))
    shown(demo, window, size)
    window.reading.leaving.emit()
    settle(window)
    return window


def draw(box: SignBox, *, wide: int = 0) -> None:
    """Sign in a box with the mouse: one stroke across it."""
    wide = wide or box.width()
    places = [
        QPointF(wide * (0.2 + 0.02 * step), box.height() * (0.4 + (0.15 if step % 2 else -0.1))) for step in range(20)
    ]
    button, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for number, place in enumerate(places):
        kind = QEvent.Type.MouseButtonPress if not number else QEvent.Type.MouseMove
        pressed = button if not number else none
        whole = box.mapToGlobal(place)
        QApplication.sendEvent(box, QMouseEvent(kind, place, whole, pressed, button, Qt.KeyboardModifier.NoModifier))
    ended = QMouseEvent(
        QEvent.Type.MouseButtonRelease,
        places[-1],
        box.mapToGlobal(places[-1]),
        button,
        none,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(box, ended)
