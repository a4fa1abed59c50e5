"""The only place where commands print; text from a record cannot control the reader's terminal.

Must not know what is printed.
"""

import sys
import unicodedata

TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional classes of characters that change the order of others on the screen (Unicode Standard Annex 9, 2.1 to 2.5)."""


def tell(words: str, *, error: bool = False) -> None:
    """Print words and a line end on standard output, or on standard error if it is an ``error``."""
    print(visible(words), file=sys.stderr if error else sys.stdout, flush=True)


def visible(text: str) -> str:
    """Replace the characters that a terminal would obey by JSON escapes; line ends and tabs are left unchanged."""
    return "".join(f"\\u{ord(character):04x}" if _is_obeyed(character) else character for character in text)


def _is_obeyed(character: str) -> bool:
    is_control = character not in "\n\t" and unicodedata.category(character) == "Cc"
    return is_control or unicodedata.bidirectional(character) in TURNS
