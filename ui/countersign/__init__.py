"""Countersigning: the records that wait, and the chosen record beside the list."""
