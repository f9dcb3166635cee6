"""One trial: terraform applies, hands change AWS, and both sides say what they see."""

from __future__ import annotations

import logging
import shutil
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.server import ThreadedMotoServer

from tests.terraform_provider.changes.change import Change, Hands
from tests.terraform_provider.found import Spot, by_terraform, by_us
from tests.terraform_provider.ours import scan
from tests.terraform_provider.server import Provider, serving
from tests.terraform_provider.services import RESOURCES
from tests.terraform_provider.terraform import Terraform

CONFIGURATIONS = Path(__file__).parent / "configurations"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What was seen: by us before anything was changed, and by both after.

    ``just_applied`` and ``refreshed`` are our reports on the state that apply
    wrote, whose copies are old already, and on the state of the next refresh.
    """

    changes: Sequence[Change]
    just_applied: Any
    refreshed: Any
    untouched: set[Spot]
    terraform: set[Spot]
    ours: set[Spot]
    report: Any


def trial(name: str, changes: Sequence[Change], folder: Path) -> Trial:
    """Apply, look, change, look again."""
    shutil.copytree(CONFIGURATIONS / name, folder, dirs_exist_ok=True)
    with moto() as endpoint, serving(Provider(endpoint, RESOURCES)) as attached:
        terraform = Terraform(folder, attached)
        terraform.apply()
        just_applied = scan(terraform.state, endpoint)
        terraform.refresh()
        refreshed = scan(terraform.state, endpoint)
        untouched = by_terraform(terraform.resource_drift())
        hands = Hands(endpoint, terraform.state)
        for change in changes:
            change.make(hands)
        drift = by_terraform(terraform.resource_drift())
        report = scan(terraform.state, endpoint)
    return Trial(
        changes=changes,
        just_applied=just_applied,
        refreshed=refreshed,
        untouched=untouched,
        terraform=drift,
        ours=by_us(report),
        report=report,
    )


@contextmanager
def moto() -> Iterator[str]:
    """Serve a moto that is empty: it shares its memory with every other test of the process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    try:
        _reset(endpoint)
        yield endpoint
        _reset(endpoint)
    finally:
        server.stop()


def _reset(endpoint: str) -> None:
    request = urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")  # noqa: S310  # ours
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310  # the same
        pass
