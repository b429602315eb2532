"""Ranking, silence behind a failed layer, what people tell, and what stays open."""

from typing import Any

import pytest

from pinned_tui.diagnosis.catalog import LAYERS, load_catalogue
from pinned_tui.diagnosis.engine import Diagnosis, ReportedCause, diagnose
from pinned_tui.session import (
    Certainty,
    Observation,
    Outcome,
    Run,
    Session,
    Status,
    Target,
    Tool,
)

CATALOGUE = load_catalogue()


def seen(
    fact: str, outcome: Status = Status.FAIL, /, *, asked: bool = True, **data: Any
) -> Observation:
    return Observation(
        id=fact, run="run-1", probe=fact.partition(".")[0], code=fact, status=outcome,
        summary=f"saw {fact}", asked=asked, data=data,
    )  # fmt: skip


def session(*observations: Observation, run: str = "run-1") -> Session:
    return Session(
        id="s", tool=Tool(version="0"), started_at="2026-11-23T12:00:00.000Z",
        target=Target(base_url="https://pinned.events"), observations=observations,
        runs=(Run(id=run, purpose="check", started_at="2026-11-23T12:00:00.000Z"),),
    )  # fmt: skip


def causes(diagnosis: Diagnosis) -> list[str]:
    return [verdict.cause for verdict in diagnosis.verdicts]


ACCEPTED = seen("authentication.accepted", Status.PASS)
KEY_REFUSED = seen("authentication.rejected", message="m", status=401, code="invalid_api_key")
LIMITED = seen("rate.limited", status=429, by_api=True, retry_at=None, wait_s=None)
SCOPE = seen("scope.missing", scope="events:read", code="insufficient_scope")
ABSENT = seen("channels.target-absent", channel=7, channels=[])
DRAFT = seen("event.draft", event="5", title="T")
DOWN = seen("network.connect", kind="refused", host="h", port=1, proxy=None)


def test_a_failed_layer_silences_what_lies_behind_it() -> None:
    assert causes(diagnose(session(DRAFT, SCOPE, DOWN), CATALOGUE)) == ["net-refused"]
    behind = diagnose(session(DRAFT, KEY_REFUSED), CATALOGUE)
    assert causes(behind) == ["key-rejected"]
    assert [finding.cause for finding in behind.silenced] == ["event-draft"]


def test_verdicts_are_ranked_by_layer() -> None:
    found = causes(diagnose(session(DRAFT, ABSENT, SCOPE, LIMITED), CATALOGUE))
    assert found == ["rate-limited", "scope-missing", "channel-not-accessible", "event-draft"]
    layers = [LAYERS.index(CATALOGUE[cause].layer) for cause in found]
    assert layers == sorted(layers)


def test_only_the_latest_run_counts() -> None:
    assert causes(diagnose(session(DRAFT, run="run-2"), CATALOGUE)) == []


def test_what_nobody_asked_for_does_not_alarm() -> None:
    unasked = seen("scope.missing", asked=False, scope="events:read")
    result = diagnose(session(ACCEPTED, unasked), CATALOGUE)
    assert result == Diagnosis((), Outcome.HEALTHY)


@pytest.mark.parametrize(
    ("cause", "refuted_by"),
    [
        ("body-malformed-json", seen("payload.readable", Status.PASS)),
        ("event-draft", seen("event.published", Status.PASS)),
        ("scope-missing", seen("scope.present", Status.PASS, scope="events:read")),
        ("duplicates-present", seen("events.no-duplicates", Status.PASS)),
    ],
)
def test_what_the_checks_refute_is_not_told_again(cause: str, refuted_by: Observation) -> None:
    told = ReportedCause(cause, Certainty.LIKELY, subject="events:read")
    assert causes(diagnose(session(), CATALOGUE, [told])) == [cause]
    assert cause not in causes(diagnose(session(refuted_by), CATALOGUE, [told]))


def test_another_scope_that_is_there_refutes_nothing() -> None:
    present = seen("scope.present", Status.PASS, scope="channels:read")
    told = ReportedCause("scope-missing", Certainty.LIKELY, subject="events:create")
    assert causes(diagnose(session(present), CATALOGUE, [told])) == ["scope-missing"]


def test_what_was_told_comes_after_a_failed_layer_and_is_not_lost() -> None:
    told = ReportedCause("idempotency-key-missing", Certainty.LIKELY)
    found = causes(diagnose(session(KEY_REFUSED), CATALOGUE, [told]))
    assert found == ["key-rejected", "idempotency-key-missing"]


def test_a_lost_key_is_not_also_reported_as_missing() -> None:
    missing = seen("key.missing")
    assert causes(diagnose(session(missing), CATALOGUE)) == ["key-missing"]
    told = ReportedCause("key-lost", Certainty.LIKELY)
    diagnosis = diagnose(session(missing), CATALOGUE, [told])
    assert causes(diagnosis) == ["key-lost"]
    assert diagnosis.verdicts[0].evidence == (missing.id,)  # it rests on what it explains


def test_who_stopped_the_check_is_told_so_and_not_of_a_finding() -> None:
    left = [seen("run.interrupted", Status.SKIP, reason="the check was interrupted")] * 2
    (verdict,) = diagnose(session(*left), CATALOGUE).verdicts
    assert verdict.title == "You stopped the check before it was done"
    assert verdict.summary.startswith("You stopped the check before it was done.")
    assert "interrupted" not in verdict.summary
    assert "Nothing is wrong" not in verdict.summary


def test_a_fault_that_is_not_proven_mended_is_not_denied() -> None:
    skipped = seen("run.unconsented", Status.SKIP, probe="payload", route="POST /events")
    unproven = ["The API refuses coverImage"]
    (verdict,) = diagnose(session(skipped), CATALOGUE, unproven=unproven).verdicts
    assert verdict.summary.startswith("Not verified as fixed: The API refuses coverImage.")
    assert "Nothing is wrong" not in verdict.summary


def test_a_probe_without_consent_leaves_the_question_open_and_says_so() -> None:
    skipped = seen("run.unconsented", Status.SKIP, probe="create-scope", route="POST /events")
    result = diagnose(session(skipped), CATALOGUE)
    assert causes(result) == ["check-incomplete"]
    assert result.outcome is Outcome.INCONCLUSIVE
    assert "POST /events" in result.verdicts[0].fix[0]
    assert "saw run.unconsented" in result.verdicts[0].summary


def test_an_explanation_and_a_mere_possibility_are_healthy() -> None:
    found = seen("event.found", Status.PASS, event="5", title="T")
    result = diagnose(session(found), CATALOGUE)
    assert causes(result) == ["event-visible-by-api"]
    assert result.outcome is Outcome.HEALTHY
    possible = ReportedCause("key-header-stripped", Certainty.POSSIBLE)
    result = diagnose(session(ACCEPTED), CATALOGUE, [possible])
    assert causes(result) == ["key-header-stripped"]
    assert result.outcome is Outcome.HEALTHY


def test_a_problem_goes_before_a_possibility_and_an_explanation_last() -> None:
    found = seen("event.found", Status.PASS, event="5", title="T")
    told = [ReportedCause("key-header-stripped", Certainty.POSSIBLE)]
    result = diagnose(session(found, ABSENT), CATALOGUE, told)
    assert causes(result) == [
        "channel-not-accessible", "key-header-stripped", "event-visible-by-api",
    ]  # fmt: skip


def test_every_rule_s_cause_is_in_the_catalogue_with_words() -> None:
    faults = [seen("answer.none", kind=kind) for kind in ("slow", "interrupted", "too-large")]
    for fault in [*faults, LIMITED, SCOPE, ABSENT, DRAFT, DOWN, KEY_REFUSED]:
        for verdict in diagnose(session(fault), CATALOGUE).verdicts:
            assert verdict.title
            assert verdict.summary
            assert verdict.fix
            assert verdict.verify
            assert verdict.docs.startswith("https://pinned.events/developers/docs/")
            assert "{" not in verdict.summary + "".join(verdict.fix)
