"""Answers that are not the API's, and ways on which none comes back: who is to blame."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.client.throttle import Budget
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.text import render
from pinned_tui.session import Certainty, Outcome
from tests.checks.scripted import CHANNELS, EVENTS, HTML, KEY, checked, error, http, serving

SOMEBODY_ELSE = {
    "edge blocks": (http("403 Forbidden", "<html>Access denied</html>", HTML), "edge-blocked"),
    "gateway asks who": (http("401 Unauthorized", "<html>Sign in</html>", HTML), "gateway-refused"),
    "silent challenge": (
        http("503 Busy", "<title>Just a moment...</title>", HTML, "CF-Mitigated: challenge"),
        "edge-blocked",
    ),
    "challenge": (http("503 Busy", "<html>Complete the captcha", HTML), "edge-blocked"),
    "gateway alone": (http("502 Bad Gateway", "<html>Bad gateway</html>", HTML), "edge-error"),
    "gateway waits": (http("504 Timeout", "", HTML), "edge-error"),
    "origin down": (http("522 Origin", "error code: 522"), "edge-error"),
    "edge limits": (http("429 Too Many", "slow down"), "rate-limited-by-edge"),
    "login page": (
        http("200 OK", "<html>Hotel Wi-Fi <input type='password'>", HTML), "net-captive-portal",
    ),
    "another site": (http("200 OK", "<html>A shop</html>", HTML), "response-not-api"),
    "other JSON": (http("200 OK", {"status": "up"}), "response-not-api"),
    "moved": (http("301 Moved", "", "Location: https://www.pinned.events/x"), "url-redirected"),
    "no such page": (http("404 Not Found", "<html>Nothing here</html>", HTML), "url-wrong-path"),
    "proxy wants a name": (http("407 Proxy Authentication Required", ""), "net-proxy-auth"),
    "cut off": (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{", "net-interrupted"),
    "no HTTP": (b"SSH-2.0-OpenSSH\r\n\r\n", "net-not-http"),
    "sick server": (http("500 Error", error("internal_error", requestId="r1")), "server-error"),
    "wrong shape": (http("200 OK", {"docs": "none"}), "response-malformed"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOMEBODY_ELSE)
async def test_the_key_is_never_blamed_for_what_somebody_else_answers(name: str) -> None:
    answer, cause = SOMEBODY_ELSE[name]
    async with serving({"*": answer}) as base_url:
        session = await checked(base_url)
    assert session.first_cause == cause
    assert [v.cause for v in session.verdicts] == [cause]
    assert session.requests_sent == 1
    assert "key-rejected" not in {v.cause for v in session.verdicts}


@pytest.mark.parametrize(
    "name", [n for n in SOMEBODY_ELSE if n not in {"moved", "no such page"}]
)  # fmt: skip
async def test_an_unfinished_check_is_inconclusive(name: str) -> None:
    async with serving({"*": SOMEBODY_ELSE[name][0]}) as base_url:
        session = await checked(base_url)
    assert session.outcome is Outcome.INCONCLUSIVE


async def test_a_long_wait_is_told_as_people_tell_it() -> None:
    limited = http("429 Too Many", error("rate_limited"), "Retry-After: 86400")
    async with serving({"*": limited}) as base_url:
        session = await checked(base_url)
    said = " ".join([session.verdicts[0].summary, *(one.summary for one in session.latest())])
    assert "responded with 429: wait 1 day." in said
    assert "That is 1 day after the response." in said
    assert "86400" not in said
    assert "1 day and up to 1 s more" in render(session)


async def test_a_rejection_by_the_api_is_likely_and_names_the_alternatives() -> None:
    async with serving({"*": http("401 Unauthorized", error("invalid_api_key"))}) as base_url:
        session = await checked(base_url)
    verdict = session.verdicts[0]
    assert verdict.cause == "key-rejected"
    assert verdict.certainty is Certainty.LIKELY
    told = " ".join(verdict.alternatives).lower()
    assert all(word in told for word in ("revoked", "disabled", "expired"))
    assert verdict.unknowable is not None


async def test_a_key_without_channels_read_is_accepted_all_the_same() -> None:
    refused = http("403 Forbidden", error("insufficient_scope"))
    async with serving({"/channels": refused, "/events": EVENTS}) as base_url:
        plain = await checked(base_url)
        asked = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), channel="7"))
    assert plain.outcome is Outcome.HEALTHY
    assert plain.verdicts == ()
    assert asked.first_cause == "scope-missing"
    assert asked.verdicts[0].subject == "channels:read"


NO_KEY = http("401 Unauthorized", error("invalid_api_key"))


async def test_a_refusal_names_as_fitting_only_what_was_seen() -> None:
    refused = http("403 Forbidden", error("forbidden", requestId="req_1"))
    secret = Secret(KEY, source="test")
    answers = {"/channels": refused, "keyless /channels": NO_KEY, "*": EVENTS}
    async with serving(answers) as base_url:
        unlisted = await checked(base_url, RawCheckRequest(secret, channel="7"))
    answers = {"/channels": CHANNELS, "/events": EVENTS, "/events/5": refused}
    async with serving(answers) as base_url:
        event = await checked(base_url, RawCheckRequest(secret, event="5"))
        both = await checked(base_url, RawCheckRequest(secret, event="5", channel="7"))
    told = [session.verdicts[0] for session in (unlisted, event, both)]
    assert {one.cause for one in told} == {"forbidden-unexplained"}
    assert ["is listed" in one.summary for one in told] == [False, False, True]
    assert ["the key has events:read" in one.summary for one in told] == [False, True, True]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"docs": []}, "200 OK"),
        ({"docs": [None]}, "200 OK"),
        (error("forbidden", requestId="req_1"), "403 Forbidden"),
    ],
)
async def test_what_anybody_gets_does_not_accept_a_key(
    body: dict[str, object], status: str
) -> None:
    async with serving({"*": http(status, body)}) as base_url:
        session = await checked(base_url)
    assert "authentication.accepted" not in {one.code for one in session.observations}
    assert session.outcome is not Outcome.HEALTHY
    assert sum(x.probe == "authentication" for x in session.exchanges) == 2


async def test_a_forbidden_that_may_be_anybodys_does_not_show_a_writing_scope() -> None:
    secret = Secret(KEY, source="test")
    ask = RawCheckRequest(
        secret, needs=frozenset({"events:create"}), consented=frozenset({"create-scope"})
    )
    answers = {"/channels": CHANNELS, "/events": EVENTS}
    for more, state in ({}, "unknown"), ({"requestId": "req_1"}, "present"):
        refused = http("403 Forbidden", error("forbidden", **more))
        async with serving(answers | {"POST /events": refused}) as base_url:
            session = await checked(base_url, ask)
        assert session.scopes["events:create"] == state
        assert (session.outcome is Outcome.HEALTHY) == (state == "present")


async def test_a_key_that_is_refused_after_it_was_accepted_is_told() -> None:
    refused = http("401 Unauthorized", error("invalid_api_key"))
    secret = Secret(KEY, source="test")
    ask = RawCheckRequest(
        secret, needs=frozenset({"events:create"}), consented=frozenset({"create-scope"})
    )
    answers = {"/channels": CHANNELS, "/events": EVENTS, "POST /events": refused}
    async with serving(answers) as base_url:
        posting = await checked(base_url, ask)
    first = {"docs": [{"id": 7, "name": "S", "slug": "s"}], "totalDocs": 300, "limit": 100}

    def page(query: str) -> bytes:
        return http("200 OK", first) if "page=1&" in query else refused

    async with serving({"/channels": page, "/events": EVENTS}) as base_url:
        paging = await checked(base_url, RawCheckRequest(secret, channel="7"))
    for session in (posting, paging):
        verdict = session.verdicts[0]
        assert (verdict.cause, verdict.certainty) == ("key-rejected", Certainty.LIKELY)
        assert "was accepted in this check" in verdict.summary


async def test_an_empty_list_is_a_fault_only_where_a_channel_was_asked_for() -> None:
    empty = {"docs": [], "page": 1, "limit": 100, "totalDocs": 0, "totalPages": 1}
    answers = {
        "/channels": http("200 OK", empty),
        "keyless /channels": NO_KEY,
        "/events": EVENTS,
    }
    async with serving(answers) as base_url:
        plain = await checked(base_url)
        asked = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), channel="7"))
    assert plain.outcome is Outcome.HEALTHY
    assert asked.first_cause == "channel-list-empty"
    assert asked.outcome is Outcome.PROBLEM


async def test_an_error_on_a_route_nobody_asked_for_does_not_alarm() -> None:
    broken = http("500 Error", error("internal_error"))
    async with serving({"/channels": CHANNELS, "/events": broken}) as base_url:
        plain = await checked(base_url)
        asked = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), event="5"))
    assert plain.outcome is Outcome.HEALTHY
    assert asked.first_cause == "server-error" or asked.outcome is Outcome.INCONCLUSIVE


async def test_an_event_is_found_in_the_list_where_the_look_up_does_not_exist() -> None:
    doc = {"id": 5, "title": "T", "startAt": "2099-05-01T18:00:00+02:00", "status": "draft",
           "timezone": "Europe/Vienna", "channelId": 7}  # fmt: skip
    listed = http("200 OK", {"docs": [doc], "totalDocs": 1, "limit": 100, "page": 1})
    for gone in (http("404 Not Found", error("not_found")), http("404 N", "<html>", HTML)):
        answers = {"/channels": CHANNELS, "/events": listed, "/events/5": gone}
        async with serving(answers) as base_url:
            session = await checked(
                base_url, RawCheckRequest(Secret(KEY, source="test"), event="5")
            )
        assert session.first_cause == "event-draft"


@pytest.mark.parametrize(
    ("environ", "cause"),
    [
        ({"SSL_CERT_FILE": "/no/such/ca.pem"}, "net-tls-untrusted"),
        ({"SSL_CERT_FILE": __file__}, "net-tls-untrusted"),
        ({"HTTPS_PROXY": "http://[broken"}, "net-proxy-unreachable"),
        ({"HTTPS_PROXY": "http://127.0.0.1:1"}, "net-proxy-unreachable"),
        ({"HTTPS_PROXY": "http://no-such-proxy.invalid:3128"}, "net-proxy-unreachable"),
    ],
)
async def test_settings_that_cannot_work(environ: dict[str, str], cause: str) -> None:
    session = await checked("https://pinned.events", environ=environ)
    assert session.first_cause == cause
    assert session.requests_sent == 0
    assert session.outcome is Outcome.INCONCLUSIVE


async def test_a_name_that_does_not_exist() -> None:
    session = await checked("https://no-such-host.invalid")
    assert session.first_cause == "net-dns"
    assert session.outcome is Outcome.INCONCLUSIVE
    assert session.requests_sent == 0


async def test_a_port_where_nothing_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        session = await checked(f"http://127.0.0.1:{held.getsockname()[1]}")
    assert session.first_cause == "net-refused"
    assert session.requests_sent == 0


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port whose queue of connections is full, so that a further one is never accepted."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port: int = listening.getsockname()[1]
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))
        yield port


async def test_a_port_that_never_accepts(deaf: int) -> None:
    session = await checked(f"http://127.0.0.1:{deaf}", budget=Budget(connect_s=0.3))
    assert session.first_cause == "net-timeout"
    assert session.outcome is Outcome.INCONCLUSIVE


async def test_a_port_that_speaks_no_tls() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail ready\r\n")
        with contextlib.suppress(ConnectionError):
            await reader.read(64)
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        session = await checked(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert session.first_cause == "net-tls-failed"
    assert session.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("name", "trusted", "cause"),
    [
        ("127.0.0.1", False, "net-tls-untrusted"),
        ("elsewhere.example", True, "net-tls-invalid"),
        ("127.0.0.1", True, None),
    ],
)
async def test_certificates(name: str, trusted: bool, cause: str | None, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    environ = {"SSL_CERT_FILE": str(tmp_path / "ca.pem")} if trusted else {}
    answers = {"/channels": CHANNELS, "/events": EVENTS}
    async with serving(answers, tls=context) as base_url:
        session = await checked(base_url.replace("http:", "https:"), environ=environ)
    assert session.first_cause == cause
    assert session.outcome is (Outcome.HEALTHY if cause is None else Outcome.INCONCLUSIVE)


async def test_the_budget_of_the_check_ends_it_with_what_is_known() -> None:
    hang = asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hang.wait()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    session = await checked(base_url, budget=Budget(check_s=0.3))
    hang.set()
    server.close()
    assert session.outcome is Outcome.INCONCLUSIVE
    assert any(o.code == "run.deadline" for o in session.observations)
    assert session.exchanges[0].error is not None
    await asyncio.sleep(0.01)
