"""What a program that holds keys asks of the operating system, so that others of the same account learn nothing of it.

A core dump of an open store would hold its key and what was read; another process of the account could read its memory
and the environment that it was started with. Must not hold a key itself.
"""

import os
import sys

if sys.platform != "win32":
    import resource

PASSPHRASE = "HIPSS_PASSPHRASE"
"""Environment variable: the passphrase, for a program that is started by another one."""

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def keep_to_itself() -> None:
    """Let no crash of this process leave a dump, and on Linux no other process of this account look into it."""
    if sys.platform != "win32":
        # One byte and not none: Linux hands a dump to the system's collector whatever the limit is, but for this one. It
        # holds for a process that takes the place of this one too.
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        if hard != 0:
            resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def take_passphrase() -> str | None:
    """The passphrase in the environment, which holds it no longer: no program that this one starts inherits it."""
    return os.environ.pop(PASSPHRASE, None)
