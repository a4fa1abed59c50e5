"""Draw every screen with the running program and a real store, for the pictures in ``docs/screens.md`` and the tests of sizes.

``python3 dev.py screens`` writes the pictures into ``docs/screens/``; ``--help`` tells how to draw them at other sizes.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hipss_desktop.app import make_application
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.services.store_settings import StoreSetting
from tests.helpers.demo_laptop import (
    CTRL,
    DemoLaptop,
    at,
    dressed,
    key,
    settle,
    shown,
    staged,
    tab_to,
    write,
)
from tests.helpers.desktop import contact_sheet, desktop, photograph
from tests.helpers.screens_before_unlock import first_run, locked, unlock
from tests.helpers.screens_of_consultations import (
    case,
    case_form,
    consultation,
    consultation_form,
    consultation_page,
    consultation_planned,
    consultation_text,
    consultations,
)
from tests.helpers.screens_of_due import carer_due, due, due_explained, due_on_paper
from tests.helpers.screens_of_handover import hand_over, handover, handover_on_paper, own_handover, since
from tests.helpers.screens_of_held_records import partly_held, wholly_held
from tests.helpers.screens_of_incidents import amend_incident, child_clocks, incident, incident_record, restraint
from tests.helpers.screens_of_keys import change_passphrase, key_not_seen, new_recovery_key, passphrase_changed
from tests.helpers.screens_of_signing import countersign
from tests.helpers.screens_of_sync import joined, sync_centre, two_stories
from tests.helpers.screens_of_the_night import (
    alert_and_visit,
    begin_guide,
    caller_card,
    child_with_alert,
    disk_takes_nothing,
    night_check,
    palette,
    read_it_out,
    rota,
    two_on_a_card,
    with_guide,
)
from tests.helpers.screens_of_the_visit import carer_copy, visit_actions, visit_begins, visit_page, visit_record
from tests.helpers.screens_of_training import (
    carer_trained,
    certificate,
    series,
    session_form,
    sign_in_sheet,
    training_each_person,
    training_list,
    training_session,
)
from tests.helpers.screens_turned import signed_visit, turned, turned_and_signed, waiting
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.store_fixtures import sign_in_as
from tests.helpers.wrong_values import good
from ui import theme
from ui.base import composed_keys
from ui.base.kind_style import style_of
from ui.parts import CallTimer
from ui.records.timeline_pane import Place
from ui.theme import ring

DOCS = Path(__file__).resolve().parents[2] / "docs" / "screens"
DESIGN = (1366, 768)
THUMB = 400
"""Width in pixels of a picture on a sheet."""
ALT = Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True)
class Screen:
    """One screen: its file name, the design it is compared with, and the function that builds it."""

    name: str
    build: Callable[["DemoLaptop", tuple[int, int]], QWidget]
    target: str = ""


def _on_call(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    return shown(demo, demo.window(), size)


def _call(demo: DemoLaptop, size: tuple[int, int], back: str = "") -> QWidget:
    window = demo.window()
    shown(demo, window, size)
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


def _log_contact(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    window = _call(demo, size, "02:05")
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
    demo.clock.now = datetime(2017, 3, 14, 2, 16, 41, tzinfo=UTC)
    for timer in window.findChildren(CallTimer):
        timer.set_seconds(161)  # the call's timer counts real seconds, but the pictures need a fixed time
    key(window, Qt.Key.Key_1, ALT)
    key(window, Qt.Key.Key_4, ALT)
    write(window, "Martin to leave the room. Jo to keep her voice low, offer toast, no questions tonight. ")
    write(window, "Look at the hand again at")
    QTest.qWait(900)
    settle(window)
    return window


def _errors(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    window = _call(demo, size, "20:05")
    key(window, Qt.Key.Key_6, ALT)
    key(window, Qt.Key.Key_Space)
    key(window, Qt.Key.Key_Return, CTRL)
    settle(window)
    QTest.qWait(100)
    return window


def _child(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    kai = child_named(demo.services, "Kai")
    contact = next(record for record in demo.services.store.records_about(kai, kind="contact", limit=1))
    if contact.versions == 1:
        amend(
            demo.services,
            contact.record,
            {"happening": "No news. Phone off. Martin out looking in the car since 23:00."},
        )
    window = demo.window()
    shown(demo, window, size)
    window.go("child", record=kai)
    settle(window)
    for _ in range(3):
        key(window, Qt.Key.Key_Down)
    settle(window)
    return window


def _amend_child(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    with demo.store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    return at("amend", record=child_named(demo.services, "Kai"))(demo, size)


def _carer(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    household = next(
        record
        for record in demo.services.people.of_kind("carer")
        if "Preece" in demo.services.people.name(record.record)
    )
    return at("carer", record=household.record)(demo, size)


def _carer_timeline(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    household = demo.services.people.find("preece", kinds=("carer",))[0].record
    return at("carer", record=household, place=Place("Timeline"))(demo, size)


def _weeks(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the weeks of Kai's placement, which is under strain, with the support that was offered."""
    services, kai = demo.services, child_named(demo.services, "Kai")
    if not demo.store.records_about(kai, kind="support_offer"):
        view = services.strain_views.view(kai)
        assert view is not None
        draft = services.records.new_draft("support_offer", {**view.offer, "offered_on": "2017-03-13"})
        services.records.finish(draft)
        row = {
            "answer": "not_yet",
            "at": "2017-03-13T18:00:00+00:00",
            "by": "Jo Preece",
            "note": "She asks Martin first",
        }
        services.records.add_row(draft.record, "answers", row)
    return at("weeks", record=kai)(demo, size)


def _action(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    return at("action", record=demo.store.records_due("action")[0].record)(demo, size)


def _print(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the print preview of a contact."""
    kai = child_named(demo.services, "Kai")
    return at("print", record=demo.store.records_about(kai, kind="contact", limit=1)[0].record)(demo, size)


def _tell_the_police(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the list of actions, with the question of an action to tell the police."""
    window = at("actions")(demo, size)
    for pressed in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space):
        key(window, pressed)
        settle(window)
    return window


def _closes(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the on-call screen, which asks what a contact from Jo Preece has closed."""
    window = demo.window()
    shown(demo, window, size)
    about = ("concerns", ["injury_health"]), ("happening", "No news yet."), ("no_advice", True), ("risk", "low")
    jo = next(person for person in demo.services.people.find("jo preece") if person.kind == "carer")
    call = demo.services.calls.begin(caller=jo)
    fields = {**call.fields, **dict(about), "needs_to_know": ["nobody"]}
    demo.services.records.finish(replace(call, fields=fields))
    demo.services.actions.ask_about(call.record, "")
    window.go("children")
    window.go("on_call")
    settle(window)
    return window


def _help(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    window = demo.window()
    shown(demo, window, size)
    key(window, Qt.Key.Key_F1)
    settle(window)
    return window


def _no_plan(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    window = demo.window()
    shown(demo, window, size)
    window.go("child", record=child_named(demo.services, "Amara"))
    settle(window)
    key(window, Qt.Key.Key_Tab, CTRL)
    settle(window)
    return window


def _gallery(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    from ui.parts.gallery import build_gallery

    gallery = demo.keep(build_gallery())
    gallery.show()
    settle()
    return gallery


SCREENS = (
    Screen("01-unlock", unlock, "01-unlock"),
    Screen("02-on-call", _on_call, "02-on-call-night"),
    Screen("03-log-a-contact", _log_contact, "03-log-a-contact-night"),
    Screen("11-morning-handover", handover_on_paper, "11-morning-handover-a4"),
    Screen("23-handover", handover, "23-handover-on-screen"),
    Screen("23b-own-handover", own_handover, "23b-handover-seen-at-night"),
    Screen("hand-over", hand_over),
    Screen("04-contact-errors", _errors, "04-contact-errors-day"),
    Screen("05-incident", incident, "05-incident-night"),
    Screen("09-child-timeline", _child, "09-child-timeline"),
    Screen("28-countersign", countersign, "28-countersign"),
    Screen("12-sync-centre", sync_centre, "12-sync-centre"),
    Screen("sync-joined-in-your-name", joined),
    Screen("sync-two-stories", two_stories),
    Screen("13-first-run", first_run, "13-first-run"),
    Screen("change-passphrase", change_passphrase),
    Screen("passphrase-changed", passphrase_changed),
    Screen("recovery-key-not-seen", key_not_seen),
    Screen("new-recovery-key", new_recovery_key),
    Screen("14-command-palette", palette, "14-command-palette-night"),
    Screen("15-locked", locked, "15-empty-states-and-lock"),
    Screen("15-no-safety-plan", _no_plan, "15-empty-states-and-lock"),
    Screen("20-child-not-home", with_guide("missing_guide"), "20-child-not-home-night"),
    Screen("20-begin", begin_guide),
    Screen("20b-read-it-out", read_it_out, "20b-read-it-out-night"),
    Screen("20c-police-page", with_guide("police_page"), "20c-missing-pack-a4"),
    Screen("22-night-pack-check", night_check, "22-night-pack-check"),
    Screen("27-turn-the-screen", turned, "27-turn-the-screen"),
    Screen("27-signed", turned_and_signed),
    Screen("27-waiting", waiting),
    Screen("27-signed-visit", signed_visit),
    Screen("29-rota", rota, "29-rota"),
    Screen("26-due", due, "26-supervision-due"),
    Screen("due-on-paper", due_on_paper),
    Screen("due-explained", due_explained),
    Screen("30-carer", carer_due, "30-carer"),
    Screen("training-list", training_list),
    Screen("45-training", training_session, "45-training-session"),
    Screen("training-each-person", training_each_person),
    Screen("training-certificate", certificate),
    Screen("training-sign-in", sign_in_sheet),
    Screen("series", series),
    Screen("training-form", session_form),
    Screen("carer-training", carer_trained),
    Screen("21-caller-card", caller_card, "21-caller-card-night"),
    Screen("caller-card-of-two", two_on_a_card),
    Screen("on-call-alert-and-visit", alert_and_visit),
    Screen("child-with-alert", child_with_alert),
    Screen("child-clocks", child_clocks),
    Screen("children", at("children")),
    Screen("carers", at("carers")),
    Screen("actions", at("actions")),
    Screen("24-restraint", restraint, "24-restraint"),
    Screen("06-visit", visit_page(), "06-supervision-visit"),
    Screen("06-visit-children", visit_page(2), "06-supervision-visit"),
    Screen("06-visit-since", visit_page(3)),
    Screen("06-visit-actions", visit_actions, "06-supervision-visit"),
    Screen("visit-begins", visit_begins),
    Screen("visit-record", visit_record),
    Screen("carer-copy", carer_copy),
    Screen("07-consultations", consultations, "07-consultation"),
    Screen("consultation", consultation),
    Screen("consultation-planned", consultation_planned),
    Screen("consultation-form", consultation_form),
    Screen("consultation-text", consultation_text),
    Screen("consultation-page", consultation_page),
    Screen("case", case),
    Screen("case-form", case_form),
    Screen("action", _action),
    Screen("actions-tell-the-police", _tell_the_police),
    Screen("does-this-close", _closes),
    Screen("contacts", at("contacts")),
    Screen("carer", _carer, "30-carer"),
    Screen("carer-timeline", _carer_timeline),
    Screen("weeks", _weeks),
    Screen("amend-a-child", _amend_child),
    Screen("amend-an-incident", amend_incident),
    Screen("incident-as-a-record", incident_record),
    Screen("print", _print),
    Screen("paper-sheet", at("paper_sheet")),
    Screen("help", _help),
    Screen("since-last-time", since),
    Screen("partly-held-back", partly_held),
    Screen("held-back", wholly_held),
    Screen("disk-takes-nothing", disk_takes_nothing),
)


def _of_manager(
    build: Callable[[DemoLaptop, tuple[int, int]], QWidget],
) -> Callable[[DemoLaptop, tuple[int, int]], QWidget]:
    """Return a function that builds the screen for a manager, who may write every kind."""

    def built(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
        sign_in_as(demo.store, role="manager")
        return build(demo, size)

    return built


def _record_of(kind: str) -> Callable[[DemoLaptop, tuple[int, int]], QWidget]:
    def known(demo: DemoLaptop, name: str) -> str:
        return next((record.record for record in demo.store.records_of(name, limit=1)), "")

    def build(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
        record = known(demo, kind)
        if not record:  # the demonstration has no record of this kind
            answers = good(KINDS[kind], partial(known, demo))  # one row is enough, as all rows name the same people
            body = {name: answer[:1] if isinstance(answer, list) else answer for name, answer in answers.items()}
            with demo.store.write() as unit:
                record = f"0199c0de-0000-7000-8000-{len(kind):012}"
                unit.append(record=record, kind=kind, action="finish", fields=body, changed=sorted(body), parents=())
        return at(style_of(kind).record, record=record)(demo, size)

    return build


def of_kinds(kinds: Iterable[str]) -> tuple[Screen, ...]:
    """Return the list, the form and the page of kinds that people read, unless they are among the pictures."""
    screens = []
    pictures = {screen.name for screen in SCREENS}
    for kind in (name for name in kinds if style_of(name).list):
        if style_of(kind).list not in pictures:
            screens.append(Screen(f"list-of-{kind}", at(style_of(kind).list)))
        screens.append(Screen(f"new-{kind}", _of_manager(at("new_record", kind=kind))))
        if style_of(kind).record not in ("child", "carer"):
            screens.append(Screen(f"page-of-{kind}", _record_of(kind)))
    return tuple(screens)


GALLERY = Screen("16-components", _gallery, "16-components")


def main() -> int:
    """Draw every screen in both themes, or only the screens named on the command line."""
    options = _arguments().parse_args()
    with ExitStack() as ended:
        if options.managed:
            folder = Path(ended.enter_context(tempfile.TemporaryDirectory()))
            width, height = options.at
            ended.enter_context(desktop(width, height, folder))
        application = make_application(sys.argv[:1])
        options.to.mkdir(parents=True, exist_ok=True)
        themes: tuple[theme.Name, ...] = ("day", "night")
        for name in themes:
            dressed(application, name, options.text / 100)
            ring.install(application)
            composed_keys.install(application)
            drawn = [
                screen for screen in (*SCREENS, *((GALLERY,) if name == "day" else ())) if screen.name in options.names
            ]
            for screen in drawn:
                _draw(screen, options.to / f"{screen.name}-{name}.png", options.at, managed=options.managed)
            if options.sheet:
                pictures = [options.to / f"{screen.name}-{name}.png" for screen in drawn if screen is not GALLERY]
                contact_sheet(pictures, THUMB, options.sheet.with_name(f"{options.sheet.name}-{name}.jpg"))
    return 0


def _arguments() -> argparse.ArgumentParser:
    names = [screen.name for screen in (*SCREENS, GALLERY)]
    parser = argparse.ArgumentParser(prog="python -m tests.helpers.screens", description="Draw the screens.")
    parser.add_argument("names", nargs="*", default=names, help="the screens to draw, all of them by default")
    parser.add_argument("--at", type=_size, default=DESIGN, metavar="WIDTHxHEIGHT", help="the window, or the desktop")
    parser.add_argument("--text", type=int, default=100, help="the text size in per cent")
    parser.add_argument("--managed", action="store_true", help="maximised on a desktop with title bar and task bar")
    parser.add_argument("--to", type=Path, default=DOCS, help="the folder for the pictures")
    parser.add_argument("--sheet", type=Path, help="also all on one sheet: a path without '-day.jpg'")
    return parser


def _size(words: str) -> tuple[int, int]:
    width, height = words.split("x")
    return int(width), int(height)


def _draw(screen: Screen, path: Path, size: tuple[int, int], *, managed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder)) as demo:
        demo.maximised = managed
        window = screen.build(demo, size)
        (photograph() if managed else window.grab()).save(str(path))
    sys.stdout.write(f"{path.stem}\n")


if __name__ == "__main__":
    sys.exit(main())
