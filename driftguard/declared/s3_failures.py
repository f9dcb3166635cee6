"""What S3's, STS's and botocore's failures mean for a state, each a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping

from driftguard.errors import DeclaredError

_BY_CODE: Mapping[str, tuple[str, str]] = {
    "NoSuchKey": ("does not exist: there is no such object.", "Check the key."),
    "404": ("does not exist: there is no such object.", "Check the key."),
    "NoSuchBucket": ("does not exist: there is no such bucket.", "Check the bucket's name."),
    "NoSuchVersion": ("has no such version.", "Check the versionId."),
    "InvalidBucketName": ("names no possible bucket.", "Write s3://BUCKET/KEY."),
    "InvalidObjectState": ("is archived.", "Restore the object from the archive first."),
    "SlowDown": ("can't be read now: S3 asks to slow down.", "Try again later."),
    "ServiceUnavailable": ("can't be read now: S3 is unavailable.", "Try again later."),
    "InternalError": ("can't be read now: S3 had an error.", "Try again later."),
    "RequestTimeTooSkewed": ("was refused: this machine's clock is wrong.", "Set the clock."),
}
_REDIRECTS = frozenset(
    {
        "PermanentRedirect",
        "301",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
    }
)
_DENIED = frozenset({"AccessDenied", "403", "AccessDeniedException", "AllAccessDisabled"})
_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)


def failure(error: Exception, place: str, action: str) -> DeclaredError:
    """Return the sentence for a failed call; ``action`` is the IAM action that it needed.

    Nothing of AWS's own message is quoted: it may name what it likes.
    """
    response = getattr(error, "response", None)
    if isinstance(response, Mapping):
        told = response.get("Error")
        return _refused(told if isinstance(told, Mapping) else {}, response, place, action)
    name = type(error).__name__
    if name in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"):
        return DeclaredError(
            f"{place} can't be read: there are no AWS credentials.",
            hint="Set a profile or a role for it, or AWS_… in the environment.",
        )
    if name == "ProfileNotFound":
        return DeclaredError(
            f"{place} can't be read: its profile is not in the AWS configuration.",
            hint="Check the profile's name, and AWS_CONFIG_FILE.",
        )
    if name == "ParamValidationError":
        return DeclaredError(
            f"{place} can't be read: its address or role is not as AWS allows it.",
            hint="Check the bucket, the role's ARN, the external id and the session name.",
        )
    if "Timeout" in name or "Connect" in name or "Connection" in name:
        return DeclaredError(
            f"{place} can't be read: S3 did not answer ({name}).",
            hint="Check the network, the proxy and the endpoint.",
        )
    return DeclaredError(f"{place} can't be read ({name}).", hint="Check the address.")


def _refused(
    told: Mapping[str, object], response: Mapping[str, object], place: str, action: str
) -> DeclaredError:
    code, message = str(told.get("Code", "")), str(told.get("Message", ""))
    if "kms" in f"{code} {message}".lower():
        return _kms(code, place)
    if code in _DENIED:
        return _denied(place, action)
    if code in _CREDENTIALS:
        return DeclaredError(
            f"{place} can't be read: the credentials are expired or not valid ({code}).",
            hint="Log in again, or check the profile.",
        )
    if code in _REDIRECTS:
        return _elsewhere(told, response, place)
    if code in _BY_CODE:
        sentence, hint = _BY_CODE[code]
        return DeclaredError(f"{place} {sentence}", hint=hint)
    return DeclaredError(
        f"{place} can't be read: AWS answered {code or 'an error'[:60]}.", hint="Check the address."
    )


def _kms(code: str, place: str) -> DeclaredError:
    if code in _DENIED:
        return DeclaredError(
            f"{place} can't be decrypted: access denied.",
            hint="Grant kms:Decrypt on the key that the object is encrypted with.",
        )
    return DeclaredError(
        f"{place} can't be decrypted: its KMS key is disabled, deleted or not usable ({code}).",
        hint="Check the key that the object is encrypted with.",
    )


def _denied(place: str, action: str) -> DeclaredError:
    if action == "sts:AssumeRole":
        return DeclaredError(
            f"{place} can't be read: its role may not be assumed.",
            hint="Grant sts:AssumeRole, and check the role's trust policy and ExternalId.",
        )
    absent = " (and s3:ListBucket, without which S3 denies what is absent too)"
    also = absent if action == "s3:GetObject" else ""
    return DeclaredError(f"{place} can't be read: access denied.", hint=f"Grant {action}{also}.")


def _elsewhere(
    told: Mapping[str, object], response: Mapping[str, object], place: str
) -> DeclaredError:
    metadata = response.get("ResponseMetadata")
    headers = metadata.get("HTTPHeaders") if isinstance(metadata, Mapping) else None
    header = headers.get("x-amz-bucket-region") if isinstance(headers, Mapping) else None
    region = str(header or told.get("Region") or "another region")[:40]
    return DeclaredError(
        f"{place} can't be read: the bucket is in {region}.",
        hint="Set that region for its profile, or AWS_REGION.",
    )
