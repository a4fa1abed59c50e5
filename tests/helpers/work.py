"""How much a piece of the program does, counted in lines that run: a measure that no busy machine changes."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import hipss_desktop

PROGRAM = str(Path(hipss_desktop.__path__[0]))


def work_of(action: Callable[[], object]) -> int:
    """The number of lines of the program that run while something is done."""
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
