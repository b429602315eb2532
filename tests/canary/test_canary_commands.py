"""The key in the environment, in files, in options and in answers: no command shows or keeps it."""

import bz2
import contextlib
import json
import lzma
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from tests.canary.canary import ENCODINGS, KEY, PLACES
from tests.cli.program import environment, run_here

SECRET = Secret(KEY, source="environment")


class Echo(BaseHTTPRequestHandler):
    """Refuses every request and says the key back in every encoding, in header and body."""

    def do_GET(self) -> None:
        written = [encoding.of(KEY) for encoding in ENCODINGS]
        body = json.dumps(
            {"error": {"code": "invalid_api_key", "message": f"Key {KEY}?", "requestId": "req_1",
                       "details": {"seen": written}}}
        ).encode()  # fmt: skip
        self.send_response(401, f"No {KEY}")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-Id", KEY)
        self.send_header("Server", f"echo/{KEY}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Write nothing to the output of the tests."""


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@dataclass
class Program:
    """The program as a person runs it, with folders that are looked through afterwards."""

    home: Path
    work: Path
    said: list[tuple[tuple[str, ...], str]]

    def __call__(self, *words: str, key: str | None = KEY) -> int:
        code, out, err = run_here(words, environment(self.home, key), self.work)
        self.said.append((words, (out + err).decode()))
        return code


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("canary")
    (folder / "work").mkdir()
    return Program(folder / "data", folder / "work", [])


def unpacked(data: bytes) -> Iterator[bytes]:
    """Yield what a value of a database holds, however it may be packed."""
    yield data
    ways: list[Callable[[bytes], bytes]] = [
        zlib.decompress, lambda packed: zlib.decompress(packed, -15),
        lambda packed: zlib.decompress(packed, 31), bz2.decompress, lzma.decompress,
    ]  # fmt: skip
    for way in ways:
        with contextlib.suppress(zlib.error, OSError, lzma.LZMAError, ValueError):
            yield way(data)


def stored(path: Path) -> Iterator[bytes]:
    """Yield what a file holds: its bytes, and the values of a database one by one."""
    yield path.read_bytes()
    if path.suffix != ".sqlite3":
        return
    with contextlib.closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in names:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    data = value if isinstance(value, bytes) else str(value).encode()
                    yield from unpacked(data)


def test_no_command_shows_or_keeps_the_key(program: Program, echo: str) -> None:
    pasted = program.work / "pasted.log"
    pasted.write_text("".join(place.holding(KEY) + "\n" for place in PLACES), encoding="utf-8")
    request = program.work / "request.sh"
    request.write_text(PLACES[1].holding(KEY), encoding="utf-8")

    assert program("check", "--base-url", echo) == 1
    assert program("check", "--base-url", echo, "--format", "json", "--output", "one.json") == 1
    assert program("check", "--base-url", echo, "--channel", KEY) == 2
    assert program("inspect", str(request), key=None) == 1
    assert program("inspect", str(request), "--format", "json") == 1
    assert program("inspect", str(pasted), "--format", "markdown") in {1, 3}
    assert program("explain", KEY) == 2
    assert program("history", "list") == 0
    assert program("history", "list", "--format", "json", key=None) == 0
    assert program("history", "show", "last") == 0
    assert program("report", "last", "--output", "two.md") == 0
    assert program("report", "last", "--format", "json", key=None) == 0
    assert program("open", f"{KEY}.json") == 2
    assert program("sandbox", "--list") == 0
    assert program("demo", "--scenario", KEY) == 2

    given = {pasted, request}
    for words, said in program.said:
        assert find_leaks(said, [SECRET]) == (), words[:2]
    files = [path for folder in (program.home, program.work) for path in folder.rglob("*")]
    kept = [path for path in files if path.is_file() and path not in given]
    assert any(path.suffix == ".sqlite3" for path in kept)
    for path in kept:
        for content in stored(path):
            assert find_leaks(content, [SECRET]) == (), path.name


def test_a_session_that_holds_the_key_is_shown_without_it(program: Program) -> None:
    """A file of another program, or of a version that did not know the key."""
    report = program.work / "one.json"
    session = json.loads(report.read_text(encoding="utf-8"))
    session["verdicts"][0]["summary"] = f"The key {KEY} was refused."
    from pinned_tui.cli.key import without_known
    from pinned_tui.session import decode, encode

    cleared = without_known(decode(json.dumps(session).encode()), [SECRET])
    assert find_leaks(encode(cleared), [SECRET]) == ()
    assert "was refused" in cleared.verdicts[0].summary
