"""A page as a tree of blocks: what is drawn, printed, saved and read aloud, and nothing of how it looks.

Words stand in it as they were written. Must not know a kind of record, nor what draws the page.
"""

from collections.abc import Iterator

import msgspec

LANGUAGE = "en-GB"
"""The language of every page (RFC 5646)."""


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading, on a ``new_sheet`` where that is asked for.

    The title of the page is of level 1, so the first heading is of level 2, and no level is left out.
    """

    words: str
    level: int = 2
    new_sheet: bool = False


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Words. A ``notice`` stands in a frame: something about the page or record that must be read with it."""

    words: str
    notice: bool = False
    strong: bool = False


class BulletList(msgspec.Struct, frozen=True, tag="list"):
    """Words that are read one after another."""

    items: tuple[str, ...]


class Pair(msgspec.Struct, frozen=True):
    """What is asked, and what was answered."""

    label: str
    words: str


class Fields(msgspec.Struct, frozen=True, tag="fields"):
    """Labels with their answers."""

    pairs: tuple[Pair, ...]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows under a head, which is repeated on each page.

    Attributes:
        name: what the rows are, as a screen reader says it.
        head: the headings of the columns.
        rows: each with a cell for every column.
        blank: how many empty rows to write in by hand follow.
        ticks: the heading of a column of boxes to tick by hand before the others, '' for none.
    """

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    blank: int = 0
    ticks: str = ""


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """A picture (PNG, JPEG or SVG as bytes) with the words that stand for it, and how wide it is on paper."""

    content: bytes
    alternative: str
    millimetres: int = 40


class SigningLine(msgspec.Struct, frozen=True):
    """A line to sign or write on; ``words`` stand on it where it was signed already."""

    label: str
    words: str = ""


class Signatures(msgspec.Struct, frozen=True, tag="signatures"):
    """Lines to sign, beside each other."""

    lines: tuple[SigningLine, ...]


Block = Heading | Paragraph | BulletList | Fields | Table | Picture | Signatures


class Document(msgspec.Struct, frozen=True):
    """One page, or as many as its words need.

    Attributes:
        title: what it is, without a name: a reader shows it in its window.
        reference: what it goes by, '' for none.
        digests: the revisions that it shows, one unless two versions of a record wait for a decision.
        handling: how the paper is to be treated.
        printed: when and by whom the page was made.
        blocks: what it says, in the order of reading.
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
