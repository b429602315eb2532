"""What the attempts for one event show about idempotency. Guide: Duplicate events. Pure."""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from pinned_tui.core.labels import duration, plural
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.canonical import MISSING, differences, reordered
from pinned_tui.inspect.traffic.findings import TrafficFindings
from pinned_tui.inspect.traffic.grouping import REPLAY_S, RequestGroup, Shared, overlapped
from pinned_tui.inspect.traffic.idempotency_keys import KeyOrigin, made_of, random_part, varying
from pinned_tui.inspect.traffic.model import LoggedExchange
from pinned_tui.inspect.traffic.timestamps import TimestampReader
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_NOISE = re.compile(
    r"(?:^|[._\]])(?:created|updated|modified|generated|sent|synced|exported|requested|last\w*)_?"
    r"(?:at|on|time|date)?\Z|timestamp|nonce|(?:request|trace|correlation|session)_?id\Z|_?etag\Z"
    r"|version\Z|checksum|(?:^|\.)(?:now|ts)\Z",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OWN_DATES = frozenset({"startAt", "endAt", "doorsAt", "title", "timezone", "channelId"})
_NUMBER = re.compile(r"[-_.:#]?\d{1,3}")
_URL = re.compile(r"https?://[^\s?#]+")
_MOST_FIELDS = 4
_SHORT = 60
_Payloads = Callable[[LoggedExchange], Any]


def judge_headers(requests: Iterable[LoggedExchange], findings: TrafficFindings) -> None:
    """Find create requests without the header, or with one that has another name."""
    sure = Certainty.CONFIRMED if findings.unit == "entry" else Certainty.LIKELY
    for one in requests:
        if not one.creates or one.key or id(one) in findings.explained:
            continue
        if one.misspelled:
            findings.add(
                "idempotency-header-misspelled",
                Certainty.CONFIRMED,
                one,
                say("traffic.idempotency-header-misspelled.seen", header=one.misspelled),
                subject=one.misspelled,
                found=one.misspelled,
                suggestion="Idempotency-Key",
            )
        elif one.key_visible:
            findings.add(
                "idempotency-key-missing", sure, one,
                say("traffic.idempotency-key-missing.seen"), route="POST /events",
            )  # fmt: skip


def judge_shared(
    requests: Iterable[LoggedExchange], shared: dict[str, Shared], findings: TrafficFindings
) -> None:
    """Find keys that stand in requests for different events."""
    reported: set[str] = set()
    for one in requests:
        if one.key not in shared or not one.creates:
            continue
        if one.status == 409:
            findings.explained.add(id(one))
        if one.key in reported:
            continue
        reported.add(one.key)
        shown = clean_line(one.key, 80)
        count, sure = shared[one.key].events, shared[one.key].sure
        findings.add(
            "idempotency-key-constant", Certainty.CONFIRMED if sure else Certainty.LIKELY, one,
            say(
                "traffic.idempotency-key-constant.seen",
                key=shown,
                events=plural(count, "different event"),
            ),
            subject=shown, found=shown, count=count,
            alternatives=() if sure else (say("traffic.idempotency-key-constant.or-renamed"),),
        )  # fmt: skip


def judge_thread(
    thread: RequestGroup, payload_of: _Payloads, findings: TrafficFindings, moments: TimestampReader
) -> None:
    """Say what the attempts for one event show."""
    creates = thread.creates
    if not creates or thread.anonymous:
        return
    _in_progress(thread, findings)
    if len(creates) > 1:
        _keys_vary(thread, findings)
        _payload_varies(thread, payload_of, findings, moments)
        _window(thread, findings)
        _unkeyed_duplicates(thread, findings)
        _replays(thread, findings)


def judge_lone_keys(
    requests: Iterable[LoggedExchange], findings: TrafficFindings, known: set[str]
) -> None:
    """Find keys that tell by themselves that a retry will have another one."""
    judged = set(known)
    for one in requests:
        if not one.creates or not one.key or one.key in judged:
            continue
        judged.add(one.key)
        made, part = made_of(one.key, one.at)
        shown = clean_line(part, 80)
        if made is KeyOrigin.TIME:
            findings.add(
                "idempotency-key-time-based", Certainty.LIKELY, one,
                say(
                    "traffic.idempotency-key-time-based.lone",
                    key=clean_line(one.key, 80),
                    part=shown,
                ),
                found=shown,
            )  # fmt: skip
        elif made is KeyOrigin.ROW:
            findings.add(
                "idempotency-key-row-based", Certainty.POSSIBLE, one,
                say("traffic.idempotency-key-row-based.lone", key=clean_line(one.key, 80)),
                found=clean_line(one.key, 80),
            )  # fmt: skip


def _keys_vary(thread: RequestGroup, findings: TrafficFindings) -> None:
    """Find attempts for one event under several keys."""
    keyed = [one for one in thread.creates if one.key]
    keys = thread.keys
    if len(keys) < 2:
        return
    firsts = {key: next(one for one in keyed if one.key == key) for key in keys}
    times = [firsts[key].at for key in keys]
    made, part = varying(keys, times)
    second = firsts[keys[1]]
    certainty = Certainty.CONFIRMED if thread.same_payload else Certainty.LIKELY
    shown, first_key = clean_line(part, 80), clean_line(keys[0], 60)
    second_key = clean_line(keys[1], 60)
    attempts, event = plural(len(keyed), "attempt"), _named(thread)
    for one in keyed:
        if one.key != keys[0]:
            thread.remark(one, say("traffic.remark.another-key"))
    if made is KeyOrigin.TIME and _NUMBER.fullmatch(part) and not _retried(keyed):
        return  # two records of the source that happen to be alike
    if made is KeyOrigin.TIME:
        findings.add(
            "idempotency-key-time-based", certainty, second,
            say(
                "traffic.idempotency-key-time-based.attempts",
                attempts=attempts,
                event=event,
                count=len(keys),
                part=shown,
            ),
            found=shown, harm=_harm(thread),
        )  # fmt: skip
    elif made is KeyOrigin.RANDOM:
        findings.add(
            "idempotency-key-random", certainty, second,
            say(
                "traffic.idempotency-key-random.same-payload"
                if thread.same_payload
                else "traffic.idempotency-key-random.same-event",
                attempts=attempts,
                event=event,
                count=len(keys),
                first=first_key,
                second=second_key,
            ),
            harm=_harm(thread),
        )  # fmt: skip
    elif thread.same_payload and _retried(keyed):
        findings.add(
            "idempotency-key-random", Certainty.POSSIBLE, second,
            say(
                "traffic.idempotency-key-random.retried",
                attempts=attempts,
                event=event,
                first=first_key,
                second=second_key,
            ),
            alternatives=(say("traffic.duplicates-present.or-alike"),),
        )  # fmt: skip


def _harm(thread: RequestGroup) -> str | None:
    """Say that several events were made of one, which outranks what merely failed."""
    return "duplicates" if len(thread.event_ids) > 1 else None


def _retried(keyed: list[LoggedExchange]) -> bool:
    """Return whether a new key followed on an attempt that failed by chance."""
    return any(a.transient and a.key != b.key for a, b in pairwise(keyed))


def _named(thread: RequestGroup) -> str:
    if thread.creates[0].title:
        return say("traffic.part.title", title=thread.label)
    return say("traffic.part.event")


def _payload_varies(
    thread: RequestGroup, payload_of: _Payloads, findings: TrafficFindings, moments: TimestampReader
) -> None:
    """Find attempts with one key and several payloads, and name the fields that differ."""
    for key in thread.keys:
        same_key = [one for one in thread.creates if one.key == key and one.digest is not None]
        changed = next(((a, b) for a, b in pairwise(same_key) if a.digest != b.digest), None)
        if changed is None:
            continue
        first, second = changed
        found = differences(payload_of(first), payload_of(second))
        for one in same_key:
            if one.status == 409:
                findings.explained.add(id(one))
        _report_change(key, second, found, thread, findings, moments)


def _report_change(
    key: str,
    second: LoggedExchange,
    found: tuple[tuple[str, Any, Any], ...],
    thread: RequestGroup,
    findings: TrafficFindings,
    moments: TimestampReader,
) -> None:
    noise = [path for path, old, new in found if _is_noise(path, old, new, moments)]
    unstable = bool(found) and len(noise) == len(found)
    fields = _fields(found)
    detail = say("traffic.idempotency-payload-changed.seen", key=clean_line(key, 60), fields=fields)
    paths = [clean_line(path, 60) for path, _, _ in found[:_MOST_FIELDS]]
    remark = say("traffic.remark.unknown-payload")
    if paths:
        remark = say("traffic.remark.payload", fields=", ".join(paths))
    thread.remark(second, remark)
    findings.add(
        "idempotency-payload-unstable" if unstable else "idempotency-payload-changed",
        Certainty.CONFIRMED,
        second,
        detail,
        subject=", ".join(paths) or None,
        found=clean_line(key, 80),
        request_id=second.request_id,
    )


def _is_noise(path: str, old: Any, new: Any, moments: TimestampReader) -> bool:  # noqa: ANN401 - JSON
    """Return whether a difference is one that nobody made on purpose."""
    name = path.rpartition(".")[2].partition("[")[0]
    if name in _OWN_DATES:
        return _same_moment(old, new, moments)
    if _NOISE.search(_HUMP.sub("_", path)) or reordered(old, new):
        return True
    if isinstance(old, str) and isinstance(new, str):
        before, after = _URL.match(old), _URL.match(new)
        if before is not None and after is not None:
            return before[0] == after[0]
        return " ".join(old.split()) == " ".join(new.split())
    return False


def _same_moment(old: Any, new: Any, moments: TimestampReader) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether two dates are one moment in two spellings."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return False
    first = moments.read(old)
    return first is not None and first == moments.read(new)


def _fields(found: tuple[tuple[str, Any, Any], ...]) -> str:
    """Name the fields that differ, with their values where these are short and no addresses."""
    if not found:
        return say("traffic.idempotency-payload-changed.bytes")
    shown = []
    for path, old, new in found[:_MOST_FIELDS]:
        name = clean_line(path, 80)
        if _plain(old) and _plain(new):
            name = say(
                "traffic.idempotency-payload-changed.values",
                field=name,
                old=_value(old),
                new=_value(new),
            )
        shown.append(name)
    left = len(found) - len(shown)
    fields = ", ".join(shown)
    if not left:
        return fields
    more = plural(left, "more field")
    return say("traffic.idempotency-payload-changed.more", fields=fields, more=more)


def _plain(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        private = "://" in value or random_part(value) is not None
        return len(value) <= _SHORT and not private
    return value is MISSING or value is None or isinstance(value, int | float)


def _value(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return f"“{clean_line(value, _SHORT)}”"
    return clean_line(str(value), _SHORT) if value is not None else "null"


def _in_progress(thread: RequestGroup, findings: TrafficFindings) -> None:
    for place, one in enumerate(thread.seen):
        if thread.marks[place] != "in progress":
            continue
        findings.explained.add(id(one))
        if thread.recovered:
            continue
        earlier = overlapped(one, thread.seen[max(place - 30, 0) : place])
        if earlier is not None:
            findings.explained.add(id(earlier))  # a gateway gave up on it, and the API did not
        gap = (one.at or 0) - (earlier.at or 0) if earlier is not None else None
        later = duration(gap) if gap is not None else None
        status = one.status or 0
        detail = say("traffic.idempotency-in-progress.undated", status=status)
        if later is not None:
            detail = say("traffic.idempotency-in-progress.seen", status=status, gap=later)
        findings.add(
            "idempotency-in-progress", Certainty.LIKELY, one,
            detail,
            wait=later, request_id=one.request_id, status=one.status,
        )  # fmt: skip


def _window(thread: RequestGroup, findings: TrafficFindings) -> None:
    """Find a key that created again after the API had forgotten it."""
    made = [one for one in thread.creates if one.succeeded and one.key and one.event_id]
    for first, second in pairwise(made):
        if first.key != second.key or first.event_id == second.event_id:
            continue
        if first.at is None or second.at is None or first.digest != second.digest:
            continue
        if second.at - first.at <= REPLAY_S:
            _unkept(first, second, duration(second.at - first.at), findings)
            continue
        gap = duration(second.at - first.at)
        thread.remark(second, say("traffic.remark.forgotten", gap=gap))
        findings.add(
            "idempotency-window-expired",
            Certainty.CONFIRMED if first.digest is not None else Certainty.LIKELY,
            second,
            say(
                "traffic.idempotency-window-expired.seen",
                key=clean_line(second.key or "", 60),
                first=clean_line(first.event_id or "", 40),
                gap=gap,
                second=clean_line(second.event_id or "", 40),
            ),
            wait=gap,
        )  # fmt: skip


def _unkept(
    first: LoggedExchange, second: LoggedExchange, gap: str, findings: TrafficFindings
) -> None:
    """Tell of a key that created again although the API promises to replay its first response."""
    if first.digest is None:
        return
    one, other = clean_line(first.event_id or "", 40), clean_line(second.event_id or "", 40)
    findings.add(
        "duplicates-present", Certainty.LIKELY, second,
        say(
            "traffic.duplicates-present.within-window",
            key=clean_line(second.key or "", 60),
            first=one,
            gap=gap,
            second=other,
        ),
        subject=f"{one}, {other}", count=2,
        alternatives=(
            say("traffic.duplicates-present.or-changed-on-the-way"),
            say("traffic.duplicates-present.or-still-working"),
        ),
    )  # fmt: skip


def _unkeyed_duplicates(thread: RequestGroup, findings: TrafficFindings) -> None:
    """Find one event that was created several times in a log that shows no keys at all."""
    ids = thread.event_ids
    unkeyed = [one for one in thread.creates if one.succeeded and not one.key]
    if (
        len(ids) < 2
        or len(unkeyed) < 2
        or any(one.key_visible or one.key for one in thread.creates)
    ):
        return
    second = next(one for one in unkeyed if one.event_id not in {None, ids[0]})
    findings.add(
        "idempotency-key-missing", Certainty.LIKELY, second,
        say(
            "traffic.idempotency-key-missing.duplicates",
            event=_named(thread),
            times=plural(len(ids), "time"),
            events=", ".join(clean_line(one, 40) for one in ids[:5]),
        ),
        alternatives=(say("traffic.idempotency-key-missing.or-left-out"),),
        route="POST /events",
    )  # fmt: skip


def _replays(thread: RequestGroup, findings: TrafficFindings) -> None:
    if len(thread.event_ids) > 1:
        return
    successes = [one for one in thread.creates if one.succeeded and one.event_id]
    if len(successes) > 1:
        event = clean_line(successes[0].event_id or "", 60)
        findings.add(
            "idempotency-replay-misread", Certainty.CONFIRMED, successes[1],
            say(
                "traffic.idempotency-replay-misread.seen", count=len(successes), event=event
            ),
            event=event,
        )  # fmt: skip
