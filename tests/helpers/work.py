"""Measure the work of a part of the program in executed lines, which does not depend on how busy the machine is."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import hipss_desktop

PROGRAM = str(Path(hipss_desktop.__path__[0]))


def work_of(action: Callable[[], object]) -> int:
    """Return how many lines of the program ``action`` executes."""
    lines = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal lines
        if not frame.f_code.co_filename.startswith(PROGRAM):
            return None
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return lines
