"""The session that the user works on, and all that belongs to it. Draws nothing, runs nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from pinned_tui import session as sessions
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.core.clock import parse_timestamp, timestamp
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Observation, Session
from pinned_tui.tui.history_access import HistoryAccess
from pinned_tui.tui.services import ReferenceData, Services

if TYPE_CHECKING:
    from pinned_tui.checks.run import Progress
    from pinned_tui.diagnosis.engine import ReportedCause
    from pinned_tui.guide.model import Guide, Step, VendorRule
    from pinned_tui.guide.walker import StepView

LIMITED = frozenset({"rate-limited", "rate-limited-by-edge"})
"""Causes with which the API asks to wait."""


@dataclass
class SessionState:
    """What is known of the session in progress, for the controllers and the screens.

    Attributes:
        changed: Called after every change of what the screens show.
        session: The session as it is now, or None before the first check.
        section: The guide's section that was chosen; None is *not sure*.
        request: What the next check asks for; the key is in here and nowhere else.
        reference: The guide and the catalogue, once they are read.
        progress: Where the probes of the running, or the latest, check stand.
        running: Whether a check is running.
        generation: Counts the sessions, so that what comes late from an earlier one is known
            as such.
        answers_before_fix: How many answers were given before a fix was verified.
    """

    services: Services
    history: HistoryAccess
    changed: Callable[[], None]
    session: Session | None = None
    section: str | None = None
    request: RawCheckRequest = field(init=False)
    reference: ReferenceData | None = None
    progress: "dict[str, Progress]" = field(default_factory=dict)
    running: bool = False
    generation: int = 0
    answers_before_fix: int = 0
    _waits: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Ask for what the command line asks for, until the user asks for something else."""
        self.request = self.initial_request

    @property
    def initial_request(self) -> RawCheckRequest:
        """What the command line asks for, with the key that it handed over."""
        return replace(self.services.given, secret=self.services.secret)

    @property
    def now(self) -> str:
        """The current time, as it is written into sessions."""
        return timestamp(self.services.clock.now())

    @property
    def secrets(self) -> list[Secret]:
        """All keys of this run, none of which may get out."""
        return self.services.secrets

    @property
    def position(self) -> "GuidePosition | None":
        """Where the session is in the guide, once there is one."""
        if self.session is None or self.reference is None:
            return None
        return GuidePosition(self.reference.guide, self.session)

    @property
    def view(self) -> "StepView | None":
        """What to show at the current step; None at the verdict."""
        position = self.position
        return position.view if position is not None else None

    @property
    def has_section(self) -> bool:
        """Whether the session is in a section, whose questions can be answered."""
        return self.session is not None and self.session.section is not None

    @property
    def only_inspected(self) -> bool:
        """Whether the session holds inspections and no check yet."""
        runs = self.session.runs if self.session is not None else ()
        return bool(runs) and all(run.purpose == "inspect" for run in runs)

    def active(self) -> tuple[Session, ReferenceData]:
        """Return the session and the reference data; it is a mistake to ask before both exist."""
        if self.session is None or self.reference is None:
            raise RuntimeError("there is no session yet")
        return self.session, self.reference

    async def load_reference(self) -> ReferenceData:
        """Read the guide and the catalogue, the first time off the event loop."""
        if self.reference is None:
            self.reference = await ReferenceData.load(self.services)
        return self.reference

    # -- changes -------------------------------------------------------------------------------

    def begin_anew(self, section: str | None, request: RawCheckRequest) -> None:
        """Forget the session; the next one is about ``section``."""
        self.generation += 1
        self.session, self.section, self.request = None, section, request
        self.progress = {}
        self.answers_before_fix = 0

    def note(self, request: RawCheckRequest) -> None:
        """Take ``request`` for the next check."""
        self.request = request
        if request.secret is not None:
            self.guard(request.secret)

    def guard(self, secret: Secret) -> None:
        """Remember ``secret`` as one that must not get out in a report or a crash file."""
        if not any(known == secret for known in self.secrets):
            self.secrets.append(secret)

    def merge(self, checked: Session) -> None:
        """Take what a check learned; the answers given meanwhile stay."""
        self.session = checked if self.session is None else merged(self.session, checked)
        self.history.save_soon(self.session)
        self.changed()

    def conclude(self) -> None:
        """Bring the verdicts up to date with the answers, and save the session.

        While a check is running, it draws the conclusions itself once it ends.
        """
        from pinned_tui.checks.run import concluded

        if self.session is None or self.reference is None:
            return
        if not self.running:
            reported = reported_causes(
                self.session, self.reference.guide, since=self.answers_before_fix
            )
            self.session = concluded(self.session, self.reference.catalogue, reported)
        self.history.save_soon(self.session)

    # -- waiting -------------------------------------------------------------------------------

    def note_wait(self, base_url: str) -> None:
        """Remember how long the API at ``base_url`` asks to wait, where the last check says so."""
        if (until := retry_moment(self.session)) is not None:
            self._waits[base_url] = until

    def wait_until(self, base_url: str) -> datetime | None:
        """Return from when on the API at ``base_url`` may be asked again; None is now."""
        until = self._waits.get(base_url)
        return until if until is not None and until > self.services.clock.now() else None


@dataclass(frozen=True, slots=True)
class GuidePosition:
    """Where a session is in the guide."""

    guide: "Guide"
    session: Session

    @property
    def view(self) -> "StepView | None":
        """What to show at the current step; None at the verdict."""
        from pinned_tui.guide import walker

        return walker.current(self.guide, self.session)

    @property
    def ahead(self) -> "tuple[Step, ...]":
        """The steps that probably follow the current one."""
        from pinned_tui.guide import walker

        return walker.road_ahead(self.guide, self.session)

    @property
    def rules(self) -> "tuple[VendorRule, ...]":
        """The vendor's rules that the current step covers."""
        view = self.view
        return () if view is None else self.guide.rules_of(view.step)

    @property
    def shown(self) -> tuple[Observation, ...]:
        """What the checks observed about the subject of the current step."""
        view = self.view
        codes = () if view is None else view.step.shows
        return tuple(seen for seen in self.session.latest() if seen.code in codes)

    @property
    def section_title(self) -> str:
        """The title of the section, or an empty text where there is none."""
        section = self.guide.section(self.session.section)
        return section.title if section is not None else ""


def merged(walked: Session, checked: Session) -> Session:
    """Return what ``checked`` learned, at the place in the guide that ``walked`` has reached.

    A check begins with a copy of the session; the user goes on answering while it runs.
    """
    return sessions.replace(
        checked, section=walked.section, step=walked.step, answers=walked.answers
    )


def reported_causes(
    session: Session, guide: "Guide", *, since: int = 0
) -> "tuple[ReportedCause, ...]":
    """Return the causes that the user's answers conclude.

    Args:
        session: The session.
        guide: The guide whose questions were answered.
        since: How many answers were given before a fix was verified. They say nothing about what
            holds after it: only the checks do, until the user answers again.
    """
    from pinned_tui.diagnosis.engine import ReportedCause
    from pinned_tui.guide import walker
    from pinned_tui.guide.model import UNSURE

    given = {answer.step: number for number, answer in enumerate(session.answers)}
    return tuple(
        ReportedCause(
            cause=asked.cause,
            certainty=asked.certainty,
            subject=asked.subject,
            found=asked.text,
            unsure=asked.option == UNSURE,
        )
        for asked in walker.asked_causes(guide, session)
        if given.get(asked.step, -1) >= since
    )


def retry_moment(session: Session | None) -> datetime | None:
    """Return from when on the API may be asked again, where its leading verdict is a limit."""
    if session is None or session.first_cause not in LIMITED:
        return None
    run = session.run
    for exchange in reversed(session.exchanges):
        limit = exchange.response.rate_limit if exchange.response is not None else None
        if run is not None and exchange.run == run.id and limit is not None and limit.retry_at:
            try:
                return parse_timestamp(limit.retry_at)
            except ValueError:
                return None
    return None
