"""The store's history: each migration stands as it was first run. ``HEAD`` names the newest."""

KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
"""All that there were, the oldest first; a store that names another was written by a newer program."""

HEAD = KNOWN[-1]

SEALED = "0008"
"""From here on texts are encrypted. Those of before wait in tables of their own, and the next migration takes these away."""
