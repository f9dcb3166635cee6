"""Services of the query and the JSON protocols: one big answer, parsed by us and by botocore."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import botocore.session
from botocore.parsers import ResponseParserFactory

from benchmarks.measure import cpu
from driftguard.live.parsers import Parsers

_ARN = "arn:aws:iam::111111111111"


def _query(operation: str, listed: str, element: Callable[[int], str], size: int) -> bytes:
    elements = "".join(map(element, range(size)))
    return (
        f'<{operation}Response xmlns="https://example.com/doc/"><{operation}Result>'
        f"<{listed}>{elements}</{listed}></{operation}Result><ResponseMetadata>"
        f"<RequestId>r</RequestId></ResponseMetadata></{operation}Response>"
    ).encode()


def _role(number: int) -> str:
    return (
        f"<member><Path>/</Path><RoleName>role-{number}</RoleName><RoleId>AROA{number:017}</RoleId>"
        f"<Arn>{_ARN}:role/role-{number}</Arn><CreateDate>2024-05-01T10:00:00Z</CreateDate>"
        "<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D"
        f"%7D</AssumeRolePolicyDocument><Description>role {number}</Description>"
        "<MaxSessionDuration>3600</MaxSessionDuration></member>"
    )


def _database(number: int) -> str:
    return (
        f"<DBInstance><DBInstanceIdentifier>db-{number}</DBInstanceIdentifier>"
        "<DBInstanceClass>db.t3.micro</DBInstanceClass><Engine>postgres</Engine>"
        "<AllocatedStorage>20</AllocatedStorage><MultiAZ>false</MultiAZ>"
        "<InstanceCreateTime>2024-05-01T10:00:00.000Z</InstanceCreateTime>"
        f"<Endpoint><Address>db-{number}.example.com</Address><Port>5432</Port></Endpoint>"
        "<VpcSecurityGroups><VpcSecurityGroupMembership><Status>active</Status>"
        "<VpcSecurityGroupId>sg-1</VpcSecurityGroupId></VpcSecurityGroupMembership>"
        "</VpcSecurityGroups></DBInstance>"
    )


def _json(listed: str, element: Callable[[int], object], size: int) -> bytes:
    return json.dumps({listed: [element(number) for number in range(size)]}).encode()


def _alias(number: int) -> object:
    return {
        "AliasName": f"alias/key-{number}",
        "AliasArn": f"arn:aws:kms:us-east-1:111111111111:alias/key-{number}",
        "TargetKeyId": f"{number:08x}-0000-0000-0000-000000000000",
        "CreationDate": 1714557600.0 + number,
        "LastUpdatedDate": 1714557600.0 + number,
    }


def _log_group(number: int) -> object:
    return {
        "logGroupName": f"/aws/lambda/function-{number}",
        "arn": f"arn:aws:logs:us-east-1:111111111111:log-group:/aws/lambda/function-{number}:*",
        "creationTime": 1714557600000 + number,
        "retentionInDays": 30,
        "metricFilterCount": 0,
        "storedBytes": 1000 + number,
    }


def _queue(number: int) -> object:
    return f"https://sqs.us-east-1.amazonaws.com/111111111111/queue-{number}"


_ANSWERS: dict[str, tuple[str, str, Callable[[int], bytes]]] = {
    "iam ListRoles (query)": (
        "iam",
        "ListRoles",
        lambda size: _query("ListRoles", "Roles", _role, size),
    ),
    "rds DescribeDBInstances (query)": (
        "rds",
        "DescribeDBInstances",
        lambda size: _query("DescribeDBInstances", "DBInstances", _database, size),
    ),
    "kms ListAliases (json)": (
        "kms",
        "ListAliases",
        lambda size: _json("Aliases", _alias, size),
    ),
    "sqs ListQueues (json)": (
        "sqs",
        "ListQueues",
        lambda size: _json("QueueUrls", _queue, size),
    ),
    "logs DescribeLogGroups (json)": (
        "logs",
        "DescribeLogGroups",
        lambda size: _json("logGroups", _log_group, size),
    ),
}
NAMES = tuple(_ANSWERS)


def protocol(name: str, size: int) -> dict[str, float]:
    """Return the seconds of the bare tree or ``json.loads``, of botocore's parser and of ours."""
    service, operation, answer = _ANSWERS[name]
    model = botocore.session.get_session().get_service_model(service)
    shape = model.operation_model(operation).output_shape
    body = answer(size)
    response: dict[str, Any] = {"body": body, "headers": {}, "status_code": 200}
    kind = model.resolved_protocol
    own, ours = (factory.create_parser(kind) for factory in (ResponseParserFactory(), Parsers()))
    if own.parse(response, shape) != ours.parse(response, shape):
        raise RuntimeError(f"{name}: our parser reads something else than botocore's")
    gc.disable()  # as a scan does
    return {
        "floor": cpu(lambda: ET.fromstring(body) if kind == "query" else json.loads(body)),  # noqa: S314  # made here
        "botocore": cpu(lambda: own.parse(response, shape)),
        "ours": cpu(lambda: ours.parse(response, shape)),
    }
