"""The document about importing says what the descriptions say."""

from pathlib import Path

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets import document

DOCUMENT = Path(__file__).parents[2] / "docs" / "importing.md"


def test_the_document_lists_the_columns_as_they_are_described() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert document.document(text) == text, "run: python -m hipss_desktop.sheets.document docs/importing.md"


def test_the_document_has_a_section_for_every_kind_that_has_a_sheet_and_no_other() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for kind in KINDS.values():
        assert (f"\n### {kind.plural} (`{kind.name}`)\n" in text) == bool(kind.sheet.key)


def test_the_sections_are_made_anew_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "columns.md"
    file.write_text("Before\n<!-- sheets -->\nold\n<!-- end -->\nAfter\n", encoding="utf-8")
    document.main([str(file)])
    text = file.read_text(encoding="utf-8")
    assert text.startswith("Before\n<!-- sheets -->\n")
    assert text.endswith("<!-- end -->\nAfter\n")
    assert "old\n" not in text
    assert "| Who answers | `label` | Text. | yes |" in text
    assert "### Phone directory (`directory`)\n\nKey: Who answers." in text
