"""The screen on which the windows open: the machine's display, or a virtual one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def has_display() -> bool:
    """Whether the machine has a display for windows."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def virtual_screen() -> Iterator[str]:
    """Run an X server that needs no screen, 1366x768 pixels, and yield the name of its display."""
    if shutil.which("Xvfb") is None:
        raise SystemExit("There is no display, and Xvfb is missing: install the system package xvfb.")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as display:
            yield f":{display.readline().strip()}"
    finally:
        server.terminate()
        server.wait(timeout=10)
