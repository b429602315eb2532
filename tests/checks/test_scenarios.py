"""Every situation of the sandbox gets its verdict, its exit code, and its fix is proved."""

from collections.abc import Callable

import pytest

from pinned_tui.cli.check import EXIT_CODES
from pinned_tui.report.json_report import validate
from pinned_tui.sandbox.scenarios import scenario_names
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Outcome, Session, decode, encode
from tests.checks.follower import Checks, ask_for

Sandboxed = Callable[[str], Sandbox]


def cause_of(session: Session) -> str:
    return session.first_cause or ("healthy" if session.outcome is Outcome.HEALTHY else "none")


@pytest.mark.parametrize("name", scenario_names())
async def test_the_right_verdict_comes_first_and_the_fix_is_proved(
    name: str, sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed(name)
    expected = sandbox.expected
    first = await check(sandbox, ask_for(sandbox.situation))
    assert cause_of(first) == expected.cause
    assert first.outcome is not None
    assert EXIT_CODES[first.outcome] == expected.exit_code
    if expected.subject is not None:
        assert first.verdicts[0].subject == expected.subject

    mended = sandbox.fix()
    second = await check(sandbox, ask_for(mended.situation), after=first)
    assert cause_of(second) == expected.after_fix
    assert second.outcome is not None
    assert EXIT_CODES[second.outcome] == expected.after_fix_exit_code
    assert [run.outcome for run in second.runs] == [first.outcome, second.outcome]
    assert second.runs[0].verdicts == first.verdicts
    assert [one.fate for one in second.proof] == ["gone"] * len(first.verdicts)
    assert len({o.id for o in second.observations}) == len(second.observations)
    assert len({x.id for x in second.exchanges}) == len(second.exchanges)


@pytest.mark.parametrize("name", scenario_names())
async def test_a_session_survives_its_document_and_holds_no_key(
    name: str, sandboxed: Sandboxed, check: Checks
) -> None:
    import json

    sandbox = sandboxed(name)
    session = await check(sandbox, ask_for(sandbox.situation))
    document = encode(session)
    assert decode(document) == session
    assert validate(json.loads(document)) == []
    for secret in sandbox.secrets().values():
        assert secret.reveal().encode() not in document


@pytest.mark.parametrize("name", scenario_names())
async def test_nothing_is_created_or_changed(
    name: str, sandboxed: Sandboxed, check: Checks
) -> None:
    sandbox = sandboxed(name)
    await check(sandbox, ask_for(sandbox.situation))
    assert sandbox.state.created == ()
    assert sandbox.state.changed == ()
