from __future__ import annotations

import pytest

from driftguard.compare.everything import compare_everything
from driftguard.model import Absent, Item, Scope, Unreadable
from driftguard.resources import TABLE
from tests.resources.s3_states import BUCKET, inline, part_of
from tests.scanned import Plain

ODD: tuple[object, ...] = (
    "text",
    5,
    True,
    ["text"],
    [None],
    [[]],
    {"": None},
    [{"": 1}],
    [{"id": [{}], "Grantee": {"ID": {}}}],
    {},
)
KEYS = {
    "Acl": ("Grants", "Owner"),
    "Cors": ("CORSRules",),
    "Encryption": ("Rules",),
    "Lifecycle": ("Rules",),
    "Logging": ("LoggingEnabled",),
    "ObjectLock": ("Rule",),
    "Ownership": ("Rules",),
    "Policy": (),
    "PublicAccessBlock": ("BlockPublicAcls",),
    "Replication": ("Rules", "Role"),
    "Tagging": ("TagSet",),
    "Versioning": ("Status",),
    "Website": ("RoutingRules", "RedirectAllRequestsTo"),
}
SPLIT = tuple(
    part_of(name, acl="private", policy="{}", block_public_acls=True, target_grant=[])
    for name, one in TABLE.items()
    if one.collection == "s3.buckets" and one.unmanaged is None
)


class _One:
    def __init__(self, raw: dict[str, object]) -> None:
        self._item = Item(id=BUCKET, raw={"Name": BUCKET, **raw})

    def find(self, collection: str, scope: Scope, object_id: str) -> Item | Absent | Unreadable:
        return self._item


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_an_answer_of_another_shape_breaks_nothing(odd: object):
    for key, inner in KEYS.items():
        for raw in ({key: odd}, *({key: {name: odd}} for name in inner)):
            compared = compare_everything(TABLE, [inline(), *SPLIT], _One(raw), Plain())
            assert len(compared.resources) == len(SPLIT) + 1


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_state_of_another_shape_breaks_nothing(odd: object):
    for type_name, one in TABLE.items():
        if one.collection != "s3.buckets":
            continue
        for attribute in {attribute.name.partition(".")[0] for attribute in one.attributes} | {
            "access_control_policy",
            "acl",
        }:
            declared = part_of(type_name, **{attribute: odd})
            assert compare_everything(TABLE, [declared], _One({}), Plain()).resources
