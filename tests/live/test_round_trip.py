"""What was recorded of a scan replays as the same listings, for every collection there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftguard.clock import SystemClock
from driftguard.compare.everything import Part, wanted_parts
from driftguard.demo.cloud import ACCOUNT, CREDENTIALS, REGION
from driftguard.demo.company import build_company
from driftguard.live.access import Access, AwsOptions
from driftguard.live.collections import COLLECTIONS
from driftguard.live.look import look
from driftguard.live.reader import Listing
from driftguard.live.readers import Readers
from driftguard.live.recording import Recorder
from driftguard.live.replay import ReplayReaders
from driftguard.live.session import AwsReaders
from driftguard.model import GLOBAL_REGION, Scope, Unreadable
from driftguard.redact import Redactor
from driftguard.resources import TABLE
from tests.corpus.pairs import declared
from tests.recorded_company import empty_cloud

Listings = dict[str, Listing]


def read(readers: Readers, parts: dict[Part, frozenset[str]]) -> Listings:
    view = look(parts, readers, parallel=4)
    return {name: view.listing(name, scope) for name, scope in parts}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Listings]:
    """Record a scan of a small company, every object of which is asked for in detail."""
    folder = tmp_path_factory.mktemp("recording")
    state = folder.parent / "company.tfstate"
    with empty_cloud() as cloud, pytest.MonkeyPatch.context() as patched:
        for name, value in CREDENTIALS.items():
            patched.setenv(name, value)
        build_company(cloud, state)
        options = AwsOptions(endpoint_url=cloud.endpoint)
        parts = parts_of(state)
        found = read(AwsReaders((Access(),), options, SystemClock()), parts)
        parts = {part: ids | frozenset(found[part[0]].items) for part, ids in parts.items()}
        recorder = Recorder(folder, Redactor())
        live = read(AwsReaders((Access(),), options, SystemClock(), recorder=recorder), parts)
        recorder.close()
    return folder, live


def parts_of(state: Path) -> dict[Part, frozenset[str]]:
    wanted = wanted_parts(TABLE, declared(state, Redactor()))
    parts: dict[Part, frozenset[str]] = {}
    for name, collection in COLLECTIONS.items():
        scope = Scope(account=ACCOUNT, region=GLOBAL_REGION if collection.is_global else REGION)
        parts[name, scope] = wanted.get((name, scope), frozenset())
    return parts


@pytest.mark.parametrize("name", sorted(COLLECTIONS))
def test_a_recorded_collection_replays_as_it_was_read(
    recorded: tuple[Path, Listings], name: str
) -> None:
    folder, live = recorded
    scope = Scope(account=ACCOUNT, region=GLOBAL_REGION if COLLECTIONS[name].is_global else REGION)
    parts = {(name, scope): frozenset(live[name].items)}

    replayed = read(ReplayReaders(folder), parts)

    assert live[name] == replayed[name]


def test_something_was_recorded_of_most_collections(recorded: tuple[Path, Listings]) -> None:
    _, live = recorded

    assert len([name for name, listing in live.items() if listing.items]) > len(live) / 2


def test_the_account_of_the_recording_is_known(recorded: tuple[Path, Listings]) -> None:
    folder, _ = recorded

    assert not isinstance(ReplayReaders(folder).default_account(), Unreadable)
