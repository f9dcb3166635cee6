"""Asking a server of somebody else's for one bounded answer, without telling anyone a secret.

``address.py`` takes an address apart and says it without its credentials,
``credentials.py`` finds what is to be sent there, ``client.py`` asks: it follows
redirects and tries again. ``exchange.py`` is one request, ``answer.py`` what comes of
it, ``body.py`` keeps it within the bounds. ``failures.py`` (no answer, ``error.py``) and
``refusals.py`` (another answer) have the sentences for what went wrong.
"""
