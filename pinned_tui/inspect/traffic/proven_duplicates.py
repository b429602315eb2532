"""Duplicates that a log proves, and retries that only what is logged beside them tells. Pure.

Guide: Duplicate events. What :mod:`pinned_tui.inspect.traffic.duplicates` concludes from keys alone
comes first; here the events themselves are held against each other.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pinned_tui.core.labels import duration, plural
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.findings import TrafficFindings
from pinned_tui.inspect.traffic.grouping import REPLAY_S, SIGN, RequestGroup
from pinned_tui.inspect.traffic.idempotency_keys import KeyOrigin, made_of, varying
from pinned_tui.inspect.traffic.model import LoggedExchange
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_KEY_CAUSES = ("idempotency-key-random", "idempotency-key-time-based", "idempotency-window-expired")
_MOST_NAMED = 5


def judge_duplicates(thread: RequestGroup, findings: TrafficFindings) -> None:
    """Find one event that the log shows to be created several times, under several keys."""
    made = [one for one in thread.creates if one.succeeded and one.key and one.event_id]
    firsts = list({one.event_id: one for one in reversed(made)}.values())[::-1]
    pair = next(((a, b) for a, b in pairwise(firsts) if a.key != b.key), None)
    if pair is None or thread.anonymous or findings.tells(_KEY_CAUSES, thread.creates):
        return
    first, second = pair
    same = first.digest is not None and first.digest == second.digest
    ids = ", ".join(clean_line(one.event_id or "", 40) for one in firsts[:_MOST_NAMED])
    keys = say(
        "traffic.duplicates-present.keys",
        first=clean_line(first.key or "", 60),
        second=clean_line(second.key or "", 60),
    )
    alike = (say("traffic.duplicates-present.or-alike"),)
    if all(made_of(one.key or "", one.at)[0] is KeyOrigin.ROW for one in pair):
        findings.add(
            "idempotency-key-row-based", Certainty.LIKELY, second,
            say("traffic.idempotency-key-row-based.moved", keys=keys),
            found=clean_line(second.key or "", 80), alternatives=alike,
        )  # fmt: skip
    thread.remark(second, say("traffic.remark.same-event"))
    findings.add(
        "duplicates-present", Certainty.LIKELY, second,
        say(
            "traffic.duplicates-present.payload" if same else "traffic.duplicates-present.record",
            times=plural(len(firsts), "time"),
            events=ids,
            keys=keys,
        ),
        subject=ids, count=len(firsts), harm="duplicates", alternatives=alike,
    )  # fmt: skip


def judge_repeats(requests: Iterable[LoggedExchange], findings: TrafficFindings) -> None:
    """Find retries under a new key by the title and the job that are logged beside them.

    A weekly event has one title too, so that only what follows soon on an attempt without response
    counts, and only where the keys are made by chance or by the clock.
    """
    lost: dict[str, list[LoggedExchange]] = {}
    for one in requests:
        if not one.creates or one.hint is None:
            continue
        earlier = lost.pop(one.hint, [])
        if earlier and _near(earlier[-1], one):
            findings.repeated.add(id(earlier[-1]))
            _report_repeat(earlier[-1], one, findings)
            if one.succeeded:
                findings.explained |= {id(attempt) for attempt in earlier}
        else:
            earlier = []
        if one.cut_off or (one.status or 0) >= 500:
            lost[one.hint] = [*earlier, one]


def judge_drifted(requests: Iterable[LoggedExchange], findings: TrafficFindings) -> None:
    """Find events that were created twice under titles that are one but for their spelling.

    Accents, quotation marks, dashes and case drift where a text passes through several systems.
    """
    known: dict[tuple[str, str], LoggedExchange] = {}
    for one in requests:
        if not (one.creates and one.succeeded and one.event_id and one.source):
            continue
        title, sign, rest = one.source.partition(SIGN)
        plain = _spelt_plainly(title)
        if not sign or not plain:
            continue
        first = known.setdefault((plain, rest), one)
        if first.source == one.source or first.event_id == one.event_id or first.key == one.key:
            continue
        ids = f"{clean_line(first.event_id or '', 40)}, {clean_line(one.event_id, 40)}"
        findings.add(
            "duplicates-present", Certainty.LIKELY, one,
            say(
                "traffic.duplicates-present.drifted",
                first=first.title or "", second=one.title or "", events=ids,
            ),
            subject=ids, count=2, harm="duplicates",
            alternatives=(say("traffic.duplicates-present.or-alike"),),
        )  # fmt: skip


def _spelt_plainly(title: str) -> str:
    """Return the letters and digits of a title alone, without accents."""
    apart = unicodedata.normalize("NFKD", title).casefold()
    return "".join(sign for sign in apart if sign.isalnum())


def _near(earlier: LoggedExchange, one: LoggedExchange) -> bool:
    return earlier.at is None or one.at is None or 0 <= one.at - earlier.at <= REPLAY_S


def _report_repeat(earlier: LoggedExchange, one: LoggedExchange, findings: TrafficFindings) -> None:
    if not earlier.key or not one.key or earlier.key == one.key:
        return
    made, part = varying([earlier.key, one.key], [earlier.at, one.at])
    if made not in {KeyOrigin.RANDOM, KeyOrigin.TIME}:
        return
    ended = say("traffic.sent-again.no-response")
    if earlier.status is not None:
        ended = say("traffic.sent-again.status", status=earlier.status)
    title, first, second = one.title or "", clean_line(earlier.key, 60), clean_line(one.key, 60)
    detail = say("traffic.sent-again.seen", title=title, ended=ended, first=first, second=second)
    if earlier.at is not None and one.at is not None:
        detail = say(
            "traffic.sent-again.later",
            title=title,
            gap=duration(one.at - earlier.at),
            ended=ended,
            first=first,
            second=second,
        )
    findings.add(
        "idempotency-key-random" if made is KeyOrigin.RANDOM else "idempotency-key-time-based",
        Certainty.LIKELY,
        one,
        detail,
        found=clean_line(part, 80) if made is KeyOrigin.TIME else None,
        alternatives=(say("traffic.duplicates-present.or-same-title"),),
    )


def unsettled(threads: Iterable[RequestGroup], findings: TrafficFindings) -> list[LoggedExchange]:
    """Return the requests of which the input does not tell how they ended, in their order.

    Where a later attempt succeeded, it does not matter how an earlier one ended.
    """
    found = [one for thread in threads for one in _unsettled(thread, findings)]
    return sorted(found, key=lambda one: one.line)


def _unsettled(thread: RequestGroup, findings: TrafficFindings) -> Sequence[LoggedExchange]:
    left: list[LoggedExchange] = []
    for one in thread.seen:
        if one.succeeded and not thread.anonymous:
            left.clear()
        elif (one.status is None or one.status == 0) and id(one) not in findings.repeated:
            left.append(one)
    return left
