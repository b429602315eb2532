"""Sessions made by hand, for tests that need a particular one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pinned_tui.core.clock import timestamp
from pinned_tui.session import (
    Answer,
    ApiError,
    Certainty,
    Channel,
    Consent,
    Exchange,
    KeyFacts,
    Observation,
    Outcome,
    Request,
    Response,
    Run,
    ScopeState,
    Session,
    Status,
    Target,
    Tool,
    Verdict,
    replace,
)

BEGIN = datetime(2026, 11, 23, 22, 4, 5, tzinfo=UTC)


class TurnedClock:
    """A clock that stands still until it is turned."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def turn(self, span: timedelta) -> None:
        self._now += span


def plain(number: int = 1, **changes: Any) -> Session:
    """A small healthy session; a greater number is a later one."""
    session = Session(
        id=f"{number:08x}",
        tool=Tool(version="0.1.0"),
        started_at=timestamp(BEGIN + timedelta(minutes=number)),
        finished_at=timestamp(BEGIN + timedelta(minutes=number, seconds=2)),
        target=Target(base_url="https://pinned.events", channel_id=42),
        outcome=Outcome.HEALTHY,
    )
    return replace(session, **changes)


SCOPE_MISSING = Verdict(
    cause="scope-missing",
    certainty=Certainty.CONFIRMED,
    title="The key lacks the scope events:read",
    section="Missing scope",
    summary="The API accepts the key, and refuses to list events: its scopes don't allow it.",
    fix=("Open the key in the Developer Portal.", "Add the scope events:read, and only that one."),
    verify="Run the same check again: the list of events is then read.",
    docs="https://pinned.events/developers/docs/api-keys-and-scopes",
    evidence=("obs-2",),
    subject="events:read",
    alternatives=("A proxy answers in the API's name.",),
    unknowable="Only the key's owner sees its scopes, in the Developer Portal.",
)


def told() -> Session:
    """A session with a bit of everything: a missing scope, found, mended and verified."""
    begin = timestamp(BEGIN)
    refused = Exchange(
        id="x-1",
        run="run-1",
        probe="events",
        started_at=begin,
        request=Request(method="GET", url="https://pinned.events/api/public/v1/events?page=1"),
        response=Response(
            status=403,
            reason="Forbidden",
            answered_by="api",
            request_id="req_7",
            error=ApiError(code="insufficient_scope", message="The key has no events:read"),
        ),
        timings_ms={"total": 84.2},
    )
    listed = Exchange(
        id="x-2",
        run="run-2",
        probe="events",
        started_at=timestamp(BEGIN + timedelta(minutes=3)),
        request=refused.request,
        response=Response(status=200, reason="OK", answered_by="api"),
        timings_ms={"total": 1203.0},
    )
    return plain(
        finished_at=timestamp(BEGIN + timedelta(minutes=4)),
        started_at=begin,
        key=KeyFacts(source="environment", length=43, shape="letters, digits and _"),
        section="missing-scope",
        observations=(
            _seen("obs-1", "run-1", "authentication", Status.PASS, "The key is accepted."),
            _scope("obs-2", "run-1", Status.FAIL, "403: events:read is missing.", "x-1"),
            _seen("obs-3", "run-1", "payload", Status.SKIP, "Payload: not done, not agreed to."),
            _seen("obs-4", "run-2", "authentication", Status.PASS, "The key is accepted."),
            _scope("obs-5", "run-2", Status.PASS, "12 events were read.", "x-2"),
            _seen("obs-6", "run-2", "payload", Status.SKIP, "Payload: not done, not agreed to."),
        ),
        exchanges=(refused, listed),
        scopes={"events:read": ScopeState.PRESENT, "media:create": ScopeState.NOT_PROBED},
        channels=(Channel(id=42, name="Jazz & Blues", slug="jazz"),),
        answers=(Answer(step="scope-which", option="unsure", by="person", at=begin, text="list"),),
        consents=(
            Consent(
                probe="payload",
                method="POST",
                route="/events",
                could_change="nothing, as its channel can't exist",
                leaves="nothing",
                given=False,
                how="asked",
                at=begin,
            ),
        ),
        runs=(
            Run(
                id="run-1",
                purpose="check",
                started_at=begin,
                finished_at=begin,
                outcome=Outcome.PROBLEM,
                verdicts=(SCOPE_MISSING,),
                scopes={"events:read": ScopeState.MISSING},
                requests_sent=1,
            ),
            Run(
                id="run-2",
                purpose="verify",
                started_at=listed.started_at,
                finished_at=listed.started_at,
                outcome=Outcome.HEALTHY,
                scopes={"events:read": ScopeState.PRESENT},
                requests_sent=1,
            ),
        ),
        requests_sent=2,
    )


def answered() -> Session:
    """As :func:`told`, with a cause before the fix that nothing but an answer named."""
    session = told()
    first, latest = session.runs
    by_answer = Verdict(
        cause="auth-scheme-missing",
        certainty=Certainty.LIKELY,
        title="The word Bearer is missing",
        section="401 Unauthorized",
        summary="The header holds the key alone.",
        fix=("Put the word Bearer before the key.",),
        verify="Look at the header again.",
        docs="https://pinned.events/developers/docs/authentication",
        evidence=(),
    )
    fields = {name: getattr(first, name) for name in first.__struct_fields__}
    before = Run(**{**fields, "verdicts": (*first.verdicts, by_answer)})
    return replace(session, runs=(before, latest))


def failing() -> Session:
    """The same before it was mended: one run, one verdict."""
    session = told()
    return replace(
        session,
        outcome=Outcome.PROBLEM,
        verdicts=(SCOPE_MISSING,),
        observations=session.observations[:3],
        exchanges=session.exchanges[:1],
        scopes={"events:read": ScopeState.MISSING, "media:create": ScopeState.NOT_PROBED},
        runs=session.runs[:1],
        requests_sent=1,
    )


def _seen(
    name: str, run: str, probe: str, status: Status, summary: str, *exchanges: str
) -> Observation:
    return Observation(
        id=name,
        run=run,
        probe=probe,
        code=f"{probe}.seen",
        status=status,
        summary=summary,
        exchanges=exchanges,
    )


def _scope(name: str, run: str, status: Status, summary: str, exchange: str) -> Observation:
    """What the list of events told of the scope that it needs."""
    return Observation(
        id=name,
        run=run,
        probe="events",
        code="scope.present" if status is Status.PASS else "scope.missing",
        status=status,
        summary=summary,
        data={"scope": "events:read"},
        exchanges=(exchange,),
    )
