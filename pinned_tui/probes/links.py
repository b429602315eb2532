"""The ticket links of an event, opened as a visitor would: with consent, and without any key.

They lead to other hosts, so the person agrees first. Nothing but ``GET`` is sent, redirects are
not followed (one that leads on is a link that works), and what the page says is not kept.
"""

import asyncio
from typing import Any

from pinned_tui.api.call import Reply
from pinned_tui.contract.links import link_fault
from pinned_tui.privacy.clean import clean_line
from pinned_tui.probes.model import Context, Probe, Seen
from pinned_tui.session import Status

MOST_LINKS = 5

_GONE = {404, 410}


async def _open(context: Context) -> list[Seen]:
    links = _links(context.found.event)
    if not links:
        return []
    context.say("opening the event's ticket links, without your key")
    opening = (context.client.open_elsewhere(url, probe="links") for _, url in links)
    replies = tuple(await asyncio.gather(*opening))
    judged = [_judge(path, url, reply) for (path, url), reply in zip(links, replies, strict=True)]
    broken = [seen for seen in judged if seen is not None]
    if broken:
        return broken
    noun = "ticket link works" if len(links) == 1 else "ticket links work"
    summary = f"Its {len(links)} {noun}."
    return [Seen("event.links-work", Status.PASS, summary, {"count": len(links)}, replies=replies)]


def _links(doc: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Return the links that can be opened, each with its path, every address once."""
    offers = doc.get("offers") if doc else None
    found: dict[str, str] = {}
    for place, offer in enumerate(offers if isinstance(offers, list) else []):
        url = offer.get("url") if isinstance(offer, dict) else None
        if isinstance(url, str) and link_fault(url) is None:
            found.setdefault(url.strip(), f"offers[{place}].url")
    return [(path, url) for url, path in list(found.items())[:MOST_LINKS]]


def _judge(path: str, url: str, reply: Reply) -> Seen | None:
    """Return what is wrong with a link; a page that wants a sign-in or more time is none."""
    status = reply.status
    if reply.failure is not None:
        detail = f"Opening it failed: {reply.failure.message}"
    elif status in _GONE:
        detail = f"The page is not there: it answered {status}."
    elif status is not None and status >= 500:
        detail = f"The site answered {status}: an error on its side."
    else:
        return None
    data = {"path": path, "found": clean_line(url, limit=120), "detail": detail, "status": status}
    return Seen("event.link-broken", Status.FAIL, f"{path}: {detail}", data, replies=(reply,))


LINKS = Probe(
    id="links",
    title="Open the event's ticket links",
    route=None,
    could_change="nothing at Pinned Events; the ticket sites see a visit",
    leaves="a visit in the logs of the ticket sites; your key is not sent",
    after=("event",),
    wanted=lambda asked: asked.secret is not None and asked.wants_event and asked.open_links,
    run=_open,
    elsewhere="the event's ticket links",
)
