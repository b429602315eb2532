"""The stage: puts the sandbox into a scenario, fixes it, and describes its state.

It knows no server; :mod:`pinned_tui.sandbox.server` puts it behind one. It is used by one thread
at a time.
"""

import random
from collections.abc import Mapping

import msgspec

from pinned_tui.core.clock import timestamp
from pinned_tui.core.demo import Situation, SituationCard
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox import fixes
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.builder import build_world, merged
from pinned_tui.sandbox.clock import Latency, SandboxClock
from pinned_tui.sandbox.relative_time import resolve
from pinned_tui.sandbox.scenarios import (
    Expected,
    Scenario,
    base,
    load_payload,
    load_scenario,
    scenario_names,
)
from pinned_tui.sandbox.state import SandboxState, counts_of
from pinned_tui.sandbox.world import Key, World, new_secret

SOURCE = "sandbox"
"""Where a sandbox key says it came from."""


class ScenarioStage:
    """One sandbox without its server.

    Attributes:
        clock: Times everything; set back when a scenario is entered.
        pace: How long requests take.
        world: What the API knows now; a new one for each scenario entered.
    """

    def __init__(
        self,
        name: str,
        *,
        clock: SandboxClock,
        rng: random.Random,
        behaviour: Behaviour,
        own: Mapping[str, Scenario] | None = None,
    ) -> None:
        """Begin in the scenario ``name``.

        Args:
            name: One of :func:`~pinned_tui.sandbox.scenarios.scenario_names`, or of ``own``.
            clock: Times everything.
            rng: Where secrets and request ids come from; seeded in tests, else the system's.
            behaviour: How the API behaves when a scenario is entered.
            own: Scenarios that don't come with the package, by name.

        Raises:
            UnknownScenarioError: the scenario is unknown.
        """
        self.clock = clock
        self.pace = Latency()
        self._rng = rng
        self._behaviour = behaviour
        self._own = own or {}
        self._issued: dict[tuple[str, str], str] = {}
        self.enter(name)

    def enter(self, name: str, behaviour: Behaviour | None = None) -> None:
        """Begin the scenario ``name``, also where it is the present one.

        A scenario's keys keep their secrets for as long as the stage lives, so that a
        client needs no other key after a reset.

        Args:
            name: One of :func:`~pinned_tui.sandbox.scenarios.scenario_names`, or of one's own.
            behaviour: How the API behaves from now on; as before by default.

        Raises:
            UnknownScenarioError: the scenario is unknown.
        """
        scenario = self._own.get(name) or load_scenario(name)
        self._behaviour = behaviour or self._behaviour
        self.clock.rewind()
        self.pace.change(0)
        secrets = {
            key.id: self._secret_for(name, key.id) for key in merged(base().keys, scenario.keys)
        }
        self.world: World = build_world(
            base(),
            scenario,
            secrets,
            clock=self.clock,
            rng=self._rng,
            behaviour=self._behaviour,
        )
        self._name = name
        self._scenario: Scenario = scenario
        self._started = self.clock.now()
        self._secrets = {
            key_id: Secret(secret, source=SOURCE, name=key_id) for key_id, secret in secrets.items()
        }
        self._in_hand = self.old_secret() if scenario.check.in_hand else None
        self._replaced = False
        self._fixed = False

    def reset(self) -> None:
        """Begin the present scenario again."""
        self.enter(self._name)

    def fix(self) -> str:
        """Fix the scenario, once, and say what was done."""
        if not self._fixed:
            self._scenario.fix.apply(self)
            self._fixed = True
        return self._scenario.fix.done

    @property
    def name(self) -> str:
        """The present scenario's name."""
        return self._name

    @property
    def scenario(self) -> Scenario:
        """The present scenario."""
        return self._scenario

    @property
    def expected(self) -> Expected:
        """The right verdict of the present scenario."""
        return self._scenario.expected

    @property
    def story_key(self) -> Key:
        """The key that the story is about, whether or not it was replaced."""
        return self.world.keys[self._scenario.check.key]

    def replace_key(self) -> None:
        """Create a replacement for the story's key, unless there is one."""
        if not self._replaced:
            self.create_key()

    def create_key(self) -> Secret:
        """Create a replacement for the story's key, with its owner and scopes.

        From here on it is the key in hand.

        Raises:
            RefusalError: a limit of the portal is reached.
        """
        old = self.story_key
        key, secret = fixes.create_key(
            self.world, owner=old.owner, name=f"{old.name} (replacement)", scopes=old.scopes
        )
        self._in_hand = self._secrets[key.id] = Secret(secret, source=SOURCE, name=key.id)
        self._replaced = True
        return self._in_hand

    def revoke_old_key(self) -> None:
        """Revoke the key that the story is about."""
        fixes.revoke_key(self.world, self.story_key.id)

    def old_secret(self) -> Secret:
        """Return the secret of the key that the story is about, even where it is lost."""
        return self._secrets[self._scenario.check.key]

    def secrets(self) -> dict[str, Secret]:
        """Return the secret of every key, by id: all that the sandbox handed out so far."""
        return dict(self._secrets)

    def payload(self) -> bytes | None:
        """Return the body of the story's create request, if it has one."""
        file_name = self._scenario.check.payload
        if file_name is None:
            return None
        body = resolve(load_payload(file_name), self._started)
        return msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n"

    def situation(self, base_url: str) -> Situation:
        """Return what to use now, at a server that listens at ``base_url``."""
        check = self._scenario.check
        return Situation(
            card=_card(self._name, self._scenario),
            base_url=base_url,
            secret=self._in_hand,
            channel=check.channel,
            event=check.event,
            needs=check.needs,
            payload=self.payload(),
            payload_name=check.payload,
        )

    def state(self) -> SandboxState:
        """Return how everything stands."""
        world, request_log = self.world, self.world.request_log
        return SandboxState(
            scenario=self._name,
            fixed=self._fixed,
            reachable=world.reachable,
            failing=world.failing is not None,
            now=timestamp(self.clock.now()),
            clock_ahead_s=self.clock.ahead_s,
            latency_ms=self.pace.latency_ms,
            keys=world.keys_now(),
            channels=tuple(world.channels.values()),
            counts=counts_of(world),
            requests=tuple(request_log.requests),
            created=tuple(request_log.created),
            changed=tuple(request_log.changed),
        )

    def _secret_for(self, scenario: str, key_id: str) -> str:
        if (scenario, key_id) not in self._issued:
            self._issued[scenario, key_id] = new_secret(self._rng)
        return self._issued[scenario, key_id]


def card(name: str) -> SituationCard:
    """Return the scenario ``name`` as the demo offers it.

    Raises:
        UnknownScenarioError: the scenario is unknown.
    """
    return _card(name, load_scenario(name))


def _card(name: str, scenario: Scenario) -> SituationCard:
    return SituationCard(name, scenario.title, scenario.story, scenario.section)


def cards() -> tuple[SituationCard, ...]:
    """Return all scenarios, in the order in which they are offered."""
    return tuple(card(name) for name in scenario_names())
