"""The bad-input table: what is broken, and how the program must take it.

``python -m tests.bad_input`` prints it as docs/reference/bad-input.md.
"""
