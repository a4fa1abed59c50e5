"""The tabs between lists that share a place in the rail: consultations, training, cases.

Each list is a page of its own with its own tab as the current one. Must not know what a list shows.
"""

from PySide6.QtCore import QSignalBlocker

from hipss_desktop.kinds.catalogue import KINDS, may_read
from ui.base.kind_style import TABBED, style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.parts.tabs import Tabs


def lists_of_place(kind: str, role: str) -> list[str]:
    """The kinds that share the rail place of ``kind`` and that the role may read; [] if the place has no tabs."""
    place = style_of(kind).rail
    if place not in TABBED:
        return []
    return [name for name in KINDS if style_of(name).rail == place and style_of(name).list and may_read(role, name)]


class PlaceTabs(Tabs):
    """The tabs of one list; Ctrl+Tab opens the next. Hidden if there is only one."""

    def __init__(self, context: Context, page: Page, kind: str) -> None:
        self._context = context
        self._kinds = lists_of_place(kind, context.services.store.seat.role)
        super().__init__("Lists", [KINDS[name].many for name in self._kinds])
        self._own = self._kinds.index(kind) if kind in self._kinds else 0
        self.setCurrentIndex(self._own)
        self.currentChanged.connect(self._go)
        if len(self._kinds) > 1:
            bind(page, "Ctrl+Tab", lambda: self._go((self._own + 1) % len(self._kinds)))
        else:
            self.hide()

    def _go(self, chosen: int) -> None:
        with QSignalBlocker(self):
            self.setCurrentIndex(self._own)  # this page may be shown again, with its own tab as the current one
        self.update()
        if chosen != self._own:
            self._context.go(style_of(self._kinds[chosen]).list)
