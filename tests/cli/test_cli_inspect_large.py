"""``pinned-tui inspect`` on what is too large to be held: real files, pipes and processes."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinned_tui.cli.signals import INTERRUPTED
from pinned_tui.core.input_files import LARGEST_INPUT
from tests.cli.program import environment
from tests.inspect.traffic import BODY, entry, error, row

OTHER = json.dumps({"ts": "2026-11-28T10:00:00Z", "level": "info", "msg": "job done"}) + "\n"
BLOCK = (OTHER * 20_000).encode()
REFUSED = (json.dumps(row(5, 401, response=error("unauthorized"))) + "\n").encode()
SIZE = 80_000_000
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def _log() -> Iterator[bytes]:
    """Yield 80 MB of which one line is about the API, in the middle."""
    blocks = SIZE // len(BLOCK) + 1
    yield from [BLOCK] * (blocks // 2)
    yield REFUSED
    yield from [BLOCK] * (blocks - blocks // 2)


LINE = 20_000 * ((SIZE // len(BLOCK) + 1) // 2) + 1


def _start(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "pinned_tui", "inspect", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(folder / "home"),
        cwd=folder,
    )


def test_80_mb_through_a_pipe(tmp_path: Path) -> None:
    assert sum(map(len, _log())) > LARGEST_INPUT
    with _start(tmp_path, "-", "--format", "json") as process:
        assert process.stdin is not None
        for block in _log():
            process.stdin.write(block)
        out, err = process.communicate(timeout=120)
    assert err == b""
    session = json.loads(out)
    assert process.returncode == 1
    assert session["verdicts"][0]["cause"] == "key-rejected"
    assert session["inputs"][0]["size_bytes"] == sum(map(len, _log()))
    fault = next(one for one in session["observations"] if one["code"] == "pasted.fault")
    assert fault["data"]["line"] == LINE


def test_80_mb_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "big.log"
    with file.open("wb") as writing:
        writing.writelines(_log())
    done = _start(tmp_path, "big.log")
    out, err = done.communicate(timeout=120)
    file.unlink()
    assert err == b""
    assert done.returncode == 1
    assert f"line {LINE}" in out.decode()


def test_a_large_har_file(tmp_path: Path) -> None:
    other = json.dumps(entry(url="https://cdn.example/x", text="x" * 10_000)) + ",\n"
    answer = error("invalid_request")
    ours = json.dumps(entry(5, 400, answer=answer, body={**BODY, "timezone": "CET+1"}))
    with (tmp_path / "big.har").open("w") as writing:
        writing.write('{"log": {"version": "1.2", "entries": [\n')
        writing.writelines([other] * (LARGEST_INPUT // len(other) + 1))
        writing.write(ours + "]}}")
    process = _start(tmp_path, "big.har", "--format", "json")
    out, err = process.communicate(timeout=120)
    (tmp_path / "big.har").unlink()
    assert err == b""
    session = json.loads(out)
    assert session["inputs"][0]["kind"] == "har"
    assert session["verdicts"][0]["cause"] == "timezone-not-iana"


def test_a_large_file_of_another_kind_is_refused_in_a_sentence(tmp_path: Path) -> None:
    event = json.dumps(BODY) + ",\n"
    with (tmp_path / "events.json").open("w") as writing:
        writing.write("[")
        writing.writelines([event] * (LARGEST_INPUT // len(event) + 1))
        writing.write(json.dumps(BODY) + "]")
    process = _start(tmp_path, "events.json")
    out, err = process.communicate(timeout=120)
    (tmp_path / "events.json").unlink()
    assert process.returncode == 2
    assert out == b""
    assert b"events.json is over 64 MiB and is neither a log nor a HAR file." in err


@posix
def test_ctrl_c_ends_reading_a_pipe_that_goes_on(tmp_path: Path) -> None:
    with _start(tmp_path, "-") as process:
        assert process.stdin is not None
        for block in _log():
            process.stdin.write(block)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        process.wait(timeout=20)
        assert time.monotonic() - began < 10
        assert process.returncode == INTERRUPTED
        assert process.stderr is not None
        assert b"interrupted" in process.stderr.read()
