"""Forms and pages over answers that fit no field: a form gives back what it was given, and every page shows."""

from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.records.kind import Kind
from tests.db.store.seats import OtherSeat, absorb
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import sign_in_as
from tests.helpers.wrong_values import ALL, WrongBody, signed_bytes, wrong_bodies
from tests.ui.conftest import bury
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.records.form import RecordForm
from ui.shell.screens import Location, draft_location, screens

ON_PAGES = ("a great number", "object", "rows among other things", "no such day", "control characters", "long text")
"""What stands on a record's own pages: one of each sort; the lists show all."""
GROUPS = 6
"""Into how many groups the kinds are put for the screens that show records of more than one kind."""
OWN_KINDS = [name for name, kind in KINDS.items() if kind not in ORDERS]


def bodies(kind: Kind, store: LaptopStore) -> Iterator[WrongBody]:
    """The bodies in which every field holds one wrong value, over records that are here: each field has a control of its own."""
    ids: dict[str, str] = {}

    def known(name: str) -> str:
        return ids.setdefault(name, next((record.record for record in store.records_of(name)), "none"))

    for wrong in wrong_bodies(kind, known, known(kind.name), known("directory")):
        if wrong.field.startswith(ALL):
            yield wrong


@pytest.mark.parametrize("name", OWN_KINDS)
def test_a_form_gives_back_whatever_value_it_was_given(
    app: QApplication, qtbot: QtBot, context: Context, store: LaptopStore, name: str
) -> None:
    form = RecordForm(KINDS[name], context, body=dict.fromkeys(KINDS[name].by_name, "an answer"))
    qtbot.addWidget(form)
    complaints: list[str] = []
    for number, wrong in enumerate(bodies(KINDS[name], store)):
        form.set_fields(wrong.body)
        if signed_bytes(form.fields(), []) != signed_bytes(wrong.body, []):
            complaints.append(f"{wrong.name}: given back otherwise")
        if form.own_problems():
            complaints.append(f"{wrong.name}: refused before anybody typed")
        if number % 10 == 0:
            bury(app)
    assert complaints == []


@pytest.mark.parametrize("name", OWN_KINDS)
def test_every_page_shows_with_an_answer_that_fits_nowhere_in_every_field(
    app: QApplication, qtbot: QtBot, context: Context, store: LaptopStore, name: str
) -> None:
    """The record's own page, its form, and the page of a child."""
    sign_in_as(store, role="manager")
    kind, complaints = KINDS[name], list[str]()
    for wrong, record in taken_in(store, bodies(kind, store)):
        if wrong.value not in ON_PAGES:
            continue
        pages = dict.fromkeys(("record", style_of(name).record))
        locations = [Location(page, {"record": record}) for page in pages]
        if kind.amendable:
            locations.append(draft_location(context.services.records.save(context.services.records.amendment(record))))
        for location in locations:
            complaints += failures(location, qtbot, context, f"{wrong.name}: {location.route}")
    child = Location("child", {"record": child_named(context.services, "Kai")})
    complaints += failures(child, qtbot, context, f"{name}: {child.route}")
    assert complaints == []


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_screen_of_several_kinds_shows_with_answers_that_fit_nowhere(
    app: QApplication, qtbot: QtBot, context: Context, store: LaptopStore, group: int
) -> None:
    """A screen reads each kind by itself, so records of some kinds at once hide none of each other."""
    sign_in_as(store, role="manager")
    names = OWN_KINDS[group::GROUPS]
    wrongs = [wrong for name in names for wrong in list(bodies(KINDS[name], store))]  # over the records of the caseload
    for wrong, record in taken_in(store, wrongs):
        if wrong.value in ON_PAGES and wrong.kind.amendable:
            context.services.records.save(context.services.records.amendment(record))
    mixed = [Location(screen.route) for screen in screens().values() if not screen.opens and not screen.kind]
    assert len(mixed) > 8
    assert [failure for shown in mixed for failure in failures(shown, qtbot, context, f"{names}: {shown.route}")] == []


def test_the_list_of_every_kind_shows_with_answers_that_fit_nowhere_in_records_of_every_kind(
    app: QApplication, qtbot: QtBot, context: Context, store: LaptopStore
) -> None:
    """A list holds all records of its own kind, and names those of others."""
    sign_in_as(store, role="manager")
    wrongs = [list(bodies(KINDS[name], store)) for name in OWN_KINDS]  # over the records of the caseload, all of them
    for of_a_kind in wrongs:
        assert len(list(taken_in(store, of_a_kind))) > 40
    lists = [Location(screen.route) for screen in screens().values() if not screen.opens and screen.kind]
    assert len(lists) > 20
    complaints = [failure for location in lists for failure in failures(location, qtbot, context, location.route)]
    assert complaints == []


def taken_in(store: LaptopStore, wrongs: Iterable[WrongBody]) -> Iterator[tuple[WrongBody, str]]:
    """Have the store take in wrong bodies from another seat; each with its record."""
    seat = OtherSeat()
    for wrong in wrongs:
        revision = seat.sign(wrong.body, kind=wrong.kind.name, body=signed_bytes(wrong.body, sorted(wrong.body)))
        absorb(store, revision)
        yield wrong, revision.envelope.record


def failures(location: Location, qtbot: QtBot, context: Context, about: str) -> list[str]:
    """Show a page until all it asked for has come; what went wrong, whatever it was, on this thread or another."""
    broke: list[BaseException] = []  # on a thread that reads
    context.runner.broke.connect(broke.append)
    with qtbot.captureExceptions() as raised:
        try:
            page = screens()[location.route].make(context, location.more)
            qtbot.addWidget(page)
            page.resize(1182, 712)
            page.show()
            page.refresh()
            qtbot.waitUntil(lambda: context.runner.idle)
            QApplication.processEvents()
            page.grab()
            page.close()
        except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
            return [f"{about}: {type(error).__name__}: {error}"[:300]]
        finally:
            context.runner.broke.disconnect(broke.append)
    return [f"{about}: {type(error).__name__}: {error}"[:300] for error in (*broke, *(caught[1] for caught in raised))]
