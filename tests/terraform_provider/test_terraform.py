from __future__ import annotations

import pytest

from tests.terraform_provider.found import by_terraform
from tests.terraform_provider.terraform import binary


def test_that_ci_fails_without_terraform(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no terraform here"):
        binary()


def test_that_others_skip_without_terraform(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no terraform here"):
        binary()


def _drift(before, after):
    return [{"address": "aws_vpc.main", "change": {"before": before, "after": after}}]


def test_that_a_deleted_object_is_missing():
    assert {("aws_vpc.main", "(missing)")} == by_terraform(_drift({"cidr_block": "x"}, None))


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_that_one_nothing_is_as_good_as_another(nothing):
    assert set() == by_terraform(_drift({"tags": None}, {"tags": nothing}))


@pytest.mark.parametrize("zero", [False, 0])
def test_that_a_zero_is_no_nothing(zero):
    found = by_terraform(_drift({"enable_dns_support": None}, {"enable_dns_support": zero}))
    assert {("aws_vpc.main", "enable_dns_support")} == found
