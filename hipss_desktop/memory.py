"""What a program that holds keys asks of the operating system: that its memory is never written to a disk by a crash.

A core dump of an open store would hold its key and what was read. Must not hold a key itself.
"""

import sys

if sys.platform != "win32":
    import resource


def no_core_dumps() -> None:
    """Let no crash of this process, nor of one that takes its place, leave a dump; where the system has such dumps."""
    if sys.platform != "win32":
        # One byte and not none: Linux hands a dump to the system's collector whatever the limit is, but for this one.
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        if hard != 0:
            resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
