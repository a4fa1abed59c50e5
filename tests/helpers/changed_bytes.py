"""Bytes as a broken disk, a tampered line or another program may leave them: a sample with parts cut, flipped or inserted.

Each inserted piece has crashed a reader of text somewhere: endless brackets, numbers too large for any type, days at the end of the
calendar, halves of characters, invisible marks.
"""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipss_desktop.errors import HipssError

PIECES = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"[" * 20_000,
    b'{"a":' * 5_000,
    b"9" * 5_000,
    b"1e400",
    b"-1",
    b"0.5",
    b"1180591620717411303424",
    b"NaN",
    b"Infinity",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b'""',
    b'"\\ud800"',
    b'"\\u0000"',
    b'"9999-12-31T23:59:59-14:00"',
    b'"0001-01-01T00:00:00+14:00"',
    b"\xe2\x80\xae",
    b"\xe2\x80\x8b",
    b'"',
    b"\r",
    b"\n",
    b"\t;,",
    b"=",
    b".",
)
"""The pieces that are inserted, or that replace a part of the sample."""


@st.composite
def changed(draw: st.DrawFn, samples: tuple[bytes, ...]) -> bytes:
    """Draw one of the samples with one to four changes, or random bytes."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.binary(max_size=64))
    content = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from((0, 0, 1, 1, 2, 8, 64, 10**6))))
        change = draw(st.sampled_from(("put", "put", "flip", "cut", "twice", "value")))
        if change == "flip" and start < len(content):
            flipped = content[start] ^ (1 << draw(st.integers(0, 7)))
            content = content[:start] + bytes([flipped]) + content[start + 1 :]
        elif change == "cut":
            content = content[:start] + content[end:]
        elif change == "twice":
            content = content[:end] + content[start:end] + content[end:]
        else:
            if change == "value":  # replace the JSON value after the next colon, so that the structure remains valid
                start = content.find(b":", start) + 1 or start
                ends = [place for mark in (b",", b"}") if (place := content.find(mark, start)) >= 0]
                end = min(ends, default=len(content))
            content = content[:start] + draw(st.sampled_from(PIECES)) + content[end:]
    return content


TRIED, TRIED_LONG = 60, 6_000
"""How many changed samples each reader gets, in the normal and in the long run."""


@dataclass(frozen=True)
class Reader:
    """A reader of bytes.

    Attributes:
        samples: valid inputs.
        read: calls the reader with any bytes; it may raise a HipssError.
        refuses: whether the samples are refusals, for which the reader raises a HipssError.
    """

    samples: tuple[bytes, ...]
    read: Callable[[bytes], object]
    refuses: bool = False


def text(content: bytes) -> str:
    """Return bytes as text for a reader of text, without half characters: JSON, terminals and clipboards have none."""
    return content.decode("utf-8", "replace")


def try_changed(reader: Reader, times_over: int) -> None:
    """Call a reader with its valid samples, and then with changed ones."""
    for sample in reader.samples:
        with pytest.raises(HipssError) if reader.refuses else nullcontext():
            reader.read(sample)

    @settings(max_examples=times_over, suppress_health_check=list(HealthCheck), database=None, deadline=None)
    @given(content=changed(reader.samples))
    def hand_in(content: bytes) -> None:
        with suppress(HipssError):
            reader.read(content)

    hand_in()
