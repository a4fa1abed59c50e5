"""Read a PDF like a screen reader: its tags in reading order, and its text.

``pikepdf`` reads the structure tree and ``pypdfium2`` the text, so that the check is independent of the library that made the file.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2


@dataclass
class Tag:
    """An element of the structure tree: its type ("H1"), title, alternative text, and content.

    ``places`` are the pieces of page content directly in this element, as (page, number on the page). ``inside`` are the elements
    in it.
    """

    type: str
    title: str = ""
    alternative: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)
    inside: "list[Tag]" = field(default_factory=list)

    def walk(self) -> "Iterator[Tag]":
        """Yield this element and all elements in it, in reading order."""
        yield self
        for tag in self.inside:
            yield from tag.walk()

    def all_places(self) -> list[tuple[int, int]]:
        """Return the pieces of page content in this element and below, in reading order."""
        return [place for tag in self.walk() for place in tag.places]

    def out_of_order(self) -> list[tuple[int, int]]:
        """Return the pieces that are on the page before a piece that is read earlier.

        A row of a table may continue on the next page: its cells are side by side there, and each is read to its end.
        """
        wrong, last = [], (-1, -1)
        for tag in self.inside:
            places = tag.all_places()
            cells = tag.inside if tag.type == "TR" else []
            wrong += [place for cell in cells or (tag,) for place in cell.out_of_order()]
            if places:
                wrong += [places[0]] if places[0] < last else []
                last = max(places) if not cells else places[0]
        own = self.places
        return wrong + [after for before, after in pairwise(own) if after < before]


@dataclass(frozen=True)
class PdfPages:
    """The tags, text and settings of a PDF."""

    language: str
    title: str
    shows_title: bool
    standard: str
    marked: bool
    root: Tag
    pages: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text of all pages, with single spaces."""
        return " ".join(" ".join(self.pages).replace("\u200b", "").split())

    def types(self) -> list[str]:
        """Return the types of all elements in reading order."""
        return [tag.type for tag in self.root.walk()]


def read_pdf(content: bytes) -> PdfPages:
    """Read a PDF; for a damaged one, the errors of the libraries are raised."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        numbers = {page.objgen: at for at, page in enumerate(opened.pages)}
        root = Tag("root")
        _read(opened.Root.StructTreeRoot.get("/K"), root, numbers, 0)
        metadata = opened.open_metadata()
        return PdfPages(
            language=str(opened.Root.get("/Lang", "")),
            title=str(metadata.get("dc:title", "")),
            shows_title=bool(
                opened.Root.get("/ViewerPreferences", pikepdf.Dictionary()).get("/DisplayDocTitle", False)
            ),
            standard=str(metadata.get("pdfuaid:part", "")),
            marked=bool(opened.Root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False)),
            root=root,
            pages=_texts(content),
        )


def _read(kids: Any, into: Tag, numbers: dict[Any, int], page: int) -> None:
    if kids is None:
        return
    if isinstance(kids, pikepdf.Array):
        for kid in kids:
            _read(kid, into, numbers, page)
    elif isinstance(kids, int):
        into.places.append((page, kids))
    elif isinstance(kids, pikepdf.Dictionary):
        page = numbers[kids.Pg.objgen] if "/Pg" in kids else page
        if "/MCID" in kids:
            into.places.append((page, int(kids.MCID)))
        elif "/S" in kids:
            tag = Tag(str(kids.S).lstrip("/"), str(kids.get("/T", "")), str(kids.get("/Alt", "")))
            into.inside.append(tag)
            _read(kids.get("/K"), tag, numbers, page)


def _texts(content: bytes) -> tuple[str, ...]:
    opened = pypdfium2.PdfDocument(content)
    try:
        # a telephone number has non-breaking spaces; they are replaced with normal ones
        return tuple(page.get_textpage().get_text_range().replace("\u00a0", " ") for page in opened)
    finally:
        opened.close()


def edges(content: bytes) -> list[tuple[float, float]]:
    """Return, for each page, the leftmost and rightmost edge of its characters, as fractions of the paper's width."""
    opened = pypdfium2.PdfDocument(content)
    reach = []
    try:
        for page in opened:
            text = page.get_textpage()
            boxes = [text.get_charbox(at) for at in range(text.count_chars())]
            reach.append(
                (min(box[0] for box in boxes) / page.get_width(), max(box[2] for box in boxes) / page.get_width())
            )
    finally:
        opened.close()
    return reach


def written_over(content: bytes) -> list[str]:
    """Return the characters that overlap another one on a page, each with its neighbours."""
    opened, overlaps = pypdfium2.PdfDocument(content), []
    try:
        for page in opened:
            text = page.get_textpage()
            words = text.get_text_range()
            signs = [(at, text.get_charbox(at)) for at in range(text.count_chars()) if words[at : at + 1].strip()]
            overlaps += [
                words[max(at - 8, 0) : at + 8]
                for place, (at, box) in enumerate(signs)
                if any(_cross(box, other) for _, other in signs[place + 1 :])
            ]
    finally:
        opened.close()
    return overlaps


def _cross(box: tuple[float, ...], other_box: tuple[float, ...]) -> bool:
    """Return whether two boxes (left, bottom, right, top) overlap by more than one point in both directions."""
    across = min(box[2], other_box[2]) - max(box[0], other_box[0])
    down = min(box[3], other_box[3]) - max(box[1], other_box[1])
    return across > 1 and down > 1
