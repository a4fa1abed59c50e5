"""The words for a laptop's disk that is full or cannot be written, for the window and the command line."""

from hipss_desktop.services.ports import Disk

DISK_WORDS: dict[Disk, tuple[str, str]] = {
    "all": ("", ""),
    "little": (
        "This laptop’s disk is full.",
        "What you write is saved in the last room that was kept for it. Free some space now.",
    ),
    "nothing": (
        "Nothing can be saved on this laptop now, because its disk takes nothing.",
        "You can read and search, and what waits is sent. Free some space, then lock and unlock.",
    ),
}
"""For each state of the disk: the problem, then what can be done; '' if there is no problem."""
