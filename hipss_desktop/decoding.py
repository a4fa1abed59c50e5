"""Reading JSON that came from outside: whatever is wrong with it is one error.

Readers of JSON raise several: the bytes are not JSON, not UTF-8, not of the type that was asked for, or nested so deep that the
reader gives up. Who reads a file or an answer wants to know only that it cannot be read. Must not say what the bytes hold.
"""

from typing import TypeVar

import msgspec

Content = TypeVar("Content")


class NotReadable(ValueError):
    """The bytes are not JSON of the type that was asked for."""

    def __init__(self) -> None:
        super().__init__("not JSON of the type that was asked for")


def decoded(content: bytes | str, of: type[Content]) -> Content:
    """JSON as a value of this type; raises NotReadable."""
    try:
        return msgspec.json.decode(content, type=of)
    except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
        raise NotReadable from wrong
