"""A corrected command is healthy, changes no more than it must, and works."""

import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from pinned_tui.inspect.commands.curl import read_curl
from pinned_tui.inspect.commands.inspect import find_commands
from pinned_tui.inspect.commands.starts import CURL
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.raw_http import parse_exchange
from pinned_tui.sandbox.server import Sandbox
from tests.inspect.request_inputs import API, BEARER, BODY, JSON, KEY, STABLE, inspected, raw
from tests.inspect.test_inspect_requests import FAULTY

_QUOTED = BODY.replace('"', '\\"')
_ITS = json.dumps(json.loads(BODY) | {"title": "It's 5 o'clock & more"})

MECHANICAL = {
    "bash": [
        f"curl {API}/channels -H 'Authorization: {KEY}'",
        f"curl {API}/channels -H 'Authorization: Bearer $API_KEY'",
        f"curl -s {API}/channels -u {KEY}: -o a.json",
        f"curl {API}/media/ \\\n --header='Authorization: Token {KEY}' -F file=@a.png",
        f"$ curl -sS http://www.pinned.events/api/v1/event/ {BEARER} | jq .",
        f"curl '{API}/events?limit=500&api_key={KEY}&page=2'",
        f"curl {API}/events \\\n  {BEARER} \\\n  {STABLE} \\\n  -d '{BODY}'",
        f"curl {API}/events {BEARER} -H 'idempotency_key: a-1' --data-raw='{BODY}'",
        f'curl -XPUT {API}/events/12 {BEARER} {JSON} -d\'{{"title": "B"}}\'',
        f"curl -X get {API}/channels {BEARER}",
        f"curl {API}/channels -H “Authorization: Bearer {KEY}”",
        f"curl {API}/channels -H 'Authorization Bearer {KEY}'",
        f"curl {API}/events {BEARER} {STABLE} -d $'{_ITS.replace(chr(39), chr(92) + chr(39))}'",
        f"curl {API}/channels/ {BEARER}\ncurl {API}/event {BEARER}\n",
        f"curl {API}/channels -H 'Authorization: Bearer {KEY}' -H 'authorization: Bearer {KEY}'",
    ],
    "cmd": [
        f"curl {API}/channels ^\n  -H 'Authorization: Bearer {KEY}'",
        (
            f"curl -X POST {API}/events ^\n {JSON} ^\n -H 'x-api-key: {KEY}'"
            f" ^\n {STABLE} ^\n -d '{_ITS.replace(chr(39), '')}'"
        ),
        f'C:\\> curl {API}/event -H "Authorization: {KEY}"',
        f'C:\\> curl "{API}/events?page=2&limit=300" -H "x-api-key: %PINNED_EVENTS_API_KEY%"',
        f'curl {API}/channels ^\n -H "Authorization: Bearer $API_KEY"',
        f'C:\\> curl {API}/events -H "x-api-key: {KEY}" -H "Idempotency-Key: a-1" -d "{_QUOTED}"',
    ],
    "powershell": [
        f"curl.exe {API}/channels -H 'Authorization: Bearer $env:API_KEY'",
        f"PS C:\\> curl.exe {API}/event/ -H 'Authorization: {KEY}'",
        f"curl.exe {API}/events `\n -H 'x-api-key: {KEY}' `\n {STABLE} `\n -d '{_QUOTED}'",
        f"curl.exe {API}/channels -u '{KEY}:'",
    ],
    "http": [
        raw(f"Authorization: {KEY}", "Content-Type: application/json", STABLE[4:-1]),
        raw(f"X-API-Key: {KEY}", f"Authorization: Bearer {KEY}", method="GET", body=""),
        raw(f"x-api-key: {KEY}", STABLE[4:-1], path="/event/").replace("\n", "\r\n"),
        raw(f"x-api-key: {KEY}", method="GET", body="").replace("Host: ", "Host: www."),
        f"GET http://pinned.events/api/public/v1/events?limit=900 HTTP/1.1\nx-api-key: {KEY}\n",
        f"> GET /api/public/v1/event HTTP/2\n> Host: pinned.events\n> authorization: {KEY}\n>\n",
        f"Authorization: Basic {KEY}\nAccept: */*",
    ],
}
HTTPIE = [
    f"http pinned.events/api/public/v1/channels x-api-key:{KEY}",
    f"http -a {KEY}: GET {API}/channels page==2",
    f"http -A bearer -a {KEY} {API}/event/ limit==20",
    f"https pinned.events/api/public/v1/channels 'Authorization:{KEY}'",
    f"http {API}/channels 'Authorization: Bearer $KEY'",
]


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in MECHANICAL.items() for text in texts]
)
def test_a_corrected_request_is_healthy(language: str, text: str) -> None:
    correction = inspected(text).correction
    assert correction is not None
    assert correction.language == language
    assert correction.changes
    assert KEY not in correction.text
    again = inspected(correction.text)
    assert [(fault.cause, fault.detail) for fault in again.faults] == []
    assert again.correction is None


@pytest.mark.parametrize("text", HTTPIE)
def test_a_corrected_httpie_command_is_healthy(text: str) -> None:
    correction = inspected(text).correction
    assert correction is not None
    assert KEY not in correction.text
    assert inspected(correction.text).faults == ()


@pytest.mark.parametrize("text", FAULTY)
def test_a_correction_adds_no_fault_and_takes_one_away(text: str) -> None:
    seen = inspected(text)
    if seen.correction is None:
        return
    before = [fault.cause for fault in seen.faults]
    after = [fault.cause for fault in inspected(seen.correction.text).faults]
    if "method-wrong" in before:  # a request that now creates an event is held to more
        after = [cause for cause in after if cause != "idempotency-key-missing"]
    assert len(after) < len(before)
    assert set(after) <= set(before)


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        (
            f"curl -s {API}/channels \\\n  -H 'Authorization: {KEY}' | jq .",
            (
                f"curl -s {API}/channels \\\n"
                '  -H "Authorization: Bearer $PINNED_EVENTS_API_KEY" | jq .'
            ),
        ),
        (
            f"curl {API}/events \\\n  -H 'x-api-key: {KEY}' \\\n  {STABLE} \\\n  -d '{BODY}'",
            (
                f'curl {API}/events \\\n  -H "x-api-key: $PINNED_EVENTS_API_KEY" \\\n  '
                f"{STABLE} \\\n"
                f"  {JSON} \\\n  -d '{BODY}'"
            ),
        ),
        (
            f'C:\\> curl {API}/channels -H "Authorization: {KEY}"',
            f'C:\\> curl {API}/channels -H "Authorization: Bearer %PINNED_EVENTS_API_KEY%"',
        ),
        (
            f"curl.exe {API}/channels -H 'Authorization: {KEY}'",
            f'curl.exe {API}/channels -H "Authorization: Bearer $env:PINNED_EVENTS_API_KEY"',
        ),
        (
            f"curl {API}/channels -H 'Authorization: Bearer $MY_KEY'",
            f'curl {API}/channels -H "Authorization: Bearer $MY_KEY"',
        ),
        (
            f"GET /api/public/v1/event HTTP/1.1\r\nHost: pinned.events\r\nx-api-key: {KEY}\r\n",
            "GET /api/public/v1/events HTTP/1.1\r\nHost: pinned.events\r\nx-api-key: ***\r\n",
        ),
        (
            f"curl {API}/events {BEARER} -H 'X-Idempotency-Key: '\"$ID\" --json '{BODY}'",
            (
                f'curl {API}/events -H "Authorization: Bearer $PINNED_EVENTS_API_KEY"'
                f" -H \"Idempotency-Key: $ID\" --json '{BODY}'"
            ),
        ),
    ],
)
def test_no_more_is_changed_than_must_be(text: str, corrected: str) -> None:
    correction = inspected(text).correction
    assert correction is not None
    assert correction.text == corrected


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(rng=random.Random(7)) as running:
        running.enter("healthy")
        yield running


def _secret(sandbox: Sandbox) -> str:
    secret = sandbox.situation.secret
    assert secret is not None
    return secret.reveal()


def _event(number: int) -> str:
    later = {"startAt": "2031-07-02T12:00:00+02:00", "title": f"Chamber Music {number} isn't loud"}
    return json.dumps(json.loads(BODY) | later)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize(
    "command",
    [
        "curl -s -w '%{{http_code}}' {api}//channels/ -H 'Authorization: {key}'",
        "curl -s -w '%{{http_code}}' {api}/channel -u {key}:",
        (
            "curl -s -w '%{{http_code}}' \\\n  -X POST {api}/event \\\n  -H 'x-api-key: {key}' \\\n"
            "  -H 'Idempotency_Key: cms-post-1-create' \\\n  -d '{escaped}'"
        ),
        "curl -s -w '%{{http_code}}' '{api}/events?limit=500&token={key}'",
        "curl -s -w '%{{http_code}}' {api}/channels -H 'x-api-key: $PINNED_EVENTS_API_KEY'",
    ],
)
def test_a_corrected_command_works_in_a_shell(sandbox: Sandbox, command: str) -> None:
    key = _secret(sandbox)
    text = command.format(
        api=f"{sandbox.base_url}/api/public/v1", key=key, escaped=_event(1).replace("'", "'\\''")
    )
    correction = inspected(text).correction
    assert correction is not None
    environment = {"PATH": os.environ["PATH"], "PINNED_EVENTS_API_KEY": key, "no_proxy": "*"}
    done = subprocess.run(
        ["sh", "-c", correction.text], capture_output=True, env=environment, check=True, timeout=30
    )
    assert done.stdout[-3:] in {b"200", b"201"}


def _sent(sandbox: Sandbox, request: HttpRequest) -> httpx.Response:
    """Send a request as it was read, with the key where its placeholder stands."""
    key = _secret(sandbox)
    headers = {
        header.name: re.sub(r"\*{3}|[$%][\w:]*API_KEY%?", key, header.value)
        for header in request.headers
        if header.name.lower() not in {"host", "content-length"}
    }
    url = sandbox.base_url + urlsplit(request.url or "")._replace(scheme="", netloc="").geturl()
    content = (request.body.text or "").encode() if request.body is not None else None
    with httpx.Client(trust_env=False) as client:
        return client.request(request.method or "GET", url, headers=headers, content=content)


@pytest.mark.parametrize(
    "text",
    [
        f"curl {API}/event -H 'x-api-key: {KEY}' -H 'Idempotency_Key: a-1' -d {{bash}}",
        f"curl {API}/events ^\n -H 'x-api-key: {KEY}' ^\n -H 'Idempotency-Key: 2' ^\n -d {{plain}}",
        f"curl.exe {API}//events `\n -u '{KEY}:' `\n -H 'Idempotency-Key: 3' `\n -d {{powershell}}",
    ],
)
def test_a_corrected_command_of_any_shell_creates_its_event(sandbox: Sandbox, text: str) -> None:
    event = _event(hash(text) % 1000)
    written = text.format(
        bash="$'" + event.replace("'", "\\'") + "'",
        plain="'" + event.replace("'", "") + "'",
        powershell="'" + event.replace("'", "''") + "'",
    )
    correction = inspected(written).correction
    assert correction is not None
    (command, slips), *more = find_commands(correction.text, CURL)
    assert (slips, more) == ((), [])
    (reading,) = read_curl(command)
    assert _sent(sandbox, reading.request).status_code in {200, 201}


def test_a_corrected_raw_request_creates_its_event(sandbox: Sandbox) -> None:
    text = raw(f"Authorization: {KEY}", "Idempotency-Key: a-4", path="/event", body=_event(4))
    correction = inspected(text).correction
    assert correction is not None
    (request,) = parse_exchange(correction.text)[0]
    assert _sent(sandbox, request).status_code in {200, 201}
