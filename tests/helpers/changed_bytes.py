"""Bytes as a broken disk, a lying line or somebody else's program leaves them: a sample with pieces cut, flipped and put in.

Each piece that is put in has brought down a reader of text somewhere: brackets without end, numbers that no type holds, days at the
end of the calendar, halves of characters, marks that nobody sees.
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
"""What is put in, or in the place of what was there."""


@st.composite
def changed(draw: st.DrawFn, samples: tuple[bytes, ...]) -> bytes:
    """One of the samples with one to four changes, or something else altogether."""
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
            if change == "value":  # of JSON: what stands after the next colon, so that its form stays whole
                start = content.find(b":", start) + 1 or start
                ends = [place for mark in (b",", b"}") if (place := content.find(mark, start)) >= 0]
                end = min(ends, default=len(content))
            content = content[:start] + draw(st.sampled_from(PIECES)) + content[end:]
    return content


TRIED, TRIED_LONG = 60, 6_000
"""How many changed samples each reader is handed."""


@dataclass(frozen=True)
class Reader:
    """A reader of bytes.

    Attributes:
        samples: what it reads on good days.
        read: hands it something else; it may raise a HipssError.
        refuses: whether the samples are refusals, which it raises as such.
    """

    samples: tuple[bytes, ...]
    read: Callable[[bytes], object]
    refuses: bool = False


def text(content: bytes) -> str:
    """Bytes as the text that a reader of text can be handed: JSON, a terminal and a clipboard hold no half characters."""
    return content.decode("utf-8", "replace")


def try_changed(reader: Reader, times_over: int) -> None:
    """Hand a reader its own samples, which it reads, and then changed ones."""
    for sample in reader.samples:
        with pytest.raises(HipssError) if reader.refuses else nullcontext():
            reader.read(sample)

    @settings(max_examples=times_over, suppress_health_check=list(HealthCheck), database=None, deadline=None)
    @given(content=changed(reader.samples))
    def hand_in(content: bytes) -> None:
        with suppress(HipssError):
            reader.read(content)

    hand_in()
