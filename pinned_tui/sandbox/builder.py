"""Builds the world of a scenario from its data, with every moment relative to now."""

import random
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

import msgspec

from pinned_tui.core.clock import Clock
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.relative_time import resolve
from pinned_tui.sandbox.scenarios import Base, Scenario
from pinned_tui.sandbox.world import FailureRule, World


class _Numbered(Protocol):
    @property
    def id(self) -> int | str: ...


_Item = TypeVar("_Item", bound=_Numbered)


def build_world(
    base: Base,
    scenario: Scenario,
    secrets: Mapping[str, str],
    *,
    clock: Clock,
    rng: random.Random,
    behaviour: Behaviour,
) -> World:
    """Build the world of ``scenario`` as it is when nothing was asked yet.

    Args:
        base: What all scenarios share.
        scenario: What is different, and what goes wrong.
        secrets: The secret of each key, by the key's id.
        clock: Times the world from now on; moments in the data are relative to it.
        rng: Where request ids come from.
        behaviour: How the API behaves.
    """
    start = clock.now()

    def dated(shared: Iterable[_Item], own: Iterable[_Item]) -> list[_Item]:
        items = merged(shared, own)
        return [msgspec.convert(resolve(msgspec.to_builtins(it), start), type(it)) for it in items]

    world = World(clock=clock, rng=rng, behaviour=behaviour)
    world.classifications = dict(base.classifications)
    for key in dated(base.keys, scenario.keys):
        world.add_key(key, secrets[key.id])
    world.channels = {one.id: one for one in merged(base.channels, scenario.channels)}
    world.events = {one.id: one for one in dated(base.events, scenario.events)}
    world.media = {one.id: one for one in merged(base.media, scenario.media)}
    trouble = scenario.trouble
    world.failing = FailureRule(left=None) if trouble.failing else None
    world.reachable = trouble.reachable
    if trouble.rate_limited_s is not None:
        world.limiter.exhaust(f"key {scenario.check.key}", trouble.rate_limited_s)
    return world


def merged(shared: Iterable[_Item], own: Iterable[_Item]) -> tuple[_Item, ...]:
    """Return ``shared`` with the items of ``own`` in place of those of the same id."""
    items = {item.id: item for item in shared}
    items.update((item.id, item) for item in own)
    return tuple(items.values())
