"""Each command once as a process: it does what the other tests see it do in theirs."""

import re

import pytest

from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program, Result, key_of

COMMANDS = [
    ("--version",),
    ("--help",),
    ("check", "--need", "events:raed"),
    ("check", "--channel", "424242", "--no-history"),
    ("check", "--format", "json", "--no-history"),
    ("inspect", "-", "--no-history"),
    ("explain", "403"),
    ("history", "list"),
    ("history", "show", "last"),
    ("history", "delete", "nothing"),
    ("history", "prune"),
    ("report", "last"),
    ("open", "nowhere.json"),
    ("demo", "--scenario", "nowhere"),
    ("sandbox", "--list"),
]
_OWN = re.compile(r"\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT|[\w:.-]*\d[\w:.-]*")
"""What each run may have of its own: moments, durations, counts, and names drawn by chance."""


def said(result: Result) -> tuple[int, str, str]:
    return result.code, _OWN.sub("…", result.out), _OWN.sub("…", result.err)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_process_does_what_the_tests_see_in_their_own(
    words: tuple[str, ...], program: Program, process: Program, healthy: Sandbox
) -> None:
    env = {"PINNED_EVENTS_BASE_URL": healthy.base_url}
    key = key_of(healthy)
    assert program("check", env=env, key=key).code == 0
    paste = b'{"channelId": "42"}'
    here = program(*words, env=env, key=key, stdin=paste)
    assert here.out + here.err
    assert said(process(*words, env=env, key=key, stdin=paste)) == said(here)
