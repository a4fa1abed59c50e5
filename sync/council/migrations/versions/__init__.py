"""The migrations of the council's store, one in each file."""
