"""What Terraform says: states, read where they lie and parsed by us.

``envelope.py`` opens the bytes, ``state.py`` parses them (both pure), one file
per kind of place fetches them, ``seal.py`` replaces their secrets, ``scope.py``
finds out which account and region a resource is in. Nothing unredacted leaves
this package, and one place that can't be read never hides the others.
"""
