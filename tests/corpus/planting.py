"""Where credentials stand in what people paste: each place as a function that plants one there."""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

_HOST = "https://pinned.events/api/public/v1"
_HAR_HEADERS = ("authorization", "x-api-key", "cookie", "x-auth-token", "proxy-authorization")


def _har(**parts: object) -> str:
    request: dict[str, object] = {
        "method": "GET",
        "url": f"{_HOST}/channels",
        "headers": [],
        "queryString": [],
        "cookies": [],
    }
    response: dict[str, object] = {
        "status": 401,
        "headers": [],
        "cookies": [],
        "content": {"text": "{}"},
    }
    for name, value in parts.items():
        where, _, key = name.partition("_")
        (response if where == "response" else request)[key or where] = value
    entry = {
        "startedDateTime": "2026-11-28T09:00:00.000Z",
        "time": 1,
        "request": request,
        "response": response,
    }
    return json.dumps({"log": {"version": "1.2", "entries": [entry]}}, indent=1)


def _log(secret: str, **parts: object) -> str:
    row = {"time": "2026-11-28T09:00:00Z", "method": "GET", "url": f"{_HOST}/channels"}
    return json.dumps({**row, "status": 401, **parts}) + "\n" + json.dumps({**row, "status": 200})


def _basic(secret: str) -> str:
    return base64.b64encode(f"{secret}:".encode()).decode()


PLACES: dict[str, Callable[[str], str]] = {
    "curl: Authorization": lambda s: f"curl {_HOST}/channels -H 'Authorization: Bearer {s}'",
    "curl: the bare secret": lambda s: f"curl {_HOST}/channels -H 'Authorization: {s}'",
    "curl: another scheme": lambda s: f"curl {_HOST}/channels -H 'Authorization: Token {s}'",
    "curl: x-api-key": lambda s: f'curl.exe "{_HOST}/channels" ^\n  -H "x-api-key: {s}"',
    "curl: query": lambda s: f"curl '{_HOST}/channels?page=1&key={quote(s, safe='')}'",
    "curl: -G": lambda s: f"curl -G {_HOST}/channels -d 'api_key={s}'",
    "curl: user in the address": lambda s: f"curl https://{quote(s, safe='')}:x@pinned.events/a",
    "curl: password in the address": lambda s: f"curl https://u:{quote(s, safe='')}@pinned.events/",
    "curl: -u": lambda s: f"curl -u '{s}:' {_HOST}/channels",
    "curl: -u with a password": lambda s: f"curl -u 'ada:{s}' {_HOST}/channels",
    "curl: --oauth2-bearer": lambda s: f"curl --oauth2-bearer '{s}' {_HOST}/channels",
    "curl: -b": lambda s: f"curl -b 'session={s}' {_HOST}/channels",
    "curl: Cookie": lambda s: f"curl {_HOST}/channels -H 'Cookie: a=1; session={s}'",
    "curl: X-Auth-Token": lambda s: f"curl {_HOST}/channels -H 'X-Auth-Token: {s}'",
    "curl: proxy": lambda s: f"curl -x http://u:{quote(s, safe='')}@proxy.example:8080 {_HOST}/a",
    "curl: body": lambda s: f'curl --json \'{{"channelId":"a","api_key":"{s}"}}\' {_HOST}/events',
    "curl: assignment before": lambda s: f"API_KEY={s} curl {_HOST}/channels",
    "curl: misspelled header": lambda s: f"curl {_HOST}/channels -H 'Authorisation: Bearer {s}'",
    "curl: smart quotes": lambda s: (
        f"curl {_HOST}/channels -H \u201cAuthorization: Bearer {s}\u201d"
    ),
    "httpie: header": lambda s: f"http GET {_HOST}/channels 'Authorization:Bearer {s}'",
    "httpie: -a": lambda s: f"http -A bearer -a '{s}' {_HOST}/channels",
    "httpie: query": lambda s: f"http {_HOST}/channels 'token=={s}'",
    "request: Authorization": lambda s: (
        f"GET /api/public/v1/channels HTTP/1.1\nHost: pinned.events\nAuthorization: Bearer {s}\n\n"
    ),
    "request: Basic": lambda s: (
        f"GET /v1/channels HTTP/1.1\nHost: a.example\nAuthorization: Basic {_basic(s)}\n\n"
    ),
    "request: Cookie": lambda s: f"GET /a HTTP/1.1\nHost: pinned.events\nCookie: id={s}; b=c\n\n",
    "request: X-Auth-Token": lambda s: (
        f"GET /a HTTP/1.1\nHost: pinned.events\nX-Auth-Token: {s}\n\n"
    ),
    "request: query": lambda s: (
        f"GET /a?access_token={quote(s, safe='')} HTTP/1.1\nHost: x.example\n\n"
    ),
    "request: body": lambda s: (
        "POST /api/public/v1/events HTTP/1.1\nHost: pinned.events\n\n"
        + json.dumps({"channelId": "101", "api_key": s})
    ),
    "response: Set-Cookie": lambda s: f"HTTP/1.1 401 X\nSet-Cookie: session={s}; Path=/\n\nno",
    "response: echoed": lambda s: (
        "HTTP/1.1 401 X\ncontent-type: application/json\n\n"
        + json.dumps({"error": {"code": "invalid_api_key", "message": f"Bearer {s} is bad"}})
    ),
    "response: Location": lambda s: (
        f"HTTP/1.1 302 Found\nLocation: https://x.example/?token={quote(s, safe='')}\n\n"
    ),
    "answer: a field": lambda s: json.dumps(
        {"error": {"code": "invalid_api_key", "message": "no", "details": {"apiKey": s}}}
    ),
    "payload: a field": lambda s: json.dumps({"channelId": "101", "title": "a", "api_key": s}),
    "payload: an address": lambda s: json.dumps(
        {"channelId": 1, "offers": [{"url": f"tickets.example/?token={quote(s, safe='')}"}]}
    ),
    "key": lambda s: s,
    "key: named": lambda s: f'export PINNED_EVENTS_API_KEY="{s}"',
    "log: token=": lambda s: f"2026-11-28T09:00:00Z GET {_HOST}/channels 401 token={s}\n" * 2,
    "log: Authorization": lambda s: (
        f"2026-11-28T09:00:00Z GET {_HOST}/channels 401 authorization: Bearer {s}\n"
    ),
    "log: query": lambda s: (
        f"2026-11-28T09:00:00Z GET {_HOST}/channels?api_key={quote(s, safe='')} 401\n"
    ),
    "log: access log": lambda s: (
        '1.2.3.4 - - [28/Nov/2026:10:00:00 +0100] "GET /api/public/v1/channels'
        f'?key={quote(s, safe="")} HTTP/1.1" 401 5 "-" "x"\n'
    ),
    "log: JSON headers": lambda s: _log(s, headers={"authorization": f"Bearer {s}"}),
    "log: JSON field": lambda s: _log(s, api_key=s),
    "log: JSON cookie": lambda s: _log(s, requestHeaders={"cookie": f"session={s}"}),
    "HAR: cookies": lambda s: _har(cookies=[{"name": "session", "value": s}]),
    "HAR: queryString": lambda s: _har(
        url=f"{_HOST}/channels?api_key={quote(s, safe='')}",
        queryString=[{"name": "api_key", "value": s}],
    ),
    "HAR: postData": lambda s: _har(
        method="POST",
        url=f"{_HOST}/events",
        postData={"mimeType": "application/json", "text": json.dumps({"api_key": s})},
    ),
    "HAR: postData of a form": lambda s: _har(
        method="POST",
        url="https://login.example/token",
        postData={
            "mimeType": "application/x-www-form-urlencoded",
            "params": [{"name": "client_secret", "value": s}],
            "text": f"client_secret={quote(s, safe='')}",
        },
    ),
    "HAR: Set-Cookie": lambda s: _har(
        response_headers=[{"name": "set-cookie", "value": f"session={s}; Path=/"}],
        response_cookies=[{"name": "session", "value": s}],
    ),
    "HAR: the answer": lambda s: _har(response_content={"text": json.dumps({"token": s})}),
    **{
        f"HAR: {name}": lambda s, name=name: _har(headers=[{"name": name, "value": f"Bearer {s}"}])  # type: ignore[misc]
        for name in _HAR_HEADERS
    },
}
