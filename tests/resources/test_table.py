"""What holds for every resource type: complete, documented, named and permitted right."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from driftguard import resources
from driftguard.canonical.kinds import Kind
from driftguard.canonical.kinds import Members as MembersKind
from driftguard.live.collections import COLLECTIONS
from driftguard.live.exposure import NEEDS
from driftguard.model import Severity
from driftguard.resource_type import UNSET, ResourceType
from driftguard.resources import TABLE

HERE = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DRIFTGUARD_CORPUS", HERE / "../shared/realdata"))
SCHEMAS = ("aws-4.36.1-full.json", "aws-6.25.0-attrs-from-cdktf.json")

# IAM actions that are not called like the API operation they permit.
# https://docs.aws.amazon.com/service-authorization/latest/reference/
OPERATIONS = {
    "s3:GetAccountPublicAccessBlock": ("s3control", "GetPublicAccessBlock"),
    "s3:GetAnalyticsConfiguration": ("s3", "GetBucketAnalyticsConfiguration"),
    "s3:GetBucketCORS": ("s3", "GetBucketCors"),
    "s3:GetBucketNotification": ("s3", "GetBucketNotificationConfiguration"),
    "s3:GetBucketObjectLockConfiguration": ("s3", "GetObjectLockConfiguration"),
    "s3:GetBucketPublicAccessBlock": ("s3", "GetPublicAccessBlock"),
    "s3:GetAccelerateConfiguration": ("s3", "GetBucketAccelerateConfiguration"),
    "s3:GetEncryptionConfiguration": ("s3", "GetBucketEncryption"),
    "s3:GetLifecycleConfiguration": ("s3", "GetBucketLifecycleConfiguration"),
    "s3:GetReplicationConfiguration": ("s3", "GetBucketReplication"),
    "s3:ListAllMyBuckets": ("s3", "ListBuckets"),
    "s3:ListBucket": ("s3", "HeadBucket"),
}

every_type = pytest.mark.parametrize("resource_type", TABLE.values(), ids=TABLE)
every_collection = pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=COLLECTIONS)


def test_every_file_of_the_folder_is_listed():
    files = {path.stem for path in Path(resources.__path__[0]).glob("aws_*.py")}
    assert files == set(TABLE)


@every_type
def test_a_type_is_named_like_its_file_and_has_its_docs_page(resource_type: ResourceType):
    module = import_module(f"driftguard.resources.{resource_type.name}")
    assert module.TYPE is resource_type
    assert resource_type.doc == module.__doc__
    registry = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
    page = resource_type.name.removeprefix("aws_")
    assert f"{registry}{page}" in resource_type.doc


@every_type
def test_a_type_is_read_from_a_collection_of_its_own_reach(resource_type: ResourceType):
    collection = COLLECTIONS[resource_type.collection]
    assert resource_type.is_global == collection.is_global


@every_type
def test_attributes_are_named_once_and_left_out_for_a_reason(resource_type: ResourceType):
    names = Counter(attribute.name for attribute in resource_type.attributes)
    assert [name for name, count in names.items() if count > 1] == []
    heads = {name.partition(".")[0] for name in names}
    assert heads & resource_type.not_compared.keys() == set()
    assert [name for name, why in resource_type.not_compared.items() if len(why) < 4] == []


# Whose bulk list says no more than which there are.
LISTED_BY_ID_ALONE = {"aws_kms_key", "aws_sns_topic", "aws_sqs_queue"}


@every_type
def test_what_describes_an_unmanaged_one_is_among_its_attributes(resource_type: ResourceType):
    names = {attribute.name for attribute in resource_type.attributes}
    assert set(resource_type.describe) <= names
    assert len(set(resource_type.describe)) == len(resource_type.describe)
    if resource_type.unmanaged is not None and resource_type.name not in LISTED_BY_ID_ALONE:
        assert resource_type.describe


@every_type
def test_attributes_are_sound(resource_type: ResourceType):
    for attribute in resource_type.attributes:
        assert isinstance(attribute.kind, Kind), attribute.name
        assert re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", attribute.name)
        assert all(need and "." not in need for need in attribute.needs), attribute.name
        if attribute.by_id is not None:
            assert attribute.part
        if attribute.part and attribute.by_id is not None:
            assert isinstance(attribute.kind, MembersKind)


@every_type
def test_what_a_state_does_not_hold_is_not_called_nothing(resource_type: ResourceType):
    made_up = [
        attribute.name
        for attribute in resource_type.attributes
        if attribute.declared is not None and not attribute.part
        if attribute.declared({}) is not UNSET
        if (resource_type.name, attribute.name) not in HELD_BY_EVERY_STATE
    ]
    assert made_up == []


# An absent value means something here, and no provider's state lacks the key.
HELD_BY_EVERY_STATE = {
    ("aws_s3_bucket_acl", "access_control_policy.grant"),  # none given is the canned "private"
    ("aws_s3_bucket_logging", "target_grant"),
}


@every_type
def test_a_type_that_we_read_is_no_foreign_owner(resource_type: ResourceType):
    foreign = set(resource_type.adopted_by)
    for attribute in resource_type.attributes:
        assert attribute.part or not attribute.owned_by, attribute.name
        foreign |= set(attribute.owned_by)
    assert foreign & set(TABLE) == set()


@every_type
def test_a_documented_default_has_its_source_and_a_canonical_form(resource_type: ResourceType):
    for attribute in resource_type.attributes:
        if attribute.default is UNSET:
            assert attribute.default_source == ""
            continue
        assert attribute.default_source.startswith("https://"), attribute.name
        default = attribute.kind.canonical(attribute.default)
        assert default != attribute.kind.canonical(None), attribute.name


@every_type
def test_severities_are_sensible(resource_type: ResourceType):
    for attribute in resource_type.attributes:
        if attribute.name == "tags":
            assert attribute.severity is Severity.INFO
    assert resource_type.severity_missing >= Severity.LOW
    assert resource_type.severity >= Severity.LOW


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_attribute_of_the_provider_is_compared_or_left_out_for_a_reason(schema: str):
    known = _provider_attributes(schema)
    lacking = {
        name: sorted(known[name] - _heads(one) - one.not_compared.keys())
        for name, one in TABLE.items()
        if name in known
    }
    assert {name: left for name, left in lacking.items() if left} == {}


def test_no_attribute_is_made_up():
    """Only a part may have a name of ours: what standalone resources declare of the object."""
    schemas = [_provider_attributes(schema) for schema in SCHEMAS]
    made_up = {
        name: sorted(
            _heads(one)
            - {attribute.name for attribute in one.attributes if attribute.part}
            - set().union(*(schema[name] for schema in schemas))
        )
        for name, one in TABLE.items()
        if all(name in schema for schema in schemas)
    }
    assert {name: left for name, left in made_up.items() if left} == {}


def test_every_setting_inside_a_compared_block_is_compared():
    """A block told as dotted attributes must not leave one of the provider's out."""
    known = _provider_blocks(SCHEMAS[0])
    lacking = {
        name: sorted(
            setting
            for setting in known[name]
            if setting.partition(".")[0] in _stepped_into(one)
            and not _covered(setting, {attribute.name for attribute in one.attributes})
            and not _covered(setting, one.not_compared)
            and (name, setting) not in TOLD_OTHERWISE
        )
        for name, one in TABLE.items()
        if name in known
    }
    assert {name: left for name, left in lacking.items() if left} == {}


TOLD_OTHERWISE = {
    ("aws_s3_bucket", "object_lock_configuration.object_lock_enabled"),  # `object_lock_enabled`
    ("aws_s3_bucket_acl", "access_control_policy.owner.display_name"),  # retired by AWS
}


def _covered(setting: str, names: Iterable[str]) -> bool:
    return any(setting == name or setting.startswith(f"{name}.") for name in names)


def _stepped_into(resource_type: ResourceType) -> set[str]:
    names = {attribute.name for attribute in resource_type.attributes}
    return {name.partition(".")[0] for name in names if "." in name} - names


def _heads(resource_type: ResourceType) -> set[str]:
    return {attribute.name.partition(".")[0] for attribute in resource_type.attributes}


@cache
def _provider_attributes(schema: str) -> dict[str, set[str]]:
    path = CORPUS / "schema" / schema
    if not path.exists():
        pytest.skip(f"{path} is not there (DRIFTGUARD_CORPUS names another corpus)")
    document = json.loads(path.read_bytes())
    if "resources" in document:
        return {name: set(attributes) for name, attributes in document["resources"].items()}
    (provider,) = document["provider_schemas"].values()
    return {name: _names(one["block"]) for name, one in provider["resource_schemas"].items()}


def _names(block: Mapping[str, Any]) -> set[str]:
    return {*block.get("attributes", {}), *block.get("block_types", {})}


@cache
def _provider_blocks(schema: str) -> dict[str, set[str]]:
    path = CORPUS / "schema" / schema
    if not path.exists():
        pytest.skip(f"{path} is not there (DRIFTGUARD_CORPUS names another corpus)")
    (provider,) = json.loads(path.read_bytes())["provider_schemas"].values()
    return {
        name: set(_settings(one["block"], ""))
        for name, one in provider["resource_schemas"].items()
        if name in TABLE
    }


def _settings(block: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, attribute in block.get("attributes", {}).items():
        if path and (attribute.get("optional") or attribute.get("required")):
            yield f"{path}{name}"
    for name, inner in block.get("block_types", {}).items():
        yield from _settings(inner["block"], f"{path}{name}.")


@every_collection
def test_a_collection_is_named_and_read_by_some_type(collection: Any):
    assert re.fullmatch(r"[a-z0-9]+\.[a-z0-9_]+", collection.name)
    read = {one.collection for one in TABLE.values()}
    assert collection.name in read | {name for needed in NEEDS.values() for name in needed}


@every_collection
def test_permissions_are_read_actions_that_aws_has(collection: Any):
    assert collection.permissions
    assert len(collection.permissions) == len(set(collection.permissions))
    for action in collection.permissions:
        service, operation = OPERATIONS.get(action) or action.split(":")
        assert re.match(r"(Describe|Get|List|Head)", operation), action
        assert operation in _operations(service), action


@cache
def _operations(service: str) -> frozenset[str]:
    model = Loader().load_service_model(service, "service-2")
    return frozenset(ServiceModel(model, service).operation_names)
