"""Stands in for the client library of Speech Dispatcher: what Orca would speak is written down instead, a line each.

Runs in Orca's own Python, so it imports nothing of this program. The file's path is in the environment, in ``SPOKEN``.
"""

import os
import re
from enum import Enum
from pathlib import Path
from typing import Any

MARKUP = re.compile(r"<[^>]*>")
ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class SSIPError(Exception):
    """The server refused a command."""


class SSIPCommandError(SSIPError):
    """The server refused a command."""


class SSIPCommunicationError(SSIPError):
    """The server is gone."""


class CallbackType(Enum):
    """What the server tells of an utterance."""

    BEGIN = "begin"
    CANCEL = "cancel"
    END = "end"
    INDEX_MARK = "index mark"


class PunctuationMode(Enum):
    """Which punctuation is spoken."""

    ALL = "all"
    MOST = "most"
    SOME = "some"
    NONE = "none"


class Priority(Enum):
    """How urgent an utterance is."""

    MESSAGE = "message"


class DataMode(Enum):
    """How utterances are written."""

    SSML = "ssml"


class SSIPClient:
    """A connection to no server."""

    def __init__(self, name: str, component: str = "") -> None:
        self._path = Path(os.environ["SPOKEN"])

    def speak(self, text: str, **_: Any) -> None:
        """Write an utterance down."""
        words = MARKUP.sub("", text)
        for escaped, plain in ESCAPED:
            words = words.replace(escaped, plain)
        self._write(" ".join(words.split()))

    def char(self, character: str) -> None:
        """Write a single character down."""
        self._write(character)

    def _write(self, words: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{words}\n")

    def list_synthesis_voices(self) -> tuple[tuple[str, str, str], ...]:
        """There are no voices."""
        return ()

    def list_output_modules(self) -> tuple[str, ...]:
        """There are no modules."""
        return ()

    def __getattr__(self, name: str) -> Any:
        """Every other command is taken and changes nothing."""
        return lambda *_, **__: None
