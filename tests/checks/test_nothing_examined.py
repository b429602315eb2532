"""A check that got to nothing of what was asked is never healthy, over a real socket."""

import pytest

from pinned_tui.checks.plan import about
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.client.throttle import Budget
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import SYMPTOMS, Outcome, Symptom
from tests.checks.scripted import CHANNELS, EVENTS, KEY, checked, error, http, serving

HEALTHY = {"/channels": CHANNELS, "/events": EVENTS}
NO_KEY = http("401 Unauthorized", error("invalid_api_key"))


@pytest.mark.parametrize("symptom", [None, *SYMPTOMS])
async def test_a_check_without_time_concludes_nothing(symptom: Symptom | None) -> None:
    ask = RawCheckRequest(Secret(KEY, source="test"))
    async with serving(HEALTHY) as base_url:
        session = await checked(
            base_url, about(ask, symptom) if symptom else ask, Budget(check_s=0)
        )
    assert session.outcome is Outcome.INCONCLUSIVE
    assert session.first_cause == "check-incomplete"
    assert session.exchanges == ()


@pytest.mark.parametrize(
    ("status", "code", "cause", "outcome"),
    [
        ("403 Forbidden", "forbidden", "forbidden-unexplained", Outcome.PROBLEM),
        ("403 Forbidden", "insufficient_scope", None, Outcome.HEALTHY),
        ("403 Forbidden", "no_such_code", "check-incomplete", Outcome.INCONCLUSIVE),
        ("404 Not Found", "not_found", "url-wrong-path", Outcome.PROBLEM),
        ("405 Method Not Allowed", "method", "method-wrong", Outcome.PROBLEM),
        ("400 Bad Request", "invalid_request", "check-incomplete", Outcome.INCONCLUSIVE),
        ("409 Conflict", "conflict", "check-incomplete", Outcome.INCONCLUSIVE),
        ("418 Teapot", "teapot", "check-incomplete", Outcome.INCONCLUSIVE),
    ],
)
async def test_an_odd_response_to_the_plain_question_is_never_healthy(
    status: str, code: str, cause: str | None, outcome: Outcome
) -> None:
    answers = {
        "/channels": http(status, error(code, requestId="r-7")),
        "keyless /channels": NO_KEY,
        "/events": EVENTS,
    }
    async with serving(answers) as base_url:
        session = await checked(base_url)
    assert session.first_cause == cause
    assert session.outcome is outcome
