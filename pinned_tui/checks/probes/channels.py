"""The channels that the key's owner can use, and whether the user's channel is among them."""

from typing import Any
from urllib.parse import urlsplit

from pinned_tui.api_spec.errors import read_list
from pinned_tui.api_spec.routes import LIST_CHANNELS
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe
from pinned_tui.checks.probes.scopes import read_scope
from pinned_tui.checks.responses import refused_stage, trouble, unexpected
from pinned_tui.client.call import Reply
from pinned_tui.client.pagination import ListReader, PagedList, remaining_pages
from pinned_tui.core.labels import moment, plural
from pinned_tui.session import Channel, Status

SHOWN_CHANNELS = 20
SMALL_PAGE = 10
"""A usual default page size; beyond it a client that reads one page only misses a channel."""


async def _list(context: ProbeContext) -> list[ProbeObservation]:
    reply = context.found.first_reply
    if reply is None:
        raise ValueError("the authentication probe fills in the first reply")
    asked = "channels:read" in context.asked.scopes
    seen = [read_scope(context, reply, "channels:read", asked=asked or _is_odd(reply))]
    first = read_list(reply.document, page=1) if reply.status == 200 else None
    if first is None:
        if reply.status == 200:
            seen.append(unexpected(reply, asked=asked))
        return [*seen, *_undecided(context, "not-listed")]

    def tell(done: int, of: int) -> None:
        context.say(f"read {done} of {of} pages")

    listing = await remaining_pages(
        context.client, LIST_CHANNELS, ListReader(first, reply), probe="channels", on_page=tell
    )
    if listing.broken is not None:
        seen += [
            trouble(context, listing.broken, asked=asked) or unexpected(listing.broken, asked=asked)
        ]
    channels, odd = _read_channels(listing)
    context.found.channels = channels
    if odd and not channels:
        return [*seen, unexpected(reply, asked=asked)]
    target = _target(context, listing, channels, odd)
    return [*seen, _listed(context, listing, channels), *target]


def _is_odd(reply: Reply) -> bool:
    """Return whether the first answer is neither a list nor the refusal of a missing scope.

    Whether the key is accepted is asked by this very request, so another answer to it is never
    as it should be, whoever asked for the channels.
    """
    return reply.status != 200 and refused_stage(reply) != "scope"


def _read_channels(listing: PagedList) -> tuple[tuple[Channel, ...], int]:
    found, odd = [], listing.strange
    for doc in listing.docs:
        number = _number(doc.get("id"))
        if number is None:
            odd += 1
            continue
        name, slug = doc.get("name"), doc.get("slug")
        found.append(
            Channel(
                id=number,
                name=name[:200] if isinstance(name, str) else "",
                slug=slug[:200] if isinstance(slug, str) else "",
            )
        )
    return tuple(found), odd


def _number(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return None


def _listed(
    context: ProbeContext, listing: PagedList, channels: tuple[Channel, ...]
) -> ProbeObservation:
    data = {
        "count": len(channels),
        "total": listing.total,
        "pages": listing.pages,
        "complete": listing.complete,
    }
    replies = listing.replies
    if not channels and listing.complete:
        asked = context.asked.wants_channel
        return observe("channels.empty", Status.WARN, data, asked, replies)
    variant = None
    if not listing.complete:
        variant = "part" if listing.total > len(channels) else "unsure"
    return observe(
        "channels.listed",
        Status.PASS,
        data,
        replies=replies,
        variant=variant,
        channels=plural(len(channels), "channel"),
    )


def _undecided(context: ProbeContext, why: str, unreadable: int = 0) -> list[ProbeObservation]:
    """Report that the channel asked about could not be looked for, if one was asked about.

    Args:
        context: With what was asked.
        why: Which of the sentences says why.
        unreadable: How many entries of the list can't be read.
    """
    if not context.asked.wants_channel or context.asked.channel_from_payload:
        return []
    data = {"channel": context.asked.channel_given or context.asked.channel_id}
    return [
        observe("channels.target-unknown", Status.SKIP, data, variant=why, unreadable=unreadable)
    ]


def _not_read(listing: PagedList) -> str:
    return "spared" if listing.broken is not None and listing.broken.spared else "not-read"


def _target(
    context: ProbeContext, listing: PagedList, channels: tuple[Channel, ...], odd: int
) -> list[ProbeObservation]:
    if context.asked.channel_given is not None:
        return _by_name(context, context.asked.channel_given, channels, listing)
    wanted = context.asked.channel_id
    if wanted is None:
        return []
    places = [place for place, channel in enumerate(channels) if channel.id == wanted]
    if places:
        return _found(wanted, places[0], channels, listing)
    if not listing.complete:
        return _undecided(context, _not_read(listing))
    if odd:  # one of them may be the channel
        return _undecided(context, "unreadable", odd)
    data: dict[str, Any] = {"channel": wanted, "channels": _named(channels)}
    before = context.asked.listed_before.get(wanted)
    if before is not None:
        data["when"] = before
        code, replies, date = "channels.target-lost", listing.replies, moment(before)
        return [observe(code, Status.FAIL, data, replies=replies, date=date)]
    code, replies, count = "channels.target-absent", listing.replies, len(channels)
    return [observe(code, Status.FAIL, data, replies=replies, count=count)]


def _found(
    wanted: int, place: int, channels: tuple[Channel, ...], listing: PagedList
) -> list[ProbeObservation]:
    data = {"channel": wanted, "name": channels[place].name, "place": place + 1}
    seen = [observe("channels.target-listed", Status.PASS, data, replies=listing.replies)]
    if place >= SMALL_PAGE:
        seen.append(observe("channels.later-page", Status.WARN, data, asked=False))
    return seen


def _by_name(
    context: ProbeContext, given: str, channels: tuple[Channel, ...], listing: PagedList
) -> list[ProbeObservation]:
    matches = [channel for channel in channels if _is_meant(given, channel)]
    data: dict[str, Any] = {"given": given, "channels": _named(channels)}
    if len(matches) == 1:
        context.found.target.set_result(matches[0].id)
        data |= {"channel": matches[0].id, "name": matches[0].name}
        variant = None
    elif matches:
        data["candidates"] = [channel.id for channel in matches]
        variant = "several"
    elif not listing.complete:
        return _undecided(context, _not_read(listing))
    else:
        variant = "none"
    return [
        observe(
            "channels.name-resolved",
            Status.FAIL,
            data,
            replies=listing.replies,
            variant=variant,
            matches=len(matches),
        )
    ]


def _is_meant(given: str, channel: Channel) -> bool:
    words = {w.casefold() for w in _readings(given)}
    return bool(words & {channel.slug.casefold(), channel.name.casefold(), str(channel.id)})


def _readings(given: str) -> list[str]:
    """Return what a user may have meant: the text, unquoted, or the end of an address."""
    text = given.strip().strip("\"'").strip()
    readings = [text, text.removeprefix("@").removeprefix("#")]
    if "/" in text:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        readings += [piece for piece in parts.path.split("/") if piece][-1:]
    return [reading for reading in readings if reading]


def _named(channels: tuple[Channel, ...]) -> list[dict[str, Any]]:
    return [{"id": c.id, "name": c.name} for c in channels[:SHOWN_CHANNELS]]


CHANNELS = Probe(
    id="channels",
    title="List the channels that the key's owner can use",
    route=LIST_CHANNELS,
    could_change="nothing",
    leaves="nothing",
    after=("authentication",),
    wanted=lambda asked: asked.secret is not None,
    run=_list,
    fills="target",
)
