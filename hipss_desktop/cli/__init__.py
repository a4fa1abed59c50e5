"""``hipss``: the same work as the window's, from a command line, for scripts and checks. Shapes: ``docs/commands.md``."""

from hipss_desktop.cli.main import app, main

__all__ = ["app", "main"]
