"""Collects Python's garbage on the window's thread only.

A widget in a reference cycle is destroyed on the thread that collects it. Python collects on any thread that allocates,
including background readers, and destroying a widget there crashes the program. So automatic collection is off while
background work may run. The thread that owns the widgets collects once a second instead. Must not be used on another thread.
"""

import gc

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

EVERY = 1000
"""Milliseconds between two checks whether there is enough to collect."""


class Collector(QObject):
    """Collects until it is stopped. Several may run; the last one to stop switches automatic collection on again."""

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
        """Collect the oldest generation that has passed its threshold, as Python would do."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Collect all garbage on this thread, then switch automatic collection on again."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # delete pending widgets first
        Collector._at_work -= 1
        if not Collector._at_work:  # another collector would do it, without delaying the next window
            gc.collect()
            gc.enable()
