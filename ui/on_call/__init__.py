"""The on-call screen, its parts, and the pages that belong to it."""
