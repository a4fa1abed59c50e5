"""The only place where commands print; text from a record cannot control the reader's terminal.

What is printed is UTF-8, whatever code page the terminal or the file it goes to has. Must not know what is printed.
"""

import io
import os
import sys
import unicodedata
from contextlib import suppress
from typing import TextIO

from hipss_desktop.errors import Unavailable

TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional classes of characters that change the order of others on the screen (Unicode Standard Annex 9, 2.1 to 2.5)."""
UNSEEN = (
    "What this command prints can be seen nowhere: its output is closed, or its disk is full. Open it, then try again."
)


def print_utf8() -> None:
    """Let everything that this process prints be UTF-8; an older code page has no letter for many names."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def refuse_unseen() -> None:
    """Raise Unavailable if what is printed goes nowhere. For a command that is about to make what it shows only once."""
    if sys.stdout is None or sys.stdout.closed:
        raise Unavailable(UNSEEN)


def tell(words: str, *, error: bool = False) -> None:
    """Print words and a line end on standard output, or on standard error if it is an ``error``.

    Raises:
        Unavailable: standard output does not take them.
    """
    if error:
        with suppress(AttributeError, OSError, ValueError):  # closed or full: there is nowhere left to say it
            _write(sys.stderr, words)
        return
    refuse_unseen()
    try:
        _write(sys.stdout, words)
    except OSError:
        _print_nowhere()
        raise Unavailable(UNSEEN) from None


def _write(stream: TextIO, words: str) -> None:
    stream.write(f"{visible(words)}\n")
    stream.flush()


def _print_nowhere() -> None:
    """Send what standard output still holds nowhere; at its end the program would try to print it again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def visible(text: str) -> str:
    """Replace the characters that a terminal would obey, and halves of characters, by JSON escapes.

    Line ends and tabs are left unchanged.
    """
    return "".join(f"\\u{ord(character):04x}" if _is_obeyed(character) else character for character in text)


def _is_obeyed(character: str) -> bool:
    is_control = character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs")
    return is_control or unicodedata.bidirectional(character) in TURNS
