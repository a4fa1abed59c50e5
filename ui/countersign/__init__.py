"""Countersigning: what waits, and the record beside it."""
