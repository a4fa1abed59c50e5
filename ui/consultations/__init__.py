"""Consultations: the list with the record beside it, the form, and the results of a plan."""
