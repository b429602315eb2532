import random
from collections.abc import Iterator

import httpx
import pytest

from pinned_tui.sandbox.clock import SandboxClock
from pinned_tui.sandbox.server import Sandbox
from tests.sandbox.sandbox_support import Api, StoodStill


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with Sandbox(clock=SandboxClock(StoodStill()), rng=random.Random(7)) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """The sandbox, healthy and from the beginning."""
    running.enter("healthy")
    return running


@pytest.fixture
def api(sandbox: Sandbox, http: httpx.Client) -> Api:
    """Speaks with the healthy sandbox's key: channels:read, events:create, events:read."""
    secret = sandbox.situation.secret
    assert secret is not None
    return Api(sandbox, http, secret.reveal())
