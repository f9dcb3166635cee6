"""Terraform's resource types, one file each; ``TABLE`` lists the ones we compare.

A member is a table of attributes (``driftguard/resource_type.py``), not a
procedure, and knows no other member; what several share stands in
``driftguard/parts``. To add a type: one file, and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from driftguard.resource_type import ResourceType
from driftguard.resources import (
    aws_cloudtrail,
    aws_cloudwatch_log_group,
    aws_default_security_group,
    aws_iam_account_password_policy,
    aws_iam_group_policies_exclusive,
    aws_iam_group_policy,
    aws_iam_group_policy_attachment,
    aws_iam_group_policy_attachments_exclusive,
    aws_iam_instance_profile,
    aws_iam_policy,
    aws_iam_policy_attachment,
    aws_iam_role,
    aws_iam_role_policies_exclusive,
    aws_iam_role_policy,
    aws_iam_role_policy_attachment,
    aws_iam_role_policy_attachments_exclusive,
    aws_iam_user,
    aws_iam_user_policies_exclusive,
    aws_iam_user_policy,
    aws_iam_user_policy_attachment,
    aws_iam_user_policy_attachments_exclusive,
    aws_kms_alias,
    aws_kms_key,
    aws_kms_key_policy,
    aws_s3_account_public_access_block,
    aws_s3_bucket,
    aws_s3_bucket_acl,
    aws_s3_bucket_logging,
    aws_s3_bucket_ownership_controls,
    aws_s3_bucket_policy,
    aws_s3_bucket_public_access_block,
    aws_s3_bucket_server_side_encryption_configuration,
    aws_s3_bucket_versioning,
    aws_security_group,
    aws_security_group_rule,
    aws_sns_topic,
    aws_sns_topic_policy,
    aws_sqs_queue,
    aws_sqs_queue_policy,
    aws_sqs_queue_redrive_allow_policy,
    aws_sqs_queue_redrive_policy,
    aws_vpc_security_group_egress_rule,
    aws_vpc_security_group_ingress_rule,
)

TABLE: Mapping[str, ResourceType] = MappingProxyType(
    {
        module.TYPE.name: module.TYPE
        for module in (
            aws_cloudtrail,
            aws_cloudwatch_log_group,
            aws_default_security_group,
            aws_iam_account_password_policy,
            aws_iam_group_policies_exclusive,
            aws_iam_group_policy,
            aws_iam_group_policy_attachment,
            aws_iam_group_policy_attachments_exclusive,
            aws_iam_instance_profile,
            aws_iam_policy,
            aws_iam_policy_attachment,
            aws_iam_role,
            aws_iam_role_policies_exclusive,
            aws_iam_role_policy,
            aws_iam_role_policy_attachment,
            aws_iam_role_policy_attachments_exclusive,
            aws_iam_user,
            aws_iam_user_policies_exclusive,
            aws_iam_user_policy,
            aws_iam_user_policy_attachment,
            aws_iam_user_policy_attachments_exclusive,
            aws_kms_alias,
            aws_kms_key,
            aws_kms_key_policy,
            aws_s3_account_public_access_block,
            aws_s3_bucket,
            aws_s3_bucket_acl,
            aws_s3_bucket_logging,
            aws_s3_bucket_ownership_controls,
            aws_s3_bucket_policy,
            aws_s3_bucket_public_access_block,
            aws_s3_bucket_server_side_encryption_configuration,
            aws_s3_bucket_versioning,
            aws_security_group,
            aws_security_group_rule,
            aws_sns_topic,
            aws_sns_topic_policy,
            aws_sqs_queue,
            aws_sqs_queue_policy,
            aws_sqs_queue_redrive_allow_policy,
            aws_sqs_queue_redrive_policy,
            aws_vpc_security_group_egress_rule,
            aws_vpc_security_group_ingress_rule,
        )
    }
)
