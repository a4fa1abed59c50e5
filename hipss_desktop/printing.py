"""The one place where a command prints: nothing that somebody wrote in a record steers the terminal of who reads it.

Must not know what is printed.
"""

import sys
import unicodedata

TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional classes of the characters that turn the order of others on the screen (Unicode Standard Annex 9, 2.1 to 2.5)."""


def tell(words: str, *, error: bool = False) -> None:
    """Print words and a line end, on standard output or, of an ``error``, on standard error."""
    print(visible(words), file=sys.stderr if error else sys.stdout, flush=True)


def visible(text: str) -> str:
    """A text with what a terminal would obey written out as JSON does; line ends and tabs are left alone."""
    return "".join(f"\\u{ord(one):04x}" if _is_obeyed(one) else one for one in text)


def _is_obeyed(character: str) -> bool:
    is_control = character not in "\n\t" and unicodedata.category(character) == "Cc"
    return is_control or unicodedata.bidirectional(character) in TURNS
