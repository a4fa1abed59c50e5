"""The store's history: each migration stands as it was first run. ``HEAD`` names the newest."""

HEAD = "0003"
