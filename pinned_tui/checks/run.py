"""From what was seen to what it means: verdicts, why these and not others, and proof of a fix.

The engine judges; here it is given what it can't know by itself: the probes that there are, and
the questions of the guide.
"""

import os
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replace_ask
from typing import Any, Protocol, cast

import msgspec

from pinned_tui import __version__
from pinned_tui.api_spec.routes import parse_base_url
from pinned_tui.checks.model import ProbeObservation
from pinned_tui.checks.plan import MEANS, narrowed, plan
from pinned_tui.checks.probes import passive
from pinned_tui.checks.probes.links import destination
from pinned_tui.checks.request import CheckRequest, RawCheckRequest, understand
from pinned_tui.checks.runner import ProbeState, ProbeStep, Runner
from pinned_tui.client.client import ApiClient
from pinned_tui.client.network_env import survey
from pinned_tui.client.public_links import PUBLIC, Reach
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import Clock, timestamp
from pinned_tui.diagnosis.catalog import Catalog, load_catalogue
from pinned_tui.diagnosis.differential import Questions, consider
from pinned_tui.diagnosis.engine import Diagnosis, ReportedCause, diagnose
from pinned_tui.diagnosis.fix_verification import prove
from pinned_tui.diagnosis.symptoms import symptom_row
from pinned_tui.guide.loader import load_guide
from pinned_tui.guide.locate import question_about
from pinned_tui.guide.model import UNSURE
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import (
    NAMES_NO_FAULT,
    SCOPES,
    Certainty,
    Consent,
    Exchange,
    NextStep,
    Observation,
    Planned,
    Proven,
    Purpose,
    Run,
    ScopeState,
    Session,
    Status,
    Target,
    Tool,
    replace,
)
from pinned_tui.session.ids import new_id

_MOST_CHANNELS = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one probe stands.

    Attributes:
        probe: The probe's id; ``title`` is what it finds out, in words.
        message: What it waits for or what it found, one line.
        status: The weightiest status among its observations, once it is done.
    """

    probe: str
    title: str
    state: ProbeState
    message: str
    status: Status | None = None


class CheckListener(Protocol):
    """Follows a check while it runs. Called on the event loop, must not block."""

    def progressed(self, progress: Progress) -> None:
        """Take note of where a probe stands."""
        ...

    def advanced(self, session: Session) -> None:
        """Take the session as it is now; verdicts are those that hold so far."""
        ...


def new_session(
    ask: RawCheckRequest,
    *,
    base_url: str,
    clock: Clock,
    section: str | None = None,
    chance: random.Random | None = None,
) -> Session:
    """Begin a session: nothing is sent yet.

    Args:
        ask: What the user asks for.
        base_url: Scheme and host, as :func:`parse_base_url` returns it.
        clock: Tells when it begins.
        section: The section of the guide that the user chose, if any.
        chance: Where the session's id comes from; the system's by default.

    Raises:
        CheckRequestError: what is asked for can't be meant.
    """
    now = clock.now()
    return Session(
        id=new_id(f"{now:%Y%m%d}", chance),
        tool=Tool(version=__version__),
        started_at=timestamp(now),
        target=_target(ask, understand(ask), base_url),
        key=ask.secret.facts() if ask.secret else None,
        section=section,
        scopes=dict.fromkeys(SCOPES, ScopeState.NOT_PROBED),
    )


def _redactor(ask: RawCheckRequest, secrets: Iterable[Secret] = ()) -> Redactor:
    return Redactor([*([ask.secret] if ask.secret else []), *secrets])


def _target(
    ask: RawCheckRequest, asked: CheckRequest, base_url: str, redactor: Redactor | None = None
) -> Target:
    """Describe the target; a redactor, which takes time to make, only where there is a text."""

    def shown(text: str | None) -> str | None:
        if not text:
            return None
        return (redactor or _redactor(ask)).text(clean_line(text, limit=120))

    return Target(
        base_url=base_url,
        channel_id=asked.channel_id,
        event_id=asked.event_id,
        channel_given=shown(asked.channel_given),
        event_title=shown(asked.event_title),
        event_day=f"{asked.event_day:%Y-%m-%d}" if asked.event_day else None,
        expected_start=(f"{asked.expected_start:%Y-%m-%d %H:%M}" if asked.expected_start else None),
        refused_elsewhere=asked.refused_elsewhere,
        needs=tuple(sorted(ask.needs)),
        payload=shown(ask.payload_name),
        sends=ask.sends,
        duplicates=asked.twins,
        symptom=asked.symptom,
    )


async def run_check(
    session: Session,
    ask: RawCheckRequest,
    *,
    clock: Clock,
    listener: CheckListener,
    purpose: Purpose = "check",
    budget: Budget | None = None,
    environ: Mapping[str, str] | None = None,
    catalogue: Catalog | None = None,
    reported: Iterable[ReportedCause] = (),
    deciding: frozenset[str] | None = None,
    reach: Reach = PUBLIC,
    secrets: Iterable[Secret] = (),
) -> Session:
    """Run the probes that ``ask`` calls for and return the session with what came of it.

    Being cancelled ends the run in order: the listener gets the session with all that was learnt,
    marked as interrupted, before the cancellation is passed on.

    Args:
        session: From :func:`new_session`, or with earlier runs, which it keeps.
        ask: What the user asks for; a new key may come with it.
        clock: The clock.
        listener: Follows the run.
        purpose: A first check, one that verifies a fix, or a further look that adds to the run
            before.
        budget: The limits; the documented ones by default.
        environ: The environment, for proxy and certificate settings; the process's by default.
        catalogue: The causes; the packaged ones by default.
        reported: Causes that the user's answers conclude.
        deciding: Ids of the probes to run, with what they build on; all by default.
        reach: Which addresses an event's links may lead to; public ones by default.
        secrets: What else must not get into the session beside the key itself.

    Raises:
        CheckRequestError: what is asked for can't be meant.
        BaseUrlError: the session's base URL can't be used.
    """
    course = _Course(
        session, ask, clock, listener, purpose, catalogue or load_catalogue(), reported, secrets
    )
    base = parse_base_url(session.target.base_url)
    surroundings = survey(base, os.environ if environ is None else environ)
    async with ApiClient(
        base,
        ask.secret,
        surroundings,
        clock=clock,
        budget=budget or Budget(),
        run=course.run_id,
        first_number=len(session.exchanges) + 1,
        on_exchange=course.exchanges.append,
        redactor=course.redactor,
        reach=reach,
    ) as client:
        probes = plan(course.asked)
        if deciding is not None:
            probes = narrowed(probes, deciding)
        runner = Runner(probes, course.asked, client, surroundings, clock, course.step)
        course.runner = runner
        try:
            await runner.run()
        finally:
            course.finish()
    return course.session


@dataclass
class _Course:
    """A run as it grows, and the session that can be made of it at every moment."""

    before: Session
    ask: RawCheckRequest
    clock: Clock
    listener: CheckListener
    purpose: Purpose
    catalogue: Catalog
    reported: Iterable[ReportedCause]
    secrets: Iterable[Secret] = ()
    exchanges: list[Exchange] = field(default_factory=list)
    runner: Runner | None = None

    def __post_init__(self) -> None:
        self.asked = understand(self._with_earlier_channels(self.ask))
        self.run_id = f"run-{len(self.before.runs) + 1}"
        self.started_at = timestamp(self.clock.now())
        self.session = self.before
        self.redactor = _redactor(self.ask, self.secrets)  # costs some 15 ms, so it is made once

    def _with_earlier_channels(self, ask: RawCheckRequest) -> RawCheckRequest:
        """Add the channels that an earlier run of this very session listed."""
        earlier = {channel.id: self.before.started_at for channel in self.before.channels}
        return replace_ask(ask, listed_before={**ask.listed_before, **earlier})

    def step(self, step: ProbeStep) -> None:
        """Pass on where a probe stands, and the session whenever one has ended."""
        self.listener.progressed(
            Progress(
                probe=step.probe.id,
                title=step.probe.title,
                state=step.state,
                message=self.redactor.text(step.message),
                status=step.status,
            )
        )
        if step.state not in {"waiting", "running"}:
            self.session = self._assembled(finished=False)
            self.listener.advanced(self.session)

    def finish(self) -> None:
        """Close the run."""
        self.session = self._assembled(finished=True)
        self.listener.advanced(self.session)

    def _assembled(self, *, finished: bool) -> Session:
        now = timestamp(self.clock.now()) if finished else None
        found = self.runner.found if self.runner else None
        earlier = self.before
        channels = found.channels[:_MOST_CHANNELS] if found else ()
        target = _target(self.ask, self.asked, earlier.target.base_url, self.redactor)
        if target.channel_id is None and found and found.target.done():
            target = _with_channel(target, found.target.result())
        elif target.channel_id is None and self.purpose == "further":
            target = _with_channel(target, earlier.target.channel_id)
        run = Run(
            id=self.run_id,
            purpose=self.purpose,
            started_at=self.started_at,
            finished_at=now,
            scopes=self._known_scopes() | (found.scopes if found else {}),
            requests_sent=self.runner.client.sent if self.runner else 0,
            probes=tuple(probe.id for probe in self.runner.planned) if self.runner else (),
            planned=self._planned(),
            target=target,
            key=self.ask.secret.facts() if self.ask.secret else None,
        )
        session = replace(
            earlier,
            target=target,
            key=run.key,
            finished_at=now,
            observations=(*earlier.observations, *self._observations(finished=finished)),
            exchanges=(*earlier.exchanges, *sorted(self.exchanges, key=_number)),
            consents=(*earlier.consents, *self._consents()),
            channels=channels or earlier.channels,
            scopes=run.scopes,
            runs=(*earlier.runs, run),
            requests_sent=earlier.requests_sent + run.requests_sent,
        )
        session = concluded(session, self.catalogue, self.reported)
        return session if finished else _unfinished(session)

    def _known_scopes(self) -> dict[str, ScopeState]:
        """Return the scopes as a run begins: a further look knows what was found before it."""
        unknown = dict.fromkeys(SCOPES, ScopeState.NOT_PROBED)
        return unknown | (self.before.scopes if self.purpose == "further" else {})

    def _observations(self, *, finished: bool) -> list[Observation]:
        results = self.runner.results if self.runner else {}
        ordered = self.runner.planned if self.runner else ()
        seen = [(probe.id, one) for probe in ordered for one in results.get(probe.id, ())]
        if finished:
            limits = passive.read_fields(self.exchanges)
            seen += [(passive.LIMITS_ID, one) for one in limits]
            seen += [(passive.CACHING_ID, one) for one in passive.read_marks(self.exchanges)]
            seen += [(passive.CLOCK_ID, one) for one in passive.read_clocks(self.exchanges)]
            seen += [(passive.PAGE_SIZE_ID, one) for one in passive.read_limits(self.exchanges)]
        first = len(self.before.observations) + 1
        return [
            self._observation(number, probe, one)
            for number, (probe, one) in enumerate(seen, start=first)
        ]

    def _observation(self, number: int, probe: str, seen: ProbeObservation) -> Observation:
        return Observation(
            id=f"obs-{number}",
            run=self.run_id,
            probe=probe,
            code=seen.code,
            status=seen.status,
            summary=self.redactor.text(clean_line(seen.summary, limit=400)),
            asked=seen.asked,
            data=cast("dict[str, Any]", self.redactor.json(dict(seen.data))),
            exchanges=tuple(reply.exchange.id for reply in seen.replies),
        )

    def _planned(self) -> tuple[Planned, ...]:
        return tuple(
            Planned(
                probe=probe.id,
                method=probe.method,
                route=destination(probe, self.before, self.asked.event_id) or "",
                consent=probe.needs_consent,
            )
            for probe in (self.runner.planned if self.runner else ())
            if probe.method is not None
        )

    def _consents(self) -> list[Consent]:
        if self.runner is None:
            return []
        return [
            Consent(
                probe=probe.id,
                method=probe.method or "",
                route=destination(probe, self.before, self.asked.event_id) or "",
                could_change=probe.could_change,
                leaves=probe.leaves,
                given=probe.id in self.asked.consented,
                how=self.ask.how,
                at=self.started_at,
            )
            for probe in self.runner.planned
            if probe.needs_consent
        ]


def _number(exchange: Exchange) -> int:
    return int(exchange.id.removeprefix("x-"))


def _unfinished(session: Session) -> Session:
    """Take the outcome away: what a run comes to is known at its end, not before."""
    last = msgspec.structs.replace(session.runs[-1], outcome=None)
    return replace(session, outcome=None, runs=(*session.runs[:-1], last))


def _with_channel(target: Target, channel_id: int | None) -> Target:
    return msgspec.structs.replace(target, channel_id=channel_id)


def concluded(
    session: Session, catalogue: Catalog, reported: Iterable[ReportedCause] = ()
) -> Session:
    """Diagnose the latest run anew and write verdicts and outcome into the session. Quick.

    Args:
        session: The session; without a run only what was reported counts.
        catalogue: The causes.
        reported: Causes that the user's answers conclude.
    """
    reported = tuple(reported)
    diagnosis = diagnose(session, catalogue, reported)
    if session.before is not None and any(v.cause in NAMES_NO_FAULT for v in diagnosis.verdicts):
        proof = prove(_judged(session, diagnosis), catalogue)
        unproven = [one.title for one in proof if _may_still_be_there(one)]
        fixed = not unproven and any(_was_the_reason(one, session, catalogue) for one in proof)
        diagnosis = diagnose(session, catalogue, reported, unproven=unproven, fixed=fixed)
    session = _judged(session, diagnosis)
    considered = consider(session, diagnosis, catalogue, MEANS, _questions(session))
    return replace(session, considered=considered, proof=prove(session, catalogue))


def _may_still_be_there(one: Proven) -> bool:
    open_ = one.fate == "not proven" and one.certainty is not Certainty.POSSIBLE
    return open_ and one.cause not in NAMES_NO_FAULT


def _was_the_reason(one: Proven, session: Session, catalogue: Catalog) -> bool:
    """Return whether a fault is proved to be fixed that the user's symptom came from."""
    row, cause = symptom_row(session.target.symptom), catalogue.get(one.cause)
    found = one.fate == "gone" and one.certainty is not Certainty.POSSIBLE
    found = found and one.cause not in NAMES_NO_FAULT
    return found and row is not None and cause is not None and row.is_about(cause)


def _judged(session: Session, diagnosis: Diagnosis) -> Session:
    """Write verdicts and outcome into the session and its latest run."""
    runs = session.runs
    if runs:
        last = msgspec.structs.replace(
            runs[-1], verdicts=diagnosis.verdicts, outcome=diagnosis.outcome
        )
        runs = (*runs[:-1], last)
    return replace(session, verdicts=diagnosis.verdicts, outcome=diagnosis.outcome, runs=runs)


def _questions(session: Session) -> Questions:
    """Return what finds the guide's question about a cause that the user has not answered yet."""
    answered = {answer.step for answer in session.answers if answer.option != UNSURE}

    def about(cause: str) -> NextStep | None:
        step = question_about(load_guide(), cause)
        if step is None or step.id in answered:
            return None
        return NextStep(title=step.question, cost="asks", question=step.id)

    return about
