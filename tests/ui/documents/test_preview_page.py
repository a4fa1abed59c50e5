"""A page before it is printed: sheet by sheet, with its words beside it, printed and saved by keys."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.documents.drawing import PRINTER_DOTS, png_pages
from hipss_desktop.documents.record import record_page
from hipss_desktop.documents.tree import Document, Paragraph, Table
from hipss_desktop.errors import Unavailable
from hipss_desktop.files import KEEP_SAFE
from hipss_desktop.views.services import Services
from tests.documents.every_block import EVERY_BLOCK
from tests.helpers.pdf_pages import read_pdf
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import accessible_tree, focused, settle
from tests.ui.shell.windows import Opens, rest, windows
from ui.base.page import Context
from ui.documents.page_text import PageText
from ui.documents.preview_page import PreviewPage
from ui.documents.printing import NO_PRINTER, QUEUE, new_printer, print_pages
from ui.shell.window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def opens(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Opens]:
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened


Shows = Callable[[Document], PreviewPage]


@pytest.fixture
def shows(app: QApplication, context: Context, qtbot: QtBot) -> Shows:
    """Shows a document as it is printed."""

    def show(document: Document) -> PreviewPage:
        page = PreviewPage(context, lambda services: document)
        qtbot.addWidget(page)
        page.resize(1182, 712)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(lambda: context.runner.idle)
        settle()
        return page

    return show


def press(window: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(window.focusWidget() or window, key, held)


@pytest.mark.parametrize("kind", ["contact", "child", "carer", "action", "practitioner", "placement"])
def test_every_record_page_prints_by_one_key_and_esc_leads_back_to_it(
    kind: str, opens: Opens, services: Services, qtbot: QtBot
) -> None:
    record = services.store.records_of(kind, limit=1)[0]
    window = opens()
    window.context.open(record.record, kind)
    rest(qtbot, window)
    before = window.page
    press(window, Key.Key_P, CTRL)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, PreviewPage)
    shown = record.record if kind not in ("child",) else page.record
    assert page.title.text() == record_page(services, shown).title
    assert page.count.text().startswith("Page 1 of ")
    assert focused() is page.area
    assert page.queue.text() == QUEUE
    assert page.queue.isVisible(), "said before anybody prints"
    press(window, Key.Key_Escape)
    rest(qtbot, window)
    assert window.page is before


def test_a_page_that_is_still_being_drawn_says_so_and_can_neither_be_printed_nor_saved(
    app: QApplication, context: Context, qtbot: QtBot
) -> None:
    page = PreviewPage(context, lambda services: EVERY_BLOCK)
    qtbot.addWidget(page)
    assert page.count.text() == "Being drawn"
    assert not any(button.isEnabled() for button in (page.print_button, page.save_button, page.next, page.previous))
    page.print_page()
    page.save_page()
    assert page.printing.dialog is None
    assert page.dialog is None


def test_a_record_that_is_not_here_says_so_in_place_of_the_page(opens: Opens, services: Services, qtbot: QtBot) -> None:
    window = opens()
    window.go("print", record="0199c0de-ffff-7000-8000-0000000000ff")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, PreviewPage)
    assert page.gone.isVisible()
    assert "This record is not on this laptop." in [part.text() for part in page.gone.findChildren(QLabel)]
    assert not page.print_button.isEnabled()


def test_page_up_and_page_down_turn_the_sheets_and_stop_at_the_ends(shows: Shows) -> None:
    page = shows(EVERY_BLOCK)
    sheets = len(png_pages(EVERY_BLOCK, 20))
    assert page.count.text() == f"Page 1 of {sheets}"
    assert not page.previous.isEnabled()
    press(page, Key.Key_PageUp)
    assert page.count.text() == f"Page 1 of {sheets}"
    for _ in range(sheets + 2):
        press(page, Key.Key_PageDown)
    assert page.count.text() == f"Page {sheets} of {sheets}"
    assert page.area.accessibleName() == f"Page {sheets} of {sheets}"
    assert not page.next.isEnabled()
    page.previous.setFocus()
    press(page, Key.Key_Space)
    assert page.count.text() == f"Page {sheets - 1} of {sheets}"


def test_page_down_in_the_words_scrolls_them_and_leaves_the_sheet(shows: Shows) -> None:
    page = shows(EVERY_BLOCK)
    page.words.setFocus()
    press(page, Key.Key_PageDown)
    assert page.words.verticalScrollBar().value() > 0
    assert page.count.text().startswith("Page 1 of")


def test_a_screen_reader_finds_the_words_of_the_page_as_headings_lists_and_tables(shows: Shows) -> None:
    page = shows(EVERY_BLOCK)
    text = page.findChild(PageText)
    assert text is not None
    root = QAccessible.queryAccessibleInterface(text)
    assert root is not None
    spoken = [(node.role(), node.text(QAccessible.Text.Name)) for node in accessible_tree(root)]
    headings = [name for role, name in spoken if role == QAccessible.Role.Heading]
    assert headings == ["What happened", "Rows"]
    items = [name for role, name in spoken if role == QAccessible.Role.ListItem]
    assert items == ["What happened: First", "What happened: Second"]
    names = [name for _, name in spoken]
    for words in ("Withdrawn. Why: it was entered twice", "Jo Preece", "Picture: A drawing of a child", "Given to"):
        assert words in names
    assert "Rows, 120 rows" in names


def test_a_name_that_is_longer_than_its_column_is_broken_and_read_as_it_was_written(shows: Shows) -> None:
    page = shows(Document("T", (Paragraph("ab" * 32),)))
    text = page.findChild(PageText)
    assert text is not None
    words = next(part for part in text.findChildren(QLabel) if part.accessibleName() == "ab" * 32)
    assert "\u200b" in words.text()
    assert text.width() <= page.words.viewport().width()


def test_a_number_to_ring_stands_on_one_line_of_a_narrow_column(shows: Shows) -> None:
    rows = (("Emergency duty team", "01632 960145", "17:00 to 09:00, weekends and bank holidays"),) * 3
    page = shows(Document("T", (Table("Numbers to ring", ("Who", "Number", "When"), rows),)))
    text = page.findChild(PageText)
    assert text is not None
    numbers = [part for part in text.findChildren(QLabel) if "960145" in part.text()]
    assert len(numbers) == 3
    for part in numbers:
        assert part.heightForWidth(part.width()) < 2 * part.fontMetrics().height()


def test_save_as_pdf_suggests_no_name_and_writes_that_file_alone(
    opens: Opens, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opens()
    kai = child_named(services, "Kai")
    window.go("print", record=kai)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, PreviewPage)
    press(window, Key.Key_S, CTRL)
    dialog = page.dialog
    assert isinstance(dialog, QFileDialog)
    (suggested,) = (Path(name).name for name in dialog.selectedFiles())
    document = record_page(services, kai)
    assert suggested == f"{document.reference} 2017-03-14.pdf"
    folder = tmp_path / "out"
    folder.mkdir()
    dialog.selectFile(str(folder / suggested))
    dialog.accept()
    rest(qtbot, window)
    qtbot.waitUntil(window.feedback.toast.isVisible)
    assert [path.name for path in folder.iterdir()] == [suggested]
    assert read_pdf((folder / suggested).read_bytes()).title == document.title
    assert page.dialog is None
    assert KEEP_SAFE in window.feedback.toast.accessibleName() or any(
        KEEP_SAFE in part.text() for part in window.feedback.toast.findChildren(QLabel)
    )


def test_a_pdf_that_cannot_be_saved_is_a_sentence(shows: Shows, context: Context, qtbot: QtBot, tmp_path: Path) -> None:
    page = shows(EVERY_BLOCK)
    page.save_to(tmp_path / "no" / "such" / "page.pdf", EVERY_BLOCK)
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()
    assert context.said == [  # type: ignore[attr-defined]  # the test's context remembers it
        "There is no such folder to write to. Make it first, or say another one."
    ]


def test_without_a_printer_a_sentence_says_so(
    shows: Shows, context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: [])
    page = shows(EVERY_BLOCK)
    press(page, Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()
    assert context.said == [NO_PRINTER]  # type: ignore[attr-defined]  # the test's context remembers it
    assert page.printing.dialog is None


def test_with_a_printer_the_systems_dialog_opens_and_offers_no_file(
    shows: Shows, context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Office"])
    page = shows(EVERY_BLOCK)
    press(page, Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: page.printing.dialog is not None)
    dialog = page.printing.dialog
    assert dialog is not None
    assert not dialog.testOption(dialog.PrintDialogOption.PrintToFile)
    dialog.reject()
    settle()
    assert page.printing.dialog is None


def test_the_printer_gets_every_sheet_on_a4_and_the_queue_a_reference_and_no_name(
    shows: Shows, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    page = shows(EVERY_BLOCK)
    printer = new_printer(EVERY_BLOCK)
    assert printer.docName() == "T-1"
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    page.printing.send(printer, EVERY_BLOCK)
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()
    sheets = len(png_pages(EVERY_BLOCK, 20))
    assert context.said == [f"Sent to the printer: {sheets} pages."]  # type: ignore[attr-defined]  # as above
    printed = pypdfium2.PdfDocument((tmp_path / "printed.pdf").read_bytes())
    assert len(printed) == sheets
    assert [round(size) for size in printed[0].get_size()] == [595, 842]
    darkest, lightest = printed[0].render(scale=1).to_pil().convert("L").getextrema()
    assert (darkest < 60, lightest) == (True, 255), "black on white"
    printed.close()


def test_the_sheets_that_were_asked_for_are_printed_and_no_others(app: QApplication, tmp_path: Path) -> None:
    pages = png_pages(EVERY_BLOCK, 20)
    printer = new_printer(EVERY_BLOCK)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setFromTo(2, 3)
    assert print_pages(printer, pages) == 2


def test_a_printer_that_takes_nothing_is_a_sentence(app: QApplication, tmp_path: Path) -> None:
    page = Document("T", ())
    printer = new_printer(page)
    printer.setOutputFileName(str(tmp_path / "no" / "such" / "printed.pdf"))
    with pytest.raises(Unavailable, match="did not take the page"):
        print_pages(printer, png_pages(page, 20))


def test_the_page_is_made_again_when_its_record_changes(opens: Opens, services: Services, qtbot: QtBot) -> None:
    window = opens()
    kai = child_named(services, "Kai")
    window.go("print", record=kai)
    rest(qtbot, window)
    amend(services, kai, {"school": "Priory Hill"})
    rest(qtbot, window)
    names = [part.accessibleName() for part in window.findChildren(QLabel)]
    assert "Priory Hill" in names


def test_printing_draws_at_the_printers_own_size() -> None:
    sheet = QImage.fromData(png_pages(Document("T", ()), PRINTER_DOTS)[0])
    assert (sheet.width(), sheet.height()) == (2480, 3508)
