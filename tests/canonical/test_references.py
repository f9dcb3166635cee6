from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftguard.canonical.references import local_name, queue_id

OWN = "arn:aws:sqs:eu-west-1:123456789012:orders"


@pytest.mark.parametrize(
    "reference",
    [
        "https://sqs.us-east-2.amazonaws.com/123456789012/orders",
        "https://us-east-2.queue.amazonaws.com/123456789012/orders",
        "https://queue.amazonaws.com/123456789012/orders",
        "http://127.0.0.1:5000/123456789012/orders",
        "http://sqs.eu-west-1.localhost.localstack.cloud:4566/queue/eu-west-1/123456789012/orders",
        OWN,
    ],
)
def test_a_queue_is_its_account_and_name(reference: str):
    assert queue_id(reference) == "123456789012/orders"


@pytest.mark.parametrize("reference", ["", "orders", "http://[", "https://host/orders", "arn:aws"])
def test_what_names_no_queue_is_nothing(reference: str):
    assert queue_id(reference) == ""


@given(text=st.text())
def test_no_text_crashes_it(text: str):
    assert isinstance(queue_id(text), str)
    assert local_name(text, OWN) == text or text.startswith("arn:")


def test_a_name_within_the_own_account_is_cut_out_of_its_arn():
    assert local_name("arn:aws:kms:eu-west-1:123456789012:alias/queues", OWN) == "alias/queues"
    assert local_name("arn:aws:kms:eu-west-1:123456789012:key/1234-56", OWN) == "1234-56"
    assert local_name("alias/queues", OWN) == "alias/queues"
    assert local_name(None, OWN) is None


@pytest.mark.parametrize(
    "foreign",
    [
        "arn:aws:kms:eu-west-1:999999999999:alias/queues",
        "arn:aws:kms:us-east-1:123456789012:alias/queues",
        "arn:aws-cn:kms:eu-west-1:123456789012:alias/queues",
    ],
)
def test_a_foreign_key_stays_foreign(foreign: str):
    assert local_name(foreign, OWN) == foreign
    assert local_name(foreign, None) == foreign
