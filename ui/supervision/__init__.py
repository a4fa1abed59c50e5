"""A finished supervision visit: its page, and the turned screen on which the household reads and signs it.

``ui.visits`` has the page on which a visit is written.
"""
