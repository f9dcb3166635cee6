"""A bucket as a web site, and who may call it from another one (CORS).

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html
"""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.canonical.document import JsonDocument
from driftguard.canonical.kinds import INTEGER, TEXT, Blocks, SetOf
from driftguard.model import Severity
from driftguard.parts.s3_bucket import declared_by, first, listed
from driftguard.resource_type import Attribute

Raw = Mapping[str, object]

_OWNER = declared_by("aws_s3_bucket_website_configuration")


def website_attributes() -> tuple[Attribute, ...]:
    """Return the attributes of ``aws_s3_bucket``'s ``website`` block."""
    return (
        Attribute(
            name="website.index_document",
            wire="Website.IndexDocument.Suffix",
            kind=TEXT,
            part=True,
            owned_by=_OWNER,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="website.error_document",
            wire="Website.ErrorDocument.Key",
            kind=TEXT,
            part=True,
            owned_by=_OWNER,
            severity=Severity.LOW,
        ),
        Attribute(
            name="website.redirect_all_requests_to",
            wire=_redirect,
            needs=("Website",),
            kind=TEXT,
            part=True,
            owned_by=_OWNER,
            severity=Severity.HIGH,
        ),
        Attribute(
            name="website.routing_rules",
            wire="Website.RoutingRules",
            kind=JsonDocument(stringly=True),
            part=True,
            owned_by=_OWNER,
            severity=Severity.HIGH,
        ),
    )


def cors_attribute() -> Attribute:
    """Return ``cors_rule``; the first rule that matches a request wins, so order counts."""
    return Attribute(
        name="cors_rule",
        wire=_cors_rules,
        needs=("Cors",),
        kind=Blocks(
            ordered=True,
            fields={
                "allowed_headers": SetOf(),
                "allowed_methods": SetOf(),
                "allowed_origins": SetOf(),
                "expose_headers": SetOf(),
                "max_age_seconds": INTEGER,
            },
        ),
        part=True,
        owned_by=declared_by("aws_s3_bucket_cors_configuration"),
        severity=Severity.MEDIUM,
    )


def _redirect(raw: Raw) -> str | None:
    target = first(first(raw.get("Website")).get("RedirectAllRequestsTo"))
    host, protocol = target.get("HostName"), target.get("Protocol")
    if not host:
        return None
    return f"{protocol}://{host}" if protocol else str(host)


def _cors_rules(raw: Raw) -> list[dict[str, object]]:
    rules = first(raw.get("Cors")).get("CORSRules")
    return [
        {
            "allowed_headers": rule.get("AllowedHeaders"),
            "allowed_methods": rule.get("AllowedMethods"),
            "allowed_origins": rule.get("AllowedOrigins"),
            "expose_headers": rule.get("ExposeHeaders"),
            "max_age_seconds": rule.get("MaxAgeSeconds"),
        }
        for rule in listed(rules)
    ]
