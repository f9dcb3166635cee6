from __future__ import annotations

import threading

from driftguard.live.bucket import DEFAULT_RATE, RATES, Buckets, Rate, TokenBucket
from tests.live.clocks import FakeClock


def bucket_of(clock: FakeClock, per_second: float = 10.0, burst: float = 5.0) -> TokenBucket:
    return TokenBucket(Rate(per_second=per_second, burst=burst), clock)


def test_a_burst_goes_at_once_and_then_the_rate_holds() -> None:
    clock = FakeClock()
    bucket = bucket_of(clock)

    for _ in range(25):
        bucket.take()

    assert round(clock.seconds, 6) == 2.0
    assert 20 == len(clock.slept)


def test_what_is_not_used_is_saved_up_to_the_burst() -> None:
    clock = FakeClock()
    bucket = bucket_of(clock)
    for _ in range(5):
        bucket.take()
    clock.seconds += 1000

    for _ in range(5):
        bucket.take()

    assert [] == clock.slept


def test_throttling_halves_the_rate_and_takes_the_burst() -> None:
    clock = FakeClock()
    bucket = bucket_of(clock)

    bucket.throttled()
    bucket.take()

    assert 5.0 == bucket.per_second
    assert [0.2] == clock.slept


def test_a_throttled_bucket_never_stops() -> None:
    bucket = bucket_of(FakeClock())

    for _ in range(100):
        bucket.throttled()

    assert 0.5 == bucket.per_second


def test_what_goes_through_wins_the_rate_back() -> None:
    bucket = bucket_of(FakeClock())
    bucket.throttled()

    for _ in range(100):
        bucket.went_through()

    assert 10.0 == bucket.per_second


def test_those_who_wait_each_have_their_own_time() -> None:
    class Frozen(FakeClock):
        def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)

    clock = Frozen()
    bucket = bucket_of(clock, per_second=1.0, burst=1.0)
    threads = [threading.Thread(target=bucket.take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [1.0, 2.0, 3.0, 4.0] == sorted(clock.slept)


def test_buckets_are_apart_by_account_region_and_service() -> None:
    buckets = Buckets(FakeClock())
    keys = [("1", "a", "ec2"), ("2", "a", "ec2"), ("1", "b", "ec2"), ("1", "a", "iam")]

    assert 4 == len({id(buckets.of(*key)) for key in keys})
    assert buckets.of(*keys[0]) is buckets.of(*keys[0])
    assert RATES["ec2"].per_second == buckets.of(*keys[0]).per_second
    assert DEFAULT_RATE.per_second == buckets.of(*keys[3]).per_second


def test_settings_lower_a_rate_and_never_raise_one() -> None:
    slow = Buckets(FakeClock(), calls_per_second=2.0)
    fast = Buckets(FakeClock(), calls_per_second=1000.0)

    assert 2.0 == slow.of("1", "a", "ec2").per_second
    assert RATES["ec2"].per_second == fast.of("1", "a", "ec2").per_second
