"""Draws the project's own line icons (resources/icons/*.svg), in a colour of the theme and at the screen's resolution.

A picture is rendered once per name, colour, size and device pixel ratio. An icon is never the only sign: the code that draws one
puts a word beside it or gives the control a name.
"""

from functools import cache, lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme import Theme, current


@cache
def names() -> frozenset[str]:
    """The names of all icons there are."""
    return frozenset(
        entry.name.removesuffix(".svg")
        for entry in (files("resources") / "icons").iterdir()
        if entry.name.endswith(".svg")
    )


@cache
def _source(name: str) -> bytes:
    return (files("resources") / "icons" / f"{name}.svg").read_bytes()


@lru_cache(maxsize=1024)
def _rendered(name: str, colour: int, size: int, ratio: float) -> QPixmap:
    svg = _source(name).replace(b"currentColor", QColor.fromRgba(colour).name().encode())
    side = round(size * ratio)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def pixmap(name: str, colour: QColor, size: int = 16, ratio: float | None = None) -> QPixmap:
    """The icon ``name`` in ``colour``, ``size`` pixels square. ``ratio`` is the device pixel ratio (default: the screen's)."""
    if ratio is None:
        screen = QGuiApplication.primaryScreen()
        ratio = screen.devicePixelRatio() if screen else 1.0
    return _rendered(name, colour.rgba(), size, ratio)


def paint(painter: QPainter, corner: QPointF, name: str, colour: QColor, size: int = 16) -> None:
    """Draw the icon with its top left corner at ``corner`` (logical pixels)."""
    device = painter.device()
    ratio = device.devicePixelRatio() if device else 1.0
    painter.drawPixmap(corner, pixmap(name, colour, size, ratio))


def icon(name: str, token: str = "ink", *, theme: Theme | None = None, size: int = 16) -> QIcon:
    """A QIcon for menus, actions and windows. Its colour does not change with the theme after it was made."""
    colour = (theme or current()).color(token)
    qt_icon = QIcon()
    for ratio in (1.0, 1.5, 2.0):
        qt_icon.addPixmap(_rendered(name, colour.rgba(), size, ratio))
    return qt_icon


def paint_brand(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Draw the brand mark (a double roof on a rounded square) into ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.fill)
    painter.drawRoundedRect(rect, rect.width() / 5, rect.width() / 5)
    paint(painter, rect.topLeft(), "brand", theme.on_fill, round(rect.width()))
    painter.restore()
