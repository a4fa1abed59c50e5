"""Step 1 of setting up over the real wire to a real council: a slip is told from a stranger, an address from a code."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.home import Home
from hipss_desktop.identity import CROCKFORD
from hipss_desktop.unlock import LaptopFirstRun, LaptopUnlocker, LeftOpen
from sync.wire import codes
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.laptop_at_home import OWN, focused, press, typed
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import clipped_labels, settle
from tests.ui.shell.windows import rest, windows
from ui import theme
from ui.entry.first_run import FirstRunWindow
from ui.parts import Field, LineEdit


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CouncilServer]:
    """A council that serves."""
    with serving(tmp_path_factory.mktemp("joining") / "council") as server:
        yield server


@pytest.fixture
def line(council: CouncilServer) -> Iterator[CutProxy]:
    """A connection to the council that counts what goes through, and can be broken."""
    with CutProxy(council.url) as proxy:
        yield proxy


@pytest.fixture
def run(tmp_path: Path, clock: SetClock) -> Iterator[LaptopFirstRun]:
    """Setting up a laptop on which nobody is set up."""
    setting_up = LaptopFirstRun(Home(tmp_path / "home"), clock)
    yield setting_up
    if setting_up.opened is not None:
        setting_up.opened.close()


@pytest.fixture
def window(
    app: QApplication, qtbot: QtBot, run: LaptopFirstRun, tmp_path: Path, clock: SetClock
) -> Iterator[FirstRunWindow]:
    unlocker = LaptopUnlocker(Home(tmp_path / "home"), clock, LeftOpen())
    with windows(lambda: FirstRunWindow(run, lambda services: None, unlocker=unlocker, clock=clock), qtbot) as show:
        yield show()


def enrol(qtbot: QtBot, window: FirstRunWindow, server: str, code: str) -> None:
    """Step 1, by keys from its first field; the code is pasted."""
    window.enrol.server.go()
    typed(server)
    press(Qt.Key.Key_Tab)
    QApplication.clipboard().setText(code)
    QTest.keyClick(focused(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Tab)
    typed("HIPSS-LT-04")
    press(Qt.Key.Key_Return)
    rest(qtbot, window)


def shown(window: FirstRunWindow) -> str:
    """All words on the window."""
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def stands_at(window: FirstRunWindow, field: Field, words: str) -> None:
    """The one error of step 1 is these words, beside this field, which has the focus."""
    step = window.enrol
    errors = {answer: answer.error() for answer in (step.server, step.code, step.laptop)}
    assert errors.pop(field) == words
    assert set(errors.values()) == {""}
    assert not step.trouble.isVisible()
    assert focused() is field.control
    for untrue in ("keep trying", "Nothing is lost", "Whoever"):
        assert untrue not in shown(window)


def nobody() -> str:
    """An address of this machine at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("place", [0, 9, 10, 20, 23])
def test_one_wrong_letter_of_a_code_names_its_group_and_asks_nobody(
    window: FirstRunWindow, council: CouncilServer, line: CutProxy, qtbot: QtBot, place: int
) -> None:
    characters = list(council.invite().replace("-", ""))
    characters[place] = CROCKFORD[CROCKFORD.index(characters[place]) - 1]
    enrol(qtbot, window, line.url, "".join(characters))
    stands_at(window, window.enrol.code, f"Group {place // 4 + 1} is not right. Check its four characters.")
    press(Qt.Key.Key_Backspace)  # what was typed can be mended: it is not selected to be typed over
    assert isinstance(window.enrol.code.control, LineEdit)
    assert window.enrol.code.control.text() == "".join(characters)[:-1]
    assert line.through["request"] == 0


@pytest.mark.parametrize(
    "written",
    [
        lambda code: code.replace("-", "\u2013"),
        lambda code: code.replace("-", " \u2011 ").lower(),
        lambda code: f"\ufeff{code}\u200b.\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
    ],
)
def test_a_code_pasted_from_a_document_is_taken(
    window: FirstRunWindow, council: CouncilServer, qtbot: QtBot, written: Callable[[str], str]
) -> None:
    enrol(qtbot, window, f" {council.url}/", written(council.invite("A. Bevan")))
    assert "Code accepted. HIPSS-LT-04, for A. Bevan" in window.enrol.notice.words.accessibleName()
    assert focused() is window.passphrase.edit


def test_a_whole_code_of_another_council_is_about_the_address(
    window: FirstRunWindow, council: CouncilServer, line: CutProxy, tmp_path: Path, qtbot: QtBot
) -> None:
    other = CouncilServer(tmp_path / "other")
    other.init()
    secret = council.invite().replace("-", "")[:10]
    # a stranger that knows the secret, as one who listened at the invitation would
    code = codes.written(secret, other.admin.home.public)
    other.close()
    enrol(qtbot, window, council.url, code)
    stands_at(
        window,
        window.enrol.server,
        "The server at this address is not the council that made the code. "
        "Check the address. If it is right, ring your manager.",
    )


def test_a_code_that_the_council_does_not_know_is_about_the_code(
    window: FirstRunWindow, council: CouncilServer, qtbot: QtBot
) -> None:
    enrol(qtbot, window, council.url, codes.written(codes.new_secret(), council.admin.home.public))
    words = "The council does not know this code. Check the address, or ask for a new code."
    stands_at(window, window.enrol.code, words)


@pytest.mark.parametrize("scheme", ["", "https://", "http://"])
def test_a_server_that_is_away_is_named_with_what_to_check(
    window: FirstRunWindow, council: CouncilServer, qtbot: QtBot, scheme: str
) -> None:
    away = nobody()
    code = council.invite()
    enrol(qtbot, window, f"{scheme}{away}", code)
    stands_at(window, window.enrol.server, f"No answer from {away}. Check the address and your network, then Continue.")
    window.enrol.server.go()
    focused().selectAll()  # type: ignore[attr-defined]  # it is the field's input
    typed(council.url)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert focused() is window.passphrase.edit


def test_a_sign_in_page_of_a_network_is_not_taken_for_the_council(
    window: FirstRunWindow, council: CouncilServer, line: CutProxy, qtbot: QtBot
) -> None:
    line.portal = True
    enrol(qtbot, window, line.url, council.invite())
    stands_at(
        window,
        window.enrol.server,
        "Something else answered in the council’s place. If this network has a page to sign in, sign in there with a web "
        "browser first. Check the address and your network, then Continue.",
    )


@pytest.mark.parametrize(
    "address", ["https://hipss.council.example:83l7", "https://[::1", "https://hipss..example", "https:hipss.example"]
)
def test_a_slip_in_the_address_is_said_beside_the_address(
    window: FirstRunWindow, council: CouncilServer, qtbot: QtBot, address: str
) -> None:
    enrol(qtbot, window, address, council.invite())
    stands_at(window, window.enrol.server, "Enter the council’s address, like https://hipss.council.example")


@pytest.mark.parametrize("look", ["day", "night"])
def test_no_words_are_cut_at_the_smallest_window_with_the_largest_text(
    app: QApplication, window: FirstRunWindow, council: CouncilServer, qtbot: QtBot, look: theme.Name
) -> None:
    theme.apply(app, theme.Theme(look, 1.5))
    window.resize(1024, 640)
    enrol(qtbot, window, nobody(), council.invite())
    assert clipped_labels(window) == []
    assert focused().visibleRegion().boundingRect() == focused().rect()


def test_a_laptop_joins_and_its_recovery_key_is_asked_back_by_number(
    window: FirstRunWindow, run: LaptopFirstRun, council: CouncilServer, qtbot: QtBot
) -> None:
    enrol(qtbot, window, council.url, council.invite("L. Joiner"))
    typed(OWN)
    press(Qt.Key.Key_Tab, 2)
    typed(OWN)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    press(Qt.Key.Key_Space)
    groups = list(window.key.paper.groups)
    press(Qt.Key.Key_Tab, 2)  # past "Print it"
    press(Qt.Key.Key_Space)
    settle()
    first, second = window.key.group_fields
    typed(groups[first - 1].replace("0", "o").replace("1", "i").lower())
    press(Qt.Key.Key_Tab)
    wrong = CROCKFORD[CROCKFORD.index(groups[second - 1][0]) - 1] + groups[second - 1][1:]
    typed(wrong)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert window.key.group_fields[first].error() == ""
    assert window.key.group_fields[second].error() == f"Group {second} is mistyped"
    focused().selectAll()  # type: ignore[attr-defined]  # it is the field's input
    typed(groups[second - 1])
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert run.opened is not None
    assert run.opened.store.seat.enrolled
    assert window.key.paper.groups == []
