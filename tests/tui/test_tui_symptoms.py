"""What the user came with is answered: by keyboard, with a key that may not read events."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pinned_tui.core.labels import gist
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import NOT_REPRODUCED, NOT_SURE, Outcome
from tests.sampling import one_in
from tests.tui.tui_stage import Stage, services, staged


@pytest.fixture
def without_events() -> Iterator[Sandbox]:
    """Serve an API whose key lacks ``events:read`` and nothing else."""
    with Sandbox("missing-scope") as sandbox:
        yield sandbox


async def enter_all_the_way(stage: Stage, digit: str, typed: str = "") -> None:
    """Choose a symptom on Home, and press nothing but Enter up to the verdict.

    Args:
        stage: The app.
        digit: Of the symptom.
        typed: What the first field of Connect needs, where it can't stay empty.
    """
    await stage.press(digit)
    await stage.on("connect")
    await stage.until(lambda: bool(stage.app.screen.query("LedgerView > *")))
    await stage.press(*typed, "enter")
    await stage.until(lambda: stage.page in {"step", "checking", "verdict"})
    await stage.idle()
    if digit != "0":
        await stage.walk()
    await stage.on("verdict")
    await stage.idle()


def given(sandbox: Sandbox) -> dict[str, object]:
    """Return where the API is, and the key."""
    return {"base_url": sandbox.base_url, "secret": sandbox.situation.secret}


@pytest.mark.parametrize(("digit", "symptom"), [("2", "403"), ("3", "scope")])
async def test_a_refusal_of_the_check_itself_explains_the_user_s(
    tmp_path: Path, without_events: Sandbox, digit: str, symptom: str
) -> None:
    async with staged(services(tmp_path, **given(without_events))) as stage:
        await enter_all_the_way(stage, digit)
        session = stage.session
        assert session.target.symptom == symptom
        assert (session.first_cause, session.verdicts[0].subject) == (
            "scope-missing", "events:read",
        )  # fmt: skip
        assert session.outcome is Outcome.PROBLEM
        assert "healthy" not in stage.text()
        assert "The key lacks the scope events:read" in stage.text()
    (entry,) = services(tmp_path).history.list()
    assert (entry.outcome, entry.cause) == (Outcome.PROBLEM, "scope-missing")


async def test_who_is_not_sure_is_told_of_the_refusal_first(
    tmp_path: Path, without_events: Sandbox
) -> None:
    async with staged(services(tmp_path, **given(without_events))) as stage:
        await enter_all_the_way(stage, "0")
        session = stage.session
        assert session.target.symptom == NOT_SURE
        assert [verdict.cause for verdict in session.verdicts] == [NOT_REPRODUCED, "scope-missing"]
        assert session.verdicts[1].subject == "events:read"
        assert session.outcome is Outcome.INCONCLUSIVE
        shown = stage.text()
        assert "Not explained yet" in shown
        assert "What to rule out next" in shown
        assert "1. The failing call may need events:read" in " ".join(shown.split())
        assert "✓ healthy" not in shown
        title = gist(session)
    (entry,) = services(tmp_path).history.list()
    assert (entry.outcome, entry.cause) == (Outcome.INCONCLUSIVE, NOT_REPRODUCED)
    assert entry.title == title
    assert title.startswith("Not explained yet")


@pytest.mark.parametrize("digit", one_in(3, "12345670"))
async def test_a_symptom_that_the_checks_do_not_see_is_never_green(
    tmp_path: Path, digit: str
) -> None:
    with Sandbox("healthy") as sandbox:
        async with staged(services(tmp_path, **given(sandbox))) as stage:
            await enter_all_the_way(stage, digit, typed="101" if digit == "4" else "")
            assert stage.session.first_cause == NOT_REPRODUCED
            assert stage.session.outcome is Outcome.INCONCLUSIVE
            untold = [verdict for verdict in stage.session.verdicts if not verdict.evidence]
            assert all(" may " in verdict.title for verdict in untold)
            assert "Not explained yet" in stage.text()
            assert "✓ healthy" not in stage.text()
