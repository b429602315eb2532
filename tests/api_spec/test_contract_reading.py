"""Base URLs, bodies, envelopes and rate-limit fields: the parsers of the client."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.api_spec.errors import read_document, read_error, read_list
from pinned_tui.api_spec.rate_limit import LONGEST_WAIT_S, http_date, read_rate_limit
from pinned_tui.api_spec.response_origin import identify
from pinned_tui.api_spec.routes import BaseUrlError, is_loopback, parse_base_url
from pinned_tui.client.body import BodyError, BodyReader, parse_json
from pinned_tui.client.body_allowlist import excerpt
from pinned_tui.client.network_env import survey

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("given_text", "url"),
    [
        ("https://pinned.events", "https://pinned.events"),
        ("https://pinned.events/", "https://pinned.events"),
        ("https://PINNED.events:8443/", "https://pinned.events:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.8.9.1:80/", "http://127.8.9.1:80"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_good_base_urls(given_text: str, url: str) -> None:
    base = parse_base_url(given_text)
    assert base.url == url
    assert base.note is None


@pytest.mark.parametrize("end", ["/api/public/v1", "/api/public/v1/", "/api/public/v1/channels"])
def test_the_namespace_is_taken_off_with_a_note(end: str) -> None:
    base = parse_base_url(f"https://pinned.events{end}")
    assert base.url == "https://pinned.events"
    assert base.note is not None


@pytest.mark.parametrize(
    "given_text",
    [
        "", "pinned.events", "ftp://pinned.events", "http://pinned.events", "http://10.0.0.1",
        "http://localhost.evil.example", "http://127.0.0.1.evil.example", "https://", "https://a b",
        "https://user:pass@pinned.events", "https://pinned.events?key=x", "https://h:99999",
        "https://pinned.events#x", "https://[::1", "https://h:0", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_bad_base_urls_are_refused_with_what_to_do(given_text: str) -> None:
    with pytest.raises(BaseUrlError) as caught:
        parse_base_url(given_text)
    assert "pass" not in str(caught.value).replace("password", "")
    assert str(caught.value).endswith((".", ")"))


@given(st.text())
def test_any_text_is_a_base_url_or_refused(text: str) -> None:
    try:
        base = parse_base_url(text)
    except BaseUrlError:
        return
    assert base.secure or is_loopback(base.host)


@given(st.binary())
def test_any_bytes_are_json_or_none(content: bytes) -> None:
    parse_json(content)


@given(any_json)
def test_json_is_read_as_written(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=True)
    if "e+" not in text and "e-" not in text:
        assert parse_json(text.encode()) == value or value is None


def test_integers_beyond_64_bits_lose_digits_and_nothing_else() -> None:
    assert parse_json(b'{"a": 100000000000000000000, "b": 1}') == {"a": 1e20, "b": 1}


@pytest.mark.parametrize(
    "absurd", [b"[" * 100_000, b"9" * 5000, b"1e999", b"NaN", b"", b"  ", b"\xff\xfe", b'{"a":'],
)  # fmt: skip
def test_absurd_json_is_no_json(absurd: bytes) -> None:
    assert parse_json(absurd) is None


@given(st.lists(st.binary(max_size=50)), st.integers(0, 200))
def test_a_body_never_exceeds_its_budget(pieces: list[bytes], limit: int) -> None:
    reader = BodyReader("", wire_limit=limit, decoded_limit=limit)
    with contextlib.suppress(BodyError):
        for piece in pieces:
            reader.feed(piece)
    assert len(reader.content) <= limit


@given(any_json)
def test_any_document_is_read_without_raising(value: Any) -> None:
    error = read_error(value)
    page = read_list(value, page=1)
    read_document(value)
    excerpt(value, "text")
    identify(200, {}, value, "", error)
    if page is not None:
        assert page.pages >= 1
        assert page.limit >= 1


def test_the_short_and_the_full_envelope_tell_the_same() -> None:
    docs = [{"id": n} for n in range(10)]
    short = read_list({"docs": docs, "totalDocs": 95, "limit": 10, "page": 1}, page=1)
    full = read_list(
        {"docs": docs, "totalDocs": 95, "limit": 10, "page": 1, "totalPages": 10,
         "hasNextPage": True, "hasPrevPage": False}, page=1,
    )  # fmt: skip
    assert short is not None
    assert full is not None
    assert (short.docs, short.total, short.pages) == (full.docs, full.total, full.pages)
    assert short.pages == 10
    assert full.has_next


@pytest.mark.parametrize(
    ("details", "field", "issue"),
    [
        ({"title": "is too short"}, "title", "is too short"),
        ({"title": ["is too short", "is odd"]}, "title", "is too short"),
        ({"fieldErrors": {"title": ["is too short"]}, "formErrors": []}, "title", "is too short"),
        ({"errors": [{"path": ["title"], "message": "odd"}]}, "title", "odd"),
        ({"errors": {"errors": {"title": "deep"}}}, None, None),
        ({"count": 3, "limits": {"a": 1}}, None, None),
        ({"title": []}, None, None),
        ({"": "blank"}, None, None),
        ({"errors": []}, None, None),
    ],
)
def test_issues_by_their_field(details: object, field: str | None, issue: str | None) -> None:
    error = read_error({"error": {"code": "invalid_request", "details": details}})
    assert error is not None
    assert (error.field, error.issue) == (field, issue)


def test_particulars_of_other_errors_are_no_fields() -> None:
    error = read_error({"error": {"code": "rate_limited", "details": {"window": "60s"}}})
    assert error is not None
    assert (error.field, error.issue) == (None, None)


def test_error_details_in_other_shapes() -> None:
    one = {"code": "invalid_request", "message": "m"}
    listed = read_error({"error": one | {"details": [{"field": "title", "issue": "blank"}]}})
    assert listed is not None
    assert (listed.field, listed.issue) == ("title", "blank")
    bare = read_error({"error": one})
    assert bare is not None
    assert bare.request_id is None
    assert read_error({"error": "forbidden"}) is None
    assert read_error({"error": {"message": "no code"}}) is None


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("20", 20.0), ("0", 0.0), (" 7 ", 7.0), ("999999999", float(LONGEST_WAIT_S)),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0), ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", None), ("1.5", 2.0), ("5, 9", 9.0), ("9, soon", None),
        ("soon", None), ("", None), ("١٢", None),
    ],
)  # fmt: skip
def test_retry_after_in_both_forms(value: str, wait: float | None) -> None:
    limit = read_rate_limit({"retry-after": value}, received_at=NOW)
    assert limit is not None
    assert limit.retry_after_s == wait


def test_a_date_is_held_against_the_answers_own_date() -> None:
    headers = {
        "retry-after": "Mon, 23 Nov 2026 09:00:10 GMT",
        "date": "Mon, 23 Nov 2026 09:00:00 GMT",
    }
    limit = read_rate_limit(headers, received_at=NOW)
    assert limit is not None
    assert limit.retry_after_s == 10
    assert limit.retry_at == "2026-11-23T12:00:10.000Z"


@pytest.mark.parametrize("zone", ["-1200", "+0000", "GMT"])
def test_a_date_at_the_end_of_the_calendar_is_none(zone: str) -> None:
    edge = f"Fri, 31 Dec 9999 23:59:59 {zone}"
    assert http_date(edge) is None
    limit = read_rate_limit({"retry-after": edge, "date": edge}, received_at=NOW, limited=True)
    assert limit is not None
    assert limit.retry_after_s is None


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"ratelimit-reset": "40"}, 40.0),
        ({"ratelimit": '"key";r=0;t=40', "ratelimit-policy": '"key";q=9;w=60'}, 40.0),
        ({"x-ratelimit-reset": "40"}, 40.0),
        ({"x-rate-limit-reset": "40"}, 40.0),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 40)}, 40.0),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) - 40)}, 0.0),
        ({"x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-reset": "40", "retry-after": "7"}, 7.0),
        ({"ratelimit": '"key";r=0'}, None),
        ({"ratelimit": "limit=100, remaining=0, reset=9"}, 9.0),
        ({"x-ratelimit-reset-after": "7"}, 7.0),
        ({"x-ratelimit-reset-after": "7.25"}, 8.0),
        ({"x-ratelimit-reset": "40, 70"}, 70.0),
    ],
)
def test_the_end_of_the_window_where_no_wait_is_told(
    headers: dict[str, str], wait: float | None
) -> None:
    limit = read_rate_limit(headers, received_at=NOW, limited=True)
    assert limit is not None
    assert limit.retry_after_s == wait
    passed = read_rate_limit(headers, received_at=NOW)
    assert passed is not None
    assert passed.retry_after_s == (7.0 if "retry-after" in headers else None)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"code": "invalid_api_key", "message": "m"}, "invalid_api_key"),
        ({"error": "insufficient_scope", "message": "m"}, "insufficient_scope"),
        ({"title": "m", "status": 401, "code": "invalid_api_key"}, "invalid_api_key"),
        ({"code": "forbidden", "message": "m"}, None),
        ({"error": "not_found"}, None),
        ({"message": "Unauthorized"}, None),
        ({"docs": [], "code": "invalid_request"}, None),
        ({"code": 401}, None),
    ],
)
def test_an_envelope_of_another_kind_counts_by_the_apis_own_codes(
    document: dict[str, Any], code: str | None
) -> None:
    error = read_error(document)
    assert (error.code if error else None) == code
    assert error is None or error.message == "m"


@given(
    st.dictionaries(st.sampled_from(["retry-after", "ratelimit", "x-ratelimit-reset"]), st.text())
)
def test_any_rate_fields_are_read_without_raising(headers: dict[str, str]) -> None:
    read_rate_limit(headers, received_at=NOW)


@pytest.mark.parametrize(
    ("status", "headers", "document", "text", "who"),
    [
        (401, {}, {"error": {"code": "invalid_api_key", "message": ""}}, "", "api"),
        (403, {}, None, "<html>Access denied</html>", "edge"),
        (429, {}, None, "slow down", "edge"),
        (502, {}, None, "<html>Bad gateway</html>", "edge"),
        (407, {}, None, "", "proxy"),
        (302, {"location": "/x"}, None, "", "redirect"),
        (304, {}, None, "", "other"),
        (200, {"content-type": "application/json"}, None, '{"docs": [', "broken"),
        (200, {}, None, '<form><input type="password"></form>', "portal"),
        (200, {}, None, "<html>A shop</html>", "other"),
        (200, {}, {"docs": []}, "", "api"),
        (200, {}, {"hello": 1}, "", "other"),
        (404, {}, None, "<html>Not found</html>", "other"),
    ],
)
def test_who_answered(
    status: int, headers: dict[str, str], document: Any, text: str, who: str
) -> None:
    assert identify(status, headers, document, text, read_error(document)).who == who


def test_proxies_are_found_and_shown_without_their_password() -> None:
    base = parse_base_url("https://pinned.events")
    found = survey(base, {"HTTPS_PROXY": "http://user:hunter2@proxy.example:3128"})
    assert found.proxy is not None
    assert found.proxy.shown == "http://proxy.example:3128"
    assert "hunter2" not in repr(found.proxy)
    assert survey(base, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".events"}).proxy is None
    assert (
        survey(base, {"https_proxy": "http://p:1", "no_proxy": "pinned.events:443"}).proxy is None
    )
    assert survey(base, {"HTTPS_PROXY": "http://[broken"}).fault is not None


def test_loopback_bypasses_proxies() -> None:
    base = parse_base_url("http://127.0.0.1:8000")
    assert survey(base, {"ALL_PROXY": "http://p:1", "HTTP_PROXY": "http://p:1"}).proxy is None


def test_a_missing_ca_file_is_named_before_anything_is_sent() -> None:
    found = survey(parse_base_url("https://pinned.events"), {"SSL_CERT_FILE": "/no/such/ca.pem"})
    assert found.fault is not None
    assert "/no/such/ca.pem" in found.fault.message
