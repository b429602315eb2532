"""The scenario matrix, a test for each row, and what must hold for the matrix as a whole."""

import msgspec
import pytest

from pinned_tui.client.throttle import Budget
from pinned_tui.core.labels import gist
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.report import text
from pinned_tui.report.comparison import compare
from pinned_tui.sandbox.scenarios import Trouble
from tests.assumptions import ASSUMPTIONS
from tests.corpus.reading import items
from tests.matrix.model import HEALTHY, REFUSED, Mended, Situation, World, situations
from tests.matrix.runner import run
from tests.sampling import one_in

ROWS = situations()
BY_NAME = {row.name: row for row in ROWS}

NOTES = {
    "channel-on-later-page": "channels.later-page",
    "list-limit-capped": "list.limit-capped",
    "net-clock-skew": "clock.skew",
    "net-ipv6-broken": "network.ipv6",
    "response-cached": "answer.cached",
}
"""Live causes that are notes, with the observation by which they are told."""

NEVER_FIRST = {"event-link-refused"}
"""Live causes that are never more than possible: a site may refuse programs only. Rows demand that
they are named."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_what_is_said_first_is_right(row: Situation) -> None:
    result = await run(row)
    if result.skipped:
        pytest.skip(result.skipped)
    assert not result.faults, "\n".join([result.got, *result.faults])
    assert not result.unproved, "\n".join([result.got, *result.unproved])


def test_every_live_cause_is_told_by_a_row() -> None:
    live = {cause.id for cause in load_catalogue() if "live" in cause.found_by}
    first = {row.expect.cause for row in ROWS}
    noted = {code for row in ROWS for code in row.expect.notes}
    told = first | {cause for cause, code in NOTES.items() if code in noted}
    told |= {cause for row in ROWS for cause in row.expect.possible} & NEVER_FIRST
    told |= {"url-insecure-scheme"} if REFUSED in first else set()
    assert live - told == set()
    assert first.isdisjoint(NEVER_FIRST)


def test_every_assumption_is_false_somewhere() -> None:
    false_in = [row.assumption for row in ROWS if row.assumption is not None]
    pasted = [item.assumption for item in items() if item.assumption is not None]
    assert set(false_in) | set(pasted) == ASSUMPTIONS.keys()
    assert set(false_in) == ASSUMPTIONS.keys(), "each has a row over a real socket too"


NOT_MENDED = {
    "event-visible-by-api": "it explains what is seen, and there is nothing to mend",
    "event-link-refused": "never more than possible: people may see the page all the same",
    "symptom-not-reproduced": "nothing was found, so there is nothing to fix",
    "url-insecure-scheme": "nothing is sent, and another address is another session",
}
"""Live causes that no fix can be proved of, by their nature."""


def test_the_fix_of_every_live_cause_is_proved() -> None:
    live = {cause.id for cause in load_catalogue() if "live" in cause.found_by}
    mended = {row.expect.cause for row in ROWS if row.is_proved}
    for row in (row for row in ROWS if row.mended is not None):
        mended |= {*row.expect.may, *row.expect.possible}
    assert live - mended == set(NOT_MENDED) | set(NOTES) - {"net-ipv6-broken"}


@pytest.mark.parametrize("fate", ["asked differently", "not proven"])
def test_what_is_not_simply_gone_is_so_for_a_few(fate: str) -> None:
    other = [row for row in ROWS if row.mended is not None and row.mended.fate == fate]
    assert len(other) <= 4


SAME_AGAIN = tuple(
    {
        row.expect.cause: row for row in ROWS if row.is_proved and row.expect.outcome != HEALTHY
    }.values()
)
"""A situation of every cause that is mended somewhere."""


@pytest.mark.parametrize("row", one_in(3, SAME_AGAIN), ids=lambda row: row.expect.cause)
async def test_a_fix_that_changes_nothing_is_never_called_mended(row: Situation) -> None:
    result = await run(row, again=True)
    if result.skipped:
        pytest.skip(result.skipped)
    assert result.proof is not None
    comparison = compare(result.proof)
    assert comparison is not None
    assert comparison.gone == comparison.elsewhere == comparison.unproven == comparison.new == ()
    assert {one.fate for one in result.proof.proof} == {"staying"}
    assert result.proof.verdicts[0].cause == result.proof.runs[0].verdicts[0].cause
    assert "Not fixed" in text.render(result.proof)
    assert not gist(result.proof).startswith("Fixed")


def test_the_matrix_is_large_and_of_all_kinds() -> None:
    groups = {group: sum(row.group == group for row in ROWS) for group in {r.group for r in ROWS}}
    assert len(ROWS) >= 85
    assert groups.keys() == {"causes", "combinations", "near misses", "assumptions", "symptoms"}
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
        ("a draft", {"possible": ("event-draft",)}, "not named as possible"),
        ("a draft", {"notes": ("clock.skew",)}, "not noted"),
        ("a draft", {"without": ("event.draft",)}, "noted for nothing"),
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


@pytest.mark.parametrize(
    ("name", "changes", "fault"),
    [
        ("a draft", {"fate": "asked differently"}, "event-draft is gone, not asked differently"),
        ("a draft", {"outcome": "problem"}, "outcome healthy after the fix"),
        ("a draft", {"world": World()}, "event-draft is not proven, not gone"),
        ("a draft", {"ask": {"event": "5001"}}, "event-draft is asked differently, not gone"),
        ("a disabled key", {"ask": {"owner": "key-2"}}, "key-rejected is still found"),
        ("a disabled key", {"ask": {"channel": "204"}}, "newly found: channel-not-accessible"),
    ],
)  # fmt: skip
async def test_a_wrong_proof_is_found_out(
    name: str, changes: dict[str, object], fault: str
) -> None:
    row = BY_NAME[name]
    mended = msgspec.structs.replace(row.mended or Mended(), **changes)
    result = await run(msgspec.structs.replace(row, mended=mended))
    assert not result.faults
    assert any(fault in one for one in result.unproved), result.unproved


LIMITED_THEN = World(trouble=Trouble(rate_limited_s=40))
DOWN_THEN = World(trouble=Trouble(reachable=False))


@pytest.mark.parametrize(
    "name",
    ["a draft", "no scope to read events", "the channel is somebody else's", "a disabled key",
     "the API has an error of its own", "the same event twice", "only x-api-key is understood"],
)  # fmt: skip
@pytest.mark.parametrize("world", [LIMITED_THEN, DOWN_THEN], ids=["limited", "down"])
async def test_a_second_run_that_gets_nowhere_proves_nothing(name: str, world: World) -> None:
    limited = world is LIMITED_THEN
    mended = Mended(
        world=world,
        fate="not proven",
        outcome="problem" if limited else "inconclusive",
        may=("rate-limited" if limited else "net-refused",),
    )
    result = await run(msgspec.structs.replace(BY_NAME[name], mended=mended))
    assert [*result.faults, *result.unproved] == []


async def test_code_that_sends_the_other_header_is_another_question() -> None:
    row = BY_NAME["only Bearer is understood, and the code sends x-api-key"]
    mended = Mended(world=row.world, ask={"sends": "bearer"}, fate="asked differently")
    result = await run(msgspec.structs.replace(row, mended=mended))
    assert [*result.faults, *result.unproved] == []


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
    assert result.session.requests_sent <= 1 + Budget().at_once_untold
