"""Changes the look of the running program: day or night, and the text size; both are saved for the next start.

Must not define the looks: ``ui.theme`` does.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from ui import theme


class Look:
    """Changes the look of the running program, and calls ``changed(theme)`` after each change."""

    def __init__(self, app: QApplication, changed: Callable[[theme.Theme], None]) -> None:
        self._app, self._changed = app, changed

    def turn(self) -> None:
        """Change from day to night, or from night to day."""
        now = theme.current()
        self._apply("day" if now.name == "night" else "night", now.scale)

    def step(self, by: int) -> float:
        """Change to the next larger (1), next smaller (-1) or usual (0) text size; return the new scale."""
        sizes, now = theme.SCALES, theme.current()
        place = sizes.index(now.scale) + by if by else 0
        scale = sizes[min(max(place, 0), len(sizes) - 1)]
        self._apply(now.name, scale)
        return scale

    def _apply(self, name: theme.Name, scale: float) -> None:
        chosen_theme = theme.theme_for(self._app, name, scale)
        theme.apply(self._app, chosen_theme)
        self._changed(chosen_theme)
