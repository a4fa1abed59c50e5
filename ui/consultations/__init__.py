"""Consultations: the list with the record beside it, the form, and what came of a plan."""
