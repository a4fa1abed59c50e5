"""The recovery key as a page, for an envelope. It is printed and never saved: no file may contain it."""

from hipss_desktop.documents.tree import Document, Paragraph, Table

HANDLING = "Secret. In a sealed envelope with the manager, never with the laptop."


def recovery_page(groups: list[str], laptop: str) -> Document:
    """The page of a recovery key, group by group."""
    rows = tuple((str(number), group) for number, group in enumerate(groups, start=1))
    return Document(
        title="Recovery key",
        handling=HANDLING,
        blocks=(
            Paragraph(f"For {laptop}", strong=True),
            Paragraph("Who has forgotten the passphrase of this laptop opens it with this key. It works offline too."),
            Table("Recovery key", ("Group", "Letters and figures"), rows),
            Paragraph("Seal it in an envelope and give it to your manager. Do not keep it with the laptop."),
        ),
    )
