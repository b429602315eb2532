"""The sandbox as the rest of the product and the tests use it: a server in a thread."""

import asyncio
import ipaddress
import random
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from pinned_tui.core.demo import FixResult, Situation
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.clock import SandboxClock
from pinned_tui.sandbox.fixes import ChangeNothing
from pinned_tui.sandbox.scenarios import Expected, Scenario
from pinned_tui.sandbox.stage import ScenarioStage
from pinned_tui.sandbox.state import SandboxState

if TYPE_CHECKING:
    from pinned_tui.sandbox.loopback import LoopbackServer

_PATIENCE_S = 10.0
"""Seconds that a call waits for the server's thread before it gives up."""

_T = TypeVar("_T")


class SandboxError(RuntimeError):
    """The sandbox can't start or isn't running; the message says why and what to do."""


class Sandbox:
    """A local Pinned Events API over real HTTP, in one scenario at a time.

    It can be used from any thread; the server runs in a daemon thread with an event loop of its
    own. As a context manager it starts and stops with the block::

        with Sandbox("missing-scope") as sandbox:
            httpx.get(sandbox.base_url + "/api/public/v1/events", ...)
    """

    def __init__(
        self,
        scenario: str = "healthy",
        *,
        clock: SandboxClock | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        rng: random.Random | None = None,
        behaviour: Behaviour | None = None,
        own: Mapping[str, Scenario] | None = None,
    ) -> None:
        """Prepare a sandbox; nothing listens before :meth:`start`.

        Args:
            scenario: One of :func:`~pinned_tui.sandbox.scenarios.scenario_names`.
            clock: Times everything in it.
            host: A loopback address.
            port: Where the API listens; 0 for any free port.
            rng: Where secrets and request ids come from, the system's randomness by default.
            behaviour: How the API behaves where the documents leave a choice.
            own: Scenarios that don't come with the package, by name.

        Raises:
            UnknownScenarioError: the scenario is unknown.
            SandboxError: ``host`` is not a loopback address.
        """
        if not _is_loopback_address(host):
            raise SandboxError(
                f"The sandbox listens on this computer only: {host!r} is not a loopback address."
                " Use 127.0.0.1 or ::1."
            )
        self.clock = clock if clock is not None else SandboxClock()
        self._host, self._port = host, port
        self._stage = ScenarioStage(
            scenario,
            clock=self.clock,
            rng=rng if rng is not None else random.SystemRandom(),
            behaviour=behaviour if behaviour is not None else Behaviour(),
            own=own,
        )
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: asyncio.Event | None = None
        self._api_server: LoopbackServer | None = None
        self._control_server: LoopbackServer | None = None

    def start(self) -> None:
        """Start the server and return once it responds. Does nothing when it runs.

        Raises:
            SandboxError: the port is taken.
        """
        if self._thread is not None:
            return
        self._bind_servers()
        started: Future[None] = Future()
        thread = threading.Thread(
            target=self._run_server, args=(started,), name="pinned-sandbox", daemon=True
        )
        thread.start()
        started.result(_PATIENCE_S)
        self._thread = thread

    def stop(self) -> None:
        """Stop the server, close its connections and end its thread; quiet when not running."""
        thread, loop, leave = self._thread, self._loop, self._leave
        if thread is None or loop is None or leave is None:
            return
        loop.call_soon_threadsafe(leave.set)
        thread.join(_PATIENCE_S)
        self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Where the API listens, without a final slash.

        Raises:
            SandboxError: the sandbox isn't running.
        """
        return self._url(self._api_server)

    @property
    def control_url(self) -> str:
        """Where the controls listen, also while the API refuses connections.

        Raises:
            SandboxError: the sandbox isn't running.
        """
        return self._url(self._control_server) + "/_sandbox"

    @property
    def scenario(self) -> str:
        """Name of the present scenario."""
        return self._stage.name

    @property
    def expected(self) -> Expected:
        """The right verdict of the present scenario."""
        return self._stage.expected

    @property
    def situation(self) -> Situation:
        """What to use now: the address, the key in hand and the IDs."""
        return self._run(lambda: self._stage.situation(self.base_url))

    @property
    def state(self) -> SandboxState:
        """How everything stands, for assertions."""
        return self._run(self._stage.state)

    @property
    def latency_ms(self) -> int:
        """Milliseconds that a request takes; to change it releases the requests that wait."""
        return self._stage.pace.latency_ms

    @latency_ms.setter
    def latency_ms(self, value: int) -> None:
        self._run(lambda: self._stage.pace.change(value))

    def enter(self, name: str, behaviour: Behaviour | None = None) -> Situation:
        """Put it into the scenario ``name``, from the beginning.

        Args:
            name: The scenario.
            behaviour: How the API behaves from now on; as before by default.

        Raises:
            UnknownScenarioError: the scenario is unknown.
        """
        self._run(lambda: self._stage.enter(name, behaviour))
        return self.situation

    def fix(self) -> FixResult:
        """Fix the present scenario; once fixed, it stays so."""
        done = self._run(self._stage.fix)
        changed = not isinstance(self._stage.scenario.fix, ChangeNothing)
        return FixResult(done=done, situation=self.situation, changed=changed)

    def create_key(self) -> Secret:
        """Create a replacement for the key of the story, as in the Developer Portal.

        Raises:
            RefusalError: a limit of the portal is reached.
        """
        return self._run(self._stage.create_key)

    def revoke_old_key(self) -> None:
        """Revoke the key of the story, as in the Developer Portal."""
        self._run(self._stage.revoke_old_key)

    def old_secret(self) -> Secret:
        """Return the secret of the story's key, to prove that it no longer works."""
        return self._run(self._stage.old_secret)

    def secrets(self) -> dict[str, Secret]:
        """Return the secret of every key, by the key's id."""
        return self._run(self._stage.secrets)

    def _bind_servers(self) -> None:
        from pinned_tui.sandbox.app import SandboxApp  # these load the web framework
        from pinned_tui.sandbox.loopback import LoopbackServer

        app = SandboxApp(
            self._stage, base_url=lambda: self.base_url, controlled=self._apply_reachability
        )
        try:
            api_server = LoopbackServer(app.everything(), self._host, self._port)
        except OSError as error:
            raise SandboxError(
                f"The sandbox can't listen at {self._host}, port {self._port}:"
                f" {error.strerror or 'not allowed'}. Choose another port, or 0 for any free one."
            ) from error
        try:
            self._control_server = LoopbackServer(app.controls(), self._host, 0)
        except OSError as error:
            api_server.abandon()
            raise SandboxError("The sandbox found no free port for its controls.") from error
        self._api_server = api_server

    def _run_server(self, started: "Future[None]") -> None:
        """Run the server from start to stop: what its thread does."""
        try:
            asyncio.run(self._serve(started))
        finally:
            self._loop = self._leave = self._api_server = self._control_server = None
            if not started.done():
                started.set_exception(SandboxError("The sandbox's server could not start."))

    async def _serve(self, started: "Future[None]") -> None:
        api_server, control_server = self._servers()
        # asyncio's own handler would write the message and the task over the terminal of the app.
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
        self._leave = asyncio.Event()
        await control_server.open()
        await self._apply_reachability()
        self._loop = asyncio.get_running_loop()
        started.set_result(None)
        await self._leave.wait()
        self._stage.pace.change(0)
        await asyncio.gather(api_server.close(), control_server.close())

    async def _apply_reachability(self) -> None:
        """Listen or refuse, as the world of the present scenario has it."""
        api_server, _ = self._servers()
        if self._stage.world.reachable:
            await api_server.open()
        else:
            api_server.refuse()

    def _run(self, action: Callable[[], _T]) -> _T:
        """Carry out ``action`` on the server's thread, so that the stage has one user."""
        if self._loop is None:
            return action()

        async def carry_out() -> _T:
            result = action()
            await self._apply_reachability()
            await self._servers()[0].drain()
            return result

        return asyncio.run_coroutine_threadsafe(carry_out(), self._loop).result(_PATIENCE_S)

    def _servers(self) -> "tuple[LoopbackServer, LoopbackServer]":
        if self._api_server is None or self._control_server is None:
            raise SandboxError("The sandbox isn't running. Start it first.")
        return self._api_server, self._control_server

    def _url(self, server: "LoopbackServer | None") -> str:
        if server is None:
            raise SandboxError("The sandbox isn't running. Start it first.")
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{server.port}"


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
