"""Raw state v4 of every age, and each sentence for what is no such state."""

from __future__ import annotations

import gzip
import json
import time

import pytest

from driftguard.declared.state import parse_state
from driftguard.errors import DeclaredError
from driftguard.model import Address

AWS = 'provider["registry.terraform.io/hashicorp/aws"]'


def resource(*instances, **more):
    found = {"mode": "managed", "type": "aws_vpc", "name": "main", "provider": AWS, **more}
    return {**found, "instances": [{"attributes": {"id": "vpc-1"}, **one} for one in instances]}


def state(*resources, **more):
    head = {
        "version": 4,
        "terraform_version": "1.9.0",
        "serial": 7,
        "lineage": "lin",
        "outputs": {},
    }
    return json.dumps({**head, "resources": list(resources), **more}).encode()


def parse(data, max_bytes=10**8):
    return parse_state(data, place="the state", max_bytes=max_bytes)


def addresses(parsed):
    return [str(one.address) for one in parsed.managed]


def test_provenance_tells_which_version_of_the_state_was_read():
    provenance = parse(state()).provenance
    assert (provenance.lineage, provenance.serial, provenance.terraform_version) == (
        "lin",
        7,
        "1.9.0",
    )
    assert provenance.place == "the state"


def test_index_keys_of_every_kind_are_read():
    parsed = parse(
        state(
            resource(
                {"index_key": 0}, {"index_key": "a.b"}, {"index_key": None}, {}, {"index_key": 2.0}
            )
        )
    )
    assert addresses(parsed) == [
        "aws_vpc.main[0]",
        'aws_vpc.main["a.b"]',
        "aws_vpc.main",
        "aws_vpc.main",
        "aws_vpc.main[2]",
    ]


def test_an_index_key_of_another_kind_makes_the_resource_unreadable():
    parsed = parse(state(resource({"index_key": [1]}, {"index_key": True})))
    assert [one.type for one in parsed.unreadable] == ["aws_vpc", "aws_vpc"]
    assert parsed.managed == ()


def test_module_paths_keep_their_keys():
    parsed = parse(state(resource({"index_key": "x"}, module='module.net["eu"].module.sub[0]')))
    assert addresses(parsed) == ['module.net["eu"].module.sub[0].aws_vpc.main["x"]']
    assert parsed.managed[0].address == Address(
        module='module.net["eu"].module.sub[0]', type="aws_vpc", name="main", key="x"
    )


@pytest.mark.parametrize(
    "provider",
    [AWS, f"{AWS}.west", "provider.aws", "provider.aws.west", f"module.a.{AWS}",
     "module.a.provider.aws", 'provider["registry.opentofu.org/hashicorp/aws"]', ""],
)  # fmt: skip
def test_provider_names_of_every_age_are_kept_apart(provider):
    assert parse(state(resource({}, provider=provider))).managed[0].provider == provider


def test_data_sources_are_left_out_of_what_is_declared():
    parsed = parse(state(resource({}, mode="data"), resource({})))
    assert len(parsed.managed) == 1
    assert len(parsed.data) == 1


def test_an_odd_data_source_declares_nothing():
    parsed = parse(state(resource({"attributes": None}, mode="data")))
    assert (parsed.managed, parsed.unreadable) == ((), ())


def test_a_mode_we_do_not_know_is_counted_as_unreadable():
    parsed = parse(state(resource({}, mode="imagined")))
    assert ["aws_vpc.main"] == [one.address for one in parsed.unreadable]
    assert "mode" in parsed.unreadable[0].reason


def test_tainted_instances_are_declared_like_any_other():
    parsed = parse(state(resource({"status": "tainted"})))
    assert parsed.managed[0].tainted
    assert addresses(parsed) == ["aws_vpc.main"]


def test_deposed_objects_are_kept_apart():
    parsed = parse(state(resource({}, {"deposed": "00aa11bb", "attributes": {"id": "vpc-old"}})))
    assert [one.attributes["id"] for one in parsed.managed] == ["vpc-1"]
    assert [(one.deposed, one.attributes["id"]) for one in parsed.deposed] == [
        ("00aa11bb", "vpc-old")
    ]


def test_unknown_extra_keys_are_tolerated():
    one = {"identity": {"x": 1}, "private": "e30=", "schema_version": 9, "new": []}
    parsed = parse(state({**resource(one), "each": "map", "new": 1}, check_results=None, new={}))
    assert addresses(parsed) == ["aws_vpc.main"]


def test_resources_of_other_providers_are_declared_too():
    parsed = parse(state(resource({"attributes": {"id": "123"}}, type="random_pet", provider="p")))
    assert addresses(parsed) == ["random_pet.main"]


def index(value):
    return {"type": "index", "value": value}


def test_both_shapes_of_sensitive_attributes_are_read():
    marks = [
        [{"type": "get_attr", "value": "password"}],
        [{"type": "get_attr", "value": "list"}, index({"value": 0, "type": "number"})],
        [{"type": "get_attr", "value": "map"}, index({"value": "k", "type": "string"})],
        [{"type": "get_attr", "value": "map"}, index("k")],
        [{"type": "get_attr", "value": "block"}, {"type": "surprise", "value": [1]}],
        "plain",
    ]  # fmt: skip
    parsed = parse(state(resource({"sensitive_attributes": marks})))
    assert parsed.managed[0].marked == (
        ("password",), ("list", 0), ("map", "k"), ("map", "k"), ("block",), ("plain",)
    )  # fmt: skip


def test_marks_that_cannot_be_understood_mark_the_whole_resource():
    assert parse(state(resource({"sensitive_attributes": {"a": 1}}))).managed[0].marked == ((),)


def test_flat_attributes_of_old_states_are_nested():
    flat = {
        "id": "sg-1",
        "tags.%": "1",
        "tags.a.b": "x",
        "ingress.#": "1",
        "ingress.77.from_port": "22",
    }
    parsed = parse(state(resource({"attributes": None, "attributes_flat": flat})))
    assert parsed.managed[0].attributes == {
        "id": "sg-1",
        "tags": {"a.b": "x"},
        "ingress": [{"from_port": "22"}],
    }


@pytest.mark.parametrize(
    "one",
    [
        {"attributes": None},
        {"attributes": ["x"]},
        {"attributes": None, "attributes_flat": {"a.#": "3", "a.0": "x"}},
        {"attributes": None, "attributes_flat": {"a": "x", "a.b": "y"}},
        {"attributes": None, "attributes_flat": {"a." * 60: "y"}},
    ],
)
def test_attributes_that_cannot_be_understood_are_unreadable_not_dropped(one):
    parsed = parse(state(resource(one), resource({}, name="other")))
    assert ["aws_vpc.main"] == [unknown.address for unknown in parsed.unreadable]
    assert addresses(parsed) == ["aws_vpc.other"]


@pytest.mark.parametrize(
    ("odd", "address"),
    [
        (7, "resource number 1 of the state"),
        (None, "resource number 1 of the state"),
        ([], "resource number 1 of the state"),
        ({"name": "b", "instances": []}, "resource number 1 of the state"),
        ({"type": "a", "name": ["b"], "instances": []}, "resource number 1 of the state"),
        ({"type": "a", "name": "b"}, "a.b"),
        ({"type": "a", "name": "b", "instances": None}, "a.b"),
        ({"type": "a", "name": "b", "instances": {}}, "a.b"),
        ({"type": "a", "name": "b", "instances": [1]}, "a.b"),
        ({"type": "a", "name": "b", "module": "module.m", "instances": [None]}, "module.m.a.b"),
        ({"type": "a", "name": "b", "mode": ["x"], "instances": [{}]}, "a.b"),
    ],
)
def test_one_damaged_resource_is_unreadable_and_hides_no_other(odd, address):
    parsed = parse(state(resource({}), odd))
    assert addresses(parsed) == ["aws_vpc.main"]
    assert [address] == [one.address for one in parsed.unreadable]
    assert "the state" in parsed.unreadable[0].reason


def test_a_damaged_data_source_declares_nothing():
    assert parse(state({"mode": "data", "type": "a", "name": "b"})).unreadable == ()
    assert parse(state({"mode": "data"})).unreadable == ()


def test_a_byte_order_mark_is_tolerated():
    assert addresses(parse(b"\xef\xbb\xbf" + state(resource({})))) == ["aws_vpc.main"]


def test_only_sensitive_outputs_are_kept():
    outputs = {"a": {"value": 1, "sensitive": True}, "b": {"value": 2}, "c": 3}
    assert parse(state(outputs=outputs)).sensitive_outputs == {"a": 1}


SECRET = "cAnary-7Zq!hunter/2"
NOT_STATES = [
    (b"", "is empty"),
    (b" \n", "is empty"),
    (gzip.compress(b"{}", mtime=0), "gzip"),
    (b"\xff\xfe{\x00", "isn't UTF-8"),
    (b"\x00\x01\x02", "is not JSON"),
    (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    (state(resource({}))[:-40], "cut off"),
    (b'{"version": 4, "resources": [', "cut off"),
    (b'{"version": 4, "lineage": "abc', "cut off"),
    (b"password = " + SECRET.encode(), "is not JSON"),
    (b'{"version": 4} trailing', "is not JSON"),
    (b'{"version": 4, "resources": [NaN]}', "is not JSON"),
    (b"[]", "not a Terraform state"),
    (b'"x"', "not a Terraform state"),
    (b"{}", "not a Terraform state"),
    (b'{"version": true}', "not a Terraform state"),
    (b'{"version": 4}', "without a list of resources"),
    (b'{"version": 4, "resources": {}}', "without a list of resources"),
    (b'{"version": 3, "modules": []}', "version 3"),
    (b'{"version": 1}', "version 1"),
    (b'{"version": 5, "resources": []}', "version 5"),
    (b'{"version": 3, "backend": {"type": "s3"}}', "which backend"),
    (b'{"format_version": "1.0", "values": {}}', "terraform show -json"),
    (b'{"meta": {}, "encrypted_data": "x", "encryption_version": "v0"}', "encrypted by OpenTofu"),
    (b'{"serial": 1, "lineage": "x", "encrypted_data": "x"}', "encrypted by OpenTofu"),
    (b"[" * 100_000, "nested too deep"),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nested too deep"),
    (b'{"version": 4, "version": 3}', "same key twice"),
    (b'{"version": 4, "resources": [{"type": "a", "type": "b"}]}', "same key twice"),
    (b'{"version": 4, "resources": [], "serial": ' + b"9" * 5000 + b"}", "is not JSON"),
]


@pytest.mark.parametrize(("data", "said"), NOT_STATES)
def test_what_is_no_state_gets_a_sentence_of_its_own(data, said):
    with pytest.raises(DeclaredError, match=said) as error:
        parse(data)
    assert error.value.exit_code == 2
    assert error.value.message.startswith("the state ")
    assert error.value.hint
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_a_state_over_the_limit_is_refused_by_its_size_alone():
    with pytest.raises(DeclaredError, match="larger than the limit of 10 bytes"):
        parse(b"x" * 11, max_bytes=10)


def test_a_parsed_state_does_not_print_its_attributes():
    attributes = {"id": "x", "password": SECRET}
    outputs = {"o": {"value": SECRET, "sensitive": True}}
    assert SECRET not in repr(parse(state(resource({"attributes": attributes}), outputs=outputs)))


def test_a_state_of_a_hundred_thousand_resources_is_parsed_in_seconds():
    attributes = {
        "id": "sg-1",
        "ingress": [{"from_port": 1, "cidr_blocks": []}],
        "tags": {"a": "b"},
    }
    many = [resource({"attributes": attributes}, name=f"n{number}") for number in range(100_000)]
    data = state(*many)
    before = time.process_time()
    assert len(parse(data).managed) == 100_000
    assert time.process_time() - before < 15


def test_every_real_state_parses_and_adds_up(corpus):
    files = [*corpus.glob("states/*.tfstate"), *corpus.glob("pairs/*/*.tfstate")]
    assert files
    for file in files:
        data = file.read_bytes()
        parsed = parse_state(data, place=file.name, max_bytes=10**8)
        managed = [one for one in json.loads(data)["resources"] if one["mode"] == "managed"]
        instances = sum(len(one["instances"]) for one in managed)
        counted = (*parsed.managed, *parsed.deposed, *parsed.unreadable)
        assert len(counted) == instances, file.name
        assert parsed.unreadable == (), file.name
