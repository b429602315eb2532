"""From what the checks found to the place in the guide; real checks of the sandbox among them."""

import random
import re

import pytest

from pinned_tui.checks.run import new_session, run_check
from pinned_tui.core.clock import SystemClock
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.guide import walker
from pinned_tui.guide.loader import build, load_guide
from pinned_tui.guide.locate import question_about
from pinned_tui.guide.model import VERDICT
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Certainty, Outcome, ScopeState, Session
from tests import samples
from tests.checks.follower import Follower, ask_for
from tests.guide.files import spoilt
from tests.guide.seen import FINISHED, seen, verdict

GUIDE = load_guide()
NAMED = re.compile(r"\(([a-z0-9-]+)\)\Z")
TITLES = {section.title: section.id for section in GUIDE.sections}


def way(session: Session) -> list[tuple[str, str]]:
    return [(answer.step, answer.option) for answer in session.answers]


def test_the_evidence_answers_up_to_where_it_needs_the_person() -> None:
    session = seen(
        "authentication.accepted",
        "scope.missing=fail",
        verdicts=[verdict("scope-missing", "events:read")],
        scopes={"channels:read": ScopeState.PRESENT, "events:read": ScopeState.MISSING},
    )
    entered = walker.enter_by_evidence(GUIDE, session)
    assert (entered.section, entered.step) == ("missing-scope", "scope-add")
    assert way(entered) == [
        ("scope-key", "accepted"),
        ("scope-call", "read"),
        ("scope-state", "missing"),
    ]
    assert {(answer.by, answer.at) for answer in entered.answers} == {("evidence", FINISHED)}


def _questions() -> list[tuple[str, str]]:
    """Return the causes that others can't be told apart from, and the questions about them."""
    catalogue = load_catalogue()
    named = {
        found[1]
        for cause in catalogue
        for text in cause.alternatives
        if (found := NAMED.search(text))
    }
    asked = [(name, question_about(GUIDE, name)) for name in sorted(named)]
    return [(name, step.id) for name, step in asked if step is not None]


@pytest.mark.parametrize(("cause", "step_id"), _questions())
def test_a_question_can_be_gone_to_and_its_answer_counts(cause: str, step_id: str) -> None:
    session = walker.go_to(GUIDE, seen("authentication.rejected=fail"), step_id)
    view = walker.current(GUIDE, session)
    assert view is not None
    assert view.step.id == step_id
    option = next(option for option in view.step.options if option.cause == cause)
    told = walker.answer(GUIDE, session, option.id, at=FINISHED)
    assert cause in {asked.cause for asked in walker.asked_causes(GUIDE, told)}


def test_on_the_way_to_a_question_what_the_person_answered_stays() -> None:
    session = walker.enter(GUIDE, seen("authentication.rejected=fail"), "unauthorized")
    session = walker.answer(GUIDE, session, "unsure", at=FINISHED)
    gone = walker.go_to(GUIDE, session, "401-same-value")
    assert gone.answers[:1] == session.answers
    assert {answer.by for answer in gone.answers[1:]} == {"evidence"}
    assert [stop.step.id for stop in walker.path(GUIDE, gone)][-1] == "401-same-value"
    again = walker.go_to(GUIDE, gone, "401-same-value")
    assert again == gone, "nothing is answered twice"


def test_a_step_that_is_not_there_can_t_be_gone_to() -> None:
    with pytest.raises(KeyError):
        walker.go_to(GUIDE, seen(), "401-nowhere")


def test_where_the_evidence_is_silent_on_the_way_it_says_so() -> None:
    session = seen("event.found", "event.past=fail", verdicts=[verdict("event-in-past", "5021")])
    entered = walker.enter_by_evidence(GUIDE, session)
    assert (entered.section, entered.step) == ("not-visible", "seen-date")
    assert way(entered) == [
        ("seen-found", "found"),
        ("seen-status", "unsure"),
        ("seen-review", "unsure"),
        ("seen-channel", "unsure"),
    ]
    view = walker.current(GUIDE, entered)
    assert view is not None
    assert view.preselected is not None
    assert view.preselected.id == "over"
    assert walker.back(GUIDE, entered).step == "seen-channel"


def test_it_stops_before_the_verdict_so_that_the_person_sees_why() -> None:
    session = seen("event.found", "event.draft=fail", verdicts=[verdict("event-draft", "5021")])
    entered = walker.enter_by_evidence(GUIDE, session)
    assert (entered.section, entered.step) == ("not-visible", "seen-status")


def test_evidence_that_would_lead_in_a_circle_does_not() -> None:
    old = 'id = "whole"\n'
    new = 'id = "circle"\nlabel = "x"\nnext = "401-accepted"\nevidence = ["cause:key-rejected"]\n'
    guide = build(spoilt("unauthorized.toml", old, f"{new}\n[[step.option]]\n{old}"))
    session = seen("authentication.rejected=fail", verdicts=[verdict("key-rejected")])
    entered = walker.enter_by_evidence(guide, session)
    assert (entered.step, way(entered)) == ("401-copied", [("401-accepted", "refused")])


@pytest.mark.parametrize(
    "session",
    [
        samples.plain(),
        seen("authentication.accepted", outcome=Outcome.HEALTHY),
        seen("network.connect=fail", verdicts=[verdict("net-refused")]),
        seen(verdicts=[verdict("key-rejected", certainty=Certainty.POSSIBLE)]),
        seen(verdicts=[verdict("key-lost", certainty=Certainty.LIKELY, told=True)]),
    ],
    ids=["new", "healthy", "network", "possible only", "told only"],
)
def test_without_a_finding_that_a_section_is_about_one_is_at_the_verdict(session: Session) -> None:
    entered = walker.enter_by_evidence(GUIDE, session)
    assert (entered.section, entered.step, entered.answers) == (None, VERDICT, ())
    assert walker.current(GUIDE, entered) is None
    assert walker.back(GUIDE, entered) == entered


@pytest.mark.parametrize(
    "cause",
    [c.id for c in load_catalogue().causes if c.section in TITLES],
)
def test_every_cause_of_a_section_leads_into_that_section(cause: str) -> None:
    entered = walker.enter_by_evidence(GUIDE, seen(verdicts=[verdict(cause)]))
    assert entered.section == TITLES[load_catalogue()[cause].section]
    asked = walker.current(GUIDE, entered) is not None
    assert asked is (cause != "key-missing")


def test_without_a_key_there_is_nothing_to_ask() -> None:
    session = seen("key.missing=fail", verdicts=[verdict("key-missing")])
    entered = walker.enter_by_evidence(GUIDE, session)
    assert (entered.section, entered.step) == ("unauthorized", VERDICT)
    assert entered.answers == ()


@pytest.mark.parametrize(
    ("scenario", "section", "step", "given"),
    [
        ("revoked-key", "unauthorized", "401-copied", None),
        ("missing-scope", "missing-scope", "scope-add", None),
        ("wrong-channel", "wrong-channel", "channel-pick", None),
        ("validation-error", "validation", "valid-ids", "foreign"),
        ("duplicate-events", "duplicates", "copies-header", None),
        ("rate-limited", "rate-limits", "rate-shared", None),
        ("lost-secret", "unauthorized", VERDICT, None),
        ("draft-event", "not-visible", "seen-status", "draft"),
        ("moderation-pending", "not-visible", "seen-review", "waiting"),
        ("healthy", None, VERDICT, None),
        ("server-error", None, VERDICT, None),
        ("unreachable", None, VERDICT, None),
    ],
)
async def test_a_real_check_points_to_its_place(
    scenario: str, section: str | None, step: str, given: str | None
) -> None:
    with Sandbox(scenario, rng=random.Random(7)) as sandbox:
        ask, clock = ask_for(sandbox.situation), SystemClock()
        session = new_session(ask, base_url=sandbox.base_url, clock=clock)
        session = await run_check(session, ask, clock=clock, listener=Follower(), environ={})
    entered = walker.enter_by_evidence(GUIDE, session)
    assert (entered.section, entered.step) == (section, step)
    view = walker.current(GUIDE, entered)
    preselected = view.preselected if view is not None else None
    assert (preselected.id if preselected is not None else None) == given
