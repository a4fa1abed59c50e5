"""A page as a tree of blocks, for drawing, printing, saving and screen readers, without its appearance.

Its words are as they were written. Must not know a kind of record, nor what draws the page.
"""

from collections.abc import Iterator

import msgspec

LANGUAGE = "en-GB"
"""The language of every page (RFC 5646)."""


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading, on a new sheet of paper if ``new_sheet`` is set.

    The page's title has level 1, so the first heading has level 2, and no level is left out.
    """

    words: str
    level: int = 2
    new_sheet: bool = False


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Words. A ``notice`` is framed: something about the page or record that must be read with it."""

    words: str
    notice: bool = False
    strong: bool = False


class BulletList(msgspec.Struct, frozen=True, tag="list"):
    """Words in a list with bullets."""

    items: tuple[str, ...]


class Pair(msgspec.Struct, frozen=True):
    """A question, and its answer."""

    label: str
    words: str


class Fields(msgspec.Struct, frozen=True, tag="fields"):
    """Labels with their answers."""

    pairs: tuple[Pair, ...]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows under a head, which is repeated on each page.

    Attributes:
        name: what the rows are, for screen readers.
        head: the headings of the columns.
        rows: each with a cell for every column.
        blank: the number of empty rows that follow, to write in by hand.
        ticks: the heading of a column of boxes to tick by hand before the others, '' for none.
    """

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    blank: int = 0
    ticks: str = ""


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """A picture (PNG, JPEG or SVG as bytes) with its alternative words, and its width on paper."""

    content: bytes
    alternative: str
    millimetres: int = 40


class SigningLine(msgspec.Struct, frozen=True):
    """A line to sign or write on; ``words`` are printed on it if it was signed already."""

    label: str
    words: str = ""


class Signatures(msgspec.Struct, frozen=True, tag="signatures"):
    """Lines to sign, beside each other."""

    lines: tuple[SigningLine, ...]


Block = Heading | Paragraph | BulletList | Fields | Table | Picture | Signatures


class Document(msgspec.Struct, frozen=True):
    """One page, or as many as its words need.

    Attributes:
        title: its title, without a person's name, because a PDF reader shows it in its window.
        reference: its reference, '' for none.
        digests: the revisions that it shows; one, unless versions of a record are undecided.
        handling: how the paper must be treated.
        printed: when and by whom the page was made.
        blocks: its content, in reading order.
    """

    title: str
    blocks: tuple[Block, ...]
    reference: str = ""
    digests: tuple[str, ...] = ()
    handling: str = ""
    printed: str = ""
    language: str = LANGUAGE


def texts(document: Document) -> Iterator[str]:
    """Every text that is drawn on the page."""
    yield from (document.title, document.reference, document.handling, document.printed, *document.digests)
    for block in document.blocks:
        match block:
            case Heading() | Paragraph():
                yield block.words
            case BulletList():
                yield from block.items
            case Fields():
                yield from (text for pair in block.pairs for text in (pair.label, pair.words))
            case Table():
                yield from (*block.head, block.ticks)
                yield from (cell for row in block.rows for cell in row)
            case Signatures():
                yield from (text for line in block.lines for text in (line.label, line.words))
            case Picture():
                pass
