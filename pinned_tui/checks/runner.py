"""Runs the planned probes: independent ones side by side, dependent ones in order.

A probe that finds the way blocked halts the run; what has not begun is then skipped with the
reason, since its failure would only repeat the first one. What was learnt is kept whatever
happens: :attr:`Runner.results` is complete at every moment, and a probe that is cut short leaves
what it has seen so far.
"""

import asyncio
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pinned_tui.checks.model import Probe, ProbeContext, ProbeFindings, ProbeObservation
from pinned_tui.checks.observations import observe, phrase
from pinned_tui.checks.request import CheckRequest
from pinned_tui.client.client import ApiClient
from pinned_tui.client.network_env import NetworkEnv
from pinned_tui.core.clock import Clock
from pinned_tui.session import Status

ProbeState = Literal["waiting", "running", "done", "skipped", "cancelled"]


@dataclass(frozen=True, slots=True)
class ProbeStep:
    """A change in the state of one probe.

    Attributes:
        message: What it waits for or what it found, one line.
        status: The weightiest status among what it saw, once it is done.
    """

    probe: Probe
    state: ProbeState
    message: str
    status: Status | None = None


@dataclass
class Runner:
    """One run of the planned probes.

    Attributes:
        on_step: Told of every change of a probe's state.
        results: What each probe saw, by its id; a probe that has not ended is not in it.
        crashes: What probes raised, mistakes of pinned-tui itself.
        halted: Why nothing further is sent, or None.
    """

    planned: tuple[Probe, ...]
    asked: CheckRequest
    client: ApiClient
    surroundings: NetworkEnv
    clock: Clock
    on_step: Callable[[ProbeStep], None]
    results: dict[str, list[ProbeObservation]] = field(default_factory=dict)
    crashes: list[Exception] = field(default_factory=list)
    halted: str | None = None

    async def run(self) -> None:
        """Run all probes within the budget of the check.

        Running out of time ends the run with an observation; being cancelled does so too and is
        passed on.
        """
        loop = asyncio.get_running_loop()
        self.found = ProbeFindings(target=loop.create_future(), events=loop.create_future())
        self._done = {probe.id: asyncio.Event() for probe in self.planned}
        self._left: dict[str, Callable[[], list[ProbeObservation]]] = {}
        seconds = self.client.budget.check_s
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for probe in self.planned:
                    self.on_step(ProbeStep(probe, "waiting", "waiting"))
                    group.create_task(self._one(probe), name=probe.id)
        except TimeoutError:
            self._give_up_on_the_first_response(seconds)
            reason = phrase("not-done", "deadline", seconds=f"{seconds:g}")
            self._cut_short("run.deadline", reason)
        except asyncio.CancelledError:
            self._cut_short("run.interrupted", phrase("not-done", "interrupted"))
            raise

    async def _one(self, probe: Probe) -> None:
        for earlier in probe.after:
            if earlier in self._done:
                await self._done[earlier].wait()
        try:
            if probe.needs_consent and probe.id not in self.asked.consented:
                self._skip(probe, "run.unconsented", phrase("not-done", "unconsented"))
            elif self.halted is not None and not probe.though_halted:
                self._skip(probe, "run.skipped", self.halted)
            else:
                await self._carry_out(probe)
        finally:
            self.found.settle(probe.fills, self.asked)
            self._done[probe.id].set()

    async def _carry_out(self, probe: Probe) -> None:
        self.on_step(ProbeStep(probe, "running", "running"))
        with self._within(probe) as seen:
            seen += await probe.run(self._context(probe))
        self.results[probe.id] = seen
        if not seen:
            self.on_step(ProbeStep(probe, "skipped", "not needed", Status.SKIP))
            return
        heaviest = _heaviest(seen)
        self.on_step(ProbeStep(probe, "done", heaviest.summary, heaviest.status))

    @contextmanager
    def _within(self, probe: Probe) -> Iterator[list[ProbeObservation]]:
        """Take what a probe saw, or that it failed.

        The boundary of a probe: a mistake in one must not take what the others learnt with it.
        """
        seen: list[ProbeObservation] = []
        try:
            yield seen
        except Exception as error:  # noqa: BLE001
            self.crashes.append(error)
            seen[:] = [_crashed(probe, error)]

    def _context(self, probe: Probe) -> ProbeContext:
        def say(message: str) -> None:
            self.on_step(ProbeStep(probe, "running", message))

        def halt(reason: str) -> None:
            self.halted = self.halted or phrase("not-done", reason)

        def leave(seen_so_far: Callable[[], list[ProbeObservation]]) -> None:
            self._left[probe.id] = seen_so_far

        return ProbeContext(
            asked=self.asked,
            client=self.client,
            surroundings=self.surroundings,
            clock=self.clock,
            found=self.found,
            say=say,
            halt=halt,
            leave=leave,
        )

    def _skip(self, probe: Probe, code: str, reason: str, state: ProbeState = "skipped") -> None:
        seen = self._seen_so_far(probe) if state == "cancelled" else []
        route = str(probe.route) if probe.route else None
        data = {"probe": probe.id, "reason": reason, "route": route}
        how = "partly" if seen else None
        skipped = observe(code, Status.SKIP, data, variant=how, title=probe.title)
        self.results[probe.id] = [*seen, skipped]
        message = _heaviest(seen).summary if seen else reason
        self.on_step(ProbeStep(probe, state, message, Status.SKIP))

    def _seen_so_far(self, probe: Probe) -> list[ProbeObservation]:
        """Return what a probe that is cut short has left."""
        with self._within(probe) as seen:
            seen += self._left.get(probe.id, list)()
        return seen

    def _give_up_on_the_first_response(self, seconds: float) -> None:
        """Report that the API never responded, where nothing else is known after all that time."""
        probe = next((p for p in self.planned if p.id == "authentication"), None)
        if probe is None or probe.id in self.results or "network" not in self.results:
            return
        data = {"kind": "slow", "phase": "answer"}
        seen = observe("answer.none", Status.FAIL, data, variant="deadline", seconds=f"{seconds:g}")
        self.results[probe.id] = [seen]
        self.on_step(ProbeStep(probe, "cancelled", seen.summary, Status.FAIL))

    def _cut_short(self, code: str, reason: str) -> None:
        self.halted = self.halted or reason
        for probe in self.planned:
            if probe.id not in self.results:
                self._skip(probe, code, reason, state="cancelled")


def _heaviest(seen: list[ProbeObservation]) -> ProbeObservation:
    return max(seen, key=lambda one: one.status.weight)


def _crashed(probe: Probe, error: Exception) -> ProbeObservation:
    """Return the observation of a probe's own failure: its kind and place, never its text."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    data = {"probe": probe.id, "type": type(error).__name__, "place": place}
    return observe("run.crashed", Status.FAIL, data, title=probe.title)
