"""The demo, as the TUI uses it."""

import asyncio
import random
import threading
from collections.abc import Iterator

import httpx
import pytest

from pinned_tui.core.demo import Demo, SituationCard
from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.sandbox.scenarios import UnknownScenarioError, scenario_names


@pytest.fixture
def demo() -> Iterator[SandboxDemo]:
    with SandboxDemo(rng=random.Random(5)) as running:
        yield running


def status(demo: SandboxDemo, secret: str) -> int:
    url = f"{demo.base_url}/api/public/v1/channels"
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.get(url, headers=headers, trust_env=False).status_code


def test_it_fulfils_the_protocol(demo: SandboxDemo) -> None:
    def names(known: Demo) -> list[str]:
        cards: tuple[SituationCard, ...] = known.cards
        return [card.name for card in cards]

    assert names(demo) == list(scenario_names())
    assert demo.chosen is None
    assert SandboxDemo("draft-event").chosen == "draft-event"


def test_each_section_leads_to_its_situation() -> None:
    demo = SandboxDemo()
    expected = {
        "unauthorized": "revoked-key",
        "forbidden": "wrong-channel",
        "missing-scope": "missing-scope",
        "wrong-channel": "wrong-channel",
        "validation": "validation-error",
        "duplicates": "duplicate-events",
        "rate-limits": "rate-limited",
        "lost-secret": "lost-secret",
        "not-visible": "draft-event",
        None: "moderation-pending",
    }
    assert {each: demo.situation_for(each).name for each in expected} == expected
    with pytest.raises(ValueError, match="no section 'nope'"):
        demo.situation_for("nope")


def test_an_unknown_scenario_is_refused_before_anything_starts() -> None:
    before = threading.active_count()
    with pytest.raises(UnknownScenarioError, match="healthy"):
        SandboxDemo("helthy")
    assert threading.active_count() == before


async def test_a_lost_secret_from_create_to_revoke() -> None:
    threads = set(threading.enumerate())
    demo = SandboxDemo("lost-secret")
    try:
        situation = await demo.enter("lost-secret")
        assert situation.secret is None
        created = await demo.create_key()
        old = demo.old_secret().reveal()
        ask = asyncio.to_thread
        assert await ask(status, demo, created.reveal()) == 200
        assert await ask(status, demo, old) == 200
        await demo.revoke_old_key()
        assert await ask(status, demo, old) == 401
        mended = await demo.fix()
        assert mended.situation.secret == created
    finally:
        demo.close()
    left = set(threading.enumerate()) - threads
    assert "pinned-sandbox" not in {thread.name for thread in left}


async def test_the_loop_is_not_blocked_while_it_works() -> None:
    """Entering and mending happen elsewhere: the loop goes on meanwhile."""
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    with SandboxDemo() as demo:
        for name in ("healthy", "unreachable"):
            before = turns
            assert (await demo.enter(name)).card.name == name
            assert turns > before
            before = turns
            await demo.fix()
            assert turns > before
    turning.cancel()


async def test_a_demo_can_go_through_all_situations(demo: SandboxDemo) -> None:
    for card in demo.cards:
        situation = await demo.enter(card.name)
        assert situation.card == card
        assert situation.base_url == demo.base_url
        mended = await demo.fix()
        assert mended.done.endswith(".")
        assert mended.situation.secret is not None
        secret = mended.situation.secret.reveal()
        assert await asyncio.to_thread(status, demo, secret) == 200
