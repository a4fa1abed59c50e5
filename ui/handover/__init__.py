"""The morning handover: writing it at night, accepting its items by day, and what the person who was on call sees."""
