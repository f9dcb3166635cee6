"""Working directories, over the real terraform and over fakes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from driftguard.clock import SystemClock
from driftguard.declared import working_directory
from driftguard.declared.places import PlaceAccess, PlaceOptions, read_places
from driftguard.model import Stack
from driftguard.redact import Redactor
from driftguard.terraform.process import Limits

CANARY = "cAnary-7Zq!hunter/2"


def state(name="a"):
    one = {"mode": "managed", "type": "aws_vpc", "name": name}
    one["provider"] = 'provider["registry.terraform.io/hashicorp/aws"]'
    one["instances"] = [{"schema_version": 1, "attributes": {"id": "vpc-1", "password": CANARY}}]
    head = {"version": 4, "terraform_version": "1.5.0", "serial": 3, "lineage": "l", "outputs": {}}
    return json.dumps({**head, "resources": [one]})


BACKEND = """
terraform {
  backend "local" {
    path = "../kept"
  }
}
"""


def read(place, **options):
    return read_places(
        [Stack(name="s", places=(str(place),))], PlaceOptions(**options), Redactor(), SystemClock()
    )


def names(found):
    return [one.address.name for one in found.resources]


@pytest.fixture
def terraform():
    """Return the real terraform, which a pipeline has to provide."""
    found = shutil.which("terraform")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("terraform is not installed, and CI needs it")
    if found is None:
        pytest.skip("terraform is not installed")
    return found


@pytest.fixture
def initialised(tmp_path, terraform, monkeypatch):
    """Make a working directory whose state lies in a local backend elsewhere."""
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("CHECKPOINT_DISABLE", "1")
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "main.tf").write_text(BACKEND)
    subprocess.run(
        [terraform, "init", "-input=false"], cwd=folder, check=True, capture_output=True, timeout=60
    )
    return folder


def test_the_state_is_pulled_from_the_backend(tmp_path, initialised):
    (tmp_path / "kept").write_text(state())
    before = sorted(initialised.rglob("*"))
    found = read(initialised)
    assert names(found) == ["a"]
    assert found.problems == ()
    assert found.resources[0].provenance.serial == 3
    assert CANARY not in repr(found)
    assert sorted(initialised.rglob("*")) == before


def test_the_binary_can_be_named_with_the_directory(tmp_path, initialised):
    (tmp_path / "kept").write_text(state())
    assert names(read(f"terraform:{initialised}")) == ["a"]


def test_a_directory_without_a_state_is_a_problem_not_an_empty_declaration(initialised):
    assert "has no state yet" in read(initialised).problems[0]


def test_a_directory_that_is_not_initialised_says_what_to_do(tmp_path, terraform):
    (tmp_path / "main.tf").write_text('terraform {\n  backend "s3" {\n    bucket = "b"\n  }\n}\n')
    (problem,) = read(tmp_path).problems
    assert "not initialised" in problem
    assert "terraform init" in problem


def test_the_selected_workspace_is_told(tmp_path, initialised, terraform, monkeypatch):
    subprocess.run(
        [terraform, "workspace", "new", "blue"], cwd=initialised, check=True, capture_output=True
    )
    folder = initialised / "terraform.tfstate.d" / "blue"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "terraform.tfstate").write_text(state())
    found = read(f"terraform:{initialised}")
    assert names(found) == ["a"]
    assert "'blue'" in found.warnings[0]


@pytest.fixture
def fake(tmp_path):
    def make(script, name="terraform"):
        binary = tmp_path / "bin" / name
        binary.parent.mkdir(exist_ok=True)
        binary.write_text(f"#!/bin/sh\n{script}\n")
        binary.chmod(0o755)
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        (folder / "main.tf").touch()
        return folder, str(binary)

    return make


def test_a_failure_never_quotes_a_secret(fake):
    folder, binary = fake(f"echo 'Error: password={CANARY}' >&2; echo {CANARY}; exit 1")
    found = read(folder, terraform=binary)
    assert "failed with exit code 1" in found.problems[0]
    assert CANARY not in repr(found)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sleep 30", "did not finish"),
        ("yes", "printed more than"),
        ("echo '<html>'", "web page"),
        ("echo 'Error acquiring the state lock' >&2; exit 1", "locked"),
    ],
)
def test_each_trouble_with_the_binary_is_a_problem(fake, script, said):
    folder, binary = fake(script)
    limits = Limits(timeout=0.5, first_grace=0.2, second_grace=0.2, max_output=10_000)
    assert said in read(folder, terraform=binary, terraform_limits=limits).problems[0]


def test_only_the_stacks_credentials_reach_the_binary(fake, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "ambient")
    folder, binary = fake(f"env > {tmp_path}/env; exit 1")
    access = PlaceAccess(environment={"AWS_ACCESS_KEY_ID": "stack"})
    read(folder, terraform=binary, access=access)
    env = (tmp_path / "env").read_text()
    assert "AWS_ACCESS_KEY_ID=stack" in env
    assert "ambient" not in env
    assert "stack" not in repr(access)


def test_a_missing_binary_and_a_missing_directory_are_told(fake, tmp_path, monkeypatch):
    folder, _ = fake("exit 0")
    assert "is not installed" in read(folder, terraform=str(tmp_path / "none")).problems[0]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Neither terraform nor tofu" in read(folder).problems[0]
    assert "is not a directory" in read("tofu:nowhere").problems[0]


def test_tofu_is_chosen_by_name_and_by_the_lock_file(fake, tmp_path, monkeypatch):
    folder, _ = fake("exit 9")
    fake(f"cat <<'E'\n{state('by_tofu')}\nE", "tofu")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    assert names(read(f"tofu:{folder}")) == ["by_tofu"]
    assert names(read(folder)) == []
    (folder / ".terraform.lock.hcl").write_text('provider "registry.opentofu.org/hashicorp/aws" {}')
    assert names(read(folder)) == ["by_tofu"]


@pytest.mark.parametrize(
    ("files", "is_working_directory"),
    [
        ({"main.tf": ""}, True),
        ({"main.tofu": ""}, True),
        ({"main.tf.json": ""}, True),
        ({".terraform/x": ""}, True),
        ({"notes.txt": ""}, False),
        ({"main.tf": "", "terraform.tfstate": "{}"}, False),
        ({"main.tf": "", "sub/x.tfstate": "{}"}, False),
        ({"main.tf": "", "a.tfstate": "{}", ".terraform/terraform.tfstate": "broken"}, False),
        ({"main.tf": "", "old.tfstate": "{}",
          ".terraform/terraform.tfstate": '{"backend": {"type": "s3"}}'}, True),
        ({"main.tf": "", "old.tfstate": "{}",
          ".terraform/terraform.tfstate": '{"backend": {"type": "local"}}'}, False),
    ],
)  # fmt: skip
def test_a_plain_folder_is_read_as_documented(tmp_path, files, is_working_directory):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert working_directory.claims(str(tmp_path)) == is_working_directory
