"""Answers of gateways, protection layers, proxies and other sites: never taken for the API's.

The bodies and headers are those that the products write by default.
"""

import json
from dataclasses import dataclass, replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.api_spec.urls import leads_to
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.diagnosis.engine import diagnose
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty, Outcome, ScopeState, Session
from tests.checks.scripted import CHANNELS, EVENTS, HTML, KEY, checked, error, http, serving

JSON = "Content-Type: application/json"
TEXT = "Content-Type: text/plain"


@dataclass(frozen=True)
class Foreign:
    """An answer to everything, and what is right to say of it.

    Attributes:
        says: Words that the summary must have: what tells who answered.
        requests: One, or two where an answer may be the API's and is held against no key's.
    """

    answer: bytes
    cause: str
    who: str
    says: str = ""
    requests: int = 1


def page(status: str, body: str, *headers: str) -> bytes:
    return http(status, body, HTML, *headers)


def data(status: str, body: object, *headers: str) -> bytes:
    return http(status, json.dumps(body), JSON, *headers)


ANSWERS = {
    "a policy of an edge, in the API's envelope": Foreign(
        data(
            "403 Forbidden",
            {"error": {"code": "forbidden", "message": "Blocked by corporate policy"}},
            "Server: cloudflare", "CF-RAY: 88aa-FRA",
        ),
        "edge-blocked", "api", "without any key", requests=2,
    ),
    "a policy of a gateway, in the API's envelope": Foreign(
        data("403 Forbidden", {"error": {"code": "forbidden", "message": "Blocked"}}),
        "gateway-refused", "api", "without any key", requests=2,
    ),
    "OAuth: scope": Foreign(
        data("403 Forbidden", {"error": "insufficient_scope", "error_description": "corp gw"}),
        "gateway-refused", "gateway", "OAuth",
    ),
    "OAuth: scope alone": Foreign(
        data("403 Forbidden", {"error": "insufficient_scope"}),
        "gateway-refused", "gateway", "OAuth",
    ),
    "OAuth: request": Foreign(
        data(
            "401 Unauthorized",
            {"error": "invalid_request", "error_description": "The access token is missing"},
            'WWW-Authenticate: Bearer realm="corp-gw"',
        ),
        "gateway-refused", "gateway", "corp-gw",
    ),
    "OAuth: request, with a message": Foreign(
        data("401 Unauthorized", {"error": "invalid_request", "message": "no token"}),
        "gateway-refused", "gateway", "OAuth",
    ),
    "OAuth: token": Foreign(
        data("401 Unauthorized", {"error": "invalid_token"}), "gateway-refused", "gateway", "OAuth",
    ),
    "Kong with an envelope of its own": Foreign(
        data(
            "401 Unauthorized",
            {"error": {"code": "unauthorized", "message": "Missing token", "traceId": "abc"}},
            "Server: kong/3.4",
        ),
        "gateway-refused", "gateway", "Kong",
    ),
    "Kong": Foreign(
        data("401 Unauthorized", {"message": "No API key found in request"}, "Server: kong/3.4"),
        "gateway-refused", "gateway", "Kong",
    ),
    "AWS API Gateway, 401": Foreign(
        data(
            "401 Unauthorized", {"message": "Unauthorized"}, "x-amzn-RequestId: 1-abc-77",
            "x-amzn-ErrorType: UnauthorizedException",
        ),
        "gateway-refused", "gateway", "AWS API Gateway",
    ),
    "AWS API Gateway, 403": Foreign(
        data("403 Forbidden", {"message": "Forbidden"}, "x-amzn-ErrorType: ForbiddenException"),
        "gateway-refused", "gateway", "AWS API Gateway",
    ),
    "Envoy, 401": Foreign(
        http("401 Unauthorized", "Jwt is missing", TEXT, "Server: envoy"),
        "gateway-refused", "gateway", "Envoy",
    ),
    "Envoy, 403": Foreign(
        http("403 Forbidden", "RBAC: access denied", TEXT, "Server: istio-envoy"),
        "gateway-refused", "gateway", "Envoy",
    ),
    "Azure API Management": Foreign(
        data(
            "401 Access Denied",
            {"statusCode": 401, "message": "Access denied due to missing subscription key."},
        ),
        "gateway-refused", "gateway", "Azure API Management",
    ),
    "Apigee": Foreign(
        data("401 Unauthorized", {"fault": {"faultstring": "Failed to resolve API Key"}}),
        "gateway-refused", "gateway", "Apigee",
    ),
    "Tyk": Foreign(
        data("401 Unauthorized", {"error": "Authorization field missing"}),
        "gateway-refused", "gateway", "Tyk",
    ),
    "nginx asks for a password": Foreign(
        page(
            "401 Unauthorized",
            "<html><head><title>401 Authorization Required</title></head><body>"
            "<center><h1>401 Authorization Required</h1></center><hr><center>nginx</center>",
            'WWW-Authenticate: Basic realm="staging"', "Server: nginx",
        ),
        "gateway-refused", "gateway", "nginx",
    ),
    "Traefik asks for a password": Foreign(
        http("401 Unauthorized", "401 Unauthorized\n", TEXT,
             'WWW-Authenticate: Basic realm="traefik"'),
        "gateway-refused", "gateway", "Traefik",
    ),
    "HAProxy": Foreign(
        page(
            "403 Forbidden",
            "<html><body><h1>403 Forbidden</h1>\n"
            "Request forbidden by administrative rules.\n</body></html>\n",
        ),
        "gateway-refused", "gateway", "HAProxy",
    ),
    "401 without a body": Foreign(http("401 Unauthorized", ""), "gateway-refused", "gateway"),
    "401 as text": Foreign(
        http("401 Unauthorized", "Unauthorized", TEXT), "gateway-refused", "gateway",
    ),
    "Traefik knows no route": Foreign(
        http("404 Not Found", "404 page not found\n", TEXT), "url-wrong-path", "other",
    ),
    "Kong knows no route": Foreign(
        data("404 Not Found", {"message": "no Route matched with those values"}),
        "url-wrong-path", "gateway",
    ),
    "Cloudflare": Foreign(
        page(
            "403 Forbidden", "<html><title>Attention Required! | Cloudflare</title>",
            "Server: cloudflare", "CF-RAY: 88aa-FRA",
        ),
        "edge-blocked", "edge", "88aa-FRA",
    ),
    "F5 with 200": Foreign(
        page(
            "200 OK",
            "<html><head><title>Request Rejected</title></head><body>The requested URL was"
            " rejected. Please consult with your administrator.<br><br>"
            "Your support ID is: 1234567890123456789</body></html>",
            "Server: BigIP",
        ),
        "edge-blocked", "edge", "1234567890123456789",
    ),
    "Akamai": Foreign(
        page(
            "403 Forbidden",
            "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>You don't have permission."
            "<P>Reference&#32;&#35;18&#46;4f0e1502&#46;1700000000&#46;1a2b3c4d</BODY></HTML>",
            "Server: AkamaiGHost",
        ),
        "edge-blocked", "edge", "Akamai",
    ),
    "Imperva with 200": Foreign(
        page("200 OK", "<html><iframe>Request unsuccessful. Incapsula incident ID:"
             " 877000340032-77</iframe></html>"),
        "edge-blocked", "edge", "877000340032-77",
    ),
    "CloudFront": Foreign(
        page(
            "403 Forbidden",
            "<H1>403 ERROR</H1>Request blocked.<PRE>Generated by cloudfront (CloudFront)\n"
            "Request ID: Zx3kQ9f2LmN7==</PRE>",
        ),
        "edge-blocked", "edge", "CloudFront",
    ),
    "unavailable for legal reasons": Foreign(
        page("451 Unavailable", "<html>blocked</html>"), "edge-blocked", "edge",
    ),
    "Squid": Foreign(
        page(
            "403 Forbidden", "<html><title>ERROR: The requested URL could not be retrieved</title>"
            "<p>Access Denied.</p>Generated by proxy (squid/5.7)",
            "X-Squid-Error: ERR_ACCESS_DENIED 0",
        ),
        "net-proxy-blocked", "proxy",
    ),
    "Zscaler": Foreign(
        page("403 Forbidden", "<html><title>Internet Security by Zscaler</title>"),
        "net-proxy-blocked", "proxy",
    ),
    "a filter with 200": Foreign(
        page("200 OK", "<html><title>FortiGuard Intrusion Prevention</title> Blocked"),
        "net-proxy-blocked", "proxy",
    ),
    "sign-in to the network (RFC 6585)": Foreign(
        page("511 Network Authentication Required", "<html>Sign in</html>"),
        "net-captive-portal", "portal",
    ),
    "GitHub Pages": Foreign(
        page("404 Not Found", "<html>There isn't a GitHub Pages site here.</html>",
             "Server: GitHub.com"),
        "url-wrong-path", "site",
    ),
    "S3": Foreign(
        http(
            "403 Forbidden",
            '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message>'
            "<RequestId>4442587FB7D0A2F9</RequestId></Error>",
            "Content-Type: application/xml", "Server: AmazonS3",
        ),
        "response-not-api", "site", "Amazon S3",
    ),
    "Express": Foreign(
        page("404 Not Found", "<pre>Cannot GET /api/public/v1/channels</pre>"),
        "url-wrong-path", "site",
    ),
    "Django, its debug page": Foreign(
        page("404 Not Found", "<h1>Page not found</h1> Using the URLconf defined in <code>shop"
             ".urls</code> You're seeing this error because you have <code>DEBUG = True</code>"),
        "url-wrong-path", "site",
    ),
    "Django REST framework": Foreign(
        data("401 Unauthorized", {"detail": "Authentication credentials were not provided."}),
        "response-not-api", "site", "nothing but a detail",
    ),
    "FastAPI": Foreign(
        data("403 Forbidden", {"detail": "Not authenticated"}),
        "response-not-api", "site", "FastAPI",
    ),
    "Spring": Foreign(
        data(
            "401 Unauthorized",
            {"timestamp": "2026-11-28T10:00:00Z", "status": 401, "error": "Unauthorized",
             "path": "/api/public/v1/channels"},
        ),
        "response-not-api", "site", "Spring Boot",
    ),
    "GraphQL": Foreign(
        data("401 Unauthorized", {"errors": [{"message": "not signed in"}]}),
        "response-not-api", "site", "GraphQL",
    ),
    "a problem document": Foreign(
        http(
            "401 Unauthorized",
            json.dumps({"type": "about:blank", "title": "Unauthorized", "status": 401}),
            "Content-Type: application/problem+json",
        ),
        "response-not-api", "site", "RFC 9457",
    ),
    "gRPC-web": Foreign(
        http("401 Unauthorized", "", "Content-Type: application/grpc-web+proto", "grpc-status: 16"),
        "response-not-api", "site", "gRPC",
    ),
    "another API": Foreign(
        data(
            "401 Unauthorized",
            {"error": {"code": "AuthenticationFailed", "message": "no", "innerError": {}}},
        ),
        "response-not-api", "site", "another API",
    ),
    "WordPress": Foreign(
        data("401 Unauthorized", {"code": "rest_not_logged_in", "message": "No", "data": {}}),
        "response-not-api", "site", "WordPress",
    ),
}  # fmt: skip


async def seen(answer: bytes) -> Session:
    async with serving({"*": answer}) as base_url:
        return await checked(base_url)


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_foreign_answer_says_nothing_of_the_key(name: str) -> None:
    foreign = ANSWERS[name]
    session = await seen(foreign.answer)
    verdict = session.verdicts[0]
    assert (verdict.cause, verdict.certainty) == (foreign.cause, Certainty.LIKELY)
    assert len(session.verdicts) == 1
    assert session.requests_sent == foreign.requests
    assert session.exchanges[0].response is not None
    assert session.exchanges[0].response.answered_by == foreign.who
    assert foreign.says in verdict.summary
    codes = {one.code for one in session.observations}
    assert not codes & {"authentication.accepted", "authentication.rejected", "scope.missing"}
    assert set(session.scopes.values()) <= {"not probed", "unknown"}
    healthy_or_problem = {"url-wrong-path": Outcome.PROBLEM}
    assert session.outcome is healthy_or_problem.get(foreign.cause, Outcome.INCONCLUSIVE)


@pytest.mark.parametrize("name", [n for n, one in ANSWERS.items() if b" 401 " in one.answer[:14]])
async def test_a_401_that_may_be_the_apis_names_that_too(name: str) -> None:
    verdict = (await seen(ANSWERS[name].answer)).verdicts[0]
    assert any("key-rejected" in text for text in verdict.alternatives)


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_id_is_asked_for_only_where_one_was_seen(name: str) -> None:
    session = await seen(ANSWERS[name].answer)
    verdict, response = session.verdicts[0], session.exchanges[0].response
    assert response is not None
    named = [step for step in verdict.fix if "own ID" in step]
    if response.request_id is None:
        assert not named
        assert "requestId" not in (verdict.unknowable or "")
    else:
        assert all(response.request_id in step for step in named)


@pytest.mark.parametrize(
    "body",
    [
        error("invalid_api_key"),
        {"error": {"code": "invalid_api_key", "message": "m", "hint": "rotate it", "docs": "x"}},
        {"error": {"code": "unauthorized", "message": "m", "requestId": "r", "traceId": "t"}},
        {"error": {"code": "token_expired", "message": "m"}},
    ],
)
async def test_what_speaks_as_the_api_does_is_the_api_behind_a_gateway_too(
    body: dict[str, object],
) -> None:
    """An API that is served through a gateway carries the gateway's headers in each answer."""
    session = await seen(http("401 Unauthorized", body, JSON, "Via: kong/3.4", "CF-RAY: 1-VIE"))
    assert session.first_cause == "key-rejected"
    assert session.verdicts[0].certainty is Certainty.LIKELY


async def test_a_code_that_is_not_documented_may_be_a_gateways() -> None:
    session = await seen(
        http("401 Unauthorized", {"error": {"code": "unauthorized", "message": "m"}})
    )
    told = " ".join(session.verdicts[0].alternatives)
    assert "gateway-refused" in told
    assert "key-header-stripped" in told


@pytest.mark.parametrize(
    ("location", "cause", "certainty", "suggested"),
    [
        ("http://login.hotel.example/?orig=x", "net-captive-portal", Certainty.LIKELY, False),
        ("http://10.0.0.1/", "net-captive-portal", Certainty.LIKELY, False),
        (
            "https://gateway.corp.example/guest/accept",
            "net-captive-portal",
            Certainty.LIKELY,
            False,
        ),
        ("//wifi.example/x", "net-captive-portal", Certainty.LIKELY, False),
        ("https://shop.example/api", "url-redirected", Certainty.LIKELY, False),
        ("https://pinned.events.evil.example/api", "url-redirected", Certainty.LIKELY, False),
        ("http://pinned.events/api/public/v1/channels", "url-redirected", Certainty.LIKELY, False),
        ("https://pinned.events/login", "url-redirected", Certainty.LIKELY, False),
        ("https://www.pinned.events/api/x", "url-redirected", Certainty.CONFIRMED, True),
        ("/api/public/v1/channels/", "url-redirected", Certainty.CONFIRMED, True),
        ("https://[broken", "url-redirected", Certainty.LIKELY, False),
    ],
)
async def test_only_an_address_of_the_api_is_advised(
    location: str, cause: str, certainty: Certainty, suggested: bool
) -> None:
    verdict = (await seen(http("302 Found", "", f"Location: {location}"))).verdicts[0]
    assert (verdict.cause, verdict.certainty) == (cause, certainty)
    assert any(location in step for step in verdict.fix) is suggested
    assert (verdict.suggestion == location) is suggested
    other = {"net-captive-portal": "url-redirected", "url-redirected": "net-captive-portal"}[cause]
    assert any(other in text for text in verdict.alternatives)


CACHED = CHANNELS.replace(b"\r\n\r\n", b"\r\nAge: 300\r\nX-Cache: HIT\r\n\r\n", 1)


async def test_a_list_from_a_cache_is_asked_for_once_more_past_it() -> None:
    def by_size(query: str) -> bytes:
        return CACHED if "limit=100" in query else CHANNELS

    async with serving({"/channels": by_size, "*": http("500 E", error("internal_error"))}) as url:
        session = await checked(url)
    assert session.outcome is Outcome.HEALTHY
    assert sum(x.probe == "authentication" for x in session.exchanges) == 2


async def test_a_refusal_behind_the_cache_is_what_counts() -> None:
    def by_size(query: str) -> bytes:
        refused = http("401 Unauthorized", error("invalid_api_key"))
        return CACHED if query == "page=1&limit=100" else refused

    async with serving({"*": by_size}) as url:
        session = await checked(url)
    assert "authentication.rejected" in {one.code for one in session.observations}
    assert session.first_cause in {"key-rejected", "key-not-looked-at"}


async def test_a_list_that_only_a_cache_gives_shows_nothing_of_the_key() -> None:
    session = await seen(CACHED)
    verdict = session.verdicts[0]
    assert (verdict.cause, session.outcome) == ("key-answer-cached", Outcome.INCONCLUSIVE)
    assert "Age: 300" in verdict.summary
    assert session.requests_sent <= 3
    assert session.scopes["channels:read"] == "unknown"
    assert not any(one.code == "authentication.accepted" for one in session.observations)


async def test_an_acceptance_that_another_answer_shows_needs_no_fresh_list() -> None:
    async with serving({"/channels": CACHED, "/events": EVENTS}) as url:
        session = await checked(url)
    assert (session.verdicts, session.outcome) == ((), Outcome.HEALTHY)
    assert session.scopes["channels:read"] == "unknown"


@pytest.mark.parametrize(
    ("code", "more", "certainty"),
    [
        ("upstream_error", {}, Certainty.LIKELY),
        ("upstream_error", {"requestId": "req_1"}, Certainty.CONFIRMED),
        ("internal_error", {}, Certainty.CONFIRMED),
    ],
)
async def test_a_gateways_status_under_an_unknown_code_may_be_a_gateways(
    code: str, more: dict[str, str], certainty: Certainty
) -> None:
    session = await seen(http("502 Bad Gateway", error(code, **more)))
    verdict = session.verdicts[0]
    assert (verdict.cause, verdict.certainty) == ("server-error", certainty)
    assert any("edge-error" in text for text in verdict.alternatives) == (
        not more and code != "internal_error"
    )


async def test_what_a_cache_answers_is_never_sure() -> None:
    marks = ("X-Cache: HIT", "Age: 100")
    listed = http("200 OK", {"docs": [{"id": 7, "name": "S", "slug": "s"}], "totalDocs": 1}, *marks)
    kept = http("200 OK", {"docs": [], "totalDocs": 0, "limit": 100, "page": 1}, *marks)
    ask = RawCheckRequest(
        Secret(KEY, source="test"), channel="999", needs=frozenset({"events:read"})
    )
    async with serving({"/channels": listed, "/events": EVENTS}) as base_url:
        absent = await checked(base_url, ask)
    assert absent.first_cause == "channel-not-accessible"
    assert absent.verdicts[0].certainty is Certainty.LIKELY
    assert any("response-cached" in text for text in absent.verdicts[0].alternatives)
    async with serving({"/channels": CHANNELS, "/events": kept}) as base_url:
        told = await checked(base_url, replace(ask, channel=None))
    assert told.outcome is Outcome.INCONCLUSIVE
    assert told.runs[-1].scopes["events:read"] is ScopeState.UNKNOWN


async def test_a_refusal_under_a_status_of_success_is_named_as_possible() -> None:
    verdict = (await seen(http("200 OK", error("invalid_api_key"), JSON))).verdicts[0]
    assert verdict.cause == "response-not-api"
    assert any("key-rejected" in text for text in verdict.alternatives)


async def test_a_look_up_that_a_gateway_does_not_know_is_made_up_for_by_the_list() -> None:
    doc = {"id": 5, "title": "T", "startAt": "2099-05-01T18:00:00+02:00", "status": "draft",
           "timezone": "Europe/Vienna", "channelId": 7}  # fmt: skip
    listed = http("200 OK", {"docs": [doc], "totalDocs": 1, "limit": 100, "page": 1})
    gone = data("404 Not Found", {"message": "no Route matched with those values"})
    answers = {"/channels": CHANNELS, "/events": listed, "/events/5": gone}
    async with serving(answers) as url:
        session = await checked(url, RawCheckRequest(Secret(KEY, source="test"), event="5"))
    assert session.first_cause == "event-draft"


async def test_an_address_that_is_not_the_apis_is_named_beside_a_dead_key() -> None:
    session = await seen(http("401 Unauthorized", error("invalid_api_key")))
    elsewhere = msgspec.structs.replace(
        session, target=msgspec.structs.replace(session.target, base_url="https://api.example")
    )
    verdicts = diagnose(elsewhere, load_catalogue()).verdicts
    assert verdicts[0].cause == "key-rejected"
    assert any("url-wrong-host" in text for text in verdicts[0].alternatives)


@pytest.mark.parametrize(
    ("location", "asked", "leads"),
    [
        ("javascript:alert(1)", None, "elsewhere"),
        ("https://h:port/", None, "elsewhere"),
        ("", None, "home"),
        ("/api", "http://127.0.0.1:1/x", "home"),
        ("http://127.0.0.1:2/x", "https://127.0.0.1:1", "elsewhere"),
        ("https://PINNED.events/x", "https://shop.example", "home"),
        ("https://notpinned.events/x", None, "elsewhere"),
        ("https://shop.example/SSO", None, "sign-in"),
    ],
)
def test_where_a_redirect_leads(location: str, asked: str | None, leads: str) -> None:
    assert leads_to(location, asked) == leads


@given(st.text(), st.none() | st.text())
def test_any_location_leads_somewhere(location: str, asked: str | None) -> None:
    assert leads_to(location, asked) in {"home", "elsewhere", "sign-in"}


async def test_a_list_of_something_else_that_anybody_gets() -> None:
    session = await seen(http("200 OK", {"docs": [{"foo": 1}]}))
    assert (session.first_cause, session.outcome) == ("key-not-looked-at", Outcome.INCONCLUSIVE)
    assert session.requests_sent == 2


async def test_without_suspicion_nothing_further_is_sent() -> None:
    async with serving({"/channels": CHANNELS, "/events": CHANNELS}) as url:
        session = await checked(url)
    assert sum(x.probe == "authentication" for x in session.exchanges) == 1
