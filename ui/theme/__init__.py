"""Day and night, text size, and how a window or a part of one gets them.

Everything is read from resources/tokens.json: a colour is written nowhere else. A theme reaches widgets in
three ways: the palette and the style sheet (frames of inputs, menus, scroll bars), fonts set on each widget
that was ``styled``, and ``theme_of(widget)`` for widgets that paint themselves. ``apply`` changes a living
program; ``dress`` gives a window the style sheet; ``apply_to`` gives one subtree a theme of its own. Must not know any
page or part.
"""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget

from ui.theme import fonts
from ui.theme.stylesheet import stylesheet

Name = Literal["day", "night"]
W = TypeVar("W", bound=QWidget)
SCALES = (1.0, 1.15, 1.3, 1.5)
_TNUM = QFont.Tag("tnum")
_ZERO = QFont.Tag("zero")
_DRESSED = "dressed"
_FIRST_FONT = "_q_styleSheetWidgetFont"
"""Where Qt's style sheets keep a widget's first font, which the widget gets back whenever it is given another parent."""


@cache
def tokens() -> dict[str, Any]:
    """The design tokens as they stand in resources/tokens.json; lengths are in pixels at 100% text size."""
    return cast(dict[str, Any], json.loads((files("resources") / "tokens.json").read_text(encoding="utf-8")))


class Theme:
    """One look: ``name`` 'day' or 'night', ``scale`` 1.0 to 1.5 for type and control heights.

    Colour tokens are attributes (``theme.ink``). With ``system`` (the palette of a high-contrast desktop) our
    colours are dropped and every token is answered from that palette.
    """

    def __init__(self, name: Name = "day", scale: float = 1.0, *, system: QPalette | None = None) -> None:
        if scale not in SCALES:
            raise ValueError(f"the text sizes are {SCALES}")
        self.name = name
        self.scale = scale
        self.contrast = system is not None
        self.colours = _system_colours(system) if system is not None else _our_colours(name)
        self._fonts: dict[tuple[str, bool, int | None], QFont] = {}

    def __getattr__(self, token: str) -> QColor:
        try:
            return QColor(self.__dict__["colours"][token])
        except KeyError:
            raise AttributeError(token) from None

    def color(self, token: str) -> QColor:
        """The colour called ``token`` in tokens.json; KeyError when there is none."""
        return QColor(self.colours[token])

    def px(self, length: float) -> int:
        """A height or text length in pixels, grown by the text size; not for borders, margins and gaps."""
        return round(length * self.scale)

    def size(self, token: str) -> int:
        """A length from the ``size`` tokens ('control', 'chip', 'row'...), grown by the text size."""
        return self.px(tokens()["size"][token])

    def line_height(self, style: str) -> int:
        """The height in pixels of one line of text in ``style``."""
        return self.px(tokens()["type"]["styles"][style][1])

    def font(self, style: str = "body", *, ids: bool = False, weight: int | None = None) -> QFont:
        """The font of a type style, with tabular figures; ``ids`` adds the slashed zero of record numbers."""
        key = (style, ids, weight)  # each measuring of words asks for one
        if key not in self._fonts:
            self._fonts[key] = self._font(style, ids, weight)
        return QFont(self._fonts[key])

    def _font(self, style: str, ids: bool, weight: int | None) -> QFont:
        kind = tokens()["type"]
        size, _, usual = kind["styles"][style]
        font = QFont([kind["family"], *kind["family_fallback"]])
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight(weight or usual))
        font.setFeature(_TNUM, 1)
        if ids:
            font.setFeature(_ZERO, 1)
        return font

    def palette(self) -> QPalette:
        """The QPalette that goes with this theme."""
        palette = QPalette()
        role = QPalette.ColorRole
        for key, token in {
            role.Window: "canvas",
            role.WindowText: "ink",
            role.Base: "surface",
            role.AlternateBase: "sunken",
            role.Text: "ink",
            role.Button: "surface",
            role.ButtonText: "ink",
            role.BrightText: "on_risk",
            role.Highlight: "fill",
            role.HighlightedText: "on_fill",
            role.Link: "accent",
            role.LinkVisited: "accent",
            role.ToolTipBase: "raised",
            role.ToolTipText: "ink",
            role.PlaceholderText: "faint",
            role.Mid: "control",
            role.Accent: "fill",
        }.items():
            palette.setColor(key, self.color(token))
        for key in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, key, self.color("faint"))
        return palette


class _Signals(QObject):
    theme_changed = Signal(object)


signals = _Signals()
"""``signals.theme_changed(Theme)`` comes after ``apply`` has reached every widget."""


def _our_colours(name: Name) -> dict[str, str]:
    return {key: value for key, value in tokens()["color"][name].items() if isinstance(value, str)}


def _system_colours(palette: QPalette) -> dict[str, str]:
    """Answers each token with the system's colour of the same purpose: paper, ink or highlight."""
    role = QPalette.ColorRole
    paper, ink = palette.color(role.Base).name(), palette.color(role.Text).name()
    fill, on_fill = palette.color(role.Highlight).name(), palette.color(role.HighlightedText).name()
    special = {
        "canvas": palette.color(role.Window).name(),
        "rail": palette.color(role.Window).name(),
        "accent": palette.color(role.Link).name(),
        "fill": fill,
        "fill_hover": fill,
        "risk_fill": fill,
        "on_fill": on_fill,
        "on_risk": on_fill,
        "faint": palette.color(QPalette.ColorGroup.Disabled, role.Text).name(),
        "focus": fill,
        "focus_ink": ink,
        "ramp0": paper,
        "ramp4": fill,
    }
    papers = {"surface", "raised", "sunken"}
    return {
        token: special.get(token) or (paper if token in papers or token.endswith("_tint") or token == "select" else ink)
        for token in _our_colours("day")
    }


class _State:
    current = Theme()
    subtrees = 0


def current() -> Theme:
    """The theme of the program (subtrees may have their own, see ``theme_of``)."""
    return _State.current


def theme_of(widget: QWidget | None) -> Theme:
    """The theme that ``widget`` is to be drawn in: its nearest themed ancestor's, else the program's."""
    if _State.subtrees:
        ancestor = widget
        while ancestor is not None:
            own = ancestor.property("subtheme")
            if isinstance(own, Theme):
                return own
            ancestor = ancestor.parentWidget()
    return _State.current


def theme_in(option: QStyleOptionViewItem) -> Theme:
    """The theme of the view that a delegate draws for."""
    return theme_of(option.widget if isinstance(option.widget, QWidget) else None)


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole program ``theme``, now and for widgets made later; tells ``signals``."""
    fonts.load()
    _State.current = theme
    if not app.property("fusion"):  # the style sheet hides the style's own name
        app.setStyle("Fusion")
        app.setProperty("fusion", "yes")
    with _nothing_collected():
        app.setFont(theme.font())
        app.setPalette(theme.palette())
        for window in app.topLevelWidgets():
            if window.property(_DRESSED):
                _put_on(window, theme)
        for widget in app.allWidgets():
            _refresh(widget)
    signals.theme_changed.emit(theme)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Hold the garbage collector off: a widget it destroyed while Qt walks over all of them would end the program."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def dress(window: W) -> W:
    """Give a window the style sheet of the program's theme, and that of each later one; returns it.

    Windows have the sheet, the program has none. Under a sheet of the program Qt would tell every widget of it again at
    each parent that one above it is given: building a form, which is put together from the inside, took twice as long.
    """
    window.setProperty(_DRESSED, "yes")
    _put_on(window, _State.current)
    return window


def _put_on(window: QWidget, theme: Theme) -> None:
    window.setStyleSheet("")  # put in the place of another, a sheet costs a widget once for each widget above it
    window.setStyleSheet(stylesheet(theme))


def apply_to(widget: QWidget, theme: Theme) -> None:
    """Give ``widget`` and everything inside it, now or later, a theme of its own."""
    if widget.property("subtheme") is None:
        _State.subtrees += 1
        widget.destroyed.connect(_subtree_gone)
    widget.setProperty("subtheme", theme)
    widget.setFont(theme.font())
    widget.setPalette(theme.palette())
    widget.setAutoFillBackground(True)
    widget.setStyleSheet(stylesheet(theme))
    for child in widget.findChildren(QWidget):
        _refresh(child)


def _subtree_gone() -> None:
    _State.subtrees -= 1


def _refresh(widget: QWidget) -> None:
    """Set the font of a styled widget again and lets one that measures its text measure it again."""
    style = widget.property("type")
    if isinstance(style, str):
        _set_type(widget, style)
    if widget.property("paints"):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def _set_type(widget: QWidget, style: str) -> None:
    theme = theme_of(widget)
    weight = widget.property("weight")
    font = theme.font(style, ids=bool(widget.property("ids")), weight=weight)
    widget.setFont(font)
    if widget.property(_FIRST_FONT) is not None:
        widget.setProperty(_FIRST_FONT, font)
    if widget.property("lined"):
        widget.setMinimumHeight(theme.line_height(style))


def styled(widget: W, style: str, tone: str = "", *, ids: bool = False, weight: int | None = None) -> W:
    """Give ``widget`` a type style ('title', 'small', 'caption'...) and a text colour token; returns it.

    ``ids`` draws a slashed zero, for record numbers and codes. Both follow the theme from then on.
    """
    widget.setProperty("type", style)
    widget.setProperty("ids", ids)
    widget.setProperty("weight", weight)
    widget.setProperty("lined", widget.inherits("QLabel"))
    _set_type(widget, style)
    if tone:
        set_state(widget, "tone", tone)
    return widget


def set_state(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet reads ('tone', 'surface', 'problem') and has it read now, where it is another."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if name == "surface":
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def system_asks_for_contrast(app: QApplication) -> bool:
    """Whether the desktop's settings ask for high contrast."""
    # Each step is held by a name: a temporary that Python drops takes the one it gave with it.
    hints = app.styleHints()
    accessibility = hints.accessibility()
    wish = accessibility.contrastPreference()
    return wish == Qt.ContrastPreference.HighContrast


def theme_for(app: QApplication, name: Name, scale: float = 1.0) -> Theme:
    """The theme to apply: ``name``, or the system's own colours where the desktop asks for high contrast."""
    if not system_asks_for_contrast(app):
        return Theme(name, scale)
    app.setPalette(QPalette())
    return Theme(name, scale, system=app.palette())
