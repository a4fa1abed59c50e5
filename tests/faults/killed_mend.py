"""The mending of a council's own chain, which a test kills. Each input line names the council's folder (JSON list of one)."""

from pathlib import Path

from hipss_desktop.times import system_clock
from sync.council.acts import mend
from sync.council.chain import Council
from sync.council.home import Home
from sync.council.opening import opened
from tests.faults.killed_program import serve

BY = "A. Bevan"


def do(folder: str) -> None:
    """Mend the chain as the command does."""
    home = Home(Path(folder))
    council = Council(home, opened(home, ""), system_clock)
    mend(council, BY)
    council.close()


if __name__ == "__main__":
    serve(do)
