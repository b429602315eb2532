"""What the requests of a log or a HAR file show by themselves, by the rules for one request. Pure.

Each kind of request is looked at once, however often it was sent. A request that was accepted shows
at most that its key is exposed; where a response refused it, or none came, everything is looked at
that may be the reason, the payload too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise

from pinned_tui.inspect.http_message import HttpBody
from pinned_tui.inspect.model import Fault, InspectionContext, Note
from pinned_tui.inspect.request.rules import inspect_request
from pinned_tui.inspect.response.notes import OF_BODY
from pinned_tui.inspect.traffic.findings import TrafficFindings
from pinned_tui.inspect.traffic.grouping import RequestGroup
from pinned_tui.inspect.traffic.model import LoggedExchange, Traffic
from pinned_tui.session import Certainty

_MOST_SHAPES = 200
_MOST_PAYLOADS = 50
_EXPOSING = frozenset({"auth-in-url", "url-insecure-scheme"})
"""What is wrong with a request whatever was answered."""

_OF_THE_STORY = ("idempotency-", "client-in-browser", "list-")
"""What the story tells better, since it knows the other requests."""

_NOTES = frozenset({"key-not-recorded", "key-masked-in-request"})
"""What is worth knowing of a request whose key was refused."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_NOT_BY_THE_REQUEST = frozenset({304, 409, 429})


@dataclass(slots=True)
class RequestInspector:
    """Looks at the requests of an input; requests that are alike are looked at once.

    Attributes:
        own: What is wrong with a request by itself, by the request's identity.
    """

    traffic: Traffic
    findings: TrafficFindings
    context: InspectionContext
    own: dict[int, tuple[Fault, ...]] = field(default_factory=dict)
    _known: dict[object, tuple[Fault, ...]] = field(default_factory=dict)
    _payloads: int = 0

    def judge(self, threads: Sequence[RequestGroup], *, accepted_later: bool) -> None:
        """Look at all requests.

        Args:
            threads: The requests, grouped.
            accepted_later: Whether the key was replaced after the last 401.
        """
        keyed = any(one.keyed for one in self.traffic.seen)
        for number, thread in enumerate(threads):
            if number % 200 == 0:
                self.context.say(0.5 + 0.2 * number / len(threads))
            for one in thread.seen:
                fixed = thread.recovered or (one.status == 401 and accepted_later)
                left = not fixed and id(one) not in self.findings.explained
                refused = (_refused(one) and left) or _is_astray(one)
                faults = self._faults(one, refused=refused, keyed=keyed)
                for fault in faults:
                    self.findings.take(fault if fault.span else _at(fault, one), one)
                if faults:
                    self.own[id(one)] = faults

    def _faults(self, one: LoggedExchange, *, refused: bool, keyed: bool) -> tuple[Fault, ...]:
        shape = one.shape or _shape(one), one.status if refused else None
        if refused and one.payload_refused and one.digest is not None:
            known = self._known.get((one.method, shape, True, one.digest))
            if known is not None:
                return known
            if self._payloads < _MOST_PAYLOADS:
                self._payloads += 1
                found = self._looked_at(one, with_payload=True, refused=True, keyed=keyed)
                self._known[one.method, shape, True, one.digest] = found
                return found
        at = (one.method, shape, refused, None)
        known = self._known.get(at)
        if known is None and len(self._known) < _MOST_SHAPES:
            known = self._looked_at(one, with_payload=False, refused=refused, keyed=keyed)
            self._known[at] = known
        return known or ()

    def _looked_at(
        self, one: LoggedExchange, *, with_payload: bool, refused: bool, keyed: bool
    ) -> tuple[Fault, ...]:
        request = self.traffic.request_of(one)
        if request is None:
            return ()
        if not with_payload and request.body is not None:
            request = replace(request, body=HttpBody(None, span=request.body.span))
        if keyed and one.keyed is False and request.origin == "har":
            request = replace(request, origin="http")
        sent = datetime.fromtimestamp(one.at, UTC) if one.at is not None else self.context.now
        found = inspect_request(request, replace(self.context, now=sent))
        self.findings.secrets += found.secrets
        if refused:
            self._note(found.notes, one)
        return tuple(f for f in found.faults if f.cause in _EXPOSING or (refused and _fits(f, one)))

    def _note(self, notes: Iterable[Note], one: LoggedExchange) -> None:
        reported = {note.code for note in self.findings.notes}
        self.findings.notes += [
            replace(note, span=note.span or one.span)
            for note in notes
            if note.code in _NOTES and note.code not in reported and one.status == 401
        ]


def followed_without_key(requests: Iterable[LoggedExchange]) -> Iterator[LoggedExchange]:
    """Return the requests that lost their headers on the way to where a redirect sent them."""
    for moved, one in pairwise(requests):
        same = moved.place.route.strip("/") == one.place.route.strip("/")
        if moved.status in _MOVED and moved.keyed and one.keyed is False and same:
            yield one


def _shape(one: LoggedExchange) -> object:
    """Return what is the same for addresses that differ in IDs and values only."""
    place = one.place
    names: tuple[str, ...] = ()
    if place.query:
        names = tuple(pair.partition("=")[0] for pair in place.query.split("&")[:50])
    return place.url[:6], place.host, place.template, names


def _refused(one: LoggedExchange) -> bool:
    """Return whether the request itself may be the reason of what came of it."""
    if one.status is None or one.status == 0:
        return True
    return 300 <= one.status < 500 and one.status not in _NOT_BY_THE_REQUEST


def _is_astray(one: LoggedExchange) -> bool:
    """Return whether a request that was answered well went to a page of the site, not to the API.

    The page of an event is one that integrations link to and check.
    """
    return one.beside and (one.is_page or one.place.template != "/events/{id}")


def _fits(fault: Fault, one: LoggedExchange) -> bool:
    """Return whether a fault may be the reason of the response: what was not reached is none."""
    if fault.cause.startswith(_OF_THE_STORY):
        return False
    if fault.cause.startswith(OF_BODY):
        return one.payload_refused
    if fault.certainty is Certainty.POSSIBLE:
        return False
    if fault.cause.startswith(("auth-", "key-")):
        return one.cut_off or one.status in {400, 401, 403}
    return fault.cause != "method-wrong" or one.cut_off or one.status in {400, 404, 405}


def _at(fault: Fault, one: LoggedExchange) -> Fault:
    return replace(fault, span=one.span)
