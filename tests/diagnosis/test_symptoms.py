"""What a named symptom makes of an outcome, and that nothing examined is never healthy."""

from typing import Any, get_args

import msgspec
import pytest

from pinned_tui.checks.run import concluded
from pinned_tui.cli import parser
from pinned_tui.diagnosis.catalog import CauseOutcome, load_catalogue
from pinned_tui.diagnosis.engine import Diagnosis, ReportedCause, diagnose
from pinned_tui.diagnosis.symptoms import load_symptoms, symptom_row
from pinned_tui.guide.loader import symptoms
from pinned_tui.session import (
    NAMES_NO_FAULT,
    NOT_REPRODUCED,
    NOT_SURE,
    SYMPTOMS,
    Certainty,
    Observation,
    Outcome,
    Purpose,
    Run,
    Session,
    Status,
    Symptom,
    Target,
    Tool,
    replace,
)

CATALOGUE = load_catalogue()
AT = "2026-11-23T12:00:00.000Z"
CHECKED = ("key", "network", "authentication", "channels", "events")
EVERY: tuple[Symptom, ...] = (*SYMPTOMS, NOT_SURE)

every_symptom = pytest.mark.parametrize("symptom", EVERY)


def seen(
    fact: str, outcome: Status = Status.FAIL, /, *, asked: bool = True, run: str = "run-1",
    **data: Any,
) -> Observation:  # fmt: skip
    return Observation(
        id=f"{fact}-{run}", run=run, probe=fact.partition(".")[0], code=fact, status=outcome,
        summary=f"saw {fact}", asked=asked, data=data,
    )  # fmt: skip


ACCEPTED = seen("authentication.accepted", Status.PASS)
LISTED = seen("channels.target-listed", Status.PASS, channel=7)
ABSENT = seen("channels.target-absent", channel=7, channels=[])
LACKS = seen(
    "scope.missing", Status.WARN, asked=False, scope="events:read", code="insufficient_scope",
    route="GET /events",
)  # fmt: skip
FORBIDDEN = seen(
    "scope.unknown", Status.UNKNOWN, asked=False, scope="events:read", code="forbidden",
    route="GET /events",
)  # fmt: skip
UNASKED = seen("run.unconsented", Status.SKIP, probe="create-scope", route="POST /events")
REFUSED_LATER = seen("scope.unknown", Status.UNKNOWN, asked=False, code="invalid_api_key")
FOUND = seen("event.found", Status.PASS, event="5", title="T")
PUBLISHED = seen("event.published", Status.PASS, event="5")


def session(
    *observations: Observation,
    symptom: Symptom | None = None,
    finished: bool = True,
    purpose: Purpose = "check",
    probes: tuple[str, ...] = CHECKED,
) -> Session:
    run = Run(
        id="run-1", purpose=purpose, started_at=AT, finished_at=AT if finished else None,
        probes=probes,
    )  # fmt: skip
    return Session(
        id="s", tool=Tool(version="0"), started_at=AT, observations=observations, runs=(run,),
        target=Target(base_url="https://pinned.events", symptom=symptom),
    )  # fmt: skip


def found(*observations: Observation, **changes: Any) -> Diagnosis:
    told = changes.pop("told", ())
    return diagnose(session(*observations, **changes), CATALOGUE, told)


def ranked(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    return [(verdict.cause, str(verdict.certainty)) for verdict in diagnosis.verdicts]


# The names are one list


def test_the_option_the_guide_and_the_words_know_the_same_symptoms() -> None:
    assert SYMPTOMS == parser._SYMPTOMS
    assert tuple(head.named for head in symptoms() if head.named) == SYMPTOMS
    assert {row.id for row in load_symptoms()} == set(EVERY)
    assert [head.id for head in symptoms() if head.named is None] == ["lost-secret"]


@every_symptom
def test_what_is_to_be_ruled_out_is_said_in_the_conditional(symptom: Symptom) -> None:
    row = symptom_row(symptom)
    assert row is not None
    for one in row.next:
        assert " may " in one.says
        assert CATALOGUE[one.cause].outcome in get_args(CauseOutcome)


# A symptom that was not met


@every_symptom
def test_a_named_symptom_that_was_not_met_is_never_healthy(symptom: Symptom) -> None:
    result = found(ACCEPTED, symptom=symptom)
    assert ranked(result) == [(NOT_REPRODUCED, "confirmed")]
    assert result.outcome is Outcome.INCONCLUSIVE
    (verdict,) = result.verdicts
    assert verdict.title.startswith("Not explained yet: ")
    assert verdict.evidence == (ACCEPTED.id,)
    row = symptom_row(symptom)
    assert row is not None
    assert verdict.fix[: len(row.next)] == tuple(one.says for one in row.next)


def test_nothing_is_said_of_a_symptom_that_nobody_named() -> None:
    assert found(ACCEPTED) == Diagnosis((), Outcome.HEALTHY)


@every_symptom
def test_before_the_end_nothing_is_said_of_what_was_not_met(symptom: Symptom) -> None:
    assert found(ACCEPTED, symptom=symptom, finished=False).verdicts == ()


@every_symptom
def test_what_was_left_open_comes_before_what_was_not_met(symptom: Symptom) -> None:
    result = found(ACCEPTED, UNASKED, symptom=symptom)
    assert [verdict.cause for verdict in result.verdicts] == ["check-incomplete"]


def test_a_probability_alone_does_not_explain_the_symptom() -> None:
    told = [ReportedCause("idempotency-key-missing", Certainty.POSSIBLE, unsure=True)]
    result = found(ACCEPTED, symptom="duplicates", told=told)
    assert ranked(result) == [
        (NOT_REPRODUCED, "confirmed"),
        ("idempotency-key-missing", "possible"),
    ]
    assert result.outcome is Outcome.INCONCLUSIVE


def test_what_the_checks_have_ruled_out_is_not_to_be_ruled_out_again() -> None:
    first = found(ACCEPTED, symptom="403").verdicts[0].fix
    listed = found(ACCEPTED, LISTED, symptom="403").verdicts[0].fix
    assert any("channel" in step for step in first)
    assert len(listed) == len(first) - 1


# A refusal that the check met itself


@pytest.mark.parametrize("symptom", ["403", "scope"])
def test_a_scope_refused_to_the_check_is_what_the_user_sees(symptom: Symptom) -> None:
    result = found(ACCEPTED, LACKS, symptom=symptom)
    assert ranked(result) == [("scope-missing", "likely")]
    assert result.outcome is Outcome.PROBLEM
    assert result.verdicts[0].subject == "events:read"
    assert result.verdicts[0].alternatives


@pytest.mark.parametrize("symptom", ["channel", "duplicates", "not-visible", NOT_SURE])
def test_a_scope_refused_to_the_check_is_the_first_to_rule_out(symptom: Symptom) -> None:
    told = [ReportedCause("key-old-copy-in-use", Certainty.POSSIBLE, unsure=True)]
    result = found(ACCEPTED, LACKS, symptom=symptom, told=told)
    assert ranked(result) == [
        (NOT_REPRODUCED, "confirmed"),
        ("scope-missing", "possible"),
        ("key-old-copy-in-use", "possible"),
    ]
    assert result.outcome is Outcome.INCONCLUSIVE
    first = result.verdicts[0]
    assert first.fix[0].startswith("The failing call may need events:read, which this key lacks")
    assert "as it should be" not in first.summary
    assert result.verdicts[1].title == "The key lacks the scope events:read"


@pytest.mark.parametrize("symptom", ["401", "429", "validation"])
def test_a_scope_refused_to_the_check_is_nothing_to_other_symptoms(symptom: Symptom) -> None:
    assert ranked(found(ACCEPTED, LACKS, symptom=symptom)) == [(NOT_REPRODUCED, "confirmed")]


def test_what_was_asked_for_comes_before_what_nobody_asked_for() -> None:
    result = found(ACCEPTED, LACKS, ABSENT, symptom="403")
    assert ranked(result) == [
        ("channel-not-accessible", "confirmed"),
        ("scope-missing", "possible"),
    ]
    open_ = found(ACCEPTED, LACKS, UNASKED, symptom="scope")
    assert ranked(open_) == [("check-incomplete", "confirmed"), ("scope-missing", "possible")]


def test_the_scope_of_the_user_s_own_call_comes_before_another_one() -> None:
    told = [ReportedCause("scope-missing", Certainty.LIKELY, subject="events:create")]
    result = found(ACCEPTED, LACKS, symptom="scope", told=told)
    subjects = [(v.subject, str(v.certainty)) for v in result.verdicts]
    assert subjects == [("events:create", "likely"), ("events:read", "possible")]


def test_a_403_without_a_reason_is_what_the_user_sees() -> None:
    result = found(ACCEPTED, FORBIDDEN, symptom="403")
    assert ranked(result) == [("forbidden-unexplained", "likely")]
    assert found(ACCEPTED, FORBIDDEN).verdicts == ()
    first = found(ACCEPTED, FORBIDDEN, symptom="channel")
    assert ranked(first) == [(NOT_REPRODUCED, "confirmed"), ("forbidden-unexplained", "possible")]
    assert "GET /events" in first.verdicts[0].fix[0]


@pytest.mark.parametrize("symptom", ["401", NOT_SURE])
def test_a_401_to_a_later_request_is_what_the_user_sees(symptom: Symptom) -> None:
    assert ranked(found(ACCEPTED, REFUSED_LATER, symptom=symptom)) == [("key-rejected", "likely")]
    assert found(ACCEPTED, REFUSED_LATER).outcome is Outcome.HEALTHY


# Explanations


def test_an_explanation_answers_its_own_symptom_and_no_other() -> None:
    shown = (ACCEPTED, FOUND, PUBLISHED)
    own = found(*shown, symptom="not-visible")
    assert [verdict.cause for verdict in own.verdicts] == ["event-visible-by-api"]
    assert own.outcome is Outcome.HEALTHY
    other = found(*shown, symptom="401")
    assert [v.cause for v in other.verdicts] == [NOT_REPRODUCED, "event-visible-by-api"]
    assert other.outcome is Outcome.INCONCLUSIVE


# After a fix


def again(
    before: Observation,
    *after: Observation,
    symptom: Symptom | None,
    told: tuple[ReportedCause, ...] = (),
) -> Session:
    """Conclude a run that saw ``before``, and one that verifies the fix and saw ``after``."""
    first = concluded(session(ACCEPTED, before, symptom=symptom), CATALOGUE, told)
    run = Run(id="run-2", purpose="verify", started_at=AT, finished_at=AT, probes=CHECKED)
    later = replace(first, observations=(*first.observations, *after), runs=(*first.runs, run))
    return concluded(later, CATALOGUE)


ACCEPTED_AGAIN = seen("authentication.accepted", Status.PASS, run="run-2")
LISTED_NOW = seen("channels.target-listed", Status.PASS, run="run-2", channel=7)
HAS_IT_NOW = seen("scope.present", Status.PASS, run="run-2", scope="events:read", asked=False)


def test_what_is_proved_to_be_fixed_answers_the_symptom() -> None:
    fixed = again(ABSENT, ACCEPTED_AGAIN, LISTED_NOW, symptom="403")
    assert fixed.outcome is Outcome.HEALTHY
    assert fixed.verdicts == ()
    scope = again(LACKS, ACCEPTED_AGAIN, HAS_IT_NOW, symptom="scope")
    assert [one.fate for one in scope.proof] == ["gone"]
    assert scope.outcome is Outcome.HEALTHY


def test_the_fix_of_something_else_leaves_the_symptom_unexplained() -> None:
    other = again(ABSENT, ACCEPTED_AGAIN, LISTED_NOW, symptom="429")
    assert [one.fate for one in other.proof] == ["gone"]
    assert other.first_cause == NOT_REPRODUCED
    unnamed = again(ABSENT, ACCEPTED_AGAIN, LISTED_NOW, symptom=NOT_SURE)
    assert unnamed.outcome is Outcome.HEALTHY


def test_a_fault_that_is_not_proved_to_be_fixed_is_named() -> None:
    left = again(ABSENT, ACCEPTED_AGAIN, symptom="403")
    assert left.first_cause == NOT_REPRODUCED
    assert left.verdicts[0].summary.startswith(
        "Not verified as fixed: This key can't use the channel ID 7."
    )


def test_a_symptom_that_was_not_met_is_nothing_to_be_fixed() -> None:
    twice = again(PUBLISHED, ACCEPTED_AGAIN, symptom="403")
    assert twice.proof == ()
    assert twice.first_cause == NOT_REPRODUCED
    assert twice.outcome is Outcome.INCONCLUSIVE


# Nothing examined

PRESENT = seen("key.present", Status.PASS)
REACHED = seen("network.connect", Status.PASS)
SKIPPED = seen("run.skipped", Status.SKIP, asked=False, reason="r")


@pytest.mark.parametrize(
    "observations",
    [(), (SKIPPED,), (PRESENT, REACHED), (LACKS,), (seen("x.y", Status.UNKNOWN, asked=False),)],
)
@pytest.mark.parametrize("symptom", [None, *EVERY])
def test_a_check_that_examined_nothing_is_never_healthy(
    observations: tuple[Observation, ...], symptom: Symptom | None
) -> None:
    result = found(*observations, symptom=None if LACKS in observations else symptom)
    assert result.outcome is Outcome.INCONCLUSIVE
    assert result.verdicts[0].cause == "check-incomplete"
    assert result.verdicts[0].title == "Nothing that was asked was examined"
    assert "as far as the checks went" not in result.verdicts[0].summary


def test_what_was_pasted_before_is_not_what_a_check_examines() -> None:
    pasted = seen("pasted.recognised", Status.PASS)
    aside = msgspec.structs.replace(pasted, probe="inspect")
    assert found(aside, PRESENT).outcome is Outcome.INCONCLUSIVE


def test_a_look_at_the_key_or_the_way_alone_may_be_all_that_was_asked() -> None:
    assert found(PRESENT, probes=("key",)).outcome is Outcome.HEALTHY
    assert found(REACHED, probes=("network",)).outcome is Outcome.HEALTHY


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        ({"kind": "log"}, Outcome.HEALTHY),
        ({"kind": "log", "judged": True}, Outcome.HEALTHY),
        ({"kind": "log", "judged": 3}, Outcome.HEALTHY),
        ({"kind": "log", "judged": False}, Outcome.INCONCLUSIVE),
        ({"kind": "log", "judged": 0}, Outcome.INCONCLUSIVE),
    ],
)
def test_an_input_of_which_nothing_was_judged_is_never_healthy(
    data: dict[str, Any], outcome: Outcome
) -> None:
    recognised = seen("pasted.recognised", Status.PASS, **data)
    result = found(recognised, purpose="inspect", probes=("inspect",))
    assert result.outcome is outcome
    if outcome is Outcome.INCONCLUSIVE:
        (verdict,) = result.verdicts
        assert verdict.cause == "input-unrecognised"
        assert verdict.title == "Nothing in it could be judged"
        assert verdict.evidence == (recognised.id,)


def test_a_fault_in_an_input_is_one_whatever_else_was_judged() -> None:
    recognised = seen("pasted.recognised", Status.PASS, judged=False)
    fault = seen(
        "pasted.fault", cause="key-placeholder", certainty="confirmed", subject=None, found="x",
        detail="It is a placeholder.",
    )  # fmt: skip
    result = found(recognised, fault, purpose="inspect", probes=("inspect",))
    assert [verdict.cause for verdict in result.verdicts] == ["key-placeholder"]
    assert result.outcome is Outcome.PROBLEM


def test_an_input_that_shows_nothing_at_all_is_never_healthy() -> None:
    result = found(purpose="inspect", probes=("inspect",))
    assert result.outcome is Outcome.INCONCLUSIVE
    assert [verdict.cause for verdict in result.verdicts] == ["input-unrecognised"]


# Texts of what nobody saw


@pytest.mark.parametrize("cause", [one.id for one in CATALOGUE if one.id not in NAMES_NO_FAULT])
def test_a_possibility_without_evidence_is_told_in_the_conditional(cause: str) -> None:
    neutral = seen("events.listed", Status.PASS)
    (verdict,) = found(
        neutral, told=[ReportedCause(cause, Certainty.POSSIBLE, unsure=True)]
    ).verdicts
    assert " may " in verdict.title
    assert verdict.summary == " ".join(CATALOGUE[cause].possible)


def test_who_can_not_tell_has_not_said_that_it_is_so() -> None:
    unsure = found(ACCEPTED, told=[ReportedCause("key-lost", Certainty.LIKELY, unsure=True)])
    said = found(ACCEPTED, told=[ReportedCause("key-lost", Certainty.LIKELY)])
    assert unsure.verdicts[0].title == "The key's secret may be lost"
    assert said.verdicts[0].title == "The key's secret is lost"
    assert {unsure.outcome, said.outcome} == {Outcome.PROBLEM}


def test_an_answer_claims_no_check_that_was_not_made() -> None:
    told = [ReportedCause("channel-access-lost", Certainty.LIKELY)]
    (verdict,) = found(ACCEPTED, told=told).verdicts
    assert verdict.title == "The key's owner has lost access to the channel that was given"
    assert "In an earlier session" not in verdict.summary


@pytest.mark.parametrize(
    ("cause", "title"),
    [
        ("idempotency-key-random", "Each attempt may use a new Idempotency-Key"),
        (
            "idempotency-key-time-based",
            "The Idempotency-Key may depend on the clock or the attempt",
        ),
    ],
)
def test_a_weak_sign_claims_no_more_than_it_shows(cause: str, title: str) -> None:
    fault = seen(
        "pasted.fault", Status.WARN, cause=cause, certainty="possible", subject=None, found=None,
        detail="One request shows it.",
    )  # fmt: skip
    recognised = seen("pasted.recognised", Status.PASS)
    (verdict,) = found(recognised, fault, purpose="inspect", probes=("inspect",)).verdicts
    assert verdict.title == title
