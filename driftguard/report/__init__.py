"""What a scan found, told: as a table for people, as JSON for programs.

Pure: a report in, text out. Whatever comes from a state or from AWS is somebody
else's text: secrets lose their digests (``told.py``), control characters lose
their power (``neutral.py``).
"""
