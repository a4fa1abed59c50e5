"""Garbage is collected on the window's thread and on no other.

A widget that a cycle kept alive is destroyed by whoever collects it. Python collects on whichever thread happens to
allocate, a background reader as well, and a widget destroyed there takes the program down. So collecting by itself is
switched off while background work may run, and done once a second by the thread that owns the widgets. Must not be used
on another thread.
"""

import gc

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

EVERY = 1000
"""Milliseconds between two looks at whether there is enough to collect."""


class Collector(QObject):
    """Collects for as long as it is not stopped; several may be at work, the last one to stop hands back to Python."""

    _at_work = 0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        Collector._at_work += 1
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that has passed its threshold, as Python would have done."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Collect all there is while this thread may, then leave it to Python again."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # what was asked to go goes first
        Collector._at_work -= 1
        if not Collector._at_work:  # else another one sees to it, and the window that opens does not wait
            gc.collect()
            gc.enable()
