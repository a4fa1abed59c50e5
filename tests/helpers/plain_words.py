"""Words of the code and words that tell nobody anything: which they are, and every text of the program where they could be read.

The rules are section 6 of the design, "Words". What a person of the demonstration wrote in a record (``resources/demo``) is
theirs, and not the program's.
"""

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("hipss_desktop", "ui", "db", "sync")

OF_THE_CODE = r"chain(?:s|ed)?|(?:re)?seat(?:s|ed)?|heads?|revisions?|envelopes?|projections?|fold(?:s|ed|ing)?"
"""Names of things inside the program, which nobody outside it has heard of."""
OF_COMPUTERS = (
    r"please|sorry|invalid|fail(?:s|ed|ing|ures?)?|persist(?:s|ed)?|synced|syncing|(?:un)?synchroni[sz](?:ed|ing)|"
    r"submit(?:s|ted|ting)?|submissions?|users?|usernames?|subjects?|login|log-in|logged in|pending|select(?:ed)?|"
    r"time-?out|timed out|countdown|mandatory|(?:is|are) required|ambiguous|non-existent|out of range|overwr(?:ite|itten)|"
    r"merge conflicts?|access denied|account locked|reason code|high risk child|no data|0 results|abscond(?:s|ed|ing)?|"
    r"N/A|SLA|(?:connection|network|server|internal|unknown|unexpected) errors?|errors? (?:code|occurred|\d+)"
)
NOT_PLAIN = re.compile(rf"\b(?:{OF_THE_CODE}|{OF_COMPUTERS})\b|\blate!|(?:^|[.!] )errors?[.!]?$", re.IGNORECASE)
"""'Error: Enter the reason.' and '2 errors' are agreed: what is wrong with an answer, and not with the program."""

TYPED = re.compile(r"hipss-council (?:chain (?:confirm|mend)|seat key|revision)|--overwrite|\{\w*\}")
"""Commands and options that a sentence tells somebody to type as they are called, and places that are filled in."""

EVERYDAY = {
    "Secret. In a sealed envelope with the manager, never with the laptop.": "an envelope of paper",
    "Seal it in an envelope and give it to your manager. Do not keep it with the laptop.": "an envelope of paper",
    "Head": "a part of the body",
    "A reward chart for two weeks. A seat by the door, which helped.": "a chair, in a record of the demonstration",
    "Countdown card for every ending at school": "a card of paper, in a record of the demonstration",
    "Print two sets of countdown cards and hand them to M. Osei": "cards of paper, in a record of the demonstration",
    "Semi-independent living accommodation not subject to children’s homes regulations": "as the SSDA903 return says it",
    "Children’s Homes subject to Children’s Homes Regulations": "as the SSDA903 return says it",
    "Other placements (must be listed on a schedule sent to DfE with annual submission)": "as the SSDA903 return says it",
    "Working Together to Safeguard Children, revision of December 2020: four criteria (the fourth: may not be suitable)": (
        "the name of the guidance"
    ),
    "0001 envelopes, bodies, receipts, drafts": "the name of a migration, which nobody is shown",
    "seat {}": "what requests are counted under, which nobody is shown",
}
"""Whole texts in which such a word has its everyday sense or nobody reads it, and why."""

IN_RECORDS = {
    "Chain oil on his hands": "a bicycle’s, in a call of the demonstration",
    "Countdown card": "a card of paper, in an action of the demonstration",
    "countdown card": "a card of paper, in an action of the demonstration",
    "Mark 1, head, front": "a part of the body, in a mark of the demonstration",
}
"""What records that are drawn on a screen say with such a word in its everyday sense, and why."""

FOR_A_MACHINE = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|PRAGMA|FROM|WHERE|JOIN|AND|OR|Q[A-Z]\w+)\b")
"""What only SQL and the style sheet of Qt have."""
LOG_METHODS = {"debug", "info", "warning", "error", "exception"}
COMMAND_DECORATORS = {"command", "callback"}
"""Typer shows the docstring of such a function as its help."""
IN_TYPST = re.compile(r"\[([^\[\]#]*)|\"([^\"#]*)\"|^ *([A-Z][^#]*)")
"""What stands in brackets, in quotes, or by itself on a line, as far as it is not filled in."""


def words_not_plain(text: str) -> list[str]:
    """The words of a text that nobody should read; none for a text that is known to mean something else by them."""
    if " ".join(text.split()) in EVERYDAY:
        return []
    return [word.lower() for word in NOT_PLAIN.findall(TYPED.sub("", text))]


def words_not_plain_on_screen(text: str) -> list[str]:
    """The same for what is drawn on a screen, where a text may stand in a longer one, and with what records say."""
    for everyday in (*IN_RECORDS, *(whole for whole in EVERYDAY if " " in whole)):
        text = text.replace(everyday, "")
    return words_not_plain(text)


@cache
def seen_in_modules(folder: str) -> list[tuple[str, str]]:
    """The place and words of every text in a folder's modules that a person may read."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / folder).rglob("*.py"))}
    classes = {node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    return [
        (f"{path.relative_to(ROOT)}:{line}", text)
        for path, tree in trees.items()
        for line, text in texts_of(tree)
        if is_seen(text) and text not in classes  # a class stands as a word in annotations and in __all__
    ]


def seen_in_resources() -> list[tuple[str, str]]:
    """The place and words of every cell of the code lists, and of every text of the printed pages, that a person may read."""
    seen = []
    for path in sorted((ROOT / "resources" / "codes").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        seen += [(f"{path.name}:{line}", cell) for line, row in enumerate(rows[1:], 2) for cell in row if is_seen(cell)]
    for path in sorted((ROOT / "resources" / "documents").glob("*.typ")):
        for line, code in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            seen += [(f"{path.name}:{line}", text) for text in _texts_of_typst(code) if is_seen(text)]
    return seen


def is_seen(text: str) -> bool:
    """Whether a person may read a text: several words for no machine, or one with a capital letter as a label has it."""
    text = text.strip()
    if re.search(r"\s", text):
        return not FOR_A_MACHINE.search(text)
    return re.fullmatch(r"[A-Z][a-z]+[.:?!]?", text) is not None


def texts_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and words of every text of a module but docstrings, which are seen where a command has them as its help.

    What is filled into an f-string is left as {}; what goes to a log is left out.
    """
    passed_over: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.Call) and (isinstance(node, ast.Expr) or _logs(node)):
            texts = [node.value] if isinstance(node, ast.Expr) else node.args
            passed_over |= {id(text) for text in texts if isinstance(text, ast.Constant)}
        elif isinstance(node, ast.FunctionDef) and any(_is_command(decorator) for decorator in node.decorator_list):
            yield node.lineno, ast.get_docstring(node) or ""
        elif isinstance(node, ast.JoinedStr):
            passed_over |= {id(part) for part in node.values}
            yield node.lineno, "".join(_part(part) for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
            yield node.lineno, node.value


def _part(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "{}"


def _logs(call: ast.Call) -> bool:
    method = call.func
    if not isinstance(method, ast.Attribute) or not isinstance(method.value, ast.Name):
        return False
    return method.attr in LOG_METHODS and method.value.id in ("log", "_log")


def _is_command(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in COMMAND_DECORATORS


def _texts_of_typst(code: str) -> Iterator[str]:
    for texts in IN_TYPST.findall(code.partition("//")[0]):
        yield "".join(texts).strip()
