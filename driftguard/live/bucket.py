"""How fast AWS may be asked: one token bucket per account, region and service.

AWS refills such a bucket on its side for each of these; a scan that keeps
below it is never throttled, and leaves room for others in the account. When it
is throttled all the same (others ask too), it halves its rate and recovers slowly.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from driftguard.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """``burst`` requests at once, then ``per_second``."""

    per_second: float
    burst: float


DEFAULT_RATE = Rate(per_second=10.0, burst=20.0)
"""Where AWS documents nothing. Most control planes take this from one caller."""

RATES: Mapping[str, Rate] = MappingProxyType(
    {
        # 10 describe calls a second each, and a burst of 10; tags share the trail's.
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
        "cloudtrail": Rate(per_second=10.0, burst=10.0),
        # Non-mutating describe actions: a bucket of 100, refilled by 20 a second. We keep a
        # little below: calls that overtake each other on the way must not find it empty.
        # https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
        "ec2": Rate(per_second=19.6, burst=95.0),
        # Key reads share 500 to 2,000 a second with every user of the keys: take little of it.
        # https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
        "kms": Rate(per_second=50.0, burst=100.0),
        # DescribeLogGroups: 10 a second.
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
        "logs": Rate(per_second=10.0, burst=10.0),
        # Undocumented for a bucket's configuration; objects take 5,500 reads a second.
        "s3": Rate(per_second=50.0, burst=100.0),
        # ListTopics and GetTopicAttributes: 30 a second.
        # https://docs.aws.amazon.com/general/latest/gr/sns.html
        "sns": Rate(per_second=30.0, burst=30.0),
        # A queue's own actions have no documented quota; its messages take 3,000 a second.
        "sqs": Rate(per_second=50.0, burst=100.0),
        # 600 requests a second for an account and region, shared with every workload's logins.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        "sts": Rate(per_second=20.0, burst=50.0),
    }
)

_SLOWEST = 0.5
"""Requests a second that a throttled bucket keeps: enough to notice that it may go faster."""

_RECOVERY = 0.02
"""Share of its full rate that a bucket wins back with each request that goes through."""


class TokenBucket:
    """Lets a request through when there is a token for it. Thread-safe, fair enough."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._full = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._per_second = rate.per_second
        self._tokens = rate.burst
        self._at = clock.monotonic()

    @property
    def per_second(self) -> float:
        """The rate at the moment."""
        return self._per_second

    def take(self) -> None:
        """Wait for a token and take it."""
        wait = self._reserve()
        if wait > 0:
            self._clock.sleep(wait)

    def _reserve(self) -> float:
        """Take a token, on credit if need be; return the seconds until it is earned.

        Credit makes a queue of those who wait: each has its own time to go on.
        """
        with self._lock:
            now = self._clock.monotonic()
            earned = (now - self._at) * self._per_second
            self._tokens = min(self._full.burst, self._tokens + earned) - 1
            self._at = now
            return max(0.0, -self._tokens / self._per_second)

    def throttled(self) -> None:
        """Go slower: AWS said that this was too fast. No burst is left either."""
        with self._lock:
            slowest = min(_SLOWEST, self._full.per_second)
            self._per_second = max(slowest, self._per_second / 2)
            self._tokens = min(self._tokens, 0.0)

    def went_through(self) -> None:
        """Go a little faster again, up to the full rate."""
        with self._lock:
            gained = self._per_second + self._full.per_second * _RECOVERY
            self._per_second = min(self._full.per_second, gained)


class Buckets:
    """One bucket per account, region and service, shared by all who ask there."""

    def __init__(self, clock: Clock, *, calls_per_second: float = 0.0) -> None:
        self._clock = clock
        self._most = calls_per_second
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str], TokenBucket] = {}

    def of(self, account: str, region: str, service: str) -> TokenBucket:
        """Return the bucket of one service in one account and region."""
        with self._lock:
            key = (account, region, service)
            if key not in self._buckets:
                self._buckets[key] = TokenBucket(self._rate(service), self._clock)
            return self._buckets[key]

    def _rate(self, service: str) -> Rate:
        rate = RATES.get(service, DEFAULT_RATE)
        if self._most <= 0:
            return rate
        per_second = min(rate.per_second, self._most)
        return Rate(per_second=per_second, burst=min(rate.burst, max(1.0, per_second)))
