"""One file per family of types; :data:`RESOURCES` lists them all."""

from __future__ import annotations

from collections.abc import Mapping

from tests.terraform_provider.resource import Resource, table
from tests.terraform_provider.services import (
    databases,
    encryption,
    iam_account,
    iam_attachments,
    iam_identities,
    instances,
    networks,
    queues,
    s3_buckets,
    s3_settings,
    security_group_rules,
    security_groups,
    topics,
    trails,
)

RESOURCES: Mapping[str, Resource] = table(
    *networks.RESOURCES,
    *security_groups.RESOURCES,
    *security_group_rules.RESOURCES,
    *instances.RESOURCES,
    *iam_identities.RESOURCES,
    *iam_attachments.RESOURCES,
    *iam_account.RESOURCES,
    *s3_buckets.RESOURCES,
    *s3_settings.RESOURCES,
    *encryption.RESOURCES,
    *databases.RESOURCES,
    *queues.RESOURCES,
    *topics.RESOURCES,
    *trails.RESOURCES,
)
