"""Words that people read: quotes and apostrophes in them are typographic, as on paper."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import every_field

ROOT = Path(__file__).parent.parent
SHOWN_OF_A_CODE = ("hint", "tag")
STRAIGHT = re.compile("[\"']")
IN_WORDS = re.compile(r"[a-zA-Z]'[a-z]|s' |(?:^|[ (])'[A-Za-z][^'<>{}=]*'(?=$|[ .,;)])")
"""An apostrophe in a word, or words in straight quotes; a style sheet and an attribute have other signs beside them."""
FOLDERS = ("hipss_desktop", "ui")


@pytest.mark.parametrize("name", KINDS)
def test_no_straight_quote_stands_in_what_a_kind_asks_or_says(name: str) -> None:
    described = KINDS[name]
    words = [described.label, described.plural, described.short_label]
    words += [section.title for section in described.sections] + [stage.verb for stage in described.stages]
    for field in every_field(described.fields):
        words += [field.label, field.hint, field.options.required, field.options.one]
    assert [text for text in words if STRAIGHT.search(text)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "resources" / "codes").glob("*.csv")), ids=lambda path: path.stem)
def test_no_straight_quote_stands_in_the_words_of_a_code(path: Path) -> None:
    header = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
    if not {"code", "label"} <= set(header):
        return  # a table of rules, read by its own module
    words = [
        text
        for code in code_list(path.stem).codes
        for text in (code.label, *(code.more.get(column) or "" for column in SHOWN_OF_A_CODE))
    ]
    assert [text for text in words if STRAIGHT.search(text)] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_straight_quote_stands_in_a_message(folder: str) -> None:
    straight = [
        f"{path.relative_to(ROOT)}:{text.lineno} {text.value}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "demonstration" not in path.parts
        for text in _texts(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text.value, str) and IN_WORDS.search(text.value)
    ]
    assert straight == []


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module but its docstrings."""
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documented:
            yield node
