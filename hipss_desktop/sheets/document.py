"""The document about importing: its sections and tables, made from the descriptions of the kinds.

``python -m hipss_desktop.sheets.document docs/importing.md`` makes them again. Must not contain a list of columns or kinds.
"""

import re
import sys
from pathlib import Path

from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.files import file_name, sheet_kinds
from hipss_desktop.sheets.reading import columns

SECTIONS = re.compile(r"(<!-- sheets -->\n).*(<!-- end -->)", re.DOTALL)


def document(text: str) -> str:
    """A Markdown text with the part between its ``<!-- sheets -->`` and ``<!-- end -->`` marks made again."""
    sections = "\n".join(_section(kind) for kind in sheet_kinds())
    return SECTIONS.sub(lambda match: f"{match[1]}\n{sections}\n{match[2]}", text)


def _section(kind: Kind) -> str:
    files = ", ".join(f"`{name}`" for name in (file_name(kind), *(f"{file}.csv" for file in kind.sheet.files)))
    lines = [f"### {kind.plural} (`{kind.name}`)", ""]
    lines += [f"Key: {_key(kind)}. In a folder: {files} or `{kind.name}.csv`.", ""]
    lines += ["| Column | Name | What to write | Needed |", "| --- | --- | --- | --- |"]
    for column in columns(kind):
        header = ", or ".join((column.label, *column.others))
        row = (header, f"`{column.name}`", column.words, "yes" if column.needed else "")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |")
    return "\n".join(lines) + "\n"


def _key(kind: Kind) -> str:
    labels = [
        kind.by_name[name].label + (" (may be empty)" if name in kind.sheet.optional_key else "")
        for name in kind.sheet.key
    ]
    return ", ".join(labels)


def main(paths: list[str]) -> None:
    """Make the sections of these Markdown files again."""
    for path in map(Path, paths):
        path.write_text(document(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
