"""Builds the world of a scenario from its data, with every moment relative to now."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from pinned_tui.core.clock import Clock, timestamp
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.relative_time import parse
from pinned_tui.sandbox.scenarios import (
    Base,
    EventData,
    KeyData,
    PlaceData,
    Scenario,
)
from pinned_tui.sandbox.world import (
    FailureRule,
    Key,
    KeyState,
    Media,
    SandboxChannel,
    SandboxEvent,
    World,
    digest_of,
)

_WITHDRAWN: Mapping[str, Literal[KeyState.REVOKED, KeyState.DISABLED]] = {
    "revoked": KeyState.REVOKED,
    "disabled": KeyState.DISABLED,
}
_PICTURE_BYTES = 48_213


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
    world = World(clock=clock, rng=rng, behaviour=behaviour)
    world.classifications = dict(base.classifications)
    world.keys = {
        each.id: _key(each, secrets[each.id], start) for each in merged(base.keys, scenario.keys)
    }
    world.channels = {
        each.id: SandboxChannel(each.id, each.name, each.slug, each.owner, set(each.members))
        for each in merged(base.channels, scenario.channels)
    }
    world.events = {
        each.id: _event(each, base.places, start) for each in merged(base.events, scenario.events)
    }
    world.media = {
        each.id: Media(each.id, each.owner, each.filename, "image/jpeg", _PICTURE_BYTES)
        for each in merged(base.media, scenario.media)
    }
    _trouble(world, scenario)
    return world


def merged(shared: Iterable[_Item], own: Iterable[_Item]) -> tuple[_Item, ...]:
    """Return ``shared`` with the items of ``own`` in place of those of the same id."""
    items = {item.id: item for item in shared}
    items.update((item.id, item) for item in own)
    return tuple(items.values())


def _trouble(world: World, scenario: Scenario) -> None:
    trouble = scenario.trouble
    world.failing = FailureRule(left=None) if trouble.failing else None
    world.reachable = trouble.reachable
    if trouble.rate_limited_s is not None:
        world.limiter.find_spent(f"key {scenario.check.key}", trouble.rate_limited_s)


def _key(data: KeyData, secret: str, start: datetime) -> Key:
    return Key(
        id=data.id,
        name=data.name,
        owner=data.owner,
        scopes=set(data.scopes),
        digest=digest_of(secret),
        created_at=parse(data.created).at(start),
        expires_at=parse(data.expires).at(start) if data.expires else None,
        withdrawn=_WITHDRAWN.get(data.state),
    )


def _event(data: EventData, places: Mapping[str, PlaceData], start: datetime) -> SandboxEvent:
    starts = parse(data.starts)
    begin = starts.at(start)
    end = begin.timestamp() + data.minutes * 60
    created = timestamp(parse(data.created).at(start))
    return SandboxEvent(
        id=data.id,
        title=data.title,
        start_at=begin.isoformat(),
        end_at=datetime.fromtimestamp(end, begin.tzinfo).isoformat(),
        timezone=starts.zone,
        channel_id=data.channel,
        status=data.status,
        moderation_status=data.moderation,
        classifications=list(data.classifications),
        approx_location={"city": _city(places[data.place])},
        location_name=data.location,
        offers=_offers(data.ticket_url),
        cover_image=data.cover_image,
        created_at=created,
        updated_at=created,
    )


def _city(place: PlaceData) -> dict[str, Any]:
    return {"placeId": place.place_id, "name": place.name, "countryCode": place.country_code}


def _offers(ticket_url: str | None) -> list[dict[str, Any]]:
    if ticket_url is None:
        return []
    return [{"name": "Tickets", "url": ticket_url, "availability": "available"}]
