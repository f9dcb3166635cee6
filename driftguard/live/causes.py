"""Of what kind a failure is: a closed set, for sentences and for metrics."""

from __future__ import annotations

import enum
import os
import traceback
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class Cause(enum.StrEnum):
    """Why there is no answer; the value is a metric's label."""

    THROTTLED = "throttled"
    DENIED = "denied"
    EXPIRED = "expired"
    """The credentials were good once."""
    NOT_ACCEPTED = "not_accepted"
    """The credentials mean nothing there: a disabled region, or wrong keys."""
    SIGNATURE = "signature"
    CREDENTIALS = "credentials"
    """There are none, or they can't be had."""
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BROKEN_OFF = "broken_off"
    MALFORMED = "malformed"
    FAILED = "failed"
    """AWS's own fault: HTTP 5xx."""
    REFUSED = "refused"
    """Any other error code."""
    NOT_A_REQUEST = "not_a_request"
    """botocore did not send it: an id that AWS has no place for, most often."""
    UNEXPECTED = "unexpected"


RETRYABLE = frozenset(
    {
        Cause.THROTTLED,
        Cause.TIMEOUT,
        Cause.UNREACHABLE,
        Cause.BROKEN_OFF,
        Cause.MALFORMED,
        Cause.FAILED,
    }
)
"""What may be gone when one looks again."""

_CODES: Mapping[Cause, frozenset[str]] = MappingProxyType(
    {
        # As botocore.retries.standard.ThrottledRetryableChecker, and HTTP's own.
        Cause.THROTTLED: frozenset(
            {
                "429",
                "BandwidthLimitExceeded",
                "EC2ThrottledException",
                "LimitExceededException",
                "PriorRequestNotComplete",
                "ProvisionedThroughputExceededException",
                "RequestLimitExceeded",
                "RequestThrottled",
                "RequestThrottledException",
                "SlowDown",
                "ThrottledException",
                "Throttling",
                "ThrottlingException",
                "TooManyRequests",
                "TooManyRequestsException",
                "TransactionInProgressException",
            }
        ),
        Cause.DENIED: frozenset(
            {
                "403",
                "AccessDenied",
                "AccessDeniedException",
                "AllAccessDisabled",
                "AuthorizationError",
                "AuthorizationErrorException",
                "Forbidden",
                "ForbiddenException",
                "KMSAccessDeniedException",
                "NotAuthorized",
                "UnauthorizedException",
                "UnauthorizedOperation",
            }
        ),
        Cause.EXPIRED: frozenset(
            {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
        ),
        Cause.NOT_ACCEPTED: frozenset(
            {
                "AuthFailure",
                "InvalidAccessKeyId",
                "InvalidClientTokenId",
                "InvalidToken",
                "NotSignedUp",
                "OptInRequired",
                "RegionDisabledException",
                "SubscriptionRequiredException",
                "UnrecognizedClientException",
            }
        ),
        Cause.SIGNATURE: frozenset(
            {
                "IncompleteSignature",
                "InvalidSignatureException",
                "RequestTimeTooSkewed",
                "SignatureDoesNotMatch",
            }
        ),
        Cause.FAILED: frozenset(
            {
                "InternalError",
                "InternalErrorException",
                "InternalFailure",
                "InternalServerError",
                "InternalServiceError",
                "InternalServiceErrorException",
                "KMSInternalException",
                "ServerException",
                "ServiceException",
                "ServiceUnavailable",
                "ServiceUnavailableException",
                "Unavailable",
            }
        ),
        Cause.TIMEOUT: frozenset({"RequestTimeout", "RequestTimeoutException"}),
    }
)
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""

_BY_CODE = {code: cause for cause, codes in _CODES.items() for code in codes}

_PARSERS = os.path.join("botocore", "parsers.py")  # noqa: PTH118  # the end of a path

_CLASSES: tuple[tuple[str, Cause], ...] = (
    # The first that fits counts: a ConnectTimeoutError is also a ConnectionError.
    ("ConnectTimeoutError", Cause.TIMEOUT),
    ("ReadTimeoutError", Cause.TIMEOUT),
    ("SSLError", Cause.UNREACHABLE),
    ("ProxyConnectionError", Cause.UNREACHABLE),
    ("ConnectionError", Cause.UNREACHABLE),
    ("ConnectionClosedError", Cause.BROKEN_OFF),
    ("ResponseStreamingError", Cause.BROKEN_OFF),
    ("IncompleteReadError", Cause.BROKEN_OFF),
    ("HTTPClientError", Cause.BROKEN_OFF),
    ("PaginationError", Cause.MALFORMED),
    ("ChecksumError", Cause.MALFORMED),
    ("FlexibleChecksumError", Cause.MALFORMED),
    ("NoCredentialsError", Cause.CREDENTIALS),
    ("NoAuthTokenError", Cause.CREDENTIALS),
    ("PartialCredentialsError", Cause.CREDENTIALS),
    ("CredentialRetrievalError", Cause.CREDENTIALS),
    ("ProfileNotFound", Cause.CREDENTIALS),
    ("InvalidConfigError", Cause.CREDENTIALS),
    ("UnknownCredentialError", Cause.CREDENTIALS),
    ("ConfigParseError", Cause.CREDENTIALS),
    ("ConfigNotFound", Cause.CREDENTIALS),
    ("MetadataRetrievalError", Cause.CREDENTIALS),
    ("RefreshWithMFAUnsupportedError", Cause.CREDENTIALS),
    ("ValidationError", Cause.NOT_A_REQUEST),
    ("ParamValidationError", Cause.NOT_A_REQUEST),
    ("UnsupportedS3ArnError", Cause.NOT_A_REQUEST),
    ("UnauthorizedSSOTokenError", Cause.EXPIRED),
    ("SSOTokenLoadError", Cause.EXPIRED),
    ("SSOError", Cause.EXPIRED),
    ("TokenRetrievalError", Cause.EXPIRED),
    ("LoginError", Cause.EXPIRED),
)


def cause_of_code(code: str, status: int) -> Cause:
    """Return the cause an error answer names; its HTTP status decides for codes unknown here."""
    known = _BY_CODE.get(code)
    if known is not None:
        return known
    if status == 429:  # noqa: PLR2004  # HTTP: too many requests
        return Cause.THROTTLED
    return Cause.FAILED if status >= 500 else Cause.REFUSED  # noqa: PLR2004  # HTTP: server errors


def cause_of(error: BaseException) -> Cause:
    """Return the cause of an exception that botocore raised, or anything else did."""
    # Imported when something failed: then botocore is loaded, and else it need not be.
    from botocore import exceptions  # noqa: PLC0415
    from botocore.parsers import ResponseParserError  # noqa: PLC0415

    if isinstance(error, exceptions.ClientError):
        return cause_of_code(*code_and_status(error.response))
    if isinstance(error, ResponseParserError):
        return Cause.MALFORMED
    for name, cause in _CLASSES:
        known = getattr(exceptions, name, None)  # some came with later botocore versions
        if known is not None and isinstance(error, known):
            return cause
    return Cause.MALFORMED if _raised_by_a_parser(error) else Cause.UNEXPECTED


def _raised_by_a_parser(error: BaseException) -> bool:
    """Tell whether botocore's parsers stumbled: an answer of another shape is a bare KeyError."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_code.co_filename.endswith(_PARSERS) for frame, _ in frames)


def code_and_status(response: Mapping[str, Any]) -> tuple[str, int]:
    """Return an answer's error code (empty: no error) and its HTTP status (0: unknown)."""
    error = response.get("Error")
    code = error.get("Code", "") if isinstance(error, Mapping) else ""
    metadata = response.get("ResponseMetadata")
    status = metadata.get("HTTPStatusCode", 0) if isinstance(metadata, Mapping) else 0
    return str(code or ""), status if isinstance(status, int) else 0
