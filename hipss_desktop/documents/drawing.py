"""Drawing a document as a PDF that screen readers can read (tagged, PDF/UA-1), and as PNG pages for preview and printer.

One template draws every page (``resources/documents/page.typ``). Words are passed to it as JSON and never read as markup.
No file is written, and typst is imported on first use. Typst's errors quote the words of the page, so they must not be
shown, logged or kept.
"""

import time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hipss_desktop.documents import characters
from hipss_desktop.documents.characters import Box
from hipss_desktop.documents.tree import Block, Document, Paragraph, Picture, texts
from hipss_desktop.errors import Unavailable
from hipss_desktop.records import telephone

if TYPE_CHECKING:
    from typst import Fonts

PREVIEW_DOTS, PRINTER_DOTS = 110, 300
"""Dots per inch of a page on screen, and of one for the printer."""
CANNOT_BE_DRAWN = (
    "This page could not be made. Nothing was lost: the record is safe. Tell the people who look after the program."
)


def pdf(document: Document, *, at: int | None = None) -> bytes:
    """The document as a PDF/UA-1 file.

    Args:
        document: what to draw.
        at: when it was made, in seconds since 1970 UTC; None means now.

    Raises:
        Unavailable: it cannot be drawn.
    """
    (drawn,) = _drawn(document, "pdf", pdf_standards=["ua-1"], timestamp=int(time.time()) if at is None else at)
    return drawn


def png_pages(document: Document, dots: int) -> list[bytes]:
    """Draw the pages as PNG pictures with this many dots per inch; raises Unavailable if it cannot be drawn."""
    return _drawn(document, "png", ppi=float(dots))


def _drawn(document: Document, form: Literal["pdf", "png"], **more: Any) -> list[bytes]:
    import typst

    folder = Path(str(files("resources") / "documents"))
    failed = False
    try:
        drawn = typst.Compiler(
            folder / "page.typ",
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"document": as_json(document).decode()},
        ).compile(format=form, **more)
    except typst.TypstError:
        failed = True
    if failed or drawn is None:  # raised here, so that the error does not carry the one that quotes the page
        raise Unavailable(CANNOT_BE_DRAWN)
    return drawn if isinstance(drawn, list) else [drawn]


@cache
def _fonts() -> "Fonts":
    import typst

    folder = Path(str(files("resources") / "fonts"))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def as_json(document: Document) -> bytes:
    """The document as JSON for the template: texts split by what the fonts have, pictures as numbers."""
    words = characters.notice(texts(document))
    blocks = (Paragraph(words, notice=True), *document.blocks) if words else document.blocks
    plain = msgspec.to_builtins(document, builtin_types=(bytes,))
    return msgspec.json.encode(
        {**_cut(plain), "language": document.language, "blocks": [_block(block) for block in blocks]}
    )


def _block(block: Block) -> dict[str, Any]:
    plain = msgspec.to_builtins(block, builtin_types=(bytes,))
    if isinstance(block, Picture):
        return {**plain, "content": list(block.content)}
    return {**_cut(plain), "type": plain["type"]}


def _cut(value: Any) -> Any:
    """A value of the tree with every text split into drawable pieces and boxes, and no telephone number broken over two lines."""
    if isinstance(value, str):
        pieces = characters.runs(telephone.on_one_line(value))
        if len(pieces) == 1 and not isinstance(pieces[0], Box):
            return pieces[0]
        return [{"box": str(piece)} if isinstance(piece, Box) else piece for piece in pieces]
    if isinstance(value, dict):
        return {name: _cut(inner) for name, inner in value.items()}
    return [_cut(inner) for inner in value] if isinstance(value, list | tuple) else value
