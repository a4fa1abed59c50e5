"""The look of the program while it runs: day or night, and how large the text is; kept for the next start.

Must not decide what a look is made of: ``ui.theme`` does.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from ui import theme


class Look:
    """Changes the look of a living program; ``changed(theme)`` is called each time it did."""

    def __init__(self, app: QApplication, changed: Callable[[theme.Theme], None]) -> None:
        self._app, self._changed = app, changed

    def turn(self) -> None:
        """From day to night, or from night to day."""
        now = theme.current()
        self._apply("day" if now.name == "night" else "night", now.scale)

    def step(self, by: int) -> float:
        """The next larger (1) or smaller (-1) text, or the usual size (0); gives back the size it is now."""
        sizes, now = theme.SCALES, theme.current()
        place = sizes.index(now.scale) + by if by else 0
        scale = sizes[min(max(place, 0), len(sizes) - 1)]
        self._apply(now.name, scale)
        return scale

    def _apply(self, name: theme.Name, scale: float) -> None:
        wanted = theme.theme_for(self._app, name, scale)
        theme.apply(self._app, wanted)
        self._changed(wanted)
