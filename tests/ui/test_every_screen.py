"""Every screen of the running program, put through the rules of ``docs/screens.md`` at every size, text size and theme.

Each screen is built once for a text size and then measured; a rule gives back readable lines, so that what is asserted
against [] names the culprits.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractAnimation, QLocale, QModelIndex, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction, QImage, QKeySequence, QMovie, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QWidget,
)

from hipss_desktop import app as program
from hipss_desktop.kinds.catalogue import KINDS
from tests.helpers import screens
from tests.helpers.demo_laptop import DemoLaptop
from tests.helpers.plain_words import words_not_plain_on_screen
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import copy_laptop
from tests.helpers.team_consultation import TEAM_CONSULTATION, held, team_consultations_known
from tests.helpers.walk import (
    accessible_tree,
    clipped_labels,
    cut_cells,
    cut_choices,
    described,
    focused,
    half_hidden,
    settle,
    small_targets,
    stops,
    tabbing,
    texts_seen,
    unnamed_focusables,
)
from ui import theme
from ui.base.focus import focus
from ui.incidents.incident_page import IncidentPage
from ui.parts import Banner, Button, Chip, PrimaryButton, Radio, RadioCard, Tag
from ui.parts.headings import Heading
from ui.parts.tables import CELL_ROLE
from ui.shell.help import HelpLayer
from ui.shell.window import MainWindow
from ui.supervision.turned_window import TurnedWindow
from ui.theme import ring
from ui.theme.stylesheet import stylesheet

DOCS = Path(__file__).resolve().parents[2] / "docs"
THEMES: tuple[theme.Name, ...] = ("day", "night")
SIZES = {1.0: ((1024, 640), (1366, 696), (1920, 1080), (1366, 768)), 1.5: ((1024, 640), (1366, 768))}
"""Width and height of the window in pixels, by text size; the one that the pictures have comes last."""
LARGEST = max(SIZES)


@dataclass
class Drawn:
    """A screen that is open, at which text size, and what had the focus when it was opened."""

    name: str
    scale: float
    window: QWidget
    first: QWidget | None

    @property
    def root(self) -> QWidget:
        """What takes the keys: what lies on top of the window, else the window."""
        window = self.window
        return window.layers.top or window if isinstance(window, MainWindow) else window

    def at(self, width: int, height: int, name: theme.Name) -> None:
        """The screen at a size in a theme."""
        before = self.window.size(), theme.current()
        dress(name, self.scale)
        self.window.resize(width, height)
        settle()
        if (self.window.size(), theme.current()) != before:
            QTest.qWait(10)
        assert (self.window.width(), self.window.height()) == (width, height), "the window is larger than the laptop's"


def dress(name: theme.Name, scale: float) -> None:
    """Put the program into a theme, unless it is in it."""
    if (theme.current().name, theme.current().scale) != (name, scale):
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, theme.Theme(name, scale))


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The laptop of the pictures, made once."""
    folder = tmp_path_factory.mktemp("pictures")
    DemoLaptop(folder).close()
    return folder


@pytest.fixture(scope="module")
def _day_afterwards(qapp: QApplication) -> Iterator[None]:
    """The day theme for the tests that follow."""
    yield
    theme.apply(qapp, theme.Theme("day"))


with team_consultations_known():
    OF_ITS_OWN = screens.of_kinds([TEAM_CONSULTATION.name])
"""The screens of a kind that the program does not know by itself."""
WALKED = [(screen, scale) for screen in screens.SCREENS for scale in SIZES] + [
    (screen, LARGEST) for screen in (*screens.of_kinds(KINDS), *OF_ITS_OWN)
]
"""Each screen of the pictures at each text size; what every kind gets at the largest, where things are cut first."""


@pytest.fixture(scope="module", params=WALKED, ids=[f"{screen.name}-{scale:.0%}" for screen, scale in WALKED])
def opened(
    request: pytest.FixtureRequest,
    qapp: QApplication,
    _day_afterwards: None,
    laptop: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Drawn]:
    """Each screen at each text size, built once for all the tests of it, in the theme of the test before."""
    screen, scale = request.param
    program.make_application([])
    QAccessible.setActive(True)
    ring.install(qapp)
    theme.apply(qapp, theme.Theme(theme.current().name, scale))
    folder = tmp_path_factory.mktemp("screen") / "stage"
    copy_laptop(laptop, folder)
    with team_consultations_known() if screen in OF_ITS_OWN else nullcontext():
        demo = DemoLaptop(folder)
        if screen in OF_ITS_OWN:
            rows = [{"id": "a", "name": "The school nurse"}, {"id": "b", "name": "His form tutor"}]
            held(demo.services, 1, child=child_named(demo.services, "Kai"), attendees=rows)
        window = screen.build(demo, SIZES[scale][-1])
        yield Drawn(screen.name, scale, window, QApplication.focusWidget())
        demo.close()


@pytest.fixture(scope="module", params=THEMES[:1])
def look(request: pytest.FixtureRequest) -> theme.Name:
    """The theme that a test is put through: the day's, unless it says ``in_both_themes``."""
    chosen: theme.Name = request.param
    return chosen


in_both_themes = pytest.mark.parametrize("look", THEMES, scope="module")
"""All tests of a screen in one theme follow each other, and those of the next screen begin in it: a change takes long."""


@pytest.fixture
def drawn(opened: Drawn, look: theme.Name) -> Drawn:
    """The screen at the size of the pictures, with the focus where it began: no test finds what another left."""
    opened.at(*SIZES[opened.scale][-1], look)
    focus(opened.first)
    settle()
    return opened


@pytest.fixture(scope="module")
def help_at() -> dict[float, QRect]:
    """Where the first screen that was looked at has 'Need help now?', by text size."""
    return {}


def inside(window: QWidget, widget: QWidget) -> QRect:
    """Where a widget stands in its window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


@in_both_themes
def test_nothing_is_cut_and_finish_is_in_sight_at_every_size(drawn: Drawn, look: theme.Name) -> None:
    for width, height in SIZES[drawn.scale] if look == "night" else SIZES[drawn.scale][:1]:
        drawn.at(width, height, look)
        for _ in range(10):  # a layout that changes its shape does so when the window has its size
            if not clipped_labels(drawn.window):
                break
            QTest.qWait(20)
        assert clipped_labels(drawn.window) == [], (width, height)
        assert cut_cells(drawn.window) == [], (width, height)
        for button in drawn.window.findChildren(PrimaryButton):
            if button.isVisible() and button.text() == "Finish":
                assert button.visibleRegion().boundingRect() == button.rect(), (width, height)


def test_the_choices_of_a_list_are_seen_whole(drawn: Drawn) -> None:
    assert cut_choices(drawn.root) == []


def test_what_takes_the_focus_has_a_name_and_is_large_enough(drawn: Drawn) -> None:
    assert unnamed_focusables(drawn.root) == []
    assert small_targets(drawn.root) == []


def test_what_takes_the_focus_says_its_own_name_its_role_and_its_state(drawn: Drawn) -> None:
    wrong: list[str] = []
    labelled: dict[str, list[str]] = {}
    for node in focusable(drawn.root):
        name, role, state = node.text(QAccessible.Text.Name).strip(), node.role(), node.state()
        words = f"{role.name} {name!r}"
        if not name or role in UNSAID:
            wrong.append(f"says nothing of itself: {words} {type(node.object()).__name__}")
        choice = role in (QAccessible.Role.CheckBox, QAccessible.Role.RadioButton)
        if choice and not state.checkable:
            wrong.append(f"does not say whether it is chosen: {words}")
        if bool(state.focused) != (node.object() is QApplication.focusWidget()):
            wrong.append(f"is wrong about the focus: {words}")
        for other, _ in node.relations(QAccessible.RelationFlag.Label):
            label = other.text(QAccessible.Text.Name).strip()
            labelled.setdefault(f"{label!r} {id(other.object())}", []).append(words)
            named = role != QAccessible.Role.ComboBox  # whose own name is what is chosen
            if named and label not in name and name not in label:
                wrong.append(f"is said as {label!r}: {words}")
    wrong += [f"one label for several: {label}: {names}" for label, names in labelled.items() if len(names) > 1]
    assert wrong == []


UNSAID = (QAccessible.Role.Client, QAccessible.Role.NoRole, QAccessible.Role.Whitespace, QAccessible.Role.Pane)
"""Roles of which a screen reader says nothing, or "filler"."""


def focusable(root: QWidget) -> Iterator[QAccessibleInterface]:
    """Everything that shows and can take the focus, as a screen reader finds it."""
    for node in accessible_tree(QAccessible.queryAccessibleInterface(root)):
        widget = node.object()
        if node.state().focusable and isinstance(widget, QWidget) and widget.isVisible():
            yield node


def test_no_two_choices_of_a_group_sound_alike_and_each_group_has_a_name(drawn: Drawn) -> None:
    wrong = []
    for node in accessible_tree(QAccessible.queryAccessibleInterface(drawn.root)):
        if node.role() not in (QAccessible.Role.Grouping, QAccessible.Role.List, QAccessible.Role.Dialog):
            continue
        name = node.text(QAccessible.Text.Name)
        if not name.strip():
            wrong.append(f"a {node.role().name} without a name")
        inside = [child for number in range(node.childCount()) if (child := node.child(number)) and child.isValid()]
        names = [child.text(QAccessible.Text.Name) for child in inside if child.state().focusable]
        wrong += [
            f"{name!r} has two of {choice!r}" for choice in {choice for choice in names if names.count(choice) > 1}
        ]
    assert wrong == []


def test_no_two_stops_of_tab_sound_alike(drawn: Drawn) -> None:
    names = [(type(stop).__name__, spoken_name(stop)) for stop in stops(drawn.root)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def spoken_name(widget: QWidget) -> str:
    """What a screen reader calls a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return widget.accessibleName() or (interface.text(QAccessible.Text.Name) if interface is not None else "")


def test_the_words_on_a_button_are_in_its_name(drawn: Drawn) -> None:
    misnamed_buttons = [
        f"{button.text()!r} is called {spoken_name(button)!r}"
        for button in drawn.window.findChildren(QAbstractButton)
        if button.isVisible() and button.text() not in spoken_name(button)
    ]
    assert misnamed_buttons == []


def test_no_word_of_the_code_or_of_computers_is_seen(drawn: Drawn) -> None:
    seen = texts_seen(drawn.window)
    assert seen, "nothing shows"
    assert [f"{words}: {text}" for text in sorted(seen) if (words := words_not_plain_on_screen(text))] == []


def test_tab_goes_round_everything_in_reading_order(drawn: Drawn) -> None:
    expected_stops = {stop for stop in stops(drawn.root) if not _left_to_arrows(stop)}
    order: list[QWidget] = []
    hidden: list[str] = []
    backward: list[str] = []
    for now in tabbing():
        settle()
        if half_hidden(now):
            hidden.append(described(now))
        if order:
            backward += step_back(drawn, order[-1], now)
        order.append(now)
    assert order, "nothing has the focus"
    assert len(order) < 300, "Tab never came back"
    assert [described(widget) for widget in expected_stops - set(order)] == []
    assert len(set(order)) == len(order)
    assert hidden == []
    backward += step_back(drawn, order[-1], order[0])
    assert len(backward) <= 1, backward  # once, from the last stop to the first


def _left_to_arrows(widget: QWidget) -> bool:
    """Whether it is one of several choices, which arrows reach and Tab passes."""
    if not isinstance(widget, QAbstractButton):
        return False
    group = widget.group()
    return isinstance(widget, Radio | RadioCard) or widget.autoExclusive() or bool(group and group.exclusive())


def place(drawn: Drawn, widget: QWidget, other: QWidget) -> QRect:
    """Where a widget stands for who reads: where it is, or where what scrolls it is when the other lies outside that."""
    shown_widget, step = widget, widget.parentWidget()
    while step is not None and step is not drawn.window:
        if isinstance(step, QAbstractScrollArea) and not step.isAncestorOf(other) and step is not other:
            shown_widget = step
        step = step.parentWidget()
    return inside(drawn.window, shown_widget)


def step_back(drawn: Drawn, first: QWidget, second: QWidget) -> list[str]:
    """One line if a step of Tab goes against the order of reading.

    Call it while the second widget has the focus. Tab scrolls a stop into sight, so a later step moves both widgets.
    """
    first_place, second_place = place(drawn, first, second), place(drawn, second, first)
    if not goes_back(first_place, second_place):
        return []
    return [f"from {described(first)} at {first_place} back to {described(second)} at {second_place}"]


def goes_back(first: QRect, second: QRect) -> bool:
    """Whether reading from one place to the other goes up, or back to the left on one line."""
    up = second.bottom() <= first.top() and second.left() <= first.right()
    left = second.right() <= first.left() and second.top() < first.bottom() and first.top() < second.bottom()
    return up or left


def test_a_screen_has_one_title(drawn: Drawn) -> None:
    roots = {drawn.root, drawn.window}
    layer = drawn.root if len(roots) > 1 else None
    seen = [heading for heading in drawn.window.findChildren(Heading) if heading.isVisible() and heading.level == 1]
    under = [heading.text() for heading in seen if layer is None or not layer.isAncestorOf(heading)]
    assert len(under) == 1
    for heading in seen:
        interface = QAccessible.queryAccessibleInterface(heading)
        assert interface is not None
        assert interface.role() == QAccessible.Role.Heading


def test_every_field_knows_its_label(drawn: Drawn) -> None:
    unlabelled_fields = []
    for kind in (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox):
        for widget in drawn.root.findChildren(kind):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                interface = QAccessible.queryAccessibleInterface(widget)
                assert interface is not None
                if not interface.relations(QAccessible.RelationFlag.Label):
                    unlabelled_fields.append(described(widget))
    assert unlabelled_fields == []


def test_roles_are_what_they_look_like(drawn: Drawn) -> None:
    roles: dict[type[QWidget], QAccessible.Role] = {
        Chip: QAccessible.Role.CheckBox,
        RadioCard: QAccessible.Role.RadioButton,
    }
    for kind, role in roles.items():
        for widget in drawn.window.findChildren(kind):
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface is not None
            exclusive = isinstance(widget, Chip) and interface.role() == QAccessible.Role.RadioButton
            assert interface.role() == role or exclusive, described(widget)
    for node in accessible_tree(QAccessible.queryAccessibleInterface(drawn.root)):
        if node.role() == QAccessible.Role.Cell:
            assert node.text(QAccessible.Text.Name) is not None


def test_no_letter_alone_and_no_key_of_a_screen_reader_is_a_shortcut(drawn: Drawn) -> None:
    sequences = [shortcut.key() for shortcut in drawn.window.findChildren(QShortcut)]
    sequences += [shortcut for action in drawn.window.findChildren(QAction) for shortcut in action.shortcuts()]
    forbidden_sequences = []
    for sequence in sequences:
        for number in range(sequence.count()):
            combination = sequence[number]  # type: ignore[index]  # PySide's types leave it out
            held, key = combination.keyboardModifiers(), combination.key()
            plain = not held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            reader = key in (Qt.Key.Key_Insert, Qt.Key.Key_CapsLock) or held & both == both
            if reader or (plain and key < Qt.Key.Key_Escape):
                forbidden_sequences.append(sequence.toString(QKeySequence.SequenceFormat.PortableText))
    assert forbidden_sequences == []


def test_what_is_red_or_amber_has_an_icon_and_a_word(drawn: Drawn) -> None:
    specs = [tag.spec for tag in drawn.window.findChildren(Tag)]
    for view in drawn.window.findChildren(QAbstractItemView):
        model = view.model()
        for line in range(model.rowCount(QModelIndex()) if model is not None else 0):
            for column in range(model.columnCount(QModelIndex()) if isinstance(view, QTableView) else 1):
                cell = model.index(line, column).data(CELL_ROLE)
                specs += list(getattr(cell, "tags", ()))
    assert [spec for spec in specs if spec.tone in ("risk", "amber") and not (spec.icon and spec.words)] == []
    for banner in drawn.window.findChildren(Banner):
        assert banner.accessibleName() or not banner.isVisible()


@in_both_themes
def test_the_focus_is_seen(drawn: Drawn) -> None:
    everything = stops(drawn.root)
    now = theme.current()
    unseen = []
    for before in everything[:: max(1, len(everything) // 5)]:
        before.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(before, Qt.Key.Key_Tab)
        settle()
        QTest.qWait(5)
        widget = QApplication.focusWidget()
        assert widget is not None
        shape, _ = ring.ring_shape(widget)
        band = shape.toAlignedRect().translated(widget.mapTo(drawn.window, QPoint(0, 0)))
        band = band.adjusted(-ring.WIDTH, -ring.WIDTH, ring.WIDTH, ring.WIDTH) & drawn.window.rect()
        colours = colours_of(drawn.window.grab(band).toImage())
        if not {now.focus.rgb(), now.focus_ink.rgb()} <= colours:
            unseen.append(described(widget))
        if half_hidden(widget):
            unseen.append(f"half hidden: {described(widget)}")
    assert unseen == []


def test_a_pane_that_has_the_focus_is_marked_by_a_bar_and_not_framed(drawn: Drawn) -> None:
    now, framed = theme.current(), []
    for pane in (stop for stop in stops(drawn.root) if ring.is_pane(stop)):
        focus(pane)
        settle()
        QTest.qWait(5)
        around = inside(drawn.window, pane).adjusted(-ring.WIDTH, -ring.WIDTH, ring.WIDTH, ring.WIDTH)
        bar = QRect(around.topLeft(), QSize(2 * ring.WIDTH, around.height()))
        rest = around.adjusted(2 * ring.WIDTH, 0, 0, 0)
        wide, high = rest.width(), ring.WIDTH * 2
        edges = (
            QRect(rest.topLeft(), QSize(wide, high)),
            QRect(rest.left(), rest.bottom() - high, wide, high + 1),
            QRect(rest.right() - high, rest.top(), high + 1, rest.height()),
        )
        if not {now.focus.rgb(), now.focus_ink.rgb()} <= colours_of(drawn.window.grab(bar).toImage()):
            framed.append(f"no bar: {described(pane)}")
        if any(now.focus.rgb() in colours_of(drawn.window.grab(edge).toImage()) for edge in edges):
            framed.append(described(pane))
    assert framed == []


def colours_of(image: QImage) -> set[int]:
    """Every colour in a picture."""
    bits = image.convertToFormat(QImage.Format.Format_RGB32).constBits()
    return set(memoryview(bits).cast("I")) if bits is not None else set()


def test_help_is_always_at_the_same_place_and_f1_opens_it(drawn: Drawn, help_at: dict[float, QRect]) -> None:
    window = drawn.window
    if not isinstance(window, MainWindow):
        assert any(
            heading.text() == "Need help now?" for heading in window.findChildren(Heading) if heading.isVisible()
        ) or (drawn.name == "13-first-run" or isinstance(window, TurnedWindow))
        return
    assert window.rail.help_button.text() == "Need help now?"
    help_place = inside(window, window.rail.help_button)
    assert help_at.setdefault(drawn.scale, help_place) == help_place
    if not window.layers.top:
        if isinstance(window.page, IncidentPage):
            QTest.keyClick(focused(window), Qt.Key.Key_F1)  # the row in focus says first how its time is worked out
        QTest.keyClick(focused(window), Qt.Key.Key_F1)
        assert isinstance(window.layers.top, HelpLayer)
        QTest.keyClick(focused(), Qt.Key.Key_Escape)
        assert window.layers.top is None


def test_nothing_moves_flashes_or_casts_a_shadow(drawn: Drawn) -> None:
    assert [described(widget) for widget in drawn.window.findChildren(QWidget) if widget.graphicsEffect()] == []
    assert drawn.window.findChildren(QAbstractAnimation) == []
    assert drawn.window.findChildren(QMovie) == []
    timers = drawn.window.findChildren(QTimer)
    assert [
        timer.interval()
        for timer in timers
        if timer.isActive() and not timer.isSingleShot() and timer.interval() < 1000
    ] == []


def test_the_title_names_nobody_and_the_language_is_british(drawn: Drawn) -> None:
    assert drawn.window.windowTitle() == "HIPSS Desktop"
    assert QLocale().language() == QLocale.Language.English
    assert QLocale().territory() == QLocale.Country.UnitedKingdom


def test_the_window_has_the_style_sheet_of_its_theme(drawn: Drawn) -> None:
    assert drawn.window.styleSheet() == stylesheet(theme.current()), "a new window calls theme.dress"


def test_every_stop_says_what_it_is(drawn: Drawn) -> None:
    buttons = [button for button in drawn.window.findChildren(Button) if button.isVisible()]
    assert [described(button) for button in buttons if not spoken_name(button).strip()] == []


def test_every_screen_has_its_section_and_its_two_pictures() -> None:
    text = (DOCS / "screens.md").read_text(encoding="utf-8")
    for screen in (*screens.SCREENS, screens.GALLERY):
        assert f"\n## {screen.name}" in text or f"`{screen.name}`" in text, screen.name
        both = THEMES if screen is not screens.GALLERY else THEMES[:1]
        for name in both:
            picture = QImage(str(DOCS / "screens" / f"{screen.name}-{name}.png"))
            assert f"screens/{screen.name}-{name}.png" in text
            expected_size = screens.DESIGN if screen is not screens.GALLERY else (1600, 1200)
            assert (picture.width(), picture.height()) == expected_size, screen.name
        if screen.target:
            mockup = DOCS / "mockups" / f"{screen.target}.png"
            assert f"mockups/{screen.target}.png" in text
            assert mockup.stat().st_size < 300_000
