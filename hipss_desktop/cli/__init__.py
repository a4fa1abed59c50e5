"""``hipss``: does the work of the window from a command line, for scripts and checks.

``docs/commands.md`` gives the shape of each answer.
"""

from hipss_desktop.cli.main import app, main

__all__ = ["app", "main"]
