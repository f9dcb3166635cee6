"""Declared against live: what differs, what is unknown, what is equal.

Pure: values in, values out, no clock, no network, no log. ``attribute.py``
compares one attribute, ``resource.py`` one declared resource, ``unmanaged.py``
finds what nobody declared, ``everything.py`` does all of a scan.
"""
