"""Every screen, drawn by the running program over a real store: the pictures of ``docs/screens.md`` and what is tested at
every size. ``python3 dev.py screens`` writes them into ``docs/screens/``.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hipss_desktop import times
from hipss_desktop.app import make_application
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.desk import Desk
from resources import demo
from tests.helpers.several_laptops import amend, child_named, close, exchange, joined
from tests.helpers.store_fixtures import NIGHT, RecordingSession, SetClock, make_store
from tests.helpers.wrong_values import good
from ui import theme
from ui.base.kind_style import style_of
from ui.base.session import DutyNumber, Invitation, Occupant, Outside, Strength
from ui.parts import CallTimer, PassphraseEdit
from ui.shell.window import MainWindow
from ui.theme import ring

DOCS = Path(__file__).resolve().parents[2] / "docs" / "screens"
DESIGN = (1366, 768)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
OFFLINE = datetime(2017, 3, 13, 22, 10, tzinfo=UTC)
EVENING = datetime(2017, 3, 13, 17, 32, tzinfo=UTC)
NUMBERS = (DutyNumber("Emergency duty team", "01632 960145"), DutyNumber("Backup manager, S. Lloyd", "07700 900312"))
PEOPLE = (
    ("A. Bevan", "Senior practitioner"),
    ("K. Adeyemi", "Practitioner"),
    ("S. Lloyd", "Service manager"),
    ("D. Marsh", "Supervising social worker"),
    ("R. Penn", "Practitioner"),
)


class DrawnDoor:
    """What the screens before unlock show, without a vault behind them: they are drawn, not opened."""

    def __init__(
        self,
        *,
        sync_words: str = "Online, all sent 17:20",
        call_started: datetime | None = None,
        notes_saved: datetime | None = None,
        locked_occupant: str = "",
    ) -> None:
        until = datetime(2017, 3, 14, 8, 30, tzinfo=UTC)
        people = [
            Occupant(f"{place:032x}", name, role, until if place == 0 else None, name == "S. Lloyd")
            for place, (name, role) in enumerate(PEOPLE)
        ]
        self._outside = Outside(
            people,
            NUMBERS,
            "HIPSS-LT-04",
            sync_words,
            theme.current().name,
            1.0,
            "0.1.0",
            call_started,
            notes_saved,
            locked_occupant,
        )

    def outside(self) -> Outside:
        return self._outside

    def warm(self) -> None:
        return

    def keep_look(self, *, theme: str, scale: float) -> None:
        return

    def keyring_words(self) -> str:
        return ""

    def unlock(self, vault: str, passphrase: str) -> Desk:
        raise AssertionError

    def unlock_with_recovery(self, vault: str, recovery_key: str, new_passphrase: str) -> Desk:
        raise AssertionError


class DrawnFirstRun:
    """A first run whose council answers at once."""

    def online(self) -> bool:
        return True

    def look(self, server: str, code: str, laptop: str) -> Invitation:
        return Invitation("A. Bevan", "on_call", "On-call practitioner", laptop)

    def strength(self, passphrase: str) -> Strength:
        from hipss_desktop.rules import passphrases

        found = passphrases.strength(passphrase)
        return Strength(found.score, found.word, passphrases.problem(passphrase) or "")

    def keyring_words(self) -> str:
        return ""

    def make_vault(self, passphrase: str) -> str:
        return "3HMDC-7QCM4-752W8-JR3P7-ZT2HP-HCNJK-T83AN-H5XH1"

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        return ()

    def finish(self) -> Desk:
        raise AssertionError


class Stage:
    """The laptop of the pictures: A. Bevan's, on the night of 13 to 14 March 2017, with the demonstration's caseload.

    A copy of a stage's folder is a stage too.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SetClock(NIGHT)
        kept, made = folder / "key", (folder / "key").exists()
        folder.mkdir(parents=True, exist_ok=True)
        if not made:
            kept.write_bytes(secrets.token_bytes(32))
        self.store = make_store(folder / "laptop", self.clock, key=kept.read_bytes())
        if not made:
            self._load(late=False)
            self._sent()
            self._load(late=True)
            with self.store.write() as unit:
                unit.set("role", "on_call")
        self.desk = Desk(self.store, self.clock)
        self._others: list[Desk] = []
        self._open: list[QWidget] = []

    def _load(self, *, late: bool) -> None:
        """Load the demonstration's caseload: what was told before the network went, or what came after."""
        for kind, file in demo.order():
            text = demo.before_and_after(file)[late]
            with self.store.write() as unit:
                unit.set("role", "supervising" if kind == "carer" else "manager")
            done = import_sheet(self.store, kind, text, clock=self.clock)
            assert not done.problems, (kind, done.problems[:3])

    def _sent(self) -> None:
        """Let the council have all there is, as its receipt would say."""
        last = self.store.chain(self.store.seat.seat, after=0, limit=100_000)[-1]
        with self.store.write() as unit:
            unit.keep_receipt(self.store.seat.seat, last.envelope.number, last.digest, "receipt", times.stamp(OFFLINE))
            unit.council_has(self.store.seat.seat, last.envelope.number, last.digest)

    def window(self, status: Status | None = None) -> MainWindow:
        """The open window."""
        session = RecordingSession(self.desk)
        if status is not None:
            session.now = status
        window = MainWindow(session)
        self._open.append(window)
        return window

    def other(self) -> Desk:
        """K. Adeyemi's laptop, which has what this one has."""
        if not self._others:
            made = joined(
                self.folder / "other", self.clock, self.desk, name="K. Adeyemi", laptop="HIPSS-LT-02", role="manager"
            )
            self._others.append(made)
        return self._others[0]

    def keep(self, widget: QWidget) -> QWidget:
        """Remember a window that is to be closed with the stage."""
        self._open.append(widget)
        return widget

    def close_windows(self) -> None:
        """Close what was opened."""
        for window in self._open:
            window.close()
            runner = getattr(window, "runner", None)
            if runner is not None:
                runner.close()
            window.deleteLater()
        self._open.clear()
        settle()

    def close(self) -> None:
        """Close everything."""
        self.close_windows()
        close(self._others)
        self.store.close()


def settle(window: QWidget | None = None) -> None:
    """Wait until nothing is under way in the background and every layout has run."""
    until = time.monotonic() + 20
    runner = getattr(window, "runner", None)
    quiet = 0
    while time.monotonic() < until and quiet < 4:
        QTest.qWait(15)
        quiet = quiet + 1 if runner is None or runner.idle else 0


def key(window: QWidget, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(QApplication.focusWidget() or window, which, held)


def tab_to(window: QWidget, *names: str) -> None:
    """Press Tab until something of one of these names has the focus."""
    for _ in range(40):
        key(window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        said = QAccessible.queryAccessibleInterface(focused) if focused is not None else None
        if said is not None and said.text(QAccessible.Text.Name) in names:
            return
    raise AssertionError(names)


def write(window: QWidget, words: str) -> None:
    """Type where the focus is."""
    QTest.keyClicks(QApplication.focusWidget() or window, words)


@dataclass(frozen=True)
class Screen:
    """One screen: its file, the picture it is measured by, and how it is brought about."""

    name: str
    build: Callable[["Stage", tuple[int, int]], QWidget]
    target: str = ""


def shown(stage: Stage, window: QWidget, size: tuple[int, int]) -> QWidget:
    """Show a window at a size and let it come to rest."""
    window.resize(*size)
    window.show()
    window.activateWindow()
    settle(window)
    return window


def _unlock(stage: Stage, size: tuple[int, int]) -> QWidget:
    from ui.entry.unlock import UnlockWindow

    window = UnlockWindow(DrawnDoor(), lambda desk: None, lambda: None, clock=SetClock(EVENING))
    shown(stage, stage.keep(window), size)
    write(window, "kettle marble")
    return window


def _locked(stage: Stage, size: tuple[int, int]) -> QWidget:
    from ui.entry.unlock import UnlockWindow

    door = DrawnDoor(
        locked_occupant=f"{0:032x}",
        call_started=datetime(2017, 3, 14, 2, 14, tzinfo=UTC),
        notes_saved=datetime(2017, 3, 14, 2, 19, 2, tzinfo=UTC),
        sync_words="4 waiting",
    )
    clock = SetClock(datetime(2017, 3, 14, 2, 19, 2, tzinfo=UTC))
    return shown(stage, stage.keep(UnlockWindow(door, lambda desk: None, lambda: None, clock=clock)), size)


def _first_run(stage: Stage, size: tuple[int, int]) -> QWidget:
    from ui.entry.first_run import FirstRunWindow

    window = FirstRunWindow(DrawnFirstRun(), lambda desk: None, door=DrawnDoor())
    shown(stage, stage.keep(window), size)
    write(window, "https://hipss.council.example")
    key(window, Qt.Key.Key_Tab)
    write(window, "7KQ40M2X91TD5F8GHJKMNPQR")
    key(window, Qt.Key.Key_Tab)
    write(window, "HIPSS-LT-04")
    key(window, Qt.Key.Key_Return)
    settle(window)
    write(window, "kettle marble otter Thursday")
    focused = QApplication.focusWidget()
    assert isinstance(focused, PassphraseEdit)
    focused.toggle.click()
    focused.setFocus()
    settle(window)
    return window


def _on_call(stage: Stage, size: tuple[int, int]) -> QWidget:
    return shown(stage, stage.window(), size)


def _at(place: str, **what: object) -> Callable[[Stage, tuple[int, int]], QWidget]:
    def build(stage: Stage, size: tuple[int, int]) -> QWidget:
        window = stage.window()
        shown(stage, window, size)
        window.go(place, **what)
        settle(window)
        return window

    return build


def _call(stage: Stage, size: tuple[int, int], back: str = "") -> QWidget:
    window = stage.window()
    shown(stage, window, size)
    key(window, Qt.Key.Key_N, CTRL)
    settle(window)
    write(window, "jo")
    QTest.qWait(250)
    key(window, Qt.Key.Key_Return)
    settle(window)
    key(window, Qt.Key.Key_2, ALT)
    for letter in "mdic":
        write(window, letter)
        key(window, Qt.Key.Key_Space)
    tab_to(window, "Back at", "Still missing")
    key(window, Qt.Key.Key_Space)
    key(window, Qt.Key.Key_Right)
    tab_to(window, "Back at, time")
    write(window, back)
    key(window, Qt.Key.Key_3, ALT)
    write(window, "Kai came in by the back door at 02:05. Cut on left palm, Jo has washed it, not bleeding now. ")
    write(window, "Smells of drink, shouting, will not say where he was. Martin wants to have it out with him.")
    return window


def _log_contact(stage: Stage, size: tuple[int, int]) -> QWidget:
    window = _call(stage, size, "02:05")
    key(window, Qt.Key.Key_5, ALT)
    key(window, Qt.Key.Key_Right)
    key(window, Qt.Key.Key_6, ALT)
    key(window, Qt.Key.Key_Space)
    key(window, Qt.Key.Key_Right)
    key(window, Qt.Key.Key_Space)
    key(window, Qt.Key.Key_7, ALT)
    write(window, "Ring Jo back")
    key(window, Qt.Key.Key_Tab)
    write(window, "03:00")
    stage.clock.now = datetime(2017, 3, 14, 2, 16, 41, tzinfo=UTC)
    for timer in window.findChildren(CallTimer):
        timer.set_seconds(161)  # the call's timer counts real seconds, the laptop of the pictures does not
    key(window, Qt.Key.Key_1, ALT)
    key(window, Qt.Key.Key_4, ALT)
    write(window, "Martin to leave the room. Jo to keep her voice low, offer toast, no questions tonight. ")
    write(window, "Look at the hand again at")
    QTest.qWait(900)
    settle(window)
    return window


def _errors(stage: Stage, size: tuple[int, int]) -> QWidget:
    window = _call(stage, size, "20:05")
    key(window, Qt.Key.Key_6, ALT)
    key(window, Qt.Key.Key_Space)
    key(window, Qt.Key.Key_Return, CTRL)
    settle(window)
    QTest.qWait(100)
    return window


def _child(stage: Stage, size: tuple[int, int]) -> QWidget:
    kai = child_named(stage.desk, "Kai")
    contact = next(each for each in stage.desk.store.records_about(kai, kind="contact", limit=1))
    if contact.versions == 1:
        amend(
            stage.desk, contact.record, {"happening": "No news. Phone off. Martin out looking in the car since 23:00."}
        )
    window = stage.window()
    shown(stage, window, size)
    window.go("child", record=kai)
    settle(window)
    for _ in range(3):
        key(window, Qt.Key.Key_Down)
    settle(window)
    return window


def _sync_centre(stage: Stage, size: tuple[int, int]) -> QWidget:
    kai = child_named(stage.desk, "Kai")
    with stage.store.write() as unit:
        unit.set("role", "manager")
    if not stage.store.undecided():
        other = stage.other()
        exchange(stage.desk, other)
        helps = list(stage.store.get(kai).fields["helps"])  # type: ignore[union-attr]  # it is there
        amend(stage.desk, kai, {"helps": [*helps, "Toast works at night"]})
        amend(other, kai, {"helps": [*helps, "Text his brother first"], "triggers": ["Missed calls from mum"]})
        exchange(stage.desk, other)
    back = Status(
        "online", datetime(2017, 3, 14, 8, 31, tzinfo=UTC), last_sent=datetime(2017, 3, 14, 8, 31, tzinfo=UTC)
    )
    stage.clock.now = datetime(2017, 3, 14, 8, 33, tzinfo=UTC)
    window = stage.window(back)
    shown(stage, window, size)
    window.go("sync")
    settle(window)
    return window


def _since(stage: Stage, size: tuple[int, int]) -> QWidget:
    """What a supervising social worker begins with in the morning after Kai came back."""
    store, desk = stage.store, stage.desk
    stage.clock.now = datetime(2017, 3, 14, 2, 15, tzinfo=UTC)
    kai = child_named(desk, "Kai")
    if not store.newest_about([kai], kind="contact")[kai][0].fields.get("back_at"):
        answers = {
            "type": "call", "caller_name": "Jo Preece", "caller_role": "carer", "children": [kai], "concerns": ["missing"],
            "missing": "back", "back_at": "2017-03-14T02:05:00+00:00", "happening": "Kai came in by the back door. Cut palm.",
            "advice": "Toast, low voice, no questions tonight.", "risk": "medium", "needs_to_know": ["police", "edt"],
            "handover": True,
        }  # fmt: skip
        desk.records.finish(replace(desk.records.new_draft("contact"), fields=answers))
    stage.clock.now = datetime(2017, 3, 14, 9, 5, tzinfo=UTC)
    with store.write() as unit:
        unit.set("role", "supervising")
    store._load_seat()  # the role comes with a certificate otherwise
    return shown(stage, stage.window(), size)


def _palette(stage: Stage, size: tuple[int, int]) -> QWidget:
    window = stage.window()
    shown(stage, window, size)
    key(window, Qt.Key.Key_K, CTRL)
    settle(window)
    write(window, "pree")
    QTest.qWait(400)
    settle(window)
    return window


def _missing(stage: Stage) -> str:
    """The guide for Kai at 22:12, as it stands in the pictures: four steps done, the pack written."""
    desk = stage.desk
    stage.clock.now = datetime(2017, 3, 13, 22, 12, tzinfo=UTC)
    kai = child_named(desk, "Kai")
    known = desk.missing.known(kai)
    if known is not None and known.record:
        return known.record
    pack = {
        "child": kai, "looks": "5 ft 7, slim. Short brown hair, shaved at the sides. Scar through left eyebrow",
        "phone": "07700 900633. Text first", "health": "Asthma, inhaler at home",
        "risk": "Exploitation, medium. Grey car, 5 January and 7 March",
        "places": ["Moor Street flats", "Bus station", "Mum’s old road"],
        "friends": [{"id": "a", "name": "The Hollis family", "number": "07700 900711"}],
        "online": "Snapchat, no name known", "travel": "No bank card. Bus pass", "checked": "2017-03-02",
    }  # fmt: skip
    desk.records.finish(desk.records.new_draft("missing_pack", pack))
    day = "2017-03-13T"
    draft = desk.missing.draft(kai)
    told = {
        "last_seen": f"{day}20:15:00+00:00", "last_seen_by": "Jo Preece", "last_seen_where": "to the shop, on foot",
        "due_back": f"{day}20:45:00+00:00", "due_back_agreed": "Jo at tea", "reported": f"{day}21:52:00+00:00",
        "wearing": "Grey hoodie, black joggers, white trainers", "carrying": "About £10. Key to back door",
        "why_worried": "Upset by missed calls from mum",
    }  # fmt: skip
    record = desk.missing.begin(replace(draft, fields={**draft.fields, **told})).envelope.record
    steps = (
        {"step": "danger", "at": f"{day}21:52:00+00:00", "words": "Not that we know. If that changes, ring 999"},
        {"step": "ring_round", "at": f"{day}21:35:00+00:00", "by": "Jo", "words": "House, garage, text sent, the Hollis family"},
        {"step": "police", "at": f"{day}21:40:00+00:00", "by": "Jo", "log_number": "0612", "grade": "medium"},
        {"step": "edt", "at": f"{day}22:07:00+00:00", "by": "A. Bevan", "spoke_to": "P. Shaw", "words": "They ring mum at 08:00"},
    )  # fmt: skip
    for step in steps:
        desk.missing.step(record, step)
    return record


def _guide(stage: Stage, size: tuple[int, int]) -> QWidget:
    return _at("missing_guide", record=_missing(stage))(stage, size)


def _read_it_out(stage: Stage, size: tuple[int, int]) -> QWidget:
    window = _at("read_it_out", record=_missing(stage))(stage, size)
    for _ in range(3):
        key(window, Qt.Key.Key_Down)
    settle(window)
    return window


def _begin_guide(stage: Stage, size: tuple[int, int]) -> QWidget:
    return _at("child_not_home", child=child_named(stage.desk, "Ellie"))(stage, size)


def _amend_child(stage: Stage, size: tuple[int, int]) -> QWidget:
    with stage.store.write() as unit:
        unit.set("role", "manager")
    return _at("amend", record=child_named(stage.desk, "Kai"))(stage, size)


def _carer(stage: Stage, size: tuple[int, int]) -> QWidget:
    household = next(
        each for each in stage.desk.people.of_kind("carer") if "Preece" in stage.desk.people.name(each.record)
    )
    return _at("carer", record=household.record)(stage, size)


def _action(stage: Stage, size: tuple[int, int]) -> QWidget:
    return _at("action", record=stage.store.records_due("action")[0].record)(stage, size)


def _tell_the_police(stage: Stage, size: tuple[int, int]) -> QWidget:
    """The list of actions, with the question of one that tells the police."""
    window = _at("actions")(stage, size)
    for pressed in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space):
        key(window, pressed)
        settle(window)
    return window


def _closes(stage: Stage, size: tuple[int, int]) -> QWidget:
    """The on-call screen, which asks what a contact from Jo Preece has closed."""
    window = stage.window()
    shown(stage, window, size)
    about = ("concerns", ["injury_health"]), ("happening", "No news yet."), ("no_advice", True), ("risk", "low")
    jo = next(each for each in stage.desk.people.find("jo preece") if each.kind == "carer")
    call = stage.desk.calls.begin(caller=jo)
    fields = {**call.fields, **dict(about), "needs_to_know": ["nobody"]}
    stage.desk.records.finish(replace(call, fields=fields))
    stage.desk.actions.ask_about(call.record, "")
    window.go("children")
    window.go("on_call")
    settle(window)
    return window


def _help(stage: Stage, size: tuple[int, int]) -> QWidget:
    window = stage.window()
    shown(stage, window, size)
    key(window, Qt.Key.Key_F1)
    settle(window)
    return window


def _no_plan(stage: Stage, size: tuple[int, int]) -> QWidget:
    window = stage.window()
    shown(stage, window, size)
    window.go("child", record=child_named(stage.desk, "Amara"))
    settle(window)
    key(window, Qt.Key.Key_Tab, CTRL)
    settle(window)
    return window


def _gallery(stage: Stage, size: tuple[int, int]) -> QWidget:
    from ui.parts.gallery import build_gallery

    gallery = stage.keep(build_gallery())
    gallery.show()
    settle()
    return gallery


SCREENS = (
    Screen("01-unlock", _unlock, "01-unlock"),
    Screen("02-on-call", _on_call, "02-on-call-night"),
    Screen("03-log-a-contact", _log_contact, "03-log-a-contact-night"),
    Screen("04-contact-errors", _errors, "04-contact-errors-day"),
    Screen("09-child-timeline", _child, "09-child-timeline"),
    Screen("12-sync-centre", _sync_centre, "12-sync-centre"),
    Screen("13-first-run", _first_run, "13-first-run"),
    Screen("14-command-palette", _palette, "14-command-palette-night"),
    Screen("15-locked", _locked, "15-empty-states-and-lock"),
    Screen("15-no-safety-plan", _no_plan, "15-empty-states-and-lock"),
    Screen("20-child-not-home", _guide, "20-child-not-home-night"),
    Screen("20-begin", _begin_guide),
    Screen("20b-read-it-out", _read_it_out, "20b-read-it-out-night"),
    Screen("children", _at("children")),
    Screen("carers", _at("carers")),
    Screen("actions", _at("actions")),
    Screen("action", _action),
    Screen("actions-tell-the-police", _tell_the_police),
    Screen("does-this-close", _closes),
    Screen("contacts", _at("contacts")),
    Screen("carer", _carer),
    Screen("amend-a-child", _amend_child),
    Screen("help", _help),
    Screen("since-last-time", _since),
)


def _of_manager(build: Callable[[Stage, tuple[int, int]], QWidget]) -> Callable[[Stage, tuple[int, int]], QWidget]:
    """The screen as a manager has it, who may write every kind."""

    def built(stage: Stage, size: tuple[int, int]) -> QWidget:
        with stage.store.write() as unit:
            unit.set("role", "manager")
        stage.store._load_seat()  # the role comes with a certificate otherwise
        return build(stage, size)

    return built


def _record_of(kind: str) -> Callable[[Stage, tuple[int, int]], QWidget]:
    def known(stage: Stage, name: str) -> str:
        return next((each.record for each in stage.store.records_of(name, limit=1)), "")

    def build(stage: Stage, size: tuple[int, int]) -> QWidget:
        record = known(stage, kind)
        if not record:  # the demonstration has none of them
            answers = good(KINDS[kind], partial(known, stage))  # its rows name the same people: one is enough
            body = {name: each[:1] if isinstance(each, list) else each for name, each in answers.items()}
            with stage.store.write() as unit:
                record = f"0199c0de-0000-7000-8000-{len(kind):012}"
                unit.append(record=record, kind=kind, action="finish", fields=body, changed=sorted(body), parents=())
        return _at(style_of(kind).record, record=record)(stage, size)

    return build


def of_kinds(kinds: Iterable[str]) -> tuple[Screen, ...]:
    """The list, the form and the page of kinds that people read, as far as they are not among the pictures."""
    found = []
    pictures = {each.name for each in SCREENS}
    for kind in (name for name in kinds if style_of(name).list):
        if style_of(kind).list not in pictures:
            found.append(Screen(f"list-of-{kind}", _at(style_of(kind).list)))
        found.append(Screen(f"new-{kind}", _of_manager(_at("new_record", kind=kind))))
        if style_of(kind).record not in ("child", "carer"):
            found.append(Screen(f"page-of-{kind}", _record_of(kind)))
    return tuple(found)


GALLERY = Screen("16-components", _gallery, "16-components")


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """A stage that is cleared afterwards."""
    stage = Stage(folder)
    try:
        yield stage
    finally:
        stage.close()


def dressed(application: QApplication, name: theme.Name, scale: float = 1.0) -> None:
    """Put the application into a theme."""
    theme.apply(application, theme.Theme(name, scale))


def main() -> int:
    """Draw every screen in both themes; names on the command line draw those alone."""
    application = make_application(sys.argv[:1])
    wanted = sys.argv[1:]
    DOCS.mkdir(parents=True, exist_ok=True)
    themes: tuple[theme.Name, ...] = ("day", "night")
    for name in themes:
        dressed(application, name)
        ring.install(application)
        for screen in (*SCREENS, *((GALLERY,) if name == "day" else ())):
            if wanted and screen.name not in wanted:
                continue
            with tempfile.TemporaryDirectory() as folder, staged(Path(folder)) as stage:
                window = screen.build(stage, DESIGN)
                window.grab().save(str(DOCS / f"{screen.name}-{name}.png"))
            sys.stdout.write(f"{screen.name} {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
