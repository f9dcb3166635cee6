"""One canonical form per kind of value, so that equality means what people mean.

Pure. Both sides of a comparison are put in Terraform's shape first (the
resource table does that) and in canonical form here: order, spelling and
"nothing" no longer differ, everything else does. A value that fits no form
raises ``CanonicalError``; the comparison then calls its resource Unreadable.
"""
