"""``pinned-tui sandbox``: says what to use and what is right, then serves until it is stopped."""

import contextlib
import os
import signal
import textwrap
import threading
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Literal, TextIO

import msgspec

from pinned_tui.core.demo import Situation
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.fixes import ReplaceKey
from pinned_tui.sandbox.openapi import NAMESPACE, OPENAPI_PATH
from pinned_tui.sandbox.scenarios import (
    Expected,
    UnknownScenarioError,
    load_scenario,
)
from pinned_tui.sandbox.server import Sandbox, SandboxError

KEY_VARIABLE = "PINNED_EVENTS_API_KEY"
WORTHLESS = "These keys work in this sandbox only. They are worth nothing anywhere else."

_POLL_S = 0.2
"""Seconds between looks at the signals; Windows hands none to a thread that only waits."""

_COLUMNS = 80

Shell = Literal["posix", "powershell"]


def serve(
    scenario: str,
    *,
    out: TextIO,
    err: TextIO,
    host: str = "127.0.0.1",
    port: int = 0,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the name of the option
    stop: threading.Event | None = None,
    behaviour: Behaviour | None = None,
) -> int:
    """Serve ``scenario`` until SIGINT or SIGTERM, or until ``stop`` is set.

    Args:
        scenario: The situation to begin in.
        out: Takes what to use: readable text, or one JSON document on one line.
        err: Takes what goes wrong.
        host: A loopback address.
        port: Where the API listens; 0 for any free port.
        format: Of what ``out`` takes.
        stop: Ends it from another thread.
        behaviour: How the API behaves where the documents leave a choice.

    Returns:
        The exit code: 0 when it was stopped, 2 when it can't start as asked.
    """
    stopped = stop if stop is not None else threading.Event()
    try:
        prepared = Sandbox(scenario, host=host, port=port, behaviour=behaviour)
        with _stopped_by_signals(stopped), prepared as sandbox:
            facts = info_of(sandbox)
            if format == "json":
                out.write(msgspec.json.encode(facts).decode() + "\n")
            else:
                out.write(as_text(facts))
            out.flush()
            while not stopped.wait(_POLL_S):
                pass
    except (UnknownScenarioError, SandboxError) as error:
        err.write(f"{error}\n")
        return 2
    return 0


class OtherKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key beside the story's own, for code that is to meet it."""

    id: str
    name: str
    owner: str
    state: str
    scopes: tuple[str, ...]
    secret: str


class Commands(msgspec.Struct, frozen=True, kw_only=True):
    """Command lines that set the key and check the situation, and those that fix it."""

    check: tuple[str, ...]
    fix: tuple[str, ...]


class SandboxInfo(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed to use a running sandbox: its document in JSON.

    Attributes:
        key: The secret in hand, or None where the situation is that there is none.
        payload: Name of the file with the body of the story's create request.
        expected: The right verdict, before and after the fix.
        fix: What fixes the situation, in words.
        fix_brings_key: Whether the response to the fix holds a new key to use.
    """

    kind: Literal["sandbox"] = "sandbox"
    scenario: str
    title: str
    story: str
    section: str
    base_url: str
    api_url: str
    openapi_url: str
    control_url: str
    key: str | None
    other_keys: tuple[OtherKey, ...]
    channel: str | None
    event: str | None
    needs: tuple[str, ...]
    payload: str | None
    expected: Expected
    fix: str
    fix_brings_key: bool
    commands: Commands
    note: str = WORTHLESS


def info_of(sandbox: Sandbox, shell: Shell | None = None) -> SandboxInfo:
    """Describe a running sandbox.

    Args:
        sandbox: What to describe.
        shell: For which the commands are written; by default that of the operating system.
    """
    situation = sandbox.situation
    scenario = load_scenario(sandbox.scenario)
    return SandboxInfo(
        scenario=situation.card.name,
        title=situation.card.title,
        story=situation.card.story,
        section=situation.card.section,
        base_url=situation.base_url,
        api_url=situation.base_url + NAMESPACE,
        openapi_url=situation.base_url + OPENAPI_PATH,
        control_url=sandbox.control_url,
        key=None if situation.secret is None else situation.secret.reveal(),
        other_keys=_other_keys(sandbox),
        channel=situation.channel,
        event=situation.event,
        needs=situation.needs,
        payload=situation.payload_name,
        expected=sandbox.expected,
        fix=scenario.fix.done,
        fix_brings_key=isinstance(scenario.fix, ReplaceKey),
        commands=commands_of(
            situation,
            sandbox.control_url,
            shell or ("powershell" if os.name == "nt" else "posix"),
            allow_write_probes=scenario.check.allow_write_probes,
        ),
    )


def commands_of(
    situation: Situation, control_url: str, shell: Shell, *, allow_write_probes: bool
) -> Commands:
    """Write the command lines for ``situation``.

    The key goes through the environment: an argument would be seen in the list of processes.
    """
    curl = "curl.exe" if shell == "powershell" else "curl"
    lines = [_set_key(situation, shell)]
    check = ["pinned-tui check", "--base-url", situation.base_url]
    for option, value in (("--channel", situation.channel), ("--event", situation.event)):
        check += [option, value] if value else []
    for scope in situation.needs:
        check += ["--need", scope]
    if situation.payload_name:
        lines.append(f"{curl} -s -o {situation.payload_name} {control_url}/payload")
        check += ["--payload", situation.payload_name]
    check += ["--allow-write-probes"] if allow_write_probes else []
    return Commands(check=(*lines, " ".join(check)), fix=(f"{curl} -s -X POST {control_url}/fix",))


def as_text(facts: SandboxInfo) -> str:
    """Write ``info`` as text."""
    expected = facts.expected
    rows = [
        ("API", facts.api_url),
        ("OpenAPI", facts.openapi_url),
        ("Controls", facts.control_url),
        ("Key", facts.key or "none: that is the situation"),
        ("Channel", facts.channel),
        ("Event", facts.event),
        ("Scope", ", ".join(facts.needs)),
    ]
    now = _verdict(expected.cause, expected.subject, expected.exit_code)
    then = _verdict(expected.after_fix, None, expected.after_fix_exit_code)
    others = [f"{key.state:<9} {key.secret}  {key.name}" for key in facts.other_keys]
    fix = [*facts.commands.fix, facts.fix]
    if facts.fix_brings_key:
        fix.append(f"The response holds the new key: set {KEY_VARIABLE} to it.")
    blocks = [
        [f"Pinned Events sandbox: {facts.title} ({facts.scenario})"],
        textwrap.wrap(facts.story, _COLUMNS),
        [f"  {name:<9} {value}" for name, value in rows if value],
        [facts.note],
        ["Other keys", *_indented(others)],
        ["Check it", *_indented(facts.commands.check)],
        ["The right verdict", *_indented([now])],
        *([["Fix it", *_indented([*fix, f"Then: {then}"])]] if now != then else []),
        ["Stop it with Ctrl+C."],
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _verdict(cause: str, subject: str | None, exit_code: int) -> str:
    of = f" for {subject}" if subject else ""
    return f"{cause}{of}, exit code {exit_code}"


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _set_key(situation: Situation, shell: Shell) -> str:
    if situation.secret is None:
        posix = shell == "posix"
        return f"unset {KEY_VARIABLE}" if posix else f"Remove-Item Env:{KEY_VARIABLE}"
    value = situation.secret.reveal()
    if shell == "posix":
        return f"export {KEY_VARIABLE}='{value}'"
    return f"$env:{KEY_VARIABLE} = '{value}'"


def _other_keys(sandbox: Sandbox) -> tuple[OtherKey, ...]:
    own = load_scenario(sandbox.scenario).check.key
    secrets = sandbox.secrets()
    return tuple(
        OtherKey(
            id=key.id,
            name=key.name,
            owner=key.owner,
            state=key.state,
            scopes=key.scopes,
            secret=secrets[key.id].reveal(),
        )
        for key in sandbox.state.keys
        if key.id != own
    )


@contextlib.contextmanager
def _stopped_by_signals(stopped: threading.Event) -> Iterator[None]:
    """Let SIGINT and SIGTERM set ``stopped``; only the main thread can be signalled."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
