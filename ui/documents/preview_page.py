"""The preview of a printed page: how it looks on paper, one sheet at a time, and beside the sheet all of its words.

Screen readers ignore the picture; the words beside it say the same, in larger letters. Sheets are drawn off the window's
thread. Must write no file except the PDF that the user asks for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QSize, QStandardPaths, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QFileDialog, QSizePolicy, QWidget

from hipss_desktop.documents.drawing import PREVIEW_DOTS, png_pages
from hipss_desktop.documents.saving import file_name, save_pdf
from hipss_desktop.documents.tree import Document
from hipss_desktop.errors import HipssError
from hipss_desktop.files import KEEP_SAFE
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.services import Services
from ui.base.announce import announce
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.documents.page_text import PageText
from ui.documents.printing import QUEUE, Printing
from ui.parts import Button, Card, EmptyState, Heading, IconLabel, PrimaryButton, TitleLine, column, label, row
from ui.records.record_page import Scroller, flow
from ui.theme import theme_of

HEIGHT, WIDTH = 297, 210
"""The height and width of a sheet of A4 in millimetres."""
NARROW = 840
"""The width in pixels (at 100 % text size) below which the page counts as narrow."""


@dataclass(frozen=True)
class Drawn:
    """A document, and its sheets as pictures (PNG)."""

    document: Document
    sheets: tuple[bytes, ...]


class SheetPicture(QWidget):
    """A picture of one sheet, as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_sheet(self, sheet: bytes, name: str) -> None:
        """Show a sheet (PNG) under a name."""
        self._image = QImage.fromData(sheet)
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width * HEIGHT // WIDTH

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        height = min(self.height(), self.heightForWidth(self.width()))
        place = QRect(0, 0, height * WIDTH // HEIGHT, height)
        dots = place.size() * self.devicePixelRatioF()
        smooth = self._image.scaled(
            dots, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawImage(place, smooth)
        painter.setPen(theme_of(self).color("line"))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        painter.end()


class PreviewPage(Page):
    """The preview of the document that ``make`` returns. It is made again if ``record`` changes, or any record if that is ''.

    The writer calls ``on_paper`` with a document that was sent to a printer or saved. ``title`` says which page of the record
    it is, if there are several; ``other`` is another page: its words and its route.
    """

    rail = None

    def __init__(
        self,
        context: Context,
        make: Callable[[Services], Document],
        record: str = "",
        on_paper: Callable[[Document], None] | None = None,
        *,
        title: str = "",
        other: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(context)
        self._on_paper = on_paper
        self._title, self._other = title, other
        self.record = record
        self._make = make
        self._drawn: Drawn | None = None
        self._at = 0
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.dialog: QFileDialog | None = None
        self.printing = Printing(context.runner, self, say=context.say, done=self._confirm_done)
        self.title = Heading("Print", 1)
        self.count = label("Being drawn", "body_strong")
        self.previous = Button("Previous page", icon="up", size=28)
        self.next = Button("Next page", icon="down", size=28)
        self.previous.setToolTip("Page Up")
        self.next.setToolTip("Page Down")
        self.sheet = SheetPicture()
        self.area = Scroller("Page")
        self.area.setWidget(self.sheet)
        self.words = Scroller("What the page says")
        self.paper = Card()
        self.paper.box.addLayout(row(flow([self.count, self.previous, self.next]), margins=(16, 8, 16, 8)))
        self.paper.add_rule()
        self.paper.add_flush(self.area, 1)
        self.read = Card("What it says")
        self.read.add_flush(self.words, 1)
        self.gone = EmptyState("This page cannot be shown", "", icon="file", framed=True)
        self.gone.hide()
        self.both = QWidget()
        self._beside = row(self.paper, self.read, gap=16)
        self.both.setLayout(self._beside)
        self.print_button = PrimaryButton("Print", icon="printer", keycap="Ctrl+P")
        self.save_button = Button("Save as PDF", icon="save")
        self.save_button.setToolTip("Ctrl+S")
        self.other_button = Button(other[0] if other is not None else "", icon="file")
        self.queue = IconLabel("info", QUEUE, "small", "muted")
        self._bar = QWidget()
        self._bar.setAccessibleName("Actions")
        others = [self.other_button] if other is not None else []
        self._bar.setLayout(row(flow([self.print_button, self.save_button, *others, self.queue])))
        self.setLayout(column(TitleLine(self.title), self.gone, self.both, gap=12, margins=(20, 16, 20, 16)))
        self._connect()
        self._enable()

    def _connect(self) -> None:
        self.previous.clicked.connect(lambda: self.turn(-1))
        self.next.clicked.connect(lambda: self.turn(1))
        self.print_button.clicked.connect(self.print_page)
        self.save_button.clicked.connect(self.save_page)
        self.other_button.clicked.connect(self._go_to_other)
        for keys, does in (
            ("PgUp", lambda: self._by_page(-1)),
            ("PgDown", lambda: self._by_page(1)),
            ("Ctrl+P", self.print_page),
            ("Ctrl+S", self.save_page),
        ):
            bind(self, keys, does)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether the shown record changed; for a page of several records, whether any did."""
        return self.record in changes.records if self.record else bool(changes.records)

    def footer(self) -> QWidget | None:
        """The action bar with print, save, and a note about copies in the print queue."""
        return self._bar

    def first_focus(self) -> QWidget | None:
        """The sheet, so that arrows scroll it."""
        return self.area

    def refresh(self) -> None:
        """Make and draw the page again."""
        services, make = self.services, self._make

        def work() -> Drawn:
            document = make(services)
            return Drawn(document, tuple(png_pages(document, PREVIEW_DOTS)))

        self.context.runner.read(work, self._show, context=self, failed=self._failed)

    def _failed(self, error: HipssError) -> None:
        self._drawn = None
        self.gone.set_fact(str(error))
        self.gone.show()
        self.both.hide()
        self._enable()

    def _show(self, drawn: Drawn) -> None:
        if self._drawn is not None and drawn.document == self._drawn.document:
            return
        self._drawn = drawn
        self.rail = ""
        self.rail_known.emit()
        self.gone.hide()
        self.both.show()
        self.title.setText(self._title or drawn.document.title)
        self.words.setWidget(PageText(drawn.document))
        self._show_sheet(min(self._at, len(drawn.sheets) - 1))

    def _show_sheet(self, at: int) -> None:
        assert self._drawn is not None
        self._at = at
        words = f"Page {at + 1} of {len(self._drawn.sheets)}"
        self.count.setText(words)
        self.area.setAccessibleName(words)
        self.sheet.show_sheet(self._drawn.sheets[at], f"{words}. Its words are under ‘What it says’.")
        self.area.verticalScrollBar().setValue(0)
        self._enable()

    def _enable(self) -> None:
        known = self._drawn is not None
        self.previous.setEnabled(known and self._at > 0)
        self.next.setEnabled(self._drawn is not None and self._at < len(self._drawn.sheets) - 1)
        self.print_button.setEnabled(known)
        self.save_button.setEnabled(known)

    def _by_page(self, by: int) -> None:
        """Turn the sheet; if the words have the focus, scroll them by one screen instead."""
        if self.words.hasFocus():
            step = QAbstractSlider.SliderAction
            self.words.verticalScrollBar().triggerAction(step.SliderPageStepAdd if by > 0 else step.SliderPageStepSub)
        else:
            self.turn(by)

    def turn(self, by: int) -> None:
        """Show the next (1) or previous (-1) sheet, if there is one."""
        if self._drawn is None or not 0 <= self._at + by < len(self._drawn.sheets):
            return
        focused = self.focusWidget()
        self._show_sheet(self._at + by)
        if focused in (self.previous, self.next) and not focused.isEnabled():
            self.area.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self.area, self.count.text())

    def _go_to_other(self) -> None:
        if self._other is not None:
            self.context.go(self._other[1], record=self.record)

    def print_page(self) -> None:
        """Print the shown document through the system's dialog."""
        if self._drawn is not None:
            self.printing.start(self._drawn.document)

    def save_page(self) -> None:
        """Ask where to save a PDF of the shown document, and save it there."""
        if self._drawn is None or self.dialog is not None:
            return
        document = self._drawn.document
        dialog = QFileDialog(self, "Save as PDF", self._folder, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(file_name(document, self.services.clock()))
        dialog.fileSelected.connect(lambda file: self.save_to(Path(file), document))
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def save_to(self, file: Path, document: Document) -> None:
        """Save a document as a PDF; the dialog has already asked whether to overwrite an existing file."""
        now = self.services.clock()
        self._folder = str(file.parent)

        def saved(_: None) -> None:
            self._confirm_done(f"Saved as PDF. {KEEP_SAFE}", document)

        self.context.runner.write(
            lambda: save_pdf(document, file, now, overwrite=True),
            saved,
            context=self,
            failed=lambda error: self.context.say(str(error)),
        )

    def _confirm_done(self, words: str, document: Document) -> None:
        """Confirm that a document was printed or saved, and call ``on_paper`` with it.

        ``document`` is the one that was sent: the preview may meanwhile show a newer version.
        """
        self.context.done(words)
        on_paper = self._on_paper
        if on_paper is not None:
            self.context.runner.write(
                lambda: on_paper(document),
                lambda _: None,
                context=self,
                failed=lambda error: self.context.say(str(error)),
            )

    def _fit(self) -> None:
        """In a narrow page give the words more room than the picture, because only the picture can be smaller."""
        wide = self.width() >= theme_of(self).px(NARROW)
        for place, stretch in enumerate((6, 5) if wide else (2, 3)):
            self._beside.setStretch(place, stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "sheet"):
            self.sheet.update()
            self._fit()
