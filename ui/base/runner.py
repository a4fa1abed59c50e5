"""Runs work off the window's thread: on one writer thread, so that saves keep their order, and on a few readers.

``work`` uses no Qt and runs on another thread. A queued signal delivers its result or error on the window's thread to exactly
one of two callbacks. It is dropped if the ``context`` object was deleted, or if the same method already got the result of a
later reading. Must not let a worker own a QObject.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from hipss_desktop.errors import HipssError
from ui.base.collector import Collector

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Result:
    """Finished work on its way back to the window's thread."""

    future: "Future[Any]"
    done: Callable[[Any], None]
    context: QObject
    failed: Callable[[HipssError], None] | None
    number: int

    @property
    def method(self) -> object:
        """The method that shows the result, None if the callback is a function made for this reading only."""
        return getattr(self.done, "__func__", None)


class TaskRunner(QObject):
    """Runs work in the background for the whole life of a window.

    Signals:
        broke: the exception of a fault in the program, or of an expected error without ``failed``; the window shows it once
            and continues.
    """

    _came_back = Signal(object)
    broke = Signal(object)

    def __init__(self, parent: QObject | None = None, *, readers: int = 2) -> None:
        super().__init__(parent)
        self._collector = Collector(self)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._came_back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._open = True
        self._under_way = 0
        self._read_count = 0
        self._delivered: WeakKeyDictionary[QObject, dict[object, int]] = WeakKeyDictionary()

    def read(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        *,
        context: QObject,
        failed: Callable[[HipssError], None] | None = None,
    ) -> None:
        """Run reading work; ``done`` gets its result, ``failed`` an expected error, if ``context`` still exists.

        Several readers run at once. A method as ``done`` never gets an older result after a newer one.
        """
        self._start(self._readers, work, done, context, failed)

    def write(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        *,
        context: QObject,
        failed: Callable[[HipssError], None] | None = None,
    ) -> None:
        """Run writing work on the one writer thread, in the order of the calls."""
        self._start(self._writer, work, done, context, failed)

    def _start(
        self,
        pool: ThreadPoolExecutor,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        context: QObject,
        failed: Callable[[HipssError], None] | None,
    ) -> None:
        if not self._open:
            return
        self._under_way += 1
        self._read_count += 1
        number = self._read_count

        def finished(future: "Future[Any]") -> None:
            if shiboken6.isValid(self):
                self._came_back.emit(_Result(future, done, context, failed, number))

        pool.submit(work).add_done_callback(finished)

    def _deliver(self, result: object) -> None:
        if not isinstance(result, _Result):
            return
        self._under_way -= 1
        if not shiboken6.isValid(result.context):
            return
        if self._is_overtaken(result):
            return
        error = result.future.exception()
        if error is None:
            result.done(result.future.result())
        elif isinstance(error, HipssError) and result.failed is not None:
            result.failed(error)
        else:
            if result.failed is not None:  # otherwise a page would wait for ever, or stop saving
                result.failed(HipssError("Something went wrong and was not done."))
            self.broke.emit(error)  # last, so that the window's message stays visible

    def _is_overtaken(self, result: _Result) -> bool:
        """Whether the method already got the result of a later request; if not, remember this one as the newest."""
        if result.method is None:
            return False
        newest = self._delivered.setdefault(result.context, {})
        if result.number < newest.get(result.method, 0):
            return True
        newest[result.method] = result.number
        return False

    @property
    def idle(self) -> bool:
        """Whether no work is running and every result was delivered."""
        return self._under_way == 0

    def close(self) -> None:
        """Accept no more work, and wait for what is being written."""
        self._open = False
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._collector.stop()
