"""Answers, raw or as JSON alone: who gave them, then what they mean; healthy ones mean nothing."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pinned_tui.inspect.answer import inspect_answer
from pinned_tui.inspect.detect import detect
from pinned_tui.inspect.http import Header, HttpAnswer, HttpRequest
from pinned_tui.inspect.look import look
from pinned_tui.inspect.model import Inspection, Kind, Looking, Pasted, read_text
from pinned_tui.session import Certainty
from tests.strategies import any_text, json_values

LOOKING = Looking(now=datetime(2026, 11, 28, 12, tzinfo=UTC))
SURE, LIKELY, POSSIBLE = Certainty.CONFIRMED, Certainty.LIKELY, Certainty.POSSIBLE
JSON_TYPE = "Content-Type: application/json"


def envelope(code: str, message: str = "No.", **more: object) -> str:
    return json.dumps({"error": {"code": code, "message": message, "requestId": "req_1", **more}})


def raw(status: str, body: str = "", *headers: str) -> str:
    return "\n".join([f"HTTP/1.1 {status}", *headers, "", body])


def issue(field: str | None, text: str) -> str:
    details = {"issue": text} if field is None else {"field": field, "issue": text}
    return raw("400 Bad Request", envelope("invalid_request", details=details), JSON_TYPE)


def inspected(text: str) -> Inspection:
    pasted = read_text(text)
    kind = detect(pasted)
    assert kind in {Kind.RESPONSE, Kind.ANSWER}, kind
    return look(pasted, LOOKING)


def seen(inspection: Inspection) -> list[tuple[str, Certainty, str | None]]:
    return [(fault.cause, fault.certainty, fault.subject) for fault in inspection.faults]


HTML = "<!DOCTYPE html><html><body>{}</body></html>"

FAULTY = {
    "401 of the API": (
        raw("401 Unauthorized", envelope("invalid_api_key"), JSON_TYPE),
        ("key-rejected", LIKELY, None),
    ),
    "401 envelope alone, as on the vendor's page": (
        '{"error":{"code":"invalid_api_key","message":"Invalid API key"}}',
        ("key-rejected", LIKELY, None),
    ),
    "401 page of an edge": (
        raw("401 Unauthorized", HTML.format("Login required"), "Content-Type: text/html"),
        ("edge-blocked", LIKELY, None),
    ),
    "scope named in the message": (
        raw("403 Forbidden", envelope("insufficient_scope", "Needs events:create."), JSON_TYPE),
        ("scope-missing", SURE, "events:create"),
    ),
    "scope named in the details": (
        envelope("insufficient_scope", details={"field": "scope", "issue": "media:create"}),
        ("scope-missing", SURE, "media:create"),
    ),
    "channel named in the message": (
        envelope("forbidden", "The key owner has no access to channel 77."),
        ("channel-not-accessible", LIKELY, "77"),
    ),
    "forbidden for another reason": (
        envelope("forbidden", "No.", details={"field": "coverImage", "issue": "not yours"}),
        ("forbidden-unexplained", LIKELY, None),
    ),
    "403 block page": (
        raw("403 Forbidden", HTML.format("Access denied. Ray ID 8f"), "cf-ray: 8f-VIE"),
        ("edge-blocked", LIKELY, None),
    ),
    "403 of a gateway": ('{"message":"Forbidden"}', ("edge-blocked", LIKELY, None)),
    "unknown slug, the vendor's example": (
        issue("classifications", "Unknown slug, use GET /api/public/v1/classifications"),
        ("classification-unknown", SURE, "classifications"),
    ),
    "required field": (issue("title", "Required"), ("field-missing", SURE, "title")),
    "nested required field": (
        issue("approxLocation.city.placeId", "must not be empty"),
        ("field-missing", SURE, "approxLocation.city.placeId"),
    ),
    "zone": (
        issue("timezone", "Invalid IANA timezone"), ("timezone-not-iana", LIKELY, "timezone"),
    ),
    "date without offset": (
        issue("startAt", "Must include an offset"), ("datetime-no-offset", LIKELY, "startAt"),
    ),
    "date malformed": (
        issue("startAt", "Invalid ISO datetime"), ("datetime-malformed", LIKELY, "startAt"),
    ),
    "end before start": (
        issue("endAt", "must be after startAt"), ("end-not-after-start", LIKELY, "endAt"),
    ),
    "type": (
        issue("channelId", "Expected number, received string"),
        ("field-wrong-type", LIKELY, "channelId"),
    ),
    "offer": (
        issue("offers[0].url", "Invalid url"), ("offer-url-invalid", LIKELY, "offers[0].url"),
    ),
    "no rule explains it": (
        issue("capacity", "is above what the channel's plan allows"),
        ("payload-rejected", SURE, "capacity"),
    ),
    "no details at all": (envelope("invalid_request", "Nope"), ("payload-rejected", SURE, None)),
    "event or address": (envelope("not_found"), ("event-not-found", LIKELY, None)),
    "404 page": (
        raw("404 Not Found", HTML.format("<h1>404</h1>"), "Content-Type: text/html"),
        ("url-wrong-path", LIKELY, None),
    ),
    "405 with Allow": (
        raw("405 Method Not Allowed", envelope("method_not_allowed"), JSON_TYPE, "Allow: GET"),
        ("method-wrong", SURE, None),
    ),
    "conflict": (
        envelope("conflict", "Idempotency key reused with a different payload"),
        ("idempotency-payload-changed", LIKELY, None),
    ),
    "conflict in progress": (
        envelope("conflict", "A request with this key is still in progress"),
        ("idempotency-in-progress", LIKELY, None),
    ),
    "425 in place of it": (
        raw("425 Too Early", envelope("too_early"), JSON_TYPE),
        ("idempotency-in-progress", LIKELY, None),
    ),
    "429 with seconds": (
        raw(
            "429 Too Many Requests", envelope("rate_limited"), JSON_TYPE, "Retry-After: 20",
            "Date: Sat, 28 Nov 2026 10:00:00 GMT",
        ),
        ("rate-limited", SURE, "2026-11-28T10:00:20.000Z"),
    ),
    "429 with a date": (
        raw(
            "429 Too Many Requests", envelope("rate_limited"), JSON_TYPE,
            "Retry-After: Sat, 28 Nov 2026 10:01:00 GMT",
        ),
        ("rate-limited", SURE, "2026-11-28T10:01:00.000Z"),
    ),
    "429 of an edge": (
        raw("429 Too Many Requests", HTML.format("slow down"), "Content-Type: text/html"),
        ("rate-limited-by-edge", LIKELY, None),
    ),
    "500 of the API": (envelope("internal_error"), ("server-error", SURE, "req_1")),
    "502 of a gateway": (
        raw("502 Bad Gateway", HTML.format("<h1>502 Bad Gateway</h1>nginx")),
        ("edge-error", LIKELY, None),
    ),
    "problem details": (
        '{"type":"about:blank","title":"Service Unavailable","status":503}',
        ("edge-error", LIKELY, None),
    ),
    "503 challenge": (
        raw("503 Service Unavailable", HTML.format("Checking your browser before accessing")),
        ("edge-blocked", LIKELY, None),
    ),
    "redirect": (
        raw("308 Permanent Redirect", "", "Location: https://www.pinned.events/api/public/v1/events"),
        ("url-redirected", SURE, "https://www.pinned.events/api/public/v1/events"),
    ),
    "proxy": (raw("407 Proxy Authentication Required"), ("net-proxy-auth", SURE, None)),
    "login page": (
        raw("200 OK", HTML.format("<h1>Hotel WiFi</h1><input type='password'>")),
        ("net-captive-portal", LIKELY, None),
    ),
    "web page": (
        raw("200 OK", HTML.format("Welcome"), "Content-Type: text/html"),
        ("response-not-api", LIKELY, None),
    ),
    "other JSON": (
        raw("200 OK", '{"ok": true}', JSON_TYPE), ("response-not-api", LIKELY, None),
    ),
    "cut JSON": (
        raw("200 OK", '{"docs": [{"id": 1}, {"id"', JSON_TYPE),
        ("response-malformed", LIKELY, None),
    ),
    "shorter than announced": (
        raw("200 OK", '{"docs": [', JSON_TYPE, "Content-Length: 4711"),
        ("net-interrupted", LIKELY, None),
    ),
    "status alone": (raw("401 Unauthorized", "", JSON_TYPE), ("key-rejected", LIKELY, None)),
}  # fmt: skip

HEALTHY = {
    "created": raw("201 Created", '{"doc": {"id": 4711, "title": "Jazz"}}', JSON_TYPE),
    "created as JSON alone": '{"doc": {"id": 4711, "title": "Jazz", "status": "published"}}',
    "draft on purpose": '{"doc": {"id": 4711, "title": "Jazz", "status": "draft"}}',
    "list": '{"docs": [{"id": 1}], "totalDocs": 1, "limit": 10, "page": 1}',
    "empty list": raw("200 OK", '{"docs": [], "totalDocs": 0, "limit": 10, "page": 1}', JSON_TYPE),
    "first page of several": '{"docs": [{"id": 1}], "totalDocs": 9, "limit": 1, "page": 1}',
    "no content": raw("204 No Content"),
    "headers alone": raw("200 OK", "", JSON_TYPE, "Content-Length: 812"),
    "from a cache": raw("200 OK", '{"docs": []}', JSON_TYPE, "Age: 30", "X-Cache: HIT"),
    "not modified": raw("304 Not Modified", "", 'ETag: "x"'),
    "replayed": raw("200 OK", '{"doc": {"id": 1}}', JSON_TYPE, "Idempotent-Replayed: true"),
    "limits with room": raw("200 OK", '{"docs": []}', JSON_TYPE, "X-RateLimit-Remaining: 59"),
    "tunnel, then the answer": "HTTP/1.1 200 Connection established\n\n"
    + raw("201 Created", '{"doc": {"id": 4711}}', JSON_TYPE),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_an_answer_means_one_thing(name: str) -> None:
    text, expected = FAULTY[name]
    assert seen(inspected(text)) == [expected]


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_answer_means_nothing(name: str) -> None:
    assert seen(inspected(HEALTHY[name])) == []


def test_who_answered_is_said_first() -> None:
    assert "from the API itself" in inspected(envelope("not_found")).summary
    edge = inspected(raw("502 Bad Gateway", HTML.format("x")))
    assert "not the API itself" in edge.summary


def test_several_details_are_several_faults() -> None:
    details = [{"field": "title", "issue": "Required"}, {"field": "timezone", "issue": "Invalid"}]
    found = seen(inspected(envelope("invalid_request", details=details)))
    assert [cause for cause, _, _ in found] == ["field-missing", "timezone-not-iana"]


def test_the_slug_that_the_api_quotes_is_what_was_found() -> None:
    fault = inspected(issue("classifications[0]", 'Unknown slug "musik"')).faults[0]
    assert (fault.found, fault.subject) == ("musik", "classifications[0]")


def test_a_fault_stands_where_the_code_does() -> None:
    text = FAULTY["401 of the API"][0]
    span = inspected(text).faults[0].span
    assert span is not None
    assert text[span.start : span.end] == '"invalid_api_key"'


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (("RateLimit: limit=100, remaining=0, reset=30",), "full again after 30 s"),
        (
            ('RateLimit: "default";r=0;t=30', 'RateLimit-Policy: "default";q=100;w=60'),
            "100 requests",
        ),
        (("X-RateLimit-Limit: 60", "X-RateLimit-Reset: 1795860030"), "2026-11-28 10:00:30 UTC"),
        (("X-RateLimit-Reset: 1795860030000",), "2026-11-28 10:00:30 UTC"),
    ],
)
def test_rate_limit_fields_old_and_new_are_explained(headers: tuple[str, ...], told: str) -> None:
    notes = inspected(raw("200 OK", '{"docs": []}', JSON_TYPE, *headers)).notes
    assert any(note.code == "rate-limit-fields" and told in note.summary for note in notes)


def test_the_answer_behind_a_request_knows_its_route() -> None:
    text = (
        "> GET /api/public/v1/events HTTP/1.1\n> Host: pinned.events\n"
        "> Authorization: Bearer pe_q7Zr4tKw91xVbNm2Lp8s\n>\n< HTTP/1.1 403 Forbidden\n"
        f"< content-type: application/json\n<\n{envelope('insufficient_scope')}"
    )
    found = look(read_text(text), LOOKING).faults
    assert [(f.cause, f.subject) for f in found] == [("scope-missing", "events:read")]


def test_a_request_that_shows_why_its_key_was_refused_is_enough() -> None:
    text = (
        "GET /api/public/v1/channels HTTP/1.1\nHost: pinned.events\n"
        "Authorization: Basic cGU6eA==\n\n" + FAULTY["401 of the API"][0]
    )
    causes = {fault.cause for fault in look(read_text(text), LOOKING).faults}
    assert "auth-scheme-wrong" in causes
    assert "key-rejected" not in causes


def test_the_channel_comes_from_the_body_of_the_request() -> None:
    from pinned_tui.inspect.http import Body

    request = HttpRequest(
        "POST", "https://pinned.events/api/public/v1/events", body=Body('{"channelId": 42}')
    )
    answer = HttpAnswer(403, headers=(Header("Content-Type", "application/json"),),
                        text=envelope("forbidden"))  # fmt: skip
    faults, _ = inspect_answer(answer, request, LOOKING)
    assert [(f.cause, f.subject) for f in faults] == [("channel-not-accessible", "42")]


@given(st.text() | any_text, st.sampled_from([Kind.RESPONSE, Kind.ANSWER]))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_it(text: str, kind: Kind) -> None:
    assert look(read_text(text), LOOKING, kind).kind is kind


@given(
    st.integers(100, 599), json_values() | st.fixed_dictionaries({"error": json_values()}),
    st.dictionaries(st.sampled_from(["retry-after", "date", "age", "ratelimit", "location",
                                     "x-ratelimit-reset", "content-length"]), any_text),
)  # fmt: skip
@example(200, {"docs": []}, {"age": "²"})
@settings(max_examples=300, deadline=None)
def test_no_answer_breaks_it(status: int, document: object, headers: dict[str, str]) -> None:
    answer = HttpAnswer(
        status,
        headers=tuple(Header(name, value) for name, value in headers.items()),
        text=json.dumps(document),
        body_start=0,
    )
    inspect_answer(answer, None, LOOKING)


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"error":' * 50_000, '{"a": ' + "9" * 5000 + "}", '{"\\ud800": 1}', "\0"],
)
def test_absurd_json_breaks_nothing(text: str) -> None:
    assert look(Pasted(text), LOOKING, Kind.ANSWER).kind is Kind.ANSWER
