"""The ticket links and the image of an event, opened as a visitor would: with consent, without key.

They lead to other hosts, so the user agrees first. Nothing but ``GET`` is sent, to public
addresses only; redirects are not followed, and what the page says is not kept. An answer tells
what it tells and no more: a site that refuses a program may well let a visitor in, and where a
redirect ends nobody has seen.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import urljoin, urlsplit

from pinned_tui.api_spec.urls import NO_ADDRESS, link_fault, why_not_public
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe, phrase
from pinned_tui.checks.probes.connectivity import resolve
from pinned_tui.client.call import Reply
from pinned_tui.core.labels import plural
from pinned_tui.diagnosis.event import CODE, event_in
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Session, Status

MOST_LINKS = 5
_SHOWN_HOSTS = 3

_GONE = {404, 410}
_REFUSED = {401, 403, 405, 406, 429, 451, 503}
"""Answers that a site gives to a program it does not like, and perhaps to nobody else."""

Came = Literal["answered", "lead", "refused", "broken", "not-public", "unchecked"]

_CODES = {
    (False, True): "event.link-broken",
    (False, False): "event.link-refused",
    (True, True): "event.image-broken",
    (True, False): "event.image-refused",
}
"""By whether it is the image, and whether it is broken."""


@dataclass(frozen=True, slots=True)
class PublicLink:
    """An address that an event's document names, by its path in the document."""

    path: str
    url: str

    @property
    def is_image(self) -> bool:
        """Whether it is the cover image, and no ticket link."""
        return self.path.startswith("coverImage")


async def _open(context: ProbeContext) -> list[ProbeObservation]:
    doc = context.found.event or {}
    tickets, image = _tickets(doc), _image(doc, context.client.base.url)
    links = [*tickets[:MOST_LINKS], *image]
    if not links:
        return []
    context.say("opening the event's links, without your key")
    client, clock = context.client, context.clock

    async def look_up(host: str, port: int) -> tuple[str, ...]:
        named = await resolve(host, port, within_s=client.budget.name_s, clock=clock)
        return named.addresses

    opening = (client.open_elsewhere(link.url, probe="links", resolve=look_up) for link in links)
    replies = tuple(await asyncio.gather(*opening))
    came = [_came(reply) for reply in replies]
    judged = [
        seen for link, reply in zip(links, replies, strict=True) if (seen := _judge(link, reply))
    ]
    left = len(tickets) - len(tickets[:MOST_LINKS])
    return [_tally(links, came, left, replies), *judged]


def _tickets(doc: dict[str, Any]) -> list[PublicLink]:
    """Return the ticket links that can be opened, every address once."""
    offers = doc.get("offers")
    found: dict[str, PublicLink] = {}
    for place, offer in enumerate(offers if isinstance(offers, list) else []):
        url = offer.get("url") if isinstance(offer, dict) else None
        if isinstance(url, str) and link_fault(url) is None:
            found.setdefault(url.strip(), PublicLink(f"offers[{place}].url", url.strip()))
    return list(found.values())


def _image(doc: dict[str, Any], base_url: str) -> list[PublicLink]:
    """Return the address of the cover image, where the document has one beside the image's ID."""
    image = doc.get("coverImage")
    url = image.get("url") if isinstance(image, dict) else image
    if not isinstance(url, str) or not url.startswith(("/", "http://", "https://")):
        return []
    path = "coverImage.url" if isinstance(image, dict) else "coverImage"
    whole = urljoin(base_url, url.strip())
    usable = whole.startswith(f"{base_url}/") or link_fault(whole) is None
    return [PublicLink(path, whole)] if usable else []


def _came(reply: Reply) -> Came:
    status = reply.status
    if reply.failure is not None and reply.failure.kind == "not-public":
        return "not-public"
    if reply.failure is not None and reply.failure.kind == "unchecked":
        return "unchecked"
    if reply.failure is not None or status is None or status in _GONE:
        return "broken"
    if status in _REFUSED:
        return "refused"
    if status >= 400:
        return "broken" if status >= 500 else "refused"
    return "lead" if status >= 300 else "answered"


def _tally(
    links: Sequence[PublicLink], came: Sequence[Came], left: int, replies: tuple[Reply, ...]
) -> ProbeObservation:
    """Say how many turned out how, and how many nobody opened."""
    counts = Counter(came)
    results = [_opened(how, n) for how in get_args(Came) if (n := counts[how])]
    results += [_opened("left", left)] if left else []
    tickets = sum(not link.is_image for link in links) + left
    what = [plural(tickets, "ticket link")] if tickets else []
    what += ["image"] if any(link.is_image for link in links) else []
    fine = set(counts) <= {"answered"} and not left
    data: dict[str, Any] = {"count": len(links), "left": left} | dict(counts.items())
    unopened = left or counts["not-public"] or counts["unchecked"]
    wrong = unopened or counts["refused"] or counts["broken"]
    return observe(
        "event.links-work" if fine else "event.links-opened",
        Status.WARN if wrong else Status.PASS,
        data,
        replies=replies,
        links=" and its ".join(what),
        results=", ".join(results),
    )


def _opened(how: str, count: int) -> str:
    return phrase("opened", f"{how}-{'one' if count == 1 else 'several'}", count=count)


def _judge(link: PublicLink, reply: Reply) -> ProbeObservation | None:
    """Return what is wrong with a link, or may be; None where nothing is known to be."""
    status, came = reply.status, _came(reply)
    if came in {"not-public", "unchecked"}:
        return _judge_unopened(link, reply)
    if reply.failure is not None:
        detail = phrase("link", "failed", error=reply.failure.message)
    elif status in _GONE:
        name = "missing-image" if link.is_image else "missing-page"
        detail = phrase("link", name, status=status)
    elif status in _REFUSED:
        detail = phrase("link", "for-programs", status=status)
    elif status is not None and status >= 500:
        detail = phrase("link", "server-error", status=status)
    elif status is not None and status >= 400:
        detail = phrase("link", "not-accepted", status=status)
    else:
        return None
    return _faulty(link, reply, detail, broken=came == "broken")


def _judge_unopened(link: PublicLink, reply: Reply) -> ProbeObservation | None:
    """Return what is wrong with a link that was not opened.

    An address in numbers leads to the same place for everybody. What a name leads to from here may
    be another place for the public, so it is counted and no more.
    """
    host = urlsplit(link.url).hostname or ""
    leads_to = why_not_public(host)
    if leads_to is None or leads_to == NO_ADDRESS:
        return None
    detail = phrase("link", "not-public", host=host, leads_to=leads_to)
    return _faulty(link, reply, detail, broken=True)


def _faulty(link: PublicLink, reply: Reply, detail: str, *, broken: bool) -> ProbeObservation:
    found = clean_line(link.url, limit=120)
    data = {"path": link.path, "found": found, "detail": detail, "status": reply.status}
    status = Status.FAIL if broken else Status.WARN
    return observe(_CODES[link.is_image, broken], status, data, replies=(reply,))


def destination(probe: Probe, session: Session | None, event: str | int | None) -> str | None:
    """Return what a probe sends to, in words, with the hosts that are known before it is sent.

    Args:
        probe: Any probe.
        session: What earlier runs saw; the event's document is in it if it was read.
        event: The ID of the event that is asked about now.
    """
    if probe is not LINKS or session is None:
        return probe.sends_to
    named = _hosts(session, event)
    more = len(named) - _SHOWN_HOSTS
    shown = ", ".join(named[:_SHOWN_HOSTS]) + (f" and {more} more" if more > 0 else "")
    return f"{probe.sends_to}: {shown}" if named else probe.sends_to


def _hosts(session: Session, event: str | int | None) -> list[str]:
    """Return the hosts of the event's links, as the latest run that read the event tells."""
    for seen in reversed(session.observations):
        read = event_in(seen) if seen.code == CODE else None
        if read is not None and event in {None, seen.data.get("event")}:
            hosts = [*(offer.host for offer in read.offers or ()), read.image_host]
            return list(dict.fromkeys(host for host in hosts if host))
    return []


LINKS = Probe(
    id="links",
    title="Open the event's ticket links and image",
    route=None,
    could_change="nothing at Pinned Events; the sites that the links lead to see a visit",
    leaves="a visit in the logs of those sites; your key is not sent",
    after=("event",),
    wanted=lambda asked: asked.secret is not None and asked.wants_event and asked.open_links,
    run=_open,
    elsewhere="the hosts that the event's links name",
)
