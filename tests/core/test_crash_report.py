"""What a crash file tells: every error of a group and every cause, and no value."""

import asyncio
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from types import ModuleType

import pytest

from pinned_tui.cli.runner import OWN_FAULT, guarded
from pinned_tui.core.crash_report import describe, tell_of_stray
from pinned_tui.redaction.secret import Secret

KEY = Secret("pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ", source="test")
AT = "2026-06-12T10:15:00.000Z"


def failing(words: str) -> None:
    held = f"a local with {KEY.reveal()}"
    raise LookupError(f"{words} {held}")


def caught(words: str) -> Exception:
    with pytest.raises(LookupError) as info:
        failing(words)
    return info.value


def test_each_error_of_a_group_is_told_with_its_place() -> None:
    inner = ExceptionGroup("inner", [caught("second"), ValueError("third")])
    text = describe(ExceptionGroup("outer", [caught("first"), inner]), at=AT, secrets=iter([KEY]))
    for words in ("outer", "inner", "first", "second", "third", "builtins.ValueError"):
        assert words in text
    assert text.count("test_crash_report.py") >= 2
    assert text.count(":failing") == 2
    assert text.count("[key-1]") == 2
    assert KEY.reveal() not in text
    deeper = next(line for line in text.splitlines() if "builtins.ValueError" in line)
    assert deeper.startswith("    builtins")


def test_the_cause_of_an_error_within_a_group_is_told() -> None:
    error = ValueError("on the surface")
    error.__cause__ = caught("at the bottom of it")
    text = describe(ExceptionGroup("both", [error]), at=AT, secrets=[KEY])
    assert text.index("on the surface") < text.index("because of") < text.index("at the bottom")


def test_errors_in_a_circle_and_without_number_come_to_an_end() -> None:
    error, other = ValueError("one"), ValueError("other")
    error.__context__, other.__context__ = other, error
    assert describe(error, at=AT, secrets=[]).count("builtins.ValueError") == 2
    many = ExceptionGroup("many", [ValueError(str(number)) for number in range(10_000)])
    assert len(describe(many, at=AT, secrets=[])) < 10_000


def test_a_key_that_nobody_knows_of_is_not_in_the_file() -> None:
    """The message of an error may quote an input, a header, a field of a configuration."""
    unknown = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnS"
    for message in (unknown, f"authToken={unknown}", f"no such file: /channels/{unknown}"):
        text = describe(ValueError(message), at=AT, secrets=[])
        assert unknown not in text
        assert "[redacted]" in text
    request_id = "req_Tg6uHp1sNw3eJd9xBk0v"
    assert request_id in describe(ValueError(f"requestId {request_id}"), at=AT, secrets=[])


def test_a_command_that_takes_no_key_leaves_the_environments_key_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    short = "hunter2!x"
    monkeypatch.setenv("PINNED_EVENTS_API_KEY", short)
    monkeypatch.setenv("PINNED_TUI_DATA_DIR", str(tmp_path))

    def fail(options: object) -> int:
        raise LookupError(f"unknown word {short}")

    module = ModuleType("failing")
    module.fail = fail  # type: ignore[attr-defined]
    assert guarded(lambda: module, "fail", Namespace()) == OWN_FAULT
    (file,) = tmp_path.glob("crash-*.txt")
    kept = file.read_text(encoding="utf-8") + "".join(capsys.readouterr())
    assert short not in kept
    assert "unknown word [key-1]" in kept


async def test_an_error_that_nobody_waits_for_is_named_without_its_message(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(tell_of_stray)
    try:
        loop.call_exception_handler(
            {"message": f"failed with {KEY.reveal()}", "exception": ValueError(KEY.reveal())}
        )
        loop.call_exception_handler({"message": KEY.reveal()})
    finally:
        loop.set_exception_handler(before)
    said = "".join(capsys.readouterr()) + caplog.text
    assert "ValueError" in said
    assert KEY.reveal() not in said


def test_what_fails_in_a_thread_is_named_without_its_message(tmp_path: Path) -> None:
    program = (
        "import threading\n"
        "from pinned_tui.cli import streams\n"
        "streams.quieten()\n"
        f"def fail(): raise ValueError({KEY.reveal()!r})\n"
        "class Late:\n"
        f"    def __del__(self): raise LookupError({KEY.reveal()!r})\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "Late()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert "ValueError" in done.stderr
    assert "LookupError" in done.stderr
    assert KEY.reveal() not in done.stderr
