"""The configuration file, ``driftguard.yaml``: what may stand in it and why it was refused.

``document.py`` reads YAML and knows its lines, ``fields.py`` says what may stand
there, ``telling.py`` turns a refusal into sentences, ``load.py`` ties them. Here
is the file alone: flags and ``DRIFTGUARD_`` variables are the command line's.
"""
