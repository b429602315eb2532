"""Raw HTTP as it is pasted: what is a message, and where its parts stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.inspect.model import Span
from pinned_tui.inspect.raw_http import parse_exchange

PLAIN = """POST /api/public/v1/events HTTP/1.1
Host: pinned.events
Content-Type: application/json
X-Folded: one
  two

{"title": "Jazz"}
"""
VERBOSE = """* Connected to pinned.events (192.0.2.7) port 443
> POST /api/public/v1/events HTTP/2
> Host: pinned.events
> Content-Length: 17
>
} [17 bytes data]
* upload completely sent off: 17 bytes
< HTTP/2 401
< content-type: application/json
<
{ [36 bytes data]
{"error": {"code": "invalid_api_key"}}
* Connection #0 to host pinned.events left intact
"""


def _at(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_request_is_read_with_the_places_of_its_parts(end: str) -> None:
    text = PLAIN.replace("\n", end)
    (request,), answers = parse_exchange(text)
    assert not answers
    assert (request.method, request.url) == ("POST", "/api/public/v1/events")
    assert [(h.name, h.value) for h in request.headers] == [
        ("Host", "pinned.events"),
        ("Content-Type", "application/json"),
        ("X-Folded", "one\ntwo"),
    ]
    assert _at(text, request.headers[1].span) == "Content-Type: application/json"
    assert _at(text, request.headers[1].value_span) == "application/json"
    assert _at(text, request.method_span) == "POST"
    assert _at(text, request.url_span) == "/api/public/v1/events"
    assert request.body is not None
    assert request.body.text == '{"title": "Jazz"}'
    assert _at(text, request.body.locate(Span(2, 7))) == "title"
    assert _at(text, request.span) == text.rstrip()


def test_what_curl_prints_with_v_is_an_exchange() -> None:
    (request,), (answer,) = parse_exchange(VERBOSE)
    assert (request.method, request.url, request.body) == ("POST", "/api/public/v1/events", None)
    assert [header.name for header in request.headers] == ["Host", "Content-Length"]
    assert answer.status == 401
    assert answer.header("Content-Type") == "application/json"
    assert answer.text == '{"error": {"code": "invalid_api_key"}}'
    assert answer.body_start == VERBOSE.index('{"error"')


def test_pseudo_headers_are_the_parts_that_they_stand_for() -> None:
    text = ":method: post\n:path: /api/public/v1/events\n:authority: pinned.events\naccept: */*\n"
    (request,), _ = parse_exchange(text)
    assert (request.method, request.url) == ("POST", "/api/public/v1/events")
    assert [(h.name, h.value) for h in request.headers] == [
        ("Host", "pinned.events"),
        ("accept", "*/*"),
    ]
    assert _at(text, request.method_span) == "post"


def test_headers_alone_are_a_request_without_a_method() -> None:
    (request,), answers = parse_exchange("Authorization: Bearer x\nAccept: application/json")
    assert (request.method, request.url, request.body, answers) == (None, None, None, ())
    assert len(request.headers) == 2


def test_the_lines_of_a_browsers_panel_are_read() -> None:
    text = "Request URL: https://pinned.events/api/public/v1/events\nRequest Method: PUT\nOrigin: x"
    (request,), _ = parse_exchange(text)
    assert (request.method, request.url) == ("PUT", "https://pinned.events/api/public/v1/events")


def test_requests_of_a_file_are_told_apart() -> None:
    text = (
        "### Channels\nGET https://pinned.events/api/public/v1/channels\nx-api-key: {{key}}\n\n"
        "### Create\nPOST https://pinned.events/api/public/v1/events\n"
        "Content-Type: application/json\n\n{}\n\n### Media\n"
        "POST https://pinned.events/api/public/v1/media\n\n< ./poster.jpg\n"
    )
    first, second, third = parse_exchange(text)[0]
    assert (first.method, first.body) == ("GET", None)
    assert second.body is not None
    assert second.body.text == "{}"
    assert third.body is not None
    assert (third.body.text, third.body.file) == (None, "./poster.jpg")


def test_a_body_may_speak_of_requests() -> None:
    text = "POST /a HTTP/1.1\nHost: h\n\nfirst\nGET /b\nlast"
    (request,), _ = parse_exchange(text)
    assert request.body is not None
    assert request.body.text == "first\nGET /b\nlast"


@pytest.mark.parametrize(
    ("head", "body", "complete"),
    [
        ("Content-Length: 8", '{"a": 1}', True),
        ("Content-Length: 80", '{"a": 1}', False),
        ("Content-Length: 10", '{\n"a": 1}', True),
        ("Content-Length: 4", "ä ä", True),
        ("Content-Length: 80", "", True),
        ("Content-Length: 80\nContent-Encoding: gzip", '{"a": 1}', True),
        ("Content-Length: many", '{"a": 1}', True),
        ("Content-Length: " + "9" * 5000, '{"a": 1}', True),
        ("Transfer-Encoding: chunked", '{"a": 1}', True),
    ],
)
def test_an_answer_that_ends_early_is_incomplete(head: str, body: str, complete: bool) -> None:
    _, (answer,) = parse_exchange(f"HTTP/1.1 200 OK\n{head}\n\n{body}\n")
    assert (answer.status, answer.reason, answer.text) == (200, "OK", body)
    assert answer.complete is complete


@pytest.mark.parametrize("line", ["get up and go", "POST the event", "DELETE me", "HTTP/2 is new"])
def test_prose_is_no_message(line: str) -> None:
    assert parse_exchange(line) == ((), ())


_LINES = (
    *("GET / HTTP/1.1", "POST /x", "HTTP/1.1 200", "> GET / HTTP/2", "< HTTP/2 200", "* t", "a: b"),
    *(":status: 200", ":method: x", " folded", "", "{", "}", "### ", "< f", "\r"),
)


@given(
    st.lists(st.sampled_from(_LINES) | st.text(max_size=12)),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_nothing_raises_and_every_place_is_in_the_text(lines: list[str], end: str) -> None:
    text = end.join(lines)
    requests, answers = parse_exchange(text)
    headers = [header for request in requests for header in request.headers]
    headers += [header for answer in answers for header in answer.headers]
    spans = [request.span for request in requests] + [answer.span for answer in answers]
    spans += [header.span for header in headers]
    spans += [header.value_span for header in headers]
    spans += [place for r in requests for place in (r.url_span, r.method_span)]
    for span in spans:
        assert span is None or 0 <= span.start <= span.end <= len(text)
