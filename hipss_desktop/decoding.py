"""Decoding JSON from outside, with one error for everything that can be wrong with it.

Decoders of JSON raise several errors: the bytes are not JSON, not UTF-8, not of the type that was asked for, or nested too
deeply. A caller that reads a file or an answer only needs to know that it cannot be read. Must not say what the bytes
contain.
"""

import codecs
import json
import threading
from typing import Any, TypeVar

import msgspec

Content = TypeVar("Content")

_readable: set[object] = set()
_working_out = threading.Lock()


def readable(of: type[Content]) -> type[Content]:
    """Return a type as one that ``msgspec`` may read in every thread.

    At the first use of a struct ``msgspec`` (0.22) works out how it is read. If a second thread reads the struct meanwhile, the
    process ends with a segmentation fault. So the first use is here, by one thread at a time.
    """
    if of not in _readable:
        with _working_out:
            msgspec.json.Decoder(of)
            _readable.add(of)
    return of


class NotReadable(ValueError):
    """The bytes are not JSON of the type that was asked for."""

    def __init__(self) -> None:
        super().__init__("not JSON of the type that was asked for")


def decoded(content: bytes | str, of: type[Content]) -> Content:
    """Decode JSON to a value of this type; raises NotReadable."""
    try:
        return msgspec.json.decode(content, type=readable(of))
    except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
        raise NotReadable from wrong


def text_in(content: bytes) -> str:
    """The text of a file that a person wrote: UTF-8 with or without a mark, or UTF-16 with one; raises NotReadable."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise NotReadable from wrong


class HalfCharacter(NotReadable):
    """The JSON holds half of a character: one of a pair of UTF-16 surrogates without the other."""


class NoNumber(NotReadable):
    """The JSON holds a number that no record can have: it is too large, or no number at all."""


class NamedTwice(NotReadable):
    """An object in the JSON has two values of one name, so nobody knows which of them is meant."""


def json_in(content: bytes) -> Any:
    """The value of JSON that a person or another program wrote, in UTF-8 or UTF-16, with or without a mark.

    Raises:
        HalfCharacter, NoNumber: a text or a number in it could not be signed.
        NamedTwice: one value would be lost.
        NotReadable: it is not JSON.
    """
    try:
        value = json.loads(content.decode(json.detect_encoding(content)), parse_int=_whole, object_pairs_hook=_object)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except NotReadable:
        raise
    except UnicodeEncodeError as wrong:
        raise HalfCharacter from wrong
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as wrong:
        raise NotReadable from wrong
    except ValueError as wrong:  # more figures than Python reads, infinity, or NaN
        raise NoNumber from wrong
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise NamedTwice
    return values


LARGEST = 2**63
"""Larger whole numbers are read as fractions by other readers of JSON, and so lose their last figures."""


def _whole(figures: str) -> int:
    number = int(figures)
    if not -LARGEST <= number < LARGEST:
        raise NoNumber
    return number
