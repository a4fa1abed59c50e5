"""The document about importing says what the descriptions say."""

from pathlib import Path

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets import reading as sheets

DOCUMENT = Path(__file__).parents[2] / "docs" / "importing.md"


def test_the_document_lists_the_columns_as_they_are_described() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert sheets.document(text) == text, "run: python -m hipss_desktop.sheets.reading docs/importing.md"


def test_the_document_covers_every_kind_that_is_imported() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for kind in KINDS.values():
        assert (f"<!-- columns: {kind.name} -->" in text) == bool(kind.sheet.key)


def test_the_tables_are_made_anew_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "columns.md"
    file.write_text("Before\n<!-- columns: directory -->\nold\n<!-- end -->\nAfter\n", encoding="utf-8")
    sheets.main([str(file)])
    text = file.read_text(encoding="utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("<!-- end -->\nAfter\n")
    assert "old" not in text
    assert "| Who answers | `label` | Text. | yes |" in text
