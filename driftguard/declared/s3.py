"""States in S3: ``s3://bucket/key``, ``s3://bucket/key?versionId=…``, ``s3://bucket/prefix/``.

A prefix ends with a slash, or is the bucket alone; all ``*.tfstate`` below it are
read. ``*`` makes a key a glob, ``**/`` in it is any number of folders. A bucket in
another region than expected is followed there by boto3.
Needed: s3:GetObject (s3:GetObjectVersion for a version), s3:ListBucket for a
prefix, kms:Decrypt where the object is encrypted with a key of KMS.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Protocol, TypedDict
from urllib.parse import parse_qs

from driftguard.declared.envelope import too_large
from driftguard.declared.file import SUFFIX
from driftguard.declared.place import Fetched, Found, Visit
from driftguard.declared.s3_failures import failure
from driftguard.declared.wanted import Wanted
from driftguard.errors import DeclaredError

_SCHEME = "s3://"


class _Object(TypedDict):
    Body: IO[bytes]
    ContentLength: int


class _Paginator(Protocol):
    def paginate(self, **parameters: str) -> Iterable[Mapping[str, list[Mapping[str, str]]]]: ...


class _S3Client(Protocol):
    """The part of boto3's client that is used."""

    def get_object(self, **parameters: str) -> _Object: ...

    def get_paginator(self, name: str) -> _Paginator: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Location:
    bucket: str
    key: str
    version: str = ""

    def __str__(self) -> str:
        version = f"?versionId={self.version}" if self.version else ""
        return f"{_SCHEME}{self.bucket}/{self.key}{version}"


def claims(place: str) -> bool:
    """Tell whether this is an address in S3."""
    return place.startswith(_SCHEME)


def states(visit: Visit) -> Iterator[Found]:
    """Yield the states at an address; each object that can't be read is an error of its own."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # slow to import

    location = _parsed(visit.place)
    try:
        client = _client(visit)
    except (BotoCoreError, ClientError, ValueError) as error:
        raise failure(error, visit.place, "sts:AssumeRole") from None
    if Wanted(name=location.key).is_one or location.version:
        yield _fetched(client, location, visit)
        return
    try:
        keys = _keys(client, location, visit)
    except (BotoCoreError, ClientError) as error:
        raise failure(error, visit.place, "s3:ListBucket") from None
    for key in keys:
        yield _fetched(client, _Location(bucket=location.bucket, key=key), visit)


def _parsed(place: str) -> _Location:
    """Take an address apart. Keys may hold ``?`` themselves, so only a version is taken off."""
    bucket, _, key = place.removeprefix(_SCHEME).partition("/")
    key, _, query = key.partition("?versionId=")
    version = parse_qs(f"versionId={query}").get("versionId", [""])[0]
    if not bucket:
        raise DeclaredError(f"{place} names no bucket.", hint="Write s3://BUCKET/KEY.")
    return _Location(bucket=bucket, key=key, version=version)


def _client(visit: Visit) -> _S3Client:
    import boto3  # noqa: PLC0415  # slow to import
    from botocore.config import Config  # noqa: PLC0415  # slow to import

    options, access = visit.options, visit.access
    endpoint = options.endpoint_url or None
    config = Config(
        connect_timeout=options.connect_timeout,
        read_timeout=options.read_timeout,
        retries={"mode": "standard", "max_attempts": 3},
        s3={"addressing_style": "path"} if endpoint else {},
    )
    session = boto3.Session(profile_name=access.profile or None)
    region = session.region_name or "us-east-1"
    if access.role_arn:
        sts = session.client("sts", region_name=region, endpoint_url=endpoint, config=config)
        external = {"ExternalId": access.external_id} if access.external_id else {}
        answer = sts.assume_role(
            RoleArn=access.role_arn,
            RoleSessionName=access.session_name,
            **external,
        )["Credentials"]
        session = boto3.Session(
            aws_access_key_id=answer["AccessKeyId"],
            aws_secret_access_key=answer["SecretAccessKey"],
            aws_session_token=answer["SessionToken"],
        )
    client: _S3Client = session.client(
        "s3", region_name=region, endpoint_url=endpoint, config=config
    )
    return client


def _keys(client: _S3Client, location: _Location, visit: Visit) -> list[str]:
    keys: list[str] = []
    wanted = Wanted(name=location.key)
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=location.bucket, Prefix=wanted.prefix
    )
    for page in pages:
        found = (item["Key"] for item in page.get("Contents", []))
        keys += [key for key in found if wanted.takes(key)]
        if len(keys) > visit.options.max_states:
            raise DeclaredError(
                f"{visit.place} holds more than {visit.options.max_states} states.",
                hint="Name the prefixes you mean.",
            )
    if not keys:
        sought = "nothing matches" if wanted.is_glob else f"there is no *{SUFFIX} below it"
        raise DeclaredError(
            f"{visit.place} holds no state: {sought}.",
            hint="Check the bucket and the prefix.",
        )
    return keys


def _fetched(client: _S3Client, location: _Location, visit: Visit) -> Found:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # slow to import

    name, limit = str(location), visit.options.max_bytes
    version = {"VersionId": location.version} if location.version else {}
    try:
        answer = client.get_object(Bucket=location.bucket, Key=location.key, **version)
        with answer["Body"] as body:
            data = body.read(limit + 1) if answer["ContentLength"] <= limit else None
    except (BotoCoreError, ClientError) as error:
        action = "s3:GetObjectVersion" if location.version else "s3:GetObject"
        return failure(error, name, action)
    if data is None or len(data) > limit:
        return too_large(name, limit)
    return Fetched(name=name, data=data)
