"""Make kinds of record that a test defines known to the whole program while the test runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from hipss_desktop.kinds import catalogue
from hipss_desktop.records.kind import Kind


@contextmanager
def also_known(*kinds: Kind) -> Iterator[None]:
    """Add these kinds to the program's kinds; a kind with a known name replaces the known one."""
    known = cast(dict[str, Kind], catalogue.KINDS)
    before = dict(known)
    known.update(
        catalogue.listed([*(kind for kind in before.values() if kind.name not in {k.name for k in kinds}), *kinds])
    )
    try:
        yield
    finally:
        known.clear()
        known.update(before)
