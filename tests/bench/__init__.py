"""What ``tests/bench/benchmarks.py`` measures, a module for each part."""
