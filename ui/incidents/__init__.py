"""Incidents and restraints: their pages, their clocks, and the actions on a clock."""
