"""Actions: what can be pressed on one, its own page, the list of them, and what a finished contact closed."""
