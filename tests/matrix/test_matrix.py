"""The scenario matrix, a test for each row, and what must hold for the matrix as a whole."""

import msgspec
import pytest

from pinned_tui.api.budget import Budget
from pinned_tui.diagnosis.catalogue import load_catalogue
from tests.matrix.model import HEALTHY, Situation, situations
from tests.matrix.runner import REFUSED, run

ROWS = situations()
BY_NAME = {row.name: row for row in ROWS}

NOTES = {
    "channel-on-later-page": "channels.later-page",
    "net-clock-skew": "clock.skew",
    "net-ipv6-broken": "network.ipv6",
    "response-cached": "answer.cached",
}
"""Live causes that are notes, with the observation by which they are told."""

GAPS = {
    "event-link-refused": "a site may refuse programs only, so it is possible and never first",
    "idempotency-payload-changed": "no probe sends an Idempotency-Key, so no 409 is a person's",
    "key-old-copy-in-use": "only a person can tell that the deployment fails",
    "list-limit-capped": "a check never asks for more than 100, and reads by the list's own limit",
}
"""Live causes that no check can come to yet, and why. A row for one takes it from here."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_what_is_said_first_is_right(row: Situation) -> None:
    result = await run(row)
    if result.skipped:
        pytest.skip(result.skipped)
    assert not result.faults, "\n".join([result.got, *result.faults])


def test_every_live_cause_is_somebodys_first_verdict() -> None:
    live = {cause.id for cause in load_catalogue() if "live" in cause.found_by}
    first = {row.expect.cause for row in ROWS}
    noted = {code for row in ROWS for code in row.expect.notes}
    covered = first | {cause for cause, code in NOTES.items() if code in noted}
    covered |= {"url-insecure-scheme"} if REFUSED in first else set()
    assert live - covered == set(GAPS)


def test_the_matrix_is_large_and_of_all_kinds() -> None:
    groups = {group: sum(row.group == group for row in ROWS) for group in {r.group for r in ROWS}}
    assert len(ROWS) >= 85
    assert groups.keys() == {"causes", "combinations", "near misses", "assumptions"}
    assert min(groups.values()) >= 15


@pytest.mark.parametrize(
    ("name", "changes", "fault"),
    [
        ("a draft", {"cause": "event-in-past"}, "first is event-draft"),
        ("a draft", {"cause": HEALTHY}, "false alarm"),
        ("a draft", {"subject": "1"}, "subject is 5021"),
        ("a draft", {"at_most": "possible"}, "certainty confirmed"),
        ("a draft", {"outcome": "healthy"}, "outcome problem"),
        ("a draft", {"requests": 1}, "3 requests, 1 at most"),
        ("a draft", {"also": ("event-in-past",)}, "not named: event-in-past"),
        ("a draft", {"notes": ("clock.skew",)}, "not noted"),
        ("a draft", {"says": ("no such words",)}, "not said"),
        ("a draft", {"scopes": {"events:read": "missing"}}, "events:read is present"),
        ("a disabled key", {"alternatives": ("eaten by a dog",)}, "is not named"),
        ("a draft that waits for review", {"also": ()}, "named too"),
    ],
)  # fmt: skip
async def test_a_wrong_row_is_found_out(name: str, changes: dict[str, object], fault: str) -> None:
    row = BY_NAME[name]
    expect = msgspec.structs.replace(row.expect, **changes)
    result = await run(msgspec.structs.replace(row, expect=expect))
    assert any(fault in one for one in result.faults), result.faults


async def test_what_is_created_is_found_out() -> None:
    row = BY_NAME["what was built to be refused is accepted"]
    result = await run(msgspec.structs.replace(row, accepts=False))
    assert any("created" in one for one in result.faults), result.faults


async def test_after_a_429_in_mid_run_nothing_further_is_sent() -> None:
    """Pages are being read when another list's answer is 429: not one more goes out."""
    row = BY_NAME["the API asks to wait while pages are read"]
    assert row.answers is not None
    slow = {"/channels": msgspec.structs.replace(row.answers["/channels"], after_s=0.15)}
    result = await run(msgspec.structs.replace(row, answers=row.answers | slow))
    assert not result.faults
    assert result.session is not None
    assert result.session.requests_sent <= 1 + Budget().at_once
