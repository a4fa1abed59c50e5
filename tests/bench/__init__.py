"""What ``tests/benchmarks.py`` measures, a module for each part."""
