"""The parts of the on-call screen."""
