"""The open window: rail, top bar, one page at a time with its action bar, layers over it, and the keys that work everywhere.

Pages open other pages with ``go``, which is in their ``Context``. Everything slow runs on the window's own task runner. Must
not know what any page does. Must reach storage through the services only.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.people import Person
from hipss_desktop.services.ports import ChangeSet, Disk, Draft
from hipss_desktop.services.reading_back import ReadBack
from hipss_desktop.views.clock_apart import clock_words
from hipss_desktop.views.due_now import DueNow
from hipss_desktop.views.numbers import shown_locked
from hipss_desktop.views.sync_centre import Pill
from ui import theme
from ui.base import clipboard
from ui.base.announce import announce
from ui.base.cover import cover, lock_behind_cover
from ui.base.idle import IdleLock
from ui.base.kind_style import style_of
from ui.base.layers import Layers, PaneCycle
from ui.base.page import MINUTE, ChangeBus, Context, Page
from ui.base.runner import TaskRunner
from ui.base.session import DutyNumber, KeyAct, Session
from ui.base.shortcuts import bind
from ui.parts import CallTimer, Rule, SyncState
from ui.shell import screens
from ui.shell.feedback import Feedback
from ui.shell.frame import ActionBar, ClockNotice, DiskNotice, LockWarning, Rail, RecoveryKeyNotice, TopBar
from ui.shell.help import HelpLayer
from ui.shell.pages import Pages
from ui.shell.screens import Location
from ui.shell.tray import Tray
from ui.theme.look import Look

CALL = style_of(CONTACT.name).form
"""The route of the page that logs a call."""
CALL_RUNS = "End the call first. While this laptop’s keys are changed, nothing of a call can be written down."
NO_ROOM = "Free some space on this laptop’s disk first. The keys are changed by copying the store, which needs room."


@dataclass(frozen=True)
class FrameState:
    """What the window shows around the page. It is read as a whole, off the window's thread."""

    pill: Pill
    sync: SyncState
    overdue: int
    due: DueNow
    role: str
    numbers: tuple[DutyNumber, ...]
    call: Draft | None
    """The draft of the contact whose call runs, None if no call runs."""
    disk: Disk
    clock: str
    """What is wrong with this laptop's clock, '' if nothing is."""
    asks_for_key: bool
    """Whether to say that nobody has the recovery key; only while this person takes no calls."""


def read_frame_state(session: Session) -> FrameState:
    """Read what the window shows around the page now."""
    services, status = session.services, session.status()
    pill = services.sync_centre.pill(status)
    states: dict[str, SyncState] = {"sync": "sending", "cloud": "sent", "cloudoff": "offline"}
    state = states.get(pill.icon, "sending" if status.connection == "online" else "offline")
    shift = services.on_call.shift(services.clock())
    mine = shift is not None and shift.on_call == services.store.seat.name
    return FrameState(
        pill=pill,
        sync="decide" if pill.decide else state,
        overdue=services.on_call.overdue(),
        due=services.due_counts.now(),
        role=f"On call until {shift.until}" if shift and mine else code_list("role").label(services.store.seat.role),
        numbers=tuple(DutyNumber(phone.label, phone.number) for phone in shown_locked(services.people)),
        call=next((draft for draft in services.store.drafts() if screens.call_runs(draft)), None),
        disk=services.store.disk,
        clock=clock_words(services.records.council_time.ahead()),
        asks_for_key=session.recovery_key_waits() and not services.on_call.takes_calls(services.clock()),
    )


def turn_to_household(window: "MainWindow", record: str) -> None:
    """Show a finished visit to its household: save what was typed, close this window and open the reading view."""

    def turned(back: ReadBack) -> None:
        if not window.has_left:
            cover(window)
            window.finish_up()
            window.session.turn(back)

    read = partial(window.session.services.reading_back.read, record)
    window.runner.read(read, turned, context=window, failed=lambda error: window.feedback.say(str(error)))


def make_room_for_keys(window: "MainWindow", act: KeyAct) -> None:
    """Close the window to change the keys, after what was typed in it is saved; the page opens again afterwards."""

    def may_leave() -> bool:
        return not window.has_left and (window.page is None or window.page.may_leave())

    def saved(_: None) -> None:
        if may_leave():  # asked again, because the last save may have failed meanwhile
            cover(window)
            window.finish_up()
            window.session.change_keys(act)

    if window.call_runs():
        window.feedback.say(CALL_RUNS)
    elif window.session.services.store.disk != "all":
        window.feedback.say(NO_ROOM)
    elif may_leave():
        window.runner.write(lambda: None, saved, context=window)


class MainWindow(QWidget):
    """The window of one signed-in person; closing or locking it saves what was typed.

    ``idle_clock`` and ``wall`` give seconds, see ``ui.base.idle``.
    """

    def __init__(
        self,
        session: Session,
        *,
        idle_clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.session = session
        self.look = Look(app, self._looks)
        self.runner = TaskRunner(self)
        self.bus = ChangeBus(self)
        self.layers = Layers(self)
        self.panes = PaneCycle(self._parts, self)
        self._state: FrameState | None = None
        self.has_left = False
        self._commands: dict[str, Callable[..., object]] = {
            "caller_card": self._open_caller_card,
            "palette": self._open_palette,
            "help": self._open_help,
            "lock": self.lock,
            "close": self.close,
            "theme": self.look.turn,
            "turn": partial(turn_to_household, self),
            "passphrase": partial(make_room_for_keys, self, "passphrase"),
            "recovery_key": partial(make_room_for_keys, self, "recovery_key"),
            "larger": partial(self._resize_text, 1),
            "smaller": partial(self._resize_text, -1),
            "usual": partial(self._resize_text, 0),
            "next_region": lambda: self.panes.move(1),
            "previous_region": lambda: self.panes.move(-1),
        }
        self._lay_out()
        self.warning = LockWarning(self.stack)
        self.tray = Tray(self)
        self.feedback = Feedback(self.stack, session.services.clock)
        self.context = Context(session, self.runner, self.bus, self.go, self.feedback.say, self.feedback.done)
        self.pages = Pages(self.context, self.stack, self.bar)
        self._connect()
        self.idle = IdleLock(
            app,
            lambda: self.call_runs() or bool(self.page and self.page.idle_as_in_a_call),
            clock=idle_clock,
            wall=wall,
            parent=self,
        )
        self.idle.warned.connect(self.warning.warn)
        self.idle.went_on.connect(self.warning.hide)
        self.idle.due.connect(self.lock)
        self.tray.asked.connect(self._come_forward)
        self.pages.open(self.pages.home)
        self.runner.read(
            partial(screens.reopened, session.services),
            lambda location: self.pages.reopen(location, covered=self.layers.top is not None),
            context=self,
        )
        self._read_frame_state()
        QTimer.singleShot(0, screens.warm)

    @property
    def page(self) -> Page | None:
        """The present page."""
        return self.pages.page

    @property
    def location(self) -> Location:
        """The location of the present page."""
        return self.pages.location

    @property
    def _role(self) -> str:
        return self.session.services.store.seat.role

    def _lay_out(self) -> None:
        self.setWindowTitle("HIPSS Desktop")
        self.setAccessibleName("HIPSS Desktop")
        theme.set_state(theme.dress(self), "surface", "canvas")
        self.setMinimumSize(1024, 640)
        items = [(screen.route, screen.icon, screen.title) for screen in screens.rail(self._role)]
        self.rail = Rail(self.session.services.store.seat.name, items)
        self.rail.show_theme(theme.current().name)
        self.top = TopBar(self.session.services.clock)
        self.disk_notice, self.clock_notice, self.key_notice = DiskNotice(), ClockNotice(), RecoveryKeyNotice()
        self.stack = QStackedWidget()
        self.bar = ActionBar()
        main = QVBoxLayout()
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        main.addWidget(self.top)
        main.addWidget(Rule())
        main.addWidget(self.disk_notice)
        main.addWidget(self.clock_notice)
        main.addWidget(self.key_notice)
        main.addWidget(self.stack, 1)
        main.addWidget(self.bar)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addWidget(Rule(upright=True))
        across.addLayout(main, 1)

    def _connect(self) -> None:
        for key in screens.everywhere(self._role):
            for sequence in key.all_sequences() if key.does else ():
                bind(self, sequence, partial(self.go, key.does))
        self.rail.chosen.connect(self.go)
        self.rail.help_asked.connect(self._open_help)
        self.rail.theme_asked.connect(self._commands["theme"])
        self.top.search_asked.connect(self._open_palette)
        self.top.sync_asked.connect(partial(self.go, "sync"))
        self.top.lock_asked.connect(self.lock)
        self.top.back_asked.connect(self.pages.back)
        self.top.call_asked.connect(
            lambda: self.pages.open_draft(self._state.call) if self._state and self._state.call else None
        )
        self.key_notice.asked.connect(self._commands["recovery_key"])
        self.key_notice.put_off.connect(self.session.put_off_recovery_key)
        self.feedback.focus_left.connect(self.pages.focus)
        self.pages.replaced.connect(self.feedback.hide)
        self.pages.shown.connect(self._show_around)
        self.pages.rail_known.connect(self._light)
        self.runner.broke.connect(self.feedback.broke)
        self.bus.changed.connect(self._read_frame_state)
        self.bus.status_changed.connect(self._read_frame_state)
        self.bus.changed.connect(self.feedback.saved)
        bus = self.bus

        def changed(changes: ChangeSet) -> None:
            if changes != ChangeSet() and shiboken6.isValid(bus):
                bus.changed.emit(changes)

        def stands_differently() -> None:
            if shiboken6.isValid(bus):
                bus.status_changed.emit()

        self.session.services.store.subscribe(changed)
        self.session.on_status(stands_differently)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE)
        self._minute.timeout.connect(self._read_frame_state)
        self._minute.start()

    # Screens

    def go(self, route: str, **arguments: Any) -> None:
        """Open a page (see ``Pages.go``) or do what a key of ``ui.shell.keys`` does."""
        self.layers.close()
        if route == CALL and not arguments and self.page is not None:
            arguments = self.page.call_about()
        if route in self._commands:
            self._commands[route](**arguments)
        else:
            self.pages.go(route, arguments)

    @Slot()
    def _show_around(self) -> None:
        """Update the rail, top bar and notices for the present page."""
        self._light()
        self.panes.forget()
        last = self.pages.way.last
        self.top.show_way_back(
            last.name if last is not None else "", possible=self.location.route != self.pages.home.route
        )
        screen = screens.screens()[self.location.route]
        self.clock_notice.over_form(writes=screen.opens == "draft")
        self.key_notice.stand_aside(aside=screen.opens == "draft" or screen.route == screens.ON_CALL_NOW)
        self._show_call()

    @Slot()
    def _light(self) -> None:
        """Light the rail item of the page, once the page knows it."""
        if self.page is not None and self.page.rail is not None:
            self.rail.light(screens.lit(self._role, self.page.rail or self.location.route))

    # Layers over the page

    def _open_palette(self) -> None:
        from ui.shell.palette import PaletteLayer

        self.layers.show(lambda: PaletteLayer(self.context, self, screens.commands(self._role)))

    def _open_caller_card(self, record: str, caller: Person | None = None) -> None:
        from ui.on_call.caller_card import CallerCardLayer

        self.layers.show(lambda: CallerCardLayer(self.context, self, record, caller))

    def _open_help(self) -> None:
        screen_keys = screens.shown_keys(self._role, screens.screens()[self.location.route].keys)
        everywhere = screens.shown_keys(self._role, screens.everywhere(self._role))
        self.layers.show(lambda: HelpLayer(self, self.pages.numbers, screen_keys, everywhere))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.feedback.toast.isVisible():
            self.feedback.hide()
        elif self.page is not None and self.page.esc_leaves():
            self.pages.back()

    # The frame

    @Slot()
    def _read_frame_state(self) -> None:
        self.runner.read(partial(read_frame_state, self.session), self._show_frame_state, context=self)

    def _show_frame_state(self, state: FrameState) -> None:
        before, self._state = self._state, state
        self.pages.numbers = state.numbers
        self.top.show_pill(state.sync, state.pill.words, state.pill.short)
        self._show_call()
        self.rail.set_overdue(style_of(ACTION.name).list, state.overdue)
        self.rail.set_overdue(style_of(INCIDENT.name).list, state.due.clocks, "due now")
        self.rail.role.setText(state.role)
        self.tray.show_due(state.due)
        self.disk_notice.show_disk(state.disk)
        self.clock_notice.show_clock(state.clock)
        self.key_notice.show_need(asks=state.asks_for_key)
        if before is not None and before.sync != state.sync:
            announce(self.top.pill, state.pill.words)

    def _show_call(self) -> None:
        """Show the running call in the top bar, unless the present page is that call."""
        call, page_draft = self._state.call if self._state else None, getattr(self.page, "draft", None)
        elsewhere = call is not None and not (isinstance(page_draft, Draft) and page_draft.record == call.record)
        self.top.show_call(times.instant(call.call["started"]) if call is not None and elsewhere else None)

    def _looks(self, look: theme.Theme) -> None:
        self.rail.show_theme(look.name)
        self.runner.write(
            partial(self.session.keep_look, theme=look.name, scale=look.scale), lambda _: None, context=self
        )

    def _resize_text(self, by: int) -> None:
        announce(self, f"Text size {round(self.look.step(by) * 100)}%")

    def _parts(self) -> Sequence[QWidget | None]:
        card = self.page.card() if self.page else None
        return self.rail, self.top, self.page, card, self.feedback.toast, self.bar

    # Leaving

    def call_runs(self) -> bool:
        """Whether a call runs, on the present page or on another."""
        timers = self.findChildren(CallTimer)
        return any(timer.is_running() for timer in timers) or bool(self._state and self._state.call)

    def lock(self) -> None:
        """Hide everything at once, save what was typed, then show the lock screen."""
        if not self.has_left:
            lock_behind_cover(self, self.finish_up, self.session.lock)

    @Slot()
    def _come_forward(self) -> None:
        """Show the window in front of all others, in its earlier size."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.focusWidget() is None:
            self.pages.focus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.has_left:
            self.finish_up()
        super().closeEvent(event)

    def finish_up(self) -> None:
        """Save what was typed and the open page, and stop all timers and tasks; the window shows nothing new afterwards."""
        self.has_left = True
        clipboard.forget()
        self.tray.hide()
        self.idle.stop()
        self._minute.stop()
        if self.page is not None:
            self.page.may_leave()
        self.pages.remember(at_the_end=True)
        self.runner.close()
