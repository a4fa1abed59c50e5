"""The window as Orca speaks it: real keys on a display of its own, and every utterance that reaches the speech server.

Needs Orca, a window manager and xdotool (Debian: orca openbox xdotool xvfb dbus); left out where they are not installed.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.orca import ROOT, Listener, missing_programs

pytestmark = pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}")


@pytest.fixture
def orca(tmp_path: Path) -> Iterator[Listener]:
    """Orca, listening to the window over the laptop of the pictures."""
    demo = tmp_path / "stage"
    code = f"from pathlib import Path; from tests.helpers.demo_laptop import DemoLaptop; DemoLaptop(Path({str(demo)!r})).close()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    with Listener(tmp_path / "orca", demo) as listener:
        yield listener


def test_a_call_as_it_is_spoken(orca: Listener) -> None:
    assert orca.press("ctrl+n") == ["Who is calling text.", "Type a name."]
    typed = orca.type("jo")
    assert "notification 2 results. Jo Preece, carer." in typed
    picked = orca.press("Return")
    assert "notification Jo Preece, carer. Kai M. picked from the placement. 01632 960174." in picked
    assert not any("page tab" in words for words in [*typed, *picked])
    # Orca may say first that the name, which is selected whole after a choice, is not selected any more.
    assert orca.press("alt+2")[-3:] == [
        "What is it about? panel.",
        "Missing or back check box not checked.",
        "Choose all that apply. Required.",
    ]
    assert orca.press("Right") == ["Drink or drugs check box not checked."]
    assert orca.press("alt+5") == [
        "Risk now panel.",
        "Low.",
        "not selected radio button",
        "Required. Advice is enough.",
    ]
    assert orca.press("Right") == ["Medium.", "selected radio button", "Follow up by day."]
    summary = orca.press("ctrl+Return")
    assert summary[0] == "There is a problem. 4 errors. panel."
    assert summary[1].startswith("Choose what it is about. Enter what is happening.")
    answer = orca.press("Return")
    assert answer[:2] == ["What is it about? panel.", "Drink or drugs check box not checked."]
    assert answer[2].startswith("Error: Choose what it is about.")
    card = orca.press("alt+0")
    assert card[0] == "Child’s card section."
    assert card[1].startswith("Kai M., 14, HIPSS-017, Missing since 21:40")
    assert len(card) == 2


def test_what_lies_over_the_window_is_spoken_as_a_dialog(orca: Listener) -> None:
    assert orca.press("ctrl+k")[0].startswith("Search and commands dialog")
    orca.press("Escape")
    help_words = orca.press("F1")
    assert help_words[0].startswith("Help dialog")
    assert not any("Ctrl+N" in help_word for help_word in help_words)


def test_rows_and_cards_are_spoken_as_whole_phrases(orca: Listener) -> None:
    assert orca.press("Tab") == [
        "Kai M., 14, HIPSS-017. Missing since 21:40. Jo and Martin Preece, 01632 960174. 1 follow-up overdue. "
        "Last contact 23:32. push button."
    ]
    orca.press("Tab", "Tab")
    row = " ".join(orca.press("Down"))
    assert "Jo Preece. Kai M." in row
    orca.press("Tab", "Tab")
    row = " ".join(orca.press("Down"))
    assert row.startswith("Not done")
    assert row.count("Ask police for news") == 1
