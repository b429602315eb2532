"""What is wrong with a request is found, and nothing else; table by table."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.inspect.commands.inspect import inspect_curl, inspect_httpie
from pinned_tui.inspect.model import InputKind, InspectionContext, Span, read_text
from pinned_tui.inspect.raw_request import inspect as inspect_raw
from pinned_tui.inspect.request.findings import RequestFindings
from pinned_tui.session import Certainty
from tests.inspect.request_inputs import (
    API,
    BEARER,
    BODY,
    CREATE,
    JSON,
    KEY,
    NOW,
    STABLE,
    create,
    inspected,
    raw,
)

SURE, LIKELY, POSSIBLE = Certainty.CONFIRMED, Certainty.LIKELY, Certainty.POSSIBLE
_MARK = {SURE: "", LIKELY: "?", POSSIBLE: "??"}

UUID4 = "1c9a6f0e-5d2b-4f3a-9b1d-7e8f2a3b4c5d"
UUID5 = "1c9a6f0e-5d2b-5f3a-9b1d-7e8f2a3b4c5d"
UUID7 = "0190163d-8694-739b-aea5-966c26f8ad91"
GET = f"{API}/channels"

HEALTHY = {
    "bash, double quotes": f'curl {GET} -H "Authorization: Bearer {KEY}"',
    "bash, a variable": f'curl {GET} -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"',
    "bash, a variable in braces": f'curl "{GET}" -H "Authorization: Bearer ${{KEY}}"',
    "bash, a substitution": f'curl {GET} -H "Authorization: Bearer $(cat key.txt)"',
    "bash, x-api-key": f"curl -s {GET} -H 'x-api-key: {KEY}'",
    "bash, small letters": f"curl {GET} -H 'authorization: bearer {KEY}'",
    "bash, glued options": f"curl -sSXGET {GET} -H'Authorization: Bearer {KEY}'",
    "bash, an option of its own for the key": f"curl {GET} --oauth2-bearer {KEY}",
    "bash, a page of a list": f"curl '{API}/events?page=2&limit=100' {BEARER}",
    "bash, -G": f"curl -G {API}/events -d page=2 -d limit=50 {BEARER}",
    "bash, one event": f"curl {API}/events/4711 {BEARER}",
    "bash, an update": f'curl -X PATCH {API}/events/4711 {BEARER} {JSON} -d \'{{"title": "B"}}\'',
    "bash, a create": f"{CREATE} {STABLE} -d '{BODY}'",
    "bash, a create without -X": f"curl {API}/events {BEARER} {JSON} {STABLE} -d '{BODY}'",
    "bash, --json": f"curl {API}/events {BEARER} {STABLE} --json '{BODY}'",
    "bash, charset": CREATE.replace("/json'", "/json; charset=utf-8'") + f" {STABLE} -d '{BODY}'",
    "bash, a file": f"{CREATE} {STABLE} -d @event.json",
    "bash, standard input": f"cat event.json | {CREATE} {STABLE} --data-binary @-",
    "bash, a here-document": f"{CREATE} {STABLE} -d @- <<'EOF'\n{BODY}\nEOF",
    "bash, a body of a file": f'{CREATE} {STABLE} -d "$(cat event.json)"',
    "bash, a variable in the body": f"{CREATE} {STABLE} -d "
    '"' + BODY.replace('"', '\\"').replace("101", "$CHANNEL") + '"',
    "bash, continued": f"curl \\\n  {GET} \\\n  {BEARER}\n",
    "bash, a prompt": f"$ curl {GET} {BEARER}",
    "bash, a root prompt": f"root@ci:~# curl {GET} {BEARER}",
    "bash, timed": f"time curl {GET} {BEARER} -o /dev/null",
    "bash, a variable of its own": f'API_KEY={KEY} curl {GET} -H "Authorization: Bearer $API_KEY"',
    "bash, into a variable": f"ANSWER=$(curl -s {GET} {BEARER})",
    "bash, in Markdown": f"It fails with:\n```bash\n# list\ncurl {GET} {BEARER}\n```\nWhy?",
    "bash, piped": f"curl -s {GET} {BEARER} | jq '.docs[] | .id' > ids.txt",
    "bash, a base in a variable": f'curl "$BASE/channels/" {BEARER}',
    "bash, -K": f"curl -K curl.conf {GET}",
    "bash, netrc": f"curl -n {GET}",
    "bash, headers in a variable": f'curl "${{HEADERS[@]}}" {GET}',
    "bash, the OpenAPI document": "curl https://pinned.events/api/developer/openapi/public-api-v1",
    "bash, to the sandbox": f"curl http://127.0.0.1:8765/api/public/v1/channels {BEARER}",
    "bash, a masked key": f"curl {GET} -H 'Authorization: Bearer ***'",
    "bash, a key cut short by hand": f"curl {GET} -H 'Authorization: Bearer pe_live_…'",
    "bash, an upload": f"curl {API}/media {BEARER} -F file=@poster.jpg",
    "bash, two at once": f"curl {GET} {BEARER} --next {API}/events {BEARER}",
    "bash, Node's sec-fetch-mode": f"curl {GET} {BEARER} -H 'sec-fetch-mode: cors'",
    "cmd": f'curl {GET} ^\n  -H "Authorization: Bearer %PINNED_EVENTS_API_KEY%"',
    "cmd, a create": f"curl -X POST {API}/events ^\r\n"
    + f"{BEARER} {JSON} {STABLE} -d ".replace("'", '"')
    + '"'
    + BODY.replace('"', '\\"')
    + '"',
    "cmd, as Chrome copies it": f'curl ^"{GET}^" ^\n  -H ^"x-api-key: {KEY}^"',
    "powershell": f'curl.exe {GET} -H "Authorization: Bearer $env:PINNED_EVENTS_API_KEY"',
    "powershell, continued": f"PS C:\\> curl.exe {GET} `\n  {BEARER}",
    "powershell, a create": f"curl.exe -X POST {API}/events `\n {BEARER} {JSON} {STABLE}"
    f" -d '{BODY}'",
    "HTTPie": f"https pinned.events/api/public/v1/channels 'Authorization: Bearer {KEY}'",
    "HTTPie, -A": f"http {GET} -A bearer -a $PINNED_EVENTS_API_KEY",
    "HTTPie, a create": f"http POST {API}/events x-api-key:{KEY} Idempotency-Key:cms-1-create"
    " channelId:=101 title='Chamber Music' startAt=2026-07-02T12:00:00+02:00"
    " timezone=Europe/Vienna classifications[]=concert approxLocation[city][placeId]=plc_vienna_at",
    "HTTPie, a file": f"http POST {API}/events x-api-key:{KEY} Idempotency-Key:a-1 < a.json",
    "HTTPie, a session": f"http --session=ci {GET}",
    "xh": f"xhs pinned.events/api/public/v1/events page==2 x-api-key:{KEY}",
    "raw": raw(f"Authorization: Bearer {KEY}", "Accept: */*", method="GET", body=""),
    "raw, a create": raw(
        f"x-api-key: {KEY}",
        "Content-Type: application/json",
        "Idempotency-Key: crm-event-456-publish",
    ),
    "raw, masked": raw("Authorization: Bearer [redacted]", method="GET", path="/channels", body=""),
    "raw, the request line alone": "GET /api/public/v1/events HTTP/1.1",
    "headers alone": f"Host: pinned.events\nAuthorization: Bearer {KEY}\nAccept: */*",
    "a .http file": f"### List\nGET {GET}\nAuthorization: Bearer {KEY}\n\n###\n"
    f"GET {{{{base}}}}/events\nx-api-key: {KEY}\n",
    "curl -v": "> GET /api/public/v1/channels HTTP/2\n> Host: pinned.events\n"
    f"> x-api-key: {KEY}\n>\n",
    "key of a UUID of version 5": create(UUID5),
    "key with a UUID of a record": create(f"event-{UUID4}-create"),
    "key with a number of a record": create("crm-event-1400000-publish"),
    "key with the event's own date": create("venue-7-2026-07-02T12:00-create"),
    "key with a date to come": create("hall-2027-01-31T20:00-create"),
    "key of a variable": create("$SOURCE_ID-create", '"'),
    "key with entry3": create("form-entry3-create"),
}

FAULTY = {
    f"curl {GET}": "auth-header-missing",
    f"curl {API}/classifications": "auth-header-missing??",
    f"curl {GET} -H 'Authorization: {KEY}'": "auth-scheme-missing",
    f"curl {GET} -H 'Authorization: Bearer Bearer {KEY}'": "auth-scheme-doubled",
    f"curl {GET} -H 'Authorization: Basic {KEY}'": "auth-scheme-wrong",
    f"curl {GET} -H 'Authorization: Token {KEY}'": "auth-scheme-wrong",
    f"curl {GET} -H 'Authorization: ApiKey {KEY}'": "auth-scheme-wrong",
    f"curl {GET} -H 'Authorization: Bearer: {KEY}'": "auth-scheme-wrong",
    f"curl {GET} -u {KEY}:": "auth-scheme-wrong",
    f"curl {GET} -u '{KEY}:x' --digest": "auth-scheme-wrong",
    f"curl {GET} {BEARER} -H 'x-api-key: {KEY}'": "auth-two-headers",
    f"curl {GET} {BEARER} {BEARER}": "auth-header-duplicated",
    f"curl '{GET}?api_key={KEY}' {BEARER}": "auth-in-url",
    f"curl https://{KEY}:@pinned.events/api/public/v1/channels {BEARER}": "auth-in-url",
    f"curl {GET} -H 'Authorisation: Bearer {KEY}'": "auth-header-missing",
    f"curl {GET} -H 'api-key: {KEY}'": "auth-header-missing",
    f"curl {GET} -H 'Authorization Bearer {KEY}'": "auth-header-missing",
    f"curl {GET} -H “Authorization: Bearer {KEY}”": "auth-header-missing",
    f"curl {GET} -H 'Authorization:'": "auth-header-missing",
    f"curl {GET} -H 'Authorization: Bearer '": "key-missing",
    f"curl {GET} -H 'x-api-key: Bearer {KEY}'": "key-includes-scheme",
    f"curl {GET} -H 'Authorization: Bearer \"{KEY}\"'": "key-quoted",
    f"curl {GET} -H 'Authorization: Bearer “{KEY}”'": "key-non-ascii",
    f"curl {GET} -H 'Authorization: Bearer {KEY[:8]}\u200b{KEY[8:]}'": "key-invisible-characters",
    f"curl {GET} -H 'Authorization: Bearer {KEY[:9]}\n{KEY[9:]}'": "key-whitespace",
    f"curl {GET} -H $'Authorization: Bearer {KEY}\\n'": "key-whitespace",
    f"curl {GET} -H 'Authorization: Bearer YOUR_API_KEY'": "key-placeholder",
    f"curl {GET} -H 'Authorization: Bearer <your key>'": "key-placeholder",
    f"curl {GET} -H 'Authorization: Bearer {{{{token}}}}'": "key-placeholder",
    f"curl {GET} -H 'Authorization: Bearer undefined'": "key-placeholder",
    f"curl {GET} -H 'Authorization: Bearer $PINNED_EVENTS_API_KEY'": "key-placeholder",
    f'curl {GET} -H "Authorization: Bearer $env:KEY"': "",
    f'$ curl {GET} -H "Authorization: Bearer $env:KEY"': "key-placeholder",
    f'$ curl {GET} -H "Authorization: Bearer %API_KEY%"': "key-placeholder",
    f'curl {GET} ^\n -H "Authorization: Bearer $API_KEY"': "key-placeholder",
    f"curl.exe {GET} -H 'Authorization: Bearer $env:API_KEY'": "key-placeholder",
    f"curl {GET} ^\n -H 'Authorization: Bearer {KEY}'": "auth-header-missing",
    f"curl {GET} -H 'Authorization: Bearer eyJhbGciOi.eyJzdWIiOiIxMjM0.c2ln'": "key-wrong-kind?",
    f"curl {GET} {BEARER} -H 'Origin: https://shop.example'": "client-in-browser?",
    f"curl {GET} {BEARER} -H 'Sec-Fetch-Site: cross-site'": "client-in-browser?",
    f"curl http://pinned.events/api/public/v1/channels {BEARER}": "url-insecure-scheme",
    f"curl pinned.events/api/public/v1/channels {BEARER}": "url-insecure-scheme",
    f"curl https://www.pinned.events/api/public/v1/channels {BEARER}": "url-wrong-host",
    f"curl https://api.pinned.events/api/public/v1/channels {BEARER}": "url-wrong-host",
    f"curl https://pinned.event/api/public/v1/channels {BEARER}": "url-wrong-host",
    f"curl https://pinned-events-git-1.vercel.app/api/public/v1/events {BEARER}": "url-wrong-host",
    f"curl https://gw.example.org/api/public/v1/channels {BEARER}": "url-wrong-host?",
    f"curl https://api.example.org/v2/things {BEARER}": "url-wrong-host?",
    f"curl http://localhost:3000/api/events {BEARER}": "url-wrong-host?",
    f"curl {API}/events/ {BEARER}": "url-wrong-path",
    f"curl {API}//events {BEARER}": "url-wrong-path",
    f"curl {API}/event {BEARER}": "url-wrong-path",
    f"curl {API}/Events {BEARER}": "url-wrong-path",
    f"curl {API}/api/public/v1/events {BEARER}": "url-wrong-path",
    f"curl https://pinned.events/api/public/v2/events {BEARER}": "url-wrong-path",
    f"curl https://pinned.events/v1/events {BEARER}": "url-wrong-path",
    f"curl https://pinned.events/events {BEARER}": "url-wrong-path",
    f"curl {API}/me {BEARER}": "url-wrong-path?",
    f"curl {API}/events/4711/publish {BEARER}": "url-wrong-path?",
    f"curl https://pinned.events {BEARER}": "url-wrong-path?",
    f"curl -X DELETE {API}/channels {BEARER}": "method-wrong",
    f"curl -X POST {API}/channels {BEARER} -d 'a=b'": "method-wrong",
    f'curl -X PUT {API}/events/12 {BEARER} {JSON} -d \'{{"title": "B"}}\'': "method-wrong?",
    f"curl -X GET {API}/events {BEARER} {JSON} {STABLE} -d '{BODY}'": "method-wrong?",
    f"curl -X get {GET} {BEARER}": "method-wrong?",
    f"curl '{API}/events?limit=500' {BEARER}": "list-limit-capped",
    f"curl -G {API}/events -d limit=1000 {BEARER}": "list-limit-capped",
    f"curl {API}/events {BEARER} {STABLE} -d '{BODY}'": "body-content-type",
    f"{CREATE} {STABLE} -H 'Content-Type:' -d '{BODY}'".replace(JSON, ""): "body-content-type",
    f"{CREATE} {STABLE} -d '{BODY}'".replace("/json'", "/xml'"): "body-content-type",
    f"curl {API}/events {BEARER} {STABLE} -d title=Jazz -d channelId=1": "body-content-type",
    f"{CREATE} {STABLE}": "body-empty",
    f"{CREATE} {STABLE} -d ''": "body-empty",
    f"{CREATE} {STABLE} -d '{{\"channelId\": 1,}}'": "body-malformed-json",
    f"{CREATE} {STABLE} -d '{BODY}'".replace("Chamber", "Women's"): "body-malformed-json",
    f"{CREATE} -d '{BODY}'": "idempotency-key-missing",
    f"{CREATE} -H 'Idempotency_Key: cms-1-create' -d '{BODY}'": "idempotency-header-misspelled",
    f"{CREATE} -H 'X-Idempotency-Key: cms-1-create' -d '{BODY}'": "idempotency-header-misspelled",
    create(UUID4): "idempotency-key-random?",
    create(UUID4.replace("-", "").upper()): "idempotency-key-random?",
    create(UUID7): "idempotency-key-random??",
    create("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"): "idempotency-key-random??",
    create("9f86d081884c7d65"): "idempotency-key-random?",
    create("V1StGXR8Z5jdHi6BmyT7k"): "idempotency-key-random?",
    create("$(uuidgen)", '"'): "idempotency-key-random",
    create("job-$RANDOM", '"'): "idempotency-key-random",
    create("$(uuidgen)"): "idempotency-key-constant?",
    create("{{$guid}}"): "idempotency-key-random",
    create("import-$(date +%s)", '"'): "idempotency-key-time-based",
    create("import-$(date +%F)-7", '"'): "idempotency-key-row-based??",
    create("{{$timestamp}}"): "idempotency-key-time-based",
    create("import-1781258400"): "idempotency-key-time-based?",
    create("import-1781258400123"): "idempotency-key-time-based?",
    create("import-2026-06-12T10:00:00Z"): "idempotency-key-time-based?",
    create("import-20260612101500"): "idempotency-key-time-based?",
    create("cms-123-attempt-2"): "idempotency-key-time-based",
    create("cms-123-retry3"): "idempotency-key-time-based",
    create("nightly-import-2026-06-12-row-42"): "idempotency-key-row-based??",
    f"http {API}/events x-api-key:{KEY} Idempotency-Key:a-1 title=Jazz": "field-missing",
    f"http -f POST {API}/events x-api-key:{KEY} Idempotency-Key:a-1 title=A": "body-content-type",
    f"http pinned.events/api/public/v1/channels x-api-key:{KEY}": "url-insecure-scheme",
    f"http {GET} -a {KEY}:": "auth-scheme-wrong",
    f"http {API}/events x-api-key:{KEY} Idempotency-Key:a-1 channelId:=x": "body-malformed-json",
    "OPTIONS /api/public/v1/events HTTP/1.1\nHost: pinned.events\nOrigin: https://a.example\n"
    "Access-Control-Request-Method: POST\n": "client-in-browser",
    raw("Content-Type: application/json", STABLE[4:-1]): "auth-header-missing",
    raw(f"x-api-key: {KEY}", STABLE[4:-1]): "body-content-type?",
    raw(f"x-api-key: {KEY}", "Content-Type: text/plain", STABLE[4:-1]): "body-content-type",
    raw(
        f"x-api-key: {KEY}",
        "Content-Type: application/json",
        "Content-Length: 0",
        STABLE[4:-1],
        body="",
    ): "body-empty",
    f"Authorization: Token {KEY}": "auth-scheme-wrong",
    f"Host: www.pinned.events\nAuthorization: {KEY}\nAccept: */*": "auth-scheme-missing",
    f":method: GET\n:path: /api/public/v1/event\n:authority: pinned.events\nx-api-key: {KEY}\n": (
        "url-wrong-path"
    ),
}


def _seen(text: str) -> set[str]:
    return {fault.cause + _MARK[fault.certainty] for fault in inspected(text).faults}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_request_has_no_fault(name: str) -> None:
    seen = inspected(HEALTHY[name])
    assert seen.kind in {InputKind.CURL, InputKind.HTTPIE, InputKind.REQUEST}
    doubts = ["url-wrong-host"] if name.endswith("to the sandbox") else []
    assert [fault.cause for fault in seen.faults] == doubts
    assert all(fault.certainty is Certainty.POSSIBLE for fault in seen.faults)
    assert seen.correction is None
    assert seen.judged > 0
    assert not seen.summary.endswith("without an address.")


@pytest.mark.parametrize("text", FAULTY)
def test_a_faulty_request_has_its_fault_and_no_other(text: str) -> None:
    expected = FAULTY[text]
    seen = {cause for cause in _seen(text) if not cause.startswith("field-")} or _seen(text)
    assert seen == ({expected} if expected else set())


def test_the_tables_are_as_large_as_they_should_be() -> None:
    assert len(HEALTHY) >= 35
    assert len(HEALTHY) + len(FAULTY) >= 150


@pytest.mark.parametrize("text", [*HEALTHY.values(), *FAULTY])
def test_no_word_of_the_key_is_told(text: str) -> None:
    seen = inspected(text)
    told = [seen.summary, *(note.summary for note in seen.notes)]
    for fault in seen.faults:
        told += [fault.detail, str(fault.found), str(fault.suggestion), str(dict(fault.values))]
    if seen.correction is not None:
        told += [seen.correction.text, *seen.correction.changes]
    assert all(KEY[3:12] not in one for one in told)
    if KEY in text:
        assert any(KEY in secret.reveal() for secret in seen.secrets)


@pytest.mark.parametrize("text", FAULTY)
def test_every_cause_is_in_the_catalogue_and_placed(text: str) -> None:
    catalogue = load_catalogue()
    for fault in inspected(text).faults:
        assert fault.cause in catalogue
        assert fault.span is not None
        assert 0 <= fault.span.start <= fault.span.end <= len(text)
        assert fault.detail.endswith(".")


@pytest.mark.parametrize(
    ("text", "cause", "place"),
    [
        (
            f"curl http://pinned.events/api/public/v1/event {BEARER}",
            "url-insecure-scheme",
            "http://",
        ),
        (
            f"curl http://pinned.events/api/public/v1/event {BEARER}",
            "url-wrong-path",
            "/api/public/v1/event",
        ),
        (f"curl https://www.pinned.events/x {BEARER}", "url-wrong-host", "www.pinned.events"),
        (f"curl {GET} -H 'Authorization: Token {KEY}'", "auth-scheme-wrong", "Token"),
        (f"curl {GET} -H 'Authorization: {KEY}'", "auth-scheme-missing", KEY),
        (f"curl {GET} -H 'Authorization: Bearer YOUR_KEY'", "key-placeholder", "YOUR_KEY"),
        (f"curl -X PUT {GET} {BEARER}", "method-wrong", "PUT"),
        (f"curl '{API}/events?limit=500' {BEARER}", "list-limit-capped", "limit=500"),
        (create("cms-1-retry3"), "idempotency-key-time-based", "retry3"),
        (
            f"POST /api/public/v1/media HTTP/1.1\nAuthorization: {KEY}\nA: b",
            "auth-scheme-missing",
            KEY,
        ),
    ],
)
def test_a_fault_is_placed_exactly(text: str, cause: str, place: str) -> None:
    spans = [fault.span for fault in inspected(text).faults if fault.cause == cause]
    assert [_at(text, span) for span in spans] == [place]


def _at(text: str, span: Span | None) -> str | None:
    return text[span.start : span.end] if span else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"curl -k {GET} {BEARER}", "tls-unverified"),
        (f"curl {GET} -H 'Authorization: Bearer ***'", "key-masked-in-request"),
        (f"curl http://localhost:8765/api/public/v1/channels {BEARER}", "local-host"),
        (HEALTHY["powershell, a create"], "powershell-quotes"),
        (f"curl {GET} {BEARER} --location-trusted", "redirect-trusted"),
    ],
)
def test_what_needs_no_action_is_a_note(text: str, code: str) -> None:
    assert code in [note.code for note in inspected(text).notes]


def test_each_of_several_requests_is_inspected() -> None:
    lines = [f"curl {API}/event {BEARER}", "", "# and then", f"curl {API}/channel {BEARER}"]
    text = "\n".join([*lines, f"curl {GET} {BEARER}", ""])
    seen = inspected(text)
    assert seen.summary.startswith("3 requests: ")
    assert [fault.subject for fault in seen.faults] == [None, "request 2"]
    assert [_at(text, fault.span) for fault in seen.faults] == [
        "/api/public/v1/event",
        "/api/public/v1/channel",
    ]
    assert [fault.detail[:10] for fault in seen.faults] == ["Request 1:", "Request 2:"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"curl {GET} {BEARER} -b 'session=Qm7Zk3Vx81Lp0aRt'", ["Qm7Zk3Vx81Lp0aRt"]),
        (f"curl {GET} {BEARER} -H 'X-Other-Token: Qm7Zk3Vx81Lp0aRt'", ["Qm7Zk3Vx81Lp0aRt"]),
        (f"curl {GET} {BEARER} -x http://me:Qm7Zk3Vx81@proxy:8080", ["Qm7Zk3Vx81"]),
        (f"curl {GET} {BEARER} -U me:Qm7Zk3Vx81", ["Qm7Zk3Vx81"]),
        (f"curl {GET} -H 'Authorization: Basic bWU6UW03WmszVng4MQ=='", ["Qm7Zk3Vx81"]),
        (f"MY_TOKEN=Qm7Zk3Vx81 curl {GET} {BEARER}", ["Qm7Zk3Vx81"]),
        (f"curl '{GET}?token=Qm7Zk3%2DVx81' {BEARER}", ["Qm7Zk3%2DVx81", "Qm7Zk3-Vx81"]),
    ],
)
def test_other_credentials_are_secrets_too(text: str, values: list[str]) -> None:
    secrets = [secret.reveal() for secret in inspected(text).secrets]
    for value in values:
        assert value in secrets


def test_a_request_to_another_service_is_not_judged_further() -> None:
    seen = inspected("curl -X PURGE http://cdn.example.org/v9/things")
    assert {fault.cause for fault in seen.faults} == {"url-insecure-scheme", "url-wrong-host"}


_PIECES = st.sampled_from(
    [
        *(
            "curl ",
            "http ",
            "-H ",
            "-d ",
            "'",
            '"',
            "\\\n",
            "^\n",
            "`\n",
            "$KEY",
            "%KEY%",
            "$(",
            ")",
        ),
        *(API, "/events", "Authorization: ", "Bearer ", KEY, "Idempotency-Key: ", BODY, "--json "),
        *(
            "-X ",
            "POST ",
            "-u ",
            "a:=",
            "[",
            "]",
            "=",
            "@",
            "\n",
            "\u201c",
            "http://",
            "?limit=999",
        ),
    ]
)


@given(st.lists(_PIECES | st.text(max_size=6), max_size=30).map("".join))
def test_nothing_raises_whatever_is_pasted(text: str) -> None:
    looking = InspectionContext(now=NOW)
    for inspect in (inspect_curl, inspect_httpie, inspect_raw):
        seen = inspect(read_text(text), looking)
        for fault in seen.faults:
            assert fault.span is None or 0 <= fault.span.start <= fault.span.end <= len(text)


def test_findings_hide_no_placeholders() -> None:
    findings = RequestFindings()
    findings.hide("YOUR_API_KEY", "***", "", "abc", KEY)
    assert [secret.reveal() for secret in findings.secrets] == [KEY]


@pytest.mark.parametrize(
    "text",
    [
        f"curl {GET} " + "a.bc " * 20_000,
        f"curl {GET} " + "-H a:b " * 20_000,
        f"curl {API}/events -d '" + '{"a": 1},' * 20_000 + "'",
        "curl \u201c" * 20_000,
        "C:\\> curl 'a " * 10_000,
        f"curl {GET} -H 'x-api-key: " + "$(" * 50_000,
        "a: b\n" + " c\n" * 50_000,
        "GET /api/public/v1/events\nx-api-key: k\n\n" * 4_000,
        f"http {GET} " + "a[]=b " * 10_000,
    ],
    ids=range(9),
)
def test_a_large_input_takes_no_more_than_its_share_of_time(text: str) -> None:
    started = time.perf_counter()
    inspected(text)
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize("place", ["0", "²", "٣", "99999", "-1", ""])
def test_any_place_of_a_list_in_an_httpie_field_is_read(place: str) -> None:
    text = f"http POST {API}/events 'offers[]=a' 'offers[{place}]=b'"
    assert inspect_httpie(read_text(text), InspectionContext(now=NOW)).kind is InputKind.HTTPIE
