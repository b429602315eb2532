"""What the attempts for one event show about idempotency. Guide: Duplicate events. Pure."""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from pinned_tui.core.labels import duration, plural
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
_KEY_CHANGED_ON_THE_WAY = "Something on the way to the API changes or drops the Idempotency-Key."
_NOT_YET_KNOWN = "The API was still working on the first request and did not hold the second back."
_KEYS_LEFT_OUT = (
    "The log leaves the keys out, and each attempt has another one (idempotency-key-random)."
)
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
                f"The request carries the header {one.misspelled} and no Idempotency-Key.",
                subject=one.misspelled,
                found=one.misspelled,
                suggestion="Idempotency-Key",
            )
        elif one.key_told:
            findings.add(
                "idempotency-key-missing", sure, one,
                "A create request was sent without an Idempotency-Key.", route="POST /events",
            )  # fmt: skip


def judge_shared(
    requests: Iterable[LoggedExchange], shared: dict[str, Shared], findings: TrafficFindings
) -> None:
    """Find keys that stand in requests for different events."""
    told: set[str] = set()
    for one in requests:
        if one.key not in shared or not one.creates:
            continue
        if one.status == 409:
            findings.explained.add(id(one))
        if one.key in told:
            continue
        told.add(one.key)
        shown = clean_line(one.key, 80)
        count, sure = shared[one.key].events, shared[one.key].sure
        findings.add(
            "idempotency-key-constant", Certainty.CONFIRMED if sure else Certainty.LIKELY, one,
            f"The key {shown} stands in requests for {plural(count, 'different event')}.",
            subject=shown, found=shown, count=count,
            alternatives=() if sure else ("It is one event, whose title was changed each time.",),
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
                f"The key {clean_line(one.key, 80)} holds {shown}, the time of sending or the"
                " number of the attempt.",
                found=shown,
            )  # fmt: skip
        elif made is KeyOrigin.ROW:
            findings.add(
                "idempotency-key-row-based", Certainty.POSSIBLE, one,
                f"The key {clean_line(one.key, 80)} is made of a date or the number of a row.",
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
    what = f"{plural(len(keyed), 'attempt')} for {_named(thread)}"
    for one in keyed:
        if one.key != keys[0]:
            thread.remark(one, "another key")
    if made is KeyOrigin.TIME and _NUMBER.fullmatch(part) and not _retried(keyed):
        return  # two records of the source that happen to be alike
    if made is KeyOrigin.TIME:
        findings.add(
            "idempotency-key-time-based", certainty, second,
            f"{what} carry {len(keys)} keys that differ in a time or a count, such as {shown}.",
            found=shown,
        )  # fmt: skip
    elif made is KeyOrigin.RANDOM:
        same = "the same payload" if thread.same_payload else "the same event"
        findings.add(
            "idempotency-key-random", certainty, second,
            f"{what} carry {same} under {len(keys)} different keys, first {first_key} and then"
            f" {clean_line(keys[1], 60)}.",
        )  # fmt: skip
    elif thread.same_payload and _retried(keyed):
        findings.add(
            "idempotency-key-random", Certainty.POSSIBLE, second,
            f"{what} carry the same payload under the keys {first_key} and"
            f" {clean_line(keys[1], 60)}.",
            alternatives=("These are two records of the source that happen to be alike.",),
        )  # fmt: skip


def _retried(keyed: list[LoggedExchange]) -> bool:
    """Tell whether a new key followed on an attempt that failed by chance."""
    return any(a.transient and a.key != b.key for a, b in pairwise(keyed))


def _named(thread: RequestGroup) -> str:
    return f"“{thread.label}”" if thread.creates[0].title else "one event"


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
    detail = f"Under the key {clean_line(key, 60)} the payloads differ in {fields}."
    paths = [clean_line(path, 60) for path, _, _ in found[:_MOST_FIELDS]]
    thread.remark(second, f"same key, other payload: {', '.join(paths) or 'unknown'}")
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
    """Tell whether a difference is one that nobody made on purpose."""
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
    """Tell whether two dates are one moment in two spellings."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return False
    first = moments.read(old)
    return first is not None and first == moments.read(new)


def _fields(found: tuple[tuple[str, Any, Any], ...]) -> str:
    """Name the fields that differ, with their values where these are short and no addresses."""
    if not found:
        return "their bytes"
    shown = []
    for path, old, new in found[:_MOST_FIELDS]:
        values = f" ({_value(old)} → {_value(new)})" if _plain(old) and _plain(new) else ""
        shown.append(clean_line(path, 80) + values)
    left = len(found) - len(shown)
    more = f" and {plural(left, 'more field')}" if left else ""
    return ", ".join(shown) + more


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
        gap = (one.at or 0) - (earlier.at or 0) if earlier is not None else None
        told = duration(gap) if gap is not None else None
        findings.add(
            "idempotency-in-progress", Certainty.LIKELY, one,
            f"A retry got {one.status} {told} after an attempt with the same key that had no answer"
            " yet.",
            wait=told, request_id=one.request_id, status=one.status,
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
        thread.remark(second, f"the API had forgotten the key after {gap}")
        findings.add(
            "idempotency-window-expired",
            Certainty.CONFIRMED if first.digest is not None else Certainty.LIKELY,
            second,
            f"The key {clean_line(second.key or '', 60)} created event"
            f" {clean_line(first.event_id or '', 40)} and, {gap} later, event"
            f" {clean_line(second.event_id or '', 40)}.",
            wait=gap,
        )  # fmt: skip


def _unkept(
    first: LoggedExchange, second: LoggedExchange, gap: str, findings: TrafficFindings
) -> None:
    """Tell of a key that created again although the API promises to replay its first answer."""
    if first.digest is None:
        return
    one, other = clean_line(first.event_id or "", 40), clean_line(second.event_id or "", 40)
    findings.add(
        "duplicates-present", Certainty.LIKELY, second,
        f"The key {clean_line(second.key or '', 60)} created event {one} and, {gap} later, event"
        f" {other} from the same payload, although the API remembers a key for 15 minutes.",
        subject=f"{one}, {other}", count=2,
        alternatives=(_KEY_CHANGED_ON_THE_WAY, _NOT_YET_KNOWN),
    )  # fmt: skip


def _unkeyed_duplicates(thread: RequestGroup, findings: TrafficFindings) -> None:
    """Find one event that was created several times in a log that shows no keys at all."""
    ids = thread.event_ids
    unkeyed = [one for one in thread.creates if one.succeeded and not one.key]
    if len(ids) < 2 or len(unkeyed) < 2 or any(one.key_told or one.key for one in thread.creates):
        return
    second = next(one for one in unkeyed if one.event_id not in {None, ids[0]})
    findings.add(
        "idempotency-key-missing", Certainty.LIKELY, second,
        f"{_named(thread)} was created {plural(len(ids), 'time')}, as the events"
        f" {', '.join(clean_line(one, 40) for one in ids[:5])}; the log shows no Idempotency-Key.",
        alternatives=(_KEYS_LEFT_OUT,),
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
            f"{len(successes)} answers name the same event, {event}: a replay, no duplicate.",
            event=event,
        )  # fmt: skip
