"""The settings of a bucket, and of an account, that are resources of their own."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, found, same_document
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    Block,
    Schema,
    computed,
    either,
    many,
    one,
    optional,
    required,
)
from tests.terraform_provider.services.s3_buckets import (
    ENCRYPTION,
    encryption_rules,
    encryption_wire,
)
from tests.terraform_provider.wire import Values

GONE = "NoSuchBucket"
_BLOCKS = {
    "block_public_acls": "BlockPublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "ignore_public_acls": "IgnorePublicAcls",
    "restrict_public_buckets": "RestrictPublicBuckets",
}
_BLOCK_SCHEMA = {name: optional(BOOL, default=False) for name in _BLOCKS}


class BucketPolicy:
    name = "aws_s3_bucket_policy"
    schema: ClassVar[Schema] = {**ID, "bucket": required(), "policy": required()}

    def create(self, aws: Aws, wanted: Values) -> str:
        aws.s3.put_bucket_policy(Bucket=wanted["bucket"], Policy=wanted["policy"])
        return str(wanted["bucket"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(
            lambda: aws.s3.get_bucket_policy(Bucket=state["id"]), "NoSuchBucketPolicy", GONE
        )
        return answer and {"policy": same_document(state["policy"], answer["Policy"])}


class PublicAccessBlock:
    name = "aws_s3_bucket_public_access_block"
    schema: ClassVar[Schema] = {**ID, "bucket": required(), **_BLOCK_SCHEMA}

    def create(self, aws: Aws, wanted: Values) -> str:
        aws.s3.put_public_access_block(
            Bucket=wanted["bucket"],
            PublicAccessBlockConfiguration={w: wanted[name] for name, w in _BLOCKS.items()},
        )
        return str(wanted["bucket"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(
            lambda: aws.s3.get_public_access_block(Bucket=state["id"]),
            "NoSuchPublicAccessBlockConfiguration",
            GONE,
        )
        return _blocks(answer)


class AccountPublicAccessBlock:
    name = "aws_s3_account_public_access_block"
    schema: ClassVar[Schema] = {**ID, "account_id": either(), **_BLOCK_SCHEMA}

    def create(self, aws: Aws, wanted: Values) -> str:
        aws.s3control.put_public_access_block(
            AccountId=aws.account,
            PublicAccessBlockConfiguration={w: wanted[name] for name, w in _BLOCKS.items()},
        )
        return aws.account

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(
            lambda: aws.s3control.get_public_access_block(AccountId=state["id"]),
            "NoSuchPublicAccessBlockConfiguration",
        )
        blocks = _blocks(answer)
        return blocks and {"account_id": state["id"], **blocks}


def _blocks(answer: Any) -> Values | None:
    if answer is None:
        return None
    configuration = answer["PublicAccessBlockConfiguration"]
    return {name: configuration.get(wire, False) for name, wire in _BLOCKS.items()}


class Versioning:
    name = "aws_s3_bucket_versioning"
    schema: ClassVar[Schema] = {
        **ID,
        "bucket": required(),
        "expected_bucket_owner": optional(),
        "mfa": optional(),
        "versioning_configuration": one(mfa_delete=either(), status=required()),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        status = wanted["versioning_configuration"][0]["status"]
        aws.s3.put_bucket_versioning(
            Bucket=wanted["bucket"], VersioningConfiguration={"Status": status}
        )
        return str(wanted["bucket"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(lambda: aws.s3.get_bucket_versioning(Bucket=state["id"]), GONE)
        if answer is None or "Status" not in answer:
            return None
        configuration = {"status": answer["Status"], "mfa_delete": answer.get("MFADelete", "")}
        return {"versioning_configuration": [configuration]}


class Encryption:
    name = "aws_s3_bucket_server_side_encryption_configuration"
    schema: ClassVar[Schema] = {
        **ID,
        "bucket": required(),
        "expected_bucket_owner": optional(),
        "rule": Block(fields=ENCRYPTION, nesting="set"),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        rules = [encryption_wire(rule) for rule in wanted["rule"]]
        aws.s3.put_bucket_encryption(
            Bucket=wanted["bucket"], ServerSideEncryptionConfiguration={"Rules": rules}
        )
        return str(wanted["bucket"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        rules = encryption_rules(aws, state["id"])
        return {"rule": rules} if rules else None


class Acl:
    name = "aws_s3_bucket_acl"
    schema: ClassVar[Schema] = {
        **ID,
        "acl": optional(),
        "bucket": required(),
        "expected_bucket_owner": optional(),
        "access_control_policy": one(
            grant=many(
                "set",
                permission=required(),
                grantee=one(
                    display_name=computed(),
                    email_address=optional(),
                    id=optional(),
                    type=required(),
                    uri=optional(),
                ),
            ),
            owner=one(display_name=either(), id=required()),
        ),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        aws.s3.put_bucket_acl(Bucket=wanted["bucket"], ACL=wanted["acl"])
        return f"{wanted['bucket']},{wanted['acl']}"

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(lambda: aws.s3.get_bucket_acl(Bucket=state["bucket"]), GONE)
        return answer and {
            "access_control_policy": [
                {
                    "grant": [self._grant(one_) for one_ in answer["Grants"]],
                    "owner": [{"id": answer["Owner"]["ID"], "display_name": ""}],
                }
            ]
        }

    def _grant(self, live: Any) -> Values:
        grantee = live["Grantee"]
        return {
            "permission": live["Permission"],
            "grantee": [
                {
                    "display_name": "",
                    "email_address": "",
                    "id": grantee.get("ID", ""),
                    "type": grantee["Type"],
                    "uri": grantee.get("URI", ""),
                }
            ],
        }


class OwnershipControls:
    name = "aws_s3_bucket_ownership_controls"
    schema: ClassVar[Schema] = {
        **ID,
        "bucket": required(),
        "rule": one(object_ownership=required()),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        rules = [{"ObjectOwnership": rule["object_ownership"]} for rule in wanted["rule"]]
        aws.s3.put_bucket_ownership_controls(
            Bucket=wanted["bucket"], OwnershipControls={"Rules": rules}
        )
        return str(wanted["bucket"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(
            lambda: aws.s3.get_bucket_ownership_controls(Bucket=state["id"]),
            "OwnershipControlsNotFoundError",
            GONE,
        )
        rules = answer["OwnershipControls"]["Rules"] if answer else []
        return answer and {
            "rule": [{"object_ownership": rule["ObjectOwnership"]} for rule in rules]
        }


class Logging:
    name = "aws_s3_bucket_logging"
    schema: ClassVar[Schema] = {
        **ID,
        "bucket": required(),
        "expected_bucket_owner": optional(),
        "target_bucket": required(),
        "target_prefix": required(),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        target = {
            "TargetBucket": wanted["target_bucket"],
            "TargetPrefix": wanted["target_prefix"],
        }
        aws.s3.put_bucket_logging(
            Bucket=wanted["bucket"], BucketLoggingStatus={"LoggingEnabled": target}
        )
        return str(wanted["bucket"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = found(lambda: aws.s3.get_bucket_logging(Bucket=state["id"]), GONE)
        enabled = answer and answer.get("LoggingEnabled")
        return enabled and {
            "target_bucket": enabled["TargetBucket"],
            "target_prefix": enabled["TargetPrefix"],
        }


RESOURCES = (
    BucketPolicy(),
    PublicAccessBlock(),
    AccountPublicAccessBlock(),
    Versioning(),
    Encryption(),
    Acl(),
    OwnershipControls(),
    Logging(),
)
