"""The company as a whole, and what somebody changes in it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from driftguard.demo.cloud import Cloud, Step
from driftguard.demo.identity import build_identity
from driftguard.demo.network import build_network, permission
from driftguard.demo.state import State
from driftguard.demo.storage import INVOICES, build_storage
from driftguard.demo.workload import build_workload

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def build_company(cloud: Cloud, path: Path) -> Mapping[str, str]:
    """Make the company, write its Terraform state, and return the ids of its network."""
    state = State()
    network = build_network(cloud, state)
    build_identity(cloud, state)
    key = build_storage(cloud, state)
    build_workload(cloud, state, network, key)
    state.write(path)
    return network


def steps_by_hand(network: Mapping[str, str]) -> tuple[Step, ...]:
    """Return an afternoon's work in the console, each step with its good reason."""
    web, database = network["web"], network["db"]
    return (
        Step(
            story="opens SSH to look at a log file, from wherever they are",
            service="ec2",
            operation="authorize_security_group_ingress",
            params={
                "GroupId": web,
                "IpPermissions": [permission(22, "0.0.0.0/0", "temporary")],
            },
        ),
        Step(
            story="removes a bucket's public access block, to share one invoice",
            service="s3",
            operation="delete_public_access_block",
            params={"Bucket": INVOICES},
        ),
        Step(
            story="attaches admin to the worker, to see whether permissions are the problem",
            service="iam",
            operation="attach_role_policy",
            params={"RoleName": "shop-worker", "PolicyArn": ADMIN},
        ),
        Step(
            story="deletes the rule that lets the web servers reach the database",
            service="ec2",
            operation="revoke_security_group_ingress",
            params={
                "GroupId": database,
                "SecurityGroupRuleIds": [network["db_rule"]],
            },
        ),
        Step(
            story="edits a tag on the network",
            service="ec2",
            operation="create_tags",
            params={
                "Resources": [network["vpc"]],
                "Tags": [{"Key": "Environment", "Value": "staging"}],
            },
        ),
        Step(
            story="makes a bucket for a quick export",
            service="s3",
            operation="create_bucket",
            params={
                "Bucket": "shop-quick-export",
                "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"},
            },
        ),
    )
