"""What is said of a laptop's disk that takes little or nothing, for the window and the command line."""

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
"""First what is so, then what can be done; nothing where the disk is as it should be."""
