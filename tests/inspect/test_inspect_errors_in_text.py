"""Errors of the API that stand in prose, in dumps of clients, in logs and in other JSON."""

import json

import pytest

from pinned_tui.inspect.errors_in_text import errors_in
from pinned_tui.inspect.model import InputKind
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Outcome, encode
from tests.inspect.outcomes import causes, concluded, outcome, sure
from tests.inspect.traffic import URL, moment, ndjson, row

API = "https://pinned.events/api/public/v1"
KEY = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnT"


def error(code: str, message: str = "No.", **details: str) -> str:
    more = {"details": details} if details else {}
    return json.dumps({"error": {"code": code, "message": message, "requestId": "req_9", **more}})


CLIENTS = {
    "axios": "AxiosError: Request failed with status code 401\n    at settle (axios.cjs:2031:12)",
    "axios, dumped": (
        "AxiosError: Request failed with status code 401\n  config: {\n    method: 'get',\n"
        f"    url: '{API}/channels'\n  }},\n  response: {{ status: 401 }}"
    ),
    "fetch": f"Response {{ type: 'basic', url: '{API}/channels', status: 401, ok: false }}",
    "got": "HTTPError: Response code 401 (Unauthorized)",
    "ky": f"HTTPError: Request failed with status code 401 Unauthorized: GET {API}/channels",
    "superagent": "Error: Unauthorized\n  status: 401, response: SuperAgent Response {}",
    "requests": f"exceptions.HTTPError: 401 Client Error: Unauthorized for url: {API}/events",
    "requests, printed": f"r = requests.get('{API}/channels')\nprint(r)\n<Response [401]>",
    "httpx": (
        f"httpx.HTTPStatusError: Client error '401 Unauthorized' for url '{API}/channels'\n"
        "For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/401"
    ),
    "aiohttp": (
        "aiohttp.client_exceptions.ClientResponseError: 401, message='Unauthorized',"
        f" url='{API}/events'"
    ),
    "urllib": "urllib.error.HTTPError: HTTP Error 401: Unauthorized",
    "reqwest": f'Error: reqwest::Error {{ kind: Status(401, None), url: "{API}/channels" }}',
    "reqwest, displayed": f"HTTP status client error (401 Unauthorized) for url ({API}/channels)",
    "Guzzle": f"Client error: `GET {API}/channels` resulted in a `401 Unauthorized` response:",
    ".NET": "Response status code does not indicate success: 401 (Unauthorized).",
    ".NET, older": "WebException: The remote server returned an error: (401) Unauthorized.",
    "Spring": 'HttpClientErrorException$Unauthorized: 401 Unauthorized: "[no body]"',
    "Java": f"java.io.IOException: Server returned HTTP response code: 401 for URL: {API}/events",
    "OkHttp": f"Unexpected code Response{{protocol=h2, code=401, message=, url={API}/events}}",
    "Ruby": "RestClient::Unauthorized: 401 Unauthorized",
    "Ruby, open-uri": "OpenURI::HTTPError: 401 Unauthorized",
    "Faraday": "Faraday::UnauthorizedError: the server responded with status 401",
    "Go": f'unexpected status 401 Unauthorized from "{API}/channels"',
    "curl -f": f"curl: (22) The requested URL returned error: 401\n{API}/channels",
    "Apps Script": "Exception: Request failed for https://pinned.events returned code 401.",
    "mitmdump": f"POST {API}/events HTTP/2.0\n     << HTTP/2.0 401 Unauthorized 85b",
    "newman": f"GET {API}/channels [401 Unauthorized, 412B, 211ms]",
    "prose": f"Hi, since Monday {API}/channels says 401 Unauthorized. Any idea?",
    "a status alone": "401 Unauthorized",
    "the object alone, behind words": f"we get this: {error('invalid_api_key')} and nothing else",
    "the object, escaped": json.dumps({"log": "x", "raw": "401 - " + error("invalid_api_key")}),
    "the object, escaped twice": json.dumps(json.dumps("it said " + error("invalid_api_key"))),
    "the object, with slashes escaped": (
        'Notice: {"url":"https:\\/\\/pinned.events\\/api\\/public\\/v1\\/channels","status":401}'
    ),
    "the object, cut short": 'failed: 401 {"error":{"code":"invalid_api_key","mess',
    "the object, printed by Python": "got {'error': {'code': 'invalid_api_key', 'message': 'No.'}}",
    "the object, printed by Node": "data: { error: { code: 'invalid_api_key', message: 'No.' } }",
    "the object, printed by PHP": "['error' => ['code' => 'invalid_api_key']] status => 401",
    "the object, printed by Ruby": 'body: {"error"=>{"code"=>"invalid_api_key", "message"=>"No."}}',
    "the object, in HTML": error("invalid_api_key").replace('"', "&quot;"),
    "the code in XML": "<error><code>invalid_api_key</code></error>",
    "the code in capitals": '{"code": "INVALID_API_KEY"}',
    "the code in a table": "id;status;error\n1;401;invalid_api_key\n2;201;\n",
    "the code in YAML": "error:\n  code: invalid_api_key\n",
    "the message that the pages show": "API key is invalid, revoked, disabled, or expired.",
    "a question below a command": (
        f'curl {API}/channels -H "Authorization: Bearer $KEY"\nwhy do I get 401 for this?'
    ),
    "the object, and a prompt behind it": error("invalid_api_key") + "me@host:~$ ",
    "the object, and a sign behind it": error("invalid_api_key") + "%",
}  # fmt: skip


@pytest.mark.parametrize("text", CLIENTS.values(), ids=CLIENTS)
def test_a_refused_key_is_read_from_what_clients_print(text: str) -> None:
    assert "key-rejected" in causes(text), concluded(text)[1].verdicts
    assert outcome(text) is Outcome.PROBLEM


FAILURES = {
    "a scope by its route": (
        f"Client error: `POST {API}/events` resulted in a `403 Forbidden` response: "
        + error("insufficient_scope"),
        "scope-missing", "events:create",
    ),
    "a scope by the method beside it": (
        f"axios.patch('{API}/events/7')\nRequest failed with status code 403 "
        + error("insufficient_scope"),
        "scope-missing", "events:update",
    ),
    "a scope that is named": (
        "upload failed " + error("insufficient_scope", "It lacks the scope media:create."),
        "scope-missing", "media:create",
    ),
    "a channel": (
        f"POST {API}/events failed: 403 " + error("forbidden", "No access to channel 77."),
        "channel-not-accessible", "77",
    ),
    "a list that is forbidden": (
        f"GET {API}/channels failed: 403 " + error("forbidden"), "forbidden-unexplained", None,
    ),
    "a limit": ("push: 429 " + error("rate_limited") + " retry-after: 30", "rate-limited", None),
    "a field": (
        "[400] " + error("invalid_request", field="timezone", issue="must be an IANA time zone"),
        "timezone-not-iana", "timezone",
    ),
    "another field": (
        "it says " + error("invalid_request", field="classifications", issue="unknown slug"),
        "classification-unknown", "classifications",
    ),
    "a conflict": (
        "-> 409 conflict " + error("conflict", "Idempotency key was used with another payload."),
        "idempotency-payload-changed", None,
    ),
    "an event that is not there": (
        f"GET {API}/events/815 gave 404 " + error("not_found"), "event-not-found", "815",
    ),
    "a sick server": (f"POST {API}/events: 500 " + error("internal_error"), "server-error", None),
    "a gateway": (f"POST {API}/events -> 502 Bad Gateway, giving up", "edge-error", None),
    "a method": (f"DELETE {API}/channels returned 405 Method Not Allowed", "method-wrong", None),
    "an edge": (
        f"POST {API}/events resulted in a `403 Forbidden` response:\nerror code: 1020 Cloudflare",
        "edge-blocked", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "cause", "subject"), FAILURES.values(), ids=FAILURES)
def test_other_failures_are_judged_as_a_pasted_response_is(
    text: str, cause: str, subject: str | None
) -> None:
    verdicts = {one.cause: one for one in concluded(text)[1].verdicts}
    assert cause in verdicts
    if subject is not None:
        assert subject in (verdicts[cause].subject or "")


LINE = "2026-11-27 11:40:17 ERROR src.sync {}\n"
IN_LOGS = {
    "without a request": LINE.format("not pushed: 401 Unauthorized " + error("invalid_api_key")),
    "by code alone": LINE.format("-> 409 conflict " + error("conflict", "Another payload.")),
    "in a row of JSON": ndjson({"ts": moment(0), "level": "error", "msg": "push failed: 403 "
                                + error("insufficient_scope")}),
    "as a field of a row": ndjson({"ts": moment(0), "level": "error", "msg": "push failed",
                                   "error": json.loads(error("rate_limited"))["error"]}),
    "a trace behind it": LINE.format("AxiosError: Request failed with status code 401")
    + "    at settle (axios.cjs:2031:12)\n    at push (sync.js:44:5)\n",
    "among lines of other services": LINE.format("GET https://shop.example/cart 200")
    + LINE.format("pinned: " + error("invalid_api_key"))
    + LINE.format("GET https://shop.example/x 500"),
    "beside requests that went well": f"2026-11-27 11:40:00 INFO POST {URL} -> 201\n" * 50
    + LINE.format("queue is idle") * 50 + LINE.format("push: " + error("insufficient_scope")),
}  # fmt: skip


@pytest.mark.parametrize("text", IN_LOGS.values(), ids=IN_LOGS)
def test_an_error_in_a_line_without_a_request_is_read(text: str) -> None:
    inspection, session = concluded(text)
    assert inspection.kind in {InputKind.LOG, InputKind.ANSWER}
    assert session.outcome is Outcome.PROBLEM
    assert session.first_cause != "input-unrecognised"


def test_a_command_with_the_error_that_came_back_is_not_healthy() -> None:
    command = (
        f'curl -X POST {API}/events -H "Authorization: Bearer $KEY" -H "Idempotency-Key: cms-1"'
    )
    text = f"{command} -H 'Content-Type: application/json' -d @event.json\n"
    assert outcome(text) is Outcome.HEALTHY
    assert causes(text + error("insufficient_scope")) == ["scope-missing"]
    assert causes(text + error("forbidden") + "\n$ ") == ["channel-not-accessible"]


@pytest.mark.parametrize(
    "line",
    [
        "# gives 401 where the key is wrong",
        'if [ "$status" = 401 ]; then exit 1; fi',
        'echo "status 403 means that a scope is missing"',
        "[[ $code == 429 ]] && sleep 30",
    ],
)
def test_a_script_that_speaks_of_statuses_is_healthy(line: str) -> None:
    text = f'curl -sS {API}/channels -H "Authorization: Bearer $KEY"\n{line}\n'
    assert outcome(text) is Outcome.HEALTHY


def test_a_command_with_an_error_that_nothing_explains_is_inconclusive() -> None:
    command = f'curl {API}/channels -H "Authorization: Bearer $KEY"\n'
    assert outcome(command) is Outcome.HEALTHY
    for line in (
        "curl: (3) URL rejected: Malformed input to a URL function",
        "bash: curl: command not found",
        "    + CategoryInfo          : InvalidArgument: (:) [Invoke-WebRequest]",
        "zsh: no matches found: https://pinned.events/api/public/v1/channels?page=1",
    ):
        assert outcome(command + line) is Outcome.INCONCLUSIVE
        assert causes(command + line) == ["input-unrecognised"]


# ---- no false alarm -----------------------------------------------------------------------------

QUIET = {
    "a mail about statuses": "Seit Montag 401 Unauthorized. Bei 429 warten wir länger. Grüße",
    "another service": "HTTPError: 401 Client Error: for url: https://api.x.example/v1",
    "the error of another service": (
        'GET https://api.x.example/v1/things 404 {"error":{"code":"not_found","message":"x"}}'
    ),
    "a count": f"sent 500 events to {API}/events in 404 ms",
    "a size": f"{API}/events Content-Length: 401, port 443",
    "a page of the docs": "The API answers errors with a code and a message. See the page Errors.",
}


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_what_is_no_error_of_the_api_is_none(text: str) -> None:
    assert errors_in(text) == ()
    assert causes(text) == ["input-unrecognised"]


def test_an_error_that_a_later_success_mends_is_let_be() -> None:
    text = (
        LINE.format("pinned: 503 " + error("internal_error"))
        + LINE.format("waiting") * 45
        + f"2026-11-27 11:45:00 INFO POST {URL} -> 201 idempotency_key=cms-1-create\n"
    )
    assert outcome(text) is Outcome.HEALTHY


def test_an_error_of_another_service_in_a_healthy_log_is_let_be() -> None:
    text = ndjson(row(0), row(1, key="cms-2-create")) + LINE.format(
        'GET https://api.x.example/v1 404 {"error":{"code":"not_found","message":"x"}}'
    )
    assert outcome(text) is Outcome.HEALTHY


@pytest.mark.parametrize("text", CLIENTS.values(), ids=CLIENTS)
def test_what_is_pieced_together_confirms_nothing(text: str) -> None:
    assert sure(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"401 for Bearer {KEY} at {API}/channels: " + error("invalid_api_key"),
        f"push({KEY}) failed with " + error("invalid_api_key"),
        f"['authorization' => '{KEY}', 'error' => ['code' => 'invalid_api_key']]",
        LINE.format(f"using {KEY}: 401 Unauthorized " + error("invalid_api_key")),
    ],
)
def test_the_key_beside_an_error_does_not_come_out(text: str) -> None:
    _, session = concluded(text)
    assert session.outcome is Outcome.PROBLEM
    assert find_leaks(encode(session), [Secret(KEY, source="test")]) == ()


def test_where_it_stands_and_what_it_says_is_kept() -> None:
    text = "we get this since Monday:\n  push: 403 " + error("insufficient_scope") + "\n"
    _, session = concluded(text)
    seen = next(one for one in session.observations if one.code == "pasted.fault")
    assert seen.data["line"] == 2
    assert "req_9" in json.dumps(seen.data)


def test_a_long_text_is_read_around_what_matters() -> None:
    text = "nothing of interest in this line\n" * 40_000 + "pinned: 401 " + error("invalid_api_key")
    assert "key-rejected" in causes(text)
    (found,) = errors_in(text)
    assert text[found.span.start : found.span.end].startswith('error"')


@pytest.mark.parametrize(
    "printed",
    [
        f'curl -so /dev/null -w "%{{http_code}}" -H "x-api-key: {KEY}" {API}/channels\n401',
        f"$ curl -s -w '%{{response_code}}\\n' -H 'x-api-key: {KEY}' {API}/channels\n401\n$ ",
        f"r = requests.get('{API}/channels', headers=headers)\nprint(r.status_code)\n\n>>> 401\n",
        f"$ ./channels.sh {API}/channels\n401 \n$",
    ],
)  # fmt: skip
def test_a_status_in_a_line_of_its_own_is_what_came_back(printed: str) -> None:
    assert outcome(printed) is Outcome.PROBLEM
    assert causes(printed) == ["key-rejected"]


def test_a_number_in_a_line_of_its_own_is_no_status_where_no_request_is() -> None:
    assert causes("Rooms:\n401\n402\n403\n") == ["input-unrecognised"]
