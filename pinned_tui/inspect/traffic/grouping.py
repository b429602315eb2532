"""Puts requests together that belong together, and marks what each one came to. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.model import LoggedExchange, Traffic
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import AttemptMark

IN_PROGRESS_S = 45.0
"""How long the API keeps an entry in progress, by default (page *Idempotency*)."""

REPLAY_S = 15 * 60.0
"""How long the API keeps an entry of a success, by default (the same page)."""

STILL_AT_IT = frozenset({409, 425})
"""What the API may answer while it works on a first attempt: 409 is assumed, as only conflicts in
general are documented; 425 is what others answer to what comes too early (RFC 8470)."""

_GATEWAY_GAVE_UP = frozenset({502, 504})

ANONYMOUS = "anonymous"
"""Name of the thread of create requests of which nothing tells what they are about."""

SIGN = "\x1f"
"""Stands between title, start and channel in :attr:`LoggedExchange.source`."""

_SEVERAL_TITLES = 3
_MANY_TITLES = 4
"""From how many titles on the payloads under a key are different events, though their start is the
same: more where the key may name one record."""


@dataclass(slots=True)
class RequestGroup:
    """The requests about one event of the source, or of one route.

    Attributes:
        label: What they are about.
        creating: Whether they ask for a new event.
        anonymous: Whether nothing tells what they are about, so that they may be about many.
        marks: What each request came to, in the same order.
        remarks: What is noteworthy of a request, by its place.
        creates: The requests that ask for a new event.
        keys: Their keys, each once.
        event_ids: The events that they made, each once.
        recovered: Whether a success came after all failures.
    """

    label: str
    creating: bool
    anonymous: bool = False
    seen: list[LoggedExchange] = field(default_factory=list)
    marks: list[AttemptMark] = field(default_factory=list)
    remarks: dict[int, str] = field(default_factory=dict)

    creates: list[LoggedExchange] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    event_ids: list[str] = field(default_factory=list)
    recovered: bool = False

    def settle(self) -> None:
        """Work out what is asked for often, once all requests are in."""
        self.creates = [one for one in self.seen if one.creates]
        counted = self.creates or self.seen
        self.recovered = not counted[-1].failed and any(one.succeeded for one in counted)
        self.keys = list(dict.fromkeys(one.key for one in self.creates if one.key))
        made = (one.event_id for one in self.creates if one.succeeded)
        self.event_ids = list(dict.fromkeys(one for one in made if one))

    @property
    def same_payload(self) -> bool:
        """Whether all create requests are known to carry the same payload."""
        digests = {one.digest for one in self.creates}
        return len(digests) == 1 and None not in digests

    def remark(self, seen: LoggedExchange, text: str) -> None:
        """Note something about a request, unless something is noted already."""
        for place, one in enumerate(self.seen):
            if one is seen:
                self.remarks.setdefault(place, text)
                return


def in_order(traffic: Traffic) -> list[LoggedExchange]:
    """Return the requests in the order in which they were sent, as far as that is known.

    A request without a time stays behind the one that is before it in the input.
    """
    latest = 0.0
    placed: list[tuple[float, int, LoggedExchange]] = []
    for seen in traffic.seen:
        latest = seen.at if seen.at is not None else latest
        placed.append((latest, seen.line, seen))
    placed.sort(key=lambda one: (one[0], one[1]))
    return [seen for _, _, seen in placed]


@dataclass(frozen=True, slots=True)
class Shared:
    """A key that stands in requests for different events.

    Attributes:
        events: How many they are.
        sure: Whether they differ in title and start, so that they can't be one that was changed.
    """

    events: int
    sure: bool


def threads_of(seen: Iterable[LoggedExchange]) -> tuple[list[RequestGroup], dict[str, Shared]]:
    """Return the requests grouped, and the keys that several events share."""
    requests = list(seen)
    sources, shared = _joined_sources(requests)
    by_id: dict[str, str] = {}
    by_digest: dict[bytes, str] = {}
    threads: dict[str, RequestGroup] = {}
    for one in requests:
        name = _place(one, sources, by_id, shared)
        if one.creates and one.source is None and one.key not in shared and one.digest is not None:
            name = by_digest.setdefault(one.digest, name)
        thread = threads.get(name)
        if thread is None:
            thread = threads[name] = RequestGroup(_label(one), one.creates, name == ANONYMOUS)
        elif one.title and not thread.seen[0].title:
            thread.label = one.title
        thread.seen.append(one)
        if one.creates and one.succeeded and one.event_id:
            by_id.setdefault(one.event_id, name)
    for thread in threads.values():
        thread.settle()
        _mark(thread)
    return list(threads.values()), shared


def _joined_sources(requests: list[LoggedExchange]) -> tuple[dict[str, str], dict[str, Shared]]:
    """Return which group a source or a key belongs to, and the keys that several events share.

    Payloads under one key that have the title or the start in common are one event that was
    changed. Such without either are different events, and so are many titles with one start:
    nobody renames an event time and again.
    """
    by_key: dict[str, dict[str, None]] = defaultdict(dict)
    records: dict[str, set[str | None]] = defaultdict(set)
    for one in requests:
        if one.creates and one.key and one.source:
            by_key[one.key][one.source] = None
            records[one.key].add(one.record)
    groups: dict[str, str] = {}
    shared: dict[str, Shared] = {}
    for key, sources in by_key.items():
        if len(records[key]) == 1 and None not in records[key]:
            first = next(iter(sources))  # one record, whatever was changed of it meanwhile
            for name in (*sources, f"key {key}"):
                groups.setdefault(name, groups.get(first, first))
            continue
        titles = {source.partition(SIGN)[0] for source in sources}
        if len(titles) >= (_MANY_TITLES if _names_a_record(key) else _SEVERAL_TITLES):
            starts = {source.split(SIGN)[1:2][0] for source in sources if SIGN in source}
            shared[key] = Shared(len(titles), sure=not starts or len(starts) >= len(titles))
            continue
        clusters: list[tuple[str, set[str]]] = []
        for source in sources:
            parts = set(source.split(SIGN)[:2])
            home = next((name for name, known in clusters if known & parts), None)
            if home is None:
                clusters.append((source, parts))
            else:
                groups.setdefault(source, groups.get(home, home))
            if len(clusters) > 50:
                break
        if len(clusters) > 1:
            shared[key] = Shared(len(sources), sure=True)
        else:
            groups.setdefault(f"key {key}", groups.get(clusters[0][0], clusters[0][0]))
    return groups, shared


def _names_a_record(key: str) -> bool:
    """Return whether a key may hold the ID of a record; ``default`` and ``my-key`` hold none."""
    return any(sign.isdigit() for sign in key)


def _place(
    one: LoggedExchange, groups: dict[str, str], by_id: dict[str, str], shared: dict[str, Shared]
) -> str:
    """Return the name of the thread that a request belongs to."""
    if not one.creates:
        event = one.place.event_id
        if event is None:
            return f"{one.method} {one.place.template}"
        return by_id.get(event, f"event {event}")
    if one.source:
        return groups.get(one.source, one.source)
    if one.key and one.key not in shared:
        name = f"key {one.key}"
        return groups.get(name, name)
    if one.digest is not None:
        return f"digest {one.digest.hex()}"
    if one.event_id:
        return by_id.get(one.event_id, f"event {one.event_id}")
    return ANONYMOUS


def _label(one: LoggedExchange) -> str:
    """Say what a thread is about that begins with this request."""
    if one.creates and one.title:
        return one.title
    if one.creates and one.key:
        return f"key {clean_line(one.key, 50)}"
    if one.event_id:
        return f"event {clean_line(one.event_id, 50)}"
    route = one.place.route if one.creates else one.place.template
    return f"{one.method} {clean_line(route, 60)}"


def _mark(thread: RequestGroup) -> None:
    made: dict[str, LoggedExchange] = {}
    successes: list[LoggedExchange] = []
    for place, one in enumerate(thread.seen):
        mark = _mark_of(one, thread.seen[max(place - 30, 0) : place], successes, made)
        thread.marks.append(mark)
        if one.creates and one.succeeded:
            successes.append(one)
            if one.event_id:
                made.setdefault(one.event_id, one)
        if one.cut_off:
            thread.remarks[place] = say("traffic.remark.no-response")


def _mark_of(
    one: LoggedExchange,
    before: list[LoggedExchange],
    successes: list[LoggedExchange],
    made: dict[str, LoggedExchange],
) -> AttemptMark:
    if one.status is None:
        return "failed" if one.cut_off else "unknown"
    if one.status >= 400:
        return _failure_mark(one, before)
    if one.status >= 300 or one.is_page:
        return "unknown"
    if one.creates:
        return _success_mark(one, successes, made)
    return "read" if one.method in {"GET", "HEAD"} else "updated"


def _failure_mark(one: LoggedExchange, before: list[LoggedExchange]) -> AttemptMark:
    status = one.status or 0
    if status in STILL_AT_IT and one.creates and overlapped(one, before) is not None:
        return "in progress"
    if status == 409 and one.creates:
        return "conflict"
    if status == 429:
        return "limited"
    return "failed" if status >= 500 else "refused"


def overlapped(one: LoggedExchange, before: Iterable[LoggedExchange]) -> LoggedExchange | None:
    """Return the attempt with the same key that was still being worked on when ``one`` came."""
    if one.at is None:
        return None
    for earlier in before:
        if not earlier.creates or earlier.at is None or earlier.key != one.key:
            continue
        if not 0 <= one.at - earlier.at <= IN_PROGRESS_S:
            continue
        # What a gateway answers in the API's place leaves open what became of the request.
        unanswered = earlier.status is None or (
            earlier.status in _GATEWAY_GAVE_UP and earlier.code is None
        )
        responded_later = (earlier.responded_at or 0) > one.at and earlier.status not in STILL_AT_IT
        if unanswered or responded_later:
            return earlier
    return None


def _success_mark(
    one: LoggedExchange, successes: list[LoggedExchange], made: dict[str, LoggedExchange]
) -> AttemptMark:
    if one.replayed or (one.event_id and one.event_id in made):
        return "replayed"
    if not successes:
        return "created"
    if one.event_id and made:
        return "duplicate"
    last = successes[-1]
    near = one.at is None or last.at is None or one.at - last.at <= REPLAY_S
    same = one.key is not None and one.key == last.key and one.digest == last.digest
    return "replayed" if same and near else "created"
