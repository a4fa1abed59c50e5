"""Decoding JSON from outside, with one error for everything that can be wrong with it.

Decoders of JSON raise several errors: the bytes are not JSON, not UTF-8, not of the type that was asked for, or nested too
deeply. A caller that reads a file or an answer only needs to know that it cannot be read. Must not say what the bytes
contain.
"""

from typing import TypeVar

import msgspec

Content = TypeVar("Content")


class NotReadable(ValueError):
    """The bytes are not JSON of the type that was asked for."""

    def __init__(self) -> None:
        super().__init__("not JSON of the type that was asked for")


def decoded(content: bytes | str, of: type[Content]) -> Content:
    """Decode JSON to a value of this type; raises NotReadable."""
    try:
        return msgspec.json.decode(content, type=of)
    except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
        raise NotReadable from wrong
