"""Hypothesis strategies for sessions, for every part that turns one into something else."""

from datetime import UTC, datetime
from typing import Any, get_args

from hypothesis import settings
from hypothesis import strategies as st

from pinned_tui.core.clock import timestamp
from pinned_tui.session import (
    SCOPES,
    Answer,
    ApiError,
    Certainty,
    Channel,
    Consent,
    Considered,
    Cost,
    Exchange,
    Failure,
    Fate,
    KeyFacts,
    NextStep,
    Observation,
    Outcome,
    Planned,
    Proven,
    RateLimit,
    Request,
    Response,
    Run,
    ScopeState,
    Session,
    Standing,
    Status,
    Target,
    Tool,
    Verdict,
)

Texts = st.SearchStrategy[str]


def costly(times: int) -> int:
    """Return how many examples to draw where each costs as much as so many: one by default."""
    return max(1, settings().max_examples // times)


any_text: Texts = st.text(st.characters(codec="utf-8"), max_size=30)
"""Any text that UTF-8 can hold."""

_NATIVE = st.integers(-(2**63) + 1, 2**63 - 1)
"""Whole numbers that every reader of JSON keeps as they are."""
_COUNTS = st.integers(0, 10_000)
_NUMBERS = st.floats(0, 1e9, allow_nan=False)


def timestamps() -> Texts:
    """Moments as sessions write them."""
    moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - made UTC
    return moments.map(lambda moment: timestamp(moment.replace(tzinfo=UTC)))


def json_values(text: Texts = any_text) -> st.SearchStrategy[Any]:
    """JSON values that survive being written and read."""
    leaves = (
        st.none()
        | st.booleans()
        | _NATIVE
        | st.floats(allow_nan=False).filter(lambda number: abs(number) != float("inf"))
        | text
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=8,
    )


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _some(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


def _names(text: Texts) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(text, text, max_size=3)


def _scopes() -> st.SearchStrategy[dict[str, ScopeState]]:
    return st.dictionaries(st.sampled_from(SCOPES), st.sampled_from(ScopeState))


def verdicts(text: Texts = any_text) -> st.SearchStrategy[Verdict]:
    """Verdicts with any words."""
    return st.builds(
        Verdict,
        cause=text,
        certainty=st.sampled_from(Certainty),
        title=text,
        section=text,
        summary=text,
        fix=_some(text),
        verify=text,
        docs=text,
        evidence=_some(text),
        subject=_maybe(text),
        found=_maybe(text),
        suggestion=_maybe(text | _NATIVE),
        alternatives=_some(text),
        unknowable=_maybe(text),
    )


def considered(text: Texts = any_text) -> st.SearchStrategy[Considered]:
    """Causes considered, with any words, wherever they stand."""
    step = st.builds(NextStep, probe=text, title=text, cost=st.sampled_from(get_args(Cost)))
    return st.builds(
        Considered,
        cause=_maybe(text),
        title=text,
        standing=st.sampled_from(get_args(Standing)),
        why=text,
        subject=_maybe(text),
        speaks_for=_some(text),
        against=_some(text),
        next=_maybe(step),
    )


def proven(text: Texts = any_text) -> st.SearchStrategy[Proven]:
    """What became of causes found before, with any words."""
    return st.builds(
        Proven,
        cause=text,
        title=text,
        certainty=st.sampled_from(Certainty),
        fate=st.sampled_from(get_args(Fate)),
        why=text,
        subject=_maybe(text),
        evidence=_some(text),
    )


def key_facts(text: Texts = any_text) -> st.SearchStrategy[KeyFacts]:
    """What is told of a key."""
    return st.builds(KeyFacts, source=text, length=_COUNTS, shape=text)


def targets(text: Texts = any_text) -> st.SearchStrategy[Target]:
    """What a person asked about."""
    return st.builds(
        Target,
        base_url=text,
        channel_id=_maybe(_NATIVE),
        event_id=_maybe(_NATIVE | text),
        channel_given=_maybe(text),
        refused_elsewhere=st.booleans(),
        needs=_some(text),
        payload=_maybe(text),
    )


def exchanges(text: Texts = any_text) -> st.SearchStrategy[Exchange]:
    """Exchanges with an answer, a failure, both or neither."""
    error = st.builds(
        ApiError,
        code=text,
        message=text,
        request_id=_maybe(text),
        field=_maybe(text),
        issue=_maybe(text),
    )
    limit = st.builds(
        RateLimit,
        retry_after_s=_maybe(_NUMBERS),
        retry_at=_maybe(timestamps()),
        fields=_names(text),
    )
    response = st.builds(
        Response,
        status=st.integers(100, 999),
        reason=text,
        http_version=text,
        answered_by=st.sampled_from(("api", "edge", "other")) | text,
        headers=_names(text),
        content_type=_maybe(text),
        body_bytes=_COUNTS,
        excerpt=json_values(text),
        complete=st.booleans(),
        request_id=_maybe(text),
        error=_maybe(error),
        rate_limit=_maybe(limit),
    )
    request = st.builds(
        Request,
        method=text,
        url=text,
        headers=_names(text),
        body_bytes=_COUNTS,
        body=_maybe(text),
    )
    return st.builds(
        Exchange,
        id=text,
        run=text,
        probe=text,
        started_at=timestamps() | text,
        request=request,
        response=_maybe(response),
        timings_ms=st.dictionaries(st.just("total") | text, _NUMBERS, max_size=2),
        error=_maybe(st.builds(Failure, kind=text, message=text, phase=text)),
    )


def observations(text: Texts = any_text) -> st.SearchStrategy[Observation]:
    """Observations of the runs ``run-1`` and ``run-2``, or of any other."""
    return st.builds(
        Observation,
        id=text,
        run=st.sampled_from(("run-1", "run-2")) | text,
        probe=text,
        code=text,
        status=st.sampled_from(Status),
        summary=text,
        asked=st.booleans(),
        data=st.dictionaries(text, json_values(text), max_size=2),
        exchanges=_some(text),
    )


def runs(text: Texts = any_text) -> st.SearchStrategy[tuple[Run, ...]]:
    """Up to three runs, named as they are counted."""
    run = st.builds(
        Run,
        id=st.just(""),
        purpose=st.sampled_from(("check", "verify")),
        started_at=timestamps(),
        finished_at=_maybe(timestamps()),
        outcome=_maybe(st.sampled_from(Outcome)),
        verdicts=_some(verdicts(text), 2),
        scopes=_scopes(),
        requests_sent=_COUNTS,
        probes=_some(text),
        planned=_some(st.builds(Planned, probe=text, method=text, route=text)),
        target=_maybe(targets(text)),
        key=_maybe(key_facts(text)),
    )
    return st.lists(run, max_size=3).map(
        lambda made: tuple(
            Run(**{**{f: getattr(one, f) for f in Run.__struct_fields__}, "id": f"run-{number}"})
            for number, one in enumerate(made, start=1)
        )
    )


@st.composite
def sessions(draw: st.DrawFn, text: Texts = any_text) -> Session:
    """Sessions of any state, with ``text`` wherever there is text."""
    answer = st.builds(
        Answer,
        step=text,
        option=text,
        by=st.sampled_from(("evidence", "person")),
        at=timestamps(),
        text=_maybe(text),
    )
    consent = st.builds(
        Consent,
        probe=text,
        method=text,
        route=text,
        could_change=text,
        leaves=text,
        given=st.booleans(),
        how=st.sampled_from(("asked", "beforehand")),
        at=timestamps(),
    )
    return Session(
        id=draw(text),
        tool=draw(st.builds(Tool, name=text, version=text)),
        started_at=draw(timestamps()),
        finished_at=draw(_maybe(timestamps())),
        target=draw(targets(text)),
        key=draw(_maybe(key_facts(text))),
        section=draw(_maybe(text)),
        step=draw(_maybe(text)),
        outcome=draw(_maybe(st.sampled_from(Outcome))),
        verdicts=draw(_some(verdicts(text), 2)),
        considered=draw(_some(considered(text))),
        proof=draw(_some(proven(text), 2)),
        observations=draw(_some(observations(text))),
        exchanges=draw(_some(exchanges(text), 2)),
        scopes=draw(_scopes()),
        channels=draw(_some(st.builds(Channel, id=_NATIVE, name=text, slug=text))),
        answers=draw(_some(answer)),
        consents=draw(_some(consent, 2)),
        runs=draw(runs(text)),
        requests_sent=draw(_COUNTS),
    )
