"""Conditions are read strictly and hold exactly where the session says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.guide.conditions import Condition, ConditionError, ConditionTerm, parse
from pinned_tui.guide.loader import load_guide
from pinned_tui.guide.paths import preselected
from pinned_tui.session import (
    SCOPES,
    Answer,
    Certainty,
    Outcome,
    Run,
    ScopeState,
    Session,
    Status,
    replace,
)
from pinned_tui.session.codes import CODES
from tests import samples
from tests.guide.seen import AT, seen, verdict

SESSION = seen(
    "authentication.accepted",
    "event.draft=fail",
    verdicts=(
        verdict("scope-missing", "events:read"),
        verdict("payload-rejected", "offers[1].url"),
        verdict("key-lost", certainty=Certainty.LIKELY, told=True),
    ),
    scopes={
        "channels:read": ScopeState.PRESENT,
        "events:read": ScopeState.MISSING,
        "events:create": ScopeState.NOT_PROBED,
    },
    answers=(
        Answer(step="401-where", option="browser", by="person", at=AT),
        Answer(step="401-where", option="local", by="person", at=AT),
    ),
)


@pytest.mark.parametrize(
    "condition",
    [
        "cause:scope-missing",
        "cause:scope-missing=events:read",
        "cause:payload-rejected=offers",
        "cause:payload-rejected=offers[1]",
        "outcome:problem",
        "scope:channels:read=present",
        "scope:events:read=missing",
        "scope:events:create=unknown",
        "scope:media:create=unknown",
        "observed:authentication.accepted",
        "observed:authentication.accepted=pass",
        "observed:event.draft=fail",
        "answer:401-where=local",
        "not cause:key-rejected",
        "not outcome:healthy and scope:events:read=missing",
        "observed:event.draft and not observed:event.published",
    ],
)
def test_what_holds(condition: str) -> None:
    assert Condition.of(SESSION).holds(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "cause:key-rejected",
        "cause:key-lost",
        "cause:scope-missing=events:create",
        "cause:payload-rejected=off",
        "outcome:healthy",
        "scope:channels:read=missing",
        "scope:events:create=missing",
        "observed:event.published",
        "observed:event.draft=pass",
        "answer:401-where=browser",
        "answer:401-state=active",
        "not observed:event.draft",
        "observed:event.draft and observed:event.published",
    ],
)
def test_what_does_not_hold(condition: str) -> None:
    assert not Condition.of(SESSION).holds(condition)


def test_only_the_latest_run_counts() -> None:
    verifying = Run(id="run-2", purpose="verify", started_at=AT)
    later = replace(SESSION, runs=(*SESSION.runs, verifying))
    assert not Condition.of(later).holds("observed:event.draft")


def test_nothing_holds_before_the_first_run() -> None:
    evidence = Condition.of(samples.plain(outcome=None))
    assert not evidence.holds("observed:authentication.accepted")
    assert not evidence.holds("outcome:healthy")
    assert evidence.holds("scope:events:read=unknown")


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        ("2026-11-23T22:09:59.999Z", True),
        ("2026-11-23T22:10:00.000Z", False),
        ("2026-11-23T22:10:00.001Z", False),
    ],
)
def test_a_run_is_after_an_answer_when_it_began_later(at: str, holds: bool) -> None:
    earlier = Answer(step="lost-create", option="later", by="person", at="2026-11-23T22:00:00.000Z")
    latest = Answer(step="lost-create", option="done", by="person", at=at)
    session = seen("authentication.rejected", answers=(earlier, latest))
    assert Condition.of(session).holds("run-after:lost-create") is holds
    assert not Condition.of(session).holds("run-after:lost-deploy")


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("", "begins with none of"),
        ("draft", "begins with none of"),
        ("weather:fine", "begins with none of"),
        ("cause:", "names nothing"),
        ("cause:a b", "has a space"),
        ("cause:a and", "has a space"),
        ("cause:a and ", "begins with none of"),
        ("cause:a=", "has nothing behind the ="),
        ("outcome:fine", "'fine' is none of healthy"),
        ("outcome:healthy=yes", "takes no ="),
        ("scope:events:read", "needs ="),
        ("scope:events:read=maybe", "'maybe' is none of present"),
        ("scope:events:rule=missing", "'events:rule' is none of channels:read"),
        ("observed:event.draft=broken", "'broken' is none of pass"),
        ("observed:event.drafty", "no probe observes 'event.drafty'"),
        ("answer:401-where", "needs ="),
        ("run-after:401-where=browser", "takes no ="),
        ("not not cause:a", "begins with none of"),
    ],
)
def test_what_can_not_be_read_is_refused_by_name(condition: str, told: str) -> None:
    with pytest.raises(ConditionError) as raised:
        parse(condition)
    assert told in str(raised.value)
    assert repr(condition) in str(raised.value)


_NAMES = st.from_regex(r"[a-z][a-z0-9.-]{0,12}", fullmatch=True)
_TERMS = st.one_of(
    st.builds(ConditionTerm, st.just("cause"), _NAMES, st.none() | _NAMES, st.booleans()),
    st.builds(
        ConditionTerm, st.just("outcome"), st.sampled_from(Outcome), st.none(), st.booleans()
    ),
    st.builds(
        ConditionTerm,
        st.just("scope"),
        st.sampled_from(SCOPES),
        st.sampled_from(("present", "missing", "unknown")),
        st.booleans(),
    ),
    st.builds(
        ConditionTerm,
        st.just("observed"),
        st.sampled_from(sorted(CODES)),
        st.none() | st.sampled_from(Status),
        st.booleans(),
    ),
    st.builds(ConditionTerm, st.just("answer"), _NAMES, _NAMES, st.booleans()),
    st.builds(ConditionTerm, st.just("run-after"), _NAMES, st.none(), st.booleans()),
)


@given(st.lists(_TERMS, min_size=1, max_size=4))
def test_what_is_written_is_read_back(terms: list[ConditionTerm]) -> None:
    assert parse(" and ".join(map(str, terms))) == tuple(terms)


@given(st.text(max_size=40) | st.lists(_TERMS, max_size=3).map(lambda t: " and".join(map(str, t))))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        terms = parse(text)
    except ConditionError:
        return
    assert parse(" and ".join(map(str, terms))) == terms


@given(chosen=st.integers(0), term=_TERMS)
def test_a_term_and_its_negation_never_agree(
    any_sessions: list[Session], chosen: int, term: ConditionTerm
) -> None:
    evidence = Condition.of(any_sessions[chosen % len(any_sessions)])
    opposite = ConditionTerm(term.subject, term.name, term.state, negated=not term.negated)
    assert evidence.holds(str(term)) is not evidence.holds(str(opposite))


def test_a_channel_that_was_asked_for_answers_before_a_scope_that_nobody_asked_for() -> None:
    section = load_guide().section("forbidden")
    assert section is not None
    code = section.step("403-code")
    assert code is not None
    scope = verdict("scope-missing", "events:read", Certainty.POSSIBLE)
    alone = seen("scope.missing=warn", verdicts=[scope])
    beside = seen("scope.missing=warn", verdicts=[verdict("channel-not-accessible", "7"), scope])
    asked = seen("scope.missing=fail", verdicts=[verdict("scope-missing", "events:read")])
    chosen = [preselected(code, Condition.of(one)) for one in (alone, beside, asked)]
    assert [one.id if one else None for one in chosen] == ["scope", "forbidden", "scope"]
