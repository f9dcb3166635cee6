"""Words of IAM's API that several of its collections use."""

from __future__ import annotations

DETAILS = "GetAccountAuthorizationDetails"
"""The one bulk call that answers for identities, policies and what attaches them."""
NO_ENTITY = ("NoSuchEntity",)
"""IAM's error code for what does not exist."""
