"""Policy: which differences are bad, how bad, why, and what may be done about them.

Here are the rules' nouns, how they are loaded, and how one is evaluated on both
sides of a resource. Never here: a clock, a network, AWS; only ``load.py`` reads
files, and only ``engine.py`` knows which expression language this is.
"""
