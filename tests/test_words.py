"""Words that people read: their quotes are typographic, as on paper, and none is a name of the code or a word of computers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import every_field
from tests.helpers import plain_words

ROOT = Path(__file__).parent.parent
SHOWN_OF_A_CODE = ("hint", "tag")
STRAIGHT = re.compile("[\"']")
IN_WORDS = re.compile(r"[a-zA-Z]'[a-z]|s' |(?:^|[ (])'[A-Za-z][^'<>{}=]*'(?=$|[ .,;)])")
"""An apostrophe in a word, or words in straight quotes; a style sheet and an attribute have other signs beside them."""
FOLDERS = ("hipss_desktop", "ui")


@pytest.mark.parametrize("name", KINDS)
def test_no_straight_quote_is_in_what_a_kind_asks_or_says(name: str) -> None:
    described = KINDS[name]
    words = [described.label, described.plural, described.short_label]
    words += [section.title for section in described.sections] + [stage.verb for stage in described.stages]
    for field in every_field(described.fields):
        words += [field.label, field.hint, field.options.required, field.options.row_name]
    assert [text for text in words if STRAIGHT.search(text)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "resources" / "codes").glob("*.csv")), ids=lambda path: path.stem)
def test_no_straight_quote_is_in_the_words_of_a_code(path: Path) -> None:
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
def test_no_straight_quote_is_in_a_message(folder: str) -> None:
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


@pytest.mark.parametrize("folder", plain_words.FOLDERS)
def test_no_word_of_the_code_or_of_computers_is_in_what_the_program_says(folder: str) -> None:
    assert _not_plain(plain_words.seen_in_modules(folder)) == []


def test_no_word_of_the_code_or_of_computers_is_in_a_code_list_or_on_a_printed_page() -> None:
    assert _not_plain(plain_words.seen_in_resources()) == []


def _not_plain(seen: list[tuple[str, str]]) -> list[str]:
    return [f"{place} {words}: {text}" for place, text in seen if (words := plain_words.words_not_plain(text))]


@pytest.mark.parametrize(
    ("folder", "text"),
    [
        ("hipss_desktop", "A record’s signature does not match."),  # an error
        ("hipss_desktop", "This record was changed on too many laptops at once. Sync, open it again, then change it."),
        ("hipss_desktop", "Show a record as it is now, or with all its versions."),  # the help of a command
        ("hipss_desktop", "Whose store, where the laptop has several."),  # the help of an option
        ("hipss_desktop", "Choose the kind of visit"),  # what a kind asks
        ("hipss_desktop", "On-call contact"),  # a kind's label
        ("ui", "There is a problem. {} error{}."),  # an f-string
        ("ui", "Version history"),  # a heading
        ("ui", "Finish"),  # a button
        ("ui", "Closed"),  # what a screen reader says
        ("db", "A series of records has a gap."),
        ("sync", "The council knows no such laptop. hipss-council device list names them."),
        ("sync", "List the laptops that were certified."),
    ],
)
def test_a_sentence_that_people_read_is_looked_at(folder: str, text: str) -> None:
    assert text in [seen for _, seen in plain_words.seen_in_modules(folder)]


@pytest.mark.parametrize("text", ["Head", "It holds more than one version of a record may", "Version ID", "Page"])
def test_a_label_of_a_code_and_a_word_of_a_page_are_looked_at(text: str) -> None:
    assert text in [seen for _, seen in plain_words.seen_in_resources()]


def test_only_what_people_read_of_a_module_is_looked_at() -> None:
    module = '''
        """A chain of revisions."""
        NAME, KEY, TITLE = "seat", "own_chain", "Seats"
        ALL = "SELECT seat FROM envelope"

        @app.command()
        def mend(number: int) -> None:
            """Mend the chain."""
            log.error("sync failed: %s", number)
            raise Tampered(f"Revision {number} " "cannot be read.")
    '''
    texts = [text for _, text in plain_words.texts_of(ast.parse(dedent(module))) if plain_words.is_seen(text)]
    assert sorted(texts) == ["Mend the chain.", "Revision {} cannot be read.", "Seats"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Goes on under a new seat.", ["seat"]),
        ("Please select an option", ["please", "select"]),
        ("Validation failed", ["failed"]),
        ("Connection error", ["connection error"]),
        ("Error 413", ["error 413"]),
        ("Error", ["error"]),
        ("Late!", ["late!"]),
        ("Advice is required", ["is required"]),
        ("Run hipss-council chain mend.", []),
        ("Run hipss-council chain mend, which mends the chain.", ["chain"]),
        ("There is a problem. 2 errors.", []),
        ("Error: Enter the reason.", []),
        ("The head of a chain", ["head", "chain"]),
        ("Head", []),
        ("Due ahead of time, with unfolded hands", []),
    ],
)
def test_a_word_that_nobody_should_read_is_named(text: str, words: list[str]) -> None:
    assert plain_words.words_not_plain(text) == words


def test_each_text_that_may_have_such_a_word_is_still_said() -> None:
    seen = {" ".join(text.split()) for folder in plain_words.FOLDERS for _, text in plain_words.seen_in_modules(folder)}
    seen |= {text for _, text in plain_words.seen_in_resources()}
    assert sorted(set(plain_words.EVERYDAY) - seen) == []
