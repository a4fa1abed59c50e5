"""The guide for a child who is not home."""
