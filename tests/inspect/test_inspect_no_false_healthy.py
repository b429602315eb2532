"""Failures that a log, a HAR file or an address shows and that must not come out as healthy.

The pace of retries, retries under another key, addresses beside the API, and proven duplicates.
"""

from typing import Any

import pytest

from pinned_tui.session import Certainty, Outcome
from tests.inspect.outcomes import causes, concluded, outcome
from tests.inspect.traffic import BODY, FIRST, SECOND, URL, entry, error, har, ndjson, row

AUTH = "Authorization: Bearer $PINNED_EVENTS_API_KEY"


# ---- the pace of retries ------------------------------------------------------------------------


def _limited(pace: float, count: int, **more: Any) -> str:
    rows = [row(n * pace, 429, None, retry_after=30, **more) for n in range(count)]
    return ndjson(*rows, row(count * pace, 201, None, **more))


@pytest.mark.parametrize("pace", [0.01, 0.1, 0.5, 0.9, 1.0, 2.0, 29.9])
@pytest.mark.parametrize(
    "more",
    [{}, {"idempotency_key": "cms-1-create"}, {"body": BODY},
     {"idempotency_key": "cms-1-create", "body": BODY}],
    ids=["bare", "key", "body", "both"],
)  # fmt: skip
@pytest.mark.parametrize("count", [1, 2, 20])
def test_every_attempt_within_a_told_wait_counts(
    pace: float, more: dict[str, Any], count: int
) -> None:
    assert "rate-retry-after-ignored" in causes(_limited(pace, count, **more))


@pytest.mark.parametrize("pace", [30.0, 31.0, 45.0])
def test_an_attempt_after_the_wait_does_not_count(pace: float) -> None:
    text = ndjson(row(0, 429, retry_after=30, body=BODY), row(pace, 201, body=BODY))
    assert causes(text) == []
    assert outcome(text) is Outcome.HEALTHY


def test_what_was_sent_before_the_answer_came_does_not_count() -> None:
    rows = [
        entry(n / 1000, 429, BODY | {"title": f"Show {n}"}, error("rate_limited"),
              {"Idempotency-Key": f"cms-{n}-create"}, time=200)
        for n in range(4)
    ]  # fmt: skip
    for one in rows:
        one["response"]["headers"] = [{"name": "Retry-After", "value": "30"}]
    assert "rate-retry-after-ignored" not in causes(har(*rows))


def test_the_pace_of_a_har_file_counts_too() -> None:
    rows = [
        entry(n * 0.3, 429, BODY, error("rate_limited"),
              {"Idempotency-Key": "cms-1-create"}, time=20)
        for n in range(3)
    ]  # fmt: skip
    for one in rows:
        one["response"]["headers"] = [{"name": "Retry-After", "value": "30"}]
    assert "rate-retry-after-ignored" in causes(har(*rows))


# ---- retries under another key ------------------------------------------------------------------

RETRIES = {
    "job and title": [{"job": "sync-42", "title": "Jazz Night"}] * 2,
    "title alone": [{"title": "Jazz Night"}] * 2,
    "title in other letters": [{"title": "Jazz Night"}, {"title": "jazz  night"}],
    "work item": [{"work_item": "venue-7", "event_title": "Jazz Night"}] * 2,
}
ENDINGS = {
    "a time-out": {"error": "Read timed out."},
    "no answer": {"error": "ECONNRESET"},
    "a gateway": {"status": 504},
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.parametrize("names", RETRIES.values(), ids=RETRIES)
def test_a_retry_with_a_new_random_key_is_found_by_what_it_is_about(
    names: list[dict[str, object]], ending: dict[str, object]
) -> None:
    first = {**row(0, None, FIRST), **names[0], **ending}
    text = ndjson(first, row(6, 201, SECOND, **names[1]))
    assert "idempotency-key-random" in causes(text)


def test_a_retry_in_plain_lines_is_found_too() -> None:
    text = (
        f'2026-11-27 10:00:00 WARN job=sync-4 title="Jazz Night" POST {URL} key={FIRST} timed out\n'
        f'2026-11-27 10:00:09 INFO job=sync-4 title="Jazz Night" POST {URL} key={SECOND} -> 201\n'
    )
    assert "idempotency-key-random" in causes(text)


def test_another_event_after_a_time_out_is_no_retry() -> None:
    text = ndjson(
        row(0, None, "cms-1-create", title="Jazz Night", error="timed out"),
        row(3, 201, "cms-1-create", title="Jazz Night"),
        row(6, 201, "cms-2-create", title="Open Mic"),
    )
    assert causes(text) == []
    assert outcome(text) is Outcome.HEALTHY


# ---- the address --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/developers/docs/events", "/developers", "/api/developer/events", "/docs/api/events",
     "/api/developer/openapi/v2", "/events", "/"],
)  # fmt: skip
def test_a_page_of_the_same_host_is_a_wrong_path(path: str) -> None:
    text = f'curl https://pinned.events{path} -H "{AUTH}"'
    assert causes(text)[0] == "url-wrong-path"
    raw = f"GET {path} HTTP/1.1\nHost: pinned.events\nAuthorization: Bearer [hidden]\n"
    assert causes(raw)[0] == "url-wrong-path"


def test_reading_the_api_s_description_without_a_key_is_no_fault() -> None:
    assert (
        outcome("curl https://pinned.events/api/developer/openapi/public-api-v1") is Outcome.HEALTHY
    )


@pytest.mark.parametrize(
    "address",
    ["http://localhost:3000/api/public/v1/events", "http://127.0.0.1:8000/api/public/v1/channels",
     "http://0.0.0.0:80/api/public/v1/channels",
     "http://host.docker.internal/api/public/v1/events"],
)  # fmt: skip
def test_this_machine_is_possibly_the_wrong_host(address: str) -> None:
    _, session = concluded(f'curl {address} -H "{AUTH}"')
    found = {one.cause: one for one in session.verdicts}
    assert found["url-wrong-host"].certainty is Certainty.POSSIBLE
    assert any("sandbox" in one for one in found["url-wrong-host"].alternatives)


@pytest.mark.parametrize("host", ["gateway.example", "api.example.org:8443", "staging.internal"])
def test_another_host_with_the_api_s_namespace_is_a_problem(host: str) -> None:
    text = f'curl https://{host}/api/public/v1/events -H "{AUTH}"'
    assert causes(text)[0] == "url-wrong-host"


# ---- proven duplicates --------------------------------------------------------------------------


def _made(number: int) -> dict[str, object]:
    return {"doc": {"id": number, "title": "Jazz Night"}}


DUPLICATES = {
    "the same hash under two keys": ndjson(
        row(0, key="cms-991-create", payload_hash="ab12cd34ef", response=_made(501)),
        row(60, key="wp-44-create", payload_hash="ab12cd34ef", response=_made(502)),
    ),
    "the same hash under another name": ndjson(
        row(0, key="cms-991-create", bodySha256="ab12cd34ef56", event_id=501),
        row(60, key="wp-44-create", bodySha256="ab12cd34ef56", event_id=502),
    ),
    "the same payload under two keys": ndjson(
        row(0, key="cms-991-create", body=BODY, response=_made(501)),
        row(60, key="wp-44-create", body=BODY, response=_made(502)),
    ),
    "the same record under two keys": ndjson(
        row(0, key="cms-991-create", record_id="A-17", response=_made(501)),
        row(60, key="wp-44-create", record_id="A-17", response=_made(502)),
    ),
    "rows of an import that moved": ndjson(
        row(0, key="nightly-import-2026-06-12-row-42", body=BODY, response=_made(501)),
        row(86_400, key="nightly-import-2026-06-13-row-43", body=BODY, response=_made(502)),
    ),
    "rows that moved, by title and start": ndjson(
        row(0, key="import-row-7", title="Jazz", start_at="2027-03-01T19:00:00Z", event_id=501),
        row(9, key="import-row-8", title="Jazz", start_at="2027-03-01T19:00:00Z", event_id=502),
    ),
}


@pytest.mark.parametrize("text", DUPLICATES.values(), ids=DUPLICATES)
def test_a_proven_duplicate_is_a_problem(text: str) -> None:
    assert "duplicates-present" in causes(text)
    assert outcome(text) is Outcome.PROBLEM


def test_the_rows_that_moved_are_named_as_the_reason() -> None:
    assert "idempotency-key-row-based" in causes(DUPLICATES["rows of an import that moved"])


def test_one_event_under_two_keys_with_one_id_is_no_duplicate() -> None:
    text = ndjson(
        row(0, key="cms-991-create", payload_hash="ab12cd34ef", response=_made(501)),
        row(60, key="cms-991-create", payload_hash="ab12cd34ef", response=_made(501)),
    )
    assert "duplicates-present" not in causes(text)


# ---- a wait that ends at a date -----------------------------------------------------------------

DATES = [
    "Sat, 28 Nov 2026 10:01:00 GMT",
    "sat, 28 nov 2026 10:01:00 gmt",
    "Saturday, 28-Nov-26 10:01:00 GMT",
    "Sat Nov 28 10:01:00 2026",
    "2026-11-28T10:01:00Z",
]


@pytest.mark.parametrize("date", DATES)
def test_a_wait_that_ends_at_a_date_is_read_wherever_it_is_logged(date: str) -> None:
    def limited(**more: Any) -> str:
        return ndjson(*(row(pace, 429, None, **more) for pace in (0, 20)))

    told = {"retry-after": date}
    entries = [entry(pace, 429, BODY, error("rate_limited"), time=20) for pace in (0, 20)]
    for one in entries:
        one["response"]["headers"] = [{"name": "retry-after", "value": date}]
    lines = (f"2026-11-28T10:00:{s}.500Z GET {URL} 429 retry-after: {date}\n" for s in ("00", "20"))
    for text in (
        limited(headers=told), limited(response_headers=told), limited(retryAfter=date),
        har(*entries), "".join(lines),
    ):  # fmt: skip
        assert "rate-retry-after-ignored" in causes(text)


# ---- what names the record ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["record", "recordId", "sourceId", "externalId", "entry", "entryId", "post", "row", "item",
     "article", "contentId", "external_ref", "sku", "guid"],
)  # fmt: skip
def test_two_events_of_one_record_under_random_keys_are_found(name: str) -> None:
    first, second = "b424df78ea7c5b095dd5ac7db8ba481b", "b6eecfac475523a5d37f5daab79ae657"
    named: dict[str, Any] = {name: "crm-311"}
    text = ndjson(
        row(0, key=first, eventId=9300, **named),
        row(60, key=second, eventId=9301, **named),
    )
    assert causes(text)[:1] == ["idempotency-key-random"]
    plain = "".join(
        f"2026-11-28T10:0{n}:00Z POST {URL} {name}=crm-311 idempotency-key={key} -> 201"
        f" id={9300 + n}\n"
        for n, key in enumerate((first, second))
    )
    if name in {"record", "entry", "post", "row", "item", "article", "recordId", "sourceId"}:
        assert causes(plain)[:1] == ["idempotency-key-random"]


@pytest.mark.parametrize(
    "more",
    [{"entry": "3"}, {"row": "row-12"}, {"item": "3/50"}, {"record": 7}, {"entry": "2026-11-28"},
     {"ref": "worker-12"}, {"post": True}],
)  # fmt: skip
def test_what_is_no_record_s_id_joins_nothing(more: dict[str, Any]) -> None:
    text = ndjson(
        row(0, key="b424df78ea7c5b095dd5ac7db8ba481b", eventId=9300, **more),
        row(60, key="b6eecfac475523a5d37f5daab79ae657", eventId=9301, **more),
    )
    assert causes(text) == []


# ---- addresses beside the API, in logs and recordings -------------------------------------------

BESIDE = [
    "/api/v1/channels", "/public/v1/channels", "/api/public/v2/events", "/channels", "/v1/events",
    "/api/events", "/developers/docs", "/graphql", "/",
]  # fmt: skip


@pytest.mark.parametrize("path", BESIDE)
@pytest.mark.parametrize("status", [404, 200, 301])
def test_an_address_beside_the_api_is_a_wrong_path_in_a_log(path: str, status: int) -> None:
    url = f"https://pinned.events{path}"
    for text in (
        f"2026-11-28T10:00:00Z GET {url} {status}\n",
        f"ts=2026-11-28T10:00:00Z method=GET url={url} status={status}\n",
        ndjson(row(0, status, None, url=url, method="GET")),
    ):
        assert causes(text)[:1] == ["url-wrong-path"]
        assert outcome(text) is Outcome.PROBLEM


def test_a_path_meant_for_the_api_counts_beside_good_requests() -> None:
    text = (
        "2026-11-28T10:00:00Z GET https://pinned.events/api/public/v1/channels 200\n"
        "2026-11-28T10:00:01Z POST https://pinned.events/api/v1/events 404\n"
    )
    assert causes(text)[:1] == ["url-wrong-path"]


@pytest.mark.parametrize(
    "line",
    ["GET https://pinned.events/events/jazz-night 200",
     "GET https://pinned.events/developers/docs 200"],
)  # fmt: skip
def test_a_page_of_the_site_beside_good_requests_is_no_fault(line: str) -> None:
    text = f"2026-11-28T10:00:00Z GET {URL} 200\n2026-11-28T10:00:01Z {line}\n"
    assert causes(text) == []


PAGE = "<!doctype html><html><head><title>App</title></head><body></body></html>"


def _page(url: str, **more: Any) -> dict[str, Any]:
    one = entry(0, 200, None, url=url, method="GET", **more)
    del one["request"]["postData"]
    one["response"]["content"] = {"mimeType": "text/html", "size": len(PAGE), "text": PAGE}
    return one


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:5173/api/public/v1/channels", "http://localhost:3000/api/public/v1/events",
     "https://pinned.events/api/public/v1/channels"],
)  # fmt: skip
def test_a_web_page_as_a_success_is_not_the_api_s(url: str) -> None:
    one = _page(url)
    assert causes(har(one)) == ["response-not-api"]
    one["response"]["content"].pop("text")
    assert causes(har(one)) == ["response-not-api"]
    logged = row(0, 200, None, url=url, method="GET", response_body=PAGE)
    assert causes(ndjson(logged))[:1] == ["response-not-api"]


def test_a_documentation_page_asked_with_the_key_is_a_wrong_path() -> None:
    one = _page("https://pinned.events/developers/docs/channels")
    assert causes(har(one))[0] == "url-wrong-path"


def test_a_browser_that_reads_the_site_is_not_judged() -> None:
    one = _page("https://pinned.events/developers/docs/channels")
    one["request"]["headers"] = [{"name": "User-Agent", "value": "Mozilla/5.0"}]
    assert outcome(har(one)) is Outcome.INCONCLUSIVE
