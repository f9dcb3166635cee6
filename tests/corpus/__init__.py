"""The conformance corpus: real states, real recordings, and mutations of what is live.

It lies outside the project (``DRIFTGUARD_CORPUS``, else ``../shared/realdata``
beside it); tests skip where it is absent.
"""
