"""No module and no class of the program grows beyond what one reads at a sitting."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ("hipss_desktop", "ui", "db", "sync")
MOST_LINES, MOST_METHODS = 600, 25


def test_no_module_has_more_than_600_lines_and_no_class_more_than_25_methods() -> None:
    too_long, too_large = [], []
    for path in (path for package in PROGRAM for path in (ROOT / package).rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
        if len(text.splitlines()) > MOST_LINES:
            too_long.append(name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                methods = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
                too_large += [f"{name}: {node.name}"] if len(methods) > MOST_METHODS else []
    assert too_long == []
    assert too_large == []
