"""Incidents and restraints: their pages, the clocks on them, and what can be pressed on a clock."""
