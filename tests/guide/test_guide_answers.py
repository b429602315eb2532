"""Whatever is answered on the way: no claim that nobody saw, and nothing healthy over a symptom."""

import random
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.checks.plan import symptom_of
from pinned_tui.checks.run import concluded
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.guide import walker
from pinned_tui.guide.loader import load_guide
from pinned_tui.guide.model import LATER, TYPED, UNSURE, VERDICT, Option, Step
from pinned_tui.guide.paths import where
from pinned_tui.session import (
    NAMES_NO_FAULT,
    Certainty,
    Observation,
    Outcome,
    Run,
    Session,
    Status,
    Target,
    Tool,
    Verdict,
)
from pinned_tui.tui.state import reported_causes

GUIDE, CATALOGUE = load_guide(), load_catalogue()
NAMED = [section.id for section in GUIDE.sections if symptom_of(section.id) is not None]
AT = "2026-11-23T12:00:00.000Z"
LONGEST = 40


def begun(section: str) -> Session:
    """Return a session at the first question of a section; its check found nothing wrong."""
    accepted = Observation(
        id="obs-1", run="run-1", probe="authentication", code="authentication.accepted",
        status=Status.PASS, summary="The API accepts the key.",
    )  # fmt: skip
    run = Run(
        id="run-1", purpose="check", started_at=AT, finished_at=AT, probes=("authentication",)
    )
    session = Session(
        id="s", tool=Tool(version="0"), started_at=AT, observations=(accepted,), runs=(run,),
        target=Target(base_url="https://pinned.events", symptom=symptom_of(section)),
    )  # fmt: skip
    return walker.enter(GUIDE, session, section)


def at_the_end(session: Session) -> Session:
    return concluded(session, CATALOGUE, reported_causes(session, GUIDE))


def silent(step: Step) -> Option:
    """Return the answer of who does not know, or leaves it for later."""
    own = (step.option(name) for name in (UNSURE, LATER))
    return next((one for one in own if one is not None), step.options[-1])


def claims_nothing(verdict: Verdict) -> bool:
    return " may " in verdict.title and verdict.summary == " ".join(
        CATALOGUE[verdict.cause].possible
    )


def test_every_symptom_of_home_is_walked() -> None:
    assert len(NAMED) == len(GUIDE.sections) - 1


@pytest.mark.parametrize("section", [one.id for one in GUIDE.sections])
def test_who_never_knows_is_told_nothing_as_a_fact(section: str) -> None:
    session = begun(section)
    while session.step != VERDICT:
        _, step = where(GUIDE, session)
        assert step is not None
        session = walker.answer(GUIDE, session, silent(step).id, at=AT)
    session = at_the_end(session)
    untold = [v for v in session.verdicts if not v.evidence and v.cause not in NAMES_NO_FAULT]
    assert [v.cause for v in untold if not claims_nothing(v)] == []
    if section in NAMED:
        assert session.outcome is Outcome.INCONCLUSIVE
        assert session.first_cause == "symptom-not-reproduced"


@given(st.sampled_from(NAMED), st.randoms(use_true_random=False))
def test_any_answers_give_no_claim_without_evidence_and_nothing_healthy(
    section: str, chance: random.Random
) -> None:
    session, steps = begun(section), count()
    while session.step != VERDICT and next(steps) < LONGEST:
        _, step = where(GUIDE, session)
        assert step is not None
        option = chance.choice(step.options)
        text = "x" if option.id == TYPED else None
        session = walker.answer(GUIDE, session, option.id, at=AT, text=text)
    session = at_the_end(session)
    for verdict in session.verdicts:
        if verdict.certainty is Certainty.POSSIBLE and not verdict.evidence:
            assert claims_nothing(verdict)
    explained = any(
        CATALOGUE[v.cause].outcome == "explanation" and v.certainty is not Certainty.POSSIBLE
        for v in session.verdicts
    )
    if session.outcome is Outcome.HEALTHY:
        assert explained
