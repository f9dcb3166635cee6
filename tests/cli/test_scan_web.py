"""A scan whose states lie on a web server, with its credentials in the settings' variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, World
from tests.declared.web_server import Asked, Reply, certificate, serving

CLEAN, UNKNOWN = 0, 2
SECRET = "glpat-s3cr3t-Tok3n-0123456789"


def settings(url: str, *places: str) -> str:
    return f"""\
version: 1
state_access:
  web:
    - address: {url}/api/v4/
      headers: {{PRIVATE-TOKEN: MY_GITLAB_TOKEN}}
      ca_file: ca.pem
stacks:
  - name: network
    state: [{", ".join(places)}]
"""


@pytest.fixture
def pem(world: World) -> Path:
    return certificate(world.folder).rename(world.folder / "ca.pem")


def test_a_scan_reads_gitlabs_state_with_the_variable_that_the_settings_name(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch, pem: Path
):
    state = (world.folder / "terraform.tfstate").read_bytes()

    def gitlab(asked: Asked) -> Reply:
        known = asked.headers.get("private-token") == SECRET
        return Reply(body=state) if known else Reply(status=401)

    monkeypatch.setenv("MY_GITLAB_TOKEN", SECRET)
    with serving(gitlab, tls=pem) as server:
        good = f"{server.url}/api/v4/projects/7/terraform/state/prod"
        file = world.folder / "driftguard.yaml"
        file.write_text(settings(server.url, good))
        arguments = ("scan", "--config", str(file), "--replay", world.source[-1])
        ran = run(*arguments)
        assert CLEAN == ran.code
        file.write_text(settings(server.url, good, f"https://me:{SECRET}@127.0.0.1:1/x"))
        ran = run(*arguments, "--format", "json")
    assert UNKNOWN == ran.code
    assert "https://127.0.0.1:1/x can't be read: nothing listens there." in ran.err
    assert SECRET not in ran.err + ran.out


def test_a_variable_that_is_not_set_is_named(run: Run, world: World, pem: Path):
    file = world.folder / "driftguard.yaml"
    file.write_text(settings("https://127.0.0.1:1", "https://127.0.0.1:1/api/v4/x"))
    ran = run("scan", "--config", str(file), "--replay", world.source[-1])
    assert UNKNOWN == ran.code
    assert "the variable MY_GITLAB_TOKEN is not set" in ran.err
