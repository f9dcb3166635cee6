"""How fast a scan is, as ratios within one run: ``python -m benchmarks``."""
