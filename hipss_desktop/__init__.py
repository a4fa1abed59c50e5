"""HIPSS Desktop: the service itself in plain Python, its use cases, and the entry points."""

__version__ = "0.1.0"
