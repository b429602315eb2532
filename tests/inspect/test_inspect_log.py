"""Logs and HAR files as a story: right causes, right places, and silence where all is well."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.inspect.detect import detect
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import (
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    StoppedError,
    read_text,
)
from pinned_tui.inspect.traffic.canonical import digest
from pinned_tui.inspect.traffic.idempotency_keys import KeyOrigin, made_of
from pinned_tui.inspect.traffic.timestamps import TimestampReader
from pinned_tui.session import Certainty
from tests.inspect.traffic import BODY, FIRST, SECOND, URL, entry, error, har, moment, ndjson, row
from tests.strategies import any_text, json_values

LOOKING = InspectionContext(now=datetime(2026, 11, 28, 12, tzinfo=UTC))
SURE, LIKELY, POSSIBLE = Certainty.CONFIRMED, Certainty.LIKELY, Certainty.POSSIBLE


def inspected(text: str) -> Inspection:
    pasted = read_text(text)
    kind = detect(pasted)
    assert kind in {InputKind.LOG, InputKind.HAR}, kind
    return look(pasted, LOOKING)


def seen(text: str) -> list[tuple[str, Certainty]]:
    return [(fault.cause, fault.certainty) for fault in inspected(text).faults]


def marks(text: str) -> list[list[str]]:
    timeline = inspected(text).timeline
    assert timeline is not None
    return [[attempt.mark for attempt in strand.attempts] for strand in timeline.strands]


def doc(number: int) -> dict[str, object]:
    return {"doc": {"id": number, "title": "Jazz Night"}}


def channels(page: int, total: int = 23, limit: int = 10) -> dict[str, object]:
    return {"docs": [{"id": n} for n in range(min(limit, total))], "totalDocs": total,
            "limit": limit, "page": page}  # fmt: skip


def got(seconds: float, path: str, status: int = 200, **more: object) -> dict[str, object]:
    return row(
        seconds,
        status,
        None,
        method="GET",
        url=f"https://pinned.events/api/public/v1{path}",
        **more,
    )


PLAIN = "2026-11-28 10:00:{:02} INFO POST /api/public/v1/events {}\n"
ACCESS = (
    '10.0.0.1 - - [28/Nov/2026:10:00:{:02} +0000] "POST /api/public/v1/events HTTP/1.1" {} 87\n'
)

FAULTY = {
    "one payload, two keys, two events": (
        ndjson(
            row(0, body=BODY, response=doc(1)),
            row(1, key="cms-2-create", body=BODY, response=doc(2)),
        ),
        [("duplicates-present", LIKELY)],
    ),
    "another UUID for the same payload": (
        ndjson(row(0, 504, FIRST, body=BODY), row(2, key=SECOND, body=BODY, response=doc(9))),
        [("idempotency-key-random", SURE)],
    ),
    "another UUID, payload as text, camel case": (
        ndjson(
            row(0, 504, None, idempotencyKey=FIRST, requestBody=json.dumps(BODY)),
            row(2, 201, None, idempotencyKey=SECOND, requestBody=json.dumps(BODY)),
        ),
        [("idempotency-key-random", SURE)],
    ),
    "the clock in the key": (
        ndjson(*[row(n, 503, f"cms-1-{1795860000 + n}", body=BODY) for n in (0, 3, 9)],
               row(20, 201, "cms-1-1795860020", body=BODY, response=doc(9))),
        [("idempotency-key-time-based", SURE)],
    ),
    "the attempt in the key": (
        ndjson(row(0, 503, "cms-1-attempt-1", body=BODY), row(5, key="cms-1-attempt-2", body=BODY)),
        [("idempotency-key-time-based", SURE)],
    ),
    "the clock in a lone key": (
        PLAIN.format(0, "201 idempotency_key=evt-1795860000123"),
        [("idempotency-key-time-based", LIKELY)],
    ),
    "the vendor's own import form": (
        PLAIN.format(0, "201 idempotency_key=nightly-import-2026-06-12-row-42"),
        [("idempotency-key-row-based", POSSIBLE)],
    ),
    "one key for everything": (
        ndjson(*[row(n, 409 if n else 201, "import", body={**BODY, "title": f"Show {n}",
                 "startAt": f"2027-03-0{n + 1}T19:00:00+01:00"}) for n in range(4)]),
        [("idempotency-key-constant", SURE)],
    ),
    "the title was changed": (
        ndjson(row(0, body=BODY, response=doc(9)),
               row(30, 409, body={**BODY, "title": "Jazz Night!"}, response=error("conflict"))),
        [("idempotency-payload-changed", SURE)],
    ),
    "only noise changed": (
        ndjson(*[row(n, 409 if n else 201, body={**BODY, "updatedAt": n,
                 "image": f"https://s3.example/x.png?sig=a{n}"}) for n in range(2)]),
        [("idempotency-payload-unstable", SURE)],
    ),
    "a list in another order": (
        ndjson(row(0, body={**BODY, "classifications": ["a", "b"]}),
               row(9, 409, body={**BODY, "classifications": ["b", "a"]})),
        [("idempotency-payload-unstable", SURE)],
    ),
    "the first one is still worked on": (
        ndjson(row(0, None, body=BODY, error="ETIMEDOUT"), row(10, 409, body=BODY)),
        [("idempotency-in-progress", LIKELY)],
    ),
    "after the window": (
        ndjson(row(0, body=BODY, response=doc(1)), row(1200, body=BODY, response=doc(2))),
        [("idempotency-window-expired", SURE)],
    ),
    "a replay": (
        ndjson(row(0, body=BODY, response=doc(1)), row(60, 200, body=BODY, response=doc(1))),
        [("idempotency-replay-misread", SURE)],
    ),
    "created twice, no keys in the log": (
        ndjson(row(0, 201, None, body=BODY, response=doc(1)),
               row(60, 201, None, body=BODY, response=doc(2))),
        [("idempotency-key-missing", LIKELY)],
    ),
    "an empty key": (
        ndjson(row(0, idempotencyKey=None, key=None, body=BODY)),
        [("idempotency-key-missing", LIKELY)],
    ),
    "HAR without the header": (har(entry(answer=doc(1))), [("idempotency-key-missing", SURE)]),
    "HAR with a header of another name": (
        har(entry(answer=doc(1), headers={"X-Idempotency-Key": "cms-1"})),
        [("idempotency-header-misspelled", SURE)],
    ),
    "HAR from a page": (
        har(entry(answer=doc(1), headers={"Idempotency-Key": "cms-1", "Sec-Fetch-Mode": "cors",
                                          "Origin": "https://shop.example"})),
        [("client-in-browser", LIKELY)],
    ),
    "HAR with a body in base64": (
        har(entry(status=400, headers={"Idempotency-Key": "cms-1"}) | {
            "response": {"status": 400, "headers": [], "content": {"encoding": "base64",
                "text": base64.b64encode(json.dumps(error("invalid_request", details={
                    "field": "title", "issue": "Required"})).encode()).decode()}}}),
        [("field-missing", SURE)],
    ),
    "inside of the wait": (
        PLAIN.format(0, "429 idempotency_key=cms-1 retry-after=20")
        + PLAIN.format(5, "429 idempotency_key=cms-1 retry-after=15")
        + PLAIN.format(21, "201 idempotency_key=cms-1"),
        [("rate-retry-after-ignored", SURE)],
    ),
    "every two seconds": (
        "".join(PLAIN.format(2 * n, "503 idempotency_key=cms-1") for n in range(5))
        + PLAIN.format(10, "201 idempotency_key=cms-1"),
        [("rate-no-backoff", SURE)],
    ),
    "at once": (
        ndjson(*[row(n / 10, 503, body=BODY) for n in range(5)], row(0.6, body=BODY)),
        [("rate-no-backoff", SURE)],
    ),
    "a burst": (
        ndjson(*[row(n / 10, 429 if n > 5 else 201, f"cms-{n}-create") for n in range(9)],
               *[row(30 + n, 201, f"cms-{n}-create") for n in (6, 7, 8)]),
        [("rate-burst", LIKELY)],
    ),
    "only page 1": (
        ndjson(got(0, "/channels", response=channels(1))), [("list-stops-at-page-one", LIKELY)],
    ),
    "500 a page": (
        ndjson(got(0, "/events?limit=500", response=channels(1, 23, 100))),
        [("list-limit-capped", SURE)],
    ),
    "goes on with undefined": (
        ndjson(row(0, 400, body=BODY, response=error("conflict")),
               row(1, 404, None, method="PATCH", url=URL + "/undefined")),
        [("client-ignores-status", LIKELY), ("payload-rejected", SURE)],
    ),
    "reports success": (
        PLAIN.format(0, "400 idempotency_key=cms-1") + "2026-11-28 10:00:01 INFO Event created\n",
        [("client-ignores-status", LIKELY), ("payload-rejected", LIKELY)],
    ),
    "access log": (
        "".join(ACCESS.format(n, 401) for n in range(50)), [("key-rejected", LIKELY)],
    ),
    "the same 401 five hundred times": (
        ndjson(*[row(n, 401, f"cms-{n}", response=error("invalid_api_key")) for n in range(500)]),
        [("key-rejected", LIKELY)],
    ),
    "a scope": (
        ndjson(got(0, "/events", 403, response=error("insufficient_scope"))),
        [("scope-missing", SURE)],
    ),
    "urllib3": (
        (
            '2026-11-28 10:00:01,523 DEBUG connectionpool https://pinned.events:443 "POST'
            ' /api/public/v1/events HTTP/1.1" 415 120\n'
        ),
        [("body-content-type", LIKELY)],
    ),
    "httpx": (
        (
            "10:00:01 - httpx - INFO - HTTP Request: GET https://pinned.events/api/public/v1/event"
            ' "HTTP/1.1 404 Not Found"\n'
        ),
        [("url-wrong-path", SURE)],
    ),
    "okhttp": (
        (
            f"10:00:01.000 I/okhttp: --> POST {URL}\n"
            "10:00:01.001 I/okhttp: Idempotency-Key: cms-1\n"
        f"10:00:01.001 I/okhttp: {json.dumps(BODY)}\n"
        f"10:00:01.302 I/okhttp: <-- 403 Forbidden {URL} (300ms)\n"
        f"10:00:01.303 I/okhttp: {json.dumps(error('forbidden'))}\n"
        ),
        [("channel-not-accessible", LIKELY)],
    ),
    "logfmt": (
        (
            "ts=2026-11-28T10:00:00Z level=error msg=failed method=POST path=/api/public/v1/events"
            " status=400 code=invalid_request idempotency_key=cms-1\n"
        ),
        [("payload-rejected", SURE)],
    ),
    "fields in objects, seconds since 1970": (
        ndjson({"time": 1795860000.5, "req": {"method": "GET", "url": "/api/public/v1/channels"},
                "res": {"statusCode": 403, "body": error("insufficient_scope")}}),
        [("scope-missing", SURE)],
    ),
    "request and answer on lines of their own": (
        ndjson({"ts": "2026-11-28T10:00:00Z", "trace_id": "a", "method": "POST", "url": URL},
               {"ts": "2026-11-28T10:00:01Z", "trace_id": "a", "status": 401}),
        [("key-rejected", LIKELY)],
    ),
    "a list of rows": (
        json.dumps([row(0, 401), row(5, 401)], indent=1), [("key-rejected", LIKELY)],
    ),
}  # fmt: skip

HEALTHY = {
    "created": ndjson(row(0, body=BODY, response=doc(1))),
    "retried with growing waits": "".join(
        PLAIN.format(second, f"{status} idempotency_key=cms-1")
        for second, status in ((0, 500), (2, 503), (7, 503), (18, 201))
    ),
    "waited as told": PLAIN.format(0, "429 idempotency_key=cms-1 retry-after=20")
    + PLAIN.format(21, "201 idempotency_key=cms-1"),
    "waited as told, again and again": "".join(
        PLAIN.format(10 * n, "429 idempotency_key=cms-1 retry-after=10") for n in range(5)
    )
    + PLAIN.format(50, "201 idempotency_key=cms-1"),
    "another route inside of the wait": PLAIN.format(0, "429 idempotency_key=cms-1 retry-after=20")
    + "2026-11-28 10:00:05 INFO GET /api/public/v1/channels 200\n"
    + PLAIN.format(21, "201 idempotency_key=cms-1"),
    "two events with stable keys": ndjson(
        row(0, body=BODY, response=doc(1)),
        row(1, key="cms-2-create", body={**BODY, "title": "Folk"}, response=doc(2)),
    ),
    "two shows alike with numbered keys": ndjson(
        row(0, key="cms-1", body=BODY, response=doc(1)), row(1, key="cms-2", body=BODY)
    ),
    "the same payload in other words": ndjson(
        row(0, 503, body=BODY), row(9, body=dict(reversed(BODY.items())) | {"channelId": 42.0})
    ),
    "all pages": ndjson(*[got(n, f"/channels?page={n}", response=channels(n)) for n in (1, 2, 3)]),
    "one page is all there is": ndjson(got(0, "/channels", response=channels(1, 7))),
    "a look for one entry": ndjson(got(0, "/events?limit=1", response=channels(1, 90, 1))),
    "the key was replaced": PLAIN.format(0, "401") + PLAIN.format(9, "201 idempotency_key=cms-1"),
    "many in a second, no limit met": ndjson(*[row(n / 20, key=f"cms-{n}") for n in range(20)]),
    "refused, then mended": ndjson(
        row(0, 400, body={**BODY, "timezone": "CET+1"}, response=error("invalid_request")),
        row(60, 201, "cms-1-create-2b", body=BODY, response=doc(1)),
    ),
    "in progress, then replayed": ndjson(
        row(0, None, body=BODY, error="timeout"), row(10, 409, body=BODY),
        row(70, body=BODY, response=doc(1)),
    ),
    "the event's own date in the key": PLAIN.format(0, "201 idempotency_key=cms-1-20270301-create"),
    "other requests": ndjson(
        row(0, body=BODY), got(1, "", 500) | {"url": "https://x.example/events"}
    ),
    "HAR": har(entry(answer=doc(1), headers={"Idempotency-Key": "cms-1-create"})),
    "access log": "".join(ACCESS.format(n, 201) for n in range(50)),
    "an update": ndjson(row(0, 200, None, method="PATCH", url=URL + "/9", response=doc(9))),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_what_is_wrong_is_named(name: str) -> None:
    text, expected = FAULTY[name]
    assert seen(text) == expected


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_log_says_nothing(name: str) -> None:
    assert seen(HEALTHY[name]) == []


def test_traffic_of_other_sites_is_not_judged() -> None:
    text = har(entry(url="https://shop.example/api", status=500))
    assert seen(text) == [("input-unrecognised", SURE)]


def test_one_cause_is_told_once_with_its_count_and_its_first_place() -> None:
    text = FAULTY["the same 401 five hundred times"][0]
    fault = inspected(text).faults[0]
    assert "500 such cases, from line 1 to 500" in fault.detail
    assert fault.span is not None
    assert text[: fault.span.start].count("\n") == 0


def test_the_fields_that_differ_are_named_with_their_values() -> None:
    fault = inspected(FAULTY["the title was changed"][0]).faults[0]
    assert fault.subject == "title"
    assert "“Jazz Night” → “Jazz Night!”" in fault.detail


def test_a_signed_address_is_not_repeated() -> None:
    fault = inspected(FAULTY["only noise changed"][0]).faults[0]
    assert "image" in fault.detail
    assert "s3.example" not in fault.detail


def test_marks() -> None:
    window = [row(0, body=BODY, response=doc(1)), row(60, body=BODY, response=doc(1)),
              row(1300, body=BODY, response=doc(2))]  # fmt: skip
    assert marks(ndjson(*window)) == [["created", "replayed", "duplicate"]]
    stuck = FAULTY["the first one is still worked on"][0]
    assert marks(stuck) == [["failed", "in progress"]]
    assert marks(FAULTY["the title was changed"][0]) == [["created", "conflict"]]
    assert marks(FAULTY["inside of the wait"][0]) == [["limited", "limited", "created"]]


def test_the_timeline_is_bounded_and_the_troubled_come_first() -> None:
    rows = [row(n, 201, f"cms-{n}") for n in range(100)]
    rows += [row(200 + n, 500, "bad") for n in range(40)]
    timeline = inspected(ndjson(*rows)).timeline
    assert timeline is not None
    assert (len(timeline.strands), timeline.left_out, timeline.requests) == (40, 61, 140)
    assert timeline.strands[0].label == "key bad"
    assert (len(timeline.strands[0].attempts), timeline.strands[0].left_out) == (30, 10)


def test_other_lines_are_counted() -> None:
    timeline = inspected(HEALTHY["other requests"]).timeline
    assert timeline is not None
    assert (timeline.requests, timeline.passed_over) == (1, 1)


def test_a_har_file_that_ends_too_early_is_read_as_far_as_it_goes() -> None:
    refused = error("invalid_api_key")
    keyed = {"Idempotency-Key": "cms-1-create"}
    whole = har(*[entry(n * n, 401, answer=refused, headers=keyed) for n in range(9)])
    inspection = look(read_text(whole[: len(whole) * 2 // 3]), LOOKING, InputKind.HAR)
    assert [fault.cause for fault in inspection.faults] == ["key-rejected"]
    assert "input-cut" in {note.code for note in inspection.notes}


def test_a_failure_without_its_request_id_is_a_note() -> None:
    text = ndjson(row(0, 500, response={"error": {"code": "internal_error", "message": "x"}}))
    assert "request-id-missing" in {note.code for note in inspected(text).notes}


@pytest.mark.parametrize(
    ("source", "known"),
    [("cms-991", True), ("wp:post-4711", True), ("worker-12", False), ("main.go:42", False)],
)
def test_a_source_is_a_record_only_if_it_looks_like_one(source: str, known: bool) -> None:
    lines = "".join(
        f"ts={moment(at)} method=POST url={URL} idempotency_key={key} source={source} {rest}\n"
        for at, key, rest in (
            (0, FIRST, 'err="context deadline exceeded"'),
            (9, SECOND, "status=201 event_id=7"),
        )
    )
    assert ("idempotency-key-random" in [cause for cause, _ in seen(lines)]) is known


def test_the_body_of_an_answer_on_a_line_of_its_own_belongs_to_the_request_before() -> None:
    text = (
        f"{moment(0)} [info] POST {URL} Idempotency-Key: cms-1-create\n"
        f"{moment(1)} [info] response 400 {json.dumps(error('invalid_request'))}\n"
    )
    assert marks(text) == [["refused"]]


def test_a_redirect_is_no_failure_that_a_client_ignores() -> None:
    there = [{"name": "Location", "value": "/api/public/v1/events"}]
    moved = entry(0, 308, url=f"{URL}/", answer="")
    moved["response"]["headers"] = there
    causes = [cause for cause, _ in seen(har(moved, entry(1, 201, answer={"doc": {"id": 7}})))]
    assert "client-ignores-status" not in causes
    assert "url-redirected" in causes


def test_pages_and_totals_may_be_fields_of_their_own() -> None:
    line = 'time={} msg="GET /api/public/v1/channels" page={} status=200 docs=10 totalDocs=14\n'
    first, second = (line.format(moment(at), at + 1) for at in (0, 1))
    assert [cause for cause, _ in seen(first * 2)] == ["list-stops-at-page-one"]
    assert seen(first + second) == []


def quoted(text: str) -> dict[str, str]:
    """Return what each fault of a HAR file marks."""
    faults = inspected(text).faults
    return {one.cause: text[one.span.start : one.span.end] for one in faults if one.span}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("escaped", [True, False])
def test_faults_of_a_request_in_a_har_file_are_put_to_their_place(
    indent: int | None, escaped: bool
) -> None:
    body = {**BODY, "title": 'Lange „Nacht" der Chöre \U0001f3b6', "startAt": "2027-05-21T19:00:00"}
    refused = error("invalid_request", details={"field": "startAt", "issue": "Invalid"})
    entries = [
        entry(0, 401, answer=error("invalid_api_key"), headers={"authorization": "Token k7Qx2mVb"}),
        entry(9, 400, body, refused, {"Idempotency-Key": "cms-1-create"}),
        entry(20, 401, answer=error("invalid_api_key"), url=f"{URL}?apikey=k7Qx2mVb"),
    ]
    for one in entries:
        del one["request"]["headers"][0]
    whole = {"log": {"version": "1.2", "entries": entries}}
    text = json.dumps(whole, indent=indent, ensure_ascii=escaped)
    marked = quoted(text)
    assert marked["auth-scheme-wrong"] == "Token"
    assert marked["datetime-no-offset"].strip('\\"') == "2027-05-21T19:00:00"
    assert marked["auth-in-url"] == "apikey="


def test_a_refused_request_is_told_once_by_what_is_wrong_with_it() -> None:
    wrong = {"authorization": "Token k7Qx2mVb", "Idempotency-Key": "cms-1-create"}
    refused = [entry(at * at, 401, answer=error("invalid_api_key"), headers=wrong) for at in (1, 4)]
    for one in refused:
        del one["request"]["headers"][0]
    (fault,) = inspected(har(*refused)).faults
    assert fault.cause == "auth-scheme-wrong"
    assert fault.values["count"] == 2


def test_what_was_mended_later_is_not_told() -> None:
    wrong = entry(0, 401, answer=error("invalid_api_key"), headers={"authorization": "Token k7Qx"})
    del wrong["request"]["headers"][0]
    right = entry(60, answer={"doc": {"id": 7}}, headers={"Idempotency-Key": "cms-1-create"})
    assert "auth-scheme-wrong" not in [cause for cause, _ in seen(har(wrong, right))]


def test_an_accepted_request_shows_no_more_than_an_exposed_key() -> None:
    accepted = entry(answer={"doc": {"id": 7}}, headers={"Idempotency-Key": "cms-1-create"})
    accepted["request"]["url"] = "https://gateway.example/api/public/v1/events?apikey=k7Qx2mVbT9"
    assert seen(har(accepted)) == [("auth-in-url", SURE)]


def test_many_refused_payloads_are_looked_at_up_to_a_bound() -> None:
    entries = [
        entry(9 * n, 400, {**BODY, "title": f"Show {n}", "startAt": f"2027-05-{n % 28 + 1}"},
              error("invalid_request"), {"Idempotency-Key": f"cms-{n}-create"})
        for n in range(120)
    ]  # fmt: skip
    counts = {one.cause: one.values.get("count") for one in inspected(har(*entries)).faults}
    assert counts["datetime-malformed"] == 50


def test_many_requests_that_are_alike_hide_no_other_one() -> None:
    updates = [row(n, 404, None, method="PATCH", url=f"{URL}/{n}") for n in range(400)]
    last = row(500, 200, None, method="GET", url=f"{URL}?page=1&api_key=k7Qx2mVbT9")
    assert "auth-in-url" in [cause for cause, _ in seen(ndjson(*updates, last))]


def test_requests_that_are_alike_and_were_refused_differently_are_told_apart() -> None:
    wrong = {"authorization": "Token k7Qx2mVb", "Idempotency-Key": "cms-1-create"}
    late = {**BODY, "startAt": "2027-05-21"}
    entries = [
        entry(0, 403, late, error("forbidden"), wrong),
        entry(60, 400, late, error("invalid_request"), wrong),
    ]
    for one in entries:
        del one["request"]["headers"][0]
    causes = {cause for cause, _ in seen(har(*entries))}
    assert {"auth-scheme-wrong", "datetime-malformed"} <= causes


def test_many_titles_under_one_key_are_many_events() -> None:
    rows = [row(n, 409, "default", body={**BODY, "title": f"Choir {n}"}) for n in range(3)]
    assert [cause for cause, _ in seen(ndjson(*rows))] == ["idempotency-key-constant"]
    renamed = [row(n, 409, "cms-1-create", body={**BODY, "title": f"Choir {n}"}) for n in range(3)]
    assert [cause for cause, _ in seen(ndjson(*renamed))] == ["idempotency-payload-changed"]


def test_progress_never_goes_back() -> None:
    told: list[float] = []
    rows = [row(n, 400, f"cms-{n}-create", body={**BODY, "title": f"{n}"}) for n in range(3000)]
    look(
        read_text(ndjson(*rows)), InspectionContext(now=LOOKING.now, say=told.append), InputKind.LOG
    )
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] == 1.0
    assert sum(0.7 < one < 1.0 for one in told) > 5


@pytest.mark.parametrize(
    "said", ["id=7", "event id: 7", "eventId=7", "(id: 7)", "doc.id=7", '{"id":7}', "id #7"]
)
def test_the_id_of_the_event_is_found_in_a_line(said: str) -> None:
    timeline = inspected(f"{moment(0)} POST {URL} -> 201 {said}\n" * 2).timeline
    assert timeline is not None
    found = {one.event_id for strand in timeline.strands for one in strand.attempts}
    assert found == {"7"}


def test_the_person_can_stop_it() -> None:
    def stop(_done: float) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        look(read_text(PLAIN.format(1, 201) * 5000), InspectionContext(now=LOOKING.now, say=stop))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-28T10:00:01Z", 1),
        ("2026-11-28 10:00:01,500", 1.5),
        ("2026-11-28T11:00:01.250+0100", 1.25),
        ("2026-11-28T10:00:01.123456789Z", 1.123456),
        ("28/Nov/2026:11:00:01 +0100", 1),
        ("2026/11/28 10:00:01 [error]", 1),
        ("Nov 28 10:00:01 host app", 1),
        ("11/28/2026 10:00:01 AM", 1),
        ("28.11.2026 10:00:01", 1),
        ("1795860001", 1),
        ("1795860001500", 1.5),
        ("10:00:01.500 worker", 1.5),
    ],
)
def test_times(text: str, seconds: float) -> None:
    begin = datetime(2026, 11, 28, 10, tzinfo=UTC).timestamp()
    assert TimestampReader(LOOKING.now).find(text) == pytest.approx(begin + seconds, abs=1e-5)


@pytest.mark.parametrize(
    ("key", "made"),
    [
        ("cms-post-123-create", KeyOrigin.STABLE),
        ("crm-event-456-publish", KeyOrigin.STABLE),
        ("nightly-import-2026-06-12-row-42", KeyOrigin.ROW),
        (FIRST, KeyOrigin.RANDOM),
        (f"event-{FIRST}", KeyOrigin.RANDOM),
        ("evt-1795860001", KeyOrigin.TIME),
        ("evt-2026-11-28T10:00:01", KeyOrigin.TIME),
        ("cms-1-try3", KeyOrigin.TIME),
        ("cms-1-2027-03-01", KeyOrigin.STABLE),
    ],
)
def test_what_a_key_is_made_of(key: str, made: KeyOrigin) -> None:
    at = datetime(2026, 11, 28, 10, tzinfo=UTC) + timedelta(seconds=2)
    assert made_of(key, at.timestamp())[0] is made


@given(json_values())
def test_a_payload_has_one_digest_however_it_is_written(value: object) -> None:
    text = json.dumps({"a": value, "b": [1.0, 2]})
    again = json.loads(text)
    assert digest({"b": [1, 2], "a": again["a"]}) == digest(again)


FRAGMENTS = (
    *('{"ts":', "POST ", URL, "/api/public/v1/events", " 201", " -> 429", "retry-after="),
    *('"error":', ","),
    *("idempotency_key=", FIRST, "{", "}", "[", '"', "\\", "\n", "\r\n", "\0", "=", " ", "9" * 40),
    *("2026-11-28T10:00:01Z", "10:00:01", '{"log":{"entries":[', '{"request":{"url":"', "null"),
    *("[28/Nov/2026:10:00:01 +0000]", '"status":', "1795860001", "HTTP/1.1", "\ud800", "é", "語"),
)  # fmt: skip
hostile = st.lists(st.sampled_from(FRAGMENTS) | any_text, max_size=25).map("".join)


@given(hostile, st.sampled_from([InputKind.LOG, InputKind.HAR]))
def test_no_text_breaks_it(text: str, kind: InputKind) -> None:
    assert look(read_text(text), LOOKING, kind).kind is kind


NAMES = (
    *("ts", "method", "url", "status", "body", "response", "headers", "idempotency_key", "error"),
    *("retry_after", "event_id", "duration", "req", "res", "message", "trace_id", "source_id"),
)
values = json_values() | st.sampled_from([URL, "POST", 201, 429, BODY, error("conflict"), FIRST])


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), values), max_size=6))
def test_no_row_breaks_it(rows: list[dict[str, object]]) -> None:
    full = [{"method": "POST", "url": URL, **one} for one in rows]
    look(read_text("\n".join(json.dumps(one) for one in full)), LOOKING, InputKind.LOG)
    look(read_text(json.dumps({"log": {"entries": rows}})), LOOKING, InputKind.HAR)


@given(st.lists(st.dictionaries(st.sampled_from(["request", "response", "startedDateTime", "time"]),
       json_values() | st.fixed_dictionaries({"url": st.just(URL), "method": any_text,
       "headers": json_values(), "postData": json_values(), "status": json_values(),
       "content": json_values()})), max_size=4))  # fmt: skip
def test_no_har_entry_breaks_it(entries: list[dict[str, object]]) -> None:
    look(read_text(json.dumps({"log": {"entries": entries}})), LOOKING, InputKind.HAR)


@pytest.mark.parametrize("kind", [InputKind.LOG, InputKind.HAR])
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"log":{"entries":[' + '{"request":' * 50_000,
        '{"url": "' + URL + '", "method": "POST", "status": ' + "9" * 5000 + "}",
        "POST " + "/api/public/v1/events" * 20_000 + " 201",
        'a="' + "\\" * 200_000,
        "key=" * 100_000 + " POST /api/public/v1/events",
        "idempotency" * 50_000,
        "\n" * 300_000,
    ],
)
def test_absurd_input_ends_soon(text: str, kind: InputKind, thorough: bool) -> None:
    whole = InputText(text if thorough else text[:60_000])
    assert look(whole, LOOKING, kind).kind is kind
