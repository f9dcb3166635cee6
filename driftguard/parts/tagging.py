"""Tags as a resource declares them: its own and the provider's default tags together."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.kinds import TAGS
from driftguard.model import Item, Severity
from driftguard.resource_type import UNSET, Attribute, Wire


def declared_tags(attributes: Mapping[str, object]) -> object:
    """Return ``tags_all``, which includes ``default_tags``; ``tags`` only where it is absent."""
    if attributes.get("tags_all") is not None:
        return attributes["tags_all"]
    return attributes.get("tags", UNSET)


def tags_attribute(wire: Wire = "Tags", *, needs: tuple[str, ...] = ()) -> Attribute:
    """Return the attribute ``tags`` of a resource whose tags AWS shows at ``wire``."""
    return Attribute(
        name="tags",
        wire=wire,
        needs=needs,
        kind=TAGS,
        declared=declared_tags,
        severity=Severity.INFO,
        note="`tags_all` where the state has it, so that `default_tags` count; `aws:` tags don't.",
    )


def aws_made_by_tag(item: Item, makers: Mapping[str, str], key: str = "Tags") -> str | None:
    """Return who made an item, told by a tag that only AWS can set (``aws:…``), or None.

    https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    """
    tags = item.raw.get(key)
    listed = tags if isinstance(tags, list | tuple) else ()
    names = [tag.get("Key") for tag in listed if isinstance(tag, Mapping)]
    return next((why for name, why in makers.items() if name in names), None)
