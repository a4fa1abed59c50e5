"""Makes handwriting a picture in a document: an SVG that is sharp at any size, with alternative words."""

from hipss_desktop.documents.tree import Picture
from hipss_desktop.records import strokes as drawn
from hipss_desktop.records.strokes import Stroke

MILLIMETRES = 60
PEN = 70
"""The width of the pen, in units of ``records.strokes.WIDE``."""


def picture(strokes: tuple[Stroke, ...], who: str) -> Picture:
    """The strokes as a picture for a document; its alternative words begin with ``who``."""
    return Picture(svg(strokes), f"{who}. {drawn.words(strokes)}.", MILLIMETRES)


def svg(strokes: tuple[Stroke, ...]) -> bytes:
    """Strokes as SVG, black on a transparent background, with a margin."""
    points = [point for stroke in strokes for point in stroke]
    left, top = min(point.across for point in points) - PEN, min(point.down for point in points) - PEN
    wide = max(point.across for point in points) + PEN - left
    high = max(point.down for point in points) + PEN - top
    lines = "".join(
        f'<polyline points="{" ".join(f"{point.across},{point.down}" for point in (*stroke, stroke[-1]))}"/>'
        for stroke in strokes
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {wide} {high}" width="{wide}" height="{high}">'
        f'<g fill="none" stroke="black" stroke-width="{PEN}" stroke-linecap="round" stroke-linejoin="round">{lines}</g></svg>'
    ).encode()
