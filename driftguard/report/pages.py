"""Where the page of a rule is: one place knows the address.

It is the project's own ``Documentation`` URL, from pyproject.toml by way of the
installed package; without one nothing is linked. Only rules that ship have a page.
"""

from __future__ import annotations

import functools
import importlib.metadata

SHIPPED = "DG-"
"""How the ids of the rules that ship begin."""
_LABEL = "documentation"


@functools.cache
def project_pages() -> str:
    """Return the address that documentation pages begin with, ``""`` where there is none."""
    try:
        urls = importlib.metadata.metadata("driftguard").get_all("Project-URL") or ()
    except importlib.metadata.PackageNotFoundError:
        return ""
    found = (url.partition(",") for url in urls)
    return next((url.strip().rstrip("/") for name, _, url in found if _is_ours(name)), "")


def _is_ours(label: str) -> bool:
    return label.strip().lower() == _LABEL


def rule_page(base: str, rule_id: str) -> str:
    """Return the address of a rule's page, ``""`` where it has none."""
    plain = rule_id.replace("-", "").isalnum() and rule_id.isascii()
    return f"{base}/rules/{rule_id}.md" if base and plain and rule_id.startswith(SHIPPED) else ""
