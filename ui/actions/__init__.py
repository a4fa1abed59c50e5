"""Actions: the buttons of an action, its page, the list of actions, and the question what a finished contact closed."""
