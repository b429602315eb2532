"""The sandbox's server: starting and stopping, who may speak to it, and how its port behaves."""

import gc
import logging
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from pinned_tui.sandbox.app import is_loopback
from pinned_tui.sandbox.server import Sandbox, SandboxError
from tests.sandbox.sandbox_support import Api, good_event

DESCRIPTORS = Path("/dev/fd")


def open_files() -> int:
    gc.collect()
    return len(list(DESCRIPTORS.iterdir())) if DESCRIPTORS.exists() else 0


def connected(sandbox: Sandbox) -> socket.socket:
    host, port = sandbox.base_url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def test_starting_and_stopping_twenty_times_leaves_nothing(
    recwarn: pytest.WarningsRecorder,
) -> None:
    threads, files = set(threading.enumerate()), 0
    for turn in range(20):
        with Sandbox() as sandbox, httpx.Client(trust_env=False) as client:
            assert client.get(sandbox.base_url).status_code == 200
        files = open_files() if turn == 0 else files
    assert set(threading.enumerate()) == threads
    assert open_files() == files
    assert not recwarn.list


def test_a_stopped_sandbox_lets_go_of_its_port_and_can_start_again(http: httpx.Client) -> None:
    with Sandbox() as first:
        port = int(first.base_url.rsplit(":", 1)[1])
    for _ in range(2):
        with Sandbox(port=port) as second:
            assert second.base_url.endswith(f":{port}")
            assert http.get(second.base_url).status_code == 200
    second.start()
    second.start()
    assert http.get(second.base_url).status_code == 200
    second.stop()
    second.stop()


def test_a_stopped_sandbox_says_so() -> None:
    sandbox = Sandbox()
    for _ in range(2):
        with pytest.raises(SandboxError, match="isn't running"):
            _ = sandbox.base_url
        with pytest.raises(SandboxError, match="isn't running"):
            _ = sandbox.control_url
        with sandbox:
            assert sandbox.base_url.startswith("http://127.0.0.1:")


def test_it_stops_while_clients_are_connected_and_requests_unfinished(http: httpx.Client) -> None:
    sandbox = Sandbox()
    sandbox.start()
    api = Api(sandbox, http, sandbox.old_secret().reveal())
    sandbox.latency_ms = 600_000
    answers: list[httpx.Response] = []
    waiting = threading.Thread(
        target=lambda: answers.append(api.create(good_event(), idempotency_key="k"))
    )
    waiting.start()
    while not sandbox.state.counts.in_progress:
        pass
    with closing(connected(sandbox)) as silent, closing(connected(sandbox)) as half:
        half.sendall(b"POST /api/public/v1/events HTTP/1.1\r\nHost: localhost\r\n")
        half.sendall(b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n")
        assert half.recv(100).startswith(b"HTTP/1.1 100")
        sandbox.stop()
        waiting.join()
        assert answers[0].status_code == 201
        assert (silent.recv(1), half.recv(1)) == (b"", b"")


def test_a_taken_port_is_named() -> None:
    with Sandbox() as first:
        port = int(first.base_url.rsplit(":", 1)[1])
        second = Sandbox(port=port)
        with pytest.raises(SandboxError, match=rf"port {port}.*Choose another port"):
            second.start()
        second.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "localhost", "example.com", "::", ""])
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(SandboxError, match="loopback"):
        Sandbox(host=host)


def test_it_listens_on_ipv6_too(http: httpx.Client) -> None:
    try:
        with Sandbox(host="::1") as sandbox:
            assert sandbox.base_url.startswith("http://[::1]:")
            assert http.get(sandbox.base_url).status_code == 200
    except SandboxError:
        pytest.skip("this machine has no IPv6")


@pytest.mark.parametrize(
    ("host", "welcome"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8000", True),
        ("127.8.9.10:1", True),
        ("localhost:65535", True),
        ("LOCALHOST", True),
        ("[::1]", True),
        ("[::1]:8000", True),
        ("", False),
        ("::1", False),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("127.0.0.1:80:90", False),
        ("192.168.1.7:8000", False),
        ("0.0.0.0", False),
        ("[::]", False),
        ("[localhost", False),
        ("127.0.0.1@evil.example", False),
        ("127.0.0.1 ", False),
        ("١٢٧.0.0.1", False),
    ],
)
def test_only_the_names_of_this_computer_are_answered(host: str, welcome: bool) -> None:
    assert is_loopback(host) is welcome


@pytest.mark.parametrize(
    "path", ["/", "/api/public/v1/channels", "/_sandbox/state", "/x", "/api/developer/openapi/x"]
)
def test_a_rebound_name_gets_nothing(api: Api, path: str) -> None:
    url = api.sandbox.base_url + path
    answer = api.http.get(url, headers=api.headers | {"Host": "evil.example"})
    assert answer.status_code == 421
    assert "channel" not in answer.text
    assert not api.sandbox.state.requests


def test_web_pages_can_not_use_the_controls(api: Api) -> None:
    for origin in ("https://evil.example", "null", api.sandbox.base_url):
        answer = api.control("POST", "fix", headers={"Origin": origin})
        assert answer.status_code == 403
    assert not api.sandbox.state.fixed


def test_no_answer_allows_another_origin(api: Api) -> None:
    headers = api.headers | {"Origin": "https://shop.example"}
    preflight = {"Access-Control-Request-Method": "GET"}
    for answer in (
        api.get("/channels", headers=headers),
        api.send("OPTIONS", "/channels", headers=headers | preflight),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_front_page_tells_what_this_is(api: Api) -> None:
    answer = api.http.get(api.sandbox.base_url + "/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "sandbox of pinned-tui" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/events", "/api", "/api/public", "/api/public/v1channels", "/developers/docs", "/_"]
)
def test_elsewhere_is_a_web_page_that_is_missing(api: Api, path: str) -> None:
    for method in ("GET", "POST", "BREW"):
        answer = api.http.request(method, api.sandbox.base_url + path, headers=api.headers)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not api.sandbox.state.requests


def test_the_date_is_the_sandboxs(api: Api) -> None:
    api.sandbox.clock.advance(86400)
    dates = [
        api.get("/channels").headers.get_list("date"),
        api.http.get(api.sandbox.base_url + "/").headers.get_list("date"),
    ]
    assert dates == [["Sat, 13 Jun 2026 10:00:00 GMT"]] * 2


def test_a_refusing_port_stays_the_sandboxs(running: Sandbox) -> None:
    running.enter("unreachable")
    host, port = running.base_url.removeprefix("http://").split(":")
    with closing(socket.socket()) as other, pytest.raises(OSError, match=r"in use|permi"):
        other.bind((host, int(port)))


def test_kept_connections_end_when_the_api_stops_listening(sandbox: Sandbox) -> None:
    with closing(connected(sandbox)) as kept:
        kept.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert kept.recv(100_000).endswith(b"\r\n\r\n")
        sandbox.enter("unreachable")
        kept.setblocking(False)
        assert kept.recv(100_000) == b""


def test_the_controls_outlive_an_api_that_refuses(sandbox: Sandbox, http: httpx.Client) -> None:
    answer = http.post(f"{sandbox.base_url}/_sandbox/scenario", json={"name": "unreachable"})
    assert answer.status_code == 200
    with pytest.raises(httpx.ConnectError):
        http.get(sandbox.base_url)
    assert http.get(f"{sandbox.control_url}/state").json()["reachable"] is False
    assert http.get(sandbox.control_url.replace("_sandbox", "api/public/v1")).status_code == 404
    assert http.post(f"{sandbox.control_url}/fix").status_code == 200
    assert http.get(sandbox.base_url).status_code == 200


def test_broken_requests_are_answered_and_nothing_is_printed(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    head, host = b"GET /api/public/v1/channels HTTP/1.1\r\n", b"Host: localhost\r\n"
    for raw, status in (
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        (head + b"\r\n", 400),
        (b"GET / HTTP/1.0\r\n\r\n", 421),
        (b"GET /\xff HTTP/1.1\r\n" + host + b"\r\n", 400),
        (b"GET /%ff%0a HTTP/1.1\r\n" + host + b"\r\n", 404),
        (b"GET /api/public/v1/%00%ff%0a HTTP/1.1\r\n" + host + b"\r\n", 404),
        (head + host + b"x-api-key: \xff\xfe\r\n\r\n", 401),
        (head + host + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n", 401),
    ):
        with closing(connected(sandbox)) as client:
            client.sendall(raw)
            assert client.recv(100).startswith(f"HTTP/1.1 {status}".encode())
    with closing(connected(sandbox)) as leaving:
        leaving.sendall(b"POST /api/public/v1/media HTTP/1.1\r\nHost: localhost\r\n")
        leaving.sendall(b"Content-Length: 100\r\n\r\nxyz")
    assert sandbox.state.scenario == "healthy"
    assert capfd.readouterr() == ("", "")


def test_logging_and_signals_are_left_as_they_were() -> None:
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    root = list(logging.getLogger().handlers)
    with Sandbox():
        assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == handlers
        assert logging.getLogger().handlers == root
        uvicorn = logging.getLogger("uvicorn")
        assert all(isinstance(each, logging.NullHandler) for each in uvicorn.handlers)
        assert uvicorn.level == logging.NOTSET


def test_to_know_the_sandbox_loads_no_web_framework() -> None:
    heavy = {"starlette", "uvicorn", "httpx", "yaml", "jsonschema", "textual"}
    code = (
        "import sys; from pinned_tui.sandbox.demo import SandboxDemo;"
        f"SandboxDemo().cards; print(*{heavy} & {{*sys.modules}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
