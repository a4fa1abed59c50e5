"""The morning handover: writing it at night, taking it on by day, and what the one who was on call sees of it."""
