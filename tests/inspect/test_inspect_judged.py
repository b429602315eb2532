"""Healthy means that something was judged: what was not is inconclusive, and says what was sought.

Each test is named for the kind of mistake that it keeps away.
"""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.api_spec.errors import STATUS_OF_CODE
from pinned_tui.inspect.model import InputKind, Inspection, read_input, read_text
from pinned_tui.session import Outcome
from tests.corpus.judging import session_of
from tests.inspect.outcomes import causes, concluded, outcome, sure
from tests.inspect.traffic import BODY, URL, entry, har, moment, ndjson, row

API = "https://pinned.events/api/public/v1"
AUTH = "Authorization: Bearer $PINNED_EVENTS_API_KEY"


def _error(code: str, **more: object) -> str:
    return json.dumps({"error": {"code": code, "message": "No.", "requestId": "req_7", **more}})


# ---- nothing judged ---------------------------------------------------------------------------

NOTHING = {
    "a log without a request": "2026-11-27 10:00:00 INFO status of the queue: 200 jobs\n" * 3,
    "a log of another service": (
        "2026-11-27 10:00:00 INFO POST https://api.example.org/v2/things 201\n" * 3
    ),
    "a HAR file without the API": har(entry(url="https://shop.example/cart")),
    "an empty HAR file": '{"log": {"version": "1.2", "entries": []}}',
    "an object that says nothing": "{}",
    "an empty list": "[]",
    "a package file": '{"name": "sync", "version": "1.0.0", "dependencies": {"axios": "^1"}}',
    "a description of an API": (
        '{"openapi": "3.1.0", "info": {"title": "Public API"}, "paths": {"/channels": {}}}'
    ),
    "settings of a program": '{"compilerOptions": {"target": "es2022"}, "include": ["src"]}',
    "an exported workflow": '{"name": "w", "nodes": [{"type": "webhook"}], "connections": {}}',
    "a message that is no error": '{"message": "hello"}',
    "a page of a file": '{"title": "Notes", "pages": 3}',
    "an answer of an echo service": json.dumps(
        {
            "method": "GET",
            "hostname": "webhook.site",
            "url": "https://webhook.site/x",
            "headers": {"accept": ["*/*"], "host": ["webhook.site"]},
            "content": "",
        }
    ),
    "a command without an address": "curl -sS --compressed -o out.json\n",
    "prose that begins with a tool's name": "curl is what I tried first, and it does not work",
    "prose that begins with another tool's name": "http get is what we tried, it did not work",
    "a response that never comes": "HTTP/1.1 100 Continue\n\n",
    "an ini file": "[server]\nport = 8080\nhost = db\n",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing_judged_is_never_healthy(text: str) -> None:
    inspection, session = concluded(text)
    assert session.outcome is Outcome.INCONCLUSIVE
    assert session.first_cause == "input-unrecognised"
    assert inspection.judged == 0
    assert "looked for" in session.verdicts[0].summary


def test_what_was_judged_stands_in_the_observation() -> None:
    for text, judged in ((NOTHING["an empty HAR file"], False), (json.dumps(BODY), True)):
        _, session = concluded(text)
        seen = next(one for one in session.observations if one.code.startswith("pasted."))
        assert seen.data["judged"] is judged


def test_an_inspection_that_says_nothing_of_what_it_judged_has_judged_nothing() -> None:
    session = session_of(read_text("x"), Inspection(InputKind.LOG, "Log lines."))
    seen = next(one for one in session.observations if one.code == "pasted.recognised")
    assert seen.data["judged"] is False


JUDGED = {
    "a command": f'curl {API}/channels -H "{AUTH}"',
    "a request": f"GET /api/public/v1/channels HTTP/1.1\nHost: pinned.events\n{AUTH[:22]}***\n",
    "a payload": json.dumps(BODY),
    "a log": ndjson(row(0, body=BODY)),
    "a HAR file": har(entry(headers={"Idempotency-Key": "cms-1"}, answer={"doc": {"id": 1}})),
    "an answer": '{"doc": {"id": 7}}',
    "a whole answer": 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"docs": [], "page": 1}',
    "a key": "pe_live_9fKq2LmX7vTz4RbW8cYd3HnT",
    "a command for PowerShell": f'curl.exe -s {API}/channels -H "Authorization: Bearer $env:KEY"',
}  # fmt: skip


@pytest.mark.parametrize("text", JUDGED.values(), ids=JUDGED)
def test_what_is_well_stays_healthy(text: str) -> None:
    inspection, session = concluded(text)
    assert session.outcome is Outcome.HEALTHY, [v.summary for v in session.verdicts]
    assert inspection.judged > 0


# ---- taken for what it is not -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ('{"name": "sync", "dependencies": {"axios": "^1"}, "scripts": {}}', "package.json"),
        ('{"openapi": "3.1.0", "info": {"title": "x"}, "paths": {}}', "OpenAPI"),
        ('{"info": {"_postman_id": "1", "schema": "https://s.example"}, "item": []}', "Postman"),
        ('{"nodes": [], "connections": {}, "meta": {}}', "workflow"),
        ('[{"Id": "8f1c", "Config": {"Image": "x"}, "State": {}}]', "container"),
        ('{"resourceSpans": []}', "trace"),
        ('{"alpha": 1, "beta": 2}', "alpha, beta"),
        ("{}", "an empty JSON object"),
        ("[1, 2, 3]", "a JSON list"),
    ],
)  # fmt: skip
def test_json_that_is_no_body_is_told_what_it_is(text: str, called: str) -> None:
    inspection, session = concluded(text)
    assert inspection.kind is None
    assert inspection.correction is None
    assert called in session.verdicts[0].summary
    assert sure(text) == ["input-unrecognised"]


BRACKETED = {
    "of PHP": "[27-Nov-2026 10:30:56 UTC] PHP Notice: worker started, 200 MB used\n",
    "of a server": "[02/Mar/2026 09:00:00] INFO started with status 200\n",
    "of Apache": "[Mon Mar 02 09:00:00.123456 2026] [core:notice] AH00094: status 200\n",
    "of a pod": "[pod/sync-5d8f7c9b6d-x2x7k/sync] 2026-11-27T10:00:00Z INFO status 200\n",
    "of a thread": "[main] 10:11:12.345 DEBUG - status 200\n",
    "an ini file": "[pinned]\nAPI_URL=https://shop.example\nDEBUG=1\n",
    "a shell test": "[ -f .env ] && source .env\n",
    "a list in Markdown": "[x] send the events\n[ ] read the answers\n",
}


@pytest.mark.parametrize("text", BRACKETED.values(), ids=BRACKETED)
def test_text_that_begins_with_a_bracket_is_no_broken_json(text: str) -> None:
    assert "body-malformed-json" not in causes(text)
    assert outcome(text) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    "prefix",
    ["[27-Nov-2026 10:30:56 UTC] ", "[02/Mar/2026 09:00:00] ", "[Mon Mar 02 09:00:00 2026] ",
     "[pod/sync-5d8f7c9b6d-x2x7k/sync] 2026-11-27T10:00:00Z "],
)  # fmt: skip
def test_a_request_behind_a_bracketed_prefix_is_read(prefix: str) -> None:
    text = f"{prefix}POST {URL} -> 403\n"
    inspection, session = concluded(text)
    assert inspection.kind is InputKind.LOG
    assert session.outcome is Outcome.PROBLEM
    assert session.first_cause == "scope-missing"


@pytest.mark.parametrize(
    "text", ['[{"title": ', '{"title": "x", "startAt": }', "{'title': 'x', timezone: 1}"]
)
def test_a_broken_body_is_still_one(text: str) -> None:
    assert "body-malformed-json" in causes(text)


COLONS = {
    "levels": f"info: POST {URL} 201\nerror: disk is full\n",
    "a debugger": "send: b'GET /status HTTP/1.1'\nreply: 'HTTP/1.1 200 OK'\n",
    "a talk": "Anna: does it work?\nBen: no, it does not\n",
    "a form": "Name: Sync\nOwner: Anna\nRoom: 4\n",
    "YAML": "services: x\nimage: y\n",
    "settings with a host": "host: db.internal\nport: 5432\nuser: sync\n",
    "an e-mail": "From: a@example.org\nTo: b@example.org\nSubject: 401\nDate: Fri, 27 Nov\n",
}


@pytest.mark.parametrize("text", COLONS.values(), ids=COLONS)
def test_words_before_a_colon_are_no_headers(text: str) -> None:
    assert "auth-header-missing" not in causes(text)


def test_headers_alone_are_still_headers() -> None:
    text = "Host: pinned.events\nAccept: application/json\nContent-Type: application/json\n"
    assert "auth-header-missing" in causes(text)


def test_a_greeting_before_a_request_is_no_request_of_its_own() -> None:
    text = f"Question: why?\n\nGET /api/public/v1/channels HTTP/1.1\nHost: pinned.events\n{AUTH}\n"
    assert "auth-header-missing" not in causes(text)


PROSE = (
    "curl is what I tried first, and it does not work",
    "curl works for me but not for them.",
    "Curl, then, and now what?",
    "http post is refused. what now?",
)


@pytest.mark.parametrize("text", PROSE)
def test_prose_that_begins_with_a_tool_is_no_command(text: str) -> None:
    assert causes(text) == ["input-unrecognised"]


def test_words_behind_the_address_of_a_command_are_no_addresses() -> None:
    found = causes(f'curl -H "{AUTH}" {API}/channels does not work for us')
    assert not {"url-insecure-scheme", "url-wrong-host"} & set(found)


def test_a_command_without_an_address_is_judged_by_its_headers() -> None:
    found = causes("curl -X POST -H 'Authorization: Token pe_live_9fKq2LmX7vTz4RbW8cYd3HnT'\n")
    assert "auth-scheme-wrong" in found
    assert "url-wrong-host" in found
    assert outcome("curl -H 'x-api-key: undefined' -d '{}'") is Outcome.PROBLEM


# ---- how it ended -------------------------------------------------------------------------------

UNTOLD = {
    "no status at all": ndjson({"ts": moment(0), "method": "POST", "url": URL, "took": 3}),
    "a status under no known name": ndjson(
        {"ts": moment(0), "method": "POST", "url": URL, "verdict": "rejected"}
    ),
    "lines that only say what is sent": f"2026-11-27 10:00:00 INFO sending POST {URL}\n" * 3,
    "a HAR entry without a response": json.dumps(
        {"log": {"entries": [{"request": {"method": "GET", "url": URL, "headers": []}}]}}
    ),
    "no answer, and no reason": ndjson(row(0, None, body=BODY, error="gave up")),
}  # fmt: skip


@pytest.mark.parametrize("text", UNTOLD.values(), ids=UNTOLD)
def test_a_request_whose_ending_is_not_known_is_not_healthy(text: str) -> None:
    _, session = concluded(text)
    assert session.outcome is Outcome.INCONCLUSIVE, causes(text)
    assert session.first_cause == "input-unrecognised"


NAMED = {
    "of Cloudflare": {"EdgeResponseStatus": 429, "OriginResponseStatus": 0},
    "of a house": {"result_status": 429},
    "another of a house": {"apiStatus": "429"},
    "as a word": {"outcome": "429 Too Many Requests"},
    "of a load balancer": {"elb_status_code": 429},
    "short": {"sc": 429},
}


@pytest.mark.parametrize("fields", NAMED.values(), ids=NAMED)
def test_a_status_is_known_by_its_value_where_its_name_is_not(fields: dict[str, object]) -> None:
    text = ndjson({"ts": moment(0), "method": "POST", "url": URL, **fields})
    assert {"rate-limited", "rate-limited-by-edge"} & set(causes(text))


COLUMNS = {
    "behind the address": f"2026-11-27T10:00:00Z POST {URL} 429 12ms\n",
    "before the method": f"2026-11-27 10:00:00 429 0.023 POST {URL}\n",
    "of a table": f"time,method,url,status\n2026-11-27 10:00:00,POST,{URL},429\n",
    "with tabs": f"2026-11-27 10:00:00\t429\tPOST\t{URL}\n",
    "a phrase": f"2026-11-27 10:00:00 ERROR POST {URL} ended in Too Many Requests\n",
    "a code": f"2026-11-27 10:00:00 ERROR POST {URL} ended in rate_limited\n",
    "a phrase in a field": ndjson({"ts": moment(0), "method": "POST", "url": URL,
                                   "httpOutcome": "TOO_MANY_REQUESTS"}),
}  # fmt: skip


@pytest.mark.parametrize("text", COLUMNS.values(), ids=COLUMNS)
def test_a_status_is_found_in_a_column_and_as_a_word(text: str) -> None:
    assert {"rate-limited", "rate-limited-by-edge"} & set(causes(text))


@pytest.mark.parametrize("status", ["Created", "CREATED", "201 Created", 201, "201"])
def test_a_success_under_a_name_of_its_own_is_one(status: object) -> None:
    text = ndjson(row(0, None, final_status=status))
    assert outcome(text) is Outcome.HEALTHY


def test_a_size_and_a_port_are_no_status() -> None:
    text = f"2026-11-27 10:00:00 INFO POST {URL} Content-Length: 341 to 203.0.113.10:443\n"
    assert causes(text) == ["input-unrecognised"]


@pytest.mark.parametrize(
    ("headers", "cause"),
    [
        ({"Authorization": "Token [hidden]", "Accept": "*/*"}, "auth-scheme-wrong"),
        ({"authorization": ["Bearer undefined"]}, "key-placeholder"),
        ({"x-api-key": "[hidden]", "Authorization": "Bearer [hidden]"}, "auth-two-headers"),
    ],
)
def test_the_headers_of_an_object_that_describes_a_request_are_judged(
    headers: dict[str, object], cause: str
) -> None:
    described = {"method": "GET", "url": f"{API}/channels", "headers": headers}
    assert cause in causes(json.dumps(described))


def test_a_request_that_an_object_describes_well_is_still_without_an_ending() -> None:
    described = {"method": "GET", "url": f"{API}/channels",
                 "headers": {"authorization": "Bearer [hidden]"}}  # fmt: skip
    assert outcome(json.dumps(described)) is Outcome.INCONCLUSIVE


def test_a_request_that_is_known_by_its_headers_is_judged_by_them() -> None:
    echo = {
        "uuid": "9c36c567-6a57-4f4d-b6e4-f34bd8141672", "method": "POST", "host": "echo.example",
        "url": "https://echo.example/9c36c567", "content": json.dumps(BODY),
        "headers": {"authorization": ["Bearer ={{$credentials.token}}"], "host": ["echo.example"]},
    }  # fmt: skip
    assert causes(json.dumps(echo))[0] == "key-placeholder"


# ---- whatever it is -----------------------------------------------------------------------------

_WORDS = st.lists(
    st.sampled_from(
        ["curl", "http", "GET", "POST", "error", "401", "status", "key", "Bearer", "[", "{", "}",
         ":", "=", "\n", "the", "does", "not", "work", "events", "pinned", "2026-11-27", "10:00:00",
         "INFO", "title", "null", "-", "?", "200", "Anna", "https"]
    ),
    min_size=2, max_size=30,
).map(" ".join)  # fmt: skip


@given(st.one_of(_WORDS, st.text(max_size=200)))
def test_random_prose_is_healthy_only_where_something_was_judged(text: str) -> None:
    inspection, session = concluded(text)
    assert session.outcome is not Outcome.HEALTHY or inspection.judged > 0


@given(st.binary(max_size=300))
def test_random_bytes_are_healthy_only_where_something_was_judged(data: bytes) -> None:
    inspection, session = concluded(read_input(data))
    assert session.outcome is not Outcome.HEALTHY or inspection.judged > 0


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 600) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["a", "b", "name", "version", "data", "value", "items", "size", "kind"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(_VALUES.filter(lambda value: isinstance(value, dict | list)))
def test_random_json_without_any_of_our_names_is_never_healthy(value: object) -> None:
    inspection, session = concluded(json.dumps(value))
    assert inspection.judged == 0
    assert session.outcome is Outcome.INCONCLUSIVE


_AROUND = st.text(
    st.characters(codec="utf-8", exclude_characters='"\\{}[]'),
    max_size=120,
)


def _forms(code: str) -> Iterator[str]:
    whole = _error(code, details={"field": "timezone", "issue": "must be an IANA time zone"})
    yield whole
    yield json.dumps(json.loads(whole), indent=2)
    yield json.dumps(whole)[1:-1]
    yield json.dumps(json.dumps(whole))[1:-1]
    yield whole[: whole.index('"requestId"')]


@pytest.mark.parametrize("code", STATUS_OF_CODE)
@given(before=_AROUND, behind=_AROUND)
def test_an_error_of_the_api_in_any_text_is_never_healthy(
    code: str, before: str, behind: str
) -> None:
    for form in _forms(code):
        text = f"{before} {form} {behind}"
        _, session = concluded(text)
        assert session.outcome is not Outcome.HEALTHY, text
