from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.parsers import ResponseParserError
from hypothesis import given
from hypothesis import strategies as st

from driftguard.live.actions import iam_action
from driftguard.live.failure import Question, RoleNotAssumedError, unreadable

ASKED = Question(service="s3", operation="GetBucketPolicy", region="eu-west-1")


def refused(code: str, message: str = "", status: int = 400) -> exceptions.ClientError:
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return exceptions.ClientError(response, "GetBucketPolicy")  # type: ignore[arg-type]


SENTENCES = [
    (exceptions.ReadTimeoutError(endpoint_url="u"), "did not answer in time", True),
    (exceptions.ConnectTimeoutError(endpoint_url="u"), "did not answer in time", True),
    (exceptions.EndpointConnectionError(endpoint_url="u"), "can't be reached", True),
    (exceptions.SSLError(endpoint_url="u", error="e"), "set AWS_CA_BUNDLE", True),
    (exceptions.ProxyConnectionError(proxy_url="http://me:bait@p"), "through the proxy", True),
    (exceptions.ConnectionClosedError(endpoint_url="u"), "broke off", True),
    (exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2), "broke off", True),
    (ResponseParserError("bait"), "is malformed", True),
    (exceptions.NoCredentialsError(), "no AWS credentials were found", False),
    (exceptions.UnauthorizedSSOTokenError(), "aws sso login", False),
    (exceptions.SSOTokenLoadError(error_msg="bait"), "aws sso login", False),
    (exceptions.TokenRetrievalError(provider="p", error_msg="bait"), "aws sso login", False),
    (exceptions.ConfigParseError(path="p", error="bait"), "can't be parsed", False),
    (exceptions.ParamValidationError(report="bait"), "takes no such parameters", False),
    (RuntimeError("bait"), "could not be asked (RuntimeError)", False),
    (refused("AccessDenied"), "grant s3:GetBucketPolicy to the identity that scans", False),
    (refused("SlowDown", status=503), "AWS throttled s3:GetBucketPolicy in eu-west-1", True),
    (refused("Gone", status=410), "AWS refused s3:GetBucketPolicy in eu-west-1 (Gone)", False),
    (refused("Odd", status=599), "AWS failed to answer", True),
    (RoleNotAssumedError("arn:aws:iam::1:role/x"), "the role arn:aws:iam::1:role/x can't", False),
]


@pytest.mark.parametrize(("error", "sentence", "retryable"), SENTENCES)
def test_each_exception_has_its_sentence(error: Exception, sentence: str, retryable: bool) -> None:
    why = unreadable(error, ASKED)

    assert sentence in why.reason
    assert retryable == why.retryable
    assert "bait" not in why.reason


def test_a_denied_key_is_named_where_aws_names_it() -> None:
    message = "User: arn:aws:iam::1:user/jane is not authorized to perform: kms:Decrypt on resource"

    why = unreadable(refused("AccessDenied", message, 403), ASKED)

    assert "grant kms:Decrypt" in why.reason
    assert "jane" not in why.reason


def test_an_endpoint_can_t_name_any_action_it_likes() -> None:
    message = "you are not authorized to perform: iam:PassRole"

    why = unreadable(refused("AccessDenied", message, 403), ASKED)

    assert "grant s3:GetBucketPolicy" in why.reason


@given(code=st.text(), message=st.text(), status=st.integers())
def test_no_answer_breaks_the_sentence_or_is_quoted(code: str, message: str, status: int) -> None:
    secret = "bait-" + message

    why = unreadable(refused(code, secret, status), ASKED)

    assert why.reason.isprintable()
    assert secret not in why.reason


@pytest.mark.parametrize("response", [{}, {"Error": None}, {"Error": 5}, {"Error": {"Code": []}}])
def test_an_error_answer_of_any_shape_has_a_sentence(response: dict[str, object]) -> None:
    error = exceptions.ClientError({"Error": {}}, "GetBucketPolicy")
    error.response = response  # type: ignore[assignment]

    assert "GetBucketPolicy" in unreadable(error, ASKED).reason


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ec2", "DescribeInstances", "ec2:DescribeInstances"),
        ("elbv2", "DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
        ("lambda", "ListFunctions", "lambda:ListFunctions"),
        ("logs", "DescribeLogGroups", "logs:DescribeLogGroups"),
        ("s3", "GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("s3", "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        ("s3", "HeadBucket", "s3:ListBucket"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
        ("apigatewayv2", "GetApis", "apigateway:GET"),
    ],
)
def test_the_action_to_grant_is_iam_s_own_name(service: str, operation: str, action: str) -> None:
    assert action == iam_action(service, operation)
