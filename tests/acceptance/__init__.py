"""The whole program, as its user runs it."""
