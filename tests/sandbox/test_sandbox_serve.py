"""``pinned-tui sandbox``: what it prints, and how it ends."""

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import threading

import httpx
import pytest

from pinned_tui.sandbox.scenarios import load_scenario, scenario_names
from pinned_tui.sandbox.serve import KEY_VARIABLE, as_text, info_of, serve
from pinned_tui.sandbox.server import Sandbox

PROGRAM = """
import sys
from pinned_tui.sandbox.serve import serve
sys.exit(serve(sys.argv[1], out=sys.stdout, err=sys.stderr, format="json"))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows ends other processes without a signal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_stops_cleanly(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "missing-scope"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        headers = {"Authorization": f"Bearer {facts['key']}"}
        url = f"{facts['api_url']}/events"
        assert httpx.get(url, headers=headers, trust_env=False).status_code == 403
        assert facts["expected"]["cause"] == "scope-missing"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_it_ends_when_told_to_from_another_thread() -> None:
    out, stop = io.StringIO(), threading.Event()
    codes: list[int] = []
    thread = threading.Thread(
        target=lambda: codes.append(serve("healthy", out=out, err=io.StringIO(), stop=stop))
    )
    thread.start()
    stop.set()
    thread.join()
    assert codes == [0]
    assert out.getvalue().startswith("Pinned Events sandbox: Everything works (healthy)\n")


def test_signals_are_handled_while_it_serves_only() -> None:
    before = signal.getsignal(signal.SIGTERM)
    stop = threading.Event()
    stop.set()
    assert serve("healthy", out=io.StringIO(), err=io.StringIO(), stop=stop) == 0
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_can_not_start_is_explained() -> None:
    def refused(scenario: str = "healthy", host: str = "127.0.0.1", port: int = 0) -> str:
        out, err = io.StringIO(), io.StringIO()
        assert serve(scenario, out=out, err=err, host=host, port=port) == 2
        assert out.getvalue() == ""
        return err.getvalue()

    assert refused("draft") == "Unknown scenario “draft”. Did you mean 'draft-event'?\n"
    assert "loopback" in refused(host="0.0.0.0")
    with Sandbox() as running:
        port = int(running.base_url.rsplit(":", 1)[1])
        assert f"port {port}" in refused(port=port)


@pytest.mark.parametrize("name", scenario_names())
def test_the_text_has_all_that_one_needs(running: Sandbox, name: str) -> None:
    situation = running.enter(name)
    text = as_text(info_of(running, "posix"))
    expected, scenario = running.expected, load_scenario(name)
    check = f"pinned-tui check --base-url {running.base_url}"
    for needed in (
        scenario.title,
        f"({name})",
        f"{running.base_url}/api/public/v1",
        running.control_url,
        "worth nothing",
        expected.cause,
        f"exit code {expected.exit_code}",
        check,
    ):
        assert needed in text
    if expected.cause != "healthy":
        assert scenario.fix.done in text
        assert f"curl -s -X POST {running.control_url}/fix" in text
    if expected.subject:
        assert f"{expected.cause} for {expected.subject}" in text
    secret = running.old_secret().reveal()
    assert (secret in text) is (situation.secret is not None)
    assert all(len(line) <= 160 for line in text.splitlines())


def test_the_key_is_never_an_argument(running: Sandbox) -> None:
    for name in scenario_names():
        running.enter(name)
        set_key, *others = info_of(running, "posix").commands.check
        assert set_key.startswith((f"export {KEY_VARIABLE}=", f"unset {KEY_VARIABLE}"))
        assert not any("pe_sandbox_" in command for command in others)


def test_the_options_of_check_are_those_of_the_situation(running: Sandbox) -> None:
    def options(name: str) -> list[str]:
        running.enter(name)
        return shlex.split(info_of(running, "posix").commands.check[-1])[4:]

    assert options("missing-scope") == ["--need", "events:read"]
    assert options("wrong-channel") == ["--channel", "204"]
    assert options("draft-event") == ["--channel", "101", "--event", "5021"]
    assert options("validation-error") == [
        "--channel",
        "101",
        "--payload",
        "spring-recital.json",
        "--allow-write-probes",
    ]


def test_commands_are_written_for_powershell_too(running: Sandbox) -> None:
    running.enter("validation-error")
    secret = running.old_secret().reveal()
    commands = info_of(running, "powershell").commands
    assert commands.check[0] == f"$env:{KEY_VARIABLE} = '{secret}'"
    assert commands.check[1].startswith("curl.exe -s -o spring-recital.json ")
    running.enter("lost-secret")
    commands = info_of(running, "powershell").commands
    assert commands.check[0] == f"Remove-Item Env:{KEY_VARIABLE}"
    assert info_of(running, "powershell").key is None
