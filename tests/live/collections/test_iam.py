import pytest
from moto import mock_aws

from driftguard.live.collections import COLLECTIONS
from driftguard.live.collections.iam_identities import GROUPS, ROLES, USERS
from driftguard.live.collections.iam_instance_profiles import InstanceProfiles
from driftguard.live.collections.iam_password_policy import PasswordPolicy
from driftguard.live.collections.iam_policies import Policies
from driftguard.live.collections.iam_policy_entities import PolicyEntities
from driftguard.live.reader import Pages, Wanted
from driftguard.model import Unreadable
from tests.moto_reader import MotoReader
from tests.resources import iam_account as account
from tests.resources.iam_account import GROUP, OTHER_ARN, POLICY_ARN, PROFILE, ROLE, USER, policy

DETAILS = "iam.GetAccountAuthorizationDetails"
COMPUTED = {"RoleId", "CreateDate", "RoleLastUsed", "InstanceProfileList", "UserId", "GroupList"}
COMPUTED |= {"GroupId", "PasswordLastUsed"}


@pytest.fixture
def iam():
    with mock_aws():
        yield account.create()


def broken(*operations, code="AccessDenied"):
    return MotoReader(broken={f"iam.{operation}": code for operation in operations})


def wanted(*ids):
    return Wanted(ids=frozenset(ids))


def facts(raw):
    return {key: value for key, value in raw.items() if key not in COMPUTED and value}


@pytest.mark.parametrize(
    ("collection", "declared", "calls"),
    [
        (ROLES, ROLE, {DETAILS: 1, "iam.ListRoles": 1}),
        (USERS, USER, {DETAILS: 1}),
        (GROUPS, GROUP, {DETAILS: 1}),
        (Policies(), POLICY_ARN, {DETAILS: 1, "iam.GetPolicy": 1}),
        (InstanceProfiles(), PROFILE, {"iam.ListInstanceProfiles": 1, "iam.GetInstanceProfile": 1}),
        (PasswordPolicy(), "iam-account-password-policy", {"iam.GetAccountPasswordPolicy": 1}),
        (PolicyEntities(), POLICY_ARN, {"iam.ListEntitiesForPolicy": 1}),
    ],
)
def test_no_more_calls_are_made_than_needed_whatever_else_there_is(
    iam, collection, declared, calls
):
    for number in range(3):
        iam.create_role(RoleName=f"r{number}", AssumeRolePolicyDocument=account.trust())
        iam.create_user(UserName=f"u{number}")
        iam.create_policy(PolicyName=f"p{number}", PolicyDocument=policy())
        iam.create_instance_profile(InstanceProfileName=f"i{number}")
    reader = MotoReader()
    listing = collection.read(reader, wanted(declared))
    assert reader.calls == calls
    assert {f"iam:{call.partition('.')[2]}" for call in calls} == set(collection.permissions)
    assert listing.failure is None
    assert listing.items[declared].unread == {}
    assert COLLECTIONS[collection.name].is_global


@pytest.mark.parametrize(
    ("collection", "declared"), [(ROLES, ROLE), (USERS, USER), (GROUPS, GROUP)]
)
@pytest.mark.parametrize("listable", [True, False])
def test_refused_the_bulk_call_declared_identities_are_asked_for_one_by_one(
    iam, collection, declared, listable
):
    iam.create_role(RoleName="other", AssumeRolePolicyDocument=account.trust())
    refused = () if listable else (f"List{collection.kind}s",)
    bulk = collection.read(MotoReader(), wanted(declared))
    reader = broken("GetAccountAuthorizationDetails", *refused)
    asked = collection.read(reader, wanted(declared, "gone"))
    assert facts(bulk.items[declared].raw) == facts(asked.items[declared].raw)
    assert asked.items[declared].unread == {}
    assert (asked.failure is None) is listable
    assert asked.absent == (frozenset() if listable else {"gone"})
    assert reader.calls[f"iam.Get{collection.kind}"] <= (1 if listable else 2)


def test_refused_all_calls_the_reason_is_the_bulk_calls(iam):
    reader = broken(
        "GetAccountAuthorizationDetails", "ListRoles", "GetRole", "ListAttachedRolePolicies",
        "ListRolePolicies",
    )  # fmt: skip
    listing = ROLES.read(reader, wanted(ROLE))
    assert dict(listing.items) == {}
    assert listing.failure == Unreadable(reason="AccessDenied")
    assert listing.absent == frozenset()


@pytest.mark.parametrize(
    ("refused", "unread"),
    [
        (["GetRole"], {"PermissionsBoundary", "Tags"}),
        (["ListAttachedRolePolicies"], {"AttachedManagedPolicies"}),
        (["ListRolePolicies"], {"RolePolicyList"}),
        (["GetRolePolicy"], {"RolePolicyList"}),
        (["ListRoles", "GetRolePolicy"], {"RolePolicyList"}),
    ],
)
def test_what_the_fallback_leaves_unknown_is_unread_part_by_part(iam, refused, unread):
    reader = broken("GetAccountAuthorizationDetails", *refused)
    role = ROLES.read(reader, wanted(ROLE)).items[ROLE]
    assert unread == set(role.unread)
    assert "AssumeRolePolicyDocument" in role.raw


def test_attached_policies_are_known_though_nothing_else_is(iam):
    reader = broken("GetAccountAuthorizationDetails", "ListRoles", "GetRole", "ListRolePolicies")
    role = ROLES.read(reader, wanted(ROLE)).items[ROLE]
    assert [one["PolicyArn"] for one in role.raw["AttachedManagedPolicies"]] == [POLICY_ARN]
    assert {"AssumeRolePolicyDocument", "Path", "RolePolicyList"} <= set(role.unread)


def test_refused_the_list_of_roles_only_what_it_has_is_asked_for(iam):
    reader = broken("ListRoles")
    listing = ROLES.read(reader, wanted(ROLE))
    assert listing.failure is None
    assert listing.items[ROLE].unread == {}
    assert listing.items[ROLE].raw["MaxSessionDuration"] == 7200
    assert reader.calls == {DETAILS: 1, "iam.ListRoles": 1, "iam.GetRole": 1}


class Throttled(MotoReader):
    """Moto that breaks off the bulk call for a while."""

    def pages(self, service, operation, key, params=None):
        """Fail the bulk call in a way that looking again may cure."""
        if operation == "GetAccountAuthorizationDetails":
            return Pages(items=[], failure=Unreadable(reason="throttled", retryable=True))
        return super().pages(service, operation, key, params or {})


@pytest.mark.parametrize("collection", [ROLES, USERS, GROUPS])
def test_a_throttled_bulk_call_is_not_answered_with_a_flood_of_others(iam, collection):
    reader = Throttled()
    collection.read(reader, wanted(ROLE, USER, GROUP))
    assert set(reader.calls) <= {"iam.ListRoles"}


def test_a_throttled_bulk_call_leaves_what_the_list_does_not_tell_unknown(iam):
    role = ROLES.read(Throttled(), wanted(ROLE)).items[ROLE]
    unknown = {"PermissionsBoundary", "Tags", "RolePolicyList", "AttachedManagedPolicies"}
    assert unknown == set(role.unread)
    assert all(why.retryable for why in role.unread.values())


def test_the_default_version_of_a_policy_is_its_document(iam):
    iam.create_policy_version(PolicyArn=POLICY_ARN, PolicyDocument=policy("a:B"), SetAsDefault=True)
    for reader in (MotoReader(), broken("GetAccountAuthorizationDetails")):
        item = Policies().read(reader, wanted(POLICY_ARN)).items[POLICY_ARN]
        assert item.raw["Document"]["Statement"][0]["Action"] == ["a:B"]
        assert item.raw["Description"] == "reads"
        assert item.unread == {}


def test_policies_are_listed_by_name_where_the_bulk_call_is_refused(iam):
    listing = Policies().read(broken("GetAccountAuthorizationDetails"), wanted(POLICY_ARN))
    assert listing.failure is None
    assert set(listing.items) == {POLICY_ARN, OTHER_ARN}
    assert set(listing.items[OTHER_ARN].unread) == {"Description", "Tags", "Document"}


def test_a_policy_that_is_gone_is_absent_though_no_list_can_be_had(iam):
    gone = f"{OTHER_ARN}-gone"
    reader = broken("GetAccountAuthorizationDetails", "ListPolicies")
    listing = Policies().read(reader, wanted(POLICY_ARN, gone))
    assert listing.failure is not None
    assert listing.absent == {gone}
    assert listing.items[POLICY_ARN].unread == {}


def test_a_policys_tags_are_unread_where_get_policy_is_refused(iam):
    item = Policies().read(broken("GetPolicy"), wanted(POLICY_ARN)).items[POLICY_ARN]
    assert {"Tags"} <= set(item.unread) <= {"Tags", "Description"}
    assert item.unread["Tags"].reason == "AccessDenied"


def test_a_document_is_unread_where_nobody_may_read_it(iam):
    reader = broken("GetAccountAuthorizationDetails", "GetPolicyVersion")
    item = Policies().read(reader, wanted(POLICY_ARN)).items[POLICY_ARN]
    assert set(item.unread) == {"Document"}


def test_profiles_are_asked_for_by_name_where_the_list_is_refused(iam):
    listing = InstanceProfiles().read(broken("ListInstanceProfiles"), wanted(PROFILE, "gone"))
    assert listing.failure is not None
    assert listing.absent == {"gone"}
    assert listing.items[PROFILE].unread == {}
    assert listing.items[PROFILE].raw["Roles"][0]["RoleName"] == ROLE


def test_a_refused_password_policy_is_unknown_and_an_absent_one_is_not(iam):
    assert PasswordPolicy().read(broken("GetAccountPasswordPolicy"), wanted()).failure is not None
    iam.delete_account_password_policy()
    listing = PasswordPolicy().read(MotoReader(), wanted())
    assert (listing.failure, dict(listing.items)) == (None, {})


class Cut(MotoReader):
    """Moto that says of the first page of a policy's entities that there is more."""

    def call(self, service, operation, params=None, **kwargs):
        """Mark the answer as cut."""
        answer = super().call(service, operation, params or {}, **kwargs)
        return {**answer, "PolicyRoles": [], "IsTruncated": True}


def test_the_entities_of_a_policy_are_read_to_the_last_page(iam):
    item = PolicyEntities().read(Cut(), wanted(POLICY_ARN)).items[POLICY_ARN]
    assert [one["RoleName"] for one in item.raw["PolicyRoles"]] == [ROLE]
    assert item.unread == {}


def test_a_policy_that_does_not_exist_has_no_entities_and_a_refused_one_is_unknown(iam):
    gone = broken("ListEntitiesForPolicy", code="NoSuchEntity")
    assert PolicyEntities().read(gone, wanted(POLICY_ARN)).absent == {POLICY_ARN}
    refused = PolicyEntities().read(broken("ListEntitiesForPolicy"), wanted(POLICY_ARN))
    assert len(refused.items[POLICY_ARN].unread) == 3
    assert refused.absent == frozenset()


def test_an_identity_seen_by_one_bulk_call_alone_is_unknown_for_now(iam):
    class Late(MotoReader):
        def pages(self, service, operation, key, params=None):
            if operation == "ListRoles":
                iam.create_role(RoleName="late", AssumeRolePolicyDocument=account.trust())
            return super().pages(service, operation, key, params or {})

    listing = ROLES.read(Late(), wanted(ROLE, "late"))
    assert listing.failure is None
    assert listing.items["late"].unread["Tags"].retryable


class CutShort(MotoReader):
    """Moto that says of every list about one identity that there is more."""

    def call(self, service, operation, params=None, **kwargs):
        """Mark the answer as cut."""
        answer = super().call(service, operation, params or {}, **kwargs)
        return {**answer, "IsTruncated": True} if operation.startswith("List") else answer


def test_a_list_that_was_cut_is_unread_rather_than_short(iam):
    refused = {"iam.GetAccountAuthorizationDetails": "AccessDenied"}
    role = ROLES.read(CutShort(broken=refused), wanted(ROLE)).items[ROLE]
    assert set(role.unread) == {"AttachedManagedPolicies", "RolePolicyList"}
