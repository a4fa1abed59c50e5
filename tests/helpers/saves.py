"""Contacts saved one after another until the process is killed: ``python -m tests.helpers.saves HOME``.

Prints the digest of each one when it was saved, so that the process that kills this one knows what was promised.
"""

import os
import sys
from pathlib import Path

from tests.helpers.stations import Station


def main() -> None:
    """Save until the end comes, without warning."""
    laptop = Station(Path(sys.argv[1]))
    number = 0
    while True:
        number += 1
        os.write(1, laptop.write(f"Rang before the battery was empty, call {number}.").digest.encode() + b"\n")


if __name__ == "__main__":
    main()
