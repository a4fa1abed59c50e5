"""A page with every kind of block, with text for several pages, in three scripts and with a character that no font has."""

from pathlib import Path

from hipss_desktop.documents.tree import (
    BulletList,
    Document,
    Fields,
    Heading,
    Pair,
    Paragraph,
    Picture,
    Signatures,
    SigningLine,
    Table,
)

ICON = (Path(__file__).parents[2] / "resources" / "icons" / "child.svg").read_bytes()
ROWS = tuple((f"Row {number}", "Words " * 30) for number in range(120))
EVERY_BLOCK = Document(
    "Page T-1",
    (
        Paragraph("About Zoë, سلام, Борис and \U0001f600", strong=True),
        Paragraph("Withdrawn. Why: it was entered twice", notice=True),
        Heading("What happened"),
        Fields(
            (Pair("Who", "Jo Preece"), Pair("A label that is longer than its column is wide", "Answer\n\nIn parts"))
        ),
        BulletList(("First", "Second")),
        Picture(ICON, "A drawing of a child"),
        Heading("Rows", 3),
        Table("Rows", ("Number", "Words"), ROWS, blank=2),
        Signatures((SigningLine("Given to"), SigningLine("Time", "02:14"))),
    ),
    reference="T-1",
    digests=("ab" * 32,),
    handling="Official-sensitive.",
    printed="Printed Tuesday 14 March 2017, 02:14 GMT",
)
