"""The tokens hold their promises, and no colour is written anywhere else."""

import re
from pathlib import Path
from typing import Any

import pytest

from ui.theme import Theme, icons, tokens

ROOT = Path(__file__).parents[3]
PAIRS = [(name, pair) for name in ("day", "night") for pair in tokens()["contrast"][name]]


def luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "pair"), PAIRS, ids=lambda v: v if isinstance(v, str) else f"{v['fg']}-{v['bg']}")
def test_every_pair_of_colours_has_the_contrast_it_needs(name: str, pair: dict[str, Any]) -> None:
    colours = tokens()["color"][name]
    ratio = contrast(colours[pair["fg"]], colours[pair["bg"]])
    assert ratio >= pair["need"]
    assert int(ratio * 100) / 100 == pytest.approx(pair["ratio"], abs=0.011)


def test_no_colour_is_written_in_code() -> None:
    written = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|GlobalColor\.(?!transparent)|(?<!\.)\brgba?\(")
    places = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("ui", "hipss_desktop")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if written.search(line)
    ]
    assert places == []


def test_no_animation_and_no_graphics_effect_is_used_in_the_window() -> None:
    moving = re.compile(r"QPropertyAnimation|QMovie|QGraphics\w*Effect|QGradient|QLinearGradient|QWebEngine")
    file_names = [path.name for path in (ROOT / "ui").rglob("*.py") if moving.search(path.read_text(encoding="utf-8"))]
    assert file_names == []


def test_day_and_night_have_the_same_tokens() -> None:
    assert tokens()["color"]["day"].keys() == tokens()["color"]["night"].keys()


def test_tokens_are_attributes_of_a_theme_and_unknown_ones_are_refused() -> None:
    assert Theme("night").ink.name() == tokens()["color"]["night"]["ink"].lower()
    with pytest.raises(AttributeError):
        _ = Theme("day").no_such_colour
    with pytest.raises(ValueError, match="text sizes"):
        Theme("day", 2.0)


def test_every_icon_is_drawn_in_the_colour_of_the_theme() -> None:
    for name in icons.names():
        svg = (ROOT / "resources" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        assert "currentColor" in svg
        assert not re.search(r"#[0-9a-fA-F]{3,6}", svg)


def test_the_fonts_are_small_and_their_licence_is_beside_them() -> None:
    folder = ROOT / "resources" / "fonts"
    faces = list(folder.glob("*.otf"))
    assert len(faces) == 4
    assert all(face.stat().st_size < 400_000 for face in faces)
    assert "SIL OPEN FONT LICENSE" in (folder / "LICENCE-OFL.txt").read_text(encoding="utf-8")
