"""Makes a guess at a passphrase cost next to nothing, in tests that open vaults by the dozen and measure no guess.

A vault's lowest cost is 64 MiB, a tenth of a second of processor time. Here Argon2id takes the least memory that it can, whatever
the header says. A vault that is made so is opened so, in every process: each process of such a test needs the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf import argon2

LEAST_OF_A_LANE = 8
"""KiB; RFC 9106."""

_full = argon2.Argon2id


def _quick(*, lanes: int, **more: Any) -> argon2.Argon2id:
    return _full(**{**more, "lanes": lanes, "memory_cost": LEAST_OF_A_LANE * lanes})


@contextmanager
def quick_guesses() -> Iterator[None]:
    """Make guesses quick in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argon2, "Argon2id", _quick)
        yield
