"""The page on which a supervision visit is written. ``ui.supervision`` has what follows once the visit is finished."""
