"""Bulk APIs, one file each; ``COLLECTIONS`` lists them.

A member knows AWS's calls and nothing of Terraform: it returns raw answers by
id. What belongs to one id and needs a call of its own is asked for declared
ids alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from driftguard.live.collections.cloudtrail_trails import Trails
from driftguard.live.collections.db_instances import DbInstances
from driftguard.live.collections.ebs_encryption import EbsEncryption
from driftguard.live.collections.iam_identities import GROUPS, ROLES, USERS
from driftguard.live.collections.iam_instance_profiles import InstanceProfiles
from driftguard.live.collections.iam_password_policy import PasswordPolicy
from driftguard.live.collections.iam_policies import Policies
from driftguard.live.collections.iam_policy_entities import PolicyEntities
from driftguard.live.collections.instances import Instances
from driftguard.live.collections.kms_keys import Keys
from driftguard.live.collections.log_groups import LogGroups
from driftguard.live.collections.network_interfaces import NetworkInterfaces
from driftguard.live.collections.route_tables import RouteTables
from driftguard.live.collections.s3_account_public_access import AccountPublicAccess
from driftguard.live.collections.s3_buckets import Buckets
from driftguard.live.collections.security_groups import SecurityGroups
from driftguard.live.collections.sns_topics import Topics
from driftguard.live.collections.sqs_queues import Queues
from driftguard.live.collections.subnets import Subnets
from driftguard.live.collections.volumes import Volumes
from driftguard.live.collections.vpcs import Vpcs
from driftguard.live.reader import Collection

COLLECTIONS: Mapping[str, Collection] = MappingProxyType(
    {
        collection.name: collection
        for collection in (
            AccountPublicAccess(),
            Buckets(),
            GROUPS,
            InstanceProfiles(),
            Keys(),
            LogGroups(),
            PasswordPolicy(),
            Policies(),
            PolicyEntities(),
            Queues(),
            ROLES,
            SecurityGroups(),
            Topics(),
            Trails(),
            USERS,
            DbInstances(),
            EbsEncryption(),
            Instances(),
            NetworkInterfaces(),
            RouteTables(),
            SecurityGroups(),
            Subnets(),
            Volumes(),
            Vpcs(),
        )
    }
)
