"""Prints a page through the system's own dialog. The preview warns that the system's print queue may keep a copy.

The pages are drawn for the printer off the window's thread. Must not write a file, so the dialog offers none.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from hipss_desktop.documents.drawing import PRINTER_DOTS, png_pages
from hipss_desktop.documents.tree import Document
from hipss_desktop.errors import HipssError, Unavailable
from ui.base.runner import TaskRunner

QUEUE = "The computer’s print queue may keep a copy of what is printed."
NO_PRINTER = "This laptop has no printer. Nothing was printed. Set one up in the system’s settings, then print again."
NOT_TAKEN = "The printer did not take the page. Nothing may have been printed. See that it is on, then print again."


def new_printer(document: Document) -> QPrinter:
    """Return a printer set to A4; the queue shows the page's reference or "HIPSS Desktop", and no person's name."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setDocName(document.reference or "HIPSS Desktop")
    return printer


def print_pages(printer: QPrinter, pages: Sequence[bytes]) -> int:
    """Send the chosen pages (PNG) to a printer; return their number. Raises Unavailable if the printer refuses them."""
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    chosen_pages = pages[first - 1 : last]
    painter = QPainter()
    if not painter.begin(printer):
        raise Unavailable(NOT_TAKEN)
    try:
        for at, page in enumerate(chosen_pages):
            if at and not printer.newPage():
                raise Unavailable(NOT_TAKEN)
            image = QImage.fromData(page)
            room = painter.viewport()
            size = image.size().scaled(QSize(room.width(), room.height()), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect((room.width() - size.width()) // 2, 0, size.width(), size.height())
            painter.drawImage(place, image)
    finally:
        painter.end()
    return len(chosen_pages)


class Printing(QObject):
    """Prints for one widget. ``say`` shows what could not be done; ``done`` confirms what was sent, with the document."""

    def __init__(
        self, runner: TaskRunner, owner: QWidget, *, say: Callable[[str], None], done: Callable[[str, Document], None]
    ) -> None:
        super().__init__(owner)
        self._runner, self._owner, self._say, self._done = runner, owner, say, done
        self.dialog: QPrintDialog | None = None

    def start(self, document: Document) -> None:
        """Ask for a printer and print; say so if there is no printer."""

        def chosen(printers: list[str]) -> None:
            if printers:
                self._ask(document)
            else:
                self._say(NO_PRINTER)

        self._runner.read(QPrinterInfo.availablePrinterNames, chosen, context=self, failed=self._failed)

    def _ask(self, document: Document) -> None:
        if self.dialog is not None:
            return
        printer = new_printer(document)
        dialog = QPrintDialog(printer, self._owner)
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintToFile, on=False)
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, on=True)
        dialog.finished.connect(self._closed)
        dialog.accepted.connect(lambda: self.send(printer, document))
        self.dialog = dialog
        QDialog.open(dialog)  # its own ``open`` requires the name of a slot

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def send(self, printer: QPrinter, document: Document) -> None:
        """Draw the pages for a printer and send them."""

        def sent(count: int) -> None:
            self._done(f"Sent to the printer: {count} {'page' if count == 1 else 'pages'}.", document)

        self._runner.read(
            lambda: print_pages(printer, png_pages(document, PRINTER_DOTS)), sent, context=self, failed=self._failed
        )

    def _failed(self, error: HipssError) -> None:
        self._say(str(error))
