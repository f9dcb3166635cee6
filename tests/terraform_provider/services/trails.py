"""CloudTrail's trails and CloudWatch's log groups."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.terraform_provider.aws import Aws, by_key, pairs
from tests.terraform_provider.schema import (
    BOOL,
    ID,
    NUMBER,
    STRING_LIST,
    STRINGS,
    TAGS,
    Schema,
    computed,
    either,
    many,
    optional,
    required,
)
from tests.terraform_provider.wire import Values

_WIRE = {
    "enable_log_file_validation": "LogFileValidationEnabled",
    "include_global_service_events": "IncludeGlobalServiceEvents",
    "is_multi_region_trail": "IsMultiRegionTrail",
    "is_organization_trail": "IsOrganizationTrail",
}
_TEXTS = {
    "cloud_watch_logs_group_arn": "CloudWatchLogsLogGroupArn",
    "cloud_watch_logs_role_arn": "CloudWatchLogsRoleArn",
    "kms_key_id": "KmsKeyId",
    "s3_bucket_name": "S3BucketName",
    "s3_key_prefix": "S3KeyPrefix",
    "sns_topic_name": "SnsTopicName",
}


class Trail:
    name = "aws_cloudtrail"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "cloud_watch_logs_group_arn": optional(),
        "cloud_watch_logs_role_arn": optional(),
        "enable_log_file_validation": optional(BOOL, default=False),
        "enable_logging": optional(BOOL, default=True),
        "home_region": computed(),
        "include_global_service_events": optional(BOOL, default=True),
        "is_multi_region_trail": optional(BOOL, default=False),
        "is_organization_trail": optional(BOOL, default=False),
        "kms_key_id": optional(),
        "name": required(),
        "s3_bucket_name": required(),
        "s3_key_prefix": optional(),
        "sns_topic_name": optional(),
        "event_selector": many(
            most=5,
            exclude_management_event_sources=optional(STRINGS),
            include_management_events=optional(BOOL, default=True),
            read_write_type=optional(default="All"),
            data_resource=many(type=required(), values=required(STRING_LIST)),
        ),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        asked = {w: wanted[n] for n, w in {**_WIRE, **_TEXTS}.items() if wanted[n] is not None}
        asked["EnableLogFileValidation"] = asked.pop("LogFileValidationEnabled")
        tags = pairs(wanted["tags_all"])
        made = aws.cloudtrail.create_trail(Name=wanted["name"], TagsList=tags, **asked)
        if wanted["enable_logging"]:
            aws.cloudtrail.start_logging(Name=wanted["name"])
        if wanted["event_selector"]:
            aws.cloudtrail.put_event_selectors(
                TrailName=wanted["name"],
                EventSelectors=[_selector(one) for one in wanted["event_selector"]],
            )
        return str(made["TrailARN"])

    def read(self, aws: Aws, state: Values) -> Values | None:
        arn = state["id"]
        trails = aws.cloudtrail.describe_trails(trailNameList=[arn])["trailList"]
        trails = [one for one in trails if one["TrailARN"] == arn]  # moto lists all
        if not trails:
            return None
        live = trails[0]
        tags = aws.cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"]
        return {
            **{name: live.get(wire, False) for name, wire in _WIRE.items()},
            **{name: live.get(wire, "") for name, wire in _TEXTS.items()},
            "arn": live["TrailARN"],
            "enable_logging": aws.cloudtrail.get_trail_status(Name=arn)["IsLogging"],
            "home_region": live["HomeRegion"],
            "name": live["Name"],
            "event_selector": self._selectors(aws, live["Name"]),
            **aws.tags(by_key(tags)),
        }

    def _selectors(self, aws: Aws, name: str) -> list[Values]:
        answer = aws.cloudtrail.get_event_selectors(TrailName=name)
        return [
            {
                "exclude_management_event_sources": one.get("ExcludeManagementEventSources", []),
                "include_management_events": one["IncludeManagementEvents"],
                "read_write_type": one["ReadWriteType"],
                "data_resource": [
                    {"type": data["Type"], "values": data["Values"]}
                    for data in one.get("DataResources", ())
                ],
            }
            for one in answer.get("EventSelectors") or ()
        ]


def _selector(block: Values) -> dict[str, Any]:
    return {
        "ReadWriteType": block["read_write_type"],
        "IncludeManagementEvents": block["include_management_events"],
        "DataResources": [
            {"Type": one["type"], "Values": one["values"]} for one in block["data_resource"]
        ],
    }


class LogGroup:
    name = "aws_cloudwatch_log_group"
    schema: ClassVar[Schema] = {
        **ID,
        **TAGS,
        "arn": computed(),
        "kms_key_id": optional(),
        "log_group_class": either(),
        "name": either(),
        "name_prefix": either(),
        "retention_in_days": optional(NUMBER, default=0),
        "skip_destroy": optional(BOOL, default=False),
    }

    def create(self, aws: Aws, wanted: Values) -> str:
        key = {"kmsKeyId": wanted["kms_key_id"]} if wanted["kms_key_id"] else {}
        name, days = wanted["name"], wanted["retention_in_days"]
        aws.logs.create_log_group(logGroupName=name, tags=wanted["tags_all"] or {}, **key)
        if days:
            aws.logs.put_retention_policy(logGroupName=name, retentionInDays=int(days))
        return str(name)

    def read(self, aws: Aws, state: Values) -> Values | None:
        name = state["id"]
        for live in aws.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]:
            if live["logGroupName"] == name:
                arn = live["arn"].removesuffix(":*")
                return {
                    "arn": arn,
                    "kms_key_id": live.get("kmsKeyId", ""),
                    "log_group_class": live.get("logGroupClass", "STANDARD"),
                    "name": name,
                    "name_prefix": "",
                    "retention_in_days": live.get("retentionInDays", 0),
                    **aws.tags(aws.logs.list_tags_for_resource(resourceArn=arn)["tags"]),
                }
        return None


RESOURCES = (Trail(), LogGroup())
