"""How fast 10 MB of log lines and HAR are inspected, and in how much memory.

``python -m tests.benchmarks.inspection`` prints a row a format; the exit code is 1 when one takes
5 s or more, or more than ten times its own size in memory. Each format is inspected in a process of
its own, from the bytes to the session.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count

SIZE = 10_000_000
MOST_SECONDS = 5.0
MOST_TIMES = 10.0
STATUSES = (201, 201, 201, 400, 409, 429, 503)
CODES = {400: "invalid_request", 409: "conflict", 429: "rate_limited", 503: "internal_error"}
URL = "https://pinned.events/api/public/v1/events"


def _moment(number: int) -> str:
    day, second = divmod(number, 86_400)
    return f"2026-11-{1 + day:02}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.250Z"


def _body(number: int) -> dict[str, object]:
    place = {"city": {"placeId": "p1", "name": "Wien", "countryCode": "AT"}}
    start = "2027-03-01T19:00:00+01:00"
    return {"channelId": 42, "title": f"Show {number // 2}", "startAt": start,
            "timezone": "Europe/Vienna", "classifications": ["music"],
            "approxLocation": place}  # fmt: skip


def _answer(number: int, status: int) -> dict[str, object]:
    if status == 201:
        return {"doc": {"id": number}}
    return {"error": {"code": CODES[status], "message": "No.", "requestId": f"req_{number}"}}


def ndjson(number: int, status: int) -> str:
    row = {"ts": _moment(number), "level": "info", "method": "POST", "url": URL, "status": status,
           "idempotency_key": f"cms-{number // 2}-create", "body": _body(number),
           "response": _answer(number, status), "duration_ms": 120}  # fmt: skip
    return json.dumps(row)


def access(number: int, status: int) -> str:
    at = _moment(number)
    stamp = f"{at[8:10]}/Nov/2026:{at[11:19]} +0000"
    return (
        f'10.0.0.{number % 250} - - [{stamp}] "POST /api/public/v1/events HTTP/1.1" {status} 512'
        ' "-" "python-requests/2.31"'
    )


def plain(number: int, status: int) -> str:
    return (
        f"{_moment(number)} INFO worker-{number % 4} POST {URL} -> {status}"
        f" idempotency_key=cms-{number // 2}-create request_id=req_{number}"
    )


def logfmt(number: int, status: int) -> str:
    return (
        f"ts={_moment(number)} level=info msg=sent method=POST path=/api/public/v1/events"
        f" status={status} idempotency_key=cms-{number // 2} duration=120ms request_id=req_{number}"
    )


def har_entry(number: int, status: int) -> str:
    headers = {"Authorization": "Bearer [hidden]", "Content-Type": "application/json",
               "User-Agent": "importer/1", "Cookie": f"sid={number * 7919:x}; theme=dark",
               "Idempotency-Key": f"cms-{number // 2}"}  # fmt: skip
    pairs = [{"name": name, "value": value} for name, value in headers.items()]
    content = {"mimeType": "application/json", "text": json.dumps(_answer(number, status))}
    entry = {
        "startedDateTime": _moment(number),
        "time": 120.5,
        "request": {"method": "POST", "url": URL if number % 3 else "https://cdn.example/x",
                    "headers": pairs, "postData": {"text": json.dumps(_body(number))}},
        "response": {"status": status, "headers": pairs[1:3], "content": content},
    }  # fmt: skip
    return json.dumps(entry, indent=1) + ","


FORMATS: dict[str, Callable[[int, int], str]] = {
    "ndjson": ndjson,
    "access log": access,
    "plain text": plain,
    "logfmt": logfmt,
    "har": har_entry,
}


def _lines(made: Callable[[int, int], str]) -> Iterator[str]:
    size = 0
    for number in count():
        line = made(number, STATUSES[number * 31 % 97 % len(STATUSES)])
        size += len(line) + 1
        if size > SIZE:
            return
        yield line


def written(name: str) -> bytes:
    """Return 10 MB in a format."""
    text = "\n".join(_lines(FORMATS[name]))
    if name == "har":
        text = '{"log":{"version":"1.2","entries":[\n' + text.rstrip(",") + "\n]}}"
    return text.encode()


def _measure() -> None:
    """Inspect standard input and print seconds, the growth of memory, and the count of requests."""
    import psutil

    from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
    from pinned_tui.core.clock import SystemClock
    from pinned_tui.inspect.dispatch import look
    from pinned_tui.inspect.model import InspectionContext, read_input, read_text

    clock = SystemClock()
    looking = InspectionContext(now=clock.now())
    look(read_text(plain(1, 201)), looking)
    process = psutil.Process()
    before = process.memory_info().rss
    peak = 0

    def say(_done: float) -> None:
        nonlocal peak
        peak = max(peak, process.memory_info().rss)

    data = sys.stdin.buffer.read()
    began = time.perf_counter()
    pasted = read_input(data)
    inspection = look(pasted, InspectionContext(now=clock.now(), say=say))
    begun = new_inspection(base_url="https://pinned.events", clock=clock)
    inspected(begun, Handed(pasted.text, "log", pasted.size), inspection, clock=clock)
    took = time.perf_counter() - began
    say(1.0)
    requests = inspection.timeline.requests if inspection.timeline else 0
    print(json.dumps([took, (peak - before) / len(data), requests]))


def table() -> bool:
    """Print the table; return whether a format missed its limits."""
    missed = False
    print(f"\n{'10 MB of':<16}{'seconds':>10}{'MB/s':>8}{'memory':>9}{'requests':>10}")
    for name in FORMATS:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.inspection", "--measure"],
            input=written(name), check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        took, times, requests = json.loads(done.stdout)
        missed = missed or took >= MOST_SECONDS or times > MOST_TIMES
        print(f"{name:<16}{took:>9.2f}s{SIZE / 1e6 / took:>8.1f}{times:>8.1f}x{requests:>10,}")
    print(f"{'limits':<16}{MOST_SECONDS:>9.2f}s{'':>8}{MOST_TIMES:>8.1f}x", flush=True)
    return missed


if __name__ == "__main__":
    if "--measure" in sys.argv:
        _measure()
    else:
        sys.exit(table())
