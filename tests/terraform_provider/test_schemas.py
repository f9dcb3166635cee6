"""The schemas written here against the real provider's, where the corpus has it."""

from __future__ import annotations

import functools
import json

import pytest

from tests.corpus.pairs import ABSENT, CORPUS
from tests.terraform_provider.schema import attributes, blocks
from tests.terraform_provider.services import RESOURCES

PROVIDER_4 = CORPUS / "schema" / "aws-4.36.1-full.json"
PROVIDER_6 = CORPUS / "schema" / "aws-6.25.0-attrs-from-cdktf.json"
SOURCE = "registry.terraform.io/hashicorp/aws"

needs_corpus = pytest.mark.skipif(not PROVIDER_4.exists(), reason=ABSENT)


def _types(schema, path=""):
    """Yield every attribute with its type, and every block with its nesting."""
    for name, field in attributes(schema).items():
        yield f"{path}{name}", json.loads(json.dumps(field.type))
    for name, block in blocks(schema).items():
        yield f"{path}{name}", (block.nesting, block.most)
        yield from _types(block.fields, f"{path}{name}.")


def _real_types(block, path=""):
    for name, field in block.get("attributes", {}).items():
        yield f"{path}{name}", field["type"]
    for name, nested in block.get("block_types", {}).items():
        yield f"{path}{name}", (nested["nesting_mode"], nested.get("max_items", 0))
        yield from _real_types(nested["block"], f"{path}{name}.")


@functools.cache
def _read(path):
    return json.loads(path.read_text())


@needs_corpus
@pytest.mark.parametrize("name", RESOURCES)
def test_that_every_attribute_is_the_real_providers(name):
    old = _read(PROVIDER_4)["provider_schemas"][SOURCE]["resource_schemas"]
    new = _read(PROVIDER_6)["resources"].get(name, {})
    real = dict(_real_types(old[name]["block"])) if name in old else {}
    for path, kind in _types(RESOURCES[name].schema):
        if path in real:
            assert real[path] == kind, path
        else:
            assert path.partition(".")[0] in new, path
