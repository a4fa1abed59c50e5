"""How a program that holds keys hides them, through the operating system, from other programs of the same account.

A core dump of an open store would contain its key and the records that were read. Another process of the account could read
this one's memory and its environment. Must not hold a key itself.
"""

import os
import sys

if sys.platform != "win32":
    import resource

PASSPHRASE = "HIPSS_PASSPHRASE"
"""Environment variable: the passphrase, for a program that is started by another one."""

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def keep_to_itself() -> None:
    """Prevent core dumps of this process, and on Linux stop other processes of this account from reading its memory."""
    if sys.platform != "win32":
        # The limit is one byte, not zero: with any other limit Linux gives the dump to the system's collector. The limit
        # also applies to a process that replaces this one.
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        if hard != 0:
            resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def take_passphrase() -> str | None:
    """Return the passphrase from the environment and remove it there, so that no program started from here inherits it."""
    return os.environ.pop(PASSPHRASE, None)
