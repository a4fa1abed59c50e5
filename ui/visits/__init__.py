"""The supervision visit: the page that writes it, and the page that shows it."""
