"""Names say what they hold: none is called after how it is reached."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from hipss_desktop.services.store_settings import StoreSetting

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("hipss_desktop", "ui", "db", "sync", "resources", "tests")
READS_OR_SETS = ("setting", "unit.set", "_set", "key_named")
SAYS_NOTHING = {"each", "found", "here", "kept", "made", "one", "said", "those", "what"}
"""Names that could stand for anything. A loop goes through contacts, revisions or rows: its variable is named for one of them."""


def python_files() -> Iterator[Path]:
    yield ROOT / "dev.py"
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def names_given(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the name of every variable and parameter that a module makes, without the fields of its classes.

    A field may be the key of a record or of an answer in JSON, which never changes.
    """
    fields = {
        member.target
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for member in node.body
        if isinstance(member, ast.AnnAssign)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in fields:
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg


@pytest.mark.parametrize("file", list(python_files()), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_variable_says_what_it_holds(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert [f"{file.name}:{line} {name}" for line, name in names_given(tree) if name in SAYS_NOTHING] == []


@pytest.mark.parametrize("folder", ["hipss_desktop", "ui", "db", "sync"])
def test_a_setting_of_a_store_is_named_by_the_enumeration(folder: str) -> None:
    bare = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(READS_OR_SETS)
        if any(isinstance(argument, ast.Constant) and argument.value in set(StoreSetting) for argument in node.args[:2])
    ]
    assert bare == []
