"""Whether outcome, exit code and first cause are right, for pasted inputs and for live checks."""

import contextlib
import json
import re
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.blind.running import Written, run

KEY = "pe_live_7Hq3vNz8RkW2mXcT5bLd9JpF"
NAMESPACE = "/api/public/v1"

_REFUSED = {
    "status": 401,
    "json": {
        "error": {
            "code": "invalid_api_key",
            "message": "API key is invalid, revoked, disabled, or expired.",
            "requestId": "req_01JBLND0000000000000000401",
        }
    },
}
_UNKNOWN = {
    "status": 404,
    "json": {
        "error": {
            "code": "not_found",
            "message": "Not found.",
            "requestId": "req_01JBLND0000000000000000404",
        }
    },
}
_ELSEWHERE = {"status": 404, "text": ""}


@dataclass(frozen=True)
class Result:
    """What came out of a case, and whether it is right."""

    outcome: str | None
    first: str | None
    code: int
    outcome_right: bool
    cause_right: bool
    falsely_healthy: bool
    false_alarm: bool

    @property
    def right(self) -> bool:
        """Whether all of it is right."""
        return self.outcome_right and self.cause_right

    def __str__(self) -> str:
        return f"{self.outcome} {self.first} exit {self.code}"


def inspected(case: dict[str, Any]) -> Result:
    """Inspect the input of ``case``."""
    with tempfile.TemporaryDirectory() as folder:
        out = Written()
        code = run(
            out,
            "json",
            "inspect",
            "-",
            "--format",
            "json",
            data=Path(folder) / "data",
            stdin=case["input"],
        )
        return _judged(case, out, code)


def checked(case: dict[str, Any]) -> Result:
    """Run the check of ``case`` against a server that answers as it says."""
    with tempfile.TemporaryDirectory() as folder, serving(case) as address:
        out = Written()
        code = run(
            out,
            "json",
            "check",
            *case["args"],
            "--base-url",
            address,
            "--format",
            "json",
            data=Path(folder) / "data",
            environment={"PINNED_EVENTS_API_KEY": KEY},
        )
        return _judged(case, out, code)


def _judged(case: dict[str, Any], out: Written, code: int) -> Result:
    try:
        session: dict[str, Any] = out.json("json")
    except ValueError:
        return Result(out.texts["json!"][-200:], None, code, False, False, False, False)
    verdicts = session["verdicts"]
    outcome = session["outcome"]
    first = verdicts[0]["cause"] if verdicts else None
    wanted = case["first"]
    cause_right = not wanted or first in wanted
    if outcome == "healthy" and "healthy" in case["outcome"]:
        cause_right = not case.get("first_applies_to_healthy") or first in wanted
    if outcome == "inconclusive" and case["id"][:1] in {"a", "f"}:
        cause_right = True  # what became of it is unknown, under whatever name
    if first in case.get("not_first", ()):
        cause_right = False
    outcome_right = outcome in case["outcome"]
    if "exit" in case:
        outcome_right = outcome_right and code in case["exit"]
    return Result(
        outcome,
        first,
        code,
        outcome_right,
        cause_right,
        falsely_healthy=outcome == "healthy" and "healthy" not in case["outcome"],
        false_alarm=outcome != "healthy" and case["outcome"] == ["healthy"],
    )


@contextlib.contextmanager
def serving(case: dict[str, Any]) -> Iterator[str]:
    """Serve the routes of ``case`` on loopback, and yield the base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            _send(self, _chosen(case, self))

        do_GET = do_HEAD = do_POST = do_PATCH = do_OPTIONS = do_DELETE = answer  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _chosen(case: dict[str, Any], request: BaseHTTPRequestHandler) -> dict[str, Any]:
    path, _, query = request.path.partition("?")
    route = f"{request.command} {path.removeprefix(NAMESPACE)}"
    routes: dict[str, Any] = case["routes"]
    if not path.startswith(NAMESPACE):
        return _ELSEWHERE
    keys = (request.headers.get("Authorization"), request.headers.get("x-api-key"))
    if case.get("auth", True) and keys not in {(f"Bearer {KEY}", None), (None, KEY)}:
        return _REFUSED
    found = routes.get(f"{route}?{query}") or routes.get(route)
    one = re.fullmatch(r"GET /events/([^/]+)", route)
    if found is None and one is not None:
        found = routes.get("GET /events/{id}")
        if found is not None and "status" not in found:
            found = found.get(one[1]) or found.get("*") or routes.get("*", _UNKNOWN)
    answer: dict[str, Any] = found or routes.get("*", _UNKNOWN)
    return answer


def _send(request: BaseHTTPRequestHandler, answer: dict[str, Any]) -> None:
    headers = {name.lower(): str(value) for name, value in answer.get("headers", {}).items()}
    if "json" in answer:
        body = json.dumps(answer["json"]).encode()
        headers.setdefault("content-type", "application/json")
    else:
        body = answer.get("text", "").encode()
        headers.setdefault("content-type", "text/plain")
    headers.pop("content-length", None)
    request.send_response(answer.get("status", 200))
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)
